"""Classes, their learners, and who could still be enrolled."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from haicap.domain.people.queries.training.competence import NEEDED
from haicap.domain.people.training_rules import ClassState, Result, proposed_result, state_of
from haicap.kernel import clock, vi
from haicap.kernel.language import choose

PAGE = 50
# A class with its learners counted; everybody counts those that they see. Numbers of seats taken: `taken_seats`.
_CLASSES = """
WITH line AS (
  SELECT k.id, k.number, k.title, k.place, k.link, k.days, k.first_day, k.last_day, k.seats, k.organiser, k.unit_id,
         k.cancelled_on IS NOT NULL AS cancelled, t.name AS topic, t.name_en AS topic_en, u.name AS unit,
         count(e.id) AS learners, count(e.id) FILTER (WHERE e.result = 'passed') AS passed,
         count(e.id) FILTER (WHERE e.result = '') AS unmarked, count(c.id) AS certified
  FROM people_trainingclass k
  JOIN people_topic t ON t.id = k.topic_id JOIN units_unit u ON u.id = k.unit_id
  LEFT JOIN people_enrolment e ON e.training_class_id = k.id LEFT JOIN people_completion c ON c.enrolment_id = e.id
  WHERE (%(topic)s = 0 OR k.topic_id = %(topic)s)
    AND (%(words)s = '' OR people_fold(k.title || ' ' || k.number || ' ' || k.place || ' ' || k.organiser) LIKE %(words)s)
  GROUP BY k.id, t.id, u.id
)
SELECT *, CASE WHEN cancelled THEN 'da-huy' WHEN %(day)s < first_day THEN 'sap-mo' WHEN %(day)s <= last_day AND unmarked > 0
          THEN 'dang-hoc' WHEN unmarked > 0 THEN 'cho-ket-qua' ELSE 'da-xong' END AS state
FROM line
"""
_LIST = f"""
SELECT * FROM ({_CLASSES}) s WHERE (%(state)s = '' OR state = %(state)s)
ORDER BY first_day DESC, id DESC LIMIT %(rows)s OFFSET %(skip)s
"""  # noqa: S608 - of fixed parts
_TOTALS = f"""
SELECT count(*) FILTER (WHERE NOT cancelled), coalesce(sum(learners) FILTER (WHERE NOT cancelled), 0),
       coalesce(sum(passed), 0), count(*) FILTER (WHERE state = 'sap-mo'), count(*) FILTER (WHERE state = 'cho-ket-qua'),
       count(*) FILTER (WHERE %(state)s = '' OR state = %(state)s)
FROM ({_CLASSES}) s
"""  # noqa: S608 - of fixed parts
_LEARNERS = """
SELECT e.id, o.full_name, u.name, e.attended, e.result, e.known_until, c.id, c.number, c.withdrawn_on IS NOT NULL
FROM people_enrolment e JOIN people_official o ON o.id = e.official_id JOIN units_unit u ON u.id = e.unit_id
LEFT JOIN people_completion c ON c.enrolment_id = e.id
WHERE e.training_class_id = %(class)s ORDER BY u.code, people_fold(o.full_name), e.id
"""
_CANDIDATES = f"""
WITH {NEEDED}
SELECT DISTINCT ON (o.id) o.id, o.full_name, u.name, p.title, p.title_en,
       EXISTS (SELECT FROM people_enrolment e WHERE e.training_class_id = %(class)s AND e.official_id = o.id) AS enrolled,
       EXISTS (SELECT FROM known n WHERE n.official_id = o.id AND n.topic_id = %(topic)s AND n.until > %(day)s) AS known,
       EXISTS (SELECT FROM needed n WHERE n.official_id = o.id AND n.topic_id = %(topic)s) AS needs
FROM people_official o JOIN held h ON h.official_id = o.id AND h.unit_id = o.unit_id JOIN units_unit u ON u.id = o.unit_id
LEFT JOIN people_body b ON b.unit_id = h.unit_id AND b.key = h.body_key
     AND b.valid_from <= %(day)s AND (b.valid_to IS NULL OR b.valid_to > %(day)s)
LEFT JOIN people_post p ON p.body_id = b.id AND p.key = h.post_key
     AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
WHERE (%(body)s = '' OR h.body_key = %(body)s) AND (%(post)s = '' OR h.post_key = %(post)s)
ORDER BY o.id LIMIT %(most)s
"""  # noqa: S608 - of fixed parts


@dataclass(frozen=True)
class ClassLine:
    """A class as the list tells it; `learners`, `passed`, `certified` count the people that the reader sees."""

    id: int
    number: str
    title: str
    place: str
    link: str
    days: Sequence[date]
    first_day: date
    last_day: date
    seats: int
    organiser: str
    unit_id: int
    cancelled: bool
    topic_vi: str
    topic_en: str
    unit: str
    learners: int
    passed: int
    unmarked: int
    certified: int
    state: str

    @property
    def topic(self) -> str:
        """The topic in the reader's language."""
        return choose(self.topic_vi, self.topic_en)

    @property
    def label(self) -> Any:
        """The state in words."""
        return ClassState(self.state).label


@dataclass(frozen=True)
class Totals:
    """Figures over the list: classes, seats taken, passed, planned, waiting for results; `matching` the filters."""

    classes: int
    learners: int
    passed: int
    planned: int
    unmarked: int
    matching: int


@dataclass(frozen=True)
class Wanted:
    """What the list is narrowed to; empty parts narrow nothing."""

    words: str = ""
    topic: int = 0
    state: str = ""

    def parameters(self) -> dict[str, Any]:
        """As the statements take it."""
        words = vi.fold(self.words).replace("\\", "").replace("%", "").replace("_", "")
        return {
            "words": f"%{words}%" if words else "", "topic": self.topic, "state": self.state, "day": clock.today(),
        }  # fmt: skip


@dataclass(frozen=True)
class LearnerLine:
    """A learner of a class."""

    id: int
    full_name: str
    unit: str
    attended: Sequence[date]
    result: str
    known_until: date | None
    completion_id: int | None
    completion_number: int | None
    withdrawn: bool

    @property
    def label(self) -> Any:
        """The result in words; "" while there is none."""
        return Result(self.result).label if self.result else ""

    def proposed(self, days: Sequence[date]) -> str:
        """The result that stands, or the one that the attendance suggests."""
        return self.result or (proposed_result(days, self.attended).value if self.attended else "")


@dataclass(frozen=True)
class Candidate:
    """Somebody who could sit in a class, and why not: already in it, knows the topic, needs it."""

    id: int
    full_name: str
    unit: str
    title_vi: str | None
    title_en: str | None
    enrolled: bool
    known: bool
    needs: bool

    @property
    def title(self) -> str:
        """The post in the reader's language."""
        return choose(self.title_vi or "", self.title_en or "")


def classes(wanted: Wanted, *, page: int = 1) -> list[ClassLine]:
    """A page of classes that the reader sees, the newest first. One statement."""
    asked = wanted.parameters() | {"rows": PAGE, "skip": PAGE * (page - 1)}
    with connection.cursor() as cursor:
        cursor.execute(_LIST, asked)
        return [ClassLine(*row) for row in cursor.fetchall()]


def totals(wanted: Wanted) -> Totals:
    """The figures over all classes that match words and topic. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, wanted.parameters())
        return Totals(*map(int, cursor.fetchone()))


def learners(class_id: int) -> list[LearnerLine]:
    """The learners of a class that the reader sees, by unit and name. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_LEARNERS, {"class": class_id})
        return [LearnerLine(*row) for row in cursor.fetchall()]


def taken_seats(class_ids: Sequence[int]) -> Mapping[int, int]:
    """How many sit in each class, whoever's people they are. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT training_class_id, taken FROM people_class_taken(%s)", [list(class_ids)])
        return dict(cursor.fetchall())


def candidates(
    *, class_id: int, topic_id: int, unit_ids: Collection[int], body: str = "", post: str = "", most: int = 3000
) -> list[Candidate]:
    """Those who hold a post in some units today, narrowed to a body and a post, by unit and name. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(_CANDIDATES, {
            "class": class_id, "topic": topic_id, "units": list(unit_ids), "day": clock.today(), "body": body, "post": post,
            "most": most,
        })  # fmt: skip
        found = [Candidate(*row) for row in cursor.fetchall()]
    return sorted(found, key=lambda one: (one.unit, vi.name_sort_key(one.full_name), one.id))


def class_state(days: Sequence[date], *, cancelled: bool, unmarked: int) -> ClassState:
    """Where a class stands today."""
    return state_of(days, clock.today(), cancelled=cancelled, unmarked=unmarked)
