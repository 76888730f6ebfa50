"""What a dossier costs. Whole đồng throughout; what the province decides and has not entered counts as 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from haicap.domain.procedures.rules.kinds import FeeRule
from haicap.domain.procedures.rules.shapes import Fee, Version


@dataclass(frozen=True, slots=True)
class FeeLine:
    """One line of what is to be paid."""

    fee: Fee
    quantity: int
    amount: int


def fee_for(version: Version, channel: str, answers: Mapping[str, Any] | None = None, quantity: int = 1) -> int:
    """What a dossier of `version` costs in đồng when it comes by `channel` ("direct", "online", "postal").

    `answers`: the clean form, where quantities stand (pages, copies, extracts); `quantity`: what a fee by quantity
    without such a field counts.
    """
    return sum(line.amount for line in fee_lines(version, channel, answers, quantity))


def fee_lines(
    version: Version, channel: str, answers: Mapping[str, Any] | None = None, quantity: int = 1
) -> list[FeeLine]:
    """The same, line by line; lines of 0 đồng are told too."""
    given = answers or {}
    lines = []
    for fee in _of_channel(version.fees, channel):
        counted = _count(given.get(fee.quantity_field), default=0) if fee.quantity_field else max(quantity, 0)
        if fee.exempt_field and given.get(fee.exempt_field) is True:
            lines.append(FeeLine(fee, counted, 0))
        elif fee.rule == FeeRule.TRUE_COPY:
            copies = _count(given.get(fee.copies_field), default=quantity)
            lines.append(FeeLine(fee, copies, copies * true_copy(fee, _count(given.get(fee.pages_field), default=1))))
        elif fee.rule == FeeRule.PER_UNIT:
            lines.append(FeeLine(fee, counted, counted * fee.amount))
        else:
            lines.append(FeeLine(fee, 1, fee.amount))
    return lines


def true_copy(fee: Fee, pages: int) -> int:
    """One certified copy of `pages` pages: 2.000 đ a page, from page 3 on 1.000 đ, at most 200.000 đ a copy.

    The numbers are the fee's own (Circular 226/2016/TT-BTC; published decisions on certification).
    """
    dear = min(pages, fee.from_page - 1)
    total = dear * fee.amount + max(pages - dear, 0) * fee.then
    return min(total, fee.cap) if fee.cap is not None else total


def _of_channel(fees: tuple[Fee, ...], channel: str) -> list[Fee]:
    """The fees of one channel: a fee for the very channel stands in for the general one of the same code."""
    own = {fee.code for fee in fees if fee.channel == channel}
    return [fee for fee in fees if fee.channel == channel or (fee.channel == "any" and fee.code not in own)]


def _count(value: Any, *, default: int) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return default
    return max(int(value), 0)
