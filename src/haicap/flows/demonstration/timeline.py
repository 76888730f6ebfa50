"""The life of one made-up dossier, in minutes of working time, as moves on the clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

from haicap.domain.dossiers.rules import State
from haicap.domain.procedures.rules import Version
from haicap.kernel import workdays
from haicap.kernel.workdays import Calendar

ITEMS = ("Bản sao giấy khai sinh", "Giấy xác nhận nơi cư trú", "Tờ khai thiếu chữ ký", "Văn bản ủy quyền")
ASK = "Giấy tờ chưa đủ theo thành phần hồ sơ."
REFUSAL = "Không đủ điều kiện theo quy định."
WITHDRAWAL = "Người nộp đề nghị rút hồ sơ."
# When each hand-over happens, as a part of the time until the decision.
FORWARDED, ACCEPTED, ASKED, REVIEWED, REVIEW_BEGUN, SUBMITTED = 0.10, 0.18, 0.35, 0.55, 0.62, 0.85

Officer = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Course:
    """What happens to a dossier: its end (a state), minutes until the decision, of the pause, until the return."""

    end: str
    received_at: datetime
    decision: float
    pause: float = 0.0
    decided_at: datetime | None = None
    returned_at: datetime | None = None
    paused: bool = False  # asked for a supplement, or still waiting for one
    refused: bool = False
    passed: float = 1.0  # for an open dossier: how far it came, as a part of the time until the decision


def moves(course: Course, version: Version, calendar: Calendar, officer: Officer, rng: Random) -> list[dict[str, Any]]:
    """The moves of a course in order, as the import takes them; no two decisions of time are drawn twice."""
    steps = version.steps
    inner = len(steps) - 3  # steps between the counter's and the decider's
    plan: list[tuple[float, str, str, dict[str, Any]]] = [
        (FORWARDED, "forward", steps[0].role, {}), (ACCEPTED, "accept_handover", steps[1].role, {}),
    ]  # fmt: skip
    if inner > 1:
        plan += [(REVIEWED, "forward", steps[1].role, {}), (REVIEW_BEGUN, "accept_handover", steps[2].role, {})]
    plan.append((SUBMITTED, "submit_for_signature", steps[inner].role, {}))
    if course.paused:
        asked = {"note": ASK, "items": [rng.choice(ITEMS)]}
        plan.append((ASKED, "request_supplement", steps[1].role, asked))
        if course.end != State.AWAITING_SUPPLEMENT:
            plan.append((ASKED + 1e-6, "resume", steps[1].role, {}))
    plan.sort(key=lambda move: move[0])
    return _on_the_clock(course, plan, calendar, officer, steps)


def _on_the_clock(
    course: Course, plan: list[Any], calendar: Calendar, officer: Officer, steps: Any
) -> list[dict[str, Any]]:
    done = [{"name": "receive", "at": course.received_at, "by": officer(steps[0].role)}]
    shift = 0.0
    for part, name, role, data in plan:
        if part > course.passed:
            break
        if name == "resume":
            shift = course.pause
        at = workdays.add_minutes(calendar, course.received_at, part * course.decision + shift)
        at = max(at, done[-1]["at"])
        if course.decided_at:
            at = min(at, course.decided_at)
        done.append({"name": name, "at": at, "by": officer(role), **data})
        if name == "request_supplement" and course.end == State.AWAITING_SUPPLEMENT:
            return done
    return done + _end(course, officer, steps)


def _end(course: Course, officer: Officer, steps: Any) -> list[dict[str, Any]]:
    """The decision and what follows it; nothing for an open dossier."""
    at, decider = course.decided_at, officer(steps[-2].role)
    if at is None:
        return []
    if course.end == State.WITHDRAWN:
        return [{"name": "withdraw", "at": at, "by": officer(steps[0].role), "note": WITHDRAWAL}]
    name, note = ("refuse", REFUSAL) if course.refused else ("approve", "")
    ends = [{"name": name, "at": at, "by": decider, "note": note}]
    if course.returned_at is not None:
        ends.append({"name": "return_result", "at": course.returned_at, "by": officer(steps[-1].role)})
    return ends
