"""The public pages and the API of units."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from haicap.domain.units.models import Unit

pytestmark = pytest.mark.django_db


def page(client: Client, address: str, *, language: str = "vi", **query: str) -> str:
    client.cookies["haicap_language"] = language
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content[:500]
    return " ".join(answer.content.decode().split())


def test_a_citizen_finds_the_new_unit_by_its_old_name(client: Client) -> None:
    text = page(client, "/don-vi/", q="chieng xom")
    assert "Xã Chiềng Xôm" in text
    assert "Nay là" in text
    assert "Phường Chiềng An" in text


def test_a_divided_unit_is_never_guessed(client: Client) -> None:
    old = Unit.objects.get(name="Xã Bính Xá")
    assert "mỗi nơi một phần" in page(client, "/don-vi/", q="Bính Xá")
    text = page(client, f"/don-vi/{old.code}/")
    assert "Một phần" in text
    assert "1672/NQ-UBTVQH15" in text


def test_the_finder_begins_with_the_provinces_and_says_when_nothing_matches(client: Client) -> None:
    text = page(client, "/don-vi/")
    assert text.count("/don-vi/14/") == 1
    assert "Tỉnh Sơn La" in text
    assert "Không có đơn vị nào khớp" in page(client, "/don-vi/", q="xyzzy")
    assert "Còn nhiều đơn vị khác" in page(client, "/don-vi/", q="an")
    assert "&lt;b&gt;" in page(client, "/don-vi/", q="<b>")


def test_a_code_that_named_two_units_shows_both(client: Client) -> None:
    text = page(client, "/don-vi/00004/")
    assert "Hiện nay: Phường Ba Đình" in text
    assert "Đến hết 30/06/2025: Phường Trúc Bạch" in text
    assert "Ủy ban nhân dân phường Ba Đình" in text


def test_a_district_tells_where_its_land_is_today(client: Client) -> None:
    district = Unit.objects.get(name="Huyện Đình Lập")
    text = page(client, f"/don-vi/{district.code}/")
    assert "Cấp huyện không còn" in text
    for name in ("Xã Đình Lập", "Xã Thái Bình", "Xã Châu Sơn", "Xã Kiên Mộc"):
        assert name in text


def test_a_province_lists_its_communes(client: Client) -> None:
    text = page(client, "/don-vi/14/")
    assert "75 xã, phường, đặc khu" in text
    assert "từ 01/07/2025: Giữ nguyên" in text
    assert "Đến hết" not in text


def test_the_pages_speak_english(client: Client) -> None:
    text = page(client, "/don-vi/00004/", language="en")
    assert "Today: Ba Đình ward" in text
    assert "People&#x27;s Committee of Ba Đình ward" in text
    for word in ("Hiện nay", "Được lập từ", "Toàn bộ", "Phường ", "Sáp nhập"):
        assert word not in text
    assert "Find a commune or ward" in page(client, "/don-vi/", language="en")


@pytest.mark.parametrize("code", ["99999", "x", "000", "1"])
def test_an_unknown_code_is_not_found(client: Client, code: str) -> None:
    assert client.get(f"/don-vi/{code}/").status_code == 404


def test_the_cost_of_the_pages_is_flat(client: Client, queries: Callable[[Callable[[], object]], int]) -> None:
    few = queries(lambda: client.get("/don-vi/", {"q": "Chiềng Xôm"}))
    assert queries(lambda: client.get("/don-vi/", {"q": "thị trấn"})) == few
    kept = queries(lambda: client.get("/don-vi/14/"))
    assert queries(lambda: client.get("/don-vi/68/")) == kept
    small = queries(lambda: client.get("/don-vi/00004/"))
    assert small < kept <= small + 2
    assert kept <= 12


class TestApi:
    """`/api/v1/units`."""

    URL = "/api/v1/units"

    def test_the_units_of_a_day_by_pages(self, client: Client) -> None:
        codes: list[str] = []
        query = {"on": "2025-06-30", "within": "14", "kind": "xa", "limit": "100"}
        while True:
            answer = client.get(self.URL, query).json()
            codes += [unit["code"] for unit in answer["items"]]
            if answer["next"] is None:
                break
            query["cursor"] = answer["next"]
        expected = Unit.objects.filter(valid_to="2025-07-01", province__code="14", kind="xa")
        assert codes == sorted(expected.values_list("code", flat=True))
        assert set(answer["items"][0]) == {
            "code", "name", "kind", "level", "parent_code", "province_code", "valid_from", "valid_to",
        }  # fmt: skip

    def test_one_unit_and_its_lineage(self, client: Client) -> None:
        assert client.get(f"{self.URL}/00004").json()["name"] == "Phường Ba Đình"
        before = client.get(f"{self.URL}/00004", {"on": "2025-06-30"}).json()
        assert (before["name"], before["parent_code"], before["province_name"]) == (
            "Phường Trúc Bạch", "001", "Thành phố Hà Nội",
        )  # fmt: skip
        lineage = client.get(f"{self.URL}/00004/lineage").json()
        assert [unit["name"] for unit in lineage["units"]] == ["Phường Trúc Bạch", "Phường Ba Đình"]
        assert {step["share"] for step in lineage["predecessors"]} <= {"whole", "part"}
        assert lineage["successors"][0]["on"] == "2025-07-01"
        assert lineage["heirs"] == [
            {"code": "00004", "name": "Phường Ba Đình", "kind": "phuong", "province_code": "01", "share": "whole"}
        ]

    @pytest.mark.parametrize(
        ("path", "query", "status"),
        [
            ("", {"on": "1999-01-01"}, 422), ("", {"on": "hôm qua"}, 422), ("", {"kind": "ward"}, 422),
            ("", {"within": "99"}, 404), ("", {"within": "001"}, 404), ("", {"cursor": "%%"}, 422),
            ("", {"limit": "0"}, 422),
            ("/99", {}, 404), ("/99/lineage", {}, 404), ("/001", {}, 404), ("/14", {"on": "2024-01-01"}, 422),
        ],
    )  # fmt: skip
    def test_what_cannot_be_answered_says_why(
        self, client: Client, path: str, query: dict[str, str], status: int
    ) -> None:
        answer = client.get(self.URL + path, query)
        assert answer.status_code == status
        assert answer.json()["detail"]

    def test_a_list_costs_the_same_at_any_length(
        self, client: Client, queries: Callable[[Callable[[], object]], int]
    ) -> None:
        one = queries(lambda: client.get(self.URL, {"limit": "1"}))
        assert queries(lambda: client.get(self.URL, {"limit": "500"})) == one
