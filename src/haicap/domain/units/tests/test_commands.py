"""Loading the nation, and a history that cannot be edited."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from haicap.domain.units.commands import load, load_nation, nation
from haicap.domain.units.commands.resolutions import packaged, undo
from haicap.domain.units.errors import NationAlreadyLoaded, NationFlawed, ResolutionOfFirstLoad
from haicap.domain.units.models import Lineage, NationLoad, Resolution, Unit
from haicap.domain.units.tests import state

OLD = {"level": "xa", "kind": "xa", "name": "Xã Thử", "search": " xa thu |"}
UNITS, LINEAGES, FILES = 14_149 + 11, 10_634 + 11, 35
EMPTY = "TRUNCATE units_unit, units_lineage, units_nationload, units_resolution CASCADE"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the nation's files, to be spoilt."""
    shutil.copy(nation.DATA / nation.UNITS, tmp_path / nation.UNITS)
    shutil.copytree(packaged.FOLDER, tmp_path / packaged.FOLDER.name)
    return tmp_path


@pytest.fixture
def spoil(files: Path) -> Callable[[str, str], Path]:
    """Replaces one text in the base; gives the folder."""

    def replace(before: str, after: str) -> Path:
        text = (files / nation.UNITS).read_text(encoding="utf-8")
        assert before in text
        (files / nation.UNITS).write_text(text.replace(before, after, 1), encoding="utf-8")
        return files

    return replace


@pytest.fixture
def empty(own_database: str) -> None:
    """A database without units."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(EMPTY)


@pytest.mark.django_db(databases=["default", "owner"])
class TestTheNation:
    """What the base and the carried resolutions make together."""

    def test_it_is_row_for_row_what_the_published_states_say(self) -> None:
        above = ("code", "name", "kind", "level", "parent__code", "province__code", "valid_from", "valid_to", "lat",
                 "lon", "area_km2", "search")  # fmt: skip
        found = {row if row[7] == state.NEW_DAY else (*row[:7], None, *row[8:])
                 for row in Unit.objects.filter(valid_from__lte=state.NEW_DAY).values_list(*above)}  # fmt: skip
        assert found == state.units()

    def test_its_lineage_is_pair_for_pair_what_was_published(self) -> None:
        lines = Lineage.objects.filter(effective_on=state.NEW_DAY, predecessor__valid_to=state.NEW_DAY)
        pairs = list(lines.values_list("predecessor__code", "successor__code", "share", "resolution"))
        assert len(pairs) == 10_634
        assert set(pairs) == state.lineages()

    def test_every_row_names_the_resolution_that_made_it(self) -> None:
        assert not Unit.objects.filter(valid_from__gt=state.FIRST_DAY, formed_by=None).exists()
        assert not Unit.objects.filter(valid_to__isnull=False, ended_by=None).exists()
        assert not Lineage.objects.filter(recorded_by=None).exists()
        assert Resolution.objects.count() == FILES

    def test_dong_nai_is_a_city_from_30_april_2026_and_its_communes_stay(self) -> None:
        city = Unit.objects.get(code="75", valid_to=None)
        assert (city.name, city.kind, city.valid_from) == ("Thành phố Đồng Nai", "thanh_pho", date(2026, 4, 30))
        inside = Unit.objects.on(date(2026, 11, 1)).within("75")
        assert (inside.count(), inside.of_kind("phuong").count()) == (95, 33)

    def test_a_second_load_does_nothing_and_does_it_fast(self) -> None:
        report = load_nation()
        assert (report.loaded, report.units, report.lineages) == (False, UNITS, LINEAGES)
        assert report.seconds < 0.5
        assert Resolution.objects.count() == FILES

    def test_another_base_does_not_replace_history(self, spoil: Callable[[str, str], Path]) -> None:
        with pytest.raises(NationAlreadyLoaded):
            load_nation(spoil("Tỉnh Cao Bằng", "Tỉnh Cao Bình"))

    def test_what_rests_on_one_source_is_not_applied(self) -> None:
        assert {file.number for file in packaged.unconfirmed()} == {"388/NQ-UBTVQH16", "36/2026/QH16", "39/2026/QH16"}


def test_the_nation_is_loaded_from_nothing_in_three_seconds(empty: None) -> None:
    report = load_nation()
    assert report.loaded
    assert report.seconds < 3 * 4  # four times the promise: tests share their processors
    assert Unit.objects.count() == UNITS
    assert NationLoad.objects.get().units == 10_794
    fresh = Unit.objects.using("owner").create(
        **OLD, code="99999", parent_id=1, province_id=1, valid_from=date(2026, 1, 1)
    )
    assert fresh.id == UNITS + 1


def test_an_upgrade_applies_the_new_files_only(empty: None, files: Path) -> None:
    later = files / packaged.FOLDER.name / "2026" / "75-dong-nai.yaml"
    text = later.read_text(encoding="utf-8")
    later.unlink()
    assert len(load_nation(files).applied) == 34
    later.write_text(text, encoding="utf-8")
    assert load_nation(files).applied == ("30/2026/QH16",)
    later.write_text("# only a remark is new\n" + text, encoding="utf-8")
    assert load_nation(files).applied == ()
    undo("30/2026/QH16", by="test")
    assert load_nation(files).applied == ()  # what an administrator undid stays undone


def test_a_new_file_that_does_not_fit_is_told_and_stops_nothing(empty: None, files: Path) -> None:
    load_nation(files)
    folder = files / packaged.FOLDER.name / "2026"
    text = (folder / "75-dong-nai.yaml").read_text(encoding="utf-8")
    (folder / "76-again.yaml").write_text(text.replace("30/2026/QH16", "31/2026/QH16"), encoding="utf-8")
    (folder / "77-other.yaml").write_text(text.replace("Thành phố Đồng Nai", "Thành phố Biên Hòa"), encoding="utf-8")
    report = load_nation(files)
    assert not report.loaded
    assert [(left.file, left.reason.code) for left in report.left_out] == [
        ("76-again.yaml", "units.resolution_flawed"),
        ("77-other.yaml", "units.resolution_other_content"),
    ]


def test_what_the_first_version_loaded_gets_its_resolutions_noted(empty: None, monkeypatch) -> None:
    load_nation()
    with connections["owner"].cursor() as cursor:
        for table in ("units_unit", "units_lineage", "units_resolution", "units_nationload"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("UPDATE units_unit SET formed_by_id = NULL, ended_by_id = NULL")
        cursor.execute("UPDATE units_lineage SET recorded_by_id = NULL")
        cursor.execute("DELETE FROM units_resolution")
        cursor.execute("UPDATE units_nationload SET digest = %s", [load.FIRST_DIGEST])
        for code in ("75", "25270"):
            cursor.execute("SELECT count(*) FROM units_unit WHERE code = %s AND valid_to IS NULL", [code])
        for table in ("units_unit", "units_lineage", "units_resolution", "units_nationload"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    report = load_nation()
    assert Resolution.objects.in_force().count() == 34
    assert [left.number for left in report.left_out] == ["30/2026/QH16"]  # here it stands already
    with pytest.raises(ResolutionOfFirstLoad):
        undo("1672/NQ-UBTVQH15", by="test")


def test_each_fault_of_the_base_is_told_by_its_line(spoil: Callable[[str, str], Path]) -> None:
    spoil("02,Tỉnh Hà Giang,tinh,", "02,Tỉnh Hà Giang,xa,")
    folder = spoil("Tỉnh Cao Bằng", "Xã Cao Bằng")
    problems = nation.read(folder).problems
    assert {"units_2025-06-30.csv:3", "units_2025-06-30.csv:4"} <= {problem.field for problem in problems}
    assert all("{" not in str(problem.message) for problem in problems)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("\n04,Tỉnh Cao Bằng", "\n04,Tỉnh Cao Bằng,tinh,\n04,Tỉnh Cao Bằng", ":5"),
        ("\n01,", "\n0A,", ":2"),
        ("\n01,Thành phố Hà Nội,thanh_pho,", "\n01,Thành phố Hà Nội,thanh_pho", ":2"),
        ("code,name", '"code', ":0"),
        ("code,name", "code,names", ":1"),
        ("\n001,Quận Ba Đình,quan,01", "\n001,Quận Ba Đình,quan,", ":65"),
    ],
)
def test_a_faulty_base_loads_nothing(spoil: Callable[[str, str], Path], before: str, after: str, told: str) -> None:
    problems = nation.read(spoil(before, after)).problems
    assert any(problem.field.endswith(told) for problem in problems), problems[:3]


def test_a_missing_base_is_told(files: Path, empty: None) -> None:
    (files / nation.UNITS).unlink()
    with pytest.raises(NationFlawed) as raised:
        load_nation(files)
    assert nation.UNITS in str(raised.value)
    assert not Unit.objects.exists()


@pytest.mark.django_db(databases=["default", "owner"])
class TestHistoryIsKept:
    """What the tables themselves refuse."""

    def refused(self, write: Callable[[], object], name: str) -> None:
        with pytest.raises(IntegrityError, match=name), transaction.atomic(using="owner"):
            write()

    def test_a_unit_is_neither_renamed_nor_deleted(self) -> None:
        units = Unit.objects.using("owner")
        with pytest.raises(IntegrityError, match="only its end"), transaction.atomic(using="owner"):
            units.filter(id=1).update(name="Thành phố Khác")
        with pytest.raises(IntegrityError, match="only its end"), transaction.atomic(using="owner"):
            units.filter(id=1).update(valid_to=None)
        with connections["owner"].cursor() as cursor:
            for statement in ("DELETE FROM units_unit", "DELETE FROM units_lineage", "DELETE FROM units_nationload",
                              "UPDATE units_lineage SET share = 'part'"):  # fmt: skip
                with pytest.raises(IntegrityError, match="are history"), transaction.atomic(using="owner"):
                    cursor.execute(statement)

    def test_a_unit_ends_once(self) -> None:
        standing = Unit.objects.using("owner").get(code="14", valid_to=None)
        with transaction.atomic(using="owner"):
            standing.valid_to = date(2030, 1, 1)
            standing.save(update_fields=["valid_to"])
            self.refused(lambda: Unit.objects.using("owner").filter(id=standing.id).update(valid_to=date(2031, 1, 1)),
                         "only its end")  # fmt: skip
            transaction.set_rollback(True, using="owner")

    def test_a_code_names_one_unit_a_day_and_a_unit_ends_after_it_begins(self) -> None:
        def create(**facts: object) -> Callable[[], object]:
            return lambda: Unit.objects.using("owner").create(**(OLD | {"parent_id": 1, "province_id": 1} | facts))

        self.refused(create(code="00004", valid_from=date(2026, 1, 1)), "units_unit_one_per_code_and_day")
        self.refused(create(code="99999", valid_from=date(2026, 1, 1), valid_to=date(2026, 1, 1)),
                     "units_unit_ends_after_it_begins")  # fmt: skip
        self.refused(create(code="999", valid_from=date(2026, 1, 1)), "units_unit_kind_fits_level")
        self.refused(create(code="99999", valid_from=date(2026, 1, 1), parent_id=None), "units_unit_stands_under")
        self.refused(create(code="99999", valid_from=date(2026, 1, 1), lat=91, lon=0), "units_unit_point")
        self.refused(create(code="99999", valid_from=date(2026, 1, 1), area_km2=0), "units_unit_area")

    def test_a_pair_is_recorded_once_and_leads_elsewhere(self) -> None:
        def create(**facts: object) -> Callable[[], object]:
            line = {"share": "whole", "resolution": "x", "effective_on": date(2026, 1, 1)}
            return lambda: Lineage.objects.using("owner").create(**(line | facts))

        known = Lineage.objects.first()
        assert known is not None
        self.refused(create(predecessor_id=known.predecessor_id, successor_id=known.successor_id), "one_row_a_pair")
        self.refused(create(predecessor_id=1, successor_id=1), "leads_elsewhere")
        self.refused(create(predecessor_id=1, successor_id=2, share="some"), "share_is_known")

    def test_the_application_may_only_read(self) -> None:
        with connections["default"].cursor() as cursor:
            for statement in (
                "UPDATE units_unit SET valid_to = '2030-01-01' WHERE id = 14149",
                "DELETE FROM units_lineage",
                "INSERT INTO units_nationload (digest) VALUES ('x')",
                "TRUNCATE units_lineage",
            ):
                with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                    cursor.execute(statement)
