"""Acting in another's post for a time: by the chair's written authorisation, or as the deputy of somebody who is away.

Law 72/2025/QH15 Article 14: the chair may authorise a civil servant in writing, for a stated period and conditions; whoever is
authorised authorises nobody in turn. Decree 30/2020/NĐ-CP: TUQ. and KT. before the signature. The decision may lend all of the
post's work or a part: chosen procedures, only signing. What is lent is an appointment that its giver holds, never what was
lent to them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q, QuerySet

from haicap.domain.people.access import can_authorise, can_keep_staff
from haicap.domain.people.blocks import StandInKind
from haicap.domain.people.commands.passes import end_passes
from haicap.domain.people.commands.staffing import FARTHEST, forget_after_commit
from haicap.domain.people.errors import OutOfReach, OwnAccount, StaffRefused
from haicap.domain.people.models import Appointment, Delegation
from haicap.domain.people.ports import kinds_of_work
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.rules import LONGEST_NUMBER, Role
from haicap.kernel import clock, vi
from haicap.kernel.access import insist, require
from haicap.kernel.audit.commands import record
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.scope import Actor

LONGEST_CONDITIONS = 500
NOT_LENT = (Role.ADMINISTRATOR,)
"""Whoever keeps accounts could give themselves anything in another's name: another administrator is appointed instead."""
AUTHORISES = (Role.CHAIR,)


@dataclass(frozen=True)
class StandInFacts:
    """Who acts for somebody, from a day up to, not including, another, by which decision and on what conditions.

    `kinds`: codes of the procedures that are lent, all where empty; `signing_only`: of these only the signing."""

    deputy_id: int
    decision_number: str
    decision_date: date
    valid_from: date
    valid_to: date
    conditions: str = ""
    kinds: tuple[str, ...] = ()
    signing_only: bool = False


def authorise(reach: Reach, post_id: int, facts: StandInFacts) -> Delegation:
    """Note that the holder of an appointment as chair authorises somebody of the unit: with the whole role or a part of it,
    for the time stated.

    Only a post held by appointment is lent, so nothing is lent on. Raises OutOfReach, OwnAccount, StaffRefused."""
    require(can_keep_staff(reach.actor))
    post = _chairs_post(post_id, Q(agency__unit_id__in=reach.unit_ids))
    _not_ones_own(reach, post.account_id, facts.deputy_id)
    return _lend([post], StandInKind.DELEGATION, facts, reach.day)[0]


def authorise_own(*, actor: Actor, post_id: int, facts: StandInFacts) -> Delegation:
    """A chair authorises somebody of the unit themselves: `post_id` is an appointment of their own.

    Raises Denied, StaffRefused."""
    insist(can_authorise, actor)
    post = _chairs_post(post_id, Q(account_id=actor.account_id or 0))
    return _lend([post], StandInKind.DELEGATION, facts, clock.today())[0]


def deputise(reach: Reach, account_id: int, facts: StandInFacts) -> list[Delegation]:
    """Note that somebody is away, and who answers for their work in all their posts of the deputy's unit meanwhile; it goes
    back by itself afterwards. Raises OutOfReach, OwnAccount, StaffRefused."""
    require(can_keep_staff(reach.actor))
    rows = lendable(reach, account_id, facts.valid_from).select_for_update(of=("self",))
    posts = list(rows.filter(agency__unit__in=units_of(facts.deputy_id, facts.valid_from)))
    if not posts:
        text = bi("Người này không giữ vị trí nào có thể nhờ thay ở đơn vị của người thay vào ngày đó.",
                  "On that day this person holds no post of the deputy's unit that a deputy may answer for.")  # fmt: skip
        raise StaffRefused(problems=[Problem("deputy", text)])
    _not_ones_own(reach, account_id, facts.deputy_id)
    return _lend(posts, StandInKind.ABSENCE, replace(facts, kinds=(), signing_only=False), reach.day)


def end_standing_in(reach: Reach, delegation_id: int, last_day: date) -> None:
    """Let it end on another day; one that has not begun by then is taken back. Raises OutOfReach, OwnAccount, StaffRefused."""
    require(can_keep_staff(reach.actor))
    made = _in_force(delegation_id, Q(unit_id__in=reach.unit_ids), reach.day)
    _not_ones_own(reach, made.appointment.account_id, made.account_id)
    _end(made, last_day, reach.day)


def end_own_standing_in(*, actor: Actor, delegation_id: int, last_day: date) -> None:
    """The holder lets somebody's acting in their own post end on another day, whoever noted it. Raises Denied, OutOfReach,
    StaffRefused."""
    insist(can_authorise, actor)
    today = clock.today()
    _end(_in_force(delegation_id, Q(appointment__account_id=actor.account_id or 0), today), last_day, today)


def _chairs_post(post_id: int, whose: Q) -> Appointment:
    rows = Appointment.objects.select_related("agency__unit").select_for_update(of=("self",))
    post = rows.filter(whose, pk=post_id, role__in=AUTHORISES).first()
    if post is None:
        raise StaffRefused(problems=[Problem("post", bi("Chọn vị trí chủ tịch đang giữ.", "Choose a chair's post."))])
    return post


def _in_force(delegation_id: int, whose: Q, today: date) -> Delegation:
    rows = Delegation.objects.select_for_update(of=("self",)).select_related("appointment")
    made = rows.filter(whose, pk=delegation_id, valid_to__gt=today).first()
    if made is None:
        raise OutOfReach()
    return made


def _end(made: Delegation, last_day: date, today: date) -> None:
    out = last_day + timedelta(days=1)
    if out > made.valid_to or out < today:
        text = bi("Ghi ngày từ hôm qua đến {day}.", "Give a day from yesterday up to {day}.")
        day = vi.date_text(made.valid_to - timedelta(days=1))
        raise StaffRefused(problems=[Problem("last_day", bi_format(text, day=day))])
    _note(made, "end", {"to": out})
    if out <= made.valid_from:
        made.delete()
    else:
        made.valid_to = out
        made.save(update_fields=["valid_to"])
    end_passes(made.account_id)
    forget_after_commit()


def lendable(reach: Reach, account_id: int, day: date) -> QuerySet[Appointment]:
    """The account's appointments within reach, in force on `day`, in which somebody else may act."""
    held = Appointment.objects.on(day).filter(account_id=account_id, agency__unit_id__in=reach.unit_ids)
    return held.exclude(role__in=NOT_LENT).select_related("agency__unit", "account").order_by("pk")


def units_of(account_id: int, day: date) -> set[int]:
    """The units in which an active account holds a post on `day`."""
    held = Appointment.objects.on(day).filter(account_id=account_id, account__active=True)
    return set(held.values_list("agency__unit_id", flat=True))


def stand_in_problems(facts: StandInFacts, giver_id: int, today: date) -> list[Problem]:
    """What is wrong with it by itself; [] where nothing is."""
    found = []
    if facts.deputy_id == giver_id:
        text = bi("Không thể ủy quyền hoặc nhờ thay cho chính mình.", "Nobody acts for themselves.")
        found.append(Problem("deputy", text))
    if not 0 < len(facts.decision_number) <= LONGEST_NUMBER:
        text = bi("Ghi số văn bản, không quá 60 ký tự.", "Give the paper's number, 60 characters at most.")
        found.append(Problem("decision_number", text))
    if facts.decision_date > today:
        found.append(Problem("decision_date", bi("Ngày văn bản ở tương lai.", "The paper's day is still to come.")))
    if facts.valid_to <= facts.valid_from:
        found.append(
            Problem("last_day", bi("Ngày cuối đứng trước ngày bắt đầu.", "The last day lies before the first."))
        )
    elif facts.valid_to <= today:
        found.append(Problem("last_day", bi("Thời gian này đã qua.", "That time is over.")))
    if facts.valid_from > today + FARTHEST or facts.valid_to > today + FARTHEST:
        found.append(Problem("last_day", bi("Ngày này quá xa.", "That day is too far away.")))
    if len(facts.conditions) > LONGEST_CONDITIONS:
        found.append(Problem("conditions", bi("Không quá 500 ký tự.", "500 characters at most.")))
    if facts.kinds and not {kind.code for kind in kinds_of_work()}.issuperset(facts.kinds):
        found.append(Problem("kinds", bi("Chọn thủ tục trong danh mục.", "Choose procedures of the catalogue.")))
    return found


def _lend(posts: list[Appointment], kind: StandInKind, facts: StandInFacts, today: date) -> list[Delegation]:
    problems = stand_in_problems(facts, posts[0].account_id, today)
    for post in posts:
        problems += _post_problems(post, kind, facts)
    if problems:
        raise StaffRefused(problems=list({one.field: one for one in problems}.values()))
    made = [
        Delegation.objects.create(
            unit_id=post.agency.unit_id, kind=kind, appointment=post, account_id=facts.deputy_id,
            decision_number=facts.decision_number, decision_date=facts.decision_date, valid_from=facts.valid_from,
            valid_to=facts.valid_to, conditions=facts.conditions, kinds=sorted(facts.kinds),
            signing_only=facts.signing_only,
        )
        for post in posts
    ]  # fmt: skip
    for one in made:
        _note(one, "begin", {"from": one.valid_from, "to": one.valid_to, "decision": one.decision_number,
                             "deputy": one.account_id, "conditions": one.conditions, "kinds": one.kinds,
                             "signing_only": one.signing_only})  # fmt: skip
    forget_after_commit()
    return made


def _post_problems(post: Appointment, kind: StandInKind, facts: StandInFacts) -> list[Problem]:
    """Beyond the giver's own time in the post, to somebody who is not of the unit, or twice in some of these days."""
    found = []
    if post.valid_from > facts.valid_from or (post.valid_to is not None and post.valid_to < facts.valid_to):
        text = bi(
            "Thời gian này vượt quá thời gian giữ vị trí của người giao.",
            "That goes beyond the giver's time in the post.",
        )
        found.append(Problem("last_day", text))
    if post.agency.unit_id not in units_of(facts.deputy_id, facts.valid_from):
        text = bi("Người này không có tài khoản đang giữ vị trí ở đơn vị vào ngày đó.",
                  "This person has no account with a post in the unit on that day.")  # fmt: skip
        found.append(Problem("deputy", text))
    meeting = Delegation.objects.filter(appointment=post, valid_from__lt=facts.valid_to, valid_to__gt=facts.valid_from)
    if meeting.filter(Q(account_id=facts.deputy_id) | Q(kind=kind, kind__in=[StandInKind.ABSENCE])).exists():
        text = bi(
            "Trong những ngày đó đã có người thay ở vị trí này.", "Somebody acts in this post in these days already."
        )
        found.append(Problem("valid_from", text))
    return found


def _not_ones_own(reach: Reach, *account_ids: int) -> None:
    """Nobody gives themselves another's post, or lends their own, by these pages."""
    require(reach.actor.account_id not in account_ids, OwnAccount())


def _note(made: Delegation, verb: str, data: dict[str, object]) -> None:
    """In the chain of the account whose post it is."""
    told = {"id": made.pk, "kind": StandInKind(made.kind).value, "post": made.appointment_id, **data}
    record(f"people:stand_in:{verb}", subject=f"account:{made.appointment.account_id}", unit_id=made.unit_id, data=told)
