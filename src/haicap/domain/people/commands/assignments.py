"""Staff records kept one by one: corrected, assigned to posts by numbered decisions, ended, left.

Sources: Law on Cadres and Civil Servants 80/2025/QH15 (appointment, secondment), Law 72/2025/QH15 (a commune's leading posts).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from haicap.domain.people.access import can_keep_staff
from haicap.domain.people.blocks import AssignmentKind, Departure
from haicap.domain.people.commands.accounts import hash_password
from haicap.domain.people.commands.assignment_faults import AssignmentFacts, assignment_problems, held_problems
from haicap.domain.people.commands.officials import OfficialFacts, official_problems, tidied
from haicap.domain.people.commands.passes import end_passes
from haicap.domain.people.commands.staffing import (
    FARTHEST,
    Opened,
    PostFacts,
    add_post,
    create_account,
    forget_after_commit,
    free_name,
    note_post,
    one_writer_at_a_time,
    overlapping,
)
from haicap.domain.people.errors import HeldElsewhere, OutOfReach, OwnAccount, StaffRefused
from haicap.domain.people.models import Account, Appointment, Assignment, Body, Official, Post
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.queries.records import USUAL, usual_role
from haicap.domain.people.rules import Role, first_password
from haicap.kernel import vi
from haicap.kernel.access import require
from haicap.kernel.audit.commands import record
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

LONGEST_REASON = 300
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('people.seats'), %s)"  # of a unit's posts
# The facts of a record that are corrected; what stood before goes to the trail.
FACTS = (
    "full_name", "female", "born_on", "id_number", "phone", "email", "staff_kind", "insured_from", "salary",
)  # fmt: skip


@dataclass(frozen=True)
class Assigned:
    """An assignment, and the account that was opened for the access that came with it, with its first password."""

    assignment: Assignment
    opened: Opened | None = None


def correct_official(reach: Reach, official_id: int, facts: OfficialFacts, sign_in_name: str = "") -> Official:
    """Put the facts of a record right; the trail keeps what stood before. `sign_in_name`: whose account it is, empty to leave
    that as it is. Raises OutOfReach, OwnAccount, StaffRefused with every fault."""
    official = _kept(reach, official_id)
    facts = tidied(facts)
    problems = official_problems(facts, reach.day)
    if facts.id_number and Official.objects.filter(id_number=facts.id_number).exclude(pk=official.pk).exists():
        text = bi("Số định danh này đã có trong hồ sơ cán bộ.", "This ID number is in the staff records already.")
        problems.append(Problem("id_number", text))
    account = official.account
    if sign_in_name and (account is None or account.name != sign_in_name):
        account, wrong = _account_named(reach, official, sign_in_name)
        problems += wrong
    if problems:
        raise StaffRefused(problems=problems)
    changed = {name: (getattr(official, name), getattr(facts, name)) for name in FACTS
               if getattr(official, name) != getattr(facts, name)}  # fmt: skip
    if account != official.account:
        changed["account"] = (official.account.name if official.account else None, account.name if account else None)
        official.account = account
    if not changed:
        return official
    for name in FACTS:
        setattr(official, name, getattr(facts, name))
    official.save(update_fields=[*FACTS, "account"])
    _note(official, "correct", {
        "before": {name: old for name, (old, _) in changed.items()}, "after": {name: new for name, (_, new) in changed.items()},
    })  # fmt: skip
    return official


def assign(reach: Reach, official_id: int, facts: AssignmentFacts) -> Assigned:
    """Put an official in a post by a decision: their own, beside it, lent from elsewhere, or in place of a missing head.

    With `facts.role` the access in the body's agency begins and ends with it; whoever has no account gets one. Seats that the
    law numbers are not exceeded. Raises OutOfReach, OwnAccount, StaffRefused with every fault.
    """
    official = _kept(reach, official_id)
    if facts.unit.pk not in reach.unit_ids:
        raise OutOfReach(field="unit")
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME, [facts.unit.pk])
    post = _post_on(facts)
    if facts.role == USUAL:
        facts = replace(facts, role=usual_role(post) if post else "")
    problems = assignment_problems(facts, reach.day, post) + held_problems(official, facts, post)
    if problems or post is None:
        raise StaffRefused(problems=problems)
    opened, appointment = _access(reach, official, facts, post)
    made = Assignment.objects.create(
        official=official, unit=facts.unit, block=post.body.block, body_key=facts.body_key, post_key=facts.post_key,
        kind=facts.kind, appointment=appointment, decision_number=facts.decision_number,
        decision_date=facts.decision_date, valid_from=facts.valid_from, valid_to=facts.valid_to,
    )  # fmt: skip
    if facts.unit.pk != official.unit_id and facts.unit.pk not in official.also_in:
        official.also_in = [*official.also_in, facts.unit.pk]
        official.save(update_fields=["also_in"])
    _note(official, "assign", _told(made))
    return Assigned(made, opened)


def end_assignment(reach: Reach, assignment_id: int, last_day: date, reason: str) -> Assignment:
    """Set the last day in a post, and of the access that came with it, with its reason. Raises OutOfReach, OwnAccount,
    StaffRefused. What waits for the holder is the caller's to hand over."""
    made = _assignment(reach, assignment_id)
    problems = _ending_problems(made, reach.day, last_day, reason)
    if problems:
        raise StaffRefused(problems=problems)
    before = made.valid_to
    made.valid_to, made.ended_why = last_day + timedelta(days=1), reason
    made.save(update_fields=["valid_to", "ended_why"])
    _end_access(made, before)
    _tidy(made.official, reach.day)
    _note(made.official, "end", {**_told(made), "why": reason})
    return made


def withdraw_assignment(reach: Reach, assignment_id: int) -> None:
    """Take back an assignment that has not begun, with its access. Raises OutOfReach, OwnAccount."""
    made = _assignment(reach, assignment_id)
    if made.valid_from <= reach.day:
        raise OutOfReach()
    _note(made.official, "withdraw", _told(made))
    appointment, official = made.appointment, made.official
    made.delete()
    if appointment is not None and appointment.valid_from > reach.day:
        note_post("people:post:withdraw", appointment)
        appointment.delete()
    _tidy(official, reach.day)
    forget_after_commit()


def leave_service(reach: Reach, official_id: int, last_day: date, why: str, reason: str) -> Official:
    """Note that somebody leaves the service after `last_day`, which ends all their posts and their access; posts that would
    begin later are taken back. What waits for them is the caller's to hand over.

    Raises OutOfReach, OwnAccount, HeldElsewhere, StaffRefused.
    """
    official = _kept(reach, official_id)
    require(not _is_held_elsewhere(reach, official), HeldElsewhere())
    problems = []
    if why not in Departure.values:
        problems.append(Problem("why", bi("Chọn lý do.", "Choose the reason.")))
    if official.left_on is not None and official.left_on <= reach.day:
        problems.append(Problem("last_day", bi("Người này đã thôi làm việc.", "This person has left already.")))
    elif last_day > reach.day + FARTHEST:
        problems.append(Problem("last_day", bi("Ngày này quá xa.", "That day is too far away.")))
    if problems:
        raise StaffRefused(problems=problems)
    out = last_day + timedelta(days=1)
    official.left_on, official.left_why = out, why
    official.save(update_fields=["left_on", "left_why"])
    open_ones = Assignment.objects.filter(official=official).filter(Q(valid_to=None) | Q(valid_to__gt=out))
    for made in open_ones.select_related("appointment__agency", "official").order_by("pk"):
        if made.valid_from >= out:
            _note(official, "withdraw", _told(made))
            made.delete()
            continue
        made.valid_to, made.ended_why = out, reason or str(Departure(why).label)
        made.save(update_fields=["valid_to", "ended_why"])
    if official.account_id is not None:
        for post in open_access(official.account_id, out):
            end_access(post, out)
        end_passes(official.account_id)
    _tidy(official, reach.day)
    _note(official, "leave", {"out": out, "why": why, "reason": reason})
    return official


def _is_held_elsewhere(reach: Reach, official: Official) -> bool:
    """A post or access in a unit out of reach is not ended from here: the province does it."""
    held = Assignment.objects.filter(official=official).exclude(unit_id__in=reach.unit_ids)
    if held.filter(Q(valid_to=None) | Q(valid_to__gt=reach.day)).exists():
        return True
    return official.account_id is not None and reach.is_held_elsewhere(official.account_id)


def open_access(account_id: int, out: date) -> QuerySet[Appointment]:
    """The account's appointments that would still be in force on `out` or later."""
    rows = Appointment.objects.filter(account_id=account_id).filter(Q(valid_to=None) | Q(valid_to__gt=out))
    return rows.select_related("agency").order_by("pk")


def end_access(post: Appointment, out: date) -> None:
    """Let an appointment end before `out`; one that would begin later is taken back. Noted in the trail."""
    if post.valid_from >= out:
        note_post("people:post:withdraw", post)
        post.delete()
    else:
        post.valid_to = out
        post.save(update_fields=["valid_to"])
        note_post("people:post:end", post)
    forget_after_commit()


def _post_on(facts: AssignmentFacts) -> Post | None:
    bodies = Body.objects.on(facts.valid_from).filter(unit=facts.unit, key=facts.body_key)
    posts = Post.objects.on(facts.valid_from).filter(body__in=bodies, key=facts.post_key)
    return posts.select_related("body__agency__unit").first()


def _access(
    reach: Reach, official: Official, facts: AssignmentFacts, post: Post
) -> tuple[Opened | None, Appointment | None]:
    """The appointment that comes with the post, and the account opened for it. Access that is there already and came with no
    other assignment is taken into this one."""
    agency = post.body.agency
    if not facts.role or agency is None:
        return None, None
    opened = None
    if official.account is None:
        one_writer_at_a_time()
        password = first_password()
        name = free_name(official.full_name, facts.unit.code)
        account = create_account(reach, name, official.full_name, hash_password(password), facts.unit.pk)
        official.account, opened = account, Opened(account, password)
        official.save(update_fields=["account"])
    given = PostFacts(agency, facts.role, facts.decision_number, facts.decision_date, facts.valid_from, facts.valid_to)
    there = overlapping(official.account.pk, given)
    if there is not None:
        return opened, None if Assignment.objects.filter(appointment=there).exists() else there
    appointment = add_post(official.account, given)
    end_passes(official.account.pk, keep_tokens=True)
    return opened, appointment


def _ending_problems(made: Assignment, today: date, last_day: date, reason: str) -> list[Problem]:
    found = []
    if last_day < made.valid_from or last_day > today + FARTHEST:
        text = bi("Ngày cuối không được trước ngày bắt đầu, {day}.", "The last day cannot lie before the first, {day}.")
        found.append(Problem("last_day", bi_format(text, day=vi.date_text(made.valid_from))))
    if made.valid_to is not None and made.valid_to <= today:
        found.append(Problem("last_day", bi("Vị trí này đã kết thúc.", "This post is over.")))
    if not 0 < len(reason) <= LONGEST_REASON:
        text = bi("Ghi lý do, không quá 300 ký tự.", "Give the reason, 300 characters at most.")
        found.append(Problem("reason", text))
    return found


def _end_access(made: Assignment, before: date | None) -> None:
    """Access ends with its assignment, also where the end is moved to a later day; one that ended earlier stays so."""
    post, out = made.appointment, made.valid_to
    if post is None or out is None or (post.valid_to is not None and post.valid_to <= out and post.valid_to != before):
        return
    end_access(post, out)
    end_passes(post.account_id)


def _tidy(official: Official, today: date) -> None:
    """Units in which no assignment is left, or will be, no longer see the record."""
    there = Assignment.objects.filter(official=official).filter(Q(valid_to=None) | Q(valid_to__gt=today))
    kept = sorted(set(there.values_list("unit_id", flat=True)) - {official.unit_id})
    if kept != sorted(official.also_in):
        official.also_in = kept
        official.save(update_fields=["also_in"])


def _kept(reach: Reach, official_id: int) -> Official:
    """The record, locked, where the administrator keeps it and it is not their own."""
    require(can_keep_staff(reach.actor))
    found = Official.objects.select_for_update(of=("self",)).select_related("account", "unit")
    official = found.filter(pk=official_id, unit_id__in=reach.unit_ids).first()
    if official is None:
        raise OutOfReach()
    require(official.account_id is None or official.account_id != reach.actor.account_id, OwnAccount())
    return official


def _assignment(reach: Reach, assignment_id: int) -> Assignment:
    rows = Assignment.objects.select_related("appointment__agency", "official__account", "unit")
    made = rows.filter(pk=assignment_id, unit_id__in=reach.unit_ids).first()
    if made is None:
        raise OutOfReach()
    made.official = _kept(reach, made.official_id)
    return made


def _account_named(reach: Reach, official: Official, name: str) -> tuple[Account | None, list[Problem]]:
    account = Account.objects.filter(name=name.lower()).first()
    if account is None or not Appointment.objects.filter(account=account, agency__unit_id__in=reach.unit_ids).exists():
        text = bi("Đơn vị bạn quản trị không có tài khoản này.", "The units that you administer have no such account.")
        return None, [Problem("sign_in_name", text)]
    if Official.objects.filter(account=account).exclude(pk=official.pk).exists():
        return None, [
            Problem("sign_in_name", bi("Tài khoản này thuộc hồ sơ khác.", "Another record has this account."))
        ]
    return account, []


def _told(made: Assignment) -> Mapping[str, Any]:
    return {
        "unit": made.unit_id, "body": made.body_key, "post": made.post_key, "kind": AssignmentKind(made.kind).value,
        "decision": made.decision_number, "decided": made.decision_date, "from": made.valid_from, "to": made.valid_to,
        "role": Role(made.appointment.role).value if made.appointment else "",
    }  # fmt: skip


def _note(official: Official, verb: str, data: Mapping[str, Any]) -> None:
    record(f"people:official:{verb}", subject=f"official:{official.pk}", unit_id=official.unit_id, data=dict(data))


def note_entered(official: Official, facts: OfficialFacts) -> None:
    """Tell in the record's own trail that it was entered, beside the unit's."""
    seat = facts.seat
    _note(official, "enter", {"kind": facts.staff_kind, "decision": seat.decision_number if seat else ""})
