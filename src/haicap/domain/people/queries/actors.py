"""Who somebody is today: posts, agencies, and the units whose rows follow from them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from haicap.domain.people.blocks import SIGN_PREFIX
from haicap.domain.people.errors import AccountUnknown, AgencyUnknown
from haicap.domain.people.models import Account, Agency, Appointment
from haicap.domain.people.queries.doors import account_at_door, posts_acted_in
from haicap.domain.people.queries.seen import Seen
from haicap.domain.people.queries.support import lent_to, watches_at
from haicap.domain.people.rules import ACTOR_LIFE, AgencyKind, Role, at_home
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.scope import Actor, StandsFor

_ACTOR_LIFE_S = (
    ACTOR_LIFE.total_seconds()
)  # a changed post ends the account's passes at once; this only bounds a stale worker process
_actors: dict[int, tuple[float, date, Actor]] = {}
_agencies: dict[tuple[int, str], AgencyRow] = {}


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """An agency as the hot path needs it."""

    id: int
    unit_id: int
    kind: str
    name: str
    identifier: str


def actor_for(account_id: int) -> Actor:
    """The actor that an account is today; kept in the process for some seconds, never over midnight.

    Raises AccountUnknown for an account that is closed or gone.
    """
    kept, today = _actors.get(account_id), clock.today()
    if kept and kept[0] > time.monotonic() and kept[1] == today:  # at midnight a resolution may have taken effect
        return kept[2]
    actor = _build_actor(account_id, today)
    _actors[account_id] = (time.monotonic() + _ACTOR_LIFE_S, today, actor)
    return actor


def forget_actors() -> None:
    """Drop what is kept: posts, agencies or units have changed in this process."""
    _actors.clear()
    _agencies.clear()


def agency_of(unit_id: int, kind: str) -> AgencyRow:
    """The agency of `kind` in a unit; raises AgencyUnknown. Kept in the process: an agency's unit and kind never change."""
    known = _agencies.get((unit_id, kind))
    if known is None:
        agency = Agency.objects.filter(unit_id=unit_id, kind=kind).first()
        if agency is None:
            unit = Unit.objects.filter(pk=unit_id).values_list("name", flat=True).first()
            raise AgencyUnknown(unit=unit or unit_id, agency=AgencyKind(kind).label)
        known = AgencyRow(agency.pk, agency.unit_id, agency.kind, agency.name, agency.identifier)
        _agencies[unit_id, kind] = known
    return known


def post_at_heir(actor: Actor, agency_id: int, role: str) -> tuple[int, str]:
    """The post of the actor's unit that goes on with what waits in another unit's `agency_id` for `role`: the same in its
    agency of the same kind, else the counter of its center, else its chair. Raises AgencyUnknown where it has none.

    Two statements.
    """
    unit_id = actor.unit_id or 0
    kind = Agency.objects.values_list("kind", flat=True).get(pk=agency_id)
    own = dict(Agency.objects.filter(unit_id=unit_id).values_list("kind", "pk"))
    chosen = at_home(kind, own)
    if chosen is None:
        return agency_of(unit_id, kind).id, role
    if kind in own:
        return chosen, role
    return chosen, Role.COUNTER if chosen == own.get(AgencyKind.CENTER) else Role.CHAIR


def account_named(name: str) -> Account:
    """The active account with this sign-in name; raises AccountUnknown."""
    account = account_at_door(name=name.strip().lower())
    if account is None:
        raise AccountUnknown(name=name)
    return account


def _build_actor(account_id: int, day: date) -> Actor:
    account = account_at_door(number=account_id)
    if account is None:
        raise AccountUnknown(name=account_id)
    acted_in = posts_acted_in(account_id, day)
    held = [post for post in acted_in if post.account_id == account_id]
    posts = [post for post in held if post.agency.unit.is_on(day)]  # a body that has ended has no posts
    if not posts:
        return Actor(name=account.full_name, account_id=account.pk)
    if supporting := [post for post in posts if post.role == Role.SUPPORT]:
        return _guest(account, supporting)
    own = posts[0].agency.unit
    others = [post for post in acted_in if post.account_id != account_id]
    lent, stands_for = _lent(account_id, posts, others, day) if others else ((), ())
    in_part = {(one.agency_id, one.role, one.account_id) for one in stands_for if one.is_partial}
    whole = [post for post in lent if (post.agency_id, post.role, post.account_id) not in in_part]
    seen = Seen.of([*posts, *whole], day)
    # rows are seen as in the post, acts are bound to what is lent
    wider = Seen.of([*posts, *lent], day) if in_part else seen
    return Actor(
        name=account.full_name,
        account_id=account.pk,
        unit_id=own.pk,
        unit_code=own.code,
        unit_name=posts[0].agency.name if posts[0].agency.kind.startswith("so-") else own.name,
        unit_ids=wider.unit_ids,
        agency_ids=wider.agency_ids,
        roles=frozenset((post.agency_id, post.role) for post in (*posts, *whole)) | seen.inherited_roles,
        inheritance=seen.inheritance,
        watches=watches_at({post.agency.unit_id for post in posts}),
        stands_for=tuple(one for one in stands_for if not one.is_partial),
        stands_in_part=tuple(one for one in stands_for if one.is_partial),
    )


def _lent(
    account_id: int, own: Sequence[Appointment], others: Sequence[Appointment], day: date
) -> tuple[Sequence[Appointment], tuple[StandsFor, ...]]:
    """The posts of others in which the account acts today, in units in which it holds a post of its own; whoever has no post
    left acts for nobody. One statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT appointment_id, giver_id, giver, kind, decision, kinds, signing_only FROM people_stands_for(%s, %s)",
            [account_id, day],
        )
        told = {row[0]: row for row in cursor.fetchall()}
    units, mine = {post.agency.unit_id for post in own}, {(post.agency_id, post.role) for post in own}
    lent = [post for post in others if post.pk in told and post.agency.unit_id in units]
    held = [(post, *told[post.pk][1:]) for post in lent]
    return lent, tuple(
        StandsFor(
            post.agency_id,
            post.role,
            giver,
            name,
            decision,
            SIGN_PREFIX[kind],
            shared=(post.agency_id, post.role) in mine,
            kinds=frozenset(kinds),
            signing_only=signing_only,
        )
        for post, giver, name, kind, decision, kinds, signing_only in held
    )


def _guest(account: Account, posts: list[Appointment]) -> Actor:
    """Somebody of technical support: alone they see nothing, and whatever else they hold does not count beside it."""
    own = posts[0].agency.unit
    units, watches = lent_to(account.pk)
    return Actor(
        name=account.full_name, account_id=account.pk, unit_id=own.pk, unit_code=own.code, unit_name=own.name,
        unit_ids=units, roles=frozenset((post.agency_id, post.role) for post in posts), guest=True, watches=watches,
    )  # fmt: skip
