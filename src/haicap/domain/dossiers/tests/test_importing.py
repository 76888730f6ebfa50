"""Bringing in another system's dossiers: judged row by row, never twice, numbers right, history under the same rules."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import DatabaseError, connection
from openpyxl import Workbook

from haicap.domain.dossiers import errors
from haicap.domain.dossiers import queries as dossiers
from haicap.domain.dossiers.commands.importing import Mapping, import_dossiers, read_mapping, run, writing
from haicap.domain.dossiers.commands.importing.judging import Judge
from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.tests.factories import received, staffed_commune, staffed_province
from haicap.domain.units import queries as units
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.entries.models import Entry, Move, Register
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

HERE = "03664"
OLD = Mapping("cu")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


def row(number: int = 1, **changes):
    """A true copy, received and returned on 4 August 2025 at today's ward of Chiềng An."""
    usual = {
        "code": f"14.{HERE}-250804-{number:04d}", "unit": HERE, "procedure": "2.000815", "channel": "direct",
        "received_at": at("2025-08-04 08:10"), "decided_at": at("2025-08-04 10:00"),
        "returned_at": at("2025-08-04 11:00"), "state": "returned", "applicant_name": "QUÀNG THỊ ÍN",
        "applicant_id_number": "014190900123", "applicant_phone": "0951234567",
        "form": {"document_title": "Giấy khai sinh", "pages": 3, "copies": 2},
    }  # fmt: skip
    return usual | changes


@pytest.fixture
def staff():
    return staffed_commune(HERE)


@pytest.fixture
def actor(staff):
    return staff.administrator


def bring(rows, actor, **options):
    return import_dossiers(rows, actor=actor, mapping=options.pop("mapping", OLD), **options)


def found(actor, code):
    with entered(actor):
        entry, dossier = dossiers.find(code)
        return entry, dossier, list(Move.objects.filter(entry_id=entry.pk).order_by("no"))


def written(actor) -> tuple[int, ...]:
    """How many rows there are in all of the province."""
    with entered(actor), connection.cursor() as cursor:
        counts = []
        for table in ("entries_entry", "entries_move", "dossiers_dossier", "audit_event", "outbox_message"):
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts.append(cursor.fetchone()[0])
    return tuple(counts)


def test_a_dossier_comes_with_its_history(actor):
    done = bring([row()], actor)
    assert (done.read, done.imported, done.refused, done.recoded) == (1, 1, 0, 0)
    entry, dossier, moves = found(actor, f"14.{HERE}-250804-0001")
    assert (entry.state, entry.number, entry.period, entry.move_no) == ("returned", 1, "250804", len(moves))
    assert [move.name for move in moves] == [
        "receive", "forward", "accept_handover", "submit_for_signature", "approve", "return_result",
    ]  # fmt: skip
    assert moves[1].data == {"inferred": True}
    assert moves[4].at == at("2025-08-04 10:00")
    assert entry.closed_at == dossier.returned_at == at("2025-08-04 11:00")
    assert (dossier.applicant_name, dossier.applicant_folded) == ("Quàng Thị Ín", "quang thi in")
    assert (dossier.fee, dossier.outcome, dossier.imported_from) == (2 * 5000, "resolved", "cu:" + entry.code)
    assert len(dossier.secret) == 8


def test_one_event_each_and_no_message(actor):
    before = written(actor)
    bring([row(1), row(2)], actor)
    entries, moves, dossiers, events, messages = (a - b for a, b in zip(written(actor), before, strict=True))
    assert (entries, moves, dossiers, messages) == (2, 12, 2, 0)
    with entered(actor):
        trail = list(Event.objects.filter(tag="dossier:import"))
    assert len(trail) == events == 2
    assert all(len(event.data["row"]) == 64 and event.actor_id == actor.account_id for event in trail)


def test_a_broken_history_is_refused_by_the_database_too(actor):
    """What the judge let pass by mistake, the trigger on the moves does not."""
    with entered(actor):
        candidate, _ = Judge(actor, OLD).judge(1, row(), [])
    candidate.moves[2] = replace(candidate.moves[2], from_state="awaiting_signature")
    with pytest.raises(Exception, match=r"has moved on|violates"), entered(actor):
        writing.write([candidate])


FAULTY = [
    ("unit", {"unit": "99999"}),
    ("unit", {"unit": "03664", "received_at": at("2024-12-01 08:00")}),  # before the records
    ("unit", {"unit": "03650"}),  # a commune that ended on 1 July 2025
    ("procedure", {"procedure": "9.999999"}),
    ("procedure", {"procedure": "1.001612", "received_at": at("2025-03-04 08:00")}),  # not the commune's before July
    ("received_at", {"received_at": None}),
    ("received_at", {"received_at": at("2035-01-01 08:00")}),
    ("applicant_name", {"applicant_name": "  "}),
    ("state", {"state": "đang ở đâu đó"}),
    ("decided_at", {"decided_at": None}),
    ("decided_at", {"decided_at": at("2025-08-01 10:00")}),  # before the receipt
    ("returned_at", {"returned_at": at("2025-08-04 09:00")}),  # before the decision
    ("supplement_requested_at", {"state": "awaiting_supplement"}),
    ("channel", {"channel": "bồ câu"}),
    ("code", {"code": ""}),
    ("moves", {"moves": [{"name": "approve", "at": at("2025-08-04 09:00")}]}),
    ("moves", {"moves": [{"name": "không có", "at": at("2025-08-04 09:00")}]}),
]


@pytest.mark.parametrize(("field", "changes"), FAULTY)
def test_what_cannot_be_stored_truthfully_is_refused(actor, field, changes):
    before = written(actor)
    done = bring([row(**changes)], actor)
    assert (done.imported, done.refused) == (0, 1)
    assert field in [fault.field for fault in done.faults]
    assert all(fault.line == 1 and str(fault.sentence) for fault in done.faults)
    assert written(actor)[:3] == before[:3]


def test_faults_of_a_row_come_all_at_once_and_the_rest_goes_on(actor, tmp_path):
    report = tmp_path / "report.csv"
    rows = [row(1), row(2, applicant_name="", channel="?", applicant_phone="12"), row(3), row(3)]
    done = bring(rows, actor, report=report)
    assert (done.read, done.imported, done.refused) == (4, 2, 2)
    with report.open(encoding="utf-8-sig") as file:
        lines = list(csv.DictReader(file))
    assert [(line["line"], line["field"]) for line in lines if line["level"] == "refused"] == [
        ("2", "applicant_name"), ("2", "channel"), ("4", "code"),
    ]  # fmt: skip
    assert lines[0]["key"] == f"cu:14.{HERE}-250804-0002"


def test_oddities_are_kept_and_told(actor, tmp_path):
    report = tmp_path / "report.csv"
    odd = row(applicant_id_number="050123456", applicant_phone="so 5", form={"document_title": "x", "pages": "nhiều"})
    done = bring([odd], actor, report=report)
    assert (done.imported, done.warned) == (1, 1)
    _, dossier, _ = found(actor, odd["code"])
    assert (dossier.applicant_id_number, dossier.applicant_phone) == ("050123456", "so 5")
    assert dossier.form["pages"] == "nhiều"
    assert {line.split(",")[3] for line in report.read_text("utf-8-sig").splitlines()[1:]} == {
        "applicant_id_number", "applicant_phone", "form.pages",
    }  # fmt: skip


def test_the_unit_is_that_of_the_day(actor):
    """Before 1 July 2025 the code means the old commune; its agencies are known as soon as its dossiers come."""
    spring = row(1, code=f"14.126.{HERE}-250304-0001", received_at=at("2025-03-04 08:00"),
                 decided_at=at("2025-03-04 09:00"), returned_at=at("2025-03-04 09:30"))  # fmt: skip
    assert bring([spring], actor).imported == 1
    _, dossier, moves = found(actor, spring["code"])
    then = units.unit_on(HERE, date(2025, 3, 4))
    assert dossier.receiving_unit_id == then.pk != units.unit_on(HERE, date(2025, 8, 4)).pk
    assert moves[0].agency_id == dossier.receiving_agency_id


def test_open_work_of_an_ended_unit_waits_at_its_heir(actor, staff):
    spring = row(
        1, code="X-1", received_at=at("2025-03-04 08:00"), state="processing", decided_at=None, returned_at=None
    )
    bring([spring], actor)
    with entered(staff.case_officer):
        entry = Entry.objects.get(dossier__imported_from="cu:X-1")
        waiting = list(Entry.objects.filter(holder_role="case_officer", closed_at=None))
    assert entry in waiting
    assert (entry.holder_agency_id, entry.holder_role) in staff.case_officer.roles


def test_moves_as_a_list_pause_the_clock(actor):
    asked, resumed = at("2025-08-05 08:00"), at("2025-08-07 08:00")
    moves = [
        {"name": "receive", "at": at("2025-08-04 08:10"), "by": "Cà Văn Ơn"},
        {"name": "forward", "at": at("2025-08-04 09:00")},
        {"name": "accept_handover", "at": at("2025-08-04 09:30")},
        {"name": "request_supplement", "at": asked, "items": ["Tờ khai"], "note": "thiếu"},
        {"name": "resume", "at": resumed},
    ]  # fmt: skip
    residence = row(1, procedure="1.004222", form={}, moves=moves, due_at=at("2025-08-13 17:00"))
    assert bring([residence], actor).imported == 1
    entry, dossier, told = found(actor, residence["code"])
    assert (entry.state, entry.step, dossier.supplement_rounds) == ("processing", "examine", 1)
    assert told[3].paused_at == asked
    assert entry.paused_at is None
    assert entry.due_at == at("2025-08-15 17:00")  # two working days of waiting do not count
    assert told[0].actor_name == "Cà Văn Ơn"
    assert told[4].data["was_due"].startswith("2025-08-13")


def test_codes_and_registers(actor, staff):
    """Old codes stay where they can; the register goes on behind the highest, and the counter behind that."""
    rows = [row(7), row(3), row(0, code="HS cũ 12"), row(0, code="14.99999-250804-0007")]
    done = bring(rows, actor)
    assert (done.imported, done.recoded) == (4, 2)
    with entered(actor):
        by_key = dict(Dossier.objects.values_list("imported_from", "entry__code"))
        last = Register.objects.get(unit_id=staff.unit.pk, book="STD", period="250804").last
    assert by_key[f"cu:14.{HERE}-250804-0007"] == f"14.{HERE}-250804-0007"
    assert by_key["cu:HS cũ 12"] == f"14.{HERE}-250804-0008"
    assert by_key["cu:14.99999-250804-0007"] == f"14.{HERE}-250804-0009"  # its number is taken in this book
    assert last == 9
    assert received(staff.counter, "2.000815", at=at("2025-08-04 15:30")).code == f"14.{HERE}-250804-0010"


def test_the_second_time_nothing_happens(actor):
    rows = [row(number) for number in range(1, 6)]
    bring(rows[:3], actor)
    before = written(actor)
    assert bring(rows[:3], actor).already_there == 3
    assert written(actor) == before
    again = bring(rows, actor)
    assert (again.imported, again.already_there) == (2, 3)
    other = bring(rows[:1], actor, mapping=Mapping("khác"))  # another system's dossier of the same code is another one
    assert (other.imported, other.recoded) == (1, 1)


def test_a_dry_run_writes_nothing(actor):
    before = written(actor)
    with entered(actor):
        registers = Register.objects.count()
    done = bring([row(1), row(2, unit="99999")], actor, dry_run=True)
    assert (done.dry_run, done.imported, done.refused) == (True, 1, 1)
    assert written(actor) == before
    with entered(actor):
        assert Register.objects.count() == registers
    assert bring([row(1)], actor).imported == 1


def test_only_administrators_import_and_only_for_their_units(actor, staff):
    with pytest.raises(errors.ImportDenied):
        bring([row()], staff.counter)
    assert bring([row(1)], staff.administrator).imported == 1
    elsewhere = row(2, unit="03646")  # the ward of Tô Hiệu
    done = bring([elsewhere], staff.administrator)
    assert (done.imported, [fault.field for fault in done.faults]) == (0, ["unit"])
    assert bring([elsewhere], staffed_province().administrator).imported == 1


def test_the_database_refuses_anothers_unit(actor, staff, monkeypatch):
    """Were the judge to let it pass, row-level security would not."""
    there = staffed_commune("03646").administrator
    with entered(there):
        candidate, _ = Judge(there, OLD).judge(1, row(1, unit="03646", code="X1"), [])
    with pytest.raises(Exception, match="not the caller's"), entered(staff.administrator):
        writing.write([candidate])
    monkeypatch.setattr(writing, "_numbers", lambda cursor, batch: [(1, False)])
    with pytest.raises(Exception, match="row-level security"), entered(staff.administrator):
        writing.write([candidate])


MAPPING = """
system: motcua-cu
columns:
  "Mã hồ sơ": code
  "Đơn vị": unit
  "TTHC": procedure
  "Ngày nhận": received_at
  "Ngày trả": returned_at
  "Ngày có kết quả": decided_at
  "Trạng thái": state
  "Người nộp": applicant_name
  "CCCD": applicant_id_number
  "Số trang": form.pages
  "Lệ phí": fee
constants:
  channel: direct
values:
  procedure: {"Sao y": "2.000815"}
  state: {"Xong": returned, "Mới nhận": received}
dates: ["%d.%m.%Y %H:%M"]
"""
HEADER = ["Mã hồ sơ", "Đơn vị", "TTHC", "Ngày nhận", "Ngày trả", "Ngày có kết quả", "Trạng thái", "Người nộp", "CCCD",
          "Số trang", "Lệ phí", "Cột thừa"]  # fmt: skip
FIRST = ["A/1", "3664", "sao  y", "04.08.2025 08:00", "04/08/2025", "2025-08-04 09:00", "xong", "lò văn an",
         "014190900123", "2", "4.000 đ", "…"]  # fmt: skip
SECOND = ["A/2", "03664", "2.000815.000.00.00.H14", "hôm qua", "", "", "Mới nhận", "Lò Thị Bình", "", "", "", ""]


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "mapping.yaml"
    path.write_text(MAPPING, encoding="utf-8")
    return path


def test_a_csv_with_its_mapping(actor, mapping, tmp_path):
    file = tmp_path / "old.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, delimiter=";").writerows([HEADER, FIRST, [], SECOND])
    done = import_dossiers(file, actor=actor, mapping=mapping)
    assert (done.read, done.imported, done.refused) == (2, 1, 1)
    assert [(fault.line, fault.field) for fault in done.faults] == [(4, "received_at")]
    with entered(actor):
        dossier = Dossier.objects.select_related("entry").get(imported_from="motcua-cu:A/1")
    assert (dossier.applicant_name, dossier.fee, dossier.form["pages"]) == ("Lò Văn An", 4000, 2)
    assert dossier.entry.opened_at == at("2025-08-04 08:00")
    assert dossier.returned_at == at("2025-08-04 17:00")  # a day without a time ends with the office


def test_a_workbook_with_its_mapping(actor, mapping, tmp_path):
    book = Workbook()
    sheet = book.active
    sheet.append(HEADER)
    sheet.append([*FIRST[:1], 3664, *FIRST[2:3], datetime(2025, 8, 4, 8, 0), *FIRST[4:8], 14190900123, 2, 4000, None])
    book.save(tmp_path / "old.xlsx")
    done = import_dossiers(tmp_path / "old.xlsx", actor=actor, mapping=mapping)
    assert (done.imported, done.faults) == (1, [])
    with entered(actor):
        dossier = Dossier.objects.get(imported_from="motcua-cu:A/1")
    assert dossier.applicant_id_number == "014190900123"  # the zero that the spreadsheet dropped


def test_files_that_cannot_be_used(actor, mapping, tmp_path):
    (tmp_path / "short.csv").write_text("Mã hồ sơ;Đơn vị\n", encoding="utf-8")
    with pytest.raises(errors.ColumnsMissing, match="Ngày nhận"):
        import_dossiers(tmp_path / "short.csv", actor=actor, mapping=mapping)
    (tmp_path / "bad.xlsx").write_bytes(b"PK nothing")
    for name in ("none.csv", "bad.xlsx"):
        with pytest.raises(errors.SourceUnreadable):
            import_dossiers(tmp_path / name, actor=actor, mapping=mapping)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "system"), ("system: x\nfoo: 1", "foo"), ("system: x\ncolumns: {A: tuoi}", "tuoi"), ("system: [", "cannot"),
        ("- 1", "system"),
    ],
)  # fmt: skip
def test_a_mapping_that_cannot_be_used(tmp_path, text, named):
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(errors.MappingUnreadable) as refusal:
        read_mapping(path)
    assert named in refusal.value.sentence() or named == "cannot"


@pytest.mark.parametrize(("state", "names"), [
    ("received", ["receive"]),
    ("declined", ["receive", "decline_receipt"]),
    ("processing", ["receive", "forward", "accept_handover"]),
    ("awaiting_signature", ["receive", "forward", "accept_handover", "submit_for_signature"]),
    ("withdrawn", ["receive", "forward", "accept_handover", "withdraw"]),
    ("stopped", ["receive", "forward", "accept_handover", "stop"]),
    ("refused", ["receive", "forward", "accept_handover", "submit_for_signature", "refuse"]),
])  # fmt: skip
def test_each_state_has_its_way(actor, state, names):
    given = row(1, state=state, returned_at=None)
    if state in ("received", "processing", "awaiting_signature"):
        given["decided_at"] = None
    assert bring([given], actor).faults == []
    entry, _, moves = found(actor, given["code"])
    assert (entry.state, [move.name for move in moves]) == (state, names)


def test_statements_do_not_grow_with_the_rows(actor, queries):
    bring([row(50)], actor)
    few = queries(lambda: bring([row(number) for number in range(1, 3)], actor))
    many = queries(lambda: bring([row(number) for number in range(3, 40)], actor))
    assert many <= few


def test_a_failed_batch_says_so(actor, monkeypatch):
    def broken(batch):
        raise DatabaseError("disk full")

    monkeypatch.setattr(run, "write", broken)
    with pytest.raises(DatabaseError, match="disk full"):
        bring([row()], actor)
