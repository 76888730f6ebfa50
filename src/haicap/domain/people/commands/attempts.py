"""Wrong passwords, counted by the name that was tried and by where it was tried from.

Nobody is locked out by others: a stranger's failures make that stranger wait. A browser that has signed in to the account
before has a count of its own. Names that nobody has are counted alike, so a pause tells nothing about a name.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.crypto import salted_hmac

from haicap.domain.people.errors import SignInPaused
from haicap.domain.people.rules import PASSWORDS_ALLOWED, pause_after
from haicap.kernel import clock

_SALT = "haicap.sign-in"


@dataclass(frozen=True)
class Source:
    """Where an attempt comes from: a network address, and the browser's own name with the accounts that it is known for."""

    address: str = ""
    device: str = ""
    known_for: frozenset[int] = frozenset()

    def of(self, account_id: int | None) -> str:
        """The source under which an attempt at an account counts; None stands for a name that nobody has."""
        return f"device:{self.device}" if account_id in self.known_for else f"address:{self.address}"


@dataclass(frozen=True)
class Attempts:
    """The count of one name from one source. Each call is one statement, whether or not somebody has that name."""

    who: bytes
    source: bytes

    @classmethod
    def at(cls, name: str, source: str) -> Attempts:
        """The count for a sign-in name as it is stored, and a source."""
        return cls(_digest("name", name), _digest("source", source))

    def refuse_pause(self) -> None:
        """Raise SignInPaused while this source has to wait."""
        until, now = self._ask("people_sign_in_pause(%s, %s)"), clock.now()
        if until is not None and until > now:
            raise SignInPaused(minutes=minutes_until(until, now))

    def count(self) -> None:
        """One more wrong one; after each `PASSWORDS_ALLOWED` this source waits, longer each time."""
        now = clock.now()
        pause = pause_after(int(self._ask("people_sign_in_failed(%s, %s, %s)", now)), PASSWORDS_ALLOWED)
        if pause is not None:
            self._ask("people_sign_in_wait(%s, %s, %s)", now + pause)

    def forget(self) -> None:
        """The right one: this source begins anew."""
        self._ask("people_sign_in_right(%s, %s)")

    def _ask(self, call: str, *further: datetime) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {call}", [self.who, self.source, *further])
            return cursor.fetchone()[0]


def minutes_until(until: datetime, now: datetime) -> int:
    """Whole minutes to wait, rounded up."""
    return int((until - now).total_seconds() // 60) + 1


def _digest(part: str, text: str) -> bytes:
    return salted_hmac(f"{_SALT}.{part}", text, algorithm="sha256").digest()[:16]
