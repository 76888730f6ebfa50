"""The rows of the room people."""

from haicap.domain.people.models.certificates import (
    DeviceHandover,
    DigitalCertificate,
    RevocationList,
    SigningDevice,
    TrustAnchor,
)
from haicap.domain.people.models.headcount import (
    Quota,
    ServiceUnit,
    StreamliningCase,
)
from haicap.domain.people.models.officials import (
    Assignment,
    Official,
)
from haicap.domain.people.models.openid import (
    Citizen,
    Identity,
    IdentityProvider,
)
from haicap.domain.people.models.organisation import (
    Body,
    Post,
)
from haicap.domain.people.models.posts import (
    Account,
    AccountQuerySet,
    Agency,
    Appointment,
    AppointmentQuerySet,
)
from haicap.domain.people.models.second_factor import (
    FactorReset,
    Passkey,
    RecoveryCode,
    SecondFactor,
    SpentChallenge,
)
from haicap.domain.people.models.standing_in import (
    Delegation,
    Handover,
)
from haicap.domain.people.models.support import SupportGrant
from haicap.domain.people.models.training import (
    Completion,
    Enrolment,
    Told,
    Topic,
    TrainingClass,
    TrainingNeed,
)

__all__ = [
    "Account",
    "AccountQuerySet",
    "Agency",
    "Appointment",
    "AppointmentQuerySet",
    "Assignment",
    "Body",
    "Citizen",
    "Completion",
    "Delegation",
    "DeviceHandover",
    "DigitalCertificate",
    "Enrolment",
    "FactorReset",
    "Handover",
    "Identity",
    "IdentityProvider",
    "Official",
    "Passkey",
    "Post",
    "Quota",
    "RecoveryCode",
    "RevocationList",
    "SecondFactor",
    "ServiceUnit",
    "SigningDevice",
    "SpentChallenge",
    "StreamliningCase",
    "SupportGrant",
    "Told",
    "Topic",
    "TrainingClass",
    "TrainingNeed",
    "TrustAnchor",
]
