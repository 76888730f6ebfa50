"""Which dossiers there are: exact totals, drawn by one fixed seed, each under the unit and version of its day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import accumulate
from random import Random

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.rules import State
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import Version
from haicap.domain.units import queries as units
from haicap.domain.units.models import Lineage, Unit
from haicap.domain.units.rules import UnitKind
from haicap.flows.demonstration.figures import (
    CHANGE,
    FIRST_DAY,
    LAST_DAY,
    MONTHS,
    ON_TIME,
    PROCEDURES,
    PROVINCE,
    Scale,
)
from haicap.flows.demonstration.names import draw
from haicap.flows.demonstration.timeline import Course
from haicap.kernel import workdays
from haicap.kernel.calendar.queries import calendar_for
from haicap.kernel.clock import ZONE
from haicap.kernel.workdays import Calendar, LimitKind

DAY = 480.0  # working minutes
END = datetime.combine(LAST_DAY, time(17, 0), ZONE)
WEIGHT_OF_KIND = {UnitKind.WARD: 3.2, UnitKind.TOWNSHIP: 2.4, UnitKind.COMMUNE: 1.0}
SUPPLEMENTS, REFUSALS, WITHDRAWALS = 0.05, 0.005, 0.007
LONGEST_LATENESS = 3 * DAY
DRAFTS_KEPT_FOR_LATENESS = timedelta(days=14)  # late ones are taken from what was due some time before the end

# What every commune has open on the last day, so that each of its officers finds work: state, how far, procedures.
SHOWCASE = (
    (State.RECEIVED, 0.0, ("2.000815", "1.001193", "2.000635")),
    (State.PROCESSING, 0.30, ("1.004859", "1.001699", "1.004222", "1.001612")),
    (State.PROCESSING, 0.70, ("1.001699", "1.014027", "1.001612")),
    (State.AWAITING_SIGNATURE, 0.95, ("1.004873", "1.004884", "1.004859")),
    (State.AWAITING_SUPPLEMENT, 1.0, ("1.004222", "1.014027", "1.004873")),
    (State.RESOLVED, 1.0, ("2.000635", "1.000656")),
)
DEPARTMENT_STATES = ((State.PROCESSING, 0.30), (State.AWAITING_SIGNATURE, 0.95))


@dataclass(frozen=True, slots=True)
class Planned:
    """One dossier to be: its place in the plan, its unit and version of the day, its number in the unit that day."""

    index: int
    unit: queries.UnitRow
    version: Version
    course: Course
    due_at: datetime
    number: int = 0


@dataclass(frozen=True)
class _Era:
    """The units of a period, how much comes to each, and the procedures of that time."""

    rows: list[queries.UnitRow]
    heaviness: list[float]
    versions: list[Version]
    frequency: list[float]


def plan(scale: Scale) -> list[Planned]:
    """Every dossier of a scale, in the order of receipt; the same for the same scale. About 100 µs a dossier."""
    return _Planner(scale).plan()


class _Planner:
    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.rng = draw(scale.name)
        self.calendar: Calendar = calendar_for(PROVINCE, FIRST_DAY)
        year = (FIRST_DAY + timedelta(days=n) for n in range((LAST_DAY - FIRST_DAY).days + 1))
        self.days = [day for day in year if workdays.is_working_day(self.calendar, day)]
        old, new = _communes(FIRST_DAY), _communes(CHANGE)
        heaviness = {unit.pk: _heaviness(unit) for unit in old}
        self.before = _era(old, [heaviness[unit.pk] for unit in old], FIRST_DAY)
        self.after = _era(new, _inherited(new, heaviness), CHANGE)
        self.versions = {version.code: version for version in self.after.versions}

    def plan(self) -> list[Planned]:
        shown = list(self._showcase())
        drafts = [self._draft(day) for day in self._days(self.scale.received - len(shown))]
        still_open = self.scale.received - self.scale.resolved - sum(one.course.decided_at is None for one in shown)
        drafts.sort(key=lambda draft: draft.course.decided_at, reverse=True)
        undone = [self._left_open(draft) for draft in drafts[:still_open]]
        done = self._some_late([self._ended(draft) for draft in drafts[still_open:]])
        return _numbered([*shown, *undone, *done])

    def _days(self, count: int) -> list[date]:
        """The days of receipt, by the month's share."""
        in_month = Counter(day.month for day in self.days)
        return self.rng.choices(self.days, [MONTHS[day.month] / in_month[day.month] for day in self.days], k=count)

    def _draft(self, day: date) -> Planned:
        """A dossier with the course that it would take if nothing came in between."""
        rng = self.rng
        era = self.before if day < CHANGE else self.after
        unit = rng.choices(era.rows, cum_weights=era.heaviness)[0]
        version = rng.choices(era.versions, cum_weights=era.frequency)[0]
        received = _moment(rng, day)
        due, total = self._term(unit, version, received)
        supplement = version.time_limit.kind != LimitKind.SAME_DAY and rng.random() < SUPPLEMENTS
        pause = rng.randint(1, 8) * DAY if supplement else 0.0
        decision = min(total, max(8.0, total * rng.triangular(0.12, 0.97, 0.6)))
        decided = workdays.add_minutes(self.calendar, received, decision + pause)
        course = Course(State.RESOLVED, received, decision, pause=pause, paused=supplement, decided_at=decided)
        return Planned(0, unit, version, course, due)

    def _term(self, unit: queries.UnitRow, version: Version, received: datetime) -> tuple[datetime, float]:
        due = queries.due_of(version, unit, received) or received  # only procedures with a time limit are drawn
        return due, workdays.working_minutes_between(self.calendar, received, due)

    def _left_open(self, draft: Planned) -> Planned:
        """A draft that the last day finds undecided; one that should have been decided waits for papers."""
        course = draft.course
        passed = workdays.working_minutes_between(self.calendar, course.received_at, END) / course.decision
        waits = course.decided_at <= END or (course.paused and passed > 0.35)
        end = State.AWAITING_SUPPLEMENT if waits else State.PROCESSING
        opened = replace(course, end=end, decided_at=None, paused=waits, passed=1.0 if waits else passed)
        return replace(draft, course=opened)

    def _ended(self, draft: Planned) -> Planned:
        """A draft with its outcome and its return, if that came before the end."""
        rng, course = self.rng, self._within_the_year(draft.course)
        draft, luck = replace(draft, course=course), rng.random()
        if luck < WITHDRAWALS:
            return replace(draft, course=replace(course, end=State.WITHDRAWN, passed=0.5, paused=False, pause=0.0))
        later = rng.uniform(5, 90) if rng.random() < 0.7 else rng.uniform(90, 3 * DAY)
        returned = workdays.add_minutes(self.calendar, course.decided_at, later)
        refused = luck > 1 - REFUSALS
        if returned > END:
            return replace(draft, course=replace(course, refused=refused))
        return replace(draft, course=replace(course, end=State.RETURNED, returned_at=returned, refused=refused))

    def _within_the_year(self, course: Course) -> Course:
        """A course that would end after the last day ends on it, without a pause."""
        if course.decided_at <= END:
            return course
        took = workdays.working_minutes_between(self.calendar, course.received_at, END) * 0.9
        decided = workdays.add_minutes(self.calendar, course.received_at, took)
        return replace(course, decision=took, decided_at=decided, pause=0.0, paused=False)

    def _some_late(self, done: list[Planned]) -> list[Planned]:
        """Exactly as many decided after their deadline as the figures say."""
        count = round(self.scale.resolved * (1 - ON_TIME))
        limit = END - DRAFTS_KEPT_FOR_LATENESS
        may_be = [place for place, one in enumerate(done)
                  if one.due_at < limit and one.course.end == State.RETURNED and not one.course.paused]  # fmt: skip
        for place in self.rng.sample(may_be, min(count, len(may_be))):
            one = done[place]
            late = workdays.add_minutes(self.calendar, one.due_at, self.rng.uniform(30, LONGEST_LATENESS))
            took = workdays.working_minutes_between(self.calendar, one.course.received_at, late)
            returned = workdays.add_minutes(self.calendar, late, self.rng.uniform(10, DAY))
            done[place] = replace(one, course=replace(one.course, decided_at=late, decision=took, returned_at=returned))
        return done

    def _showcase(self) -> Iterator[Planned]:
        """Open work for every officer of every commune, then for every department."""
        for place, unit in enumerate(self.after.rows):
            for state, passed, codes in SHOWCASE:
                yield self._shown(unit, self.versions[codes[place % len(codes)]], state, passed)
        departments = sorted(
            {v.deciding_agency: v.code for v in self.after.versions if v.deciding_agency[:3] == "so-"}.items()
        )
        for place, (_, code) in enumerate(departments):
            for turn, (state, passed) in enumerate(DEPARTMENT_STATES):
                unit = self.after.rows[(place * 7 + turn * 3) % len(self.after.rows)]
                yield self._shown(unit, self.versions[code], state, passed)

    def _shown(self, unit: queries.UnitRow, version: Version, state: State, passed: float) -> Planned:
        """One dossier that stands in `state` at the end of the last day, still within its time."""
        days_back = 0 if state in (State.RECEIVED, State.RESOLVED) else 1 + (len(version.steps) == 5)
        day = self.days[-1 - days_back]
        hour = 15 if state == State.RECEIVED else 8
        received = datetime.combine(day, time(hour, self.rng.randrange(5, 55), self.rng.randrange(60)), ZONE)
        due, total = self._term(unit, version, received)
        elapsed = workdays.working_minutes_between(self.calendar, received, END)
        if state == State.RESOLVED:
            decided = workdays.add_minutes(self.calendar, received, min(total, elapsed) * 0.7)
            return Planned(
                0, unit, version, Course(state, received, min(total, elapsed) * 0.7, decided_at=decided), due
            )
        decision = min(total, elapsed / passed) if passed else total
        waits = state == State.AWAITING_SUPPLEMENT
        return Planned(0, unit, version, Course(state, received, decision, paused=waits, passed=passed), due)


def _communes(day: date) -> list[Unit]:
    return list(units.communes_of(PROVINCE, day).select_related("province"))


def _era(found: list[Unit], heaviness: list[float], day: date) -> _Era:
    versions = [version for version in procedures.all_on(day) if version.code in PROCEDURES and version.receivable]
    return _Era(
        rows=[queries.receiving_unit(unit.code, day) for unit in found],
        heaviness=list(accumulate(heaviness)),
        versions=versions,
        frequency=list(accumulate(PROCEDURES[version.code] for version in versions)),
    )


def _heaviness(unit: Unit) -> float:
    """How much comes to a unit: wards and towns more; the rest by a draw that is the unit's own."""
    return WEIGHT_OF_KIND.get(UnitKind(unit.kind), 1.0) * draw(unit.code).uniform(0.7, 1.5)


def _inherited(found: list[Unit], heaviness: dict[int, float]) -> list[float]:
    """What came to the units that a new one was made of comes to it; of a divided one a half."""
    sums: dict[int, float] = defaultdict(float)
    for line in Lineage.objects.filter(successor__in=found, predecessor__in=list(heaviness)):
        sums[line.successor_id] += heaviness[line.predecessor_id] * (1.0 if line.is_whole else 0.5)
    return [sums[unit.pk] or _heaviness(unit) for unit in found]


def _moment(rng: Random, day: date) -> datetime:
    """A moment of office hours: most people come in the morning."""
    minute = 420 + rng.triangular(0, 268, 80) if rng.random() < 0.62 else 810 + rng.triangular(0, 205, 50)
    seconds = int(minute * 60)
    return datetime.combine(day, time(seconds // 3600, seconds // 60 % 60, seconds % 60), ZONE)


def _numbered(planned: list[Planned]) -> list[Planned]:
    """In the order of receipt, each with its place in the plan and its number in its unit's book of the day."""
    counters: Counter[tuple[int, date]] = Counter()
    numbered = []
    order: Callable[[Planned], tuple[datetime, str]] = lambda one: (one.course.received_at, one.unit.code)  # noqa: E731
    for index, one in enumerate(sorted(planned, key=order)):
        book = (one.unit.id, one.course.received_at.date())
        counters[book] += 1
        numbered.append(replace(one, index=index, number=counters[book]))
    return numbered
