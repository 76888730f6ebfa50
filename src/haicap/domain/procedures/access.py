"""Who may do what with the catalogue, in the office's words."""

from __future__ import annotations

from haicap.domain.people.rules import Role
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitLevel
from haicap.kernel.scope import Actor


def can_read(actor: Actor) -> bool:
    """Everyone: procedures are published (Decree 63/2010/NĐ-CP, Decree 118/2025/NĐ-CP)."""
    return True


def can_import(actor: Actor) -> bool:
    """The system itself, and administrators of a province; a token needs the scope procedures:write."""
    if actor.account_id is None:
        return not actor.is_anonymous
    if not (actor.has_role(Role.ADMINISTRATOR) and actor.may("procedures:write")):
        return False
    return actor.unit_id is not None and Unit.objects.filter(id=actor.unit_id, level=UnitLevel.PROVINCE).exists()
