"""Whether a block of a unit has room in its quota for somebody: told beside appointing, never a refusal.

A quota counts own posts of the paid kinds, and the kinds that it names; access alone takes no place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from haicap.domain.people.blocks import AssignmentKind, Block, StaffKind
from haicap.domain.people.headcount_rules import Staffing
from haicap.domain.people.models import Appointment, Assignment, Body, Official, StreamliningCase
from haicap.domain.people.queries.headcount.staffing import counts_on, staffing_of
from haicap.domain.people.queries.staff import Held
from haicap.domain.people.streamlining_rules import CaseState
from haicap.domain.units.models import Unit
from haicap.kernel import vi


@dataclass(frozen=True)
class Coming:
    """Somebody of a kind of staff who takes an own post in a block from a day up to, not including, another."""

    unit: Unit
    block: str
    staff_kind: str
    begins: date
    ends: date | None = None


@dataclass(frozen=True)
class Load:
    """A block of a unit on a day against its quota. `with_coming`: people are counted who are not entered yet."""

    unit: Unit
    block: Block
    day: date
    staffing: Staffing
    with_coming: bool = False

    @property
    def address_day(self) -> str:
        """The day as the page of headcounts takes it."""
        return vi.date_text(self.day)


def over_with(coming: Sequence[Coming]) -> list[Load]:
    """The blocks that these people would bring above the quota in force on the day that one of them begins; of several days
    of a block the worst. Two statements for any number, none for nobody."""
    if not coming:
        return []
    counts = counts_on({one.unit.pk for one in coming}, {one.begins for one in coming})
    worst: dict[tuple[int, str], Load] = {}
    for one in sorted(coming, key=lambda one: one.begins):
        kinds = [other.staff_kind for other in coming if _meets(other, one)]
        before, after = (counts.of(one.unit.pk, one.block, one.begins, more) for more in ((), kinds))
        known = worst.get((one.unit.pk, one.block))
        if after.over and after.actual > before.actual and (known is None or known.staffing.over < after.over):
            worst[one.unit.pk, one.block] = Load(one.unit, Block(one.block), one.begins, after, with_coming=True)
    return list(worst.values())


def without_room(units: Sequence[Unit], day: date) -> list[Load]:
    """The blocks of the units whose quota of the day is used up, or more than that. Two statements."""
    return [
        Load(line.unit, block, day, one)
        for line in (staffing_of(units, day) if units else ())
        for block, one in line.blocks.items()
        if one.state in ("full", "over")
    ]


def over_by_posts(posts: Iterable[Held], day: date) -> list[Load]:
    """The blocks above their quota in which these own posts lie, today or on the day a later one begins. Three statements at
    most, none without such a post."""
    places = {
        (post.unit_id, post.block, max(post.valid_from, day)) for post in posts if post.is_own and post.state != "past"
    }
    if not places:
        return []
    units = Unit.objects.in_bulk({unit_id for unit_id, _, _ in places})
    return _over([(units[unit_id], block, begins) for unit_id, block, begins in sorted(places)])


def over_by_access(account_id: int, posts: Sequence[Appointment], day: date) -> list[Load]:
    """What a quota says of an account's posts: the block of somebody's own post where a record counts them, else the agency's
    block with this person in it, as it will be once their record is there. Five statements at most."""
    if not posts:
        return []
    own = Assignment.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day), official__account_id=account_id, kind=AssignmentKind.PRIMARY
    )
    counted = list(own.select_related("unit"))
    if counted:
        places = [(one.unit, one.block, max(one.valid_from, day)) for one in counted]
        return _over(places)
    kind = Official.objects.filter(account_id=account_id).values_list("staff_kind", flat=True).first()
    bodies = Body.objects.filter(agency_id__in={one.agency_id for one in posts}).on(day).order_by("-position")
    blocks = {body.agency_id: body.block for body in bodies}
    coming = {
        (one.agency.unit_id, blocks[one.agency_id]): Coming(
            one.agency.unit,
            blocks[one.agency_id],
            kind or StaffKind.CIVIL_SERVANT,
            max(one.valid_from, day),
            one.valid_to,
        )
        for one in posts
        if one.agency_id in blocks
    }
    return over_with(list(coming.values())[:1])  # one person takes one place


def around_case(case: StreamliningCase, today: date) -> tuple[Load | None, list[Load]]:
    """The block that somebody leaves by a case, on the day of leaving and without them; and, for a decided case, the block
    above its quota should they come back. (None, []) where they have no own post, or serve on. Four statements at most."""
    place = _left_place(case) if case.state != CaseState.WITHDRAWN else None
    if place is None:
        return None, []
    unit, block, kind = place
    back_on = max(case.leave_on, today)
    counts = counts_on([unit.pk], {case.leave_on, back_on})
    there = counts.of(unit.pk, block, case.leave_on)
    if case.state == CaseState.PROPOSED and counts.of(unit.pk, block, case.leave_on, [kind]).actual > there.actual:
        there = Staffing(there.quota, max(0, there.actual - 1))
    after = Load(unit, Block(block), case.leave_on, there)
    if case.state != CaseState.DECIDED:
        return after, []
    return after, over_with([Coming(unit, block, kind, back_on)])


def _left_place(case: StreamliningCase) -> tuple[Unit, str, str] | None:
    """Unit, block and kind of the own post that somebody leaves; None without one, or where the unit ends before."""
    if case.state == CaseState.PROPOSED:
        rows = Assignment.objects.on(case.leave_on).filter(official_id=case.official_id, kind=AssignmentKind.PRIMARY)
        found = rows.values_list("unit_id", "block").first()
    else:
        own = [row for row in case.ended.get("posts", ()) if row["kind"] == AssignmentKind.PRIMARY]
        found = (own[0]["unit"], own[0]["block"]) if own else None
    unit = Unit.objects.filter(pk=found[0]).first() if found else None
    if unit is None or found is None or not unit.is_on(case.leave_on):
        return None
    return unit, found[1], case.staff_kind


def _over(places: Collection[tuple[Unit, str, date]]) -> list[Load]:
    counts = counts_on({unit.pk for unit, _, _ in places}, {day for _, _, day in places})
    found = [Load(unit, Block(block), day, counts.of(unit.pk, block, day)) for unit, block, day in places]
    return [load for load in found if load.staffing.over]


def _meets(other: Coming, one: Coming) -> bool:
    """True where `other` is in the same block on the first day of `one`."""
    same = (other.unit.pk, other.block) == (one.unit.pk, one.block)
    return same and other.begins <= one.begins and (other.ends is None or other.ends > one.begins)
