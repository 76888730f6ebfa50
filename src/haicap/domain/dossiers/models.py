"""The dossier: what the applicant brought, beside the entry that carries its number, state, deadline and holder."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from haicap.domain.dossiers.rules import ReturnMethod
from haicap.domain.people.models import Agency
from haicap.domain.procedures.models import ProcedureVersion
from haicap.domain.procedures.rules.kinds import Channel
from haicap.domain.units.models import Unit
from haicap.kernel.entries.models import Entry


class Dossier(models.Model):
    """One dossier of an administrative procedure. It keeps the procedure version and units it was received under."""

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="dossier")
    version = models.ForeignKey(ProcedureVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    procedure_code = models.TextField()
    competent_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    receiving_unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    receiving_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    competent_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    channel = models.TextField(choices=Channel.choices)
    priority = models.BooleanField(default=False)

    applicant_name = models.TextField()
    applicant_folded = models.TextField()  # accent-free, for search
    applicant_id_number = models.TextField(default="")
    applicant_phone = models.TextField(default="")
    applicant_email = models.TextField(default="")
    applicant_address = models.TextField(default="")
    proxy = models.JSONField(default=dict)  # who files for the applicant, with the paper that authorises them

    form = models.JSONField(default=dict)
    checklist = models.JSONField(default=list)
    quantity = models.IntegerField(default=1)
    fee = models.BigIntegerField(default=0)  # đồng
    return_method = models.TextField(choices=ReturnMethod.choices, default=ReturnMethod.COUNTER)

    received_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    outcome = models.TextField(default="")
    result_number = models.TextField(default="")
    supplement_rounds = models.SmallIntegerField(default=0)
    extensions = models.SmallIntegerField(default=0)
    secret = models.TextField()  # printed on the slip: opens the citizen's own view
    synthetic = models.BooleanField(default=False)
    imported_from = models.TextField(default="")

    class Meta:
        indexes = [
            models.Index(
                fields=["applicant_id_number"], condition=~Q(applicant_id_number=""), name="dossiers_id_number"
            ),
            models.Index(fields=["applicant_phone"], condition=~Q(applicant_phone=""), name="dossiers_phone"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(fee__gte=0, quantity__gt=0), name="dossier_amounts"),
            models.CheckConstraint(condition=Q(supplement_rounds__range=(0, 2)), name="dossier_supplement_rounds"),
            models.CheckConstraint(condition=Q(extensions__range=(0, 1)), name="dossier_extended_once"),
            models.CheckConstraint(
                condition=Q(returned_at=None) | Q(decided_at__isnull=False), name="dossier_returned_after_decision"
            ),
            models.UniqueConstraint(
                fields=["imported_from"], condition=~Q(imported_from=""), name="dossiers_imported_once"
            ),
        ]


class Slip(models.Model):
    """A numbered paper of a dossier (forms 02 to 05): its number is taken from the unit's book of that form."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="slips")
    form = models.TextField()  # PBS, PTC, PXL, PDS
    number = models.IntegerField()
    year = models.IntegerField()
    move_no = models.IntegerField()
    at = models.DateTimeField()
    facts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "form", "move_no"], name="one_slip_a_move")]
