"""Who goes on with the work of a post that ends: the sheet is planned with the end, and the work moves on the day.

Moving it is `flows.handing_over`: at once by the page of a staff record, else by the worker, which is asked here where the
day has come already.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import transaction

from haicap.domain.people.commands import staffing
from haicap.domain.people.errors import PostRefused, StaffRefused
from haicap.domain.people.models import Account, Appointment, Handover
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.rules import Role
from haicap.kernel.audit.commands import record
from haicap.kernel.errors import Problem
from haicap.kernel.jobs.commands import ask
from haicap.kernel.language import bi
from haicap.kernel.text import clean

LONGEST_WITNESS: Final = 120
JOB: Final = "hand-over"  # of `flows.jobs`
_CLOSED: Final = "Thôi vị trí"

PostKey = tuple[int, str]  # agency id, role


@dataclass(frozen=True)
class Successor:
    """Who goes on with somebody's work; nobody in particular (None): it stays in the post, with whoever holds it then."""

    account_id: int | None = None
    witness: str = ""


NOBODY: Final = Successor()


@dataclass(frozen=True)
class Handing:
    """A hand-over as asked for. `posts`: which of the giver's end; `whole`: they are all; `day`: the first day out of them."""

    giver: Account
    posts: Sequence[Appointment]
    day: date
    reason: str
    decision_number: str = ""
    whole: bool = False


def plan(reach: Reach, handing: Handing, successor: Successor, unit_id: int) -> tuple[Handover, list[PostKey]]:
    """A sheet for the day, and the posts in which its taker goes on. One that was planned for the same posts gives way to it.

    The successor holds a post in one of the units, within reach, on the day. Raises StaffRefused (field `successor`). Runs in
    the caller's transaction.
    """
    giver, day = handing.giver, max(handing.day, reach.day)
    units = {post.agency.unit_id for post in handing.posts}
    taker = Account.objects.active().filter(pk=successor.account_id or 0).exclude(pk=giver.pk).first()
    takes = posts_to_take(taker.pk, units & reach.unit_ids, day) if taker else []
    if taker is None or not takes:
        text = bi("Chọn người nhận bàn giao đang có vị trí ở cùng đơn vị vào ngày đó.",
                  "Choose who takes over: somebody with a post in the same unit on that day.")  # fmt: skip
        raise StaffRefused(problems=[Problem("successor", text)])
    numbers = [] if handing.whole else [post.pk for post in handing.posts]
    forget_planned(giver.pk, numbers)
    held = Appointment.objects.filter(account=taker, agency_id__in=[agency for agency, _ in takes])
    sheet = Handover.objects.create(
        unit_id=unit_id, giver=giver, taker=taker, giver_post=post_text(giver, handing.posts),
        taker_post=post_text(taker, list(held.on(day).select_related("agency").order_by("pk"))),
        appointments=numbers, day=handing.day, reason=handing.reason, decision_number=handing.decision_number,
        witness=clean(successor.witness)[:LONGEST_WITNESS],
    )  # fmt: skip
    note(sheet, "plan", {"whole": handing.whole})
    return sheet, takes


def ask_where_due(sheets: Sequence[Handover], today: date) -> None:
    """Let the worker move the work within seconds where a sheet's day has come; later ones it finds by itself."""
    if any(sheet.day <= today for sheet in sheets):
        ask(JOB)


def forget_planned(giver_id: int, appointments: Sequence[int]) -> list[Handover]:
    """Take back what was planned for these posts (for all, where empty) and is not done yet; gives the sheets."""
    planned = list(Handover.objects.filter(giver_id=giver_id, done_at=None, appointments=list(appointments)))
    for sheet in planned:
        note(sheet, "forget", {})
    Handover.objects.filter(pk__in=[sheet.pk for sheet in planned]).delete()
    return planned


@transaction.atomic  # a refusal of the successor undoes the end
def end_post(
    reach: Reach, account_id: int, post_id: int, last_day: date | None, successor: Successor
) -> Handover | None:
    """Set the last day of a post on the accounts' page, with a sheet for the successor where one is named. Without one the
    work goes back to the post. Raises OutOfReach, OwnAccount, PostRefused."""
    staffing.end_post(reach, account_id, post_id, last_day)
    forget_planned(account_id, [post_id])
    if successor.account_id is None:
        return None
    post = Appointment.objects.select_related("agency", "account").get(pk=post_id)
    if post.valid_to is None:
        raise PostRefused
    handing = Handing(post.account, [post], post.valid_to, _CLOSED)
    try:
        sheet, _ = plan(reach, handing, successor, post.agency.unit_id)
    except StaffRefused as refused:
        raise PostRefused(problems=refused.problems) from None
    ask_where_due([sheet], reach.day)
    return sheet


def posts_to_take(account_id: int, unit_ids: Collection[int], day: date) -> list[PostKey]:
    """The posts that somebody holds in the units on the day, in which they can take work over."""
    held = Appointment.objects.on(day).filter(account_id=account_id, agency__unit_id__in=unit_ids, account__active=True)
    return [(agency_id, role) for agency_id, role in held.order_by("pk").values_list("agency_id", "role")]


def note(sheet: Handover, verb: str, data: dict[str, Any]) -> None:
    """In the trail of the giver's account."""
    told = {"sheet": sheet.pk, "to": sheet.taker_id, "day": sheet.day, **data}
    record(f"people:handover:{verb}", subject=f"account:{sheet.giver_id}", unit_id=sheet.unit_id, data=told)


def post_text(account: Account, posts: Sequence[Appointment]) -> str:
    """A person's posts in words, for the sheet."""
    return "; ".join(f"{Role(post.role).label} – {post.agency.name}" for post in posts) or account.full_name
