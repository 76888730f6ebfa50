"""Who somebody is today: posts, agencies, and the units whose rows follow from them."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

from haicap.domain.people.errors import AccountUnknown, AgencyUnknown
from haicap.domain.people.models import Account, Agency, Appointment
from haicap.domain.people.rules import PROVINCE_WIDE_ROLES, UNIT_WIDE_ROLES, AgencyKind
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitLevel
from haicap.kernel import clock
from haicap.kernel.scope import Actor

_ACTOR_LIFE_S = 20.0  # a changed post ends the account's passes at once; this only bounds a stale worker process
_actors: dict[int, tuple[float, Actor]] = {}
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
    """The actor that an account is today; kept in the process for some seconds.

    Raises AccountUnknown for an account that is closed or gone.
    """
    kept = _actors.get(account_id)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    actor = _build_actor(account_id, clock.today())
    _actors[account_id] = (time.monotonic() + _ACTOR_LIFE_S, actor)
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


def account_named(name: str) -> Account:
    """The active account with this sign-in name; raises AccountUnknown."""
    account = Account.objects.active().filter(name=name.strip().lower()).first()
    if account is None:
        raise AccountUnknown(name=name)
    return account


def _build_actor(account_id: int, day: date) -> Actor:
    account = Account.objects.active().filter(pk=account_id).first()
    if account is None:
        raise AccountUnknown(name=account_id)
    posts = list(
        Appointment.objects.on(day).filter(account_id=account_id).select_related("agency__unit").order_by("id")
    )
    if not posts:
        return Actor(name=account.full_name, account_id=account.pk)
    own = posts[0].agency.unit
    unit_ids = _units_seen(posts, day)
    return Actor(
        name=account.full_name,
        account_id=account.pk,
        unit_id=own.pk,
        unit_code=own.code,
        unit_name=posts[0].agency.name if posts[0].agency.kind.startswith("so-") else own.name,
        unit_ids=unit_ids,
        agency_ids=_agencies_seen(posts, unit_ids),
        roles=frozenset((post.agency_id, post.role) for post in posts) | _inherited_roles(posts, unit_ids, day),
    )


def _inherited_roles(posts: list[Appointment], unit_ids: tuple[int, ...], day: date) -> frozenset[tuple[int, str]]:
    """A commune's officers also hold the same posts in the agencies of the units whose one heir it is: what was under way
    there is theirs now. A divided unit's work is nobody's alone, so it is not taken over by this rule."""
    own = {post.agency.unit_id for post in posts if _sees_unit(post)}
    if len(own) != 1 or any(post.agency.unit.level == UnitLevel.PROVINCE for post in posts):
        return frozenset()
    heirs = units.heirs_by_unit([unit for unit in unit_ids if unit not in own], day)
    whole = [unit for unit, held in heirs.items() if len(held) == 1 and held[0].unit.pk in own]
    roles: dict[str, set[str]] = {}
    for post in posts:
        roles.setdefault(post.agency.kind, set()).add(post.role)
    inherited = Agency.objects.filter(unit_id__in=whole, kind__in=roles).values_list("pk", "kind")
    return frozenset((pk, role) for pk, kind in inherited for role in roles[kind])


def _units_seen(posts: list[Appointment], day: date) -> tuple[int, ...]:
    """Own units, all communes for a province's operations center, and by lineage every unit they are heirs of."""
    wide = {post.agency.unit_id for post in posts if _sees_unit(post)}
    for post in posts:
        if post.agency.unit.level == UnitLevel.PROVINCE and post.role in PROVINCE_WIDE_ROLES:
            wide.update(unit.pk for unit in units.communes_of(post.agency.unit.code, day))
    return tuple(sorted(wide | set(units.predecessor_ids(tuple(sorted(wide))))))


def _sees_unit(post: Appointment) -> bool:
    return post.role in UNIT_WIDE_ROLES and not post.agency.kind.startswith("so-")


def _agencies_seen(posts: list[Appointment], unit_ids: tuple[int, ...]) -> tuple[int, ...]:
    """A unit's staff sees what any of its agencies held; a department's officer what the department held."""
    own = {post.agency_id for post in posts}
    if any(post.role in PROVINCE_WIDE_ROLES and post.agency.unit.level == UnitLevel.PROVINCE for post in posts):
        return tuple(sorted(own))
    if any(_sees_unit(post) for post in posts):
        own.update(Agency.objects.filter(unit_id__in=unit_ids).values_list("pk", flat=True))
    return tuple(sorted(own))
