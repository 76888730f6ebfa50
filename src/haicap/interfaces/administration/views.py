"""`/quan-tri/chua-kiem-chung/`: what in the data in force is not sure."""

from __future__ import annotations

import csv
from collections.abc import Sequence

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_administer
from haicap.flows import uncertain
from haicap.flows.uncertain import Fact, Kind
from haicap.interfaces.administration.pages import actor_of, crumbs
from haicap.kernel import clock
from haicap.kernel.access import allow
from haicap.kernel.language import bi
from haicap.kernel.text import clean, spreadsheet_safe

ROWS = 50
LONGEST_QUERY = 120
BYTE_ORDER_MARK = "\ufeff"  # without it spreadsheets take UTF-8 for something else
_COLUMNS = (
    bi("Loại", "Kind"), bi("Mã", "Code"), bi("Của", "Of"), bi("Nội dung", "Content"), bi("Mức tin cậy", "Certainty"),
    bi("Tình trạng", "Mark"), bi("Nguồn", "Source"), bi("Ghi chú", "Note"), bi("Trang công khai", "Public page"),
)  # fmt: skip


@require_safe
@allow(can_administer)
def uncertain_facts(request: HttpRequest) -> HttpResponse:
    """Uncertain facts; `?loai=` a kind, `?q=` words (accents optional), `?trang=`; `?tai=csv` all that match as a file."""
    typed = clean(request.GET.get("q", ""))[:LONGEST_QUERY]
    kind = request.GET.get("loai", "")
    chosen = Kind(kind) if kind in Kind.values else None
    everything = uncertain.facts_for(actor_of(request))
    matching = uncertain.matching(everything, typed)
    shown = [fact for fact in matching if chosen in (None, fact.kind)]
    if request.GET.get("tai") == "csv":
        return _as_csv(request, shown)
    page = Paginator(shown, ROWS).get_page(request.GET.get("trang"))
    total, touched = uncertain.totals(everything)
    return render(request, "administration/uncertain.html", {
        "crumbs": crumbs((bi("Điều chưa kiểm chứng", "Uncertain facts"), "")), "q": typed, "chosen": chosen, "page": page,
        "lines": [(fact, _public_page(fact)) for fact in page], "matching": len(matching), "total": total,
        "kinds": uncertain.count_by_kind(matching), "touched": touched, "today": clock.today(),
    })  # fmt: skip


def _as_csv(request: HttpRequest, facts: Sequence[Fact]) -> HttpResponse:
    """The facts as a file that a spreadsheet opens, in the reader's language."""
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="chua-kiem-chung-{clock.today().isoformat()}.csv"'
    answer.write(BYTE_ORDER_MARK)
    writer = csv.writer(answer)
    writer.writerow([str(column) for column in _COLUMNS])
    for fact in facts:
        address = _public_page(fact)
        cells = (
            str(fact.kind.label), fact.code, fact.of, fact.what, fact.certainty, fact.mark, fact.source, fact.note,
            request.build_absolute_uri(address) if address else "",
        )  # fmt: skip
        writer.writerow([spreadsheet_safe(text) for text in cells])
    return answer


def _public_page(fact: Fact) -> str:
    """Where citizens read it: a procedure's page; none for days and agencies."""
    return reverse("procedures:procedure", args=[fact.code]) if fact.is_procedure else ""
