"""The book of refusals (form 03) has one number for each slip, whether it was declined at the counter or later."""

from __future__ import annotations

from datetime import datetime

import pytest

from haicap.domain.dossiers.commands import decline_at_counter
from haicap.domain.dossiers.models import Slip
from haicap.domain.dossiers.tests.factories import moved, receipt_for, received, staffed_commune
from haicap.kernel import clock
from haicap.kernel.scope import entered

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=clock.ZONE)
pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_refusals_are_numbered_without_gaps():
    staff = staffed_commune("03664")

    def declined():
        return decline_at_counter(
            actor=staff.counter, receipt=receipt_for(form={}), reason="Sai nơi nộp", at=MONDAY
        ).code

    codes = [declined(), declined()]
    later = received(staff.counter, at=MONDAY).code
    moved(staff.counter, later, "decline_receipt", note="Thiếu giấy tờ", at=MONDAY)
    codes += [later, declined()]
    with entered(staff.counter):
        numbers = dict(Slip.objects.filter(form="PTC").values_list("entry__code", "number"))
    assert [numbers[code] for code in codes] == [1, 2, 3, 4]
    assert codes[3] == "14.03664-PTC-2026-0004"
