"""A denunciation beside its entry, and apart from it, sealed, who denounces."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from haicap.domain.units.models import Unit
from haicap.domain.voice.rules import EXTENSIONS_MOST, Way
from haicap.kernel.entries.models import Entry


class Denunciation(models.Model):
    """What is denounced. Seen by who took it down, the named handler, and the chair of its unit; see migration 0001.

    The handler is named by a function of the database, which asks that the actor leads the unit.
    """

    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, primary_key=True, related_name="denunciation")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    taken_by_id = models.IntegerField()
    way = models.TextField(choices=Way.choices)
    against = models.TextField()
    content = models.TextField()
    several_places = models.BooleanField(default=False)
    extensions = models.SmallIntegerField(default=0)
    handler_id = models.IntegerField(null=True)
    handler_decision = models.TextField(default="", blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(extensions__range=(0, EXTENSIONS_MOST)), name="denunciation_extended_twice"
            ),
            models.CheckConstraint(
                condition=Q(handler_id=None) | ~Q(handler_decision=""), name="denunciation_handler_by_decision"
            ),
        ]
