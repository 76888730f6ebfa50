"""The same request again gets the same answer: kept per account and key, told from another request by its digest.

Runs inside the caller's transaction, so that the answer is kept if and only if the work was done. `Keyed` is used as:

    keyed = Keyed.of(request, "POST /files", digest)
    if (known := keyed.known()) is not None: return known…
    …do it…
    keyed.remember(201, body)
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.http import HttpRequest

from haicap.kernel import clock
from haicap.kernel.scope import Actor
from haicap.kernel.web.errors import KeyReused, KeyUnusable
from haicap.kernel.web.models import Reply

KEY_MAX = 200
HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"


def key_of(request: HttpRequest) -> str:
    """The request's idempotency key, or an empty text. Raises KeyUnusable."""
    key: str | None = request.META.get("HTTP_IDEMPOTENCY_KEY")
    if key is None:
        return ""
    if not 0 < len(key) <= KEY_MAX or not (key.isascii() and key.isprintable()):
        raise KeyUnusable(field=HEADER)
    return key


@dataclass(frozen=True)
class Keyed:
    """One request of `actor` with its key (empty: nothing is kept) and what it asks for."""

    actor: Actor
    key: str
    digest: bytes

    @classmethod
    def of(cls, request: HttpRequest, *asked: Any) -> Keyed:
        """The request; `asked` is all that it asks for, as JSON values. Raises KeyUnusable."""
        text = json.dumps(asked, sort_keys=True, ensure_ascii=False, default=str)
        return cls(request.actor, key_of(request), hashlib.sha256(text.encode()).digest())  # type: ignore[attr-defined]

    @property
    def _account(self) -> int:
        return self.actor.account_id or 0

    def known(self) -> tuple[int, Any] | None:
        """Status and body answered before, or None. Two such requests at once stand in line. Raises KeyReused."""
        if not self.key:
            return None
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [self.key, self._account])
        reply = Reply.objects.filter(actor_id=self._account, key=self.key).first()
        if reply is None:
            return None
        if bytes(reply.digest) != self.digest:
            raise KeyReused()
        return reply.status, reply.body

    def remember(self, status: int, body: Any) -> None:
        """Keep the answer; nothing where the request carried no key."""
        if self.key:
            Reply.objects.create(actor_id=self._account, key=self.key, digest=self.digest, status=status,
                                 body=body, at=clock.now())  # fmt: skip
