"""The life of a dossier: its states, the table of moves, who may make them and what they do to the clock.

Sources: Decree 118/2025/NĐ-CP (as amended by Decree 309/2026/NĐ-CP), Circular 03/2025/TT-VPCP (forms),
Decree 63/2010/NĐ-CP (supplements), the national list of dossier states (numbers 1 to 10).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from django.db.models import TextChoices

from haicap.domain.people.rules import Role
from haicap.domain.procedures.rules.shapes import Step
from haicap.kernel.entries.rules import HAND_OVER, HAND_OVER_LABEL
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

KIND = "dossier"
BOOK = "STD"  # form 07, the register of dossiers
SUPPLEMENT_ROUNDS_ALLOWED = 2  # Decree 63/2010/NĐ-CP
EXTENSIONS_ALLOWED = 1  # one apology with a new date, before the old one


class State(TextChoices):
    """Where a dossier stands; the number in `NATIONAL` is the national synchronisation code."""

    RECEIVED = "received", bi("Đã tiếp nhận", "Received")
    PROCESSING = "processing", bi("Đang giải quyết", "In progress")
    AWAITING_SIGNATURE = "awaiting_signature", bi("Chờ ký duyệt", "Awaiting signature")
    AWAITING_SUPPLEMENT = "awaiting_supplement", bi("Chờ bổ sung giấy tờ", "Awaiting supplement")
    RESOLVED = "resolved", bi("Đã có kết quả, chờ trả", "Resolved, to be returned")
    REFUSED = "refused", bi("Từ chối giải quyết, chờ trả", "Refused, to be returned")
    RETURNED = "returned", bi("Đã trả kết quả", "Returned")
    WITHDRAWN = "withdrawn", bi("Công dân đã rút", "Withdrawn")
    STOPPED = "stopped", bi("Dừng giải quyết", "Stopped")
    DECLINED = "declined", bi("Không tiếp nhận", "Not accepted")


NATIONAL: Mapping[str, int] = {
    State.RECEIVED: 2, State.PROCESSING: 4, State.AWAITING_SIGNATURE: 4, State.AWAITING_SUPPLEMENT: 5,
    State.RESOLVED: 9, State.REFUSED: 9, State.RETURNED: 10, State.WITHDRAWN: 7, State.STOPPED: 8, State.DECLINED: 3,
}  # fmt: skip

OPEN = (State.RECEIVED, State.PROCESSING, State.AWAITING_SIGNATURE, State.AWAITING_SUPPLEMENT)
TO_RETURN = (State.RESOLVED, State.REFUSED)
CLOSED = (State.RETURNED, State.WITHDRAWN, State.STOPPED, State.DECLINED)


class ReturnMethod(TextChoices):
    """How the citizen wants the result."""

    COUNTER = "counter", bi("Nhận tại quầy", "At the counter")
    POSTAL = "postal", bi("Nhận qua bưu chính", "By post")
    ELECTRONIC = "electronic", bi("Nhận bản điện tử", "Electronically")


class Clock(TextChoices):
    """What a move does to the deadline."""

    RUNS = "runs"
    PAUSES = "pauses"
    RESUMES = "resumes"
    EXTENDS = "extends"
    STOPS = "stops"  # decided: whether it was on time is judged at this moment


class Basis(TextChoices):
    """Why a unit answers for a dossier on a day."""

    OWN = "own", bi("đơn vị đã tiếp nhận hồ sơ", "the unit that received it")
    WHOLE = "whole", bi("đơn vị kế tiếp duy nhất", "the one heir of the unit that received it")
    TAKEN = "taken", bi("đã nhận từ đơn vị đã chia tách", "took it over from the divided unit")
    PROPOSED = "proposed", bi("theo thôn, bản hoặc địa chỉ", "by hamlet or address")
    DEFAULT = "default", bi("mặc định, vì địa chỉ chưa đủ để biết", "by default, since the address does not tell")


class To(TextChoices):
    """In whose hands a move leaves the dossier."""

    SAME = "same"
    ACTOR = "actor"
    NEXT = "next"
    DECIDER = "decider"
    EARLIER = "earlier"
    COUNTER = "counter"
    HEIR = "heir"
    NOBODY = "nobody"


@dataclass(frozen=True)
class MoveRule:
    """One verb of the decree. `by`: "holder" (whoever has it), "center" (a counter officer who may see it), "head" or
    "heir" (an officer of one of a divided unit's heirs); `needs_note`: a reason must be given; `fields`: further inputs by
    name (see `FIELDS`)."""

    name: str
    label: Any
    from_states: tuple[State, ...]
    to_state: State | None  # None: the state stays
    to: To
    clock: Clock = Clock.RUNS
    by: tuple[str, ...] = ("holder",)
    needs_note: bool = False
    fields: tuple[str, ...] = ()
    note_label: Any = field(default_factory=lambda: bi("Ghi chú", "Note"))


TAKE_OVER = "take_over"
CORRECT = "correct_applicant"
_WORKING = (State.PROCESSING, State.AWAITING_SIGNATURE)
_REASON = bi("Lý do", "Reason")

MOVES: Mapping[str, MoveRule] = {
    rule.name: rule
    for rule in (
        MoveRule("forward", bi("Chuyển bước tiếp theo", "Hand over to the next step"),
                 (State.RECEIVED, State.PROCESSING), State.PROCESSING, To.NEXT),
        MoveRule("accept_handover", bi("Nhận bàn giao", "Accept the hand-over"), _WORKING, None, To.ACTOR),
        MoveRule("appraise", bi("Ghi ý kiến thẩm định", "Record the appraisal"), (State.PROCESSING,), None, To.SAME,
                 needs_note=True, note_label=bi("Ý kiến thẩm định", "Appraisal")),
        MoveRule("submit_for_signature", bi("Trình ký", "Submit for signature"), (State.PROCESSING,),
                 State.AWAITING_SIGNATURE, To.DECIDER),
        MoveRule("approve", bi("Ký duyệt", "Approve"), (State.AWAITING_SIGNATURE,), State.RESOLVED, To.COUNTER,
                 Clock.STOPS, fields=("result_number",)),
        MoveRule("send_back", bi("Trả lại để làm lại", "Send back"), _WORKING, State.PROCESSING, To.EARLIER,
                 needs_note=True, note_label=_REASON),
        MoveRule("refuse", bi("Từ chối giải quyết", "Refuse"), (State.AWAITING_SIGNATURE,), State.REFUSED, To.COUNTER,
                 Clock.STOPS, needs_note=True, note_label=_REASON),
        MoveRule("request_supplement", bi("Yêu cầu bổ sung", "Request a supplement"),
                 (State.RECEIVED, State.PROCESSING), State.AWAITING_SUPPLEMENT, To.SAME, Clock.PAUSES,
                 needs_note=True, fields=("items",), note_label=_REASON),
        MoveRule("resume", bi("Đã bổ sung, làm tiếp", "Supplement received, go on"), (State.AWAITING_SUPPLEMENT,),
                 State.PROCESSING, To.SAME, Clock.RESUMES, by=("holder", "center")),
        MoveRule("extend_deadline", bi("Xin lỗi và gia hạn", "Apologise and extend"), _WORKING, None, To.SAME,
                 Clock.EXTENDS, by=("head",), needs_note=True, fields=("until",), note_label=_REASON),
        MoveRule("withdraw", bi("Công dân rút hồ sơ", "Withdraw at the citizen's wish"), OPEN, State.WITHDRAWN,
                 To.NOBODY, Clock.STOPS, by=("holder", "center"), needs_note=True, note_label=_REASON),
        MoveRule("stop", bi("Dừng giải quyết", "Stop"), OPEN, State.STOPPED, To.NOBODY, Clock.STOPS, by=("head",),
                 needs_note=True, note_label=_REASON),
        MoveRule("decline_receipt", bi("Từ chối tiếp nhận", "Decline receipt"), (State.RECEIVED,), State.DECLINED,
                 To.NOBODY, Clock.STOPS, needs_note=True, note_label=_REASON),
        MoveRule("return_result", bi("Trả kết quả", "Return the result"), TO_RETURN, State.RETURNED, To.NOBODY,
                 by=("holder", "center"), fields=("received_by",)),
        MoveRule(CORRECT, bi("Sửa thông tin người nộp", "Correct the applicant's data"), (*OPEN, *TO_RETURN), None,
                 To.SAME, by=("center", "head"), needs_note=True,
                 fields=("name", "id_number", "phone", "email", "address"),
                 note_label=bi("Lý do sửa", "Why it is corrected")),
        MoveRule(TAKE_OVER, bi("Tiếp nhận từ đơn vị đã chia tách", "Take over from the divided unit"),
                 (*OPEN, *TO_RETURN), None, To.HEIR, by=("heir",)),
    )
}  # fmt: skip

SIGNING = frozenset({"accept_handover", "approve", "send_back", "refuse"})
"""What belongs to signing a result; a delegation may lend these alone, of what waits for its signature."""
RECEIVE = bi("Tiếp nhận hồ sơ", "Receive")
HEADS = ("head", "chair", "department")


def label_of(move: str) -> Any:
    """The name of a move as people say it."""
    if move == HAND_OVER:
        return HAND_OVER_LABEL
    rule = MOVES.get(move)
    return rule.label if rule else RECEIVE


def legal_moves() -> frozenset[tuple[str, str, str, str]]:
    """Every (kind, move, from, to) that the database lets pass."""
    table = {(KIND, "receive", "", State.RECEIVED.value), (KIND, "decline_receipt", "", State.DECLINED.value)}
    for rule in MOVES.values():
        for state in rule.from_states:
            table.add((KIND, rule.name, state.value, (rule.to_state or state).value))
    # a supplement asked for at the counter comes back to the counter
    table.add((KIND, "resume", State.AWAITING_SUPPLEMENT.value, State.RECEIVED.value))
    return frozenset(table)


def index_of(steps: tuple[Step, ...], key: str) -> int:
    """The position of step `key`; 0 where the version has no such step (an imported dossier)."""
    return next((i for i, step in enumerate(steps) if step.key == key), 0)


def decider_index(steps: tuple[Step, ...]) -> int:
    """The position of the step that decides: the last one before the result goes back to the counter."""
    return len(steps) - 2


def next_index(steps: tuple[Step, ...], at: int) -> int:
    """The step after `at`."""
    return min(at + 1, len(steps) - 1)


def earlier_index(steps: tuple[Step, ...], at: int) -> int:
    """The step that work is sent back to: the first after the counter's."""
    return min(1, at)


def moves_offered(state: str, steps: tuple[Step, ...], step_key: str, *, pending: bool, rounds: int) -> list[str]:
    """The moves that the dossier itself allows now, whoever asks, in the order in which they make sense."""
    at = index_of(steps, step_key)
    return [
        rule.name
        for rule in MOVES.values()
        if state in rule.from_states and _fits(rule.name, at, steps, pending=pending, rounds=rounds)
    ]


def _fits(name: str, at: int, steps: tuple[Step, ...], *, pending: bool, rounds: int) -> bool:
    decides_next = at + 1 >= decider_index(steps)
    conditions = {
        "forward": not pending and not decides_next,
        "accept_handover": pending,
        "appraise": not pending,
        "submit_for_signature": not pending and decides_next,
        "send_back": at > 1,
        "request_supplement": not pending and rounds < SUPPLEMENT_ROUNDS_ALLOWED,
        "decline_receipt": at == 0,
    }
    return conditions.get(name, True)


def standing_at(due_at: datetime | None, decided_at: datetime | None) -> str:
    """early | on_time | overdue, judged when the decision was made (national state 9); "" while undecided.

    Early: decided on a day before the due day.
    """
    if due_at is None or decided_at is None:
        return ""
    if decided_at > due_at:
        return "overdue"
    return "early" if decided_at.date() < due_at.date() else "on_time"


class HeldEntry(Protocol):
    """What the rule of hands needs of an entry."""

    state: str
    holder_agency_id: int | None
    holder_role: str
    holder_account_id: int | None
    agencies: list[int]


class HeldDossier(Protocol):
    """What the rule of hands needs of a dossier."""

    procedure_code: str
    receiving_agency_id: int
    receiving_unit_id: int
    competent_agency_id: int


def towards(actor: Actor, entry: HeldEntry, dossier: HeldDossier, move: str = "") -> Actor:
    """The actor as they stand to this dossier and `move` (to look at it, without one): with what a delegation lends of it."""
    signing = entry.state == State.AWAITING_SIGNATURE and (not move or move in SIGNING)
    return actor.towards(dossier.procedure_code, signing=signing)


def holds(actor: Actor, entry: HeldEntry) -> bool:
    """The dossier waits for this officer: their agency and role, and nobody else has taken it.

    What somebody had taken in an agency that has ended waits for everybody in the heir's post, what waits in a post that
    nobody holds for whoever answers for it, and what somebody took who is away also for their deputy.
    """
    post = (entry.holder_agency_id, entry.holder_role)
    if post in actor.inheritance.stands_in:
        return True
    holder = entry.holder_account_id
    free = holder in (None, actor.account_id) or actor.inheritance.has(entry.holder_agency_id)
    return post in actor.roles and (free or actor.answers_for(holder, *post))


def waits_to_be_taken(actor: Actor, entry: HeldEntry) -> bool:
    """It lies with an agency of a divided unit of which the officer's is one heir, and none has taken it over."""
    inheritance = actor.inheritance
    return bool(inheritance.shared_posts) and entry.holder_agency_id in inheritance.shared_agency_ids


def is_anothers_share(actor: Actor, entry: HeldEntry, dossier: HeldDossier) -> bool:
    """It was received by a divided unit, and it is not the officer's unit that has taken it over (or nobody has yet)."""
    if dossier.receiving_unit_id not in actor.inheritance.shared_unit_ids:
        return False
    return not set(actor.agency_ids).difference(actor.inheritance.shared_agency_ids).intersection(entry.agencies)


def is_at_the_center(actor: Actor, entry: HeldEntry, dossier: HeldDossier) -> bool:
    """Counter officers of the center that received it, or of the unit that is its heir; of a divided unit, of the one
    that has taken it over."""
    if actor.has_role(Role.COUNTER, agency_id=dossier.receiving_agency_id):
        return True
    seen = dossier.receiving_unit_id in actor.unit_ids and not is_anothers_share(actor, entry, dossier)
    return actor.has_role(Role.COUNTER) and seen


def leads_the_holder(actor: Actor, entry: HeldEntry, dossier: HeldDossier) -> bool:
    """The head of the agency that resolves, or the chair of its unit (form 04 is signed by the agency's head)."""
    return leading_post(actor, entry, dossier) is not None


def leading_post(actor: Actor, entry: HeldEntry, dossier: HeldDossier) -> tuple[int, str] | None:
    """The post in which the actor leads, one of their own before one in which they stand for somebody; None without one."""
    if is_anothers_share(actor, entry, dossier):
        return None
    leads = [
        (agency, role)
        for agency, role in actor.roles
        if role in HEADS and (agency in (entry.holder_agency_id, dossier.competent_agency_id) or role == Role.CHAIR)
    ]
    return min(leads, key=lambda post: (actor.acts_for(*post) is not None, post), default=None)


def may_make(actor: Actor, rule: MoveRule, entry: HeldEntry, dossier: HeldDossier) -> bool:
    """True where one of the ways in which `rule` allows the move fits this officer and their pass."""
    actor = towards(actor, entry, dossier, rule.name)
    ways = {
        "holder": lambda: holds(actor, entry),
        "center": lambda: is_at_the_center(actor, entry, dossier),
        "head": lambda: leads_the_holder(actor, entry, dossier),
        "heir": lambda: waits_to_be_taken(actor, entry),
    }
    return actor.may("dossiers:write") and any(ways[way]() for way in rule.by)
