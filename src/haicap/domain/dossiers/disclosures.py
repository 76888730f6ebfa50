"""What is given to a person who asks: their data in the unit's dossiers, and who looked at them; as JSON and as paper.

Source: Law 91/2025/QH15 (the person's right to know and to receive a copy); the form of the answer is this house's, [K].
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.answers import answers_of
from haicap.domain.dossiers.papers.slips import Letterhead
from haicap.domain.dossiers.personal import COLUMNS, LABELS
from haicap.domain.dossiers.queries import Details
from haicap.domain.people.queries.looks import Look
from haicap.domain.people.rules import Role
from haicap.domain.units.models import Unit
from haicap.kernel import clock, vi
from haicap.kernel.language import speaking
from haicap.kernel.papers import render

PAPERS: Final = Path(__file__).resolve().parent / "papers"
BASIS: Final = "Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15; Nghị định 356/2025/NĐ-CP"
SCHEMA: Final = "haicap.personal-data/1"
Document = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Disclosure:
    """The answer to one request: by whom it is made, why, and the dossiers, each with its looks."""

    id_number: str
    reason: str
    made_at: datetime
    unit: Unit
    post: str
    cases: Sequence[tuple[Details, Sequence[Look]]]
    left_out: bool = False  # there are more than are told

    def as_json(self) -> Document:
        """The whole answer for a program, in Vietnamese words and ISO 8601 moments."""
        with speaking("vi"):
            return {
                "schema": SCHEMA, "basis": BASIS, "made_at": _iso(self.made_at),
                "made_by": {"unit": self.unit.name, "post": self.post}, "reason": self.reason,
                "id_number": self.id_number, "more_not_told": self.left_out,
                "dossiers": [_dossier(case, looks, self.id_number) for case, looks in self.cases],
            }  # fmt: skip

    def pdf(self) -> bytes:
        """The same on A4, as the person takes it home."""
        told = self.as_json()
        data = {
            **_paper(self.unit, self.made_at, "Dữ liệu cá nhân trong hồ sơ thủ tục hành chính", self.synthetic),
            "id_number": self.id_number, "reason": self.reason, "post": self.post, "basis": BASIS,
            "more": self.left_out, "dossiers": [_printed(one) for one in told["dossiers"]],
        }  # fmt: skip
        return render(PAPERS / "person.typ", data, made_at=self.made_at)

    @property
    def synthetic(self) -> bool:
        """All of it is a demonstration's."""
        return any(case.dossier.synthetic for case, _ in self.cases)


def looks_pdf(case: Details, looks: Sequence[Look], *, unit: Unit, reason: str, more: bool, made_at: datetime) -> bytes:
    """Who looked at one dossier's data, by post and unit, as paper; `more`: older ones are not on it."""
    with speaking("vi"):
        data = {
            **_paper(unit, made_at, "Ai đã xem dữ liệu cá nhân", case.dossier.synthetic),
            "code": case.entry.code, "procedure": case.version.name, "applicant": case.dossier.applicant_name,
            "reason": reason, "basis": BASIS, "more": more, "looks": [_look_printed(_look(one)) for one in looks],
        }  # fmt: skip
    return render(PAPERS / "looks.typ", data, made_at=made_at)


def _paper(unit: Unit, made_at: datetime, title: str, synthetic: bool) -> Document:
    head = Letterhead(parent="", agency=unit.committee, place=unit.short_name, synthetic=synthetic)
    return {
        "title": title, "form": "Lập bằng HaiCap", "synthetic": synthetic,
        "head": {"parent": head.parent, "agency": head.agency, "number": "…/…", "place": head.place, "now": "",
                 "date": vi.legal_date(clock.local(made_at).date())},
    }  # fmt: skip


def _dossier(case: Details, looks: Sequence[Look], number: str) -> Document:
    """One dossier; of one that was filed for somebody else, only what concerns who filed it."""
    entry, dossier = case.entry, case.dossier
    own = dossier.applicant_id_number == number
    told: Document = {
        "code": entry.code, "as": "applicant" if own else "proxy",
        "procedure": {"code": dossier.procedure_code, "name": case.version.name},
        "unit": case.unit_then_and_now, "state": str(rules.State(entry.state).label),
        "received_at": _iso(dossier.received_at), "due": _iso(entry.due_at), "decided_at": _iso(dossier.decided_at),
        "returned_at": _iso(dossier.returned_at), "closed_at": _iso(entry.closed_at), "proxy": dossier.proxy,
    }  # fmt: skip
    if not own:
        return told
    return told | {
        "applicant": {part.value: getattr(dossier, column) for part, column in COLUMNS.items()},
        "form": [{"label": str(label), "answer": _said(answer)} for label, answer in answers_of(case)],
        "files": [{"name": one.name, "media_type": one.media_type, "size": one.size} for one in case.attachments],
        "papers": [{"book": one.form, "number": one.number, "year": one.year, "at": _iso(one.at)} for one in case.slips],
        "moves": [
            {"at": _iso(move.at), "what": str(rules.label_of(move.name)), "agency": _agency(case, move.agency_id),
             "note": move.note, **({"changed": move.data} if move.name == rules.CORRECT else {})}
            for move in case.moves
        ],
        "looks": [_look(one) for one in looks],
    }  # fmt: skip


def _agency(case: Details, agency_id: int | None) -> str:
    agency = case.agencies.get(agency_id or 0)
    return agency.name if agency else ""


def _look(one: Look) -> Document:
    return {
        "first_at": _iso(one.first_at), "last_at": _iso(one.last_at), "times": one.times, "post": one.post_words,
        "unit": one.unit_name, "how": str(one.what), "whole": one.whole, "purpose": str(one.purpose_words),
    }  # fmt: skip


def _printed(told: Document) -> Document:
    """A dossier of the JSON as lines and rows of the paper."""
    lines = [
        ["Thủ tục", f"{told['procedure']['name']} ({told['procedure']['code']})"],
        ["Nơi tiếp nhận", told["unit"]], ["Trạng thái", told["state"]],
        ["Tiếp nhận", _moment(told["received_at"])], ["Hẹn trả", _moment(told["due"])],
        ["Trả kết quả", _moment(told["returned_at"])],
    ]  # fmt: skip
    with speaking("vi"):
        lines += [[str(LABELS[part]).capitalize(), told.get("applicant", {}).get(part.value, "")] for part in COLUMNS]
    lines += [["Người nộp thay", " · ".join(filter(None, told["proxy"].values()))]]
    lines += [[one["label"], one["answer"]] for one in told.get("form", ())]
    lines += [["Tệp", one["name"]] for one in told.get("files", ())]
    return {
        "code": told["code"], "as": "Người nộp" if told["as"] == "applicant" else "Người nộp thay",
        "lines": [line for line in lines if line[1]],
        "moves": [[_moment(one["at"]), one["what"], one["agency"]] for one in told.get("moves", ())],
        "looks": [_look_printed(one) for one in told.get("looks", ())],
    }  # fmt: skip


def _look_printed(look: Mapping[str, Any]) -> list[str]:
    times = f" ({look['times']} lần)" if look["times"] > 1 else ""
    what = f"{look['how']}, {'đầy đủ' if look['whole'] else 'đã che bớt'}{times}"
    return [_moment(look["last_at"]), look["post"], look["unit"], what, look["purpose"]]


def _said(answer: Any) -> str:
    return "; ".join(map(str, answer)) if isinstance(answer, list) else str(answer)


def posts_of(roles: frozenset[str]) -> str:
    """The roles of whoever gives it out, in Vietnamese."""
    with speaking("vi"):
        return ", ".join(str(role.label) for role in Role if role.value in roles)


def _iso(at: datetime | None) -> str | None:
    return clock.local(at).isoformat(timespec="seconds") if at else None


def _moment(text: str | None) -> str:
    return f"{datetime.fromisoformat(text):%H:%M %d/%m/%Y}" if text else ""
