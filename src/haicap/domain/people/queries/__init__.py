"""Who somebody is today, what they answer for, what they own, and the agencies of units."""

from haicap.domain.people.queries.actors import (
    AgencyRow,
    account_named,
    actor_for,
    agency_of,
    forget_actors,
    post_at_heir,
)
from haicap.domain.people.queries.own import OwnPass, Standing, account_of, own_passes, second_factor_of

__all__ = [
    "AgencyRow",
    "OwnPass",
    "Standing",
    "account_named",
    "account_of",
    "actor_for",
    "agency_of",
    "forget_actors",
    "own_passes",
    "post_at_heir",
    "second_factor_of",
]
