"""`/quan-tri/suc-khoe/`: how the installation is, and the cure of what is not well."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_run_system
from haicap.flows import health
from haicap.flows.growth import Growth
from haicap.interfaces.administration.pages import crumbs
from haicap.kernel.access import allow
from haicap.kernel.language import bi

_DATABASE = bi("Cơ sở dữ liệu", "Database")
_FILES = bi("Tệp đã lưu", "Stored files")
_WAITING = bi("Thông điệp chờ gửi", "Messages that wait")
_TITLE = bi("Sức khỏe hệ thống", "System health")


@require_safe
@allow(can_run_system)
def system_health(request: HttpRequest) -> HttpResponse:
    """What the doctor finds, what is not well first, and the figures of database, disk, backup and seals."""
    seen = health.look()
    findings = sorted(seen.findings, key=lambda one: one.ok)
    return render(request, "administration/health.html", {
        "crumbs": crumbs((_TITLE, "")), "title": _TITLE, "seen": seen,
        "findings": [(health.named(one), one, health.cure_of(one)) for one in findings],
        "database_size": health.size_text(seen.database_size), "free": health.size_text(seen.disk_free),
        "total": health.size_text(seen.disk_total), "tables": [(name, health.size_text(n)) for name, n in seen.tables],
        "growing": _growing(seen.growth), "spans": [one for one in (seen.growth.week, seen.growth.month) if one],
        "copy_size": health.size_text(seen.copied.size) if seen.copied else "",
    })  # fmt: skip


def _growing(growth: Growth) -> list[tuple[Any, str, list[str]]]:
    """Each thing that grows: its size on the last day, and what was added in a week and a month, where that is known."""
    last, spans = growth.last, [one for one in (growth.week, growth.month) if one]
    if last is None:
        return []
    return [
        (_DATABASE, health.size_text(last.database), [health.added_text(one.database) for one in spans]),
        (_FILES, health.size_text(last.files), [health.added_text(one.files) for one in spans]),
        (_WAITING, str(last.waiting), [f"{one.waiting:+d}" if one.waiting else "0" for one in spans]),
    ]
