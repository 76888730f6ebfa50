"""Who needs a topic, who has it, and who in which unit still lacks what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from haicap.domain.people.models import Topic
from haicap.domain.people.training_rules import Standing
from haicap.domain.units.models import Unit
from haicap.kernel.language import choose

PAGE = 50


def needed_by(held: str, known: str = "true") -> str:
    """The start of a statement on `%(day)s`. `held`: the posts for which the condition `held` holds; `needed`: who needs which
    topic by the province's table (see `training_rules.needs`); `known`: who passed which, until when, where `known` holds."""
    return f"""
held AS (
  SELECT DISTINCT a.official_id, a.unit_id, a.body_key, a.post_key, u.level, coalesce(u.province_id, u.id) AS province_id
  FROM people_assignment a
  JOIN people_official o ON o.id = a.official_id JOIN units_unit u ON u.id = a.unit_id
  WHERE {held} AND a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to > %(day)s)
    AND (o.left_on IS NULL OR o.left_on > %(day)s)
), needed AS (
  SELECT DISTINCT h.official_id, h.unit_id, t.id AS topic_id
  FROM held h
  JOIN people_topic t ON t.unit_id = h.province_id AND (t.retired_on IS NULL OR t.retired_on > %(day)s)
  JOIN people_trainingneed n ON n.topic_id = t.id
    AND n.level IN ('', h.level) AND n.body_key IN ('', h.body_key) AND n.post_key IN ('', h.post_key)
), known AS (
  SELECT e.official_id, e.topic_id, max(e.passed_on) AS since, max(coalesce(e.known_until, 'infinity'::date)) AS until
  FROM people_enrolment e WHERE {known} AND e.result = 'passed' AND e.passed_on <= %(day)s GROUP BY 1, 2
)
"""  # noqa: S608 - of fixed parts


NEEDED = needed_by("a.unit_id = ANY(%(units)s)")
_CELLS = f"""
WITH {NEEDED}
SELECT n.unit_id, n.topic_id, count(*), count(k.official_id)
FROM needed n
LEFT JOIN known k ON k.official_id = n.official_id AND k.topic_id = n.topic_id AND k.until > %(day)s
GROUP BY 1, 2
"""  # noqa: S608 - of fixed parts
_PEOPLE = f"""
WITH {NEEDED}
SELECT o.id, o.full_name, u.name, t.name, t.name_en, k.since, nullif(k.until, 'infinity'::date),
       coalesce(k.until > %(day)s, false),
       (SELECT min(c.first_day) FROM people_enrolment e JOIN people_trainingclass c ON c.id = e.training_class_id
        WHERE e.official_id = o.id AND e.topic_id = t.id AND e.result = '' AND c.cancelled_on IS NULL AND c.last_day >= %(day)s),
       count(*) OVER ()
FROM needed n
JOIN people_official o ON o.id = n.official_id JOIN units_unit u ON u.id = n.unit_id JOIN people_topic t ON t.id = n.topic_id
LEFT JOIN known k ON k.official_id = n.official_id AND k.topic_id = n.topic_id
WHERE (%(topic)s = 0 OR t.id = %(topic)s)
  AND (%(state)s = '' OR (%(state)s = 'du') = coalesce(k.until > %(day)s, false))
ORDER BY u.code, t.position, people_fold(o.full_name), o.id LIMIT %(rows)s OFFSET %(skip)s
"""  # noqa: S608 - of fixed parts
_OWN = f"""
WITH {NEEDED}
SELECT t.id, t.name, t.name_en, t.months, k.since, nullif(k.until, 'infinity'::date), coalesce(k.until > %(day)s, false),
       EXISTS (SELECT FROM needed n WHERE n.official_id = %(official)s AND n.topic_id = t.id)
FROM people_topic t
LEFT JOIN known k ON k.official_id = %(official)s AND k.topic_id = t.id
WHERE k.official_id IS NOT NULL OR EXISTS (SELECT FROM needed n WHERE n.official_id = %(official)s AND n.topic_id = t.id)
ORDER BY t.position, t.id
"""  # noqa: S608 - of fixed parts


@dataclass(frozen=True)
class Cell:
    """How many of a unit's people need a topic, and how many of them have it."""

    need: int = 0
    known: int = 0

    @property
    def lacking(self) -> int:
        """Those who still lack it."""
        return self.need - self.known

    def __add__(self, other: Cell) -> Cell:
        return Cell(self.need + other.need, self.known + other.known)


@dataclass(frozen=True)
class Row:
    """A unit with a cell for each topic, and all of them together."""

    unit: Unit
    cells: Sequence[tuple[Topic, Cell]]
    total: Cell


@dataclass(frozen=True)
class Matrix:
    """Units by topics on a day."""

    topics: Sequence[Topic]
    rows: Sequence[Row]
    totals: Sequence[tuple[Topic, Cell]]
    total: Cell


@dataclass(frozen=True)
class PersonLine:
    """Somebody who needs a topic; `sits_in_from`: the first day of a class of it that they are enrolled in."""

    official_id: int
    full_name: str
    unit: str
    topic_vi: str
    topic_en: str
    since: date | None
    until: date | None
    known: bool
    sits_in_from: date | None

    @property
    def topic(self) -> str:
        """The topic in the reader's language."""
        return choose(self.topic_vi, self.topic_en)

    @property
    def standing(self) -> Standing:
        """How they stand in it."""
        return Standing(self.known, self.since, self.until)


@dataclass(frozen=True)
class OwnTopic:
    """A topic that somebody needs or has."""

    id: int
    name_vi: str
    name_en: str
    months: int | None
    since: date | None
    until: date | None
    known: bool
    needed: bool

    @property
    def name(self) -> str:
        """The topic in the reader's language."""
        return choose(self.name_vi, self.name_en)

    @property
    def standing(self) -> Standing:
        """How they stand in it."""
        return Standing(self.known, self.since, self.until)


def topics_of(province_id: int, day: date) -> list[Topic]:
    """The topics that a province teaches on `day`. One statement."""
    rows = Topic.objects.filter(unit_id=province_id).order_by("position", "pk")
    return [topic for topic in rows if topic.retired_on is None or topic.retired_on > day]


def matrix(units: Sequence[Unit], topics: Sequence[Topic], day: date) -> Matrix:
    """Who has what, by unit and topic: people count once in each unit in which they hold a post. One statement."""
    cells: dict[tuple[int, int], Cell] = defaultdict(Cell)
    with connection.cursor() as cursor:
        cursor.execute(_CELLS, {"units": [unit.pk for unit in units], "day": day})
        for unit_id, topic_id, need, known in cursor.fetchall():
            cells[unit_id, topic_id] = Cell(need, known)
    rows = []
    for unit in units:
        own = [(topic, cells[unit.pk, topic.pk]) for topic in topics]
        rows.append(Row(unit, own, sum((cell for _, cell in own), Cell())))
    totals = [(topic, sum((row.cells[at][1] for row in rows), Cell())) for at, topic in enumerate(topics)]
    return Matrix(topics, rows, totals, sum((row.total for row in rows), Cell()))


def people_behind(
    unit_ids: Collection[int], day: date, *, topic_id: int = 0, state: str = "", page: int = 1, rows: int = PAGE
) -> tuple[list[PersonLine], int]:
    """Those behind a number of the matrix, and how many there are in all; `state`: "thieu", "du" or both. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {
            "units": list(unit_ids), "day": day, "topic": topic_id, "state": state, "rows": rows, "skip": rows * (page - 1),
        })  # fmt: skip
        found = cursor.fetchall()
    return [PersonLine(*row[:-1]) for row in found], found[0][-1] if found else 0


def standing_of(official_id: int, unit_ids: Collection[int], day: date) -> list[OwnTopic]:
    """What somebody needs by their posts in `unit_ids`, and what they have. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_OWN, {"official": official_id, "units": list(unit_ids), "day": day})
        return [OwnTopic(*row) for row in cursor.fetchall()]
