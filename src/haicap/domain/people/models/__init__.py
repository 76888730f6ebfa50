"""The rows of the room people."""

from haicap.domain.people.models.organisation import Body, Post
from haicap.domain.people.models.posts import Account, AccountQuerySet, Agency, Appointment, AppointmentQuerySet

__all__ = ["Account", "AccountQuerySet", "Agency", "Appointment", "AppointmentQuerySet", "Body", "Post"]
