"""What is done to dossiers: one verb, one function, one transaction."""

from haicap.domain.dossiers.commands.giving_out import give_out, give_out_looks
from haicap.domain.dossiers.commands.move import make_move
from haicap.domain.dossiers.commands.receive import Receipt, Received, decline_at_counter, receive
from haicap.domain.dossiers.commands.taking import Refusal, TakenOver, take_over

__all__ = [
    "Receipt",
    "Received",
    "Refusal",
    "TakenOver",
    "decline_at_counter",
    "give_out",
    "give_out_looks",
    "make_move",
    "receive",
    "take_over",
]
