"""Steps and papers of a version: who acts when, and what the applicant brings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from haicap.domain.procedures.rules.shapes import Paper, Step, Version
from haicap.kernel import workdays
from haicap.kernel.workdays import Calendar


@dataclass(frozen=True, slots=True)
class StepDue:
    """A step with the moment by which it should be done."""

    step: Step
    due: datetime


def step_plan(steps: Sequence[Step], start: datetime, due: datetime, calendar: Calendar) -> list[StepDue]:
    """When each step should be done, so that the last one ends at `due`: its share of the working time from `start`.

    `start` and `due` are aware. Where no working time lies between them, every step is due at `due`.
    """
    total = workdays.working_minutes_between(calendar, start, due)
    whole = sum(step.share for step in steps) or 1.0
    plan, passed = [], 0.0
    for step in steps[:-1]:
        passed += step.share
        moment = workdays.add_minutes(calendar, start, total * passed / whole) if total > 0 else due
        plan.append(StepDue(step, min(moment, due)))
    return [*plan, StepDue(steps[-1], due)] if steps else []


def next_step(steps: Sequence[Step], key: str) -> Step | None:
    """The step behind the one called `key`; None behind the last one or where there is no such step."""
    keys = [step.key for step in steps]
    place = keys.index(key) + 1 if key in keys else len(keys)
    return steps[place] if place < len(steps) else None


def papers_for(version: Version, *, reachable: frozenset[str] | None = None) -> list[tuple[Paper, bool]]:
    """Every paper with whether the applicant must bring it.

    A paper whose data lie in a connected database is never asked (Resolution 66.7/2025/NQ-CP), unless that database
    is not among the `reachable` ones (None: all are reachable). An electronic form is filled in, not brought.
    """
    asked = []
    for paper in version.papers:
        replaced = bool(paper.skipped_if) and (reachable is None or paper.skipped_if in reachable)
        asked.append((paper, paper.required and not replaced and not paper.e_form))
    return asked
