"""Who decides a procedure at a place on a day: the dated rows of the procedure, and the units of that day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from haicap.domain.people.models import Agency
from haicap.domain.people.rules import AgencyKind, agency_name
from haicap.domain.procedures.errors import (
    CompetenceNotOn,
    CompetenceUnknown,
    PlaceClosed,
    PlaceMissing,
    PlaceTooWide,
    PlaceUnknown,
)
from haicap.domain.procedures.models import Competence
from haicap.domain.procedures.queries.catalogue import kept_now, published_on, versions_of
from haicap.domain.procedures.rules import Basis, CompetenceLevel, CompetenceRow, Era, Version, eras, rows_on
from haicap.domain.units import queries as units
from haicap.domain.units.addresses import Status
from haicap.domain.units.errors import UnitClosed
from haicap.domain.units.models import Unit
from haicap.domain.units.ports import Contact
from haicap.domain.units.queries.addresses import resolve
from haicap.domain.units.rules import UnitKind, UnitLevel, in_sentence
from haicap.kernel import vi
from haicap.kernel.language import active, bi, bi_format
from haicap.kernel.text import clean

LONGEST_PLACE = 300
_CODE = re.compile(r"[0-9]+", re.ASCII)
_SEVERAL = bi(
    "Địa chỉ này có thể thuộc {n} đơn vị; mỗi đơn vị một câu trả lời.",
    "This address may lie in {n} units; each has its own answer.",
)
_SAME = bi(
    "Địa chỉ này có thể thuộc {n} đơn vị, nhưng cùng một cơ quan giải quyết.",
    "This address may lie in {n} units, but the same agency decides.",
)
_NO_VERSION = bi(
    "Danh mục không có phiên bản của thủ tục cho ngày này; chỉ nêu thẩm quyền.",
    "The catalogue has no version of the procedure for this day; only the competence is told.",
)
_ISLAND = bi(
    "Huyện đảo không có đơn vị cấp xã: cấp huyện giải quyết việc của cấp xã (hiểu biết chung, cần đối chiếu).",
    "An island district without communes: the district decides what is a commune's (general knowledge, to be compared).",
)
_BOUNDARY_FREE = bi(
    "Nộp hồ sơ tại bất kỳ Trung tâm Phục vụ hành chính công nào trong tỉnh; nơi giải quyết không đổi.",
    "File at any Public Administrative Service Center of the province; who decides stays the same.",
)


@dataclass(frozen=True, slots=True)
class Decider:
    """The agency that decides, of the unit that it belongs to; `agency_id` where the agency is established here; `contact`
    where its unit stands today: nobody can be called in one that has ended."""

    row: CompetenceRow
    unit: Unit
    agency_id: int | None
    agency: str
    note: str
    contact: Contact | None = None

    def as_json(self) -> dict[str, Any]:
        """The decider as the command line and the API tell it; `until` is not included."""
        row = self.row
        return {
            "level": row.level,
            "unit": _told(self.unit),
            "agency": {
                "id": self.agency_id,
                "kind": row.agency or None,
                "name": self.agency,
                "phone": self.contact.phone if self.contact else "",
                "address": self.contact.address if self.contact else "",
            },
            "signer": row.shown_signer,
            "basis": [
                {"number": law.number, "name": law.shown, "article": law.shown_article, "cited": law.cited}
                for law in row.basis
            ],
            "since": row.valid_from.isoformat(),
            "until": row.valid_to.isoformat() if row.valid_to else None,
            "shared": row.shared,
            "certainty": row.certainty,
            "source": row.source,
            "note": self.note,
        }


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit that the place is, or may be, and who decides there."""

    unit: Unit
    deciders: tuple[Decider, ...]
    score: float = 1.0
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """The unit with its deciders, as the command line and the API tell it."""
        deciders = [decider.as_json() for decider in self.deciders]
        return _told(self.unit) | {"score": self.score, "why": self.why, "deciders": deciders}


@dataclass(frozen=True, slots=True)
class CompetenceAnswer:
    """Who decides `procedure` at `place` on `day`: one unit, or (an ambiguous address) each that it may be.

    `deciders`: those that are certain, the commune's before the district's; `changes`: other agencies on other days.
    """

    procedure: Version
    place: str
    day: date
    status: str
    places: tuple[Placed, ...]
    deciders: tuple[Decider, ...]
    notes: tuple[str, ...]
    changes: tuple[Era, ...]
    boundary_free: bool

    def as_json(self) -> dict[str, Any]:
        """The answer as the command line and the API tell it; `level unit agency basis since` are the first decider's."""
        deciders = [decider.as_json() for decider in self.deciders]
        first = deciders[0] if deciders else {}
        keys = ("level", "unit", "agency", "signer", "basis", "since", "until", "certainty")
        return {
            "procedure": {"code": self.procedure.code, "name": self.procedure.shown_name},
            "at": self.place,
            "on": self.day.isoformat(),
            "status": self.status,
            **{key: first.get(key) for key in keys},
            "deciders": deciders,
            "candidates": [placed.as_json() for placed in self.places],
            "note": " ".join(self.notes),
            "boundary_free": self.boundary_free,
            "changes": [
                {
                    "from": era.first.isoformat(),
                    "to": era.end.isoformat() if era.end else None,
                    "agencies": [row.shown_agency for row in era.rows],
                    "text": era.words,
                }
                for era in self.changes
            ],
        }


def competence_of(code: str) -> tuple[CompetenceRow, ...]:
    """All dated rows of who decides a procedure, oldest first; none where nobody entered them.

    Kept in the process like the versions. Raises ProcedureUnknown.
    """
    national, kept = versions_of(code)[-1].code, kept_now()
    rows = kept.competence.get(national)
    if rows is None:
        rows = _read(Competence.objects.filter(procedure__code=national))
        kept.competence[national] = rows
    return rows


def all_competence() -> dict[int, tuple[CompetenceRow, ...]]:
    """The rows of every procedure, by the procedure's id: one statement."""
    found: dict[int, list[Competence]] = {}
    for row in Competence.objects.order_by("procedure_id", "valid_from", "level"):
        found.setdefault(row.procedure_id, []).append(row)
    return {procedure_id: _read(rows) for procedure_id, rows in found.items()}


def competence(code: str, place: str, day: date | None = None) -> CompetenceAnswer:
    """Who decides the procedure `code` at `place` on `day` (a day in Vietnam; today when left out).

    `place`: the code of a unit of that day (2, 3 or 5 digits), or an address. Raises ProcedureUnknown,
    ProcedureNotValid once the procedure has ended, CompetenceUnknown, CompetenceNotOn, PlaceMissing, PlaceUnknown,
    PlaceTooWide, PlaceClosed, and what `units.queries.unit_on` raises.
    """
    asked = units.known_day(day)
    version = _version(code, asked)
    rows = _rows(version, asked)
    typed = clean(place)[:LONGEST_PLACE]
    if not typed:
        raise PlaceMissing(field="at")
    if _CODE.fullmatch(typed):
        status, found, note = Status.EXACT, [Placed(_unit(typed, asked), ())], ""
    else:
        status, found, note = _resolved(typed, asked)
    placed = _decided(found, rows, asked)
    sure = _common(placed)
    if not any(one.deciders for one in placed):
        agencies = Era(asked, None, rows).shown_agencies
        raise PlaceTooWide(field="at", place=typed, name=version.shown_name, agencies=agencies)
    notes = [note] if note else []
    if len(placed) > 1:
        notes.append(str(bi_format(_SAME if sure else _SEVERAL, n=len(placed))))
    if not version.is_on(asked):
        notes.append(str(_NO_VERSION))
    boundary_free = version.is_on(asked) and version.boundary_free
    if boundary_free:
        notes.append(str(_BOUNDARY_FREE))
    others = tuple(era for era in eras(competence_of(code)) if not (era.first <= asked < (era.end or date.max)))
    return CompetenceAnswer(version, typed, asked, status, placed, sure, tuple(notes), others, boundary_free)


def _version(code: str, day: date) -> Version:
    """The version of the day, or the next one to come; raises ProcedureNotValid where the last one has ended."""
    versions = versions_of(code)
    standing = next((version for version in versions if version.is_on(day)), None)
    later = next((version for version in versions if version.valid_from > day), None)
    return standing or later or published_on(code, day)


def _rows(version: Version, day: date) -> tuple[CompetenceRow, ...]:
    known = competence_of(version.code)
    named: dict[str, Any] = {"field": "procedure", "procedure": version.code, "name": version.shown_name}
    if not known:
        raise CompetenceUnknown(**named)
    if here := rows_on(known, day):
        return here
    told = "; ".join(era.words for era in eras(known))
    raise CompetenceNotOn(on=vi.date_text(day), known=f"{told}.", **named)


def _unit(code: str, day: date) -> Unit:
    """The unit of a code on a day; of one that had ended, its heirs are named."""
    try:
        return units.unit_on(code, day)
    except UnitClosed as error:
        ended = Unit.objects.filter(code=code, valid_to__lte=day).order_by("-valid_to").first()
        heirs = units.heirs_of(ended, day) if ended else ()
        if not heirs:
            raise
        names = ", ".join(f"{heir.unit.shown_name} ({heir.unit.code})" for heir in heirs)
        raise PlaceClosed(field="at", sentence=error.sentence(), heirs=names) from None


def _resolved(address: str, day: date) -> tuple[Status, list[Placed], str]:
    answer = resolve(address, on=day)
    note = str(answer.note)
    if not answer.candidates:
        raise PlaceUnknown(field="at", place=address, on=vi.date_text(day), note=f"{note} " if note else "")
    found = Unit.objects.with_parents().in_bulk([candidate.unit_id for candidate in answer.candidates])
    placed = [Placed(found[one.unit_id], (), one.score, str(one.why)) for one in answer.candidates]
    return answer.status, placed, note


def _decided(places: Sequence[Placed], rows: Sequence[CompetenceRow], day: date) -> tuple[Placed, ...]:
    """The places with those who decide there; established agencies are read with one statement for all."""
    pairs = [(place, row, _home(row, place.unit, day)) for place in places for row in rows]
    established = _established({(home.pk, row.agency) for _, row, home in pairs if home and row.agency})
    by_unit: dict[int, list[Decider]] = {}
    for place, row, home in pairs:
        if home:
            island = row.level == CompetenceLevel.COMMUNE and home.level == UnitLevel.DISTRICT
            agency = established.get((home.pk, row.agency))
            note = " ".join(filter(None, (row.shown_note, str(_ISLAND) if island else "")))
            name = _name(row, home, agency)
            contact = Contact(name, agency.address, agency.phone) if agency and home.is_current else None
            decider = Decider(row, home, agency.pk if agency else None, name, note, contact)
            by_unit.setdefault(place.unit.pk, []).append(decider)
    return tuple(replace(place, deciders=tuple(by_unit.get(place.unit.pk, ()))) for place in places)


def _home(row: CompetenceRow, unit: Unit, day: date) -> Unit | None:
    """The unit of the row's level at `unit`; None where the unit holds several of them."""
    if row.level == CompetenceLevel.PROVINCE:
        return units.province_of(unit, day)
    if row.level == CompetenceLevel.COMMUNE:
        return unit if unit.level == UnitLevel.COMMUNE or _has_no_communes(unit, day) else None
    if unit.level == UnitLevel.DISTRICT:
        return unit
    above = unit.parent if unit.level == UnitLevel.COMMUNE else None
    if above is None or above.level != UnitLevel.DISTRICT:
        return None
    return above if above.is_on(day) else units.unit_on(above.code, day)


def _has_no_communes(unit: Unit, day: date) -> bool:
    """An island district such as Côn Đảo or Bạch Long Vĩ, which had no communes until 1 July 2025."""
    return unit.level == UnitLevel.DISTRICT and not Unit.objects.on(day).within(unit).exists()


def _established(wanted: Iterable[tuple[int, str]]) -> dict[tuple[int, str], Agency]:
    pairs = set(wanted)
    if not pairs:
        return {}
    found = Agency.objects.filter(unit_id__in={unit for unit, _ in pairs}, kind__in={kind for _, kind in pairs})
    return {(agency.unit_id, agency.kind): agency for agency in found}


def _name(row: CompetenceRow, unit: Unit, agency: Agency | None) -> str:
    """The agency's name with its unit, in the caller's language: "Phòng Tư pháp huyện Đình Lập"."""
    if active() == "en":
        is_committee = AgencyKind.COMMITTEE in (row.agency, _as_committee(row))
        return (agency.name_en if agency else "") or (
            unit.committee if is_committee else f"{row.own_name}, {unit.shown_name}"
        )
    if agency:
        return agency.name
    if row.agency:
        return agency_name(row.agency, unit.name, ward=unit.kind == UnitKind.WARD)
    return f"{row.agency_name} {in_sentence(unit.name)}"


def _as_committee(row: CompetenceRow) -> str:
    """A district's committee is told by its name alone."""
    return AgencyKind.COMMITTEE.value if row.agency_name == "Ủy ban nhân dân" else ""


def _common(places: Sequence[Placed]) -> tuple[Decider, ...]:
    """The deciders where there is one place, or where all places have the same ones."""
    homes = {tuple((decider.row.who, decider.unit.pk) for decider in place.deciders) for place in places}
    return places[0].deciders if len(homes) == 1 else ()


def _told(unit: Unit) -> dict[str, Any]:
    return {
        "code": unit.code,
        "name": unit.shown_name,
        "kind": unit.kind,
        "province": unit.province_name,
        "province_code": unit.province_code,
    }


def _read(rows: Iterable[Competence]) -> tuple[CompetenceRow, ...]:
    return tuple(
        CompetenceRow(
            level=row.level,
            agency=row.agency,
            agency_name=row.agency_name,
            agency_name_en=row.agency_name_en,
            signer=row.signer,
            signer_en=row.signer_en,
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            shared=row.shared,
            basis=tuple(Basis(**law) for law in row.basis),
            certainty=row.certainty,
            source=row.source,
            note=row.note,
            note_en=row.note_en,
        )
        for row in rows
    )
