"""Support access: asked for, approved or refused, ended; and each view of a guest noted. The database judges who may."""

from __future__ import annotations

from typing import Any

from django.db import DatabaseError, connection

from haicap.domain.people.errors import GrantClosed, SupportRefused
from haicap.domain.people.models import SupportGrant
from haicap.domain.people.queries import forget_actors
from haicap.domain.people.queries.support import grant_of
from haicap.domain.people.rules import (
    SUPPORT_DELAY,
    SUPPORT_HOURS_MOST,
    SUPPORT_REASON_LEAST,
    SUPPORT_REASON_MOST,
    Role,
)
from haicap.domain.units.models import Unit
from haicap.kernel.access import require
from haicap.kernel.audit.commands import record
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor, raise_if_pass_is_dead

_PATH_KEPT = 300


def ask_for_support(*, actor: Actor, unit: Unit | None, reason: str, hours: int) -> int:
    """Ask a unit to show its rows for `hours`; gives the number of what was asked. Raises SupportRefused with every fault."""
    require(actor.has_role(Role.SUPPORT))
    problems = []
    if unit is None:
        problems.append(Problem("unit", bi("Chọn đơn vị cần xem.", "Choose the unit.")))
    if not SUPPORT_REASON_LEAST <= len(reason) <= SUPPORT_REASON_MOST:
        problems.append(Problem("reason", bi(
            "Nêu lý do từ 10 đến 500 ký tự: sự cố gì, cần xem gì.", "Give the reason in 10 to 500 characters: what is wrong, "
            "what must be looked at.",
        )))  # fmt: skip
    if not 1 <= hours <= SUPPORT_HOURS_MOST:
        problems.append(Problem("hours", bi("Chọn từ 1 đến 8 giờ.", "Choose 1 to 8 hours.")))
    if problems or unit is None:
        raise SupportRefused(problems=problems)
    grant_id = _call("people_support_ask(%s, %s, %s)", unit.pk, reason, hours)
    require(grant_id is not None)
    facts = {"reason": reason, "hours": hours}
    record("people:support:ask", subject=f"support:{grant_id}", unit_id=unit.pk, data=facts)
    forget_actors()
    return int(grant_id)


def decide_support(*, actor: Actor, grant_id: int, approved: bool) -> None:
    """Approve or refuse what was asked of the actor's unit. It opens some seconds later, once every page of the unit says so.

    Raises GrantUnknown, GrantClosed where it does not wait (any more) for this actor.
    """
    row = grant_of(grant_id).row
    if not _call("people_support_decide(%s, %s, %s)", grant_id, approved, SUPPORT_DELAY):
        raise GrantClosed()
    _noted(row, "approve" if approved else "refuse")


def end_support(*, actor: Actor, grant_id: int) -> None:
    """End what runs, or take back what was asked: the unit's administrators and chair, or the guest. Raises as above."""
    row = grant_of(grant_id).row
    if not _call("people_support_end(%s)", grant_id):
        raise GrantClosed()
    _noted(row, "end")


def note_view(actor: Actor, path: str) -> None:
    """A line in the trail of each unit that lends its rows now. In a transaction of its own: the view's only reads.

    Raises SignInNeeded where the guest's pass is dead.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT people_support_note(%s, %s, %s, %s)",
                [actor.pass_id, actor.account_id, actor.name, path[:_PATH_KEPT]],
            )
    except DatabaseError as error:
        raise_if_pass_is_dead(error)
        raise


def _noted(row: SupportGrant, verb: str) -> None:
    facts = {"guest": row.account_name}
    record(f"people:support:{verb}", subject=f"support:{row.pk}", unit_id=row.unit_id, data=facts)
    forget_actors()


def _call(function: str, *values: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}", list(values))
        return cursor.fetchone()[0]
