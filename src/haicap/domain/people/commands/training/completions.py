"""Certificates of completion: numbered without gaps in the organiser's register of a year, withdrawn with a reason."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection

from django.db import transaction

from haicap.domain.people.access import can_train
from haicap.domain.people.commands.training.trail import record_many
from haicap.domain.people.models import Completion, Enrolment, TrainingClass
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.training_errors import ClassUnknown, CompletionUnknown, TrainingRefused
from haicap.domain.people.training_rules import BOOK, Result
from haicap.kernel import clock
from haicap.kernel.access import require
from haicap.kernel.audit import commands as audit
from haicap.kernel.entries.commands import next_numbers
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
CODE_LENGTH = 14  # of 31 letters: 69 bits, nobody finds one by trying
BATCH, LONGEST_WHY = 2000, 300


def issue(*, actor: Actor, class_ids: Collection[int]) -> int:
    """Give everybody who passed one of the actor's classes a certificate, where they have none; gives how many are new.

    Numbers follow the order of classes and names. Raises Denied, ClassUnknown.
    """
    require(can_train(actor))
    with transaction.atomic():
        classes = TrainingClass.objects.select_for_update().filter(
            pk__in=class_ids, unit_id__in=reach_of(actor).unit_ids
        )
        by_unit: dict[int, list[TrainingClass]] = defaultdict(list)
        for row in classes.order_by("first_day", "pk"):
            by_unit[row.unit_id].append(row)
        if sum(map(len, by_unit.values())) != len(set(class_ids)):
            raise ClassUnknown
        return sum(_issued(unit_id, rows) for unit_id, rows in by_unit.items())


def withdraw(*, actor: Actor, completion_id: int, why: str) -> None:
    """The certificate no longer holds; its page says so. Raises Denied, CompletionUnknown, TrainingRefused."""
    require(can_train(actor))
    why = clean(why)
    if not 0 < len(why) <= LONGEST_WHY:
        raise TrainingRefused(problems=[Problem("why", bi("Ghi lý do, không quá 300 ký tự.", "Say why, 300 at most."))])
    row = (
        Completion.objects.select_for_update()
        .filter(pk=completion_id, unit_id__in=reach_of(actor).unit_ids, withdrawn_on=None)
        .first()
    )
    if row is None:
        raise CompletionUnknown
    row.withdrawn_on, row.withdrawn_why = clock.today(), why
    row.save(update_fields=["withdrawn_on", "withdrawn_why"])
    audit.record("people:completion:withdraw", subject=f"completion:{row.pk}", unit_id=row.unit_id, data={"why": why})


def _issued(unit_id: int, classes: list[TrainingClass]) -> int:
    place = {row.pk: at for at, row in enumerate(classes)}
    passed = list(
        Enrolment.objects.filter(training_class_id__in=list(place), result=Result.PASSED, completion=None)
        .order_by("official__full_name", "pk")
        .only("pk", "training_class_id")
    )
    passed.sort(key=lambda one: place[one.training_class_id])
    if not passed:
        return 0
    today = clock.today()
    first = next_numbers(unit_id, BOOK, str(today.year), len(passed))
    Completion.objects.bulk_create(
        (
            Completion(
                enrolment=one, unit_id=unit_id, year=today.year, number=first + at, issued_on=today,
                code="".join(secrets.choice(_LETTERS) for _ in range(CODE_LENGTH)),
            )
            for at, one in enumerate(passed)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    counts: dict[int, list[int]] = defaultdict(list)
    for at, one in enumerate(passed):
        counts[one.training_class_id].append(first + at)
    record_many("people:completion:issue", (
        (f"class:{pk}", unit_id, {"from": min(numbers), "to": max(numbers), "year": today.year})
        for pk, numbers in counts.items()
    ))  # fmt: skip
    return len(passed)
