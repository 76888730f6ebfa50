"""Reading the catalogue: a version by code and day (kept per process), and the accent-free search.

What was read stays in the process for as long as the catalogue's revision does; the revision is asked for at most
every `CHECK_SECONDS`. So a load is seen everywhere within that time, and a receipt costs no statement here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from time import monotonic
from typing import Any

from django.db import connection
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import Length, StrIndex

from haicap.domain.procedures.errors import (
    CursorUnreadable,
    FilterUnknown,
    ProcedureNotReceivable,
    ProcedureNotValid,
    ProcedureUnknown,
)
from haicap.domain.procedures.models import Area, CatalogueState, Procedure, ProcedureVersion
from haicap.domain.procedures.rules import Certainty, CompetenceRow, Level, Version, base_code, limit_words, shapes
from haicap.kernel import clock, vi
from haicap.kernel.language import bi, choose
from haicap.kernel.workdays import LimitKind, TimeLimit

CHECK_SECONDS = 2.0
MOST_KEPT = 2_000
MOST_WORDS = 8
MOST_LISTED = 200
_CODE_LENGTH = 8
_NO_TIME_LIMIT = bi(
    "thời hạn giải quyết chưa được nhập; quản trị viên cần nhập theo quyết định công bố.",
    "its time limit was not entered yet; an administrator enters it from the publishing decision.",
)


@dataclass
class _Kept:
    """What one process has read of one revision of one database's catalogue."""

    database: str = ""
    revision: int = -1
    check_at: float = 0.0
    by_code: dict[str, tuple[Version, ...]] = field(default_factory=dict)
    by_id: dict[int, Version] = field(default_factory=dict)
    competence: dict[str, tuple[CompetenceRow, ...]] = field(default_factory=dict)
    listed: tuple[date, tuple[Listed, ...]] | None = None


_kept = _Kept()


def forget() -> None:
    """Read everything anew from now on (this process only)."""
    global _kept  # noqa: PLW0603 - replaced whole, so that another thread never sees half of it
    _kept = _Kept()


def kept_now() -> _Kept:
    """What this process has read of the catalogue as it stands; nothing where the revision has moved on."""
    global _kept  # noqa: PLW0603
    kept, database = _kept, str(connection.settings_dict["NAME"])
    if kept.database == database and monotonic() < kept.check_at:
        return kept
    revision = CatalogueState.objects.values_list("revision", flat=True).get(id=1)
    if kept.database != database or kept.revision != revision:
        kept = _Kept(database, revision)
    kept.check_at = monotonic() + CHECK_SECONDS
    _kept = kept
    return kept


def versions_of(code: str) -> tuple[Version, ...]:
    """All versions of a procedure, oldest first; a local suffix (".H61") is left out. Raises ProcedureUnknown."""
    national = base_code(code)
    if national is None:
        raise ProcedureUnknown(field="procedure", procedure=code[:40])
    kept = kept_now()
    versions = kept.by_code.get(national)
    if versions is None:
        versions = _read(ProcedureVersion.objects.filter(procedure__code=national))
        if not versions:
            raise ProcedureUnknown(field="procedure", procedure=national)
        _keep(kept, national, versions)
    return versions


def _keep(kept: _Kept, code: str, versions: tuple[Version, ...]) -> None:
    if len(kept.by_code) >= MOST_KEPT:
        kept.by_code.clear()
        kept.by_id.clear()
        kept.competence.clear()
    kept.by_code[code] = versions
    kept.by_id.update({version.id: version for version in versions})


def published_on(code: str, day: date) -> Version:
    """The version that stands on `day` (a day in Vietnam). Raises ProcedureUnknown, ProcedureNotValid."""
    versions = versions_of(code)
    for version in reversed(versions):
        if version.is_on(day):
            return version
    newest = versions[-1]
    raise ProcedureNotValid(
        field="procedure", procedure=newest.code, name=bi(newest.name, newest.name_en), on=vi.date_text(day)
    )


def version_on(code: str, day: date) -> Version:
    """The version under which a dossier is received on `day`.

    Raises ProcedureUnknown, ProcedureNotValid and, where its time limit is not known or another desk takes it,
    ProcedureNotReceivable.
    """
    version = published_on(code, day)
    if not version.receivable:
        raise ProcedureNotReceivable(
            field="procedure",
            procedure=version.code,
            name=bi(version.name, version.name_en),
            reason=why_not_receivable(version),
        )
    return version


def why_not_receivable(version: Version) -> Any:
    """Why no dossier of it can be received, bilingual; an empty text where one can."""
    if version.receivable:
        return ""
    if version.not_receivable_note:
        return bi(version.not_receivable_note, version.not_receivable_note_en)
    grade = version.time_grade
    return bi(grade.note, grade.note_en) if version.time_limit is None and grade.note else _NO_TIME_LIMIT


def version_by_id(version_id: int) -> Version:
    """The version that a dossier keeps. Raises ProcedureUnknown."""
    kept = kept_now()
    version = kept.by_id.get(version_id)
    if version is None:
        code = Procedure.objects.filter(versions=version_id).values_list("code", flat=True).first()
        if code is None:
            raise ProcedureUnknown(procedure=str(version_id))
        versions = _read(ProcedureVersion.objects.filter(procedure__code=code))
        _keep(kept, code, versions)
        version = kept.by_id[version_id]
    return version


def versions_by_id(version_ids: Iterable[int]) -> dict[int, Version]:
    """The versions that many dossiers keep, by id; one statement for all that this process has not read yet."""
    wanted = set(version_ids)
    kept = kept_now()
    if missing := wanted - kept.by_id.keys():
        read: dict[str, list[Version]] = {}
        procedures = ProcedureVersion.objects.filter(pk__in=missing).values("procedure")
        for version in _read(ProcedureVersion.objects.filter(procedure__in=procedures).order_by("valid_from")):
            read.setdefault(version.code, []).append(version)
        for code, versions in read.items():
            _keep(kept, code, tuple(versions))
    return {pk: kept.by_id[pk] for pk in wanted if pk in kept.by_id}


def listed_today() -> tuple[Listed, ...]:
    """The whole catalogue of today, for a choice; read once a day and revision, then kept in the process."""
    kept, today = kept_now(), clock.today()
    if kept.listed is None or kept.listed[0] != today:
        found = search(limit=MOST_LISTED)
        items = list(found.items)
        while found.next:
            found = search(limit=MOST_LISTED, cursor=found.next)
            items += found.items
        kept.listed = (today, tuple(items))
    return kept.listed[1]


def all_on(day: date) -> list[Version]:
    """Every version that stands on `day`, by code: one statement."""
    return list(_read(ProcedureVersion.objects.on(day).order_by("procedure__code")))


def _read(versions: QuerySet[ProcedureVersion]) -> tuple[Version, ...]:
    return tuple(_version(row) for row in versions.select_related("procedure__area"))


def _term(kind: str | None, amount: Any) -> TimeLimit | None:
    if not kind:
        return None
    number = float(amount or 0)
    return TimeLimit(LimitKind(kind), int(number) if number.is_integer() else number)


def _version(row: ProcedureVersion) -> Version:
    data, area = row.data, row.procedure.area
    limit, result = data.get("time_limit") or {}, data.get("result") or {}
    wait = limit.get("verification") or {}
    unknown = {"note": data.get("time_limit_note", ""), "note_en": data.get("time_limit_note_en", "")}
    return Version(
        id=row.pk,
        procedure_id=row.procedure_id,
        code=row.procedure.code,
        number=row.number,
        name=data["name"],
        name_en=data.get("name_en", ""),
        area=area.code,
        area_name=area.name,
        area_name_en=area.name_en,
        level=data["level"],
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        time_limit=_term(row.limit_kind, row.limit_amount),
        verification=_term(wait.get("kind"), wait.get("amount")),
        time_grade=shapes.graded(limit or unknown),
        grade=shapes.graded(data),
        receivable=row.receivable,
        not_receivable_note=data.get("not_receivable_note", ""),
        not_receivable_note_en=data.get("not_receivable_note_en", ""),
        boundary_free=row.boundary_free,
        online=row.online,
        applicants=tuple(data["applicants"]),
        papers=tuple(map(shapes.paper, data.get("papers") or ())),
        fields=tuple(map(shapes.Field.of_json, data.get("fields") or ())),
        fees=tuple(map(shapes.fee, data.get("fees") or ())),
        steps=tuple(map(shapes.step, data.get("steps") or ())),
        basis=tuple(map(shapes.law, data.get("basis") or ())),
        result=result.get("name", ""),
        result_en=result.get("name_en", ""),
        decision_number=row.decision_number,
        decision_on=row.decision_on,
        steps_certainty=data.get("certainty_steps") or Certainty.K,
        form_certainty=data.get("certainty_form") or Certainty.K,
    )


@dataclass(frozen=True)
class Listed:
    """One line of the catalogue on a day."""

    code: str
    name: str
    name_en: str
    area: str
    area_name: str
    area_name_en: str
    level: str
    time_limit: TimeLimit | None
    receivable: bool
    boundary_free: bool
    online: str
    valid_from: date

    @property
    def shown_name(self) -> str:
        """The name in the caller's language."""
        return choose(self.name, self.name_en)

    @property
    def shown_area(self) -> str:
        """The area in the caller's language."""
        return choose(self.area_name, self.area_name_en)

    @property
    def level_label(self) -> Any:
        """The level in words."""
        return Level(self.level).label

    @property
    def limit(self) -> Any:
        """The time limit in words."""
        return limit_words(self.time_limit)


@dataclass(frozen=True)
class Found:
    """A page of the catalogue: `total` counts all that match; `next` is the cursor of the page behind."""

    items: list[Listed]
    total: int
    next: str | None


def search(
    q: str = "",
    *,
    level: str = "",
    area: str = "",
    day: date | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> Found:
    """Procedures that stand on `day` (today when left out) and have every word of `q`, accents optional; one statement.

    Ranked: by code, names that begin with `q`, names that contain it, then any that have all words; shorter names
    first. Raises FilterUnknown for a level that does not exist, CursorUnreadable.
    """
    if level and level not in Level.values:
        raise FilterUnknown(field="level", value=level[:20], known=", ".join(Level.values))
    start = _offset(cursor)
    most = max(1, min(limit, MOST_LISTED))
    rows = ProcedureVersion.objects.on(day or clock.today()).select_related("procedure__area").defer("data")
    if level:
        rows = rows.filter(procedure__level=level)
    if area:
        rows = rows.filter(procedure__area__code=area)
    counted = _ranked(rows, _question(q)).annotate(total=Window(Count("*")))
    page = list(counted[start : start + most])
    total = page[0].total if page else 0
    following = str(start + most) if start + most < total else None
    return Found([_listed(row) for row in page], total, following)


def _question(q: str) -> str:
    """The folded question; of a code with a local suffix only its national part."""
    return (base_code(q) or vi.fold(q))[:120]


def _ranked(rows: QuerySet[ProcedureVersion], question: str) -> QuerySet[ProcedureVersion]:
    if not question:
        return rows.order_by("procedure__area__position", Length("procedure__name"), "procedure__code")
    words = question.split()[:MOST_WORDS]
    matching = Q()
    for word in words:
        matching &= Q(procedure__search__contains=word)
    place = StrIndex("procedure__search", Value(question))
    rank = Case(
        When(procedure__search__startswith=question, then=Value(0)),
        When(place=_CODE_LENGTH + 2, then=Value(1)),  # right behind the code and a space: the name begins with it
        When(place__gt=0, then=Value(2)),
        default=Value(3),
        output_field=IntegerField(),
    )
    return (
        rows.filter(matching)
        .annotate(place=place)
        .annotate(rank=rank)
        .order_by("rank", Length("procedure__name"), "procedure__code")
    )


def _offset(cursor: str | None) -> int:
    if not cursor:
        return 0
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 6):
        raise CursorUnreadable(field="cursor", value=cursor[:20])
    return int(cursor)


def _listed(row: ProcedureVersion) -> Listed:
    procedure = row.procedure
    return Listed(
        code=procedure.code,
        name=procedure.name,
        name_en=procedure.name_en,
        area=procedure.area.code,
        area_name=procedure.area.name,
        area_name_en=procedure.area.name_en,
        level=procedure.level,
        time_limit=_term(row.limit_kind, row.limit_amount),
        receivable=row.receivable,
        boundary_free=row.boundary_free,
        online=row.online,
        valid_from=row.valid_from,
    )


def areas() -> list[Area]:
    """All areas in their order."""
    return list(Area.objects.all())
