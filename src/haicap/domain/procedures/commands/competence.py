"""Loading who decides: all rows of a procedure at once, in place of those before; the trail keeps both."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connections

from haicap.domain.procedures.commands.nodes import Row
from haicap.domain.procedures.models import Competence, Procedure
from haicap.domain.procedures.rules import CompetenceLevel, competence_problems
from haicap.kernel import clock
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

_TEXTS = ("signer", "signer_en", "source", "note", "note_en")
_FACTS = (
    "level", "agency", "agency_name", "agency_name_en", *_TEXTS, "valid_from", "valid_to", "shared", "basis", "certainty"
)  # fmt: skip


@dataclass
class Outcome:
    """Codes put in, codes left as somebody else loaded them, how many were so already, and (where, code, problems)."""

    loaded: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    unchanged: int = 0
    refused: list[tuple[str, str, tuple[Problem, ...]]] = field(default_factory=list)


def put_competence(sets: Sequence[Row], *, actor: Actor, using: str, keep_own: bool) -> Outcome:
    """Write the rows of each procedure in place of those before, inside the caller's transaction.

    A set is taken whole or refused with every fault and its line: a procedure that is not in the catalogue, one named
    twice, days without anybody or with two, a level that contradicts a version under which dossiers are received.
    """
    outcome = Outcome()
    procedures = {
        procedure.code: procedure
        for procedure in Procedure.objects.using(using)
        .filter(code__in={row.code for row in sets})
        .prefetch_related("versions", "competences")
    }
    seen: set[str] = set()
    for row in sets:
        procedure = procedures.get(row.code)
        if problems := _problems(row, procedure, seen):
            outcome.refused.append((row.where, row.code, tuple(problems)))
        elif procedure:
            _put(procedure, [_facts(item) for item in row.data["rows"]], actor, using, keep_own, outcome)
        seen.add(row.code)
    return outcome


def _problems(row: Row, procedure: Procedure | None, seen: set[str]) -> list[Problem]:
    if row.code in seen:
        return [Problem(f"{row.where} procedures", bi("thủ tục này đã có ở trên.", "this procedure stands above."))]
    if procedure is None:
        sentence = bi("không có thủ tục này; hãy nạp thủ tục trước.", "no such procedure; load the procedure first.")
        return [Problem(f"{row.where} procedures", sentence)]
    found = competence_problems(row.data.get("rows")) or _contradictions(procedure, row.data["rows"])
    return [Problem(f"{row.place_of(problem.field)} {problem.field}", problem.message) for problem in found]


def _contradictions(procedure: Procedure, rows: Sequence[dict[str, Any]]) -> list[Problem]:
    """A version under which dossiers are received decides at its own level: so the counter and these rows agree."""
    found = []
    for version in procedure.versions.all():
        for place, row in enumerate(rows):
            first = max(version.valid_from, row["valid_from"])
            end = min(version.valid_to or date.max, row.get("valid_to") or date.max)
            if not version.receivable or first >= end or row.get("shared") or row["level"] == version.data["level"]:
                continue
            sentence = bi(
                "phiên bản {n} nhận hồ sơ ở {level} từ {day}; hãy nạp phiên bản mới của thủ tục trước.",
                "version {n} is received at the {level} from {day}; load a new version of the procedure first.",
            )
            level = CompetenceLevel(version.data["level"]).label
            found.append(Problem(f"rows[{place}].level", bi_format(sentence, n=version.number, level=level, day=first)))
    return found


def _facts(row: dict[str, Any]) -> dict[str, Any]:
    """A row as it is stored, every default written out, texts in NFC."""
    agency = row["agency"]
    named = agency if isinstance(agency, dict) else {}
    return {
        "level": row["level"],
        "agency": "" if named else agency,
        "agency_name": clean(named.get("name") or ""),
        "agency_name_en": clean(named.get("name_en") or ""),
        "valid_from": row["valid_from"],
        "valid_to": row.get("valid_to"),
        "shared": bool(row.get("shared")),
        "basis": [{key: clean(value) for key, value in law.items() if value} for law in row.get("basis") or []],
        "certainty": row["certainty"],
        **{key: clean(row.get(key) or "") for key in _TEXTS},
    }


def _put(
    procedure: Procedure, rows: list[dict[str, Any]], actor: Actor, using: str, keep_own: bool, outcome: Outcome
) -> None:
    standing = list(procedure.competences.all())
    before = [{key: getattr(row, key) for key in _FACTS} for row in standing]
    if sorted(map(_told, before)) == sorted(map(_told, rows)):
        outcome.unchanged += 1
        return
    if keep_own and any(row.imported_by != actor.name for row in standing):
        outcome.kept.append(procedure.code)
        return
    Competence.objects.using(using).filter(procedure=procedure).delete()
    loaded = {"imported_at": clock.now(), "imported_by": actor.name[:150]}
    Competence.objects.using(using).bulk_create(Competence(procedure=procedure, **row, **loaded) for row in rows)
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT audit_record(%s, %s, NULL, %s::jsonb)",
            [
                f"procedure:{procedure.code}",
                "procedures:competence:import",
                f'{{"before": [{", ".join(map(_told, before))}], "rows": [{", ".join(map(_told, rows))}]}}',
            ],
        )
    outcome.loaded.append(procedure.code)


def _told(row: dict[str, Any]) -> str:
    return json.dumps(row, sort_keys=True, ensure_ascii=False, default=str)
