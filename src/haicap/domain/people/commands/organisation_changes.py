"""What a template would change of what stands: rows begun, ended and mended over many units, told unit by unit.

Rows are dated: what changes ends on its day and begins anew. Only a change made on the very day a row began replaces it.
Where nothing but the legal basis, the certainty, the order or the English words differ, the row is mended.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Model

from haicap.domain.people.commands.organisation_template import BodyPlan, Template
from haicap.domain.people.models import Agency, Body, Post
from haicap.domain.units.models import Unit
from haicap.kernel.language import choose

BATCH = 2000
# What makes a row another one, and what may be mended in its place.
_BODY_IS, _BODY_MENDED = ("block", "under", "agency_id", "name"), ("name_en", "position", "certainty", "basis")
_POST_IS, _POST_MENDED = ("title", "staff_kind", "seats", "role"), ("title_en", "position", "certainty")
Key = tuple[str, str]  # of a body, and of a post in it; of a body itself with an empty second part


@dataclass(frozen=True)
class UnitChanges:
    """What becomes of one unit: bodies and posts that are new, have another row, or end; rows of which words are mended.

    Each is told by the name that it has afterwards, or had, in the reader's language. `closed_posts` tells the keys of body
    and post as well.
    """

    unit: Unit
    new_bodies: tuple[str, ...]
    changed_bodies: tuple[str, ...]
    closed_bodies: tuple[str, ...]
    new_posts: tuple[str, ...]
    changed_posts: tuple[str, ...]
    closed_posts: Mapping[Key, str]
    mended: int


@dataclass
class Changes:
    """What has to be written, gathered over all units."""

    day: date
    new: dict[type[Model], list[Any]] = field(default_factory=lambda: {Body: [], Post: []})
    ended: dict[type[Model], list[Any]] = field(default_factory=lambda: {Body: [], Post: []})
    mended: dict[type[Model], list[Any]] = field(default_factory=lambda: {Body: [], Post: []})
    by_unit: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    begun_of: dict[int, dict[Key, str]] = field(default_factory=lambda: defaultdict(dict))
    ended_of: dict[int, dict[Key, str]] = field(default_factory=lambda: defaultdict(dict))

    def begin(self, row: Body | Post, body: Body) -> None:
        """`row` is new: the body, or a post of it."""
        self.new[type(row)].append(row)
        self.by_unit[body.unit_id][f"{_noun(row)}_begun"] += 1
        self.begun_of[body.unit_id][_key(row, body)] = _told(row, body)

    def end(self, row: Body | Post, body: Body) -> None:
        """`row` ends: the body, or a post of it."""
        self.ended[type(row)].append(row)
        self.by_unit[body.unit_id][f"{_noun(row)}_ended"] += 1
        self.ended_of[body.unit_id][_key(row, body)] = _told(row, body)

    def mend(self, row: Body | Post, facts: Mapping[str, Any], names: Collection[str], unit_id: int) -> None:
        """`row` goes on with other words, where any of them differ."""
        if any(getattr(row, name) != facts[name] for name in names):
            for name in names:
                setattr(row, name, facts[name])
            self.mended[type(row)].append(row)
            self.by_unit[unit_id]["mended"] += 1

    def of(self, unit: Unit) -> UnitChanges:
        """What becomes of `unit`, in words."""
        begun, ended = self.begun_of[unit.pk], self.ended_of[unit.pk]

        def names(found: Collection[Key], told: Mapping[Key, str], *, posts: bool) -> tuple[str, ...]:
            return tuple(name for key, name in told.items() if key in found and bool(key[1]) == posts)

        new, kept, gone = begun.keys() - ended.keys(), begun.keys() & ended.keys(), ended.keys() - begun.keys()
        return UnitChanges(
            unit, names(new, begun, posts=False), names(kept, begun, posts=False), names(gone, ended, posts=False),
            names(new, begun, posts=True), names(kept, begun, posts=True),
            {key: name for key, name in ended.items() if key in gone and key[1]}, self.by_unit[unit.pk]["mended"],
        )  # fmt: skip

    def fingerprint(self) -> str:
        """The same for the same changes to the same rows, whatever numbers new rows will get; SHA-256 in hex digits."""
        return hashlib.sha256(json.dumps([str(self.day), *self._facts()], ensure_ascii=False).encode()).hexdigest()

    def _facts(self) -> Iterator[list[Any]]:
        for body in self.new[Body]:
            yield ["new", body.unit_id, body.key, body.block, body.under, body.name, bool(body.agency_id),
                   *(getattr(body, name) for name in _BODY_MENDED)]  # fmt: skip
        for post in self.new[Post]:
            yield ["new", post.body.unit_id, post.body.key, post.key,
                   *(getattr(post, name) for name in (*_POST_IS, *_POST_MENDED))]  # fmt: skip
        for model, names in ((Body, _BODY_MENDED), (Post, _POST_MENDED)):
            yield ["ended", *sorted(row.pk for row in self.ended[model])]
            for row in sorted(self.mended[model], key=lambda row: row.pk):
                yield ["mended", row.pk, *(getattr(row, name) for name in names)]


def compare(units: Collection[Unit], template: Template, day: date, also: frozenset[str]) -> Changes:
    """What the template has otherwise than what stands on `day`; `also`: optional bodies to begin. Three statements."""
    ids = [unit.pk for unit in units]
    agencies = {(unit_id, kind): pk for pk, unit_id, kind in
                Agency.objects.filter(unit_id__in=ids).values_list("pk", "unit_id", "kind")}  # fmt: skip
    bodies: dict[int, dict[str, Body]] = defaultdict(dict)
    for body in Body.objects.on(day).filter(unit_id__in=ids):
        bodies[body.unit_id][body.key] = body
    posts: dict[int, dict[str, Post]] = defaultdict(dict)
    for post in Post.objects.on(day).filter(body__unit_id__in=ids):
        posts[post.body_id][post.key] = post
    changes = Changes(day)
    for unit in units:
        standing = bodies[unit.pk]
        plans = [plan for plan in template.bodies(unit.kind)
                 if not plan.optional or plan.key in also or plan.key in standing]  # fmt: skip
        for place, plan in enumerate(plans):
            agency = agencies.get((unit.pk, plan.agency)) if plan.agency else None
            _body(changes, unit.pk, plan, place, agency, standing.get(plan.key), posts)
        for key in standing.keys() - {plan.key for plan in plans}:
            _end(changes, standing[key], posts)
    return changes


def write(changes: Changes) -> None:
    """Write what was compared, by a handful of statements."""
    for model in (Post, Body):  # posts go before their bodies, and come after them
        rows = changes.ended[model]
        fresh = [row.pk for row in rows if row.valid_from == changes.day]
        model.objects.filter(pk__in=fresh).delete()
        model.objects.filter(pk__in=[row.pk for row in rows if row.pk not in set(fresh)]).update(valid_to=changes.day)
    for model, names in ((Body, _BODY_MENDED), (Post, _POST_MENDED)):
        model.objects.bulk_update(changes.mended[model], names, batch_size=BATCH)
        model.objects.bulk_create(changes.new[model], batch_size=BATCH)


def _body(
    changes: Changes, unit_id: int, plan: BodyPlan, place: int, agency_id: int | None, standing: Body | None,
    posts: Mapping[int, Mapping[str, Post]],
) -> None:  # fmt: skip
    facts = {
        "block": plan.block, "under": plan.under, "agency_id": agency_id, "name": plan.name, "name_en": plan.name_en,
        "position": place, "certainty": plan.certainty, "basis": plan.basis,
    }  # fmt: skip
    if standing and any(getattr(standing, name) != facts[name] for name in _BODY_IS):
        _end(changes, standing, posts)
        standing = None
    if standing:
        changes.mend(standing, facts, _BODY_MENDED, unit_id)
        held = posts.get(standing.pk, {})
    else:
        standing, held = Body(unit_id=unit_id, key=plan.key, valid_from=changes.day, **facts), {}
        changes.begin(standing, standing)
    for number, post in enumerate(plan.posts):
        wanted = {"title": post.title, "title_en": post.title_en, "staff_kind": post.staff_kind, "seats": post.seats,
                  "role": post.role, "position": number, "certainty": post.certainty}  # fmt: skip
        there = held.get(post.key)
        if there and all(getattr(there, name) == wanted[name] for name in _POST_IS):
            changes.mend(there, wanted, _POST_MENDED, unit_id)
            continue
        if there:
            changes.end(there, standing)
        changes.begin(Post(body=standing, key=post.key, valid_from=changes.day, **wanted), standing)
    for key in held.keys() - {post.key for post in plan.posts}:
        changes.end(held[key], standing)


def _end(changes: Changes, body: Body, posts: Mapping[int, Mapping[str, Post]]) -> None:
    """A body ends with all its posts."""
    changes.end(body, body)
    for post in posts.get(body.pk, {}).values():
        changes.end(post, body)


def _noun(row: Body | Post) -> str:
    return "bodies" if isinstance(row, Body) else "posts"


def _key(row: Body | Post, body: Body) -> Key:
    return body.key, "" if isinstance(row, Body) else row.key


def _told(row: Body | Post, body: Body) -> str:
    name = choose(body.name, body.name_en)
    return name if isinstance(row, Body) else f"{choose(row.title, row.title_en)} · {name}"
