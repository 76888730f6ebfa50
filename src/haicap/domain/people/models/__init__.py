"""The rows of the room people."""

from haicap.domain.people.models.officials import Assignment, Official
from haicap.domain.people.models.organisation import Body, Post
from haicap.domain.people.models.posts import Account, AccountQuerySet, Agency, Appointment, AppointmentQuerySet
from haicap.domain.people.models.second_factor import RecoveryCode, SecondFactor
from haicap.domain.people.models.standing_in import Delegation, Handover

__all__ = [
    "Account",
    "AccountQuerySet",
    "Agency",
    "Appointment",
    "AppointmentQuerySet",
    "Assignment",
    "Body",
    "Delegation",
    "Handover",
    "Official",
    "Post",
    "RecoveryCode",
    "SecondFactor",
]
