"""What posts give their holder: the units whose rows they see, the agencies, and what came from units that have ended.

A unit's one heir goes on with its work in the same posts. A divided unit's work is one heir's each, so its posts are
told apart (`shared_posts`). A post that nobody holds is its unit's chair's, else the heads', else the administrators',
else everybody's there: nothing waits in nobody's hands.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from haicap.domain.people.models import Agency, Appointment
from haicap.domain.people.queries.doors import posts_filled
from haicap.domain.people.rules import (
    PROVINCE_WIDE_ROLES,
    STANDS_IN,
    UNIT_WIDE_ROLES,
    at_home,
    roles_at_work,
)
from haicap.domain.units import queries as units
from haicap.domain.units.rules import UnitLevel
from haicap.kernel.scope import Inheritance

Post = tuple[int, str]  # agency id, role


@dataclass(frozen=True)
class _Body:
    """An agency, as far as inheritance asks."""

    id: int
    unit_id: int
    kind: str


@dataclass(frozen=True)
class Seen:
    """What one account's posts give on one day; see `of`."""

    posts: tuple[Appointment, ...]
    day: date
    wide: frozenset[int]
    inherited: Mapping[int, tuple[int, ...]]
    departmental: Mapping[int, tuple[int, ...]]
    bodies: Mapping[int, tuple[_Body, ...]] = field(default_factory=dict)
    filled: frozenset[tuple[int, str, str]] = frozenset()

    @classmethod
    def of(cls, posts: Collection[Appointment], day: date) -> Seen:
        """Read what the posts need: four statements, two more for officers of a province."""
        wide = {post.agency.unit_id for post in posts if _sees_unit(post)}
        for post in posts:
            if _sees_province(post):
                wide.update(unit.pk for unit in units.communes_of(post.agency.unit.code, day))
        departments = {post.agency.unit_id for post in posts if not _sees_unit(post)}
        seen = cls(
            tuple(posts), day, frozenset(wide), units.inherited_by(wide, day), units.inherited_by(departments, day)
        )
        return cls(seen.posts, day, seen.wide, seen.inherited, seen.departmental, seen._bodies(), seen._filled())

    def _bodies(self) -> Mapping[int, tuple[_Body, ...]]:
        """The agencies of every unit that matters: of a province's communes those alone that were divided."""
        wanted = self.own | set(self.departmental)
        if self._is_province_wide:
            wanted |= set(self._whole) | set(self._shared)
        else:
            wanted |= self.wide | set(self.inherited)
        found: dict[int, list[_Body]] = defaultdict(list)
        rows = Agency.objects.filter(unit_id__in=wanted).order_by("pk").values_list("pk", "unit_id", "kind")
        for pk, unit_id, kind in rows:
            found[unit_id].append(_Body(pk, unit_id, kind))
        return {unit_id: tuple(held) for unit_id, held in found.items()}

    def _filled(self) -> frozenset[tuple[int, str, str]]:
        """Which posts (unit, kind, role) of the officer's own units somebody holds."""
        homes = {post.agency.unit_id for post in self.posts if _sees_unit(post)}
        if not homes:
            return frozenset()
        return posts_filled(homes, self.day)

    @cached_property
    def own(self) -> frozenset[int]:
        """The units in which the posts are."""
        return frozenset(post.agency.unit_id for post in self.posts)

    @property
    def _is_province_wide(self) -> bool:
        return any(_sees_province(post) for post in self.posts)

    @cached_property
    def _whole(self) -> Mapping[int, int]:
        """Ended unit → the officer's own unit, where that is its one heir."""
        both = {**self.departmental, **self.inherited}
        return {unit: heirs[0] for unit, heirs in both.items() if len(heirs) == 1 and heirs[0] in self.own}

    @cached_property
    def _shared(self) -> Mapping[int, tuple[int, ...]]:
        """Divided units and their heirs: those with the officer's own among them; for a whole province all of its."""
        both = {**self.departmental, **self.inherited}
        near = self.wide if self._is_province_wide else self.own
        return {unit: heirs for unit, heirs in both.items() if len(heirs) > 1 and near.intersection(heirs)}

    @property
    def unit_ids(self) -> tuple[int, ...]:
        """Own units, all communes for a province's operations center, and by lineage every unit they are heirs of."""
        return tuple(sorted(self.wide | set(self.inherited)))

    @property
    def agency_ids(self) -> tuple[int, ...]:
        """A unit's staff sees what any of its agencies held; a department's officer what the department held."""
        own = {post.agency_id for post in self.posts}
        if not self._is_province_wide and any(_sees_unit(post) for post in self.posts):
            own.update(body.id for unit_id in self.unit_ids for body in self.bodies.get(unit_id, ()))
        return tuple(sorted(own | {agency for agency, _ in self.inherited_roles}))

    @cached_property
    def inherited_roles(self) -> frozenset[Post]:
        """The officer's posts, as held in the agencies of units whose one heir their own is."""
        roles = self._roles()
        return frozenset(
            (body.id, role)
            for ended, home in self._whole.items()
            for body in self.bodies.get(ended, ())
            for role in roles.get((home, body.kind), ())
        )

    def _roles(self) -> Mapping[tuple[int, str], set[str]]:
        roles: dict[tuple[int, str], set[str]] = defaultdict(set)
        for post in self.posts:
            roles[post.agency.unit_id, post.agency.kind].add(post.role)
        return roles

    @cached_property
    def _vacant(self) -> Mapping[int, frozenset[tuple[str, str]]]:
        """For each own unit in which this officer answers for posts that nobody holds: (kind, role) held by somebody."""
        answers = {}
        for home in {post.agency.unit_id for post in self.posts if _sees_unit(post)}:
            there = {role for unit, _, role in self.filled if unit == home}
            mine = {post.role for post in self.posts if post.agency.unit_id == home}
            first = next((role for role in STANDS_IN if role in there), None)
            if first is None or first in mine:
                answers[home] = frozenset((kind, role) for unit, kind, role in self.filled if unit == home)
        return answers

    def _stood_in_for(self, home: int, bodies: Iterable[_Body]) -> set[Post]:
        """Posts of `bodies`, whose work is now that of `home`, that nobody there holds; empty where others answer."""
        held = self._vacant.get(home)
        if held is None:
            return set()
        return {
            (body.id, role) for body in bodies for role in roles_at_work(body.kind) if (body.kind, role) not in held
        }

    @cached_property
    def inheritance(self) -> Inheritance:
        """What came from units that have ended, and which posts wait for this officer because nobody holds them."""
        stands_in: set[Post] = set()
        for home in self.own:
            stands_in |= self._stood_in_for(home, self.bodies.get(home, ()))
        homes = {}
        for ended, home in self._whole.items():
            bodies = self._of(ended)
            stands_in |= self._stood_in_for(home, bodies)
            homes.update({body.id: at_home(body.kind, self._kinds(home)) for body in bodies})
        return Inheritance(
            homes=tuple(sorted((ended, own) for ended, own in homes.items() if own is not None)),
            stands_in=frozenset(stands_in - self.inherited_roles),
            shared_unit_ids=tuple(sorted(self._shared)),
            shared_agency_ids=tuple(sorted(body.id for unit_id in self._shared for body in self._of(unit_id))),
            shared_posts=frozenset(self._shared_posts()),
        )

    def _shared_posts(self) -> set[Post]:
        roles, found = self._roles(), set[Post]()
        for divided, heirs in self._shared.items():
            bodies = self._of(divided)
            for home in self.own.intersection(heirs):
                found |= {(body.id, role) for body in bodies for role in roles.get((home, body.kind), ())}
                found |= self._stood_in_for(home, bodies)
        return found

    def _of(self, ended: int) -> tuple[_Body, ...]:
        """The agencies of an ended unit whose work may be the officer's: for a department's officer, departments'."""
        bodies = self.bodies.get(ended, ())
        if ended in self.inherited:
            return bodies
        kinds = {post.agency.kind for post in self.posts}
        return tuple(body for body in bodies if body.kind in kinds)

    def _kinds(self, home: int) -> Mapping[str, int]:
        return {body.kind: body.id for body in self.bodies.get(home, ())}


def _sees_unit(post: Appointment) -> bool:
    return post.role in UNIT_WIDE_ROLES and not post.agency.kind.startswith("so-")


def _sees_province(post: Appointment) -> bool:
    return post.agency.unit.level == UnitLevel.PROVINCE and post.role in PROVINCE_WIDE_ROLES
