"""Who somebody is today, what they answer for, what they own, and the agencies of units."""

from haicap.domain.people.queries.actors import (
    AgencyRow,
    account_named,
    actor_for,
    agency_of,
    forget_actors,
    post_at_heir,
)
from haicap.domain.people.queries.doors import account_at_door, has_password, names_of, names_taken, stored_password
from haicap.domain.people.queries.duties import Duty, duty_of, roles_that_must, with_second_factor
from haicap.domain.people.queries.own import (
    OwnPass,
    Standing,
    account_of,
    own_passes,
    own_passkeys,
    own_resets,
    second_factor_of,
)

__all__ = [
    "AgencyRow",
    "Duty",
    "OwnPass",
    "Standing",
    "account_at_door",
    "account_named",
    "account_of",
    "actor_for",
    "agency_of",
    "duty_of",
    "forget_actors",
    "has_password",
    "names_of",
    "names_taken",
    "own_passes",
    "own_passkeys",
    "own_resets",
    "post_at_heir",
    "roles_that_must",
    "second_factor_of",
    "stored_password",
    "with_second_factor",
]
