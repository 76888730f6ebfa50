"""`/quan-tri/tep-cach-ly/`: files in which a virus scanner found something. Nobody downloads them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_administer
from haicap.domain.people.queries import names_of
from haicap.kernel.access import allow
from haicap.kernel.files.commands import scanner
from haicap.kernel.files.queries import quarantined
from haicap.kernel.language import bi

ROWS = 50
_TITLE = bi("Tệp cách ly", "Quarantined files")


@require_safe
@allow(can_administer)
def quarantine(request: HttpRequest) -> HttpResponse:
    """What was found in files of the administrator's units: when, what, whose, on which dossier. `?tiep=` goes on.

    Two statements.
    """
    after = request.GET.get("tiep", "")
    before = int(after) if after.isascii() and after.isdigit() and len(after) < 16 else 0
    rows = quarantined(ROWS + 1, before=before)
    names = names_of({row.uploaded_by for row in rows if row.uploaded_by is not None})
    return render(request, "administration/quarantine.html", {
        "crumbs": [(bi("Quản trị", "Administration"), reverse("administration")), (_TITLE, "")], "title": _TITLE,
        "lines": [(row, names.get(row.uploaded_by or 0, "")) for row in rows[:ROWS]], "scans": scanner() is not None,
        "next_cursor": str(rows[ROWS - 1].pk) if len(rows) > ROWS else "",
    })  # fmt: skip
