"""Loading the nation, and a history that cannot be edited."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, ProgrammingError, connections, transaction

from haicap.domain.units.commands import load_nation, nation
from haicap.domain.units.errors import NationAlreadyLoaded, NationFlawed
from haicap.domain.units.models import Lineage, NationLoad, Unit

OLD = {"level": "xa", "kind": "xa", "name": "Xã Thử", "search": " xa thu |"}


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A copy of the nation's files, to be spoilt."""
    for name in nation.FILES:
        shutil.copy(nation.DATA / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def spoil(files: Path) -> Callable[[str, str, str], Path]:
    """Replaces one text in one file; gives the folder."""

    def replace(name: str, before: str, after: str) -> Path:
        text = (files / name).read_text(encoding="utf-8")
        assert before in text
        (files / name).write_text(text.replace(before, after, 1), encoding="utf-8")
        return files

    return replace


@pytest.mark.django_db(databases=["default", "owner"])
def test_a_second_load_does_nothing_and_does_it_fast() -> None:
    before = Unit.objects.count(), Lineage.objects.count()
    report = load_nation()
    assert (report.loaded, report.units, report.lineages) == (False, 14_149, 10_634)
    assert report.seconds < 0.5
    assert (Unit.objects.count(), Lineage.objects.count()) == before == (14_149, 10_634)


@pytest.mark.django_db(databases=["default", "owner"])
def test_other_files_do_not_replace_history(spoil: Callable[[str, str, str], Path]) -> None:
    with pytest.raises(NationAlreadyLoaded):
        load_nation(spoil(nation.NEW_UNITS, "Tỉnh Cao Bằng", "Tỉnh Cao Bình"))


def test_the_nation_is_loaded_from_nothing_in_three_seconds(own_database: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE units_unit, units_lineage, units_nationload CASCADE")
    report = load_nation()
    assert report.loaded
    assert report.seconds < 3 * 4  # four times the promise: tests share their processors
    assert Unit.objects.count() == 14_149
    assert NationLoad.objects.get().lineages == 10_634
    fresh = Unit.objects.using("owner").create(
        **OLD, code="99999", parent_id=1, province_id=1, valid_from=date(2026, 1, 1)
    )
    assert fresh.id == 14_150


def test_each_fault_is_told_by_file_and_line(spoil: Callable[[str, str, str], Path]) -> None:
    spoil(nation.OLD_UNITS, "02,Tỉnh Hà Giang,tinh,", "02,Tỉnh Hà Giang,xa,")
    spoil(nation.NEW_UNITS, "Tỉnh Cao Bằng", "Xã Cao Bằng")
    spoil(nation.LINEAGE, "00001,00097,whole", "00001,00097,half")
    folder = spoil(nation.PROVINCES, "01,01,1656/NQ-UBTVQH15", "01,77,1656/NQ-UBTVQH15")
    problems = nation.read(folder).problems
    places = {problem.field for problem in problems}
    assert {"units_2025-06-30.csv:3", "units_2025-07-01.csv:3", "lineage_provinces_2025-07-01.csv:2"} <= places
    assert all("{" not in str(problem.message) for problem in problems)


@pytest.mark.parametrize(
    ("name", "before", "after", "told"),
    [
        (nation.LINEAGE, "00001,00097,whole\n", "", "00001"),
        (nation.LINEAGE, "00001,00097,whole", "00001,00097,part", "00001"),
        (nation.LINEAGE, "00001,00097,whole", "00001,00097,whole\n00001,00004,whole", "00001"),
        (nation.LINEAGE, "00001,00097,whole", "00001,00097", ":2"),
        (nation.LINEAGE, "old_code", "code", ":1"),
        (nation.NEW_UNITS, "21.0001", "north", ":2"),
        (nation.NEW_UNITS, "\n04,Tỉnh Cao Bằng", "\n04,Tỉnh Cao Bằng,tinh,,,,\n04,Tỉnh Cao Bằng", ":4"),
        (nation.OLD_UNITS, "\n01,", "\n0A,", ":2"),
        (nation.OLD_UNITS, "code,name", '"code', ":0"),
    ],
)
def test_a_contradiction_loads_nothing(
    spoil: Callable[[str, str, str], Path], name: str, before: str, after: str, told: str
) -> None:
    problems = nation.read(spoil(name, before, after)).problems
    assert any(told in problem.field for problem in problems), problems[:3]


def test_a_missing_file_is_told(files: Path, own_database: str) -> None:
    (files / nation.PROVINCES).unlink()
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE units_unit, units_lineage, units_nationload CASCADE")
    with pytest.raises(NationFlawed) as raised:
        load_nation(files)
    assert nation.PROVINCES in str(raised.value)
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
