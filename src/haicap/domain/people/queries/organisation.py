"""A unit's organisation on a day, for its chart; and whom the public calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection
from django.db.models import Q, Value

from haicap.domain.people.blocks import UNVERIFIED, Block, StaffKind
from haicap.domain.people.models import Agency, Body, Post
from haicap.domain.people.rules import AgencyKind
from haicap.domain.units.models import Unit
from haicap.domain.units.ports import Contact, dialled
from haicap.kernel.language import choose

"""Holders of leading posts are public; nobody else is named."""


@dataclass(frozen=True)
class PostShown:
    """A post with the names of its holders, in the reader's language."""

    key: str
    title: str
    title_en: str
    staff_kind: str
    seats: int | None
    certainty: str
    holders: tuple[str, ...]

    @property
    def shown_title(self) -> str:
        """The title in the reader's language."""
        return choose(self.title, self.title_en)

    @property
    def is_counted(self) -> bool:
        """It takes a place of the unit's quota: it is not held beside another post."""
        return self.staff_kind != StaffKind.CONCURRENT

    @property
    def staff_label(self) -> Any:
        """Whose post it is."""
        return StaffKind(self.staff_kind).label

    @property
    def is_unverified(self) -> bool:
        """Nobody has compared it with a source."""
        return self.certainty == UNVERIFIED


@dataclass(frozen=True)
class BodyShown:
    """A body with its posts and the bodies below it."""

    key: str
    name: str
    name_en: str
    certainty: str
    basis: str
    agency_kind: str
    phone: str
    address: str
    posts: tuple[PostShown, ...]
    below: tuple[BodyShown, ...]

    @property
    def shown_name(self) -> str:
        """The name in the reader's language."""
        return choose(self.name, self.name_en)

    @property
    def is_unverified(self) -> bool:
        """Nobody has compared it with a source."""
        return self.certainty == UNVERIFIED

    @property
    def dial(self) -> str:
        """What a telephone dials."""
        return dialled(self.phone)

    def all(self) -> Iterable[BodyShown]:
        """The body and those below it, in the order of the chart."""
        yield self
        for one in self.below:
            yield from one.all()


@dataclass(frozen=True)
class BlockShown:
    """A block and the bodies that stand in it under no other."""

    block: Block
    bodies: tuple[BodyShown, ...]


@dataclass(frozen=True)
class Chart:
    """The organisation of a unit on a day, its blocks in order; none where nothing was loaded."""

    unit: Unit
    day: date
    blocks: tuple[BlockShown, ...]

    @property
    def bodies(self) -> list[BodyShown]:
        """Every body in the chart's order."""
        return [one for block in self.blocks for body in block.bodies for one in body.all()]

    @property
    def posts(self) -> int:
        """How many kinds of post there are."""
        return sum(len(body.posts) for body in self.bodies)

    @property
    def has_unverified(self) -> bool:
        """Something of it was compared with no source."""
        return any(body.is_unverified or any(post.is_unverified for post in body.posts) for body in self.bodies)

    def as_json(self) -> dict[str, Any]:
        """For a machine; the names of holders of leading posts are public."""
        return {
            "unit": self.unit.code,
            "name": self.unit.name,
            "on": self.day.isoformat(),
            "blocks": [
                {"block": one.block.value, "bodies": [_body_json(body) for body in one.bodies]} for one in self.blocks
            ],
        }


@dataclass(frozen=True)
class Unverified:
    """A body, and the titles of those of its posts that were compared with no source, in the reader's language."""

    body: Body
    titles: tuple[str, ...]


def chart_of(unit: Unit, day: date) -> Chart:
    """The organisation of `unit` on `day`. Four statements, however large it is.

    Who leads is named by the staff records' assignments; where there is none, by the appointments that give access.
    """
    bodies = list(Body.objects.on(day).filter(unit=unit).select_related("agency").order_by("position", "pk"))
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.on(day).filter(body__unit=unit).order_by("position", "pk"):
        posts[post.body_id].append(post)
    holders = _holders(unit, day) if bodies else {}
    leaders = _leaders(unit, day) if bodies else {}
    keys = {body.key for body in bodies}
    below: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        below[body.under if body.under in keys else ""].append(body)

    def shown(body: Body) -> BodyShown:
        agency = body.agency
        return BodyShown(
            body.key, body.name, body.name_en, body.certainty, body.basis, agency.kind if agency else "",
            agency.phone if agency else "", agency.address if agency else "",
            tuple(_post(post, leaders.get((body.key, post.key), ()), holders.get((body.agency_id, post.role), ()))
                  for post in posts[body.pk]),
            tuple(map(shown, below[body.key])),
        )  # fmt: skip

    roots = [(body.block, shown(body)) for body in below[""]]
    blocks = [BlockShown(block, tuple(one for own, one in roots if own == block)) for block in Block]
    return Chart(unit, day, tuple(block for block in blocks if block.bodies))


def contact_of(unit_id: int, kind: str) -> Contact | None:
    """How to reach a unit's agency of `kind`; None where there is no such agency. One statement."""
    row = Agency.objects.filter(unit_id=unit_id, kind=kind).values_list("name", "name_en", "address", "phone").first()
    return Contact(choose(row[0], row[1]), row[2], row[3]) if row else None


def committee_contact(unit_id: int) -> Contact | None:
    """How to reach a unit's people's committee; see `contact_of`."""
    return contact_of(unit_id, AgencyKind.COMMITTEE)


def unverified_of(unit_id: int, day: date) -> list[Unverified]:
    """The bodies of a unit that were compared with no source, or have such posts. One statement."""
    unsure = Q(posts__certainty=UNVERIFIED, posts__valid_from__lte=day) & (
        Q(posts__valid_to=None) | Q(posts__valid_to__gt=day)
    )
    titles = {
        name: ArrayAgg(f"posts__{column}", filter=unsure, order_by="posts__position", default=Value([]))
        for name, column in (("unsure", "title"), ("unsure_en", "title_en"))
    }
    bodies: Any = Body.objects.on(day).filter(unit_id=unit_id).annotate(**titles).order_by("position", "pk")
    return [
        Unverified(body, tuple(choose(*pair) for pair in zip(body.unsure, body.unsure_en, strict=True)))
        for body in bodies
        if body.unsure or body.certainty == UNVERIFIED
    ]


def _holders(unit: Unit, day: date) -> dict[tuple[int | None, str], tuple[str, ...]]:
    held: dict[tuple[int | None, str], list[str]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute("SELECT agency_id, role, full_name FROM people_heads(%s, %s)", [unit.pk, day])
        for agency_id, role, name in cursor.fetchall():
            if name not in held[agency_id, role]:
                held[agency_id, role].append(name)
    return {post: tuple(names) for post, names in held.items()}


def _leaders(unit: Unit, day: date) -> dict[tuple[str, str], tuple[str, ...]]:
    held: dict[tuple[str, str], tuple[str, ...]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT body_key, post_key, full_name FROM people_leaders(%s, %s)", [unit.pk, day])
        for body_key, post_key, name in cursor.fetchall():
            held[body_key, post_key] = (*held.get((body_key, post_key), ()), name)
    return held


def _post(post: Post, assigned: tuple[str, ...], appointed: tuple[str, ...]) -> PostShown:
    """Whoever is in the post by assignment; by appointment alone where nobody is assigned."""
    return PostShown(
        post.key, post.title, post.title_en, post.staff_kind, post.seats, post.certainty,
        (assigned or appointed) if post.role else (),
    )  # fmt: skip


def _body_json(body: BodyShown) -> dict[str, Any]:
    return {
        "key": body.key, "name": body.name, "name_en": body.name_en, "agency": body.agency_kind, "phone": body.phone,
        "address": body.address, "basis": body.basis, "certainty": body.certainty,
        "posts": [
            {"key": post.key, "title": post.title, "title_en": post.title_en, "staff_kind": post.staff_kind,
             "seats": post.seats, "certainty": post.certainty, "holders": list(post.holders)}
            for post in body.posts
        ],
        "bodies": [_body_json(one) for one in body.below],
    }  # fmt: skip
