"""Ending a post, or somebody's service, and handing over what waits for them: one transaction, today or on a later day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from haicap.domain.people.commands import assignments
from haicap.domain.people.errors import StaffRefused
from haicap.domain.people.models import Account, Appointment, Handover, Official
from haicap.domain.people.queries.reach import Reach
from haicap.flows.handing_over.work import Giving, move_all, note, post_text, posts_to_take, waiting
from haicap.kernel import clock
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.text import clean

LONGEST_WITNESS = 120


@dataclass(frozen=True)
class Ending:
    """What is asked: the last day in the post, why, who goes on with the work, and who witnesses the sheet."""

    last_day: date
    reason: str
    successor_id: int | None
    witness: str = ""
    decision_number: str = ""


@transaction.atomic  # a refusal of the successor undoes the end
def end_post(reach: Reach, assignment_id: int, ending: Ending) -> Handover | None:
    """End an assignment with the access that came with it; what waits in that access for its holder goes to the successor, at
    once where the post is over by today, else on the day (`due.hand_over_due`).

    Gives the sheet; None where no access ended. Raises OutOfReach, OwnAccount, StaffRefused.
    """
    made = assignments.end_assignment(reach, assignment_id, ending.last_day, ending.reason)
    if made.appointment is None:
        return None
    giver = Account.objects.get(pk=made.appointment.account_id)
    return _hand_over(reach, giver, [made.appointment], ending, unit_id=made.unit_id, whole=False)


@transaction.atomic
def leave(reach: Reach, official_id: int, why: str, ending: Ending) -> Handover | None:
    """Somebody leaves the service: every post and access ends, everything that waits for them goes to the successor.

    Gives the sheet; None for somebody without access. Raises OutOfReach, OwnAccount, StaffRefused.
    """
    out = ending.last_day + timedelta(days=1)
    found = Official.objects.filter(pk=official_id).select_related("account").first()
    account = found.account if found else None
    posts = list(assignments.open_access(account.pk, out)) if account else []
    posts = [post for post in posts if post.valid_from < out]
    official = assignments.leave_service(reach, official_id, ending.last_day, why, ending.reason)
    if account is None or not posts:
        return None
    return _hand_over(reach, account, posts, ending, unit_id=official.unit_id, whole=True)


def _hand_over(
    reach: Reach, giver: Account, posts: list[Appointment], ending: Ending, *, unit_id: int, whole: bool
) -> Handover:
    day = ending.last_day + timedelta(days=1)
    units = {post.agency.unit_id for post in posts}
    taker = Account.objects.active().filter(pk=ending.successor_id or 0).exclude(pk=giver.pk).first()
    takes = posts_to_take(taker.pk, units & reach.unit_ids, max(day, reach.day)) if taker else []
    if taker is None or not takes:
        text = bi("Chọn người nhận bàn giao đang có vị trí ở cùng đơn vị vào ngày đó.",
                  "Choose who takes over: somebody with a post in the same unit on that day.")  # fmt: skip
        raise StaffRefused(problems=[Problem("successor", text)])
    numbers = [] if whole else [post.pk for post in posts]
    Handover.objects.filter(giver=giver, done_at=None, appointments=numbers).delete()  # the end was moved
    held = Appointment.objects.filter(account=taker, agency_id__in=[agency for agency, _ in takes])
    sheet = Handover.objects.create(
        unit_id=unit_id, giver=giver, taker=taker, giver_post=post_text(giver, posts),
        taker_post=post_text(taker, list(held.on(max(day, reach.day)).select_related("agency").order_by("pk"))),
        appointments=numbers, day=day, reason=ending.reason or "Thôi làm việc",
        decision_number=ending.decision_number, witness=clean(ending.witness)[:LONGEST_WITNESS],
    )  # fmt: skip
    note(sheet, "plan", {"whole": whole})
    if day <= reach.day:
        carry_out(sheet, Giving(giver.pk, day, posts, whole), takes)
    return sheet


def carry_out(sheet: Handover, giving: Giving, takes: list[tuple[int, str]]) -> None:
    """Move everything that waits, and finish the sheet. Runs in the caller's transaction."""
    now = clock.now()
    sheet.lines = move_all(sheet, waiting(giving), takes, now)
    sheet.done_at = now
    sheet.save(update_fields=["lines", "done_at"])
    note(sheet, "done", {"entries": len(sheet.lines)})
