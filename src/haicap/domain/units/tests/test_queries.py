"""The nation's own numbers, and what is asked of a day."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from haicap.domain.units import queries, rules
from haicap.domain.units.errors import (
    BeforeRecords,
    DateUnreadable,
    KindUnknown,
    UnitClosed,
    UnitNotYetFormed,
    UnitUnknown,
)
from haicap.domain.units.models import Lineage, Unit
from haicap.domain.units.rules import Edge, Share, UnitChange

pytestmark = pytest.mark.django_db

EVE = date(2025, 6, 30)
NEW = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("day", "within", "kind", "count"),
    [
        (EVE, None, None, 10_794),
        (NEW, None, None, 3_355),
        (EVE, None, "tinh", 57), (EVE, None, "thanh_pho", 6),
        (NEW, None, "tinh", 28), (NEW, None, "thanh_pho", 6),
        (NEW, None, "xa", 2_621), (NEW, None, "phuong", 687), (NEW, None, "dac_khu", 13), (NEW, None, "huyen", 0),
        (EVE, None, "xa", 7_692), (EVE, None, "phuong", 1_726), (EVE, None, "thi_tran", 617),
        (NEW, "14", None, 75), (NEW, "14", "phuong", 8), (NEW, "14", "xa", 67),
        (NEW, "20", None, 65), (NEW, "20", "phuong", 4), (NEW, "20", "xa", 61),
        (NEW, "68", None, 124), (NEW, "68", "xa", 103), (NEW, "68", "phuong", 20), (NEW, "68", "dac_khu", 1),
    ],
)  # fmt: skip
def test_the_published_numbers_hold(day: date, within: str | None, kind: str | None, count: int) -> None:
    assert queries.units_on(day, within=within, kind=kind).count() == count


def test_son_la_had_12_districts_and_200_communes_and_lang_son_194() -> None:
    levels = Counter(queries.units_on(EVE, within="14").values_list("level", flat=True))
    assert levels == {"huyen": 12, "xa": 200}
    assert queries.communes_of("20", EVE).count() == 194
    assert queries.communes_of("14").count() == 75


def test_districts_are_gone_and_a_district_held_its_communes() -> None:
    dinh_lap = queries.units_on(EVE, within="20", kind="huyen").get(name="Huyện Đình Lập")
    assert queries.units_on(EVE, within=dinh_lap.code).count() == 12
    heirs = {heir.unit.name for heir in queries.heirs_of(dinh_lap, NEW)}
    assert heirs == {"Xã Đình Lập", "Xã Thái Bình", "Xã Châu Sơn", "Xã Kiên Mộc"}
    with pytest.raises(UnitClosed):
        queries.unit_on(dinh_lap.code, NEW)


def test_a_code_means_something_only_with_a_date() -> None:
    assert queries.unit_on("00004", EVE).name == "Phường Trúc Bạch"
    assert queries.unit_on("00004", NEW).name == "Phường Ba Đình"
    assert queries.unit_on("00004").name == "Phường Ba Đình"


@pytest.mark.parametrize(
    ("code", "day", "error"),
    [
        ("99", NEW, UnitUnknown), ("abc", NEW, UnitUnknown), ("", NEW, UnitUnknown), ("\x00", NEW, UnitUnknown),
        ("001", NEW, UnitClosed), ("001", date(2024, 12, 31), BeforeRecords),
    ],
)  # fmt: skip
def test_what_cannot_be_answered_says_why(code: str, day: date, error: type[Exception]) -> None:
    with pytest.raises(error) as raised:
        queries.unit_on(code, day)
    assert "{" not in str(raised.value)


def test_a_unit_that_came_later_is_not_yet_there() -> None:
    new_codes = set(Unit.objects.on(NEW).values_list("code", flat=True))
    fresh = (new_codes - set(Unit.objects.on(EVE).values_list("code", flat=True))).pop()
    with pytest.raises(UnitNotYetFormed):
        queries.unit_on(fresh, EVE)


def test_a_day_and_a_kind_are_read_strictly() -> None:
    assert queries.day_from("2025-07-01") == NEW
    for text in ("2025-7-1", "20250701", "2025-02-30", "hôm nay", "2025-W01-1"):
        with pytest.raises(DateUnreadable):
            queries.day_from(text)
    with pytest.raises(BeforeRecords):
        queries.day_from("2024-12-31")
    with pytest.raises(KindUnknown):
        queries.units_on(NEW, kind="ward")


def test_chieng_an_and_chieng_khoong_came_from_whole_communes() -> None:
    chieng_an = queries.units_on(NEW, within="14").get(name="Phường Chiềng An")
    generation = queries.lineage_of(chieng_an.code).generations[-1]
    assert {line.predecessor.short_name for line in generation.predecessors} == {
        "Chiềng Xôm", "Chiềng Đen", "Chiềng An",
    }  # fmt: skip
    assert {(line.share, line.resolution) for line in generation.predecessors} == {("whole", "1681/NQ-UBTVQH15")}
    assert generation.change == UnitChange.MERGED
    chieng_khoong = queries.units_on(NEW, within="14").get(name="Xã Chiềng Khoong")
    origins = queries.lineage_of(chieng_khoong.code).generations[-1].predecessors
    assert {line.predecessor.short_name for line in origins} == {"Chiềng Khoong", "Mường Cai"}


@pytest.mark.parametrize("name", ["Xã Bính Xá", "Xã Kiên Mộc"])
def test_a_divided_commune_has_heirs_in_part(name: str) -> None:
    old = Unit.objects.on(EVE).within("20").get(name=name)
    heirs = queries.heirs_of(old, NEW)
    assert len(heirs) > 1
    assert {heir.share for heir in heirs} == {Share.PART}
    assert queries.heirs_of(old, EVE)[0].unit == old


def test_provinces_merged_whole_by_the_resolution_of_the_national_assembly() -> None:
    lines = queries.lineage_of("68").generations[-1].predecessors
    assert {line.predecessor.name for line in lines} == {"Tỉnh Lâm Đồng", "Tỉnh Bình Thuận", "Tỉnh Đắk Nông"}
    assert {(line.share, line.resolution) for line in lines} == {("whole", "202/2025/QH15")}


def test_the_shares_of_the_nation() -> None:
    lines = Lineage.objects.filter(effective_on=NEW).exclude(predecessor__level="tinh")
    assert lines.count() == 10_571
    by_unit = Counter(lines.values_list("predecessor_id", flat=True))
    assert Counter(by_unit.values()) == {1: 9_599, 2: 369, 3: 55, 4: 16, 5: 1}
    assert set(lines.filter(share="whole").values_list("predecessor_id", flat=True)) == {
        unit for unit, heirs in by_unit.items() if heirs == 1
    }


def test_the_database_and_the_rule_agree_on_who_follows_whom() -> None:
    edges = [
        Edge(line.predecessor_id, line.successor_id, Share(line.share), line.effective_on)
        for line in Lineage.objects.all()
    ]
    sample = list(Unit.objects.within("20").filter(level="xa")) + list(Unit.objects.filter(level="tinh"))
    for day in (EVE, NEW):
        of_the_day = [unit for unit in sample if unit.valid_from <= day]
        found = queries.heirs_by_unit([unit.id for unit in of_the_day], day)
        for unit in of_the_day:
            assert {heir.unit.id: heir.share for heir in found[unit.id]} == rules.heirs(unit.id, edges, day)
    new = [unit.id for unit in sample if unit.valid_to is None]
    assert set(queries.predecessor_ids(new, NEW)) == rules.predecessors(new, edges, NEW)
    assert queries.predecessor_ids(new, EVE) == ()
    assert queries.predecessor_ids([], NEW) == ()


def test_nobody_is_left_without_an_heir() -> None:
    gone = Unit.objects.on(EVE).values_list("id", flat=True)
    heirs = queries.heirs_by_unit(list(gone), NEW)
    assert len(heirs) == 10_794
    assert all(heirs.values())


def test_the_province_of_a_unit_then_and_now() -> None:
    phan_thiet = Unit.objects.on(EVE).filter(name="Phường Phú Thủy").get()
    assert queries.province_of(phan_thiet).name == "Tỉnh Bình Thuận"
    assert queries.province_of(queries.heirs_of(phan_thiet)[0].unit).name == "Tỉnh Lâm Đồng"
    son_la = queries.unit_on("14", EVE)
    assert queries.province_of(son_la) == son_la
    assert queries.province_of(son_la, NEW) == queries.unit_on("14", NEW)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Chiềng An", "Phường Chiềng An"), ("chieng an", "Phường Chiềng An"), ("PHƯỜNG CHIỀNG AN", "Phường Chiềng An"),
        ("14", "Tỉnh Sơn La"), ("sơn la", "Tỉnh Sơn La"), ("tinh son la", "Tỉnh Sơn La"),
        ("03646", "Phường Tô Hiệu"), ("chiềng xôm", "Xã Chiềng Xôm"), ("TP. Huế", "Thành phố Huế"),
        ("Kiên Mộc, Lạng Sơn", "Xã Kiên Mộc"),
    ],
)  # fmt: skip
def test_a_unit_is_found_as_people_type_it(typed: str, first: str) -> None:
    assert queries.search(typed)[0].name == first


@pytest.mark.parametrize("typed", ["", "   ", "%", "_", "'; --", "không có đơn vị này", "\\"])
def test_a_search_for_nothing_finds_nothing(typed: str) -> None:
    assert queries.search(typed) == []


def test_one_question_costs_the_same_for_one_unit_and_for_all(queries_of) -> None:
    one = queries_of(lambda: queries.heirs_by_unit([1], NEW))
    every = list(Unit.objects.on(EVE).values_list("id", flat=True))
    assert queries_of(lambda: queries.heirs_by_unit(every, NEW)) == one == 1
    assert queries_of(lambda: list(queries.units_on(NEW))) == 1
    assert queries_of(lambda: [unit.as_json() for unit in queries.units_on(NEW, within="14")]) == 2
    assert queries_of(lambda: queries.lineage_of("14").as_json()) == 4
    assert queries_of(lambda: [unit.province_name for unit in queries.search("an")]) == 2


@pytest.fixture
def queries_of(request: pytest.FixtureRequest):
    """The counter of statements; the module's own name is taken by the queries under test."""
    return request.getfixturevalue("queries")


def test_pages_of_units_hold_each_once() -> None:
    codes: list[str] = []
    cursor: str | None = None
    while True:
        units, cursor = queries.page_of_units(queries.units_on(EVE, within="14"), cursor, 50)
        codes += [unit.code for unit in units]
        if cursor is None:
            break
    assert len(codes) == len(set(codes)) == 212
    assert codes == sorted(codes, key=lambda code: (len(code), code))
