"""Classes and attendance from a file: every row is judged, all faults are told, and all is written or nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from haicap.domain.people.access import can_train
from haicap.domain.people.commands.training.attendance import Mark, mark
from haicap.domain.people.commands.training.classes import ClassFacts, class_problems, record_classes
from haicap.domain.people.commands.training.learners import Learner, enrol
from haicap.domain.people.commands.training.sheet import KINDS, Sheet, SheetRow, days_in
from haicap.domain.people.models import Enrolment, Official, Topic, TrainingClass
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.training_errors import TrainingRefused
from haicap.domain.people.training_rules import Result
from haicap.domain.units.models import Unit
from haicap.kernel import vi
from haicap.kernel.access import require
from haicap.kernel.errors import Problem
from haicap.kernel.language import LANGUAGES, bi, speaking
from haicap.kernel.scope import Actor


@dataclass(frozen=True)
class Fault:
    """One thing wrong with one row: its column in words, and what to do."""

    line: int
    column: Any
    message: Any


@dataclass(frozen=True)
class Attended:
    """A row of attendance that was understood."""

    class_id: int
    official_id: int
    days: tuple[date, ...]
    result: str


@dataclass(frozen=True)
class Judged:
    """What a file would do: `classes` to open, or `attended` with how many people are enrolled on the way."""

    sheet: Sheet
    faults: Sequence[Fault]
    classes: Sequence[ClassFacts] = ()
    attended: Sequence[Attended] = ()
    newcomers: int = 0
    skipped: int = 0


def judge(*, actor: Actor, sheet: Sheet) -> Judged:
    """Look at every row, write nothing. A class that is there already is skipped. Raises Denied."""
    require(can_train(actor) and actor.unit_id is not None)
    return _classes(actor, sheet) if sheet.kind == "classes" else _attendance(actor, sheet)


def write(*, actor: Actor, sheet: Sheet) -> Judged:
    """Judge again and write everything in one transaction where there is no fault. Raises Denied.

    A fault that shows only then (the seats of a class) is told by its sentence, without a row.
    """
    judged = judge(actor=actor, sheet=sheet)
    if judged.faults:
        return judged
    try:
        with transaction.atomic():
            if judged.classes:
                record_classes(actor=actor, classes=judged.classes)
            if judged.attended:
                _write_attendance(actor, judged.attended)
    except TrainingRefused as refused:
        return Judged(sheet, [Fault(0, "", problem.message) for problem in refused.problems])
    return judged


def _classes(actor: Actor, sheet: Sheet) -> Judged:
    unit = Unit.objects.get(pk=actor.unit_id or 0)
    topics = _topics(unit)
    known = set(TrainingClass.objects.filter(unit=unit).values_list("number", flat=True))
    faults: list[Fault] = []
    found: dict[str, ClassFacts] = {}
    skipped = 0
    for row in sheet.rows:
        if row["number"] in known:
            skipped += 1
            continue
        days = _days(row, "days", sheet, faults)
        seats = int(row["seats"]) if row["seats"].isascii() and row["seats"].isdigit() and len(row["seats"]) < 6 else 0
        facts = ClassFacts(
            unit=unit, topic=topics.get(vi.fold(row["topic"]), ""), number=row["number"], title=row["title"], days=days,
            seats=seats, place=row["place"], link=row["link"], organiser=row["organiser"], trainer=row["trainer"],
        )  # fmt: skip
        problems = [one for one in class_problems(facts) if one.field != "days" or not row["days"]]
        if not facts.topic:
            text = bi("Chuyên đề không có trong danh mục của tỉnh.", "The province's list has no such topic.")
            problems.append(Problem("topic", text))
        if facts.number in found:
            problems.append(Problem("number", bi("Trùng mã lớp với dòng khác.", "Another row has the same code.")))
        faults += [Fault(row.line, KINDS["classes"].get(one.field, ""), one.message) for one in problems]
        found[facts.number] = facts
    return Judged(sheet, faults, classes=list(found.values()), skipped=skipped)


def _attendance(actor: Actor, sheet: Sheet) -> Judged:
    reach = reach_of(actor).unit_ids
    classes = {row.number: row for row in TrainingClass.objects.not_cancelled().filter(unit_id__in=reach)}
    people = {
        one.id_number: one
        for one in Official.objects.filter(
            unit_id__in=reach, id_number__in={row["id_number"] for row in sheet.rows} - {""}
        )
    }
    words = _results()
    faults: list[Fault] = []
    found: dict[tuple[int, int], Attended] = {}
    for row in sheet.rows:
        problems = []
        held, person = classes.get(row["number"]), people.get(row["id_number"])
        days = _days(row, "attended", sheet, faults) if row["attended"] else ()
        if held is None:
            problems.append(Problem("number", bi("Không có lớp mang mã này.", "No class has this code.")))
        elif not set(days) <= set(held.days):
            problems.append(
                Problem("attended", bi("Có ngày không phải ngày học của lớp.", "A day is none of the class."))
            )
        if person is None:
            text = bi("Không có ai mang số này trong hồ sơ cán bộ của đơn vị.", "Nobody of your units has this number.")
            problems.append(Problem("id_number", text))
        elif row["full_name"] and not vi.same_name(row["full_name"], person.full_name):
            text = bi("Số này là của {name}; kiểm tra lại dòng.", "This number is {name}'s; check the row.")
            problems.append(Problem("full_name", text.format(name=person.full_name)))
        if vi.fold(row["result"]) not in words:
            problems.append(Problem("result", bi("Ghi Đạt, Chưa đạt hoặc Không dự.", "Write Passed, Not passed, …")))
        if held and person:
            if (held.pk, person.pk) in found:
                problems.append(
                    Problem("id_number", bi("Người này đã có ở dòng trên.", "A row above has this person."))
                )
            found[held.pk, person.pk] = Attended(held.pk, person.pk, days, words.get(vi.fold(row["result"]), ""))
        faults += [Fault(row.line, KINDS["attendance"].get(one.field, ""), one.message) for one in problems]
    there = _enrolled(found)
    return Judged(sheet, faults, attended=list(found.values()), newcomers=len(found) - len(there))


def _write_attendance(actor: Actor, rows: Sequence[Attended]) -> None:
    there = _enrolled({(row.class_id, row.official_id): row for row in rows})
    new = [Learner(row.class_id, row.official_id) for row in rows if (row.class_id, row.official_id) not in there]
    if new:
        enrol(actor=actor, learners=new)
        there = _enrolled({(row.class_id, row.official_id): row for row in rows})
    mark(actor=actor, marks=[Mark(there[row.class_id, row.official_id], row.days, row.result) for row in rows])


def _enrolled(wanted: Mapping[tuple[int, int], Attended]) -> dict[tuple[int, int], int]:
    rows = Enrolment.objects.filter(training_class_id__in={class_id for class_id, _ in wanted})
    found = {
        (class_id, official_id): pk
        for pk, class_id, official_id in rows.values_list("pk", "training_class_id", "official_id")
    }
    return {pair: pk for pair, pk in found.items() if pair in wanted}


def _days(row: SheetRow, field: str, sheet: Sheet, faults: list[Fault]) -> tuple[date, ...]:
    try:
        return tuple(days_in(row[field]))
    except ValueError as error:
        faults.append(Fault(row.line, KINDS[sheet.kind][field], error.args[0]))
        return ()


def _topics(unit: Unit) -> dict[str, str]:
    """Keys of the province's topics by their folded names, in both languages, and by themselves."""
    found: dict[str, str] = {}
    for topic in Topic.objects.filter(unit_id=unit.province_id or unit.pk, retired_on=None):
        found |= {vi.fold(text): topic.key for text in (topic.name, topic.name_en, topic.key) if text}
    return found


def _results() -> dict[str, str]:
    known = {"": ""}
    for language in LANGUAGES:
        with speaking(language):
            known |= {vi.fold(str(one.label)): one.value for one in Result}
    return known
