"""Training: topics and who needs them, classes, learners, attendance, certificates of completion, reminders."""

from haicap.domain.people.commands.training.attendance import Mark, mark
from haicap.domain.people.commands.training.classes import ClassFacts, cancel_class, class_problems, record_classes
from haicap.domain.people.commands.training.completions import issue, withdraw
from haicap.domain.people.commands.training.learners import Learner, enrol, take_out
from haicap.domain.people.commands.training.topics import (
    add_need,
    load_plan,
    read_plan,
    remove_need,
    retire_topic,
    save_topic,
)

__all__ = [
    "ClassFacts",
    "Learner",
    "Mark",
    "add_need",
    "cancel_class",
    "class_problems",
    "enrol",
    "issue",
    "load_plan",
    "mark",
    "read_plan",
    "record_classes",
    "remove_need",
    "retire_topic",
    "save_topic",
    "take_out",
    "withdraw",
]
