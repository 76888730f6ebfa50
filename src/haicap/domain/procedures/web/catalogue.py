"""Find a procedure, and read all that it asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from haicap.domain.people.rules import AgencyKind
from haicap.domain.procedures import queries
from haicap.domain.procedures.rules import (
    ApplicantKind,
    Certainty,
    Channel,
    Fee,
    FeeRule,
    Level,
    OnlineLevel,
    Paper,
    Version,
    limit_words,
    papers_for,
    verification_words,
)
from haicap.domain.procedures.web.competence import asked, competence_facts
from haicap.kernel import clock, vi
from haicap.kernel.access import public
from haicap.kernel.language import active, bi, bi_format
from haicap.kernel.text import clean

LISTED = 30
LONGEST_QUERY = 120


@dataclass(frozen=True)
class PaperLine:
    """A paper as the page tells it."""

    paper: Paper
    bring: bool

    @property
    def amount(self) -> Any:
        """How many originals and copies, in words."""
        parts = []
        if self.paper.originals:
            parts.append(str(bi_format(bi("{n} bản chính", "{n} original"), n=self.paper.originals)))
        if self.paper.copies:
            parts.append(str(bi_format(bi("{n} bản sao", "{n} copy"), n=self.paper.copies)))
        return ", ".join(parts)

    @property
    def unverified(self) -> bool:
        """True where it was not compared with a source."""
        return self.paper.certainty == Certainty.K


@dataclass(frozen=True)
class FeeText:
    """A fee as the page tells it."""

    fee: Fee

    @property
    def amount(self) -> Any:
        """The amount in words, by page, copy or once."""
        fee = self.fee
        if fee.province_decides and not fee.amount:
            return bi("Theo mức của Hội đồng nhân dân tỉnh", "As set by the provincial council")
        if not fee.amount:
            return bi("Không thu", "Free")
        money = vi.money_text(fee.amount, active())
        if fee.rule == FeeRule.TRUE_COPY:
            text = bi(
                "{money} mỗi trang; từ trang thứ {page} trở lên {then}; tối đa {cap} một bản",
                "{money} a page; from page {page} on {then}; at most {cap} a copy",
            )
            then, cap = (vi.money_text(sum_, active()) for sum_ in (fee.then, fee.cap or 0))
            return bi_format(text, money=money, page=fee.from_page, then=then, cap=cap)
        if fee.rule == FeeRule.PER_UNIT:
            return bi_format(bi("{money} mỗi bản", "{money} a copy"), money=money)
        return money

    @property
    def channel(self) -> Any:
        """For which channel; empty for all."""
        return "" if self.fee.channel == "any" else Channel(self.fee.channel).label

    @property
    def unverified(self) -> bool:
        """True where it was not compared with a source."""
        return self.fee.certainty == Certainty.K


@public
@require_safe
def catalogue(request: HttpRequest) -> HttpResponse:
    """Procedures of today (`?q=`, `?linh-vuc=`, `?cap=`); as one types, htmx asks for the list alone."""
    typed = clean(request.GET.get("q", ""))[:LONGEST_QUERY]
    level = request.GET.get("cap", "")
    area = clean(request.GET.get("linh-vuc", ""))[:40]
    found = queries.search(typed, level=level, area=area, limit=LISTED, cursor=request.GET.get("tiep"))
    context: dict[str, Any] = {"q": typed, "level": level, "area": area, "found": found}
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "procedures/_list.html", context)
    context |= {"levels": Level.choices, "areas": queries.areas()}
    return render(request, "procedures/catalogue.html", context)


@public
@require_safe
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """A procedure as it stands today; where it no longer does, its last version. `?ban-in=1` is the sheet to print.

    `?tai=` (an address or a code) and `?ngay=` ask who decides there on that day; htmx gets this answer alone.
    Raises ProcedureUnknown.
    """
    versions = queries.versions_of(code)
    if request.headers.get("HX-Request") and not request.headers.get("HX-Boosted"):
        return render(request, "procedures/_decides.html", {"asked": asked(request, code)})
    today = clock.today()
    version = next((v for v in reversed(versions) if v.is_on(today)), versions[-1])
    template = "print" if request.GET.get("ban-in") else "procedure"
    context = _facts(version, versions) | competence_facts(code) | {"today": today, "asked": asked(request, code)}
    if context["deciding_unverified"]:
        context["unverified"].append(bi("ai giải quyết", "who decides"))
    return render(request, f"procedures/{template}.html", context | {"printing": template == "print"})


def _facts(version: Version, versions: tuple[Version, ...]) -> dict[str, Any]:
    papers = [PaperLine(paper, bring) for paper, bring in papers_for(version)]
    here = version.is_on(clock.today())
    return {
        "version": version,
        "in_force": here,
        "last_day": version.valid_to and version.valid_to - timedelta(days=1),
        "crumbs": [(bi("Thủ tục", "Procedures"), reverse("procedures:catalogue")), (version.shown_name, "")],
        "decider": AgencyKind(version.deciding_agency).label,
        "level": Level(version.level).label,
        "online": OnlineLevel(version.online).label,
        "applicants": [ApplicantKind(kind).label for kind in version.applicants],
        "limit": limit_words(version.time_limit),
        "verification": verification_words(version.verification),
        "why_not": queries.why_not_receivable(version),
        "bring": [line for line in papers if line.bring and not line.paper.show_only],
        "show": [line for line in papers if line.paper.show_only],
        "fill": [line for line in papers if line.paper.e_form],
        "perhaps": [line for line in papers if _is_perhaps(line)],
        "spared": [line for line in papers if line.paper.skipped_if and not line.paper.show_only],
        "fees": [FeeText(fee) for fee in version.fees],
        "unverified": _unverified(version),
        "history": [(v, v.valid_to and v.valid_to - timedelta(days=1)) for v in reversed(versions)],
        "back": reverse("procedures:procedure", args=[version.code]),
    }


def _is_perhaps(line: PaperLine) -> bool:
    """Only asked in some cases."""
    paper = line.paper
    return not (paper.required or paper.show_only or paper.skipped_if or paper.e_form)


def _unverified(version: Version) -> list[Any]:
    """Which parts of the page nobody has compared with a published source yet, in words."""
    parts = [
        (version.grade.is_unverified, bi("mã và tên", "code and name")),
        (version.time_limit is not None and version.time_grade.is_unverified, bi("thời hạn", "time limit")),
        (any(fee.certainty == Certainty.K for fee in version.fees), bi("phí, lệ phí", "fees")),
        (any(paper.certainty == Certainty.K for paper in version.papers), bi("một số giấy tờ", "some papers")),
        (any(law.certainty == Certainty.K for law in version.basis), bi("một số căn cứ pháp lý", "some legal bases")),
    ]
    return [text for holds, text in parts if holds]
