"""Staff records as pages show them: who serves where, in which posts over time, and which posts nobody holds."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from haicap.domain.people.blocks import AssignmentKind, Block, StaffKind
from haicap.domain.people.errors import OutOfReach
from haicap.domain.people.models import Official
from haicap.domain.people.queries.reach import Reach, reach_of
from haicap.domain.people.rules import Role
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.kernel import vi
from haicap.kernel.language import bi, choose
from haicap.kernel.scope import Actor

PAGE = 50
SERVING, LEFT, NO_POST = "dang-lam", "da-thoi", "chua-phan-cong"
STATES: Mapping[str, Any] = {
    SERVING: bi("Đang làm việc", "Serving"),
    NO_POST: bi("Chưa có vị trí", "Without a post"),
    LEFT: bi("Đã thôi", "Left"),
}
LEADERS = (Role.CHAIR, Role.HEAD)

_ON = "a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to > %(day)s)"
_HELD = f"EXISTS (SELECT FROM people_assignment a WHERE a.official_id = o.id AND {_ON}"
_LIST = f"""
WITH told AS (
  SELECT o.id, o.full_name, people_fold(o.full_name) AS folded, o.id_number, o.phone, o.staff_kind, u.name AS unit,
         o.unit_id, o.left_on, o.left_on IS NOT NULL AND o.left_on <= %(day)s AS gone
  FROM people_official o JOIN units_unit u ON u.id = o.unit_id
  WHERE (o.unit_id = ANY(%(units)s) OR o.also_in && %(units)s::int[])
    AND (%(kind)s = '' OR o.staff_kind = %(kind)s)
    AND (%(block)s = '' OR {_HELD} AND a.block = %(block)s))
    AND (%(state)s <> 'chua-phan-cong' OR NOT {_HELD}))
)
SELECT id, full_name, id_number, phone, staff_kind, unit, unit_id, left_on, gone FROM told
WHERE (%(state)s = '' OR gone = (%(state)s = 'da-thoi'))
  AND (%(words)s = '' OR folded LIKE %(words)s OR (%(number)s <> '' AND id_number = %(number)s))
  AND (%(after)s = 0 OR (folded, id) > (SELECT people_fold(full_name), id FROM people_official WHERE id = %(after)s))
ORDER BY folded, id LIMIT %(rows)s
"""  # noqa: S608 - of fixed parts
# A post and its body as they are called on the assignment's day that is nearest to the reader's.
_POSTS = """
SELECT a.id, a.official_id, a.unit_id, u.name, u.code, a.block, a.body_key, a.post_key, a.kind, a.decision_number,
       a.decision_date, a.valid_from, a.valid_to, a.ended_why, a.appointment_id, t.title, t.title_en, t.body, t.body_en,
       p.role, g.name
FROM people_assignment a JOIN units_unit u ON u.id = a.unit_id
LEFT JOIN people_appointment p ON p.id = a.appointment_id LEFT JOIN people_agency g ON g.id = p.agency_id
LEFT JOIN LATERAL (
  SELECT p.title, p.title_en, b.name AS body, b.name_en AS body_en
  FROM people_post p JOIN people_body b ON b.id = p.body_id
  WHERE b.unit_id = a.unit_id AND b.key = a.body_key AND p.key = a.post_key
  ORDER BY p.valid_from <= greatest(a.valid_from, least(%(day)s, a.valid_to - 1)) DESC, p.valid_from DESC LIMIT 1
) t ON true
WHERE a.official_id = ANY(%(officials)s)
ORDER BY a.valid_from DESC, a.id DESC
"""
_VACANT = f"""
SELECT u.code, u.name, b.name, b.name_en, p.title, p.title_en, p.staff_kind, p.seats, b.key, p.key, count(a.id)
FROM people_post p JOIN people_body b ON b.id = p.body_id JOIN units_unit u ON u.id = b.unit_id
LEFT JOIN people_assignment a ON a.unit_id = b.unit_id AND a.body_key = b.key AND a.post_key = p.key AND {_ON}
WHERE b.unit_id = ANY(%(units)s) AND p.staff_kind <> 'concurrent'
  AND b.valid_from <= %(day)s AND (b.valid_to IS NULL OR b.valid_to > %(day)s)
  AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
  AND (%(block)s = '' OR b.block = %(block)s)
GROUP BY u.code, u.name, b.id, p.id
HAVING count(a.id) < coalesce(p.seats, 1)
ORDER BY u.code, b.position, p.position, p.id LIMIT %(rows)s OFFSET %(skip)s
"""  # noqa: S608 - of fixed parts


@dataclass(frozen=True)
class Held:
    """An assignment as the pages tell it, with the post's name of its day."""

    id: int
    official_id: int
    unit_id: int
    unit_name: str
    unit_code: str
    block: str
    body_key: str
    post_key: str
    kind: str
    decision_number: str
    decision_date: date
    valid_from: date
    valid_to: date | None
    ended_why: str
    appointment_id: int | None
    title: str | None
    title_en: str | None
    body: str | None
    body_en: str | None
    role: str | None
    agency: str | None
    day: date

    @property
    def post(self) -> str:
        """ "Chuyên viên, Phòng Kinh tế": the post and its body, in the reader's language."""
        title = choose(self.title or self.post_key, self.title_en or "")
        return f"{title}, {choose(self.body or self.body_key, self.body_en or '')}"

    @property
    def block_label(self) -> Any:
        """The block in words."""
        return Block(self.block).label

    @property
    def kind_label(self) -> Any:
        """How it is held, in words."""
        return AssignmentKind(self.kind).label

    @property
    def is_own(self) -> bool:
        """Held as the person's own post."""
        return self.kind == AssignmentKind.PRIMARY

    @property
    def access(self) -> str:
        """The access that came with it; empty without any."""
        return f"{Role(self.role).label} · {self.agency}" if self.role else ""

    @property
    def last_day(self) -> date | None:
        """The last day in it."""
        return self.valid_to - timedelta(days=1) if self.valid_to else None

    @property
    def state(self) -> str:
        """`now`, `later` or `past`."""
        if self.valid_from > self.day:
            return "later"
        return "now" if self.valid_to is None or self.valid_to > self.day else "past"

    @property
    def key_text(self) -> str:
        """Its number as text, for names in a form."""
        return str(self.id)

    @property
    def may_end(self) -> bool:
        """True while an end may still be set or moved."""
        return self.state != "past"


@dataclass(frozen=True)
class StaffLine:
    """A record of the list, with the posts that have not ended."""

    id: int
    full_name: str
    id_number: str
    phone: str
    staff_kind: str
    unit: str
    unit_id: int
    left_on: date | None
    gone: bool
    posts: Sequence[Held] = ()

    @property
    def masked_id(self) -> str:
        """The ID number but for its last three digits hidden: a list needs no more."""
        return vi.masked_number(self.id_number)

    @property
    def masked_phone(self) -> str:
        """The telephone number likewise."""
        return vi.masked_number(self.phone)

    @property
    def kind_label(self) -> Any:
        """The kind of staff in words."""
        return StaffKind(self.staff_kind).label


@dataclass(frozen=True)
class VacantLine:
    """A post with fewer holders than seats (of one whose seats no law gives: without any)."""

    unit_code: str
    unit: str
    body: str
    body_en: str
    title: str
    title_en: str
    staff_kind: str
    seats: int | None
    body_key: str
    post_key: str
    held: int

    @property
    def post(self) -> str:
        """The title in the reader's language."""
        return choose(self.title, self.title_en)

    @property
    def body_name(self) -> str:
        """The body in the reader's language."""
        return choose(self.body, self.body_en)

    @property
    def kind_label(self) -> Any:
        """Whose post it is."""
        return StaffKind(self.staff_kind).label


@dataclass(frozen=True)
class StaffWanted:
    """What the list is narrowed to; empty parts narrow nothing."""

    words: str = ""
    unit: str = ""
    block: str = ""
    kind: str = ""
    state: str = SERVING


@dataclass(frozen=True)
class StaffReach:
    """Whose records somebody keeps (`keeps`: an administrator's reach) and which units' they read beside."""

    keeps: Reach
    read_ids: frozenset[int]

    @property
    def day(self) -> date:
        """Today."""
        return self.keeps.day

    @property
    def all_ids(self) -> list[int]:
        """Every unit whose records are shown."""
        return sorted(self.keeps.unit_ids | self.read_ids)

    def units(self) -> Mapping[str, Unit]:
        """The units of today, by code. One statement."""
        return {unit.code: unit for unit in Unit.objects.filter(pk__in=self.all_ids).on(self.day).in_code_order()}

    def ids_of(self, code: str) -> list[int]:
        """The ids behind a unit's code, with the ended units whose one heir it is; all without a code. Raises OutOfReach."""
        if not code:
            return self.all_ids
        unit = self.units().get(code)
        if unit is None:
            raise OutOfReach(field="don-vi")
        inherited = units.inherited_by({unit.pk}, self.day)
        return [unit.pk, *(one for one, heirs in inherited.items() if heirs == (unit.pk,))]

    def may_keep(self, official: Official) -> bool:
        """True for a record that the reader keeps and that is not their own."""
        return official.unit_id in self.keeps.unit_ids and official.account_id != self.keeps.actor.account_id

    def official(self, official_id: int, *, lock: bool = False) -> Official:
        """The record within reach; raises OutOfReach."""
        rows = Official.objects.select_for_update(of=("self",)) if lock else Official.objects
        found = rows.select_related("unit", "account").filter(pk=official_id).first()
        ids = set(self.all_ids)
        if found is None or not (found.unit_id in ids or ids.intersection(found.also_in)):
            raise OutOfReach()
        return found

    def kept(self, official_id: int) -> Official:
        """The record that the reader keeps; raises OutOfReach."""
        found = self.official(official_id)
        if found.unit_id not in self.keeps.unit_ids:
            raise OutOfReach()
        return found

    def lines(self, wanted: StaffWanted, *, after: int = 0) -> tuple[list[StaffLine], str]:
        """A page of records by name, and the cursor of the next ("" at the end). Three statements."""
        words = vi.fold(wanted.words).replace("\\", "").replace("%", "").replace("_", "")
        digits = "".join(wanted.words.split())
        with connection.cursor() as cursor:
            cursor.execute(_LIST, {
                "day": self.day, "units": self.ids_of(wanted.unit), "kind": wanted.kind, "block": wanted.block,
                "state": wanted.state, "words": f"%{words}%" if words else "", "number": digits if digits.isdigit() else "",
                "after": after, "rows": PAGE + 1,
            })  # fmt: skip
            rows = [StaffLine(*row) for row in cursor.fetchall()]
        shown = rows[:PAGE]
        posts: dict[int, list[Held]] = {}
        for held in posts_of([line.id for line in shown], self.day):
            if held.state != "past":
                posts.setdefault(held.official_id, []).insert(0, held)
        found = [StaffLine(**{**vars(line), "posts": posts.get(line.id, ())}) for line in shown]
        return found, str(shown[-1].id) if len(rows) > PAGE else ""

    def vacant(self, wanted: StaffWanted, *, skip: int = 0) -> tuple[list[VacantLine], str]:
        """A page of vacant posts in the order of the chart, and how many to skip for the next. Two statements."""
        with connection.cursor() as cursor:
            cursor.execute(_VACANT, {"day": self.day, "units": self.ids_of(wanted.unit), "block": wanted.block,
                                     "rows": PAGE + 1, "skip": skip})  # fmt: skip
            rows = [VacantLine(*row) for row in cursor.fetchall()]
        return rows[:PAGE], str(skip + PAGE) if len(rows) > PAGE else ""


def staff_reach_of(actor: Actor) -> StaffReach:
    """What an administrator keeps, and for chair and heads their own unit to read. Four statements."""
    led = {agency_id for agency_id, role in actor.roles if role in LEADERS and not actor.inheritance.has(agency_id)}
    read = set(Unit.objects.filter(agencies__in=led).values_list("pk", flat=True)) if led else set()
    return StaffReach(reach_of(actor), frozenset(read))


def posts_of(official_ids: Collection[int], day: date) -> list[Held]:
    """Every assignment of some officials, the newest first. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTS, {"officials": list(official_ids), "day": day})
        return [Held(*(*row, day)) for row in cursor.fetchall()]


def own_official(actor: Actor) -> Official | None:
    """The actor's own record; None where they have none. One statement."""
    return Official.objects.select_related("unit").filter(account_id=actor.account_id or 0).first()
