"""Names, validity, and who follows whom, over every history that can be drawn."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.domain.units import rules
from haicap.domain.units.rules import Edge, Share, UnitChange, UnitKind, UnitLevel, Validity
from haicap.kernel.language import speaking

DAY = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("name", "kind", "short", "english", "sentence"),
    [
        ("Xã Chiềng Khoong", "xa", "Chiềng Khoong", "Chiềng Khoong commune", "xã Chiềng Khoong"),
        ("Phường 1", "phuong", "1", "Ward 1", "Phường 1"),
        ("Phường Xã Đàn", "phuong", "Xã Đàn", "Xã Đàn ward", "phường Xã Đàn"),
        ("Thành phố Hồ Chí Minh", "thanh_pho", "Hồ Chí Minh", "Hồ Chí Minh city", "Thành phố Hồ Chí Minh"),
        ("Thành phố Huế", "thanh_pho", "Huế", "Huế city", "thành phố Huế"),
        ("Đặc khu Côn Đảo", "dac_khu", "Côn Đảo", "Côn Đảo special zone", "đặc khu Côn Đảo"),
        ("Thị trấn Nông trường Việt Trung", "thi_tran", "Nông trường Việt Trung", "Nông trường Việt Trung township",
         "thị trấn Nông trường Việt Trung"),
        ("Quận 10", "quan", "10", "District 10", "Quận 10"),
    ],
)  # fmt: skip
def test_a_name_in_all_its_forms(name: str, kind: str, short: str, english: str, sentence: str) -> None:
    assert rules.short_name(name, kind) == short
    assert rules.english_name(name, kind) == english
    assert rules.committee_name(name, kind) == f"Ủy ban nhân dân {sentence}"
    with speaking("en"):
        assert rules.committee_name(name, kind) == f"People's Committee of {english}"


def test_each_kind_has_one_level_and_both_languages() -> None:
    assert set(rules.LEVEL_OF_KIND) == set(UnitKind)
    vietnamese = [str(kind.label) for kind in UnitKind]
    with speaking("en"):
        english = [str(kind.label) for kind in UnitKind]
    assert len(set(vietnamese)) == len(set(english)) == 10
    assert not set(vietnamese) & set(english)


@pytest.mark.parametrize(
    ("code", "level"),
    [("14", "tinh"), ("118", "huyen"), ("03664", "xa"), ("1", None), ("0366", None), ("14\n", None), ("٤٤", None)],
)
def test_a_code_tells_its_level(code: str, level: str | None) -> None:
    assert rules.level_of_code(code) == (UnitLevel(level) if level else None)


@pytest.mark.parametrize(
    ("typed", "key"),
    [("Phường Quý Hoà", "phuong qui hoa"), ("TP. Sơn La", "thanh pho son la"), ("  XÃ  Chiềng-An ", "xa chieng an"),
     ("Đắk Nông", "dak nong"), ("%_\\", "")],
)  # fmt: skip
def test_what_is_searched_has_no_accents_and_no_signs(typed: str, key: str) -> None:
    assert rules.search_key(typed) == key


def test_a_unit_is_found_by_its_own_name_first() -> None:
    assert rules.search_text("Xã Mường La", "Huyện Mường La", "Tỉnh Sơn La") == (
        " xa muong la | huien muong la tinh son la"
    )


days = st.dates(date(2025, 1, 1), date(2030, 1, 1))
validities = st.builds(
    lambda start, length: Validity(start, start + timedelta(length) if length else None),
    days,
    st.integers(0, 900),
)


@given(validities, validities, days)
def test_validities_overlap_exactly_when_a_day_lies_in_both(one: Validity, other: Validity, day: date) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    if day in one and day in other:
        assert one.overlaps(other)
    if one.overlaps(other):
        assert max(one.starts, other.starts) in one
        assert max(one.starts, other.starts) in other


def test_a_unit_ends_on_the_eve_of_its_end() -> None:
    old = Validity(date(2025, 1, 1), DAY)
    assert date(2025, 6, 30) in old
    assert DAY not in old
    assert not old.overlaps(Validity(DAY))


@st.composite
def histories(draw: st.DrawFn) -> tuple[dict[int, Validity], list[Edge], list[date]]:
    """Several reorganisations, each of which ends some units and gives their land to new ones."""
    standing = list(range(draw(st.integers(1, 8))))
    starts = dict.fromkeys(standing, rules.FIRST_KNOWN_DAY)
    ends: dict[int, date] = {}
    edges: list[Edge] = []
    changes: list[date] = []
    following = len(standing)
    for number in range(draw(st.integers(1, 4))):
        on = DAY + timedelta(days=200 * number)
        changes.append(on)
        ending = [unit for unit in standing if draw(st.booleans())]
        if not ending:
            continue
        wanted = draw(st.integers(1, 4))
        fresh = list(range(following, following + wanted))
        given: dict[int, set[int]] = {unit: set(draw(st.sets(st.sampled_from(fresh), min_size=1))) for unit in ending}
        used = sorted(set().union(*given.values()))
        following += wanted
        for unit, heirs in given.items():
            ends[unit] = on
            share = Share.WHOLE if len(heirs) == 1 else Share.PART
            edges += [Edge(unit, heir, share, on) for heir in sorted(heirs)]
        starts |= dict.fromkeys(used, on)
        standing = [unit for unit in standing if unit not in given] + used
    return {unit: Validity(start, ends.get(unit)) for unit, start in starts.items()}, edges, changes


@given(histories(), days)
def test_land_is_never_lost_and_heirs_stand_on_the_day(
    history: tuple[dict[int, Validity], list[Edge], list[date]], day: date
) -> None:
    units, edges, _ = history
    assert list(rules.flaws(units, edges)) == []
    for unit, validity in units.items():
        if validity.starts > day:
            continue
        found = rules.heirs(unit, edges, day)
        assert found
        assert all(day in units[heir] for heir in found)
        assert (set(found.values()) == {Share.WHOLE}) == (len(found) == 1)
        if day in validity:
            assert found == {unit: Share.WHOLE}


@given(histories(), days)
def test_heirs_and_predecessors_are_two_sides_of_one_thing(
    history: tuple[dict[int, Validity], list[Edge], list[date]], day: date
) -> None:
    units, edges, _ = history
    begun = [unit for unit, validity in units.items() if validity.starts <= day]
    for unit in begun:
        for heir in rules.heirs(unit, edges, day):
            assert heir == unit or unit in rules.predecessors([heir], edges, day)
    for unit in begun:
        before = rules.predecessors([unit], edges, day)
        assert unit not in before
        assert all(units[old].starts < units[unit].starts for old in before)


@given(histories(), st.data())
def test_a_broken_history_is_noticed(
    history: tuple[dict[int, Validity], list[Edge], list[date]], data: st.DataObject
) -> None:
    units, edges, _ = history
    if not edges:
        return
    edge = data.draw(st.sampled_from(edges))
    rest = [one for one in edges if one is not edge]
    turned = Edge(edge.predecessor, edge.successor, Share.PART if edge.share == Share.WHOLE else Share.WHOLE, edge.on)
    backwards = Edge(edge.successor, edge.predecessor, edge.share, edge.on)
    late = Edge(edge.predecessor, edge.successor, edge.share, edge.on + timedelta(days=1))
    for broken in (rest, [*rest, turned], [*rest, backwards], [*rest, late], [*edges, edge]):
        if broken is rest and _still_whole(edge, rest):
            continue
        assert list(rules.flaws(units, broken)), broken


def _still_whole(edge: Edge, rest: list[Edge]) -> bool:
    """Without one of several parts the others may still make a history."""
    remaining = [one for one in rest if one.predecessor == edge.predecessor]
    return len(remaining) > 1 and any(one.successor == edge.successor for one in rest)


def test_a_district_may_end_without_an_heir() -> None:
    units = {1: Validity(rules.FIRST_KNOWN_DAY, DAY)}
    assert [flaw.unit for flaw in rules.flaws(units, [])] == [1]
    assert list(rules.flaws(units, [], without_heir=[1])) == []


def test_divided_and_reunited_land_has_one_heir_that_holds_the_whole() -> None:
    later = DAY + timedelta(days=100)
    edges = [
        Edge(1, 2, Share.PART, DAY), Edge(1, 3, Share.PART, DAY),
        Edge(2, 4, Share.WHOLE, later), Edge(3, 4, Share.WHOLE, later),
    ]  # fmt: skip
    assert rules.heirs(1, edges, DAY) == {2: Share.PART, 3: Share.PART}
    assert rules.heirs(1, edges, later) == {4: Share.WHOLE}
    assert rules.predecessors([4], edges, later) == {1, 2, 3}
    assert rules.predecessors([4], edges, DAY) == frozenset()


@pytest.mark.parametrize(
    ("name", "kind", "origins", "expected"),
    [
        ("Xã Yên Hân", "xa", [("Xã Yên Hân", "xa", "whole")], UnitChange.KEPT),
        ("Phường Yên Hân", "phuong", [("Xã Yên Hân", "xa", "whole")], UnitChange.RECLASSIFIED),
        ("Phường Yên Hân", "phuong", [("Xã Cao Kỳ", "xa", "whole")], UnitChange.RENAMED),
        ("Xã Yên Hân", "xa", [("Xã Yên Hân", "xa", "part")], UnitChange.SPLIT_OFF),
        ("Xã Yên Hân", "xa", [("Xã Yên Hân", "xa", "whole"), ("Xã Cao Kỳ", "xa", "part")], UnitChange.MERGED),
        ("Xã Yên Hân", "xa", [], None),
    ],
)
def test_how_a_unit_came_to_be(
    name: str, kind: str, origins: list[tuple[str, str, str]], expected: UnitChange | None
) -> None:
    assert rules.change(name, kind, origins) == expected
