"""Ending a post, or somebody's service, and handing over what waits for them: one transaction, today or on a later day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from haicap.domain.people.commands import assignments
from haicap.domain.people.commands.handovers import Handing, Successor, note, plan
from haicap.domain.people.models import Account, Appointment, Handover, Official
from haicap.domain.people.queries.reach import Reach
from haicap.flows.handing_over.work import Giving, move_all, waiting
from haicap.kernel import clock


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
    handing = Handing(giver, posts, day, ending.reason or "Thôi làm việc", ending.decision_number, whole)
    sheet, takes = plan(reach, handing, Successor(ending.successor_id, ending.witness), unit_id)
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
