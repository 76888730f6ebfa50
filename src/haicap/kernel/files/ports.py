"""What the rooms that hang files on their entries say about who may open them."""

from __future__ import annotations

from collections.abc import Callable

from haicap.kernel.files.models import Attachment
from haicap.kernel.scope import Actor

Gate = Callable[[Actor, Attachment], None]
_gates: list[Gate] = []


def register_gate(gate: Gate) -> None:
    """Called once by each such room; a gate raises Denied for an attachment of its own that the actor may not open."""
    if gate not in _gates:
        _gates.append(gate)


def pass_gates(actor: Actor, attachment: Attachment) -> None:
    """Raise what the attachment's room raises."""
    for gate in _gates:
        gate(actor, attachment)
