"""What an official sees of their own training, and one certificate of completion as its page and its paper tell it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from haicap.domain.people.models import Assignment, Completion, Enrolment, Official
from haicap.domain.people.queries.training.competence import OwnTopic, standing_of
from haicap.domain.people.training_errors import CompletionUnknown
from haicap.domain.people.training_rules import REMIND_BEFORE
from haicap.kernel import clock
from haicap.kernel.language import choose
from haicap.kernel.scope import Actor

_SHOWN = "SELECT * FROM people_completion_shown(%s)"


@dataclass(frozen=True)
class OwnTraining:
    """Classes of one's own, and how one stands in each topic."""

    official: Official | None
    enrolments: Sequence[Enrolment]
    topics: Sequence[OwnTopic]
    today: date

    @property
    def near(self) -> list[Enrolment]:
        """Classes that begin within the days of a reminder."""
        last = self.today + REMIND_BEFORE
        return [
            one for one in self.enrolments
            if one.training_class.cancelled_on is None and self.today <= one.training_class.first_day <= last
        ]  # fmt: skip

    @property
    def lacking(self) -> list[OwnTopic]:
        """Topics that one's posts need and that one lacks."""
        return [topic for topic in self.topics if topic.needed and not topic.known]


@dataclass(frozen=True)
class Shown:
    """A certificate of completion as everybody with its code sees it."""

    number: int
    year: int
    organiser: str
    masked_name: str
    topic_vi: str
    topic_en: str
    title: str
    first_day: date
    last_day: date
    issued_on: date
    known_until: date | None
    withdrawn_on: date | None

    @property
    def topic(self) -> str:
        """The topic in the reader's language."""
        return choose(self.topic_vi, self.topic_en)

    @property
    def is_valid(self) -> bool:
        """It was not withdrawn and has not run out."""
        return self.withdrawn_on is None and (self.known_until is None or clock.today() < self.known_until)


def own_training(actor: Actor) -> OwnTraining:
    """The actor's own classes and standing; empty where their account has no staff record. Four statements at most."""
    today = clock.today()
    official = Official.objects.filter(account_id=actor.account_id or 0).first()
    if official is None:
        return OwnTraining(None, [], [], today)
    enrolments = Enrolment.objects.filter(official=official).select_related("training_class", "topic", "completion")
    held = Assignment.objects.on(today).filter(official=official).values_list("unit_id", flat=True)
    topics = standing_of(official.pk, set(held), today)
    return OwnTraining(official, list(enrolments.order_by("-training_class__first_day", "pk")), topics, today)


def shown(code: str) -> Shown | None:
    """The certificate with `code`, the name masked; None where there is none. One statement, by anybody."""
    with connection.cursor() as cursor:
        cursor.execute(_SHOWN, [code])
        row = cursor.fetchone()
    return Shown(*row) if row else None


def completion_for(actor: Actor, completion_id: int, unit_ids: Any = ()) -> Completion:
    """A certificate of the actor's own, or of units that they administer. Raises CompletionUnknown. One statement."""
    rows = Completion.objects.select_related(
        "unit", "enrolment__official", "enrolment__training_class", "enrolment__topic", "enrolment__unit"
    )
    row = rows.filter(pk=completion_id).filter(
        Q(enrolment__official__account_id=actor.account_id or 0) | Q(enrolment__unit_id__in=unit_ids) | Q(unit_id__in=unit_ids)
    ).first()  # fmt: skip
    if row is None:
        raise CompletionUnknown
    return row
