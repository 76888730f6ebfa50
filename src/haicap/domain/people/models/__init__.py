"""The rows of the room people."""

from haicap.domain.people.models.officials import Assignment, Official
from haicap.domain.people.models.organisation import Body, Post
from haicap.domain.people.models.posts import Account, AccountQuerySet, Agency, Appointment, AppointmentQuerySet
from haicap.domain.people.models.second_factor import (
    FactorReset,
    Passkey,
    RecoveryCode,
    SecondFactor,
    SpentChallenge,
)
from haicap.domain.people.models.support import SupportGrant

__all__ = [
    "Account",
    "AccountQuerySet",
    "Agency",
    "Appointment",
    "AppointmentQuerySet",
    "Assignment",
    "Body",
    "FactorReset",
    "Official",
    "Passkey",
    "Post",
    "RecoveryCode",
    "SecondFactor",
    "SpentChallenge",
    "SupportGrant",
]
