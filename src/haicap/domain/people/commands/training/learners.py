"""Who sits in a class: no doubles, no more than there are seats."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import connection, transaction

from haicap.domain.people.access import can_train
from haicap.domain.people.commands.training.trail import record_many
from haicap.domain.people.models import Enrolment, Official, TrainingClass
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.queries.training.classes import taken_seats
from haicap.domain.people.training_errors import ClassUnknown, TrainingRefused
from haicap.kernel import clock
from haicap.kernel.access import require
from haicap.kernel.audit import commands as audit
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

_LOCK_SPACE = 1_806  # advisory locks of classes: who may enrol may not always lock the class's row
_SEATS = """
INSERT INTO people_enrolment (training_class_id, topic_id, official_id, unit_id, enrolled_at, attended, result)
SELECT t.class, t.topic, t.official, t.unit, %s, '{}', ''
FROM jsonb_to_recordset(%s::jsonb) AS t(class bigint, topic bigint, official bigint, unit int)
"""


@dataclass(frozen=True, slots=True)
class Learner:
    """Somebody who is to sit in a class."""

    class_id: int
    official_id: int


def enrol(*, actor: Actor, learners: Sequence[Learner]) -> int:
    """Give people of units that the actor administers a seat in classes that are theirs or that invite them; gives how many.

    All or nothing; one event of the trail for each class. Raises Denied, ClassUnknown, or TrainingRefused with each
    fault by place ("learners[3]") or, where seats are short, by class ("classes[12].seats").
    """
    require(can_train(actor))
    classes = _locked({one.class_id for one in learners})
    reach = reach_of(actor).unit_ids
    officials = dict(
        Official.objects.serving()
        .filter(unit_id__in=reach, pk__in={one.official_id for one in learners})
        .values_list("pk", "unit_id")
    )
    problems = _problems(learners, classes, officials, reach)
    if problems:
        raise TrainingRefused(problems=problems)
    with transaction.atomic():
        rows = [
            {"class": one.class_id, "topic": classes[one.class_id].topic_id, "official": one.official_id,
             "unit": officials[one.official_id]}
            for one in learners
        ]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(_SEATS, [clock.now(), json.dumps(rows)])
        many = Counter(one.class_id for one in learners)
        record_many(
            "people:class:enrol", ((f"class:{pk}", classes[pk].unit_id, {"people": n}) for pk, n in many.items())
        )
    return len(learners)


def take_out(*, actor: Actor, enrolment_id: int) -> None:
    """Free the seat of somebody of the actor's units who has no result yet. Raises Denied, ClassUnknown, TrainingRefused."""
    require(can_train(actor))
    row = Enrolment.objects.select_for_update().filter(pk=enrolment_id, unit_id__in=reach_of(actor).unit_ids).first()
    if row is None:
        raise ClassUnknown
    if row.result or row.attended:
        text = bi("Người này đã dự lớp; không bỏ ghi danh được.", "This person was there already.")
        raise TrainingRefused(problems=[Problem("learner", text)])
    audit.record("people:class:take_out", subject=f"class:{row.training_class_id}", unit_id=row.unit_id,
                 data={"official": row.official_id})  # fmt: skip
    row.delete()


def _locked(class_ids: set[int]) -> Mapping[int, TrainingClass]:
    """Classes that the actor sees, one enrolment at a time until the transaction ends. Raises ClassUnknown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s, id) FROM unnest(%s::int[]) AS t(id) ORDER BY id",
            [_LOCK_SPACE, sorted(class_ids)],
        )
    found = TrainingClass.objects.not_cancelled().in_bulk(list(class_ids))
    if set(found) != class_ids:
        raise ClassUnknown
    return found


def _problems(
    learners: Sequence[Learner], classes: Mapping[int, TrainingClass], officials: Mapping[int, int],
    reach: frozenset[int],
) -> list[Problem]:  # fmt: skip
    there = set(
        Enrolment.objects.filter(training_class_id__in=list(classes)).values_list("training_class_id", "official_id")
    )
    found = []
    for place, one in enumerate(learners):
        if one.official_id not in officials:
            text = bi("Người này không thuộc đơn vị bạn quản trị.", "This person is not of a unit that you administer.")
            found.append(Problem(f"learners[{place}]", text))
        elif not _may_send(classes[one.class_id], officials[one.official_id], reach):
            text = bi("Lớp này không mời đơn vị của người học.", "The class does not invite the learner's unit.")
            found.append(Problem(f"learners[{place}]", text))
        elif (one.class_id, one.official_id) in there:
            found.append(Problem(f"learners[{place}]", bi("Đã có tên trong lớp.", "Is in the class already.")))
        there.add((one.class_id, one.official_id))
    taken = taken_seats(list(classes))
    wanted = Counter(one.class_id for one in learners)
    for pk, row in classes.items():
        left = row.seats - taken.get(pk, 0)
        if wanted[pk] > left:
            text = bi(
                "Lớp {number} còn {left} chỗ, cần {wanted}.", "Class {number} has {left} seats left, {wanted} wanted."
            )
            text = text.format(number=row.number, left=max(left, 0), wanted=wanted[pk])
            found.append(Problem(f"classes[{pk}].seats", text))
    return found


def _may_send(row: TrainingClass, unit_id: int, reach: frozenset[int]) -> bool:
    return row.unit_id in reach or unit_id in row.invited
