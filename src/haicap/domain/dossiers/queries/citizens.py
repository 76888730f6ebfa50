"""Citizens: found again at the counter, warned of a second filing, and following their dossier from home."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db import connection

from haicap.domain.dossiers.errors import DossierUnknown
from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.personal import COLUMNS, SIGHTS, Situation, Standing, masked_text
from haicap.domain.dossiers.queries.cases import CODE_MAX
from haicap.kernel import clock, vi
from haicap.kernel.text import clean

DUPLICATE_WITHIN = timedelta(days=90)


@dataclass(frozen=True)
class KnownApplicant:
    """Somebody who has filed here before, as they last did."""

    name: str
    id_number: str
    phone: str
    email: str
    address: str
    last_code: str

    def masked(self) -> KnownApplicant:
        """The same as a list shows it, enough to be recognised."""
        sights = SIGHTS[Situation.LIST, Standing.COLLEAGUE]
        seen = {part.value: masked_text(part, getattr(self, part), sights[part]) for part in COLUMNS}
        return replace(self, **seen)


def applicants_like(text: str, *, limit: int = 5) -> list[KnownApplicant]:
    """People who have filed with this ID number or phone before, latest first, each once. Exact numbers only: names
    are no key to a person's data."""
    digits = re.sub(r"\D", "", text)
    if len(digits) < 9:
        return []
    phone = vi.normal_phone(digits) if vi.phone_problem(digits) is None else digits
    known = Dossier.objects.filter(applicant_id_number=digits) | Dossier.objects.filter(applicant_phone=phone)
    people: dict[str, KnownApplicant] = {}
    for dossier in known.select_related("entry").order_by("-received_at")[:50]:
        people.setdefault(
            dossier.applicant_id_number or dossier.applicant_folded,
            KnownApplicant(dossier.applicant_name, dossier.applicant_id_number, dossier.applicant_phone,
                           dossier.applicant_email, dossier.applicant_address, dossier.entry.code),
        )  # fmt: skip
    return list(people.values())[:limit]


def possible_duplicates(procedure_code: str, id_number: str) -> list[Dossier]:
    """Dossiers of the same person and procedure of the last 90 days that are not closed: is this one a second filing?"""
    digits = re.sub(r"\D", "", id_number)
    if not digits or not procedure_code:
        return []
    return list(
        Dossier.objects.select_related("entry")
        .filter(
            applicant_id_number=digits, procedure_code=procedure_code, entry__closed_at=None,
            received_at__gte=clock.now() - DUPLICATE_WITHIN,
        )
        .order_by("-received_at")[:5]
    )  # fmt: skip


def track(code: str, secret: str = "") -> dict[str, Any]:
    """What the public may know of a dossier; with the slip's secret also names, moves and notes. Raises DossierUnknown.

    Answered by one SQL function that gives nothing else, whoever asks. A code with a wrong secret answers like a code
    without one.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT dossiers_track(%s, %s)", [clean(code)[:CODE_MAX], clean(secret).upper()[:20]])
        found = cursor.fetchone()[0]
    if found is None:
        raise DossierUnknown(dossier=clean(code)[:CODE_MAX])
    return dict(json.loads(found) if isinstance(found, str) else found)
