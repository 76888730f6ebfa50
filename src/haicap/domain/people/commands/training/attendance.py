"""Attendance by day, and the result."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from haicap.domain.people.access import can_train
from haicap.domain.people.commands.training.trail import record_many
from haicap.domain.people.models import Enrolment, TrainingClass
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.training_errors import TrainingRefused
from haicap.domain.people.training_rules import Result, known_until
from haicap.kernel import clock
from haicap.kernel.access import require
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

_WRITE = """
UPDATE people_enrolment e
SET attended = t.attended, result = t.result, passed_on = t.passed_on, known_until = t.known_until
FROM jsonb_to_recordset(%s::jsonb) AS t(id bigint, attended date[], result text, passed_on date, known_until date)
WHERE e.id = t.id
"""


@dataclass(frozen=True, slots=True)
class Mark:
    """What is written down of a learner: the days they were there, and the result; "" while there is none."""

    enrolment_id: int
    attended: tuple[date, ...]
    result: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """What decides of a learner: the class, how long its topic counts, whether a certificate was given."""

    training_class: TrainingClass
    months: int | None
    certified: bool


def mark(*, actor: Actor, marks: Sequence[Mark]) -> int:
    """Write attendance and results of classes that the actor's units organise; gives how many learners. All or nothing.

    Who passed, passed on the last day of the class. Raises Denied, or TrainingRefused with each fault by place.
    """
    require(can_train(actor))
    found = Enrolment.objects.filter(
        pk__in=[one.enrolment_id for one in marks], training_class__unit_id__in=reach_of(actor).unit_ids
    )
    held = found.values_list("pk", "training_class_id", "topic__months", "completion__withdrawn_on", "completion__pk")
    classes = TrainingClass.objects.in_bulk({row[1] for row in held})
    rows = {
        pk: _Row(classes[class_id], months, bool(completion) and withdrawn is None)
        for pk, class_id, months, withdrawn, completion in held
    }
    problems = _problems(marks, rows)
    if problems:
        raise TrainingRefused(problems=problems)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WRITE, [json.dumps([_written(one, rows[one.enrolment_id]) for one in marks], default=str)])
        told: dict[int, dict[str, int]] = defaultdict(lambda: defaultdict(int))
        units = {}
        for one in marks:
            row = rows[one.enrolment_id].training_class
            units[row.pk] = row.unit_id
            told[row.pk][one.result or "none"] += 1
        record_many("people:class:mark", ((f"class:{pk}", units[pk], dict(told[pk])) for pk in told))
    return len(marks)


def _problems(marks: Sequence[Mark], rows: Mapping[int, _Row]) -> list[Problem]:
    today, found = clock.today(), []
    for place, one in enumerate(marks):
        row = rows.get(one.enrolment_id)
        if row is None:
            text = bi("Người này không có trong lớp của bạn.", "This person is in no class of yours.")
        elif not set(one.attended) <= set(row.training_class.days):
            text = bi("Có ngày điểm danh không phải ngày học của lớp.", "A day of attendance is no day of the class.")
        elif any(day > today for day in one.attended):
            text = bi("Ngày điểm danh ở tương lai.", "A day of attendance is still to come.")
        elif one.result not in ("", *Result.values):
            text = bi("Kết quả phải là Đạt, Chưa đạt hoặc Không dự.", "The result is passed, not passed or absent.")
        elif one.result == Result.PASSED and not one.attended:
            text = bi("Không dự ngày nào thì không thể đạt.", "Nobody passes without having been there.")
        elif one.result and row.training_class.first_day > today:
            text = bi("Lớp chưa mở nên chưa có kết quả.", "The class has not begun.")
        elif row.certified and one.result != Result.PASSED:
            text = bi("Đã cấp giấy chứng nhận; thu hồi giấy trước.", "A certificate was given; withdraw it first.")
        else:
            continue
        found.append(Problem(f"marks[{place}]", text))
    return found


def _written(one: Mark, row: _Row) -> dict[str, object]:
    passed_on = min(row.training_class.last_day, clock.today()) if one.result == Result.PASSED else None
    return {
        "id": one.enrolment_id, "attended": [str(day) for day in sorted(set(one.attended))], "result": one.result,
        "passed_on": passed_on, "known_until": known_until(passed_on, row.months) if passed_on else None,
    }  # fmt: skip
