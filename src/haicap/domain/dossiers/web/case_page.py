"""What a dossier's page shows: its head, its forms, its steps and its story. Pure but for the calendar."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.queries import Details
from haicap.domain.dossiers.rules import MoveRule, State
from haicap.domain.dossiers.slip_facts import slips_of
from haicap.domain.dossiers.web.forms import Input, errors_by_input, shown_answer
from haicap.domain.dossiers.web.rows import deadline_of, href_of, standing
from haicap.domain.people.rules import Role
from haicap.kernel.calendar.queries import calendar_for
from haicap.kernel.entries.models import Move
from haicap.kernel.entries.rules import HAND_OVER
from haicap.kernel.errors import DomainError, Problem
from haicap.kernel.language import bi, choose

# The move that brings a dossier on; the first of these that is offered is the page's one filled button.
NEXT = ("take_over", "approve", "accept_handover", "submit_for_signature", "forward", "resume", "return_result")
GRAVE = {"refuse", "stop", "withdraw", "decline_receipt"}
ICONS = {
    "forward": "forward", "accept_handover": "inbox", "appraise": "pencil", "submit_for_signature": "signature",
    "approve": "stamp", "send_back": "undo-2", "refuse": "circle-x", "request_supplement": "circle-pause",
    "resume": "play", "extend_deadline": "calendar-clock", "withdraw": "undo-2", "stop": "circle-x",
    "decline_receipt": "circle-x", "return_result": "check",
    "take_over": "inbox",
}  # fmt: skip
BAD = {"request_supplement", "refuse", "stop", "decline_receipt", "send_back", "extend_deadline"}
OUTCOMES = {
    "early": bi("giải quyết trước hạn", "decided early"),
    "on_time": bi("giải quyết đúng hạn", "decided on time"),
    "overdue": bi("giải quyết quá hạn", "decided late"),
}


@dataclass(frozen=True)
class Attempt:
    """A move that was tried and refused: what was typed, what is wrong with it, or why it cannot be made."""

    move: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    refusal: str = ""

    @property
    def lost(self) -> list[str]:
        """What was typed, to be shown where its form is no longer on the page."""
        return [value for value in self.typed.values() if value.strip()]


@dataclass(frozen=True)
class MoveForm:
    """One move as a small form."""

    rule: MoveRule
    action: str
    inputs: tuple[Input, ...]
    is_next: bool
    is_open: bool

    @property
    def icon(self) -> str:
        """The icon of its button."""
        return ICONS.get(self.rule.name, "forward")

    @property
    def tone(self) -> str:
        """Red for moves that end a dossier without its result."""
        return "danger" if self.rule.name in GRAVE else ""


def problem_of(error: DomainError) -> Problem:
    """A refusal that names one input, as a problem of the form."""
    return Problem(error.field, error.sentence())


def context(details: Details, attempt: Attempt, now: datetime) -> dict[str, Any]:
    """The template's values."""
    entry, dossier = details.entry, details.dossier
    forms = forms_of(details, attempt)
    return {
        "details": details,
        "entry": entry,
        "dossier": dossier,
        "version": details.version,
        "state_label": State(entry.state).label,
        "deadline": deadline_of(dossier, now),
        "step_deadline": _step(details, now),
        "outcome": OUTCOMES.get(details.standing, ""),
        "holder_name": holder_name(details),
        "next_form": next((form for form in forms if form.is_next), None),
        "other_forms": [form for form in forms if not form.is_next],
        "attempt": attempt,
        "still_offered": any(form.rule.name == attempt.move for form in forms),
        "problems": [Problem(f"{attempt.move}.{p.field}", p.message) for p in attempt.problems],
        "steps": steps_of(details),
        "timeline": timeline_of(details),
        "slips": slips_of(details),
        "answers": answers_of(details),
        "heirs": heirs_text(details),
        "received_by": details.now_of(dossier.receiving_agency.name, dossier.receiving_agency.unit_id),
        "decided_by": details.now_of(dossier.competent_agency.name, dossier.competent_agency.unit_id),
        "papers": papers_of(details),
        # withdrawing or stopping may be open to others too: that alone does not make it their move
        "is_mine": any(form.is_next or form.rule.by == ("holder",) for form in forms),
        "holder_is_closed": entry.closed_at is not None,
    }


def forms_of(details: Details, attempt: Attempt) -> list[MoveForm]:
    """A form for each move offered, the next sensible one first."""
    offered = {rule.name: rule for rule in details.offered}
    chosen = next((name for name in NEXT if name in offered), "")
    appraised = any(move.name == "appraise" and move.step == details.entry.step for move in details.moves)
    if chosen == "submit_for_signature" and "appraise" in offered and not appraised:
        chosen = "appraise"  # an opinion stands before a signature
    ordered = sorted(offered.values(), key=lambda rule: rule.name != chosen)
    return [
        MoveForm(rule, f"{href_of(details.entry.code)}{rule.name}/", _inputs(details, rule, attempt),
                 rule.name == chosen, rule.name == attempt.move)
        for rule in ordered
    ]  # fmt: skip


def _inputs(details: Details, rule: MoveRule, attempt: Attempt) -> tuple[Input, ...]:
    mine = attempt.move == rule.name
    typed, errors = (attempt.typed, errors_by_input(attempt.problems)) if mine else ({}, {})
    looks: dict[str, dict[str, Any]] = {
        "items": {"label": bi("Giấy tờ cần bổ sung, mỗi dòng một mục", "Papers to supplement, one a line"),
                  "kind": "textarea", "required": True, "attrs": {"rows": 4}},
        "until": {"label": bi("Hẹn trả mới", "New due date"), "kind": "date", "required": True, "width": "short"},
        "result_number": {"label": bi("Số, ký hiệu văn bản kết quả", "Number of the result"), "width": "medium",
                          "hint": bi("Ví dụ 12/2026. Để trống nếu chưa có số.", "Leave empty if it has none yet.")},
        "received_by": {"label": bi("Người nhận kết quả", "Taken by"), "width": "medium",
                        "value": details.dossier.proxy.get("name") or details.dossier.applicant_name},
    }  # fmt: skip
    inputs = [_one(rule, name, looks[name], typed, errors) for name in rule.fields]
    note = {"label": rule.note_label, "kind": "textarea", "required": rule.needs_note,
            "attrs": {"rows": 3 if rule.needs_note else 2}}  # fmt: skip
    return (*inputs, _one(rule, "note", note, typed, errors))


def _one(rule: MoveRule, name: str, look: dict[str, Any], typed: Mapping[str, str], errors: Mapping[str, Any]) -> Input:
    """An input whose id carries the move's name, since several forms on the page have a note."""
    value = typed.get(name, look.pop("value", ""))
    return Input(name=name, key=f"{rule.name}.{name}", value=value, error=errors.get(name, ""), **look)


def _step(details: Details, now: datetime) -> Any:
    """How the present step's own deadline stands; None where the dossier's says it all."""
    entry = details.entry
    if entry.step_due_at is None or entry.closed_at or details.dossier.decided_at or entry.paused_at:
        return None
    if entry.step_due_at == entry.due_at:
        return None
    return standing(calendar_for(details.dossier.receiving_unit.province_code), entry.step_due_at, now, paused=False)


def holder_name(details: Details) -> str:
    """The name of the officer who has taken it over; empty where it waits for anybody in the post."""
    account = details.entry.holder_account_id
    if account is None:
        return ""
    for move in reversed(details.moves):
        if move.name == HAND_OVER and move.holder_account_id == account:
            return str(move.data.get("name", ""))
        if move.actor_id == account:
            return move.actor_name
    return ""


def steps_of(details: Details) -> list[dict[str, Any]]:
    """The procedure's steps for the stepper; all behind the present one are still to come."""
    at = details.step
    finished = details.entry.state == State.RETURNED
    stopped = details.entry.closed_at is not None and not finished
    shown = []
    for place, step in enumerate(details.version.steps):
        state = "done" if place < at or finished else "current" if place == at and not stopped else "todo"
        shown.append({"label": step.shown, "state": state, "note": Role(step.role).label})
    return shown


def timeline_of(details: Details) -> list[dict[str, Any]]:
    """Every move with who, when, under which name then and now, why, and its paper."""
    papers = {move_no: (label, href) for label, href, move_no in slips_of(details)}
    shown, due = [], None
    for move in details.moves:
        agency = details.agencies.get(move.agency_id or 0)
        paper = papers.get(move.no)
        last = move.no == details.entry.move_no
        shown.append({
            "label": rules.label_of(move.name), "at": move.at, "actor_name": _by(move),
            "role_label": Role(move.role).label if move.role in Role.values else "",
            "agency_name": agency.name if agency else "", "agency_name_now": _name_now(details, move),
            "note": _told(move), "due_at": move.due_at if move.due_at != due else None,
            "papers": [{"name": paper[0], "href": paper[1]}] if paper else [],
            "tone": "current" if last and not move.closed_at else "bad" if move.name in BAD else "done",
        })  # fmt: skip
        due = move.due_at
    return shown


def _by(move: Any) -> str:
    """Who did it, and for whom where they stood in for somebody."""
    behalf = move.data.get("on_behalf")
    if not behalf:
        return str(move.actor_name)
    words = bi("theo ủy quyền của", "authorised by") if behalf["prefix"] == "TUQ." else bi("thay", "in place of")
    decision = choose(f"QĐ {behalf['decision']}", f"decision {behalf['decision']}")
    return f"{behalf['prefix']} {move.actor_name}, {words} {behalf['name']} ({decision})"


def _name_now(details: Details, move: Move) -> str:
    agency = details.agencies.get(move.agency_id or 0)
    if agency is None or details.answers is None or agency.unit_id != details.dossier.receiving_unit_id:
        return ""
    if details.answers.is_divided:  # it is none of its heirs; the notice on top tells of all
        return ""
    return details.answers.unit.shown_name


def heirs_text(details: Details) -> str:
    """Who answers today for the unit that received it; empty while that unit stands."""
    return ", ".join(heir.shown_name for heir in details.heirs)


def _told(move: Move) -> str:
    """The note with what else the move said: papers asked for, the result's number, who took it."""
    data, lines = move.data, [move.note] if move.note else []
    lines += [f"– {item}" for item in data.get("items", ())]
    if data.get("result_number"):
        lines.append(str(bi("Số kết quả: {n}", "Number of the result: {n}")).format(n=data["result_number"]))
    if move.name == HAND_OVER and data.get("name"):
        lines.append(str(bi("Người nhận: {name}", "Taken by: {name}")).format(name=data["name"]))
    if data.get("received_by"):
        lines.append(str(bi("Người nhận: {name}", "Taken by: {name}")).format(name=data["received_by"]))
    return "\n".join(lines)


def answers_of(details: Details) -> list[tuple[str, Any]]:
    """The declaration as label and answer, in the order of the form; answers without a field keep their name."""
    form = details.dossier.form
    known = {known.name for known in details.version.fields}
    shown = [(one.shown, shown_answer(one, form[one.name])) for one in details.version.fields if one.name in form]
    return shown + [(name, value) for name, value in form.items() if name not in known]


def papers_of(details: Details) -> list[dict[str, Any]]:
    """Each paper with what was handed in and its files; files of no paper stand under the last line."""
    names = {paper.code: paper.shown for paper in details.version.papers}
    files: dict[str, list[Any]] = {}
    for attachment in details.attachments:
        files.setdefault(attachment.paper if attachment.paper in names else "", []).append(attachment)
    shown = []
    rows = {row.get("paper"): row for row in details.dossier.checklist}
    for code, name in names.items():
        row = rows.get(code, {})
        if row.get("originals") or row.get("copies") or row.get("reused") or code in files:
            shown.append({"name": name, "row": row, "files": files.get(code, [])})
    if "" in files:
        shown.append({"name": bi("Giấy tờ khác", "Other papers"), "row": {}, "files": files[""]})
    return shown
