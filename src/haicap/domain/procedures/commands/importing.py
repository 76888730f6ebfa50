"""Loading procedures: idempotent, all or nothing for each procedure, with a report of each refused row."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connections, transaction

from haicap.domain.procedures import access
from haicap.domain.procedures.commands.competence import put_competence
from haicap.domain.procedures.commands.nodes import Catalogue, Row
from haicap.domain.procedures.commands.reading import PACKAGED, PACKAGED_COMPETENCE, read_yaml
from haicap.domain.procedures.commands.workbook import read_workbook
from haicap.domain.procedures.errors import FileUnreadable, ImportDenied
from haicap.domain.procedures.models import Area, Procedure, ProcedureVersion
from haicap.domain.procedures.rules import problems_of
from haicap.kernel import access as gate
from haicap.kernel import clock, vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.scope import Actor, system
from haicap.kernel.text import clean

_OUTSIDE_THE_DIGEST = {"valid_from", "valid_to", "keywords"}
_CATALOGUE_LOCK = 180_501


@dataclass(frozen=True)
class Refused:
    """A procedure that was left as it was: where it stands in the file, its code, and every fault."""

    where: str
    code: str
    problems: tuple[Problem, ...]


@dataclass
class ImportReport:
    """What a load did: codes of new procedures, (code, day) of new and of ended versions, codes whose competence was
    put in, left as an office had loaded it (`competence_kept`), and what was refused."""

    created: list[str] = field(default_factory=list)
    new_versions: list[tuple[str, date]] = field(default_factory=list)
    ended: list[tuple[str, date]] = field(default_factory=list)
    unchanged: int = 0
    competence: list[str] = field(default_factory=list)
    competence_unchanged: int = 0
    competence_kept: list[str] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    dry_run: bool = False

    def as_json(self) -> dict[str, Any]:
        """The report as the command line tells it."""
        return {
            "dry_run": self.dry_run,
            "created": self.created,
            "new_versions": [{"code": code, "valid_from": day.isoformat()} for code, day in self.new_versions],
            "ended": [{"code": code, "valid_to": day.isoformat()} for code, day in self.ended],
            "unchanged": self.unchanged,
            "competence": {
                "loaded": self.competence,
                "unchanged": self.competence_unchanged,
                "kept": self.competence_kept,
            },
            "refused": [
                {"where": row.where, "code": row.code, "problems": [problem.as_json() for problem in row.problems]}
                for row in self.refused
            ],
        }


class _Refusal(Exception):
    """A row that contradicts what is stored; rolls its procedure back."""

    def __init__(self, row: Row, path: str, sentence: Any) -> None:
        super().__init__(path)
        self.refused = Refused(row.where, row.code, (Problem(path, sentence),))


def import_packaged_procedures() -> ImportReport:
    """Load the catalogue that HaiCap ships and who decides each procedure, as the owner of the tables.

    Does nothing the second time, and leaves what an office loaded itself.
    """
    report = import_procedures(PACKAGED, actor=system("catalogue"))
    decided = import_procedures(PACKAGED_COMPETENCE, actor=system("catalogue"), keep_own=True)
    report.competence, report.competence_unchanged = decided.competence, decided.competence_unchanged
    report.competence_kept = decided.competence_kept
    report.refused += decided.refused
    return report


def import_procedures(
    path: Path | str, *, actor: Actor, dry_run: bool = False, using: str = "owner", keep_own: bool = False
) -> ImportReport:
    """Load a catalogue (.yaml, .xlsx, or a folder of .yaml) over the connection `using`.

    Each procedure is taken whole or not at all. The same content does nothing; a changed one with a later first day
    ends the version before it. A `competence` section says who decides, all rows of a procedure at once; `keep_own`
    leaves those that somebody else than the actor loaded. `dry_run` reports the same and writes nothing.
    Raises ImportDenied, FileUnreadable.
    """
    gate.require(access.can_import(actor), ImportDenied())
    catalogue = _read(Path(path))
    report = ImportReport(dry_run=dry_run)
    report.refused += [Refused(problem.field, "", (problem,)) for problem in catalogue.problems]
    with transaction.atomic(using=using):
        with connections[using].cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CATALOGUE_LOCK])
            cursor.execute("SELECT set_config('haicap.actor_name', %s, true)", [actor.name])
            cursor.execute(
                "SELECT set_config('haicap.actor', %s, true)",
                ["" if actor.account_id is None else str(actor.account_id)],
            )
        _Load(catalogue, actor, report, using).run()
        outcome = put_competence(catalogue.competence, actor=actor, using=using, keep_own=keep_own)
        report.competence, report.competence_unchanged = outcome.loaded, outcome.unchanged
        report.competence_kept = outcome.kept
        report.refused += [Refused(*refused) for refused in outcome.refused]
        if dry_run:
            transaction.set_rollback(True, using=using)
    return report


def _read(path: Path) -> Catalogue:
    if path.is_dir() or path.suffix.lower() in {".yaml", ".yml"}:
        return read_yaml(path)
    if path.suffix.lower() == ".xlsx":
        return read_workbook(path)
    raise FileUnreadable(file=path.name, reason=bi("đuôi tệp lạ.", "its ending is not known."))


class _Load:
    """One load: the areas and procedures as they stand, and the rows to put in."""

    def __init__(self, catalogue: Catalogue, actor: Actor, report: ImportReport, using: str) -> None:
        self.catalogue, self.actor, self.report, self.using = catalogue, actor, report, using
        self.areas = {area.code: area for area in Area.objects.using(using)}
        self.procedures = {p.code: p for p in Procedure.objects.using(using).prefetch_related("versions")}

    def run(self) -> None:
        """Put every procedure in."""
        self._save_areas()
        for _, group in groupby(sorted(self.catalogue.rows, key=lambda row: row.code), key=lambda row: row.code):
            rows = list(group)
            refused = [refusal for row in rows if (refusal := self._faults(row))]
            if refused:
                self.report.refused += refused
                continue
            before = copy.deepcopy(self.report)
            try:
                with transaction.atomic(using=self.using):
                    self._put(sorted(rows, key=lambda row: row.data["valid_from"]))
            except _Refusal as refusal:
                vars(self.report).update(vars(before))
                self.report.refused.append(refusal.refused)

    def _save_areas(self) -> None:
        for code, area in self.catalogue.areas.items():
            known = self.areas.get(code)
            facts = {
                "name": clean(str(area.get("name") or code))[:120],
                "name_en": clean(str(area.get("name_en") or ""))[:120],
                "position": area.get("position") if isinstance(area.get("position"), int) else 0,
            }
            if known is None or any(getattr(known, key) != value for key, value in facts.items()):
                self.areas[code], _ = Area.objects.using(self.using).update_or_create(code=code, defaults=facts)

    def _faults(self, row: Row) -> Refused | None:
        problems = problems_of(row.data)
        if not problems and row.data["area"] not in self.areas:
            sentence = bi("không có lĩnh vực “{area}”.", "there is no area “{area}”.")
            problems = [Problem("area", bi_format(sentence, area=row.data["area"]))]
        if not problems:
            return None
        told = tuple(Problem(f"{row.place_of(p.field)} {p.field}", p.message) for p in problems)
        return Refused(row.where, row.code, told)

    def _put(self, rows: list[Row]) -> None:
        """All periods of one procedure, oldest first."""
        newest = rows[-1].data
        procedure = self.procedures.get(newest["code"])
        facts = self._facts(newest)
        if procedure is None:
            procedure = Procedure.objects.using(self.using).create(code=newest["code"], **facts)
            self.report.created.append(procedure.code)
            versions: list[ProcedureVersion] = []
        else:
            versions = sorted(procedure.versions.all(), key=lambda version: version.valid_from)
        made = [self._version(procedure, row, versions) for row in rows]
        if versions[-1].valid_from <= newest["valid_from"] and any(
            getattr(procedure, key) != value for key, value in facts.items()
        ):
            Procedure.objects.using(self.using).filter(id=procedure.id).update(**facts)
        if any(made):
            self._record(procedure, [version for version in made if version])

    def _facts(self, data: dict[str, Any]) -> dict[str, Any]:
        keywords = "\n".join(clean(word) for word in data.get("keywords") or [])
        names = (data["code"], clean(data["name"]), clean(data.get("name_en") or ""))
        return {
            "name": names[1],
            "name_en": names[2],
            "area": self.areas[data["area"]],
            "level": data["level"],
            "keywords": keywords,
            "search": vi.fold(" ".join((*names, keywords))),
        }

    def _version(self, procedure: Procedure, row: Row, versions: list[ProcedureVersion]) -> ProcedureVersion | None:
        """Put one period in (`versions`, oldest first, is kept up to date); None where nothing changed."""
        content = _content(row.data)
        digest = _digest(content)
        begins, ends = row.data["valid_from"], row.data.get("valid_to")
        standing = next(
            (v for v in versions if v.valid_from <= begins and (v.valid_to is None or begins < v.valid_to)), None
        )
        if standing and standing.digest == digest:
            return self._same(procedure, row, standing, ends)
        if standing and standing.valid_from == begins:
            sentence = bi(
                "phiên bản từ ngày {day} đã có và không được sửa (hồ sơ đang giữ nó); hãy ghi ngày bắt đầu muộn hơn.",
                "the version from {day} exists and is never edited (dossiers keep it); give a later first day.",
            )
            raise _Refusal(row, "valid_from", bi_format(sentence, day=begins))
        later = next((v for v in versions if v.valid_from > begins), None)
        if later and (ends is None or ends > later.valid_from):
            sentence = bi(
                "đã có phiên bản từ ngày {day}; hãy ghi valid_to không muộn hơn ngày đó.",
                "a version from {day} exists; give a valid_to not later than that day.",
            )
            raise _Refusal(row, "valid_to", bi_format(sentence, day=later.valid_from))
        if standing:
            self._end(procedure, standing, begins)
        version = self._create(procedure, row, versions, content, digest)
        self.report.new_versions.append((procedure.code, begins))
        versions.append(version)
        versions.sort(key=lambda v: v.valid_from)
        return version

    def _same(
        self, procedure: Procedure, row: Row, standing: ProcedureVersion, ends: date | None
    ) -> ProcedureVersion | None:
        if ends is None or ends == standing.valid_to:
            self.report.unchanged += 1
            return None
        if standing.valid_to is not None:
            sentence = bi("phiên bản này đã kết thúc ngày {day}.", "this version has ended on {day}.")
            raise _Refusal(row, "valid_to", bi_format(sentence, day=standing.valid_to))
        self._end(procedure, standing, ends)
        return standing

    def _end(self, procedure: Procedure, version: ProcedureVersion, day: date) -> None:
        if version.valid_to is not None:
            raise AssertionError("a version that has ended is not ended again")
        version.valid_to = day
        version.save(using=self.using, update_fields=["valid_to"])
        self.report.ended.append((procedure.code, day))

    def _create(
        self, procedure: Procedure, row: Row, versions: list[ProcedureVersion], content: dict[str, Any], digest: str
    ) -> ProcedureVersion:
        limit = content["time_limit"] or {}
        kind = limit.get("kind")
        return ProcedureVersion.objects.using(self.using).create(
            procedure=procedure,
            number=max((version.number for version in versions), default=0) + 1,
            valid_from=row.data["valid_from"],
            valid_to=row.data.get("valid_to"),
            limit_kind=kind,
            limit_amount=limit.get("amount", 0) if kind else None,
            receivable=content["receivable"],
            boundary_free=content["boundary_free"],
            online=content["online"],
            decision_number=content["decision_number"],
            decision_on=row.data.get("decision_on"),
            data=content,
            digest=digest,
            imported_at=clock.now(),
            imported_by=self.actor.name[:150],
        )

    def _record(self, procedure: Procedure, versions: list[ProcedureVersion]) -> None:
        """One event in the trail of the procedure, in the same transaction as its versions."""
        told = [
            {
                "number": v.number,
                "valid_from": str(v.valid_from),
                "valid_to": v.valid_to and str(v.valid_to),
                "digest": v.digest,
            }
            for v in versions
        ]
        with connections[self.using].cursor() as cursor:
            cursor.execute(
                "SELECT audit_record(%s, %s, NULL, %s::jsonb)",
                [f"procedure:{procedure.code}", "procedures:version:import", json.dumps({"versions": told})],
            )


def _content(data: dict[str, Any]) -> dict[str, Any]:
    """What a version keeps: the row in JSON values, in NFC, with every default written out."""
    content = {key: _plain(value) for key, value in data.items() if key not in _OUTSIDE_THE_DIGEST}
    content.setdefault("name_en", "")
    content["time_limit"] = content.get("time_limit")
    content["receivable"] = bool(data.get("receivable", data.get("time_limit") is not None))
    content["boundary_free"] = bool(data.get("boundary_free", False))
    content["online"] = data.get("online") or "none"
    content["applicants"] = data.get("applicants") or ["person"]
    content["decision_number"] = clean(data.get("decision_number") or "")
    return content


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if item is not None}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return clean(value) if isinstance(value, str) else value


def _digest(content: dict[str, Any]) -> str:
    told = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()
