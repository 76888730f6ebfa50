"""Who somebody is today, what they answer for, and the agencies of units."""

from haicap.domain.people.queries.actors import (
    AgencyRow,
    account_named,
    actor_for,
    agency_of,
    forget_actors,
    post_at_heir,
)

__all__ = ["AgencyRow", "account_named", "actor_for", "agency_of", "forget_actors", "post_at_heir"]
