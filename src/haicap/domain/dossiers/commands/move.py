"""Making a move: read, may?, move, save, record. The database refuses it where somebody was quicker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from haicap.domain.dossiers import access, queries, rules
from haicap.domain.dossiers.commands import correction
from haicap.domain.dossiers.commands.slips import number_slip
from haicap.domain.dossiers.errors import (
    DossierInvalid,
    ExtendedAlready,
    ExtensionNotLater,
    ExtensionTooLate,
    MovedOn,
    MoveUnknown,
    NotYours,
    StepNotAllowed,
    SupplementRoundsUsed,
    TakenAlready,
)
from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.rules import Clock, MoveRule, State, To
from haicap.domain.people.queries import AgencyRow, post_at_heir
from haicap.domain.procedures.rules import Step
from haicap.kernel import clock, vi, workdays
from haicap.kernel.entries.commands import Becomes, perform
from haicap.kernel.entries.errors import EntryMovedOn
from haicap.kernel.entries.models import Entry
from haicap.kernel.errors import Conflict, Denied, Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor, StandsFor
from haicap.kernel.text import clean

NOTE_MAX, FIELD_MAX, ITEMS_MAX = 4000, 500, 30
SLIP_OF_MOVE = {"request_supplement": "PBS", "decline_receipt": "PTC", "extend_deadline": "PXL", "stop": "PDS"}


@dataclass
class _Case:
    """Everything that a move looks at."""

    actor: Actor
    entry: Entry
    dossier: Dossier
    rule: MoveRule
    steps: tuple[Step, ...]
    at: datetime
    note: str
    fields: dict[str, Any]
    calendar: workdays.Calendar


def make_move(
    *, actor: Actor, code: str, move: str, note: str = "", fields: Mapping[str, Any] | None = None,
    expected_no: int | None = None, at: datetime | None = None,
) -> Entry:  # fmt: skip
    """Make `move` on the dossier `code` in the actor's name; gives the entry as it is afterwards.

    `fields`: the further inputs of the move (`items`: list of papers to supplement; `until`: a day; `result_number`;
    `received_by`). `expected_no`: the number of the last move that the caller saw. `at`: the moment, now if not given.
    Raises DossierUnknown, MoveUnknown, MovedOn, StepNotAllowed and its like, NotYours, DossierInvalid. Runs inside the
    caller's transaction; costs six statements.
    """
    rule = rules.MOVES.get(move)
    if rule is None:
        raise MoveUnknown(move=move)
    entry, dossier = queries.find(code)
    version = queries.version_of(dossier)
    actor = rules.towards(actor, entry, dossier, move)
    case = _Case(actor, entry, dossier, rule, version.steps, at or clock.now(), clean(note), {},
                 queries.calendar_of(dossier))  # fmt: skip
    if expected_no is not None and expected_no != entry.move_no:
        raise _moved_on(entry)
    _require_offered(case)
    if not access.may_make(actor, rule, entry, dossier):
        raise _not_yours(case)
    case.fields = _checked_fields(case, fields or {})
    becomes = _becomes(case)
    try:
        number = perform(entry, move, becomes, topic=f"dossier.{move}")
    except EntryMovedOn:
        raise _moved_on(entry) from None
    _save_dossier(case, becomes)
    if move in SLIP_OF_MOVE:
        number_slip(case.actor, entry, dossier, SLIP_OF_MOVE[move], move_no=number, at=case.at,
                    facts={"reason": case.note, **case.fields})  # fmt: skip
    return queries.find(code)[0]


def _moved_on(entry: Entry) -> MovedOn:
    last = queries.last_move(entry.pk)
    return MovedOn(actor=last.actor_name, move=rules.label_of(last.name), at=vi.moment_text(clock.local(last.at)))


def _not_yours(case: _Case) -> Denied | Conflict:
    """Why this officer cannot make the move: it waits for others, or another heir was quicker to take it over."""
    entry = case.entry
    if case.rule.name == rules.TAKE_OVER and case.dossier.receiving_unit_id in case.actor.inheritance.shared_unit_ids:
        taken = queries.last_move_named(entry.pk, rules.TAKE_OVER)
        if taken is not None:
            return TakenAlready(holder=queries.holder_text(entry), at=vi.moment_text(clock.local(taken.at)))
    return NotYours(holder=queries.holder_text(entry), move=case.rule.label)


def _require_offered(case: _Case) -> None:
    entry, dossier, name = case.entry, case.dossier, case.rule.name
    offered = rules.moves_offered(
        entry.state, case.steps, entry.step, pending=entry.pending, rounds=dossier.supplement_rounds
    )
    if name in offered:
        return
    if name == "request_supplement" and dossier.supplement_rounds >= rules.SUPPLEMENT_ROUNDS_ALLOWED:
        raise SupplementRoundsUsed(rounds=rules.SUPPLEMENT_ROUNDS_ALLOWED)
    raise StepNotAllowed(state=State(entry.state).label, move=case.rule.label)


def _checked_fields(case: _Case, given: Mapping[str, Any]) -> dict[str, Any]:
    """The move's inputs, clean; raises DossierInvalid with every fault at once."""
    problems: list[Problem] = []
    if case.rule.needs_note and not case.note:
        problems.append(Problem("note", bi("Hãy ghi nội dung: mục này bắt buộc.", "Fill this in: it is required.")))
    if len(case.note) > NOTE_MAX:
        problems.append(Problem("note", bi(f"Tối đa {NOTE_MAX} ký tự.", f"At most {NOTE_MAX} characters.")))
    if case.rule.name == rules.CORRECT:
        corrected, faults = correction.judge(case.dossier, given)
        if problems or faults:
            raise DossierInvalid(problems=[*faults, *problems])
        return corrected
    known = {"items": _items, "until": _until, "result_number": _short_text, "received_by": _short_text}
    clean_fields = {}
    for name in case.rule.fields:
        value, problem = known[name](given.get(name), case)
        if problem is not None:
            problems.append(Problem(name, problem))
        elif value not in (None, "", []):
            clean_fields[name] = value
    if problems:
        raise DossierInvalid(problems=problems)
    return clean_fields


def _items(value: Any, case: _Case) -> tuple[list[str], Any]:
    lines = value.splitlines() if isinstance(value, str) else value if isinstance(value, list) else []
    items = [text for line in lines if isinstance(line, str) and (text := clean(line)[:FIELD_MAX])]
    if not items or len(items) > ITEMS_MAX:
        return [], bi("Ghi mỗi giấy tờ cần bổ sung trên một dòng (từ 1 đến 30 dòng).",
                      "Name each paper to supplement on a line of its own (1 to 30 lines).")  # fmt: skip
    return items, None


def _until(value: Any, case: _Case) -> tuple[str | None, Any]:
    try:
        day = value if isinstance(value, date) else vi.parse_date(str(value or ""))
    except ValueError as error:
        return None, error.args[0]
    if not workdays.is_working_day(case.calendar, day):
        return None, bi("Ngày này không phải ngày làm việc.", "This is not a working day.")
    return day.isoformat(), None


def _short_text(value: Any, case: _Case) -> tuple[str, Any]:
    if value is not None and not isinstance(value, str):
        return "", bi("Mục này phải là chữ.", "This must be text.")
    return clean(value or "")[:FIELD_MAX], None


def _becomes(case: _Case) -> Becomes:
    """What the move makes of the entry: state, holder, step and clock."""
    entry, rule = case.entry, case.rule
    step, agency_id, role, account_id, pending = _destination(case)
    state = rule.to_state or State(entry.state)
    if rule.name == "resume" and rules.index_of(case.steps, entry.step) == 0:
        state = State.RECEIVED
    closes = state in rules.CLOSED
    due_at, paused_at, data = _clock(case)
    own_agency, own_role = _post_used(case)
    acting = _acting_for(case, own_agency, own_role)
    return Becomes(
        state=state.value, at=case.at, holder_agency_id=agency_id, holder_role=role, holder_account_id=account_id,
        step=step, pending=pending, due_at=due_at, paused_at=paused_at,
        step_due_at=_step_due(case, step, due_at) if step != entry.step or rule.clock != Clock.RUNS else entry.step_due_at,
        closed_at=case.at if closes else None, agency_id=own_agency, role=own_role, note=case.note,
        data={**case.fields, **data, **({"on_behalf": acting.told()} if acting else {})},
    )  # fmt: skip


def _post_used(case: _Case) -> tuple[int | None, str]:
    """The post in which the actor acts: that of the holder where they hold it (their own agency's where the holder's has
    ended); what only leaders may do, in the post in which they lead; else any of their own."""
    actor, role = case.actor, case.entry.holder_role
    held = (case.entry.holder_agency_id, role)
    if case.rule.by == ("head",) and (leading := rules.leading_post(actor, case.entry, case.dossier)):
        return actor.inheritance.home_of(leading[0]), leading[1]
    if held in actor.roles or held in actor.inheritance.stands_in:
        return actor.inheritance.home_of(case.entry.holder_agency_id), role
    own = [post for post in actor.roles if not actor.inheritance.has(post[0])]
    return min(own, default=(None, ""))


def _acting_for(case: _Case, agency_id: int | None, role: str) -> StandsFor | None:
    """Whom the actor stands for in this move; None where they act in a post of their own."""
    return case.actor.acts_for(agency_id, role, case.entry.holder_account_id)


def _destination(case: _Case) -> tuple[str, int | None, str, int | None, bool]:
    """Step, agency, role, account and whether the taker must still accept."""
    entry, rule = case.entry, case.rule
    at = rules.index_of(case.steps, entry.step)
    # what an heir's officer does with a dossier of an ended agency, their own agency does
    here = (entry.step, case.actor.inheritance.home_of(entry.holder_agency_id), entry.holder_role)
    if rule.to == To.HEIR:
        agency_id, role = post_at_heir(case.actor, entry.holder_agency_id or 0, entry.holder_role)
        return entry.step, agency_id, role, None, entry.pending
    if rule.to == To.SAME:
        return (*here, entry.holder_account_id, entry.pending)
    if rule.to == To.ACTOR:  # what a deputy accepts is the absent officer's: it goes back with the day
        acting = _acting_for(case, *here[1:])
        return (*here, acting.account_id if acting else case.actor.account_id, False)
    if rule.to == To.NOBODY:
        return entry.step, None, "", None, False
    target = {
        To.NEXT: rules.next_index(case.steps, at),
        To.DECIDER: rules.decider_index(case.steps),
        To.EARLIER: rules.earlier_index(case.steps, at),
        To.COUNTER: len(case.steps) - 1,
    }[rule.to]
    step = case.steps[target]
    agency: AgencyRow = queries.agency_for_step(case.dossier, step, case.actor)
    return step.key, agency.id, step.role, None, rule.to != To.COUNTER


def _clock(case: _Case) -> tuple[datetime | None, datetime | None, dict[str, Any]]:
    """The deadline and the pause after the move, and what the trail should know of it."""
    entry, at = case.entry, case.at
    due = clock.local(entry.due_at) if entry.due_at else None
    if case.rule.clock == Clock.PAUSES:
        return due, at, {}
    if case.rule.clock == Clock.RESUMES and due and entry.paused_at:
        return workdays.resume(case.calendar, due, clock.local(entry.paused_at), at), None, {"was_due": due.isoformat()}
    if case.rule.clock == Clock.EXTENDS and due:
        return _extended(case, due), None, {"was_due": due.isoformat()}
    if _starts_at_the_department(case):
        fresh = queries.due_for(case.dossier, at)
        return fresh, None, {"promised": due.isoformat() if due else None}
    return due, entry.paused_at if case.rule.to_state is None else None, {}


def _starts_at_the_department(case: _Case) -> bool:
    """Boundary-free and provincial dossiers: the clock starts when the competent agency takes them over
    (Decree 118/2025/NĐ-CP), once."""
    step = case.steps[rules.index_of(case.steps, case.entry.step)]
    return (
        case.rule.name == "accept_handover"
        and case.dossier.competent_unit_id != case.dossier.receiving_unit_id
        and step.agency.startswith("so-")
        and rules.index_of(case.steps, step.key) == 1
        and not queries.has_move(case.entry.pk, "accept_handover")
    )


def _extended(case: _Case, due: datetime) -> datetime:
    """The new deadline: once, asked for before the old one, on a later working day, at closing."""
    if case.dossier.extensions >= rules.EXTENSIONS_ALLOWED:
        raise ExtendedAlready()
    if case.at >= due:
        raise ExtensionTooLate(due=vi.moment_text(due))
    until = workdays.closing(case.calendar, date.fromisoformat(case.fields["until"]))
    if until <= due:
        raise ExtensionNotLater(due=vi.moment_text(due), field="until")
    return until


def _step_due(case: _Case, step_key: str, due: datetime | None) -> datetime | None:
    """When the new step should be done: its share of the whole time, never after the dossier's own deadline."""
    step = case.steps[rules.index_of(case.steps, step_key)]
    if due is None or not step.share:
        return due
    received = clock.local(case.dossier.received_at)
    whole = max(0.0, workdays.working_minutes_between(case.calendar, received, due))
    return min(due, workdays.add_minutes(case.calendar, case.at, whole * step.share)) if due > case.at else due


def _save_dossier(case: _Case, becomes: Becomes) -> None:
    """The columns of the dossier that a move changes; nothing where it changes none."""
    name, dossier = case.rule.name, case.dossier
    changed: dict[str, Any] = {}
    if case.rule.clock == Clock.STOPS:
        changed |= {"decided_at": case.at, "outcome": becomes.state}
    if name == "approve":
        changed["result_number"] = case.fields.get("result_number", "")
    if name == "return_result":
        changed["returned_at"] = case.at
    if name == "request_supplement":
        changed["supplement_rounds"] = dossier.supplement_rounds + 1
    if name == "extend_deadline":
        changed["extensions"] = dossier.extensions + 1
    if changed:
        Dossier.objects.filter(pk=dossier.pk).update(**changed)
