"""Training: topics, who needs them, classes, learners, certificates of completion; and what people were told, once."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haicap.domain.people.models.officials import Official
from haicap.domain.people.training_rules import MOST_SEATS, Level, Result
from haicap.domain.units.models import Unit


class Topic(models.Model):
    """What people are taught. `unit` is the province that keeps the list; `months`: how long it counts, None for good."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    key = models.SlugField(max_length=40)
    name = models.TextField()
    name_en = models.TextField(default="", blank=True)
    basis = models.TextField(default="", blank=True)
    months = models.SmallIntegerField(null=True)
    position = models.SmallIntegerField(default=0)
    retired_on = models.DateField(null=True)

    class Meta:
        verbose_name = "topic"
        constraints = [
            models.UniqueConstraint(fields=["unit", "key"], name="topic_once"),
            models.CheckConstraint(condition=Q(months=None) | Q(months__gt=0), name="topic_counts_some_time"),
        ]


class TrainingNeed(models.Model):
    """Posts that need a topic: of a level, a body, a post; an empty part speaks of all of them."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="needs")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    level = models.TextField(choices=Level.choices, default="", blank=True)
    body_key = models.TextField(default="", blank=True)
    post_key = models.TextField(default="", blank=True)

    class Meta:
        verbose_name = "training need"
        constraints = [
            models.UniqueConstraint(fields=["topic", "level", "body_key", "post_key"], name="training_need_once")
        ]


class TrainingClassQuerySet(models.QuerySet["TrainingClass"]):
    """Classes, asked for in the office's words."""

    def not_cancelled(self) -> TrainingClassQuerySet:
        """Those that take or took place."""
        return self.filter(cancelled_on=None)

    def begins_between(self, first: date, last: date) -> TrainingClassQuerySet:
        """Those whose first day lies between two days, both counted."""
        return self.not_cancelled().filter(first_day__range=(first, last))


class TrainingClass(models.Model):
    """A class that `unit` organises. `invited`: ids of units whose administrators may enrol their people themselves."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="classes")
    number = models.TextField()
    title = models.TextField()
    organiser = models.TextField(default="", blank=True)
    trainer = models.TextField(default="", blank=True)
    place = models.TextField(default="", blank=True)
    link = models.TextField(default="", blank=True)
    days = ArrayField(models.DateField())
    first_day = models.DateField()
    last_day = models.DateField()
    seats = models.SmallIntegerField()
    invited = ArrayField(models.IntegerField(), default=list)
    cancelled_on = models.DateField(null=True)
    cancelled_why = models.TextField(default="", blank=True)
    synthetic = models.BooleanField(default=False)

    objects = TrainingClassQuerySet.as_manager()

    class Meta:
        verbose_name = "class"
        indexes = [models.Index(fields=["-first_day", "-id"], name="people_class_begins")]
        constraints = [
            models.UniqueConstraint(fields=["unit", "number"], name="class_number_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="class_has_a_day"),
            models.CheckConstraint(condition=Q(seats__range=(1, MOST_SEATS)), name="class_has_a_seat"),
            models.CheckConstraint(condition=~Q(place="", link=""), name="class_is_somewhere"),
            models.CheckConstraint(
                condition=Q(cancelled_on=None) | ~Q(cancelled_why=""), name="class_cancelled_for_a_reason"
            ),
        ]


class Enrolment(models.Model):
    """A learner of a class. `unit`: where they worked then; `topic` is the class's, so that competence needs no other table.

    `attended`: the days they were there. `passed_on` and `known_until` (None: for good) stand with the result "passed".
    """

    training_class = models.ForeignKey(TrainingClass, on_delete=models.PROTECT, related_name="enrolments")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+")
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="enrolments")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    enrolled_at = models.DateTimeField()
    attended = ArrayField(models.DateField(), default=list)
    result = models.TextField(choices=Result.choices, default="", blank=True)
    passed_on = models.DateField(null=True)
    known_until = models.DateField(null=True)

    class Meta:
        verbose_name = "enrolment"
        indexes = [models.Index(fields=["unit", "topic"], name="people_enrolment_unit")]
        constraints = [
            models.UniqueConstraint(fields=["training_class", "official"], name="enrolment_once"),
            models.CheckConstraint(
                condition=Q(result=Result.PASSED, passed_on__isnull=False)
                | (~Q(result=Result.PASSED) & Q(passed_on=None, known_until=None)),
                name="enrolment_passed_on_a_day",
            ),
        ]


class Completion(models.Model):
    """A certificate of completion: its number in the organiser's register of a year, and the code on its QR."""

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="completion")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    year = models.SmallIntegerField()
    number = models.IntegerField()
    code = models.TextField(unique=True)
    issued_on = models.DateField()
    withdrawn_on = models.DateField(null=True)
    withdrawn_why = models.TextField(default="", blank=True)

    class Meta:
        verbose_name = "certificate of completion"
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "number"], name="completion_number_once"),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | ~Q(withdrawn_why=""), name="completion_withdrawn_for_a_reason"
            ),
        ]


class Told(models.Model):
    """That somebody was reminded of something: `key` names person and matter, so that nobody is told twice."""

    official = models.ForeignKey(Official, on_delete=models.CASCADE, null=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    key = models.TextField(unique=True)
    told_at = models.DateTimeField()

    class Meta:
        verbose_name = "reminder"
