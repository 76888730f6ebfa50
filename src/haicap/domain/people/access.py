"""Who may do what with accounts and posts, in the office's words."""

from __future__ import annotations

from haicap.domain.people.rules import Role
from haicap.kernel.scope import Actor


def works_here(actor: Actor) -> bool:
    """Somebody who holds a post today."""
    return not actor.is_anonymous and bool(actor.roles)


def can_receive(actor: Actor) -> bool:
    """Only counter officers receive, and only with a pass that carries dossiers:write."""
    return actor.has_role(Role.COUNTER) and actor.may("dossiers:write")


def can_administer(actor: Actor) -> bool:
    """Administrators of a unit."""
    return actor.has_role(Role.ADMINISTRATOR)
