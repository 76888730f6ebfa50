"""Who may do what with dossiers, in the office's words.

Which dossiers somebody sees is the database's to say (row-level security). Who may make which move on one of them is
part of the table of moves: see `rules.may_make` and the ways it names (the holder, the center, the agency's head).
"""

from __future__ import annotations

from haicap.domain.dossiers.rules import holds, is_at_the_center, leads_the_holder, may_make
from haicap.domain.people.rules import Role
from haicap.kernel.scope import Actor

__all__ = ["can_import", "can_see_lists", "holds", "is_at_the_center", "leads_the_holder", "may_make"]


def can_see_lists(actor: Actor) -> bool:
    """Everybody who holds a post sees lists; row-level security says of what."""
    return bool(actor.roles) and actor.may("dossiers:read")


def can_import(actor: Actor) -> bool:
    """Another system's dossiers are brought in by an administrator or the operations center, for their units alone."""
    return actor.has_role(Role.ADMINISTRATOR, Role.OPERATIONS) and actor.may("dossiers:write")
