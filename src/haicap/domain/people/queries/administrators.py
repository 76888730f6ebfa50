"""Whom somebody asks for more than they may."""

from __future__ import annotations

from haicap.domain.people.models import Appointment
from haicap.domain.people.rules import Role
from haicap.kernel import clock
from haicap.kernel.scope import Actor

MOST_NAMED = 3


def administrators_for(actor: Actor) -> list[str]:
    """ "Tòng Văn Hặc (Ủy ban nhân dân xã …)": who administers the actor's unit today, at most three.

    Somebody whose posts have ended is told of the unit of their last one. Empty where nobody is there. Two statements.
    """
    unit_id = actor.unit_id
    if unit_id is None and actor.account_id is not None:
        last = Appointment.objects.filter(account_id=actor.account_id).order_by("-valid_from", "-pk")
        unit_id = last.values_list("agency__unit_id", flat=True).first()
    if unit_id is None:
        return []
    there = Appointment.objects.on(clock.today()).filter(
        agency__unit_id=unit_id, role=Role.ADMINISTRATOR, account__active=True
    )
    named = there.order_by("account__full_name").values_list("account__full_name", "agency__name")
    return [f"{person} ({agency})" for person, agency in named[:MOST_NAMED]]
