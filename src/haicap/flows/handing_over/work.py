"""What waits for somebody who gives up posts, and its way into the successor's hands: one move each, nothing else changes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from haicap.domain.people.commands.handovers import PostKey as Post
from haicap.domain.people.models import Appointment, Handover
from haicap.kernel import clock
from haicap.kernel.entries.commands import hand_over
from haicap.kernel.entries.models import Entry


@dataclass(frozen=True)
class Giving:
    """Whose posts end on `day` (the first day out of them). `posts`: which; everything personal where they are all."""

    account_id: int
    day: date
    posts: Sequence[Appointment]
    whole: bool

    @property
    def keys(self) -> set[Post]:
        """The posts as entries know them."""
        return {(post.agency_id, post.role) for post in self.posts}


def waiting(giving: Giving) -> list[Entry]:
    """Every open entry that the giver has taken in the posts (in any, where all end), and those that wait in a post that
    nobody else holds on the day; nearest deadline first. Three statements."""
    own = Q(holder_account_id=giving.account_id)
    if not giving.whole:
        own &= _in(giving.keys)
    alone = giving.keys - _held_by_others(giving)
    found = Entry.objects.filter(closed_at=None).filter(own | (_in(alone) & Q(holder_account_id=None)))
    return list(found.order_by("due_at", "pk"))


def move_all(
    sheet: Handover, entries: Sequence[Entry], taker_posts: Sequence[Post], now: datetime
) -> list[dict[str, Any]]:
    """Give each entry to the sheet's taker and tell it as a line of the sheet. One statement an entry.

    Why the post ended stands on the sheet alone: whoever reads a dossier learns who has it now, and no more.
    """
    lines = []
    for entry in entries:
        post = best_post((entry.holder_agency_id or 0, entry.holder_role), taker_posts)
        data = {"handover": sheet.pk, "from": sheet.giver_id, "to": sheet.taker_id, "name": sheet.taker.full_name}
        hand_over(entry, at=now, post=post, account_id=sheet.taker_id, note="", data=data)
        lines.append(line_of(entry))
    return lines


def best_post(waits_in: Post, posts: Sequence[Post]) -> Post:
    """In which of the taker's posts work goes on: the same, else one of the same agency, else of the same role, else the
    first."""
    agency_id, role = waits_in
    return min(posts, key=lambda post: (post != waits_in, post[0] != agency_id, post[1] != role, post))


def line_of(entry: Entry) -> dict[str, Any]:
    """An entry as the sheet tells it."""
    return {
        "code": entry.code, "title": entry.title, "kind": entry.kind, "state": entry.state,
        "due": clock.local(entry.due_at).isoformat() if entry.due_at else "", "paused": entry.paused_at is not None,
    }  # fmt: skip


def _held_by_others(giving: Giving) -> set[Post]:
    agencies = {agency_id for agency_id, _ in giving.keys}
    there = Appointment.objects.on(giving.day).filter(agency_id__in=agencies, account__active=True)
    return set(there.exclude(account_id=giving.account_id).values_list("agency_id", "role"))


def _in(posts: Collection[Post]) -> Q:
    found = Q(pk__in=())
    for agency_id, role in sorted(posts):
        found |= Q(holder_agency_id=agency_id, holder_role=role)
    return found
