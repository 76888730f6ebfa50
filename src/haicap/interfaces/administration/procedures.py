"""`/quan-tri/thu-tuc/`: the catalogue in force, a procedure's versions and what changed, a file loaded after a preview."""

from __future__ import annotations

import base64
import binascii
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from haicap.domain.people.access import can_administer, can_load_procedures
from haicap.domain.procedures import queries
from haicap.domain.procedures.commands import ImportReport, import_procedures, write_template
from haicap.domain.procedures.errors import FileUnreadable
from haicap.domain.procedures.rules import Level, Version, limit_words
from haicap.flows.owner import as_owner
from haicap.interfaces.administration.pages import actor_of, answer, crumbs
from haicap.kernel import clock, vi
from haicap.kernel.access import allow
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.text import clean

ROWS, LONGEST_QUERY = 50, 120
LARGEST = 2 * 2**20  # it travels to the preview and back in a form; the packaged catalogue has 0.3 MB
ENDINGS = (".yaml", ".yml", ".xlsx")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TITLE = bi("Thủ tục", "Procedures")
_LOAD = bi("Nạp tệp danh mục", "Load a catalogue's file")
_NO = "khong-nhan"
PARTS: tuple[tuple[Any, str], ...] = (
    (bi("Tên", "Name"), "name"), (bi("Tên tiếng Anh", "English name"), "name_en"), (bi("Lĩnh vực", "Area"), "area_name"),
    (bi("Thời hạn", "Time limit"), "time_limit"), (bi("Nhận hồ sơ", "Received"), "receivable"),
    (bi("Phi địa giới", "Boundary-free"), "boundary_free"), (bi("Mức trực tuyến", "Online"), "online"),
    (bi("Kết quả", "Result"), "result"), (bi("Quyết định công bố", "Decision"), "decision_number"),
    (bi("Độ tin cậy", "Certainty"), "grade"),
)  # fmt: skip
LISTS: tuple[tuple[Any, str], ...] = (
    (bi("Giấy tờ", "Papers"), "papers"), (bi("Phí, lệ phí", "Fees"), "fees"), (bi("Mẫu đơn", "Form"), "fields"),
    (bi("Các bước", "Steps"), "steps"), (bi("Căn cứ", "Legal basis"), "basis"),
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One part that a version has otherwise than the one before it."""

    part: Any
    was: str
    now: str


@require_safe
@allow(can_administer)
def procedures(request: HttpRequest) -> HttpResponse:
    """The versions in force today; `?q=` words or a code (accents optional), `?loai=khong-nhan` those not received."""
    typed = clean(request.GET.get("q", ""))[:LONGEST_QUERY]
    only_closed = request.GET.get("loai") == _NO
    everything = queries.all_on(clock.today())
    words = vi.fold(typed).split()
    found = [
        version for version in everything
        if not (only_closed and version.receivable)
        and all(word in vi.fold(f"{version.code} {version.name} {version.area_name}") for word in words)
    ]  # fmt: skip
    page = Paginator(found, ROWS).get_page(request.GET.get("trang"))
    return render(request, "administration/procedures.html", {
        "crumbs": crumbs((_TITLE, "")), "title": _TITLE, "page": page, "q": typed, "only_closed": only_closed,
        "lines": [(one, Level(one.level).label, limit_words(one.time_limit)) for one in page], "all": len(everything),
        "closed": sum(not one.receivable for one in everything), "may_load": can_load_procedures(actor_of(request)),
    })  # fmt: skip


@require_safe
@allow(can_administer)
def procedure(request: HttpRequest, code: str) -> HttpResponse:
    """One procedure: its versions, the newest first, each with what it has otherwise. ProcedureUnknown."""
    versions = queries.versions_of(code)
    before: list[Version | None] = [None, *versions[:-1]]
    lines = [
        (version, queries.why_not_receivable(version), list(differences(earlier, version)) if earlier else [])
        for earlier, version in zip(before, versions, strict=True)
    ]
    return render(request, "administration/procedure.html", {
        "crumbs": crumbs((_TITLE, reverse("procedures")), (versions[-1].code, "")), "latest": versions[-1],
        "lines": lines[::-1], "today": clock.today(),
    })  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@allow(can_load_procedures)
def load(request: HttpRequest) -> HttpResponse:
    """The form; a posted file gives the preview: what would change, and every fault. Writes nothing."""
    if request.method != "POST":
        return _form(request)
    file = request.FILES.get("tep")
    if file is None:
        return _form(request, bi("Chọn tệp .yaml hoặc .xlsx.", "Choose a .yaml or .xlsx file."))
    name = clean(Path(file.name or "").name)[:120]
    if not name.lower().endswith(ENDINGS):
        return _form(
            request, bi("Tệp danh mục có đuôi .yaml hoặc .xlsx.", "A catalogue's file ends in .yaml or .xlsx.")
        )
    if (file.size or 0) > LARGEST:
        return _form(
            request, bi("Tệp lớn hơn 2 MB. Hãy chia thành nhiều tệp.", "The file is larger than 2 MB. Divide it.")
        )
    return _loaded(request, name, file.read(), dry_run=True)


@require_http_methods(["POST"])
@allow(can_load_procedures, writes=True)
def confirm(request: HttpRequest) -> HttpResponse:
    """Load what was looked at: the file comes along in the form and is judged again, trusted as little as before."""
    name = clean(Path(request.POST.get("name", "")).name)[:120]
    try:
        content = base64.b64decode(request.POST.get("content", ""), validate=True)
    except (binascii.Error, ValueError):
        content = b""
    if not content or len(content) > LARGEST or not name.lower().endswith(ENDINGS):
        return _form(request, bi("Chọn tệp .yaml hoặc .xlsx.", "Choose a .yaml or .xlsx file."))
    return _loaded(request, name, content, dry_run=False)


@require_safe
@allow(can_load_procedures)
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to fill in, with one example."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "danh-muc.xlsx"
        write_template(path)
        filled = HttpResponse(path.read_bytes(), content_type=XLSX)
    filled["Content-Disposition"] = 'attachment; filename="danh-muc.xlsx"'
    return filled


def differences(before: Version, after: Version) -> Iterator[Difference]:
    """What `after` has otherwise than `before`: single parts with both texts, lists by what came and went."""
    for label, name in PARTS:
        was, now = (_said(getattr(version, name)) for version in (before, after))
        if was != now:
            yield Difference(label, was, now)
    for label, name in LISTS:
        was_rows, now_rows = getattr(before, name), getattr(after, name)
        gone = [one for one in was_rows if one not in now_rows]
        come = [one for one in now_rows if one not in was_rows]
        if gone or come:
            yield Difference(label, _names(gone), _names(come))


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return str(bi("có", "yes") if value else bi("không", "no"))
    if hasattr(value, "certainty"):
        return str(value.certainty)
    if hasattr(value, "kind") or value is None:
        return str(limit_words(value))
    return str(value) or "–"


def _names(rows: Sequence[Any]) -> str:
    return "; ".join(str(getattr(one, "shown", "") or getattr(one, "number", "")) or "–" for one in rows) or "–"


def _loaded(request: HttpRequest, name: str, content: bytes, *, dry_run: bool) -> HttpResponse:
    """Judge or load the file over the owner's connection, and tell what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("danh-muc" + Path(name).suffix.lower())
        path.write_bytes(content)
        try:
            with as_owner():
                report = import_procedures(path, actor=actor_of(request), dry_run=dry_run)
        except FileUnreadable as unreadable:
            return _form(request, unreadable.sentence())
    if not dry_run:
        queries.forget()
    return render(request, "administration/procedures_report.html", {
        "crumbs": crumbs((_TITLE, reverse("procedures")), (_LOAD, reverse("load-procedures")), (name, "")), "name": name,
        "report": report, "dry_run": dry_run, "changes": _changes(report), "content": base64.b64encode(content).decode(),
        "faults": [(one, problem) for one in report.refused for problem in one.problems],
    })  # fmt: skip


def _changes(report: ImportReport) -> list[tuple[Any, str, Any]]:
    """What changes, one a line: what, the code, the day."""
    begun = dict(report.new_versions)
    return [
        *[(bi("Thủ tục mới", "New procedure"), code, begun.get(code)) for code in report.created],
        *[
            (bi("Phiên bản mới", "New version"), code, day)
            for code, day in report.new_versions
            if code not in report.created
        ],
        *[(bi("Phiên bản kết thúc", "Version ends"), code, day) for code, day in report.ended],
        *[(bi("Thẩm quyền giải quyết", "Who decides"), code, None) for code in report.competence],
    ]


def _form(request: HttpRequest, error: Any = "") -> HttpResponse:
    return answer(request, "administration/procedures_load.html", {
        "crumbs": crumbs((_TITLE, reverse("procedures")), (_LOAD, "")), "title": _LOAD, "error": error,
    }, [Problem("tep", error)] if error else [])  # fmt: skip
