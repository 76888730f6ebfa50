"""Who may do what with units."""

from __future__ import annotations

from haicap.kernel.scope import Actor


def can_read(actor: Actor) -> bool:
    """Everyone: which units there are and were is published by the State (Decision 19/2025/QĐ-TTg)."""
    return True
