"""Who answers for a dossier on a day: always exactly one unit, told from lineage and from what was done with it.

A dossier belongs to the unit that received it (`book_unit_id`); where that has ended, to its one heir. Where it was
divided, to the heir that has taken it over; until one has, to the heir that hamlet or address names, else to the default
heir. Closed dossiers follow the same rule. No row records this but the move `take_over`, so a resolution touches units alone.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connections

from haicap.domain.dossiers.rules import Basis
from haicap.domain.units.models import Unit
from haicap.domain.units.queries import DecidedBy, Share, Shares, shares_of
from haicap.kernel import clock

_ENTRIES = "SELECT id, book_unit_id, agencies FROM entries_entry WHERE id = ANY(%s)"
_ADDRESSES = "SELECT entry_id, applicant_address FROM dossiers_dossier WHERE entry_id = ANY(%s)"
_AGENCIES = "SELECT id, unit_id FROM people_agency WHERE id = ANY(%s)"


@dataclass(frozen=True, slots=True)
class Responsible:
    """The one unit that answers, on what ground, and the others that have a part of the same divided unit."""

    unit: Unit
    basis: Basis
    share: Share | None = None
    others: tuple[Unit, ...] = ()

    @property
    def unit_id(self) -> int:
        """The unit's row."""
        return self.unit.pk

    @property
    def why(self) -> Any:
        """The reason in one phrase, for officers: it may repeat a part of the address. The public reads `basis.label`."""
        return self.share.why if self.share else self.basis.label

    @property
    def is_divided(self) -> bool:
        """True where the unit that received it went to several."""
        return self.basis in (Basis.TAKEN, Basis.PROPOSED, Basis.DEFAULT)

    @property
    def waits(self) -> bool:
        """True where none of the heirs has taken it over yet."""
        return self.basis in (Basis.PROPOSED, Basis.DEFAULT)


@dataclass(frozen=True, slots=True)
class Piece:
    """What decides for one entry: its key, the unit that received it, all agencies that held it in their order."""

    key: int
    unit_id: int
    agencies: Sequence[int]


Addresses = Callable[[Collection[int]], Mapping[int, str]]


def responsible_for(entry_ids: Collection[int], day: date, *, using: str = "default") -> Mapping[int, Responsible]:
    """For each entry that the caller may see, the one unit that answers for it on `day`, closed ones too.

    A constant number of statements, at most 16, for any number of entries; three where no unit was divided. Runs in the
    caller's scope on the connection `using`. Entries that are not seen are missing.
    """

    def addresses(ids: Collection[int]) -> Mapping[int, str]:
        return dict(_rows(using, _ADDRESSES, ids))

    pieces = [Piece(*row) for row in _rows(using, _ENTRIES, entry_ids)]
    return settle(pieces, day, addresses)


def responsible_unit(entry: Any, address: str = "", day: date | None = None) -> Responsible:
    """Who answers for one entry that was read already, on `day` (today if not given); see `responsible_for`."""
    piece = Piece(entry.pk, entry.book_unit_id, entry.agencies)
    return settle([piece], day or clock.today(), lambda _: {entry.pk: address})[entry.pk]


def settle(pieces: Collection[Piece], day: date, addresses: Addresses) -> Mapping[int, Responsible]:
    """The same for entries whose facts are at hand; `addresses` is asked once, for those whose address decides."""
    if not pieces:
        return {}
    shares = shares_of({piece.unit_id for piece in pieces}, day)
    settled = {piece.key: _undivided(piece, shares) for piece in pieces if not shares.is_divided(piece.unit_id)}
    divided = [piece for piece in pieces if piece.key not in settled]
    if divided:
        settled |= _divided(divided, shares, day, addresses)
    return settled


def _undivided(piece: Piece, shares: Shares) -> Responsible:
    """Itself while the unit stands (or on a day before it was formed), else its one heir."""
    heirs = shares.heirs(piece.unit_id)
    if not heirs:
        return Responsible(Unit.objects.with_parents().get(pk=piece.unit_id), Basis.OWN)
    return Responsible(heirs[0], Basis.OWN if heirs[0].pk == piece.unit_id else Basis.WHOLE)


def _divided(pieces: list[Piece], shares: Shares, day: date, addresses: Addresses) -> Mapping[int, Responsible]:
    """The heir in whose hands each is; of those in nobody's, the one that its address or the rule names."""
    home = dict(_rows("default", _AGENCIES, {agency for piece in pieces for agency in piece.agencies}))
    others = {unit_id for unit_id in home.values() if not shares.knows(unit_id)}
    shares = shares.and_of(shares_of(others, day)) if others else shares
    settled, open_ones = {}, []
    for piece in pieces:
        heirs = shares.heirs(piece.unit_id)
        start = _last_hands(piece, heirs, home, shares)
        if len(found := shares.heirs(start)) == 1:
            rest = tuple(unit for unit in heirs if unit.pk != found[0].pk)
            settled[piece.key] = Responsible(found[0], Basis.TAKEN, None, rest)
        else:
            open_ones.append((piece.key, start))
    lives = addresses([key for key, _ in open_ones]) if open_ones else {}
    for key, unit_id in open_ones:
        share = shares.settle(unit_id, lives.get(key, ""))
        basis = Basis.DEFAULT if share.decided_by == DecidedBy.DEFAULT else Basis.PROPOSED
        rest = tuple(unit for unit in shares.heirs(unit_id) if unit.pk != share.heir.pk)
        settled[key] = Responsible(share.heir, basis, share, rest)
    return settled


def _last_hands(piece: Piece, heirs: tuple[Unit, ...], home: Mapping[int, int], shares: Shares) -> int:
    """The last unit of this one's line (itself, or who followed it) whose agency held the entry."""
    line = {unit.pk for unit in heirs}
    for agency in reversed(piece.agencies):
        unit_id = home.get(agency)
        if unit_id is not None and (held := {unit.pk for unit in shares.heirs(unit_id)}) and held <= line:
            return unit_id
    return piece.unit_id


def _rows(using: str, statement: str, ids: Collection[int]) -> list[tuple[Any, ...]]:
    with connections[using].cursor() as cursor:
        cursor.execute(statement, [list(ids)])
        return list(cursor.fetchall())
