"""What waits for an officer: in their posts, in the posts that came to them, and their unit's share of divided units."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.queries.responsible import Piece, Responsible, settle
from haicap.kernel import clock
from haicap.kernel.scope import Actor

_UNTAKEN = """
SELECT e.id, e.book_unit_id, e.agencies, d.applicant_address, e.due_at, e.holder_agency_id, e.holder_role, e.move_no
FROM entries_entry e JOIN dossiers_dossier d ON d.entry_id = e.id
WHERE e.closed_at IS NULL AND e.kind = %(kind)s AND e.holder_agency_id = ANY(%(agencies)s)
ORDER BY e.due_at NULLS LAST, e.id
"""


@dataclass(frozen=True, slots=True)
class Untaken:
    """A dossier of a divided unit that no heir has taken over: who answers until one does."""

    id: int
    due_at: datetime | None
    holder_agency_id: int
    holder_role: str
    address: str
    move_no: int
    answers: Responsible


def untaken(actor: Actor) -> list[Untaken]:
    """All that lies with agencies of divided units of which the actor's is an heir (for officers of a province: of all in
    it), nearest deadline first. No statement for those who have none; else one, and those of `settle`."""
    agencies = actor.inheritance.shared_agency_ids
    if not agencies:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_UNTAKEN, {"kind": rules.KIND, "agencies": list(agencies)})
        rows = cursor.fetchall()
    lives = {row[0]: row[3] for row in rows}
    answers = settle([Piece(*row[:3]) for row in rows], clock.today(), lambda _: lives)
    return [Untaken(row[0], row[4], row[5], row[6], row[3], row[7], answers[row[0]]) for row in rows]


_COVERED = """
SELECT e.id FROM entries_entry e JOIN dossiers_dossier d ON d.entry_id = e.id
WHERE e.closed_at IS NULL AND e.kind = %(kind)s AND (e.holder_agency_id, e.holder_role) IN (
    SELECT agency, role FROM unnest(%(agencies)s::int[], %(roles)s::text[]) AS post (agency, role))
  AND (e.holder_account_id IS NULL OR e.holder_account_id = ANY (%(accounts)s::int[]) OR e.holder_agency_id <> %(own)s)
  AND (%(procedures)s::text[] = '{}' OR d.procedure_code = ANY (%(procedures)s::text[]))
  AND (NOT %(signing)s OR e.state = %(awaiting)s)
"""


def covered(actor: Actor) -> frozenset[int]:
    """What waits in posts of which a part is lent to the actor, as far as it is lent. One statement for each such post."""
    found: set[int] = set()
    for one in actor.stands_in_part:
        agencies, roles = zip(*sorted(actor.posts_of(one)), strict=True)
        with connection.cursor() as cursor:
            cursor.execute(_COVERED, {
                "kind": rules.KIND, "agencies": list(agencies), "roles": list(roles), "own": one.agency_id,
                "accounts": [actor.account_id, one.account_id], "procedures": sorted(one.kinds),
                "signing": one.signing_only, "awaiting": rules.State.AWAITING_SIGNATURE.value,
            })  # fmt: skip
            found.update(pk for (pk,) in cursor.fetchall())
    return frozenset(found)


@dataclass(frozen=True, slots=True)
class Hands:
    """The posts in which work waits for somebody; in those of `personal` only what no colleague has taken, but for those
    for whom the officer stands (`accounts`: they themselves and these). `covered`: what is lent to them in part, beside it."""

    personal: frozenset[tuple[int, str]]
    free: frozenset[tuple[int, str]]
    shares: Mapping[int, Responsible]
    accounts: tuple[int, ...]
    covered: frozenset[int] = frozenset()

    @classmethod
    def of(cls, actor: Actor) -> Hands:
        """The hands of `actor`. No statement, but for heirs of a divided unit and for whom a part of a post is lent to."""
        inheritance = actor.inheritance
        came = frozenset(post for post in actor.roles if inheritance.has(post[0]))
        ours = inheritance.shared_posts
        shares = {
            one.id: one.answers
            for one in (untaken(actor) if ours else ())
            if one.answers.unit_id in actor.unit_ids and (one.holder_agency_id, one.holder_role) in ours
        }
        own = () if actor.account_id is None else (actor.account_id,)
        accounts = (*own, *(one.account_id for one in actor.stands_for))
        return cls(actor.roles - came, came | inheritance.stands_in, shares, accounts, covered(actor))

    @property
    def single(self) -> list[int]:
        """What is named one by one."""
        return sorted({*self.shares, *self.covered})

    def condition(self) -> Q:
        """The same for a query of dossiers."""
        mine = Q(entry__holder_account_id=None) | Q(entry__holder_account_id__in=self.accounts)
        found = (_posts(self.personal) & mine) | _posts(self.free)
        if self.single:
            found |= Q(pk__in=self.single)
        return found & Q(entry__closed_at=None)

    def values(self) -> Mapping[str, Any]:
        """The same for a statement: `agencies`, `roles` and `free` side by side, `shares`, `accounts`."""
        posts = [(*post, False) for post in sorted(self.personal)] + [(*post, True) for post in sorted(self.free)]
        agencies, held, free = zip(*posts, strict=True) if posts else ((), (), ())
        return {
            "agencies": list(agencies), "roles": list(held), "free": list(free), "shares": self.single,
            "accounts": list(self.accounts),
        }  # fmt: skip


def _posts(posts: Iterable[tuple[int, str]]) -> Q:
    found = Q(pk__in=())
    by_role: dict[str, list[int]] = {}
    for agency_id, role in sorted(posts):
        by_role.setdefault(role, []).append(agency_id)
    for role, agencies in by_role.items():
        found |= Q(entry__holder_agency_id__in=agencies, entry__holder_role=role)
    return found
