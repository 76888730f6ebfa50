"""The life of an old dossier, made again under the table of moves: what each move left behind."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.commands.importing.mapping import at_opening
from haicap.domain.dossiers.commands.importing.shapes import Past
from haicap.domain.dossiers.rules import Clock, MoveRule, State, To
from haicap.domain.procedures.rules import Step
from haicap.kernel import workdays
from haicap.kernel.language import bi, bi_format

RECEIVE, COUNTER = "receive", "counter"
OPENS, CLOSES = time(7, 0), time(17, 0)  # a day without a time: opening for what came, closing for what went
UNKNOWN_OFFICER = "Hệ thống cũ"
HANDS_OVER = {To.NEXT, To.DECIDER, To.EARLIER}


class HistoryFault(ValueError):
    """A history that cannot have happened: the field, and a bilingual sentence."""

    def __init__(self, field: str, sentence: Any) -> None:
        super().__init__(field)
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Given:
    """One move as the source tells it. `inferred`: it must have happened, but the source has no moment for it."""

    name: str
    at: datetime
    by: str = ""
    note: str = ""
    due_at: datetime | None = None
    data: Mapping[str, Any] | None = None
    inferred: bool = False
    field: str = "moves"


@dataclass(frozen=True, slots=True)
class Case:
    """What the history of one dossier is judged by. `agency`: the id of the agency of a kind for this dossier, of
    the day; `heir`: the same for today, where the unit has ended."""

    steps: tuple[Step, ...]
    calendar: workdays.Calendar
    received_at: datetime
    due_at: datetime | None
    agency: Callable[[str], int]
    heir: Callable[[str], int]
    hands_over: bool  # a hand-over waits until it is accepted


def moves_of(row: Mapping[str, Any], received_at: datetime) -> list[Given]:
    """The moves that a row tells, either as a list or by the usual moments. Raises HistoryFault."""
    if "moves" in row:
        return [_listed(move) for move in row["moves"]]
    state = row.get("state") or _state_by_moments(row)
    if state not in State.values:
        sentence = bi("Trạng thái “{state}” không có trong danh mục; hãy thêm vào mục values.state của tệp ánh xạ.",
                      "The state “{state}” is not known; add it under values.state of the mapping.")  # fmt: skip
        raise HistoryFault("state", bi_format(sentence, state=str(state)[:60]))
    return list(_by_moments(row, State(state), received_at))


def _listed(move: Mapping[str, Any]) -> Given:
    data = {key: value for key, value in move.items() if key not in {"name", "at", "by", "note", "due_at"}}
    return Given(move["name"], move["at"], move.get("by", ""), move.get("note", ""), move.get("due_at"), data)


def _state_by_moments(row: Mapping[str, Any]) -> str:
    if row.get("returned_at"):
        return State.RETURNED
    if row.get("decided_at"):
        return row.get("outcome") or State.RESOLVED
    return State.PROCESSING if row.get("forwarded_at") else State.RECEIVED


def _by_moments(row: Mapping[str, Any], state: State, received_at: datetime) -> Iterable[Given]:
    """The moves that lead to `state`. A move without a moment of its own is put beside the one that it served."""
    by = row.get("officer", "")
    last = received_at

    def given(name: str, field: str, *, hour: time = CLOSES, needed: bool = False, note: str = "",
              data: Mapping[str, Any] | None = None) -> Given:  # fmt: skip
        nonlocal last
        moment = row.get(field)
        if moment is None and needed:
            sentence = bi("Hồ sơ “{state}” phải có thời điểm này.", "A dossier that is “{state}” needs this moment.")
            raise HistoryFault(field, bi_format(sentence, state=state.label))
        inferred = moment is None
        last = last if moment is None else max_day(moment, hour, last)
        return Given(name, last, by, note, None, data, inferred, field)

    if state in (State.RECEIVED, State.DECLINED):
        if state == State.DECLINED:
            yield given("decline_receipt", "decided_at", needed=True, note=row.get("note", ""))
        return
    yield given("forward", "forwarded_at")
    yield replace(given("accept_handover", "forwarded_at"), inferred=True)
    if row.get("supplement_requested_at") or state == State.AWAITING_SUPPLEMENT:
        yield given("request_supplement", "supplement_requested_at", needed=True, note=row.get("supplement_note", ""))
        if state != State.AWAITING_SUPPLEMENT:
            yield given("resume", "resumed_at", hour=OPENS)
    if state in (State.PROCESSING, State.AWAITING_SUPPLEMENT):
        return
    if state in (State.WITHDRAWN, State.STOPPED):
        yield given(
            "withdraw" if state == State.WITHDRAWN else "stop", "decided_at", needed=True, note=row.get("note", "")
        )
        return
    yield from _decision(row, state, given)


def _decision(row: Mapping[str, Any], state: State, given: Callable[..., Given]) -> Iterable[Given]:
    """The submission for signature, the decision, the return: as far as `state` says."""
    decided = bool(row.get("decided_at"))
    yield given("submit_for_signature", "submitted_at" if row.get("submitted_at") or not decided else "decided_at")
    if state == State.AWAITING_SIGNATURE:
        return
    refused = state == State.REFUSED or row.get("outcome") == State.REFUSED
    number = {"result_number": row["result_number"]} if row.get("result_number") else None
    yield given("refuse" if refused else "approve", "decided_at", needed=True, note=row.get("note", ""), data=number)
    if state == State.RETURNED:
        yield given("return_result", "returned_at", needed=True)


def max_day(moment: datetime | date, hour: time, last: datetime) -> datetime:
    """A moment; of a day alone the hour on it, yet not before what happened on the same day."""
    if isinstance(moment, datetime):
        return moment
    at = at_opening(moment, hour)
    return max(at, last) if last.date() == moment else at


def replay(case: Case, given: list[Given]) -> list[Past]:
    """The moves from the receipt on, each with what it left; raises HistoryFault where one is not legal or not in
    order. Moves are legal by the table of moves; what a step's officer must do first is not asked of the past."""
    first = case.steps[0]
    center = case.agency(first.agency)
    past = [Past(
        name=RECEIVE, from_state="", to_state=State.RECEIVED.value, at=case.received_at, actor_name=UNKNOWN_OFFICER,
        agency_id=center, role=first.role, note="", holder_agency_id=center, holder_role=first.role, step=first.key,
        pending=False, due_at=case.due_at, step_due_at=None, paused_at=None, closed_at=None, data={},
    )]  # fmt: skip
    for move in given:
        if move.name == RECEIVE:
            past[0] = replace(past[0], actor_name=move.by or UNKNOWN_OFFICER, note=move.note)
            continue
        past.append(_next(case, past[-1], move))
    past[-1] = _in_todays_hands(case, past[-1])
    return past


def _next(case: Case, before: Past, move: Given) -> Past:
    rule = rules.MOVES.get(move.name)
    if rule is None or rule.name == rules.CORRECT or before.to_state not in rule.from_states:  # a correction is our own
        sentence = bi("Không thể “{move}” khi hồ sơ đang “{state}”.", "“{move}” is not possible while “{state}”.")
        label = rules.label_of(move.name) if rule else move.name
        raise HistoryFault(move.field, bi_format(sentence, move=label, state=State(before.to_state).label))
    if move.at < before.at:
        sentence = bi(
            "Thời điểm của “{move}” đứng trước bước liền trước.", "“{move}” stands before the move before it."
        )
        raise HistoryFault(move.field, bi_format(sentence, move=rule.label))
    at = rules.index_of(case.steps, before.step)
    target = _target(case, rule, at)
    state = rule.to_state or State(before.to_state)
    if rule.name == "resume" and at == 0:
        state = State.RECEIVED
    step = case.steps[target]
    stays = rule.to in (To.SAME, To.ACTOR, To.HEIR)
    closes = state in rules.CLOSED
    pending = before.pending if rule.to == To.SAME else case.hands_over and rule.to in HANDS_OVER
    due_at, paused_at, left = _clock(case, before, rule, move)
    return Past(
        name=rule.name, from_state=before.to_state, to_state=state.value, at=move.at,
        actor_name=move.by or UNKNOWN_OFFICER, agency_id=before.holder_agency_id, role=before.holder_role,
        note=move.note, holder_agency_id=None if closes else before.holder_agency_id if stays else case.agency(step.agency),
        holder_role="" if closes else before.holder_role if stays else step.role, step=step.key,
        pending=pending, due_at=due_at, step_due_at=None, paused_at=paused_at,
        closed_at=move.at if closes else None, data=_data(move, left),
    )  # fmt: skip


def _target(case: Case, rule: MoveRule, at: int) -> int:
    """The step that a move leads to."""
    if rule.to == To.NEXT:
        return rules.next_index(case.steps, at)
    if rule.to == To.DECIDER:
        return rules.decider_index(case.steps)
    if rule.to == To.EARLIER:
        return rules.earlier_index(case.steps, at)
    return len(case.steps) - 1 if rule.to == To.COUNTER else at


def _clock(
    case: Case, before: Past, rule: MoveRule, move: Given
) -> tuple[datetime | None, datetime | None, datetime | None]:
    """Deadline and pause after the move, and the deadline that a pause left behind."""
    if rule.clock == Clock.PAUSES:
        return before.due_at, move.at, None
    if rule.clock == Clock.RESUMES and before.paused_at and before.due_at:
        due = move.due_at or workdays.resume(case.calendar, before.due_at, before.paused_at, move.at)
        return due, None, before.due_at
    return move.due_at or before.due_at, None, None


def _data(move: Given, left: datetime | None) -> dict[str, Any]:
    data = dict(move.data or {})
    if move.inferred:
        data["inferred"] = True
    if left is not None:
        data["was_due"] = left.isoformat()
    return data


def _in_todays_hands(case: Case, last: Past) -> Past:
    """What still waits, waits with today's agency: the heir's where the unit of that day has ended."""
    if last.closed_at is not None:
        return last
    step = case.steps[rules.index_of(case.steps, last.step)]
    return replace(last, holder_agency_id=case.heir(step.agency), step_due_at=last.due_at)
