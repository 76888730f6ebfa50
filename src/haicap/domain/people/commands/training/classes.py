"""Classes: opened one by one or many at once, and cancelled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from haicap.domain.people.access import can_train
from haicap.domain.people.commands.training.trail import record_many
from haicap.domain.people.models import Topic, TrainingClass
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.training_errors import ClassUnknown, TrainingRefused
from haicap.domain.people.training_rules import MOST_DAYS, MOST_SEATS
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.access import require
from haicap.kernel.audit import commands as audit
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

LONGEST, LONGEST_NUMBER, LONGEST_WHY = 200, 40, 300
TEXTS = ("number", "title", "organiser", "trainer", "place", "link")


@dataclass(frozen=True)
class ClassFacts:
    """A class as asked for; `topic`: the key of a topic of the unit's province; see `TrainingClass` for the rest."""

    unit: Unit
    topic: str
    number: str
    title: str
    days: tuple[date, ...]
    seats: int
    place: str = ""
    link: str = ""
    organiser: str = ""
    trainer: str = ""
    invited: tuple[int, ...] = ()
    synthetic: bool = False


def class_problems(facts: ClassFacts) -> list[Problem]:
    """What is wrong with a class by itself; [] where nothing is."""
    found = []
    if not 0 < len(facts.number) <= LONGEST_NUMBER:
        found.append(
            Problem("number", bi("Ghi mã lớp, không quá 40 ký tự.", "Give the class's code, 40 letters at most."))
        )
    if not facts.title:
        found.append(Problem("title", bi("Ghi tên lớp.", "Give the class's name.")))
    if any(len(getattr(facts, name)) > LONGEST for name in TEXTS):
        found.append(Problem("title", bi("Mỗi ô không quá 200 ký tự.", "200 letters at most in each box.")))
    if not 0 < len(set(facts.days)) <= MOST_DAYS:
        found.append(Problem("days", bi("Ghi từ 1 đến 60 ngày học.", "Give 1 to 60 days.")))
    if not 0 < facts.seats <= MOST_SEATS:
        found.append(Problem("seats", bi("Số chỗ từ 1 đến 2.000.", "1 to 2,000 seats.")))
    if not facts.place and not facts.link:
        found.append(
            Problem("place", bi("Ghi địa điểm, hoặc đường dẫn nếu học trực tuyến.", "Give the place, or a link."))
        )
    if facts.link and not facts.link.startswith(("https://", "http://")):
        found.append(Problem("link", bi("Đường dẫn bắt đầu bằng https://.", "A link begins with https://.")))
    return found


def record_classes(*, actor: Actor, classes: Sequence[ClassFacts]) -> list[TrainingClass]:
    """Open classes of units that the actor administers; all or nothing.

    Raises Denied, or TrainingRefused with every fault, told by place: "classes[3].days". A handful of statements for
    any number of classes.
    """
    require(can_train(actor))
    classes = [_tidied(one) for one in classes]
    topics = topics_for(classes)
    problems = _problems(actor, classes, topics)
    if problems:
        raise TrainingRefused(problems=problems)
    with transaction.atomic():
        rows = TrainingClass.objects.bulk_create(_row(one, topics[_province(one.unit), one.topic]) for one in classes)
        record_many("people:class:open", (
            (f"class:{row.pk}", row.unit_id, {"number": row.number, "days": [str(day) for day in row.days],
                                              "seats": row.seats})
            for row in rows
        ))  # fmt: skip
    return rows


def topics_for(classes: Sequence[ClassFacts]) -> Mapping[tuple[int, str], Topic]:
    """The topics of the provinces of some classes, by province and key. One statement."""
    provinces = {_province(one.unit) for one in classes}
    return {(topic.unit_id, topic.key): topic for topic in Topic.objects.filter(unit_id__in=provinces, retired_on=None)}


def cancel_class(*, actor: Actor, class_id: int, why: str) -> None:
    """The class does not take place. Raises Denied, ClassUnknown, TrainingRefused where results stand already."""
    row = own_class(actor, class_id)
    why = clean(why)
    if not 0 < len(why) <= LONGEST_WHY:
        raise TrainingRefused(problems=[Problem("why", bi("Ghi lý do, không quá 300 ký tự.", "Say why, 300 at most."))])
    if row.cancelled_on or row.enrolments.exclude(result="").exists():
        text = bi("Lớp đã hủy hoặc đã có kết quả nên không hủy được.", "It is cancelled already, or has results.")
        raise TrainingRefused(problems=[Problem("why", text)])
    row.cancelled_on, row.cancelled_why = clock.today(), why
    row.save(update_fields=["cancelled_on", "cancelled_why"])
    audit.record("people:class:cancel", subject=f"class:{row.pk}", unit_id=row.unit_id, data={"why": why})


def own_class(actor: Actor, class_id: int) -> TrainingClass:
    """A class of a unit that the actor administers, locked. Raises Denied, ClassUnknown."""
    require(can_train(actor))
    row = TrainingClass.objects.select_for_update().filter(pk=class_id, unit_id__in=reach_of(actor).unit_ids).first()
    if row is None:
        raise ClassUnknown
    return row


def _tidied(facts: ClassFacts) -> ClassFacts:
    texts = {name: clean(getattr(facts, name)) for name in TEXTS}
    return ClassFacts(**{**facts.__dict__, **texts, "days": tuple(sorted(set(facts.days)))})


def _province(unit: Unit) -> int:
    return unit.province_id or unit.pk


def _problems(actor: Actor, classes: Sequence[ClassFacts], topics: Mapping[tuple[int, str], Topic]) -> list[Problem]:
    reach, found = reach_of(actor).unit_ids, []
    numbers = [one.number for one in classes]
    known = TrainingClass.objects.filter(unit_id__in={one.unit.pk for one in classes}, number__in=numbers)
    taken = set(known.values_list("unit_id", "number"))
    for place, one in enumerate(classes):
        here = class_problems(one)
        if one.unit.pk not in reach:
            here.append(Problem("unit", bi("Đơn vị này không do bạn quản trị.", "You do not administer that unit.")))
        if (_province(one.unit), one.topic) not in topics:
            here.append(Problem("topic", bi("Chọn chuyên đề trong danh mục.", "Choose a topic of the list.")))
        if (one.unit.pk, one.number) in taken:
            here.append(Problem("number", bi("Mã lớp này đã có.", "A class has this code already.")))
        taken.add((one.unit.pk, one.number))
        found += [Problem(f"classes[{place}].{problem.field}", problem.message) for problem in here]
    return found


def _row(facts: ClassFacts, topic: Topic) -> TrainingClass:
    return TrainingClass(
        unit=facts.unit, topic=topic, number=facts.number, title=facts.title, organiser=facts.organiser,
        trainer=facts.trainer, place=facts.place, link=facts.link, days=list(facts.days), first_day=facts.days[0],
        last_day=facts.days[-1], seats=facts.seats, invited=list(facts.invited), synthetic=facts.synthetic,
    )  # fmt: skip
