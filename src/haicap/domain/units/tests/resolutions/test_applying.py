"""Applying and undoing on the nation's own units."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest
from django.db import connections, transaction

from haicap.domain.units import queries
from haicap.domain.units.commands.resolutions import (
    State,
    apply,
    known_resolutions,
    open_file,
    packaged,
    read,
    undo,
    validate,
)
from haicap.domain.units.errors import (
    ResolutionBusy,
    ResolutionFlawed,
    ResolutionNeeded,
    ResolutionNotApplied,
    ResolutionOtherContent,
    ResolutionUnconfirmed,
    ResolutionUnreadable,
)
from haicap.domain.units.models import Lineage, Resolution, Unit
from haicap.domain.units.rules import Share
from haicap.domain.units.tests.resolutions.small import found, planted
from haicap.domain.units.tests.resolutions.snapshots import snapshot
from haicap.kernel import clock

WARDS = packaged.FOLDER / "2026" / "24-bac-ninh-phuong.yaml"
HEAD = """\
format: haicap-resolution/1
resolution:
  number: {number}
  body: Ủy ban Thường vụ Quốc hội
  title: Về việc sắp xếp một số xã của tỉnh Sơn La
  adopted_on: 2026-10-15
  effective_on: {day}
"""
# Xã Chiềng Khoong is divided, one hamlet goes from Xã Mường Hung, a ward gets another name
CHANGES = """\
ended:
  - {code: "04204", name: Xã Chiềng Khoong}
created:
  - code: "04204"
    name: Xã Chiềng Khoong
    kind: xa
    parent: "14"
    from:
      - {code: "04204", name: Xã Chiềng Khoong, share: part, residual: true}
  - code: "04299"
    name: Xã Mường Cai
    kind: xa
    parent: "14"
    from:
      - {code: "04204", name: Xã Chiềng Khoong, share: part, hamlets: [Bản Co Phường, Bản Nà Dòn]}
renamed:
  - {code: "03664", name: Phường Chiềng An, new_name: Phường Chiềng Xôm}
boundary_adjusted:
  - {from: {code: "04168", name: Xã Sông Mã}, to: {code: "04171", name: Xã Bó Sinh}, hamlets: [Bản Thử]}
"""


def text(number: str = "700/NQ-UBTVQH16", day: str = "2026-11-01", changes: str = CHANGES) -> str:
    """A resolution on communes of Sơn La."""
    return HEAD.format(number=number, day=day) + changes


@pytest.fixture(autouse=True)
def nation(own_database: str) -> None:
    """A database in which commits are real; the names that the texts rest on are the nation's."""
    known = dict(Unit.objects.filter(valid_to=None, province__code="14").values_list("code", "name"))
    assert {known[code] for code in ("04204", "03664", "04168", "04171")} == {
        "Xã Chiềng Khoong", "Phường Chiềng An", "Xã Sông Mã", "Xã Bó Sinh",
    }  # fmt: skip


def test_everything_is_written_and_answered() -> None:
    report = apply(read(text(), "a.yaml"), by="Trần Thị Bích")
    assert report.counts["ended"] == {"tinh": 0, "huyen": 0, "xa": 4}
    assert report.counts["formed"] == {"tinh": 0, "huyen": 0, "xa": 5}
    assert [unit["code"] for unit in report.divided] == ["04168", "04204"]
    eve, day = date(2026, 10, 31), date(2026, 11, 1)
    old = queries.unit_on("04204", eve)
    heirs = {heir.unit.name: heir.share for heir in queries.heirs_of(old, day)}
    assert heirs == {"Xã Chiềng Khoong": Share.PART, "Xã Mường Cai": Share.PART}
    lines = {line.successor.name: line for line in Lineage.objects.filter(predecessor=old).select_related("successor")}
    assert lines["Xã Mường Cai"].hamlets == ["Bản Co Phường", "Bản Nà Dòn"]
    assert lines["Xã Chiềng Khoong"].residual
    assert queries.unit_on("03664", eve).name == "Phường Chiềng An"
    renamed = queries.unit_on("03664", day)
    assert (renamed.name, renamed.search) == ("Phường Chiềng Xôm", " phuong chieng xom | tinh son la")
    giver, taker = queries.unit_on("04168", eve), queries.unit_on("04171", eve)
    assert [heir.unit.code for heir in queries.heirs_of(giver, day)] == ["04168", "04171"]
    assert [heir.unit.code for heir in queries.heirs_of(taker, day)] == ["04171"]
    assert queries.unit_on("04171", day).area_km2 is None
    resolution = Resolution.objects.get(number="700/NQ-UBTVQH16")
    assert (resolution.applied_by, resolution.body) == ("Trần Thị Bích", "Ủy ban Thường vụ Quốc hội")
    assert resolution.source == text()
    assert set(resolution.formed.values_list("code", flat=True)) == {"04204", "04299", "03664", "04168", "04171"}


def test_a_dry_run_tells_the_same_and_writes_nothing() -> None:
    before = snapshot()
    planned = apply(read(text(), "a.yaml"), by="x", dry_run=True).as_json()
    assert snapshot() == before
    assert not Resolution.objects.filter(number="700/NQ-UBTVQH16").exists()
    done = apply(read(text(), "a.yaml"), by="x").as_json()
    assert (planned.pop("dry_run"), planned.pop("applied")) == (True, False)
    assert (done.pop("dry_run"), done.pop("applied")) == (False, True)
    assert planned == done


def test_twice_does_nothing_and_other_content_is_refused() -> None:
    apply(read(text(), "a.yaml"), by="x")
    state = snapshot()
    again = (
        text()
        .replace("format:", "# cùng nội dung, thêm ghi chú\nformat:")
        .replace("[Bản Co Phường, Bản Nà Dòn]", "[Bản Nà Dòn, Bản Co Phường]")
    )
    assert apply(read(again, "b.yaml"), by="x").already
    with pytest.raises(ResolutionOtherContent):
        apply(read(text().replace("Bản Nà Dòn", "Bản Khác"), "c.yaml"), by="x")
    assert snapshot() == state
    assert Resolution.objects.filter(number="700/NQ-UBTVQH16").count() == 1


def test_a_day_ahead_is_scheduled_and_needs_nothing_at_midnight(time_machine) -> None:
    report = apply(read(text(day="2027-03-01"), "a.yaml"), by="x")
    assert report.scheduled
    assert queries.unit_on("03664").name == "Phường Chiềng An"
    assert {one.number: one.state for one in known_resolutions()}["700/NQ-UBTVQH16"] == State.SCHEDULED
    time_machine.move_to("2027-02-28T16:59:59Z")
    assert queries.unit_on("03664").name == "Phường Chiềng An"
    time_machine.move_to("2027-02-28T17:00:00Z")  # midnight in Vietnam
    assert queries.unit_on("03664").name == "Phường Chiềng Xôm"
    assert {one.number: one.state for one in known_resolutions()}["700/NQ-UBTVQH16"] == State.IN_FORCE
    assert clock.today() == date(2027, 3, 1)


def test_one_source_needs_express_wish() -> None:
    file = open_file(WARDS)
    with pytest.raises(ResolutionUnconfirmed):
        apply(file, by="x")
    assert apply(file, by="x", dry_run=True).unsure
    assert not apply(file, by="x", confirm_uncertain=True).dry_run
    assert {one.number for one in packaged.unconfirmed()} == {"36/2026/QH16", "39/2026/QH16"}


class TestUndoing:
    """Back to what was, or refused with what stands in the way."""

    def test_it_goes_back_byte_for_byte_and_may_be_done_again(self) -> None:
        before = snapshot()
        apply(read(text(), "a.yaml"), by="x")
        facts = ("id", "code", "name", "kind", "valid_from", "valid_to", "parent_id")
        rows = list(Unit.objects.order_by("id").values_list(*facts))
        done = undo("700/nq-ubtvqh16", by="y")
        assert (done.removed, done.restored, done.lineages) == (5, 4, 6)
        assert snapshot() == before
        states = [one.state for one in known_resolutions() if one.number == "700/NQ-UBTVQH16"]
        assert states == [State.UNDONE]
        with pytest.raises(ResolutionNotApplied):
            undo("700/NQ-UBTVQH16", by="y")
        apply(read(text(), "a.yaml"), by="x")
        assert list(Unit.objects.order_by("id").values_list(*facts)) == rows

    def test_lang_son_goes_back_and_comes_again(self) -> None:
        file = open_file(packaged.FOLDER / "2025" / "20-lang-son.yaml")
        with pytest.raises(ResolutionNeeded) as refused:
            undo("1662/NQ-UBTVQH15", by="y")  # Đồng Nai changed again in 2026
        assert "30/2026/QH16" in str(refused.value.problems[0].message)
        undo(file.number, by="y")
        assert Unit.objects.get(code="20").valid_to is None  # the province of before
        assert Unit.objects.get(code="06622").valid_to is None  # Xã Bính Xá stands again
        report = apply(file, by="y")
        assert [unit["name"] for unit in report.divided] == ["Xã Bính Xá", "Xã Kiên Mộc"]

    def test_a_later_resolution_must_be_undone_first(self) -> None:
        apply(read(text(), "a.yaml"), by="x")
        later = 'renamed:\n  - {code: "04299", name: Xã Mường Cai, new_name: Xã Mường Cài}\n'
        apply(read(text("701/NQ-UBTVQH16", "2026-12-01", later), "b.yaml"), by="x")
        with pytest.raises(ResolutionNeeded) as refused:
            undo("700/NQ-UBTVQH16", by="y")
        assert "701/NQ-UBTVQH16" in str(refused.value.problems[0].message)
        undo("701/NQ-UBTVQH16", by="y")
        undo("700/NQ-UBTVQH16", by="y")

    def test_a_code_that_was_taken_up_again_stands_in_the_way(self) -> None:
        one = (
            'ended:\n  - {{code: "{0}", name: {1}}}\ncreated:\n  - code: "{2}"\n    name: {3}\n    kind: xa\n'
            '    parent: "14"\n    from:\n      - {{code: "{0}", name: {1}, share: whole}}\n'
        )
        gone = one.format("04299", "Xã Mường Cai", "04298", "Xã Lại")
        back = one.format("04298", "Xã Lại", "04299", "Xã Mới")
        apply(read(text(), "a.yaml"), by="x")
        apply(read(text("701/NQ-UBTVQH16", "2026-12-01", gone), "b.yaml"), by="x")
        apply(read(text("702/NQ-UBTVQH16", "2026-12-02", back), "c.yaml"), by="x")
        with pytest.raises(ResolutionNeeded) as refused:
            undo("701/NQ-UBTVQH16", by="y")
        assert any("04299" in str(problem.message) for problem in refused.value.problems)

    def test_whoever_names_a_new_unit_stands_in_the_way(self) -> None:
        apply(read(text(), "a.yaml"), by="x")
        unit = Unit.objects.using("owner").get(code="04299", valid_to=None)
        with connections["owner"].cursor() as cursor:  # a counter of receipts is opened for it
            cursor.execute(
                "INSERT INTO entries_register (unit_id, book, period, last) VALUES (%s, 'X', '2026', 1)", [unit.id]
            )
        state = snapshot()
        with pytest.raises(ResolutionNeeded) as refused:
            undo("700/NQ-UBTVQH16", by="y")
        assert [problem.field for problem in refused.value.problems] == ["entries_register"]
        assert snapshot() == state

    def test_it_gives_way_to_whoever_is_writing(self, own_database: str) -> None:
        apply(read(text(), "a.yaml"), by="x")
        state = snapshot()
        writer = connections["default"]
        with transaction.atomic(), writer.cursor() as cursor:
            cursor.execute("LOCK TABLE entries_entry IN ROW EXCLUSIVE MODE")
            with pytest.raises(ResolutionBusy):
                undo("700/NQ-UBTVQH16", by="y")
        assert snapshot() == state
        undo("700/NQ-UBTVQH16", by="y")


def test_both_are_in_the_trail() -> None:
    apply(read(text(), "a.yaml"), by="Trần Thị Bích")
    undo("700/NQ-UBTVQH16", by="Lê Văn An")
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT tag, actor_name, data->>'number' FROM audit_event WHERE subject = %s ORDER BY seq",
            [f"resolution:{Resolution.objects.get(number='700/NQ-UBTVQH16').id}"],
        )
        assert cursor.fetchall() == [
            ("units:resolution:apply", "Trần Thị Bích", "700/NQ-UBTVQH16"),
            ("units:resolution:undo", "Lê Văn An", "700/NQ-UBTVQH16"),
        ]


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes("Xã".encode("utf-16"))
    for path in (tmp_path / "a.yaml", tmp_path / "none.yaml", tmp_path):
        with pytest.raises(ResolutionUnreadable):
            open_file(path)


THIRTY = """\
format: haicap-resolution/1
resolution:
  number: 700/NQ-UBTVQH16
  body: Ủy ban Thường vụ Quốc hội
  title: Về việc sắp xếp một số xã của tỉnh Sơn La
  adopted_on: 2026-10-15
  effective_on: 2026-10-01 #! in_force_before_adoption
  also:
    - {number: 77/2026/QH16, adopted_on: 2026-13-01} #! not_a_date
    - {number: 78/2026/QH16, body: Quốc hội}
    - {number: 78/2026/QH16, body: Quốc hội} #! basis_twice
certainty: {level: D, source: Công báo} #! not_a_choice
ended:
  - {code: "04204", name: Xã Chiềng Khoong}
  - {code: "04204", name: Xã Chiềng Khoong} #! unit_twice
  - {code: "04168", name: Xã Sông Mạ} #! name_differs
  - {code: "99999", name: Xã Không Có} #! code_unknown
  - {code: "03646", name: Phường Tô Hiệu, why: gộp} #! key_unknown
  - {code: "120", name: Huyện Mường La} #! unit_closed
  - {code: 04171, name: Xã Bó Sinh} #! quotes_needed
  - {code: "0418", name: Xã Chiềng Khương} #! code_malformed
created:
  - code: "04204"
    name: Phường Chiềng Khoong #! name_not_of_kind
    kind: xa
    parent: "14"
    lat: hai mốt #! not_a_number
    from:
      - {code: "04204", name: Xã Chiềng Khoong, share: part, residual: true, hamlets: Bản Mới} #! not_a_list
  - code: "04299"
    name: Xã Mường Cai
    kind: xa
    kind: xa #! key_twice
    parent: "99" #! parent_unknown
    by: 79/2026/QH16 #! basis_unknown
    from:
      - {code: "04204", name: Xã Chiềng Khoong, share: part, residual: true} #! residual_twice
      - {code: "04168", name: Xã Sông Mã, share: whole, hamlets: [Bản Thử]} #! whole_with_hamlets
      - {code: "03664", name: Phường Chiềng An, share: whole} #! flow_not_ended
  - code: "04300"
    name: Thị trấn Mới
    kind: thi_tran #! kind_of_old_law
    parent: "03664" #! parent_of_wrong_level
    lon: 999 #! number_out_of_range
    from:
      - {code: "04171", name: Xã Bó Sinh, share: part} #! part_alone
      - {code: "04171", name: Xã Bó Sinh, share: part} #! flow_twice
  - code: "03670" #! code_in_use
    name: Xã Mới
    kind: xa
    parent: "14"
    from: [] #! list_empty
  - code: "04301" #! parent_missing
    name: Xã Mới Hai
    kind: xa
    from:
      - {code: "03646", name: Phường Tô Hiệu, share: whole}
      - {code: "04222", name: Xã Chiềng Khương, share: whole} #! flow_not_ended
renamed:
  - {code: "04123", name: Xã Chiềng Mung, new_name: Xã Chiềng Mung} #! same_name
boundary_adjusted:
  - from: {code: "03679", name: Phường Chiềng Sinh} #! adjusted_to_itself
    to: {code: "03679", name: Phường Chiềng Sinh}
    hamlets: [Bản X]
"""


def test_many_faults_are_told_at_once_each_by_its_line_and_nothing_changes() -> None:
    before = snapshot()
    with pytest.raises(ResolutionFlawed) as refused:
        apply(read(THIRTY, "a.yaml"), by="x")
    told = refused.value.problems
    assert found(tuple(told)) == planted(THIRTY)
    assert len(told) >= 30
    assert all(re.fullmatch(r"a\.yaml:\d+", fault.field) and "{" not in str(fault.message) for fault in told)
    assert len({str(fault.message) for fault in told}) == len(told)
    assert snapshot() == before
    assert json.dumps([fault.as_json() for fault in validate(read(THIRTY, "a.yaml"))])
