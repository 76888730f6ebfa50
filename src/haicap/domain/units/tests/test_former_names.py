"""Units are found by every name that they ever had, and their pages tell the names."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from haicap.domain.units import queries, rules
from haicap.domain.units.models import Alias, Unit
from haicap.domain.units.rules import UnitLevel

EVE = date(2025, 6, 30)
FORMER = "Xã Bản Phiêng Cổ"


@pytest.fixture(scope="module")
def unit(module_database: str, django_db_blocker) -> Unit:
    """An old commune with former names, as the loading of names writes them."""
    with django_db_blocker.unblock():
        place = Unit.objects.on(EVE).with_parents().get(name="Xã Chiềng Xôm", level=UnitLevel.COMMUNE)
        for alias, kind in ((FORMER, "renamed"), ("Xã Chiềng Xôm", "moved"), ("Phường Tô Hiệu", "closed"),
                            ("Xã An", "renamed"), ("xabanphiengcok", "folded")):  # fmt: skip
            search = rules.search_text(alias, "Huyện Cũ", place.province_name)
            Alias.objects.using("owner").create(
                unit_id=place.id, alias=alias, alias_parent="Huyện Cũ", kind=kind, source="test", search=search
            )
        return place


@pytest.fixture(autouse=True)
def _database(unit: Unit, django_db_blocker):
    with django_db_blocker.unblock():
        yield


def page(client: Client, address: str, *, language: str = "vi", **query: str) -> str:
    client.cookies["haicap_language"] = language
    return " ".join(client.get(address, query).content.decode().split())


@pytest.mark.parametrize(
    "typed", [FORMER, "phieng co", "ban phieng", "Bản Phiêng Cổ, Sơn La", "PHIENG CO Huyen Cu", "phiêng"]
)
def test_as_people_type_it(unit: Unit, typed: str) -> None:
    found = [one for one in queries.find(typed) if one.former and one.former.alias == FORMER]
    assert [one.unit for one in found] == [unit]
    assert queries.search(FORMER)[0] == unit


def test_the_page_says_the_old_name_and_who_has_it_now(client: Client) -> None:
    text = page(client, "/don-vi/", q="phieng co")
    assert f"tên cũ: <strong>{FORMER}</strong>, Huyện Cũ; nay: <a" in text
    assert ">Phường Chiềng An</a>" in text
    assert "former name: <strong>Bản Phiêng Cổ commune</strong>, Cũ district; now:" in page(
        client, "/don-vi/", language="en", q="phieng co"
    )


def test_own_names_come_first_and_a_unit_once(unit: Unit) -> None:
    assert [one.former for one in queries.find("Chiềng Xôm") if one.unit == unit] == [None]
    names = queries.find("Tô Hiệu", 50)
    assert names[0].former is None
    assert [one.unit for one in names if one.former and one.former.source == "test"] == [unit]


def test_a_former_name_in_full_comes_before_a_part_of_todays() -> None:
    ranked = queries.find("xã an", 50)
    at = next(number for number, one in enumerate(ranked) if one.former and one.former.alias == "Xã An")
    assert all((one.former.alias if one.former else one.unit.name).split()[-1] == "An" for one in ranked[:at])
    assert any(one.former is None for one in ranked[at:])


def test_folded_spellings_are_not_names() -> None:
    assert queries.find("xabanphiengcok") == []


@pytest.mark.parametrize("typed", ["", "  ", "%", "\\", "(", "'; --"])
def test_signs_find_nothing(typed: str) -> None:
    assert queries.find(typed) == []


def test_three_statements_for_any_number(request: pytest.FixtureRequest) -> None:
    statements = request.getfixturevalue("queries")
    assert statements(lambda: [one.unit.place for one in queries.find("an", 50)]) == 3
    assert statements(lambda: queries.find("phieng co")) == 3


def test_the_heirs_page_tells_the_earlier_names(client: Client, unit: Unit) -> None:
    heir = queries.heirs_of(unit)[0].unit
    text = page(client, f"/don-vi/{heir.code}/")
    told = text[text.index("Tên trước đó") :]
    assert FORMER in told
    assert "xabanphiengcok" not in told
    assert "trong địa bàn Xã Chiềng Xôm cũ" in told
