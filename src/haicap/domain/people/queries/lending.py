"""What somebody has lent of their own posts, what is lent to them, and what a form of lending offers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from django.db.models import Q

from haicap.domain.people.blocks import StandInKind
from haicap.domain.people.models import Account, Appointment, Delegation
from haicap.domain.people.ports import WorkKind, kinds_of_work
from haicap.domain.people.queries.doors import names_of
from haicap.domain.people.rules import Role
from haicap.kernel import clock, vi
from haicap.kernel.language import bi, bi_format
from haicap.kernel.scope import Actor

SHOWN = 40
_ALL = bi("Mọi việc của vị trí", "All of the post's work")
_SIGNING = bi("Chỉ ký kết quả", "Only signing results")
_CHOSEN = bi("{n} thủ tục", "{n} procedures")


@dataclass(frozen=True)
class Lent:
    """Somebody acts for somebody, as the pages tell it; `names`: of the procedures that it covers, where it names some."""

    row: Delegation
    giver_id: int
    giver: str
    deputy: str
    day: date
    names: Sequence[str] = ()

    @property
    def kind_label(self) -> Any:
        """Delegation or absence, in words."""
        return StandInKind(self.row.kind).label

    @property
    def post(self) -> str:
        """The post, in words."""
        return f"{Role(self.row.appointment.role).label} · {self.row.appointment.agency.name}"

    @property
    def coverage(self) -> str:
        """What is lent of the post, in a few words."""
        parts = [_SIGNING] if self.row.signing_only else []
        if self.row.kinds:
            parts.append(bi_format(_CHOSEN, n=len(self.row.kinds)))
        return " · ".join(map(str, parts or [_ALL]))

    @property
    def last_day(self) -> date:
        """The last day of it."""
        return self.row.valid_to - timedelta(days=1)

    @property
    def key_text(self) -> str:
        """Its number as text, for names in a form."""
        return str(self.row.pk)

    @property
    def is_over(self) -> bool:
        """It has ended."""
        return self.row.valid_to <= self.day

    @property
    def holds_now(self) -> bool:
        """It is in force today."""
        return self.row.valid_from <= self.day < self.row.valid_to


@dataclass(frozen=True)
class WorkField:
    """A field of work and its kinds, as a form offers them; `ticked`: the whole field, `chosen`: codes that are ticked."""

    code: str
    name: str
    kinds: Sequence[WorkKind]
    ticked: bool
    chosen: Collection[str]

    @property
    def is_open(self) -> bool:
        """Something in it is ticked."""
        return any(kind.code in self.chosen for kind in self.kinds)


@dataclass(frozen=True)
class OwnLending:
    """Somebody's own: posts that they may lend, to whom, and what is or was lent by them and to them."""

    posts: Sequence[tuple[str, str]]
    people: Sequence[tuple[str, str]]
    given: Sequence[Lent]
    taken: Sequence[Lent]


def lent_of(account_id: int, day: date) -> list[Lent]:
    """What an account lends or is lent, the newest first. Two statements, and those of the catalogue where some name kinds."""
    rows = Delegation.objects.filter(Q(account_id=account_id) | Q(appointment__account_id=account_id))
    found = list(rows.select_related("appointment__agency").order_by("-valid_from", "pk")[:SHOWN])
    names = names_of({pk for row in found for pk in (row.account_id, row.appointment.account_id)})
    words = {kind.code: kind.name for kind in kinds_of_work()} if any(row.kinds for row in found) else {}
    return [
        Lent(row, row.appointment.account_id, names.get(row.appointment.account_id, ""), names.get(row.account_id, ""), day,
             [f"{code} {words.get(code, '')}".strip() for code in row.kinds])
        for row in found
    ]  # fmt: skip


def own_lending(actor: Actor) -> OwnLending:
    """The actor's own. Four statements at most, and those of the catalogue where some name kinds."""
    today, account_id = clock.today(), actor.account_id or 0
    held = Appointment.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), account_id=account_id, role=Role.CHAIR)
    posts = list(held.filter(agency__unit_id__in=actor.unit_ids).select_related("agency").order_by("pk"))
    there = people_in({post.agency.unit_id for post in posts}, today, besides=account_id) if posts else []
    lent = lent_of(account_id, today)
    return OwnLending(
        [(str(post.pk), f"{Role(post.role).label} · {post.agency.name}") for post in posts],
        [(str(account.pk), f"{account.full_name} ({post})") for account, post in there],
        [one for one in lent if one.giver_id == account_id],
        [one for one in lent if one.giver_id != account_id],
    )


def fields_of_work(ticked_fields: Collection[str] = (), ticked: Collection[str] = ()) -> list[WorkField]:
    """Every kind of work of today by its field, with what is ticked. One statement, and those of the catalogue."""
    return [
        WorkField(field, name, list(kinds), field in ticked_fields, ticked)
        for (field, name), kinds in groupby(kinds_of_work(), key=lambda kind: (kind.field, kind.field_name))
    ]


def codes_in(fields: Iterable[str]) -> list[str]:
    """The codes of every kind of work that today stands in `fields`."""
    wanted = set(fields)
    return [kind.code for kind in kinds_of_work() if kind.field in wanted] if wanted else []


def people_in(unit_ids: Collection[int], day: date, *, besides: int | None = None) -> list[tuple[Account, str]]:
    """Whoever holds a post in the units on `day`, by name, each with a post in words: who may act, or take over."""
    held = Appointment.objects.on(day).filter(agency__unit_id__in=unit_ids, account__active=True)
    found: dict[int, tuple[Account, str]] = {}
    for post in held.exclude(account_id=besides or 0).select_related("account", "agency").order_by("pk"):
        found.setdefault(post.account_id, (post.account, f"{Role(post.role).label} · {post.agency.name}"))
    return sorted(found.values(), key=lambda one: vi.name_sort_key(one[0].full_name))
