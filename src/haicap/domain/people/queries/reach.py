"""Which units an administrator answers for, and the accounts and posts in them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.db import connection

from haicap.domain.people.errors import OutOfReach
from haicap.domain.people.models import Account, Agency, Appointment
from haicap.domain.people.rules import Role, roles_in
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitLevel
from haicap.kernel import clock, vi
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

PAGE = 50
IN_POST, FUTURE, ENDED, CLOSED = "dang-giu", "sap-toi", "da-thoi", "da-khoa"
STATES: Mapping[str, Any] = {
    IN_POST: bi("Đang giữ vị trí", "In post"),
    FUTURE: bi("Sắp nhận vị trí", "In post later"),
    ENDED: bi("Đã thôi vị trí", "Posts ended"),
    CLOSED: bi("Đã khóa", "Closed"),
}

# Once for each account: where its posts of these units stand today.
_ACCOUNTS = """
WITH held AS (
  SELECT p.account_id,
         bool_or(p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
                 AND (u.valid_to IS NULL OR u.valid_to > %(day)s)) AS now,
         bool_or(p.valid_from > %(day)s AND (u.valid_to IS NULL OR u.valid_to > %(day)s)) AS later
  FROM people_appointment p JOIN people_agency a ON a.id = p.agency_id JOIN units_unit u ON u.id = a.unit_id
  WHERE a.unit_id = ANY(%(units)s) AND (%(role)s = '' OR p.role = %(role)s)
  GROUP BY p.account_id
), told AS (
  SELECT c.id, c.name, c.full_name, c.active, people_fold(c.full_name) AS folded,
         CASE WHEN NOT c.active THEN 'da-khoa' WHEN h.now THEN 'dang-giu' WHEN h.later THEN 'sap-toi' ELSE 'da-thoi' END
         AS state
  FROM held h JOIN people_account c ON c.id = h.account_id
)
SELECT id, name, full_name, active, state FROM told
WHERE (%(state)s = '' OR state = %(state)s)
  AND (%(words)s = '' OR folded LIKE %(words)s OR name LIKE %(words)s)
  AND (%(after)s = 0 OR (folded, id) > (SELECT people_fold(full_name), id FROM people_account WHERE id = %(after)s))
ORDER BY folded, id LIMIT %(rows)s
"""


@dataclass(frozen=True)
class Post:
    """A post as the pages tell it."""

    row: Appointment
    day: date

    @property
    def role(self) -> Any:
        """The role in words."""
        return Role(self.row.role).label

    @property
    def last_day(self) -> date | None:
        """The last day in it; None where no end is set."""
        return self.row.valid_to - timedelta(days=1) if self.row.valid_to else None

    @property
    def last_day_text(self) -> str:
        """The same as a form shows it."""
        return vi.date_text(self.last_day) if self.last_day else ""

    @property
    def state(self) -> str:
        """In force today, later, or ended; with its unit."""
        row, unit = self.row, self.row.agency.unit
        if row.valid_from > self.day and (unit.valid_to is None or unit.valid_to > self.day):
            return FUTURE
        held = row.valid_from <= self.day and (row.valid_to is None or row.valid_to > self.day)
        return IN_POST if held and unit.is_on(self.day) else ENDED

    @property
    def label(self) -> Any:
        """The state in words."""
        return STATES[self.state]

    @property
    def may_end(self) -> bool:
        """True while an end may still be set or moved."""
        return self.state != ENDED


@dataclass(frozen=True)
class AccountLine:
    """An account of the list, with its posts within reach that have not ended."""

    id: int
    name: str
    full_name: str
    active: bool
    state: str
    posts: Sequence[Post]

    @property
    def label(self) -> Any:
        """The state in words."""
        return STATES[self.state]


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty parts narrow nothing."""

    words: str = ""
    unit: str = ""
    role: str = ""
    state: str = ""


@dataclass(frozen=True)
class Reach:
    """The units in which somebody holds an administrator's post, a province's with all its communes; see `reach_of`."""

    actor: Actor
    day: date
    unit_ids: frozenset[int]

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """Those that stand today, by code, the province first. One statement."""
        found = Unit.objects.filter(pk__in=self.unit_ids).on(self.day).in_code_order()
        return {unit.code: unit for unit in found}

    def unit(self, code: str) -> Unit:
        """The unit of today with `code`; raises OutOfReach."""
        if code not in self.units:
            raise OutOfReach(field="don-vi")
        return self.units[code]

    def agencies(self, unit: Unit) -> list[Agency]:
        """The agencies of a unit within reach to which people are appointed."""
        if unit.pk not in self.unit_ids:
            raise OutOfReach(field="don-vi")
        return [one for one in Agency.objects.filter(unit=unit).order_by("pk") if roles_in(one.kind)]

    def agency(self, agency_id: int) -> Agency:
        """The agency of a unit of today within reach; raises OutOfReach."""
        agency = Agency.objects.select_related("unit").filter(pk=agency_id, unit_id__in=self.unit_ids).first()
        if agency is None or not agency.unit.is_on(self.day):
            raise OutOfReach(field="agency")
        return agency

    def must_have(self, agency: Agency) -> None:
        """Raise OutOfReach for an agency of a unit that the administrator does not answer for."""
        if agency.unit_id not in self.unit_ids:
            raise OutOfReach(field="agency")

    def account(self, account_id: int, *, lock: bool = False) -> Account:
        """The account that has, had or will have a post within reach; raises OutOfReach."""
        rows = Account.objects.select_for_update() if lock else Account.objects
        account = rows.filter(pk=account_id).first()
        if account is None or not self._knows(account_id):
            raise OutOfReach()
        return account

    def _knows(self, account_id: int) -> bool:
        return Appointment.objects.filter(account_id=account_id, agency__unit_id__in=self.unit_ids).exists()

    def posts(self, account_id: int) -> list[Post]:
        """The account's posts within reach, the newest first."""
        rows = Appointment.objects.filter(account_id=account_id, agency__unit_id__in=self.unit_ids)
        return [Post(row, self.day) for row in rows.select_related("agency__unit").order_by("-valid_from", "pk")]

    def is_held_elsewhere(self, account_id: int) -> bool:
        """True where the account holds a post, or will, in a unit out of reach: then it is not theirs to change."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT people_held_elsewhere(%s, %s, %s)", [account_id, list(self.unit_ids), self.day])
            return bool(cursor.fetchone()[0])

    def accounts(self, wanted: Wanted, *, after: int = 0) -> tuple[list[AccountLine], str]:
        """A page of accounts by name, and the cursor of the next ("" at the end). Two or three statements."""
        ids = self._narrowed(wanted.unit)
        words = vi.fold(wanted.words).replace("\\", "").replace("%", "").replace("_", "")
        with connection.cursor() as cursor:
            cursor.execute(_ACCOUNTS, {
                "day": self.day, "units": ids, "role": wanted.role, "state": wanted.state, "after": after,
                "words": f"%{words}%" if words else "", "rows": PAGE + 1,
            })  # fmt: skip
            rows = cursor.fetchall()
        posts = self._open_posts([row[0] for row in rows[:PAGE]])
        lines = [
            AccountLine(number, name, full_name, active, state, posts.get(number, []))
            for number, name, full_name, active, state in rows[:PAGE]
        ]
        return lines, str(lines[-1].id) if len(rows) > PAGE else ""

    def _narrowed(self, code: str) -> list[int]:
        """The ids within reach of a unit and of the units whose one heir it is; all without a code."""
        if not code:
            return sorted(self.unit_ids)
        unit = self.unit(code)
        return [unit.pk, *_inherited({unit.pk}, self.day)]

    def _open_posts(self, account_ids: Collection[int]) -> Mapping[int, list[Post]]:
        rows = Appointment.objects.filter(account_id__in=account_ids, agency__unit_id__in=self.unit_ids)
        found: dict[int, list[Post]] = {}
        for row in rows.select_related("agency__unit").order_by("valid_from", "pk"):
            post = Post(row, self.day)
            if post.state != ENDED:
                found.setdefault(row.account_id, []).append(post)
        return found


def reach_of(actor: Actor) -> Reach:
    """What an administrator answers for today: the units of their administrators' posts (not of others that they hold),
    for a province all its communes, and by lineage the ended units whose one heir such a unit is. Three statements."""
    day = clock.today()
    held = {agency_id for agency_id, role in actor.roles if role == Role.ADMINISTRATOR}
    own = Unit.objects.filter(agencies__in=held).distinct()
    found: set[int] = set()
    for unit in own:
        found.add(unit.pk)
        if unit.level == UnitLevel.PROVINCE and unit.is_on(day):
            found.update(units.communes_of(unit.code, day).values_list("pk", flat=True))
    return Reach(actor, day, frozenset(found | _inherited(found, day)))


def last_sign_in(account_id: int) -> datetime | None:
    """When the account last opened a session, as far as sessions are kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_last_sign_in(%s)", [account_id])
        found = cursor.fetchone()[0]
    return clock.local(found) if found else None


def _inherited(unit_ids: Collection[int], day: date) -> set[int]:
    own = set(unit_ids)
    return {unit_id for unit_id, heirs in units.inherited_by(own, day).items() if len(heirs) == 1 and heirs[0] in own}
