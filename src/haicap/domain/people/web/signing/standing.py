"""`/quan-tri/chung-thu/`: who cannot sign tomorrow, or on another day, by unit."""

from __future__ import annotations

from datetime import date, timedelta

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_keep_certificates
from haicap.domain.people.queries.signing import standing as queries
from haicap.domain.people.queries.signing.trust import out_of_date
from haicap.domain.people.signing_rules import Cannot
from haicap.domain.people.web.signing.common import TITLE, crumbs
from haicap.domain.people.web.training.common import communes_and_own, page_of, reach
from haicap.kernel import clock, vi
from haicap.kernel.access import allow
from haicap.kernel.language import bi

ROWS = 100
ALL = "tat-ca"  # of a unit: also those who can


@require_safe
@allow(can_keep_certificates)
def standing(request: HttpRequest) -> HttpResponse:
    """Posts that must sign, with why not; `?ngay=` (tomorrow unless given), `?don-vi= ly-do=` lead to the people."""
    own, asked = reach(request), request.GET
    day, problem = _day(asked.get("ngay", ""))
    code, reason = asked.get("don-vi", "")[:10], asked.get("ly-do", "")
    units = [own.unit(code)] if code else communes_and_own(own)
    found = queries.who_signs(units, day, absent=queries.away_on(units, day))
    counts = queries.counted(found)
    listed = bool(code or reason) or len(units) == 1
    posts = [
        (one.unit, post) for one in found for post in one.posts
        if (post.why == reason if reason in Cannot.values else post.why or (reason == ALL))
    ]  # fmt: skip
    page = Paginator(posts, ROWS).get_page(page_of(request))
    return render(request, "people/signing/standing.html", {
        "crumbs": crumbs((TITLE, "")), "title": TITLE, "day": day, "typed": asked.get("ngay", "") if problem else "",
        "stale": out_of_date(clock.now()), "problem": problem,
        "total": sum(counts.values()), "cannot": sum(n for why, n in counts.items() if why),
        "reasons": [(why, counts[why]) for why in Cannot if counts[why]], "reason": reason, "code": code, "listed": listed,
        "rows": sorted(found, key=lambda one: (-len(one.cannot), one.unit.code)), "page": page, "all": ALL,
        "units": [(unit.code, unit.shown_name) for unit in communes_and_own(own)],
        "reason_label": Cannot(reason).label if reason in Cannot.values else "",
        "base_href": f"?ngay={vi.date_text(day)}&don-vi={code}&ly-do=",
    }, status=422 if problem else 200)  # fmt: skip


def _day(text: str) -> tuple[date, object]:
    tomorrow = clock.today() + timedelta(days=1)
    if not text:
        return tomorrow, ""
    try:
        day = vi.parse_date(text[:40])
    except ValueError as error:
        return tomorrow, error.args[0]
    if abs((day - tomorrow).days) > 3660:
        return tomorrow, bi("Ngày này quá xa.", "That day is too far away.")
    return day, ""
