"""Digital certificates of people and agencies, and the devices that hold their keys."""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Q

from haicap.domain.people.models.officials import Official
from haicap.domain.people.signing_rules import IN_FORCE, OPEN, Carrier, State, Why
from haicap.domain.people.signing_trust import Chain, Listed
from haicap.domain.units.models import Unit
from haicap.domain.units.models.units import DateRange

_HOLDER = Q(official__isnull=False, body_key="") | (Q(official=None) & ~Q(body_key=""))
_ISSUED = Q(valid_from__isnull=False, valid_to__isnull=False) & ~Q(serial="") & ~Q(issuer="")


class SigningDevice(models.Model):
    """What holds a key: a USB token, a SIM, an account of remote signing. `lost_on`: since when it is missing."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    kind = models.TextField(choices=Carrier.choices)
    serial = models.TextField()
    lost_on = models.DateField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        verbose_name = "signing device"
        constraints = [
            models.UniqueConstraint(fields=["kind", "serial"], name="device_once"),
            models.CheckConstraint(condition=~Q(serial=""), name="device_has_a_number"),
        ]


class DeviceHandover(models.Model):
    """That a device was in somebody's hands from a day to a day (half-open)."""

    device = models.ForeignKey(SigningDevice, on_delete=models.PROTECT, related_name="handovers")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    official = models.ForeignKey(Official, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        verbose_name = "handover of a device"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="handover_ends_after_it_begins"
            ),
            ExclusionConstraint(
                name="device_in_one_hand",
                expressions=[("device", "="), (DateRange("valid_from", "valid_to"), "&&")],
            ),
        ]


class TrustAnchor(models.Model):
    """The certificate of an issuer that is trusted: a root, or an authority that a root has signed. Public by its nature."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")  # whose administrator entered it
    name = models.TextField()
    issuer = models.TextField()
    serial = models.TextField()
    fingerprint = models.TextField(unique=True)
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField()
    is_root = models.BooleanField()
    file = models.BinaryField()
    entered_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        verbose_name = "trust anchor"


class RevocationList(models.Model):
    """The newest revocation list of an issuer; its signature was checked when it came in."""

    anchor = models.OneToOneField(TrustAnchor, on_delete=models.PROTECT, related_name="revocation_list")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    number = models.TextField(default="", blank=True)
    this_update = models.DateTimeField()
    next_update = models.DateTimeField()
    entries = models.IntegerField()
    file = models.BinaryField()
    entered_at = models.DateTimeField()

    class Meta:
        verbose_name = "revocation list"


class DigitalCertificate(models.Model):
    """A certificate, from the request on: of a person (`official`) or of a unit's body (`body_key`).

    What stands in the certificate itself (serial to valid_to) is read from its file. `renews`: the one that it follows.
    `chain`, `anchor`, `listed`: what was found when it was last held against issuers and lists, since `judged_at`.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    official = models.ForeignKey(Official, on_delete=models.PROTECT, null=True, related_name="certificates")
    body_key = models.TextField(default="", blank=True)
    state = models.TextField(choices=State.choices)
    carrier = models.TextField(choices=Carrier.choices)
    device = models.ForeignKey(SigningDevice, on_delete=models.PROTECT, null=True, related_name="certificates")
    renews = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="renewed_by")
    requested_on = models.DateField()
    sent_on = models.DateField(null=True)
    sent_number = models.TextField(default="", blank=True)
    serial = models.TextField(default="", blank=True)
    issuer = models.TextField(default="", blank=True)
    subject = models.TextField(default="", blank=True)
    fingerprint = models.TextField(default="", blank=True)
    valid_from = models.DateTimeField(null=True)
    valid_to = models.DateTimeField(null=True)
    blocked_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    why = models.TextField(choices=Why.choices, default="", blank=True)
    file = models.BinaryField(null=True)
    chain = models.TextField(choices=Chain.choices, default=Chain.UNCHECKED)
    anchor = models.ForeignKey(TrustAnchor, on_delete=models.PROTECT, null=True, related_name="+")
    listed = models.TextField(choices=Listed.choices, default=Listed.NONE)
    judged_at = models.DateTimeField(null=True)
    synthetic = models.BooleanField(default=False)

    class Meta:
        verbose_name = "digital certificate"
        indexes = [models.Index(fields=["unit", "state", "valid_to"], name="people_certificate_unit")]
        constraints = [
            models.CheckConstraint(condition=_HOLDER, name="certificate_has_one_holder"),
            models.CheckConstraint(
                condition=~Q(state__in=[*IN_FORCE, State.REVOKED]) | _ISSUED, name="certificate_issued_with_its_facts"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=(State.BLOCKED, State.REVOKED)) | ~Q(why=""),
                name="certificate_revoked_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")), name="certificate_has_a_day"
            ),
            models.UniqueConstraint(
                fields=["issuer", "serial"], condition=~Q(serial=""), name="certificate_serial_once"
            ),
            models.UniqueConstraint(
                fields=["official"], condition=Q(state__in=OPEN), name="certificate_one_open_request"
            ),
            models.UniqueConstraint(
                fields=["unit", "body_key"], condition=Q(state__in=OPEN, official=None),
                name="certificate_one_open_request_of_a_body",
            ),
        ]  # fmt: skip
