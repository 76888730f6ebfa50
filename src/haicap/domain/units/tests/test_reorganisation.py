"""Before and after: what the records say, what the pages show, and what may be taken away as a file."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest
from django.test import Client

from haicap.domain.units import queries
from haicap.domain.units.models import Unit
from haicap.domain.units.queries.nation import nation
from haicap.domain.units.queries.reorganisation import (
    TWO_LEVELS_NIGHT,
    Period,
    Route,
    Step,
    days_of_change,
    reorganisation,
    routes,
)
from haicap.domain.units.rules import UnitChange
from haicap.domain.units.web.downloads import safe_cell

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
EVE, NEW = date(2025, 6, 30), date(2025, 7, 1)
CITY_NIGHT = Period(date(2026, 4, 29), date(2026, 4, 30))
THREE_YEARS = Period(EVE, date(2026, 12, 31))


def page(client: Client, address: str, *, language: str = "vi", **query: str) -> str:
    client.cookies["haicap_language"] = language
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content[:500]
    return " ".join(answer.content.decode().split())


class TestWhatTheRecordsSay:
    """`queries.reorganisation` and `queries.nation`."""

    @pytest.mark.parametrize(
        ("code", "provinces", "districts", "before", "after", "divided"),
        [("14", 1, 12, 200, 75, 0), ("20", 1, 11, 194, 65, 2), ("68", 3, 28, 329, 124, 2), ("75", 2, 22, 270, 95, 1)],
    )
    def test_a_province(self, code, provinces, districts, before, after, divided):
        found = reorganisation(code, TWO_LEVELS_NIGHT)
        assert (len(found.provinces), len(found.districts)) == (provinces, districts)
        assert (len(found.before), len(found.after), len(found.divided)) == (before, after, divided)
        assert sum(was for _, was, _ in found.kinds) == before
        assert sum(now for _, _, now in found.kinds) == after

    def test_what_came_is_what_went(self):
        """Each old unit is shared out wholly, and each new one has a passage."""
        found = reorganisation("20", TWO_LEVELS_NIGHT)
        shared: dict[int, Fraction] = defaultdict(Fraction)
        for one in found.passages:
            shared[one.before.id] += one.portion
        assert set(shared.values()) == {Fraction(1)}
        assert {one.after.id for one in found.passages} == {unit.id for unit in queries.communes_of("20", NEW)}

    def test_provinces_together_are_the_nation(self):
        whole = nation(TWO_LEVELS_NIGHT)
        assert (whole.provinces_before, len(whole.rows)) == (63, 34)
        assert (whole.communes_before, whole.communes_after) == (10_035, 3_321)
        assert (whole.districts, whole.divided) == (696, 441)
        for row in (row for row in whole.rows if row.province.code in ("14", "68", "92")):
            one = reorganisation(row.province.code, TWO_LEVELS_NIGHT)
            assert (row.communes_before, row.communes_after) == (len(one.before), len(one.after))
            assert (row.districts, row.divided) == (len(one.districts), len(one.divided))
            assert row.origins == one.provinces

    def test_between_two_quiet_days_nothing_happened(self):
        found = reorganisation("14", Period(NEW, date(2025, 12, 31)))
        assert len(found.before) == len(found.after) == len(found.passages) == 75
        assert set(found.changes.values()) == {UnitChange.KEPT}
        assert (found.districts, found.divided) == ((), [])
        assert all(one.before == one.after and not one.steps for one in found.passages)

    def test_a_later_resolution_is_there_and_is_followed_through(self):
        days = days_of_change("75")
        assert [(day.on, day.after) for day in days] == [(NEW, 95), (CITY_NIGHT.until, 10)]
        assert [day.is_reorganisation for day in days] == [True, False]
        night = reorganisation("75", CITY_NIGHT)
        assert (len(night.before), len(night.after)) == (95, 95)
        assert sum(change == UnitChange.RECLASSIFIED for change in night.changes.values()) == 10
        whole = reorganisation("75", THREE_YEARS)
        assert whole.province.name == "Thành phố Đồng Nai"
        assert (len(whole.before), len(whole.after)) == (270, 95)
        twice = [one for one in whole.passages if len(one.resolutions) == 2]
        assert twice
        assert all(len(one.days) == 2 for one in twice)

    def test_a_whole_that_was_divided_and_joined_again_is_whole(self):
        steps = {1: [_step(1, 2), _step(1, 3)], 2: [_step(2, 4)], 3: [_step(3, 4)], 4: []}
        (only,) = routes(steps, lambda unit: unit == 4)[1]
        assert (only.end, set(only.steps)) == (4, {*steps[1], *steps[2], *steps[3]})

    def test_hamlets_are_those_of_the_last_division(self):
        first, second = _step(1, 2, "Bản A", "Bản B"), _step(2, 3, "Bản A", on=date(2026, 1, 1))
        assert Route(3, (first, second)).hamlets == ("Bản A",)
        assert Route(3, (first, _step(2, 3))).hamlets == ("Bản A", "Bản B")

    def test_the_cost_is_the_same_for_every_size(self, queries_of):
        small = queries_of(lambda: reorganisation("12", TWO_LEVELS_NIGHT).kinds)
        assert (
            queries_of(lambda: [one.before.place for one in reorganisation("01", TWO_LEVELS_NIGHT).passages]) == small
        )
        assert small == 4
        assert queries_of(lambda: nation(TWO_LEVELS_NIGHT).kinds) == 4


def _step(before: int, after: int, *hamlets: str, on: date = NEW) -> Step:
    return Step(before, after, "part", "1/NQ", on, hamlets)


@pytest.fixture
def queries_of(request):
    """The counter of statements; the module's own name is taken by the queries under test."""
    return request.getfixturevalue("queries")


class TestThePageOfAProvince:
    """`/don-vi/<code>/sap-xep/`."""

    def test_it_says_what_became_of_what(self, client):
        text = page(client, "/don-vi/14/sap-xep/")
        for words in ("200 → 75", "Huyện Quỳnh Nhai", "1681/NQ-UBTVQH15", "Ngày 30/06/2025", "Ngày 01/07/2025"):
            assert words in text
        assert text.count("<tr>") == 1 + 1 + 3 + 200  # heads, kinds, units
        assert 'class="flow__bar"' in text
        assert "style=" not in text

    def test_a_merged_province_shows_its_old_ones(self, client):
        text = page(client, "/don-vi/68/sap-xep/")
        assert "3 → 1" in text
        for name in ("Tỉnh Bình Thuận", "Tỉnh Đắk Nông", "Huyện Phú Quí"):
            assert name in text
        old = page(client, "/don-vi/68/sap-xep/", nhom="60")
        assert "Xã Tuy Phong" in old
        assert "Huyện Đắk Glong" not in old[old.index('id="luong"') :]

    def test_one_district_is_shown_commune_by_commune(self, client):
        district = Unit.objects.get(name="Huyện Đình Lập")
        text = page(client, "/don-vi/20/sap-xep/", nhom=district.code)
        drawing = text[text.index("<figure") : text.index("</figure>")]
        for name in ("Xã Bính Xá", "Xã Châu Sơn", "flow__band--part", "một phần"):
            assert name in drawing

    @pytest.mark.parametrize(
        ("query", "rows"),
        [
            ({"phan": "part"}, 4), ({"q": "KIEN moc"}, 4), ({"q": "Kiên Mộc", "phan": "part"}, 3), ({"loai-cu": "phuong"}, 5),
            ({"loai-moi": "phuong", "cach": "kept"}, 0), ({"q": "không có"}, 0), ({"phan": "<b>"}, 0),
        ],
    )  # fmt: skip
    def test_the_table_is_narrowed(self, client, query, rows):
        text = page(client, "/don-vi/20/sap-xep/", **query)
        table = text[text.index('id="bang"') :]
        assert max(table.count("<tr>") - 1, 0) == rows
        assert ("Không có đơn vị nào khớp" in table) == (rows == 0)

    def test_the_table_is_sorted_as_people_sort_names(self, client):
        text = page(client, "/don-vi/14/sap-xep/", **{"sap-xep": "moi", "loai-moi": "phuong"})
        names = [part.split("<")[0] for part in text[text.index('id="bang"') :].split('data-label="Đơn vị mới"')[1:]]
        assert len(names) > 8
        rows = text[text.index('id="bang"') :]
        assert rows.index(">Phường Chiềng An<") < rows.index(">Phường Chiềng Cơi<") < rows.index(">Phường Tô Hiệu<")
        back = page(client, "/don-vi/14/sap-xep/", **{"sap-xep": "-moi", "loai-moi": "phuong"})
        rows = back[back.index('id="bang"') :]
        assert rows.index(">Phường Tô Hiệu<") < rows.index(">Phường Chiềng An<")

    def test_a_long_table_goes_on(self, client):
        text = page(client, "/don-vi/01/sap-xep/", trang="2")
        assert "201–400" in text

    @pytest.mark.parametrize(
        ("code", "leads_to"),
        [("60", "/don-vi/68/sap-xep/?nhom=60"), ("184", "/don-vi/20/sap-xep/?nhom=184"), ("03664", "/don-vi/03664/")],
    )
    def test_other_codes_lead_on(self, client, code, leads_to):
        assert client.get(f"/don-vi/{code}/sap-xep/").headers["Location"] == leads_to

    @pytest.mark.parametrize("code", ["13", "xx", "999"])
    def test_unknown_codes_are_not_found(self, client, code):
        assert client.get(f"/don-vi/{code}/sap-xep/").status_code == 404

    @pytest.mark.parametrize(
        "query", [{"tu": "2025-07-01", "den": "2025-06-30"}, {"tu": "hôm qua"}, {"den": "2024-01-01"}]
    )
    def test_days_that_make_no_sense_are_refused_with_a_sentence(self, client, query):
        answer = client.get("/don-vi/14/sap-xep/", query)
        assert answer.status_code == 422
        assert "ngày" in answer.content.decode().lower()

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ({"tu": "2025-03-01"}, "01/03/2025"),
            ({"den": "2025-03-01"}, "28/02/2025"),
            ({"tu": "2025-08-01"}, "01/08/2025"),
        ],
    )
    def test_one_day_alone_is_enough(self, client, query, shown):
        assert f"Ngày {shown}" in page(client, "/don-vi/14/sap-xep/", **query)

    def test_later_changes_are_told_and_shown(self, client):
        text = page(client, "/don-vi/75/sap-xep/")
        assert "270 → 95" in text
        assert "Sau ngày này còn thay đổi" in text
        assert "30/04/2026" in text
        later = page(client, "/don-vi/75/sap-xep/", tu="2026-04-29", den="2026-04-30")
        assert "95 → 95" in later
        assert "237/NQ-UBTVQH16" in later

    def test_it_speaks_english(self, client):
        text = page(client, "/don-vi/68/sap-xep/", language="en")
        for words in ("Lâm Đồng province: before and after", "Provinces merged", "Every unit", "A part:"):
            assert words in text
        for words in ("Huyện ", "Toàn bộ", "Đơn vị", "Ngày "):
            assert words not in text

    def test_the_cost_is_flat(self, client, queries_of):
        small = queries_of(lambda: client.get("/don-vi/12/sap-xep/"))
        assert queries_of(lambda: client.get("/don-vi/01/sap-xep/")) == small
        assert queries_of(lambda: client.get("/don-vi/68/sap-xep/?nhom=60")) == small
        assert small == 5


class TestTheNation:
    """`/don-vi/sap-xep/`."""

    def test_it_counts_everything_and_leads_to_the_rows(self, client):
        text = page(client, "/don-vi/sap-xep/", den="2025-07-01", tu="2025-06-30")
        for words in ("63 → 34", "10.035 → 3.321", "696", "441"):
            assert words in text
        assert text.count('<th scope="row"><a href="/don-vi/') == 34
        assert "/don-vi/14/sap-xep/?tu=2025-06-30&amp;den=2025-07-01#bang" in text

    def test_without_days_it_shows_the_night_of_the_reorganisation(self, client):
        assert "10.035 → 3.321" in page(client, "/don-vi/sap-xep/")

    def test_a_later_night(self, client):
        text = page(client, "/don-vi/sap-xep/", tu="2025-07-01", den="2026-04-30")
        assert "34 → 34" in text
        assert "Thành phố Đồng Nai" in text

    def test_the_cost_is_flat(self, client, queries_of):
        assert queries_of(lambda: client.get("/don-vi/sap-xep/")) == 5

    def test_it_speaks_english(self, client):
        text = page(client, "/don-vi/sap-xep/", language="en")
        assert "10,035 → 3,321" in text
        for words in ("Tỉnh ", "Thành phố", "Phường", "giữ nguyên"):
            assert words not in text


class TestDownloads:
    """CSV and JSON."""

    def test_the_csv_opens_in_a_spreadsheet(self, client):
        answer = client.get("/don-vi/20/sap-xep.csv", {"phan": "part"})
        assert answer.content.startswith(b"\xef\xbb\xbf")
        assert answer["Content-Type"] == "text/csv; charset=utf-8"
        assert "sap-xep-20-2025-06-30-2025-07-01.csv" in answer["Content-Disposition"]
        rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
        assert len(rows) == 4
        assert rows[0]["Tên cũ"] == "Xã Bính Xá"
        assert rows[0]["Mã cũ"].startswith("0")
        assert {row["Nghị quyết"] for row in rows} == {"1672/NQ-UBTVQH15"}

    def test_the_json_has_the_counts_and_each_passage(self, client):
        body = client.get("/don-vi/14/sap-xep.json").json()
        assert (body["communes_before"], body["communes_after"], len(body["passages"])) == (200, 75, 200)
        assert body["passages"][0].keys() == {
            "before", "after", "share", "on", "resolutions", "hamlets", "takes_rest",
        }  # fmt: skip
        assert body["kinds"]["phuong"] == {"before": 15, "after": 8}

    def test_the_nation_as_files(self, client):
        rows = list(csv.reader(io.StringIO(client.get("/don-vi/sap-xep.csv").content.decode("utf-8-sig"))))
        assert len(rows) == 35
        assert sum(int(row[3]) for row in rows[1:]) == 10_035
        assert client.get("/don-vi/sap-xep.json").json()["communes_after"] == 3_321

    @pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@x", "\tx", "\rx"])
    def test_no_cell_is_a_formula(self, text):
        assert safe_cell(text) == f"'{text}"
        assert safe_cell("Xã =") == "Xã ="

    def test_nothing_is_sent_twice_until_something_changes(self, client, queries_of: Callable):
        first = client.get("/don-vi/14/sap-xep.csv")
        again = {"HTTP_IF_NONE_MATCH": first["ETag"]}
        assert client.get("/don-vi/14/sap-xep.csv", **again).status_code == 304
        assert queries_of(lambda: client.get("/don-vi/14/sap-xep.csv", **again)) == 1
        assert client.get("/don-vi/14/sap-xep.csv?q=an", **again).status_code == 200
        client.cookies["haicap_language"] = "en"
        assert client.get("/don-vi/14/sap-xep.csv", **again).status_code == 200

    @pytest.mark.parametrize("address", ["/don-vi/999/sap-xep.csv", "/don-vi/60/sap-xep.json"])
    def test_a_code_that_is_no_province_of_the_day_is_refused(self, client, address):
        assert client.get(address).status_code in (404, 409)


class TestGenealogy:
    """A unit's page through the generations."""

    def test_a_unit_has_a_drawing_of_its_family(self, client):
        unit = queries.units_on(NEW, within="14").get(name="Phường Chiềng An")
        text = page(client, f"/don-vi/{unit.code}/")
        drawing = text[text.index("<figure") : text.index("</figure>")]
        for name in ("Xã Chiềng Xôm", "Xã Chiềng Đen", "Phường Chiềng An", "Trước 01/07/2025", "Từ 01/07/2025"):
            assert name in drawing

    def test_a_divided_unit_shows_where_its_parts_went(self, client):
        old = Unit.objects.get(name="Xã Bính Xá")
        text = page(client, f"/don-vi/{old.code}/")
        assert "flow__band--part" in text
        assert "Một phần" in text

    def test_two_changes_are_three_generations(self, client):
        ward = Unit.objects.on(CITY_NIGHT.until).filter(formed_by__number__startswith="30/2026", level="xa").first()
        text = page(client, f"/don-vi/{ward.code}/")
        assert "Các đời" in text
        assert text.index("01/07/2025</p>") < text.index("30/04/2026</p>")
        assert "237/NQ-UBTVQH16" in text

    def test_every_page_of_a_district_and_a_province_leads_to_before_and_after(self, client):
        assert 'href="/don-vi/14/sap-xep/"' in page(client, "/don-vi/14/")
        assert 'href="/don-vi/184/sap-xep/"' in page(client, "/don-vi/184/")
