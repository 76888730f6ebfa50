"""A province's administrator applies, schedules and undoes resolutions on its own units: looked at first, confirmed by number.

What a resolution may say is judged by the room of units; here stands only what a page adds: the file must concern the
administrator's own province and nothing else, and the number must be typed by whoever means it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Q

from haicap.domain.people.access import can_apply_resolutions
from haicap.domain.units.commands import resolutions
from haicap.domain.units.commands.resolutions import Applied, ResolutionFile, Undone
from haicap.domain.units.errors import ResolutionFlawed
from haicap.domain.units.models import Resolution, Unit
from haicap.flows.owner import as_owner
from haicap.flows.reorganisation.errors import NumberNotTyped, OtherProvinceNamed
from haicap.flows.reorganisation.impact import Impact, impact_of
from haicap.kernel.access import insist
from haicap.kernel.scope import Actor


@dataclass(frozen=True)
class Looked:
    """What a file would do: the report of the units, and what the rooms hold of those that end."""

    report: Applied
    impact: Impact


def look(actor: Actor, file: ResolutionFile) -> Looked:
    """Judge a file and tell its effect; writes nothing. Raises NotGranted, ResolutionFlawed, OtherProvinceNamed,
    ResolutionOtherContent. Counts what the actor sees, which is all of their province."""
    insist(can_apply_resolutions, actor)
    if file.faults:
        raise ResolutionFlawed(file=file.name, count=len(file.faults), problems=list(file.faults))
    _insist_on_own(actor, file)
    report = resolutions.apply(file, by=actor.name, dry_run=True, using="default")
    return Looked(report, impact_of(report.ended_ids, report.heirs, using="default"))


def apply(actor: Actor, file: ResolutionFile, *, typed: str, confirm_uncertain: bool) -> Applied:
    """Apply the file, or schedule it where its day lies ahead; `typed` is the number by which it is meant.

    Raises what `look` raises, NumberNotTyped, ResolutionUnconfirmed, OwnerNotHere.
    """
    look(actor, file)
    if _plain(typed) != _plain(file.number):
        raise NumberNotTyped(field="typed", number=file.number)
    with as_owner():
        return resolutions.apply(file, by=actor.name, confirm_uncertain=confirm_uncertain)


def undo(actor: Actor, resolution: Resolution, *, typed: str) -> Undone:
    """Undo a resolution of the own province while nothing depends on it. Raises NotGranted, OtherProvinceNamed,
    NumberNotTyped, ResolutionNeeded with every reason, ResolutionBusy, OwnerNotHere."""
    insist(can_apply_resolutions, actor)
    own = Q(code=actor.unit_code) | Q(province__code=actor.unit_code)
    touched = Unit.objects.filter(Q(formed_by=resolution) | Q(ended_by=resolution))
    other = touched.exclude(own).order_by("code").first()
    if other is not None:
        raise OtherProvinceNamed(field="", code=other.code)
    if _plain(typed) != _plain(resolution.number):
        raise NumberNotTyped(field="typed", number=resolution.number)
    with as_owner():
        return resolutions.undo(resolution.number, by=actor.name)


def _insist_on_own(actor: Actor, file: ResolutionFile) -> None:
    """Every unit that stands on the eve is of the province, and every new one lies in it."""
    day = file.head.effective_on
    if day is None:
        return  # a fault that was told already
    standing = Unit.objects.on(day - timedelta(days=1)).filter(code__in=file.codes()).with_parents()
    others = sorted(unit.code for unit in standing if unit.province_code != actor.unit_code)
    others += sorted(one.code or "?" for one in file.created if one.parent != actor.unit_code)
    if others:
        raise OtherProvinceNamed(field="tep", code=others[0])


def _plain(number: str) -> str:
    return "".join(number.split()).casefold()
