"""`/quan-tri/luu-giu/`: who sees which part of an applicant's data, how long each kind of record is kept, what is due."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.dossiers import personal
from haicap.domain.dossiers.personal import Part
from haicap.domain.people.access import can_administer
from haicap.flows import retention as kept
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.language import bi


@require_safe
@allow(can_administer)
def retention(request: HttpRequest) -> HttpResponse:
    """Both tables, and the closed dossiers of one's units that are past their time. Two statements."""
    total, due = kept.past_their_time(clock.now())
    sights = [
        (
            personal.SITUATIONS[situation],
            personal.STANDINGS[standing],
            [(personal.LABELS[part], personal.SEEN[seen[part]]) for part in Part],
        )
        for (situation, standing), seen in personal.SIGHTS.items()
    ]
    return render(request, "administration/retention.html", {
        "crumbs": [(bi("Quản trị", "Administration"), reverse("administration")),
                   (bi("Dữ liệu cá nhân và lưu giữ", "Personal data and retention"), "")],
        "kept": kept.table(), "sights": sights, "parts": [personal.LABELS[part] for part in Part], "due": due, "total": total,
        "before": clock.local(kept.due_before(clock.now())).date(),
    })  # fmt: skip
