"""Which resolutions concern a province, and how far each has come: scheduled, in force, carried out and certified."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q

from haicap.domain.units.commands import resolutions
from haicap.domain.units.commands.resolutions import ResolutionFile
from haicap.domain.units.models import Resolution, Unit
from haicap.domain.units.rules import UnitLevel
from haicap.flows.reorganisation.certificate import Certificate, make_certificate
from haicap.flows.reorganisation.errors import (
    CertificateIsTheProvinces,
    NotAllSeen,
    NotYetInForce,
    ResolutionUnknown,
)
from haicap.flows.reorganisation.notices import CARRIED_OUT, subject_of
from haicap.kernel import clock, vi
from haicap.kernel.audit.models import Event


@dataclass(frozen=True)
class Standing:
    """One resolution as a province's administrators see it."""

    resolution: Resolution
    ended: int
    formed: int
    carried_out: dict[str, Any] | None
    """What the trail says of its day: `told`, `root`, `as_of`, `counts`; None before."""

    @property
    def is_scheduled(self) -> bool:
        """Its day lies ahead."""
        return self.resolution.effective_on > clock.today()

    @property
    def root(self) -> str:
        """The certificate's root; empty where there is none yet."""
        return str((self.carried_out or {}).get("root", ""))

    @property
    def told(self) -> int:
        """How many open dossiers' applicants a message left for."""
        return int((self.carried_out or {}).get("told", 0))

    @property
    def as_of(self) -> datetime | None:
        """The moment of the certificate."""
        moment = (self.carried_out or {}).get("as_of")
        return datetime.fromisoformat(moment) if moment else None

    @property
    def dossiers(self) -> int:
        """How many dossiers the ended units had; 0 before the certificate."""
        return int((self.carried_out or {}).get("counts", {}).get("dossiers", 0))

    @property
    def fault(self) -> str:
        """Why no certificate could be given; empty where one was."""
        return str((self.carried_out or {}).get("not_conserved", ""))


def prepared(province_code: str) -> list[ResolutionFile]:
    """The files that HaiCap carries for the province, of resolutions that are not applied here: they rest on one source and
    wait until somebody has compared them. By the day they take effect. Two statements."""
    waiting = resolutions.unconfirmed()
    codes = {code for file in waiting for code in file.codes()}
    there = Unit.objects.filter(Q(code=province_code) | Q(province__code=province_code), code__in=codes)
    own = {province_code, *there.values_list("code", flat=True)} if codes else set()
    return sorted(
        (file for file in waiting if file.codes() & own), key=lambda file: (str(file.head.effective_on), file.name)
    )


def standings(province_code: str) -> list[Standing]:
    """Every resolution in force or scheduled that ended or formed a unit of the province, the latest first.

    Four statements. What the trail says is shown to those who may read it.
    """
    there = Unit.objects.filter(Q(code=province_code) | Q(province__code=province_code))
    ids = {pk for pair in there.values_list("formed_by_id", "ended_by_id").distinct() for pk in pair if pk}
    found = list(Resolution.objects.in_force().filter(pk__in=ids).order_by("-effective_on", "-pk"))
    communes = Q(level=UnitLevel.COMMUNE)
    ended = _counts(Unit.objects.filter(communes, ended_by__in=found), "ended_by")
    formed = _counts(Unit.objects.filter(communes, formed_by__in=found), "formed_by")
    told = {
        event.subject: event.data
        for event in Event.objects.filter(subject__in=[subject_of(one) for one in found], tag=CARRIED_OUT)
    }
    return [Standing(one, ended.get(one.pk, 0), formed.get(one.pk, 0), told.get(subject_of(one))) for one in found]


def _counts(units: Any, by: str) -> dict[int, int]:
    return {row[by]: row["n"] for row in units.values(by).annotate(n=Count("pk"))}


def sealed_certificate(province_code: str, resolution_id: int, *, sees_all: bool) -> Certificate:
    """The certificate whose root stands in the trail, computed again for the moment that stands there.

    `sees_all`: the caller's rows are the whole province's. What somebody computes from the rows that they see is given away
    only where its root is the sealed one. Raises ResolutionUnknown, CertificateIsTheProvinces, NotYetInForce, NotAllSeen.
    """
    one = next((one for one in standings(province_code) if one.resolution.pk == resolution_id), None)
    if one is None:
        raise ResolutionUnknown(number=resolution_id)
    if not sees_all:
        raise CertificateIsTheProvinces()
    if not one.root:
        raise NotYetInForce(number=one.resolution.number, day=vi.date_text(one.resolution.effective_on))
    made = make_certificate(one.resolution, as_of=one.as_of)
    if made.root != one.root:
        raise NotAllSeen(root=one.root[:16])
    return made
