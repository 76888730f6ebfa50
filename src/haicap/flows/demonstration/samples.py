"""A few dossiers to begin with: their codes and the secrets on their slips."""

from __future__ import annotations

from dataclasses import dataclass

from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.rules import State
from haicap.domain.people import queries as people
from haicap.flows.demonstration.figures import PROVINCE
from haicap.kernel.scope import entered

SHOWN_UNIT = "03664"  # the commune whose accounts the summary names
SHOWN_STATES = (State.AWAITING_SUPPLEMENT, State.PROCESSING, State.RESOLVED)


@dataclass(frozen=True)
class Sample:
    """A dossier that can be followed."""

    code: str
    secret: str
    state: State

    @property
    def path(self) -> str:
        """Its tracking page, with the secret."""
        return f"/tra-cuu/{self.code}/?s={self.secret}"


def samples() -> list[Sample]:
    """One dossier in each of some states, of the commune that the summary names."""
    actor = people.actor_for(people.account_named(f"quantri-{PROVINCE}").pk)
    found = []
    with entered(actor, read_only=True):
        for state in SHOWN_STATES:
            here = Dossier.objects.filter(
                entry__state=state, receiving_unit__code=SHOWN_UNIT, receiving_unit__valid_to=None
            )
            row = here.order_by("-entry_id").values_list("entry__code", "secret").first()
            if row:
                found.append(Sample(row[0], row[1], state))
    return found
