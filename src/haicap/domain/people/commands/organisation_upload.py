"""A template that a province's administrator hands in: looked at, then put in force for the province or one commune."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

from django.db import transaction

from haicap.domain.people.access import can_load_organisation
from haicap.domain.people.commands.organisation import Loaded, load_organisation
from haicap.domain.people.commands.organisation_template import Template, parse_template
from haicap.domain.people.errors import OutOfReach
from haicap.domain.people.organisation_errors import DayNotLoadable, PostsAreHeld
from haicap.domain.people.queries.organisation_loads import held_in
from haicap.domain.units.models import Unit
from haicap.domain.units.queries import communes_of, unit_on
from haicap.domain.units.rules import TWO_LEVELS_FROM
from haicap.kernel import clock, vi
from haicap.kernel.access import insist
from haicap.kernel.scope import Actor

FARTHEST = timedelta(days=366)  # a day typed wrong by a century would stand in the way of every later load


@dataclass(frozen=True)
class Upload:
    """A file, the code of the unit it is for, the day it holds from, and which optional bodies it begins."""

    name: str
    content: bytes
    within: str
    day: date
    also: tuple[str, ...] = ()

    @cached_property
    def template(self) -> Template:
        """What the file says. Raises TemplateUnreadable, TemplateInvalid."""
        return parse_template(self.content, self.name)


@dataclass(frozen=True)
class Looked:
    """What an upload would do, and how many people are in each post that would end (unit, body's key, post's key)."""

    loaded: Loaded
    held: Mapping[tuple[int, str, str], int]

    @property
    def people(self) -> int:
        """How many people are in posts that would end."""
        return sum(self.held.values())


def look_at_upload(*, actor: Actor, upload: Upload) -> Looked:
    """Try it and take it back; everything as in `put_upload_in_force`, and raises the same beside what is asked there."""
    return _looked(upload, load_organisation(_units(actor, upload), upload.template, upload.day, also=upload.also,
                                             dry_run=True))  # fmt: skip


def put_upload_in_force(*, actor: Actor, upload: Upload, seen: str, knows: bool) -> Loaded:
    """Load it. `seen`: the fingerprint of the preview; `knows`: the actor knows that people are in posts that end.

    Raises NotGranted, OutOfReach for a unit outside the province, DayNotLoadable, PostsAreHeld, and what
    `load_organisation` and `parse_template` raise.
    """
    units = _units(actor, upload)
    with transaction.atomic():
        loaded = load_organisation(units, upload.template, upload.day, also=upload.also, seen=seen)
        people = _looked(upload, loaded).people
        if people and not knows:
            raise PostsAreHeld(people=people, field="knows")
    return loaded


def _looked(upload: Upload, loaded: Loaded) -> Looked:
    closed = ((one.unit.pk, *key) for one in loaded.by_unit for key in one.closed_posts)
    return Looked(loaded, held_in(closed, upload.day))


def _units(actor: Actor, upload: Upload) -> list[Unit]:
    """The units that the upload is for, within the actor's province."""
    insist(can_load_organisation, actor)
    last = clock.today() + FARTHEST
    if not TWO_LEVELS_FROM <= upload.day <= last:
        raise DayNotLoadable(first=vi.date_text(TWO_LEVELS_FROM), last=vi.date_text(last), field="ngay")
    province = unit_on(actor.unit_code, upload.day)
    communes = list(communes_of(province.code, upload.day).select_related("province"))
    found = [unit for unit in (province, *communes) if upload.within in (province.code, unit.code)]
    if not found:
        raise OutOfReach(field="cho")
    return found
