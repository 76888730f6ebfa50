"""Training of the demonstration: the classes and learners that the press tells of, with attendance and results; some
communes still lack some topics. All through the public commands, all people made up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from haicap.domain.people import queries as people
from haicap.domain.people.commands import training
from haicap.domain.people.commands.training import ClassFacts, Learner, Mark
from haicap.domain.people.models import Enrolment, Topic, TrainingClass
from haicap.domain.people.queries import actor_for
from haicap.domain.people.queries.training.competence import people_behind
from haicap.domain.people.training_rules import Result, proposed_result
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.flows.demonstration.figures import CHANGE, CLASSES_BY_TOPIC, LEARNERS, PROVINCE
from haicap.flows.demonstration.names import draw
from haicap.kernel.scope import Actor, entered

ORGANISER = "Sở Nội vụ phối hợp Sở Khoa học và Công nghệ"
PLACES = (
    "Hội trường Trung tâm Hội nghị tỉnh", "Trường Chính trị tỉnh", "Hội trường Ủy ban nhân dân phường Tô Hiệu",
    "Hội trường Ủy ban nhân dân xã Mộc Châu",
)  # fmt: skip
ONLINE = "https://hoc-truc-tuyen.example/lop"
LEFT_OUT = 9  # of so many units one has nobody in a topic's classes: they still lack it
MOST_ROWS = 100_000
CERTIFIED = 3  # of so many classes one has its certificates already; the others can be given
FULL, HALF = 0.95, 0.98  # shares of those who were there on all days, and at least on one


@dataclass(frozen=True)
class _Planned:
    """A class to be, and who sits in it."""

    facts: ClassFacts
    officials: Sequence[int]


def fill() -> None:
    """Teach everybody through the public commands, as the province's administrator; does nothing the second time."""
    actor = actor_for(people.account_named(f"quantri-{PROVINCE}").pk)
    with entered(actor):
        if TrainingClass.objects.exists():
            return
        training.load_plan(actor=actor, plan=training.read_plan())
        planned = list(_planned(actor))
        classes = training.record_classes(actor=actor, classes=[one.facts for one in planned])
        training.enrol(actor=actor, learners=[
            Learner(row.pk, official) for row, one in zip(classes, planned, strict=True) for official in one.officials
        ])  # fmt: skip
        training.mark(actor=actor, marks=list(_marks({row.pk: row for row in classes})))
        training.issue(actor=actor, class_ids=[row.pk for row in classes if row.pk % CERTIFIED == 0])


def _planned(actor: Actor) -> Iterator[_Planned]:
    province = units.unit_on(PROVINCE, CHANGE)
    number = 0
    for topic in Topic.objects.filter(unit=province).order_by("position"):
        many = CLASSES_BY_TOPIC[topic.key]
        pool = _pool(actor, topic, LEARNERS * many // sum(CLASSES_BY_TOPIC.values()))
        for place in range(many):
            number += 1
            here = pool[place * len(pool) // many : (place + 1) * len(pool) // many]
            yield _Planned(_facts(province, topic, number, place, len(here)), here)


def _pool(actor: Actor, topic: Topic, wanted: int) -> list[int]:
    """Who learns a topic: of those whose posts need it, by unit; one unit of `LEFT_OUT` is still to come."""
    lines, _ = people_behind(actor.unit_ids, CHANGE, topic_id=topic.pk, state="thieu", rows=MOST_ROWS)
    names = sorted({line.unit for line in lines})
    out = {name for at, name in enumerate(names) if at % LEFT_OUT == topic.position}
    found = [line.official_id for line in lines if line.unit not in out]
    chosen = set(draw("learners", topic.key).sample(range(len(found)), min(wanted, len(found))))
    return list(dict.fromkeys(official for at, official in enumerate(found) if at in chosen))


def _facts(province: Unit, topic: Topic, number: int, place: int, learners: int) -> ClassFacts:
    rng = draw("class", topic.key, place)
    begins = CHANGE + timedelta(days=7 + rng.randrange(80))
    begins -= timedelta(days=max(0, begins.weekday() - 3))  # two days of the same working week
    online = rng.random() < 0.2
    return ClassFacts(
        unit=province, topic=topic.key, number=f"L{number:03d}/2025", title=f"{topic.name}, lớp số {place + 1}",
        days=(begins, begins + timedelta(days=1)), seats=learners + rng.randrange(8), organiser=ORGANISER,
        place="" if online else rng.choice(PLACES), link=f"{ONLINE}/{number}" if online else "", synthetic=True,
    )  # fmt: skip


def _marks(classes: Mapping[int, TrainingClass]) -> Iterator[Mark]:
    dice = {pk: draw("attendance", row.number) for pk, row in classes.items()}
    rows = Enrolment.objects.filter(training_class_id__in=list(classes)).order_by("training_class_id", "official_id")
    for pk, class_id in rows.values_list("pk", "training_class_id"):
        days = classes[class_id].days
        there = _attended(days, dice[class_id].random())
        result = proposed_result(days, there)
        yield Mark(pk, there, result if there else Result.ABSENT)


def _attended(days: Sequence[date], thrown: float) -> tuple[date, ...]:
    if thrown < FULL:
        return tuple(days)
    return tuple(days[:1]) if thrown < HALF else ()
