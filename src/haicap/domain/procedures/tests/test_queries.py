"""Reading versions and searching, on the catalogue that HaiCap ships."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from haicap.domain.procedures.errors import (
    CursorUnreadable,
    FilterUnknown,
    ProcedureNotReceivable,
    ProcedureNotValid,
    ProcedureUnknown,
)
from haicap.domain.procedures.models import CatalogueState
from haicap.domain.procedures.queries import catalogue
from haicap.domain.procedures.rules import fee_for
from haicap.kernel.language import speaking
from haicap.kernel.workdays import LimitKind, TimeLimit

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 20)


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    catalogue.forget()
    yield
    catalogue.forget()


def codes(q: str, **options) -> list[str]:
    return [item.code for item in catalogue.search(q, day=DAY, **options).items]


def test_a_version_by_code_and_day():
    version = catalogue.version_on("1.001193", DAY)
    assert (version.name, version.level, version.deciding_agency) == ("Đăng ký khai sinh", "xa", "committee")
    assert version.time_limit == TimeLimit(LimitKind.SAME_DAY)
    assert version.field("child_name").required
    assert version.channels == ("direct", "online", "postal")
    assert catalogue.version_by_id(version.id) == version


def test_the_version_of_an_earlier_day_is_another():
    before = catalogue.version_on("1.001193", date(2025, 6, 30))
    after = catalogue.version_on("1.001193", date(2025, 7, 1))
    assert (before.number, after.number) == (1, 2)
    assert (before.boundary_free, after.boundary_free) == (False, True)
    assert "120/2025/NĐ-CP" in {law.number for law in after.basis} - {law.number for law in before.basis}
    assert [v.number for v in catalogue.versions_of("1.001193")] == [1, 2]


def test_local_suffixes_are_understood():
    assert catalogue.version_on("1.001193.000.00.00.H61", DAY) == catalogue.version_on("1.001193.H05", DAY)


@pytest.mark.parametrize("code", ["1.999999", "", "x", "1.001193'--", "\u0661.001193", "9" * 500])
def test_unknown_codes(code):
    with pytest.raises(ProcedureUnknown):
        catalogue.version_on(code, DAY)


def test_a_household_business_belonged_to_the_district_before():
    with pytest.raises(ProcedureNotValid) as caught:
        catalogue.version_on("1.001612", date(2025, 6, 30))
    assert "30/06/2025" in caught.value.sentence()


def test_without_a_time_limit_nothing_is_received():
    version = catalogue.published_on("1.012753", DAY)
    assert version.time_limit is None
    with pytest.raises(ProcedureNotReceivable) as caught:
        catalogue.version_on("1.012753", DAY)
    assert "quản trị viên nhập" in caught.value.sentence()


def test_a_denunciation_is_not_taken_at_the_desk():
    with pytest.raises(ProcedureNotReceivable) as caught:
        catalogue.version_on("2.002396", DAY)
    assert "bí mật" in caught.value.sentence()
    with speaking("en"):
        assert "identity is secret" in caught.value.sentence()


def test_every_receivable_version_is_whole():
    versions = catalogue.all_on(DAY)
    assert len(versions) >= 83
    for version in versions:
        assert version.receivable == (not catalogue.why_not_receivable(version))
        assert version.steps[0].role == version.steps[-1].role == "counter"
        assert fee_for(version, "online", {}) >= 0
        assert version.deciding_agency.startswith("so-") == (version.level == "tinh")


def test_a_receipt_costs_no_statement_once_read(queries):
    catalogue.version_on("1.001193", DAY)
    assert queries(lambda: catalogue.version_on("1.001193", DAY)) == 0
    assert queries(lambda: catalogue.version_on("1.001193", date(2025, 3, 3))) == 0


def test_a_load_is_seen_after_the_check(queries, monkeypatch):
    catalogue.version_on("1.001193", DAY)
    monkeypatch.setattr(catalogue, "CHECK_SECONDS", 0.0)
    catalogue.forget()
    catalogue.version_on("1.001193", DAY)
    assert queries(lambda: catalogue.version_on("1.001193", DAY)) == 1  # only the revision
    real = CatalogueState.objects.get().revision
    monkeypatch.setattr(catalogue._kept, "revision", real - 1)
    assert queries(lambda: catalogue.version_on("1.001193", DAY)) == 2  # and the procedure anew


def test_unknown_codes_are_not_kept():
    catalogue.version_on("1.001193", DAY)
    for number in range(20):
        with pytest.raises(ProcedureUnknown):
            catalogue.version_on(f"9.9999{number:02}", DAY)
    assert len(catalogue._kept.by_code) == 1


# ── search ──


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("khai sinh", "1.001193"),
        ("KHAI  SINH", "1.001193"),
        ("đăng ký kết hôn", "1.000894"),
        ("dang ky ket hon", "1.000894"),
        ("1.004222", "1.004222"),
        ("1.004222.000.00.00.H61", "1.004222"),
        ("sao y", "2.000815"),
        ("độc thân", "1.004873"),
        ("hộ khẩu", "1.004222"),
        ("birth registration", "1.001193"),
        ("mở quán", "1.001612"),
        ("hôn nhân tình trạng", "1.004873"),
    ],
)
def test_people_find_what_they_mean(q, first):
    assert codes(q)[0] == first


def test_filters_and_order():
    assert codes("")[0] == "1.000656"  # the shortest name of the first area
    assert {item.level for item in catalogue.search("", level="tinh", day=DAY).items} == {"tinh"}
    assert {item.area for item in catalogue.search("", area="chung-thuc", day=DAY).items} == {"chung-thuc"}
    assert codes("", area="không có") == []
    with pytest.raises(FilterUnknown):
        catalogue.search("", level="huyen")


@pytest.mark.parametrize("q", ["%", "_", "\\", "'", "xyzzy", "a" * 500, "…", "🙂", "(", "1.001193'--"])
def test_odd_questions_find_nothing_or_something_but_never_break(q):
    catalogue.search(q, day=DAY)


def test_pages_meet_without_gaps():
    seen, cursor = [], None
    while True:
        found = catalogue.search("", day=DAY, limit=20, cursor=cursor)
        seen += [item.code for item in found.items]
        assert found.total >= 83
        cursor = found.next
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == found.total
    for bad in ("x", "-1", "٣", "9" * 30):
        with pytest.raises(CursorUnreadable):
            catalogue.search("", cursor=bad)


def test_a_search_is_one_statement(queries):
    assert queries(lambda: catalogue.search("khai sinh", day=DAY)) == 1
    assert queries(lambda: catalogue.search("", day=DAY, limit=200)) == 1


def test_the_catalogue_of_an_earlier_day():
    before = codes("", limit=200)
    assert "1.001612" in before
    found = catalogue.search("", day=date(2025, 6, 30), limit=200)
    assert "1.001612" not in [item.code for item in found.items]
    assert "1.001193" in [item.code for item in found.items]
