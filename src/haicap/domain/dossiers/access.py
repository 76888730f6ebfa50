"""Who may do what with a dossier, in the office's words. Which dossiers somebody sees is the database's to say."""

from __future__ import annotations

from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.rules import HEADS, MoveRule
from haicap.domain.people.rules import Role
from haicap.kernel.entries.models import Entry
from haicap.kernel.scope import Actor


def holds(actor: Actor, entry: Entry) -> bool:
    """The dossier waits for this officer: their agency and role, and nobody else has taken it."""
    return (entry.holder_agency_id, entry.holder_role) in actor.roles and entry.holder_account_id in (
        None,
        actor.account_id,
    )


def is_at_the_center(actor: Actor, dossier: Dossier) -> bool:
    """Counter officers of the center that received it, or of the unit that is its heir."""
    if actor.has_role(Role.COUNTER, agency_id=dossier.receiving_agency_id):
        return True
    return actor.has_role(Role.COUNTER) and dossier.receiving_unit_id in actor.unit_ids


def leads_the_holder(actor: Actor, entry: Entry, dossier: Dossier) -> bool:
    """The head of the agency that resolves, or the chair of its unit (form 04 is signed by the agency's head)."""
    return any(
        role in HEADS and (agency in (entry.holder_agency_id, dossier.competent_agency_id) or role == Role.CHAIR)
        for agency, role in actor.roles
    )


def may_make(actor: Actor, rule: MoveRule, entry: Entry, dossier: Dossier) -> bool:
    """True where one of the ways in which `rule` allows the move fits this officer."""
    if not actor.may("dossiers:write"):
        return False
    ways = {
        "holder": lambda: holds(actor, entry),
        "center": lambda: is_at_the_center(actor, dossier),
        "head": lambda: leads_the_holder(actor, entry, dossier),
    }
    return any(ways[way]() for way in rule.by)


def can_see_lists(actor: Actor) -> bool:
    """Everybody who holds a post sees lists; row-level security says of what."""
    return bool(actor.roles) and actor.may("dossiers:read")
