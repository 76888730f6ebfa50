"""Loading the catalogue: idempotent, version by version, all or nothing, each fault with its place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, connections, transaction
from openpyxl import load_workbook

from haicap.domain.procedures.commands import PACKAGED, import_packaged_procedures, import_procedures, write_template
from haicap.domain.procedures.errors import FileUnreadable, ImportDenied
from haicap.domain.procedures.models import CatalogueState, Procedure, ProcedureVersion
from haicap.domain.units.models import Unit
from haicap.kernel.scope import ANONYMOUS, Actor, system

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

ENTRY = """
areas: {thu: {name: Thử, name_en: Trial}}
step_plans:
  civil:
    - {key: receive, name: Nhận, agency: center, role: counter, share: 0.2}
    - {key: sign, name: Ký, agency: committee, role: chair, share: 0.6}
    - {key: return, name: Trả, agency: center, role: counter, share: 0.2}
procedures:
"""
SYSTEM = system("tests")


def entry(
    code: str = "9.900001", *, begins: str = "2026-01-01", days: int = 3, more: str = "", name: str = "Thử một"
) -> str:
    return f"""
  - code: "{code}"
    name: {name}
    area: thu
    level: xa
    valid_from: {begins}
    time_limit: {{kind: working_days, amount: {days}}}
    result: {{name: Giấy}}
    steps: civil
    {more}
"""


def catalogue(tmp_path: Path, *entries: str) -> Path:
    file = tmp_path / "catalogue.yaml"
    file.write_text(ENTRY + "".join(entries), encoding="utf-8")
    return file


def load(tmp_path: Path, *entries: str, **options):
    return import_procedures(catalogue(tmp_path, *entries), actor=SYSTEM, **options)


def periods(code: str = "9.900001") -> list[tuple[int, date, date | None]]:
    rows = ProcedureVersion.objects.using("owner").filter(procedure__code=code)
    return list(rows.values_list("number", "valid_from", "valid_to"))


def told(report) -> str:
    return " | ".join(f"{row.where} {row.code} {p.field} {p.message}" for row in report.refused for p in row.problems)


def test_the_packaged_catalogue_is_there_and_loads_only_once():
    before = ProcedureVersion.objects.using("owner").count()
    report = import_packaged_procedures()
    assert report.refused == []
    assert (report.created, report.new_versions, report.ended) == ([], [], [])
    assert report.unchanged == before == ProcedureVersion.objects.using("owner").count()


def test_new_then_the_same_then_changed(tmp_path):
    first = load(tmp_path, entry())
    assert first.created == ["9.900001"]
    assert first.new_versions == [("9.900001", date(2026, 1, 1))]
    same = load(tmp_path, entry())
    assert (same.created, same.new_versions, same.unchanged) == ([], [], 1)
    later = load(tmp_path, entry(begins="2026-06-01", days=2))
    assert later.ended == [("9.900001", date(2026, 6, 1))]
    assert periods() == [(1, date(2026, 1, 1), date(2026, 6, 1)), (2, date(2026, 6, 1), None)]
    assert load(tmp_path, entry()).unchanged == 1  # the older file again
    assert len(periods()) == 2


def test_the_same_content_with_a_later_day_is_no_new_version(tmp_path):
    load(tmp_path, entry())
    assert load(tmp_path, entry(begins="2026-06-01")).unchanged == 1
    assert periods() == [(1, date(2026, 1, 1), None)]


def test_a_version_is_never_edited(tmp_path):
    load(tmp_path, entry())
    report = load(tmp_path, entry(days=9))
    assert "không được sửa" in told(report)
    assert periods() == [(1, date(2026, 1, 1), None)]


def test_a_gap_before_a_later_version_must_be_closed(tmp_path):
    load(tmp_path, entry())
    assert "valid_to" in told(load(tmp_path, entry(begins="2025-01-01", days=9)))
    report = load(tmp_path, entry(begins="2025-01-01", days=9, more="valid_to: 2025-07-01"))
    assert report.refused == []
    assert periods() == [(2, date(2025, 1, 1), date(2025, 7, 1)), (1, date(2026, 1, 1), None)]


def test_a_procedure_can_be_ended(tmp_path):
    load(tmp_path, entry())
    report = load(tmp_path, entry(more="valid_to: 2026-09-01"))
    assert report.ended == [("9.900001", date(2026, 9, 1))]
    assert "đã kết thúc" in told(load(tmp_path, entry(more="valid_to: 2026-10-01")))


def test_a_procedure_is_taken_whole_or_not_at_all(tmp_path):
    report = load(
        tmp_path,
        entry(more="earlier: [{valid_from: 2025-01-01, valid_to: 2025-07-01, level: huyen}]"),
        entry("9.900002", name="Thử hai"),
        entry("9.900003", more="papers: [{code: a}]"),
    )
    assert report.created == ["9.900002"]
    assert {row.code for row in report.refused} == {"9.900001", "9.900003"}
    assert set(Procedure.objects.using("owner").filter(code__startswith="9.9").values_list("code", flat=True)) == {
        "9.900002"
    }
    assert "catalogue.yaml:" in told(report)


def test_faults_stand_with_their_lines(tmp_path):
    text = ENTRY + entry(more="papers:\n      - {code: a, name: A}\n      - {code: b}")
    line = text[: text.index("{code: b}")].count("\n") + 1
    file = tmp_path / "c.yaml"
    file.write_text(text, encoding="utf-8")
    report = import_procedures(file, actor=SYSTEM)
    assert f"c.yaml:{line} papers[1].name" in told(report)


def test_a_dry_run_reports_and_writes_nothing(tmp_path):
    report = load(tmp_path, entry(), dry_run=True)
    assert report.created == ["9.900001"]
    assert report.as_json()["dry_run"] is True
    assert periods() == []


def test_codes_keep_their_zeros_even_without_quotes(tmp_path):
    report = load(tmp_path, entry("9.900010").replace('"9.900010"', "9.900010"))
    assert report.created == ["9.900010"]


@pytest.mark.parametrize(
    "text",
    ["", "- a", "procedures: [", "a: &a [*a]", "procedures: []\nprocedures: []", "x: " + "[" * 500 + "]" * 500, "\x00"],
)
def test_what_is_no_catalogue_is_refused_in_a_sentence(tmp_path, text):
    file = tmp_path / "bad.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        report = import_procedures(file, actor=SYSTEM)
    except FileUnreadable as error:
        assert "bad.yaml" in error.sentence()
    else:
        assert report.refused
        assert not report.created


def test_files_that_are_not_there_or_of_another_kind(tmp_path):
    (tmp_path / "a.docx").write_text("x")
    (tmp_path / "a.xlsx").write_text("x")
    for name in ("no.yaml", "a.docx", "a.xlsx", "no.xlsx"):
        with pytest.raises(FileUnreadable):
            import_procedures(tmp_path / name, actor=SYSTEM)
    (tmp_path / "empty").mkdir()
    with pytest.raises(FileUnreadable):
        import_procedures(tmp_path / "empty", actor=SYSTEM)


def test_unknown_sets_and_sections_are_told(tmp_path):
    report = load(tmp_path, entry(more="fields: [{use: nothing}]"), "\nlaw: {a: 1}\n")
    assert "nothing" in told(report)
    assert "law" in told(report)


def test_the_trail_knows_each_load(tmp_path):
    load(tmp_path, entry())
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT tag, actor_name, data FROM audit_event WHERE subject = 'procedure:9.900001'")
        tag, name, data = cursor.fetchone()
    assert (tag, name) == ("procedures:version:import", "system:tests")
    versions = (json.loads(data) if isinstance(data, str) else data)["versions"]
    assert [version["number"] for version in versions] == [1]


def test_the_revision_moves_with_the_catalogue(tmp_path):
    def revision() -> int:
        return CatalogueState.objects.using("owner").get().revision

    before = revision()
    load(tmp_path, entry())
    after = revision()
    assert after > before
    load(tmp_path, entry())
    assert revision() == after


# ── the database keeps it too ──


@pytest.mark.parametrize(
    "change",
    ["UPDATE procedures_procedureversion SET data = '{}'", "DELETE FROM procedures_procedureversion",
     "UPDATE procedures_procedureversion SET valid_to = NULL WHERE valid_to IS NOT NULL"],
)  # fmt: skip
def test_versions_are_kept_by_the_database(change):
    with pytest.raises(IntegrityError), transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute(change)


def test_two_versions_never_share_a_day():
    version = ProcedureVersion.objects.using("owner").filter(valid_to=None).first()
    version.pk, version.number, version.valid_from = None, 99, date(2026, 5, 5)
    with pytest.raises(IntegrityError), transaction.atomic("owner"):
        version.save(using="owner")


def test_the_application_cannot_write_the_catalogue():
    with pytest.raises(Exception, match="permission denied"), transaction.atomic():
        Procedure.objects.filter(code="1.001193").update(name="x")


# ── the workbook ──


def test_the_template_is_itself_a_catalogue(tmp_path):
    file = tmp_path / "mau.xlsx"
    write_template(file)
    report = import_procedures(file, actor=SYSTEM)
    assert told(report) == ""
    assert report.created == ["1.000000"]
    version = ProcedureVersion.objects.using("owner").get(procedure__code="1.000000")
    assert version.data["fields"][0]["choices"][1] == {"value": "work", "label": "Làm việc", "label_en": "Work"}
    assert [step["key"] for step in version.data["steps"]] == ["receive", "examine", "sign", "return"]
    assert import_procedures(file, actor=SYSTEM).unchanged == 1


def test_a_workbook_names_sheet_and_line(tmp_path):
    file = tmp_path / "mau.xlsx"
    write_template(file)
    book = load_workbook(file)
    book["procedures"]["A2"] = 1.001193  # typed as a number: zeros would be lost
    book["papers"]["F2"] = "hai"
    book["papers"]["A3"] = "1.999999"
    book["papers"]["B3"] = "x"
    book["fees"]["Z1"] = "lạ"
    book.save(file)
    text = told(import_procedures(file, actor=SYSTEM))
    assert "procedures!2" in text
    assert "papers!3" in text
    assert "fees!1" in text


# ── who may ──


def test_only_the_system_and_a_provinces_administrators_load(tmp_path):
    province = Unit.objects.current().get(code="14")
    commune = Unit.objects.current().get(code="03664")
    file = catalogue(tmp_path, entry())

    def actor(unit: Unit, role: str, scopes: frozenset[str] = frozenset({"*"})) -> Actor:
        return Actor("a", account_id=1, unit_id=unit.id, roles=frozenset({(1, role)}), scopes=scopes)

    for refused in (
        ANONYMOUS,
        actor(commune, "administrator"),
        actor(province, "operations"),
        actor(province, "administrator", frozenset({"dossiers:read"})),
    ):
        with pytest.raises(ImportDenied):
            import_procedures(file, actor=refused)
    assert import_procedures(file, actor=actor(province, "administrator")).created == ["9.900001"]


def test_the_packaged_folder_is_where_it_should_be():
    assert (PACKAGED / "00-common.yaml").is_file()
