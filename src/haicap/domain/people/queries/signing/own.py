"""What an official sees of their own certificates and devices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from haicap.domain.people.models import DeviceHandover, DigitalCertificate
from haicap.domain.people.signing_rules import State, stage
from haicap.kernel import clock
from haicap.kernel.scope import Actor


@dataclass(frozen=True)
class OwnCertificate:
    """A certificate of one's own; `warn`: which warning stands (60, 30, 7), None for none."""

    row: DigitalCertificate
    warn: int | None
    days_left: int | None


@dataclass(frozen=True)
class OwnSigning:
    """Certificates and devices in one's hands."""

    certificates: Sequence[OwnCertificate]
    devices: Sequence[DeviceHandover]

    @property
    def warnings(self) -> list[OwnCertificate]:
        """Those that end soon."""
        return [one for one in self.certificates if one.warn is not None]


def own_signing(actor: Actor) -> OwnSigning:
    """The actor's own, the newest first. Two statements."""
    account, today = actor.account_id or 0, clock.today()
    rows = DigitalCertificate.objects.filter(official__account_id=account).exclude(state=State.WITHDRAWN).defer("file")
    renewed = {row.renews_id for row in rows if row.state == State.ISSUED}
    found = []
    for row in sorted(rows, key=lambda row: -row.pk):
        ends = row.valid_to if row.state == State.ISSUED and row.pk not in renewed else None
        left = (clock.local(ends).date() - today).days if ends else None
        found.append(OwnCertificate(row, stage(ends, today) if ends else None, left))
    devices = DeviceHandover.objects.filter(official__account_id=account, valid_to=None).select_related("device")
    return OwnSigning(found, list(devices))
