"""The door to the outside: what carries a message to a subscriber."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class DeliveryFailed(Exception):
    """A subscriber could not be reached or did not answer in time; the text says how, in one line."""


class Carrier(Protocol):
    """Brings one body to one address."""

    def __call__(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """POST `body`; gives the HTTP status. Raises DeliveryFailed."""
        ...
