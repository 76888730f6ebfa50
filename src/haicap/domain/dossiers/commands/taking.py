"""Taking over several dossiers of a divided unit at once: each on its own, so that one that is gone spoils no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.commands.move import make_move
from haicap.kernel.errors import DomainError
from haicap.kernel.scope import Actor

AT_MOST = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """A dossier that was not taken over, and why."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What was taken over, and what was not."""

    taken: tuple[str, ...]
    refused: tuple[Refusal, ...]


def take_over(*, actor: Actor, codes: Iterable[str]) -> TakenOver:
    """Take over each dossier of `codes` for the actor's unit, as by `make_move`; at most AT_MOST, the rest is left out.

    Runs inside the caller's transaction; eight statements each. Never raises for a single dossier: it is told as refused.
    """
    taken, refused = [], []
    for code in list(dict.fromkeys(codes))[:AT_MOST]:
        try:
            with transaction.atomic():
                make_move(actor=actor, code=code, move=rules.TAKE_OVER)
        except DomainError as error:
            refused.append(Refusal(code, error.sentence()))
        else:
            taken.append(code)
    return TakenOver(tuple(taken), tuple(refused))
