"""Loading who decides: whole sets, faults with their lines, what an office loaded stays."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connections, transaction

from haicap.domain.procedures import queries as catalogue
from haicap.domain.procedures.commands import import_packaged_procedures, import_procedures
from haicap.domain.procedures.models import CatalogueState, Competence
from haicap.kernel.scope import system

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

OFFICE = system("tests")
BIRTH = "1.001193"
DECIDED = """
laws:
  qd-moi: {number: 9/2026/QĐ-UBND, name: Quyết định thử}
competence:
  - procedures: ["1.001193"]
    rows:
      - {level: xa, agency: committee, valid_from: 2025-01-01, valid_to: 2026-01-01, basis: [luat-ho-tich],
         certainty: C, source: portal}
      - level: xa
        agency: office
        valid_from: 2026-01-01
        basis: [{law: qd-moi, article: Điều 2}]
        certainty: B
        source: Quyết định 9/2026/QĐ-UBND
"""


def load(tmp_path: Path, text: str = DECIDED, **options):
    file = tmp_path / "tham-quyen.yaml"
    file.write_text(text, encoding="utf-8")
    return import_procedures(file, actor=OFFICE, **options)


def told(report) -> str:
    return " | ".join(f"{row.where} {row.code} {p.field} {p.message}" for row in report.refused for p in row.problems)


def standing(code: str = BIRTH) -> list[tuple[str, date, str]]:
    rows = Competence.objects.using("owner").filter(procedure__code=code).order_by("valid_from", "level")
    return list(rows.values_list("agency", "valid_from", "imported_by"))


def test_what_is_packaged_is_there_and_loads_only_once():
    count = Competence.objects.using("owner").count()
    report = import_packaged_procedures()
    assert (report.competence, report.competence_unchanged, report.competence_kept) == ([], 83, [])
    assert report.refused == []
    assert Competence.objects.using("owner").count() == count


def test_a_set_is_replaced_whole_and_stays_when_the_program_is_migrated(tmp_path):
    report = load(tmp_path)
    assert report.competence == [BIRTH]
    assert report.as_json()["competence"] == {"loaded": [BIRTH], "unchanged": 0, "kept": []}
    assert standing() == [
        ("committee", date(2025, 1, 1), OFFICE.name), ("office", date(2026, 1, 1), OFFICE.name),
    ]  # fmt: skip
    assert load(tmp_path).competence_unchanged == 1
    again = import_packaged_procedures()
    assert (again.competence, again.competence_kept) == ([], [BIRTH])
    assert len(standing()) == 2


def test_laws_and_sources_come_from_the_file_or_from_the_catalogue_that_is_shipped(tmp_path):
    load(tmp_path)
    first, second = Competence.objects.using("owner").filter(procedure__code=BIRTH).order_by("valid_from")
    assert first.basis[0]["number"] == "60/2014/QH13"
    assert first.source.startswith("Cổng Dịch vụ công quốc gia")
    assert second.basis == [{"number": "9/2026/QĐ-UBND", "name": "Quyết định thử", "article": "Điều 2"}]


def test_a_dry_run_reports_and_writes_nothing(tmp_path):
    before = standing()
    assert load(tmp_path, dry_run=True).competence == [BIRTH]
    assert standing() == before


def test_the_trail_keeps_both_and_the_process_sees_it(tmp_path):
    catalogue.forget()
    before = CatalogueState.objects.using("owner").get().revision
    load(tmp_path)
    assert CatalogueState.objects.using("owner").get().revision > before
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT data FROM audit_event WHERE subject = %s AND tag = 'procedures:competence:import'"
            " ORDER BY id DESC LIMIT 1",
            [f"procedure:{BIRTH}"],
        )
        (data,) = cursor.fetchone()
    data = json.loads(data) if isinstance(data, str) else data
    assert [row["agency"] for row in data["rows"]] == ["committee", "office"]
    assert len(data["before"]) == 3


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("level: xa\n        agency: office", "level: tinh\n        agency: so-tu-phap"), "hãy nạp phiên bản mới"),
        (('["1.001193"]', '["9.999999"]'), "hãy nạp thủ tục trước"),
        (('["1.001193"]', '["1.001193", "1.001193"]'), "đã có ở trên"),
        (('["1.001193"]', "x"), "danh sách mã thủ tục"),
        (("certainty: B", "certainty: Z"), "tham-quyen.yaml:9 rows[1].certainty"),
        (("law: qd-moi", "law: qd-la"), "qd-la"),
        (("valid_from: 2026-01-01", "valid_from: 2026-02-01"), "không ai có thẩm quyền"),
        (("    rows:", "    rowz: 1\n    rows:"), "rowz"),
        (("competence:\n", "competence: x\nother:\n"), "competence"),
    ],
)  # fmt: skip
def test_a_set_is_refused_with_its_line_and_its_cure(tmp_path, change, said):
    before = standing()
    assert change[0] in DECIDED
    report = load(tmp_path, DECIDED.replace(*change))
    assert said in told(report)
    if '1.001193", "' not in change[1] and "qd-la" not in change[1] and "rowz" not in change[1]:
        assert report.competence == []
        assert standing() == before


def test_a_procedure_and_who_decides_it_may_come_in_one_file(tmp_path):
    text = (
        DECIDED.replace('["1.001193"]', '["9.900001"]')
        + """
step_plans:
  office:
    - {key: receive, name: Tiếp nhận, agency: center, role: counter, share: 0.1}
    - {key: sign, name: Ký, agency: committee, role: chair, share: 0.8}
    - {key: return, name: Trả, agency: center, role: counter, share: 0.1}
procedures:
  - {code: "9.900001", name: Thử, area: ho-tich, level: xa, valid_from: 2026-01-01, steps: office, result: {name: Giấy},
     time_limit: {kind: working_days, amount: 1, certainty: K}, certainty: K}
"""
    )
    report = load(tmp_path, text)
    assert told(report) == ""
    assert (report.created, report.competence) == (["9.900001"], ["9.900001"])


# ── the database keeps it too ──


@pytest.mark.parametrize(
    "facts",
    [
        {"level": "huyen", "agency": "committee", "agency_name": "", "valid_to": date(2025, 7, 1)},
        {"level": "huyen", "agency": "", "agency_name": "Phòng Tư pháp", "valid_to": None},
        {"level": "xa", "agency": "", "agency_name": "Phòng Tư pháp"},
        {"level": "xa", "valid_to": date(2025, 1, 1)},
        {"level": "xa", "valid_from": date(2025, 3, 1)},  # shares days with the row that stands
        {"level": "tinh", "agency": "so-tu-phap"},  # another level that does not say so
    ],
)
def test_the_database_refuses_what_contradicts_itself(facts):
    procedure = Competence.objects.using("owner").filter(procedure__code=BIRTH).first().procedure
    row = {"level": "xa", "agency": "committee", "valid_from": date(2025, 1, 1), "certainty": "K", "source": "x"}
    with pytest.raises(IntegrityError), transaction.atomic("owner"):
        Competence.objects.using("owner").create(
            procedure=procedure, imported_at="2026-11-20T00:00:00+07:00", imported_by="x", **(row | facts)
        )


def test_the_application_cannot_write_it():
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Competence.objects.filter(procedure__code=BIRTH).delete()
