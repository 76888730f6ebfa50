"""What the counter's page asks beside the applicant: what is received most here, and what a key received before."""

from __future__ import annotations

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.models import Dossier
from haicap.kernel.scope import Actor
from haicap.kernel.web.models import Reply

OF_LATE = 200


def procedures_of_late(actor: Actor) -> list[str]:
    """The procedure codes of the unit's last dossiers, newest first, 200 at most. One statement, by index."""
    last = Dossier.objects.filter(entry__kind=rules.KIND, entry__unit_id=actor.unit_id or 0)
    return list(last.order_by("-entry__opened_at", "-entry_id").values_list("procedure_code", flat=True)[:OF_LATE])


def code_received(actor: Actor, key: str) -> str:
    """The code of the dossier that `actor` received with this idempotency key; empty where there is none."""
    body = Reply.objects.filter(actor_id=actor.account_id or 0, key=key).values_list("body", flat=True).first()
    return str(body.get("code", "")) if isinstance(body, dict) else ""
