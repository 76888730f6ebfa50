"""The one move that every kind of entry knows: whoever holds a post hands their work over to the next."""

from __future__ import annotations

from collections.abc import Iterable

from haicap.kernel.language import bi

HAND_OVER = "hand_over"
HAND_OVER_LABEL = bi("Bàn giao công việc", "Hand the work over")
"""Number, state, deadline and step stay; only who has it changes."""

Rule = tuple[str, str, str, str]


def with_hand_over(table: Iterable[Rule]) -> frozenset[Rule]:
    """A room's table of moves (kind, move, from, to), and handing over in every state that some move leads out of."""
    given = frozenset(table)
    return given | {(kind, HAND_OVER, before, before) for kind, _, before, _ in given if before}
