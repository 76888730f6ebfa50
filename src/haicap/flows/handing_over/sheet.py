"""The sheet of a hand-over as a paper: PDF/A on A4, with what went and room for three signatures."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from haicap.domain.dossiers import rules as dossiers
from haicap.domain.people.models import Handover
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import in_sentence
from haicap.domain.voice import rules as voice
from haicap.kernel import clock, vi
from haicap.kernel.language import speaking
from haicap.kernel.papers import render

_STATES: Final[Mapping[str, Any]] = {dossiers.KIND: dossiers.State, voice.KIND: voice.State}
TEMPLATE: Final = Path(__file__).resolve().parent / "sheet.typ"


def pdf(sheet: Handover, giver: str, taker: str, *, synthetic: bool = False) -> bytes:
    """The sheet in Vietnamese, between two people by their full names; one whose day has not come lists nothing yet and
    says so."""
    unit = Unit.objects.select_related("province").get(pk=sheet.unit_id)
    made = clock.local(sheet.done_at) if sheet.done_at else clock.now()
    with speaking("vi"):
        lines = [_line(number, one) for number, one in enumerate(sheet.lines, start=1)]
    data: dict[str, Any] = {
        "title": "Biên bản bàn giao công việc",
        "form": f"Biên bản số {sheet.pk}",
        "synthetic": synthetic,
        "head": {
            "parent": f"Ủy ban nhân dân {in_sentence(unit.province.name)}" if unit.province else "",
            "agency": unit.committee, "number": f"{sheet.pk}/BB-BG", "place": unit.short_name,
            "date": vi.legal_date(made.date()),
        },
        "giver": {"name": giver, "post": sheet.giver_post},
        "taker": {"name": taker, "post": sheet.taker_post},
        "witness": sheet.witness,
        "reason": sheet.reason,
        "decision": sheet.decision_number,
        "last_day": vi.date_text(sheet.day - timedelta(days=1)),
        "done": vi.moment_text(made) if sheet.done_at else "",
        "lines": lines,
    }  # fmt: skip
    return render(TEMPLATE, data, made_at=made)


def _line(number: int, one: dict[str, Any]) -> list[str]:
    state = one["state"]
    states = _STATES.get(one["kind"])
    if states is not None and state in states.values:
        state = str(states(state).label)
    due = vi.moment_text(datetime.fromisoformat(one["due"])) if one["due"] else "không có hạn"
    return [str(number), one["code"], one["title"], state, f"{due}{' (tạm dừng)' if one['paused'] else ''}"]
