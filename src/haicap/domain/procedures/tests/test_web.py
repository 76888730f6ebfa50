"""The public pages and the API of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from haicap.domain.procedures import queries as catalogue
from haicap.domain.procedures.models import Procedure

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    catalogue.forget()
    yield
    catalogue.forget()


def page(client: Client, address: str, *, language: str = "vi", **query: str) -> str:
    client.cookies["haicap_language"] = language
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.content[:500]
    return " ".join(answer.content.decode().split())


def test_a_citizen_finds_a_procedure_without_accents(client):
    text = page(client, "/thu-tuc/", q="ket hon")
    assert text.index("Đăng ký kết hôn") < text.index("Đăng ký kết hôn lưu động")
    assert "/thu-tuc/1.000894/" in text
    assert "Marriage registration" in page(client, "/thu-tuc/", q="ket hon", language="en")


def test_the_catalogue_counts_filters_and_says_when_nothing_matches(client):
    text = page(client, "/thu-tuc/")
    assert "thủ tục" in text
    assert "tiep=30" in text
    text = page(client, "/thu-tuc/", cap="tinh", **{"linh-vuc": "chuyen-nganh"})
    assert "Cấp tỉnh" in text
    assert "1.001193" not in text
    text = page(client, "/thu-tuc/", q="xyzzy <b>")
    assert "Không có thủ tục nào khớp" in text
    assert "&lt;b&gt;" in text


def test_as_one_types_only_the_list_comes(client):
    answer = client.get("/thu-tuc/", {"q": "khai"}, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert "1.001193" in text


def test_a_page_tells_everything_in_plain_words(client):
    text = page(client, "/thu-tuc/1.001193/")
    for words in (
        "Đăng ký khai sinh", "Trong ngày", "8.000 đ mỗi bản", "Ủy ban nhân dân", "không phụ thuộc nơi ở",
        "Giấy chứng sinh", "Không phải mang: Nhà nước đã có dữ liệu", "60/2014/QH13", "Phiên bản 2: từ 01/07/2025",
        "đến hết 30/06/2025", "chưa kiểm chứng",
    ):  # fmt: skip
        assert words in text
    english = page(client, "/thu-tuc/1.001193/", language="en")
    for words in ("Birth registration", "The same day", "not verified", "Version history"):
        assert words in english


def test_true_copies_tell_their_three_prices(client):
    text = page(client, "/thu-tuc/2.000815/")
    assert "2.000 đ mỗi trang; từ trang thứ 3 trở lên 1.000 đ; tối đa 200.000 đ một bản" in text


def test_a_procedure_that_cannot_be_received_says_why(client):
    text = page(client, "/thu-tuc/1.012753/")
    assert "Chưa tiếp nhận hồ sơ" in text
    assert "Chưa có thời hạn" in text
    assert "Chưa tiếp nhận" in page(client, "/thu-tuc/", q="1.012753")


def test_the_sheet_to_print(client):
    text = page(client, "/thu-tuc/1.001193/", **{"ban-in": "1"})
    assert "sheet--a4" in text
    assert "<nav" not in text


def test_every_page_of_the_catalogue_opens(client):
    for code in Procedure.objects.values_list("code", flat=True):
        for language in ("vi", "en"):
            assert code in page(client, f"/thu-tuc/{code}/", language=language)


def test_local_codes_lead_to_the_page_and_unknown_ones_to_404(client):
    assert "Đăng ký khai sinh" in page(client, "/thu-tuc/1.001193.H05/")
    assert client.get("/thu-tuc/1.999999/").status_code == 404
    assert client.get("/thu-tuc/", {"cap": "huyen"}).status_code == 422
    assert client.get("/thu-tuc/", {"tiep": "x"}).status_code == 422
    assert client.post("/thu-tuc/").status_code in {403, 405}


def test_pages_cost_the_same_at_any_length(client, queries):
    client.get("/thu-tuc/", {"q": "1.001193"})
    one = queries(lambda: client.get("/thu-tuc/", {"q": "1.001193"}))
    assert queries(lambda: client.get("/thu-tuc/")) == one == 2
    client.get("/thu-tuc/1.001193/")
    assert queries(lambda: client.get("/thu-tuc/1.001193/")) == 0


class TestApi:
    """`/api/v1/procedures`."""

    URL = "/api/v1/procedures"

    def test_the_list(self, client):
        answer = client.get(self.URL, {"q": "khai sinh", "level": "xa", "limit": "2"}).json()
        assert set(answer) >= {"items", "next"}
        first = answer["items"][0]
        assert (first["code"], first["level"], first["time_limit"]["kind"]) == ("1.001193", "xa", "same_day")
        following = client.get(
            self.URL, {"q": "khai sinh", "level": "xa", "limit": "2", "cursor": answer["next"]}
        ).json()
        assert following["items"][0]["code"] not in {item["code"] for item in answer["items"]}

    def test_one(self, client):
        detail = client.get(f"{self.URL}/1.001193").json()
        assert detail["fields"][0]["name"] == "child_name"
        assert detail["steps"][0]["role"] == "counter"
        assert detail["versions"][0]["valid_to"] == "2025-07-01"
        assert client.get(f"{self.URL}/1.001193", {"on": "2025-06-30"}).json()["version"] == 1

    def test_all_fit_the_schema(self, client):
        for code in Procedure.objects.values_list("code", flat=True):
            assert client.get(f"{self.URL}/{code}").status_code == 200

    @pytest.mark.parametrize(
        ("path", "query", "status"),
        [
            ("/1.999999", {}, 404), ("/x", {}, 404), ("/1.001612", {"on": "2025-06-30"}, 409),
            ("", {"level": "huyen"}, 422), ("", {"cursor": "x"}, 422), ("", {"on": "mai"}, 422), ("", {"limit": "0"}, 422),
        ],
    )  # fmt: skip
    def test_what_cannot_be_answered_says_why(self, client, path, query, status):
        answer = client.get(self.URL + path, query)
        assert answer.status_code == status
        assert answer.json()["detail"]


# ── who decides ──


def test_the_page_says_who_decides_today_and_through_time(client):
    text = page(client, "/thu-tuc/1.001612/")
    assert "Phòng Kinh tế cấp xã" in text
    assert "Phòng Tài chính – Kế hoạch cấp huyện" in text
    assert "đến hết 30/06/2025" in text
    assert 'Điều 99, <span class="nowrap">168/2025/NĐ-CP</span>' in text
    english = page(client, "/thu-tuc/1.001612/", language="en")
    assert "Finance and Planning Division of the district" in english
    assert 'Article 99, <span class="nowrap">168/2025/NĐ-CP</span>' in english


def test_without_javascript_the_page_answers_for_a_place_and_a_day(client):
    text = page(client, "/thu-tuc/2.000815/", tai="03661", ngay="30/06/2025")
    assert "Phòng Tư pháp thành phố Sơn La" in text
    assert "Ủy ban nhân dân xã Chiềng Đen" in text
    assert "Từ 01/07/2025: Ủy ban nhân dân cấp xã" in text
    assert 'value="30/06/2025"' in text
    assert page(client, "/thu-tuc/2.000815/", tai="03661", ngay="2025-06-30").count("Chiềng Đen") >= 1


def test_htmx_gets_the_answer_alone(client):
    asked = {"tai": "xã Chiềng Đen, tỉnh Sơn La", "ngay": ""}
    answer = client.get("/thu-tuc/1.001193/", asked, headers={"HX-Request": "true"})
    text = answer.content.decode()
    assert "<html" not in text
    assert "phường Chiềng An" in text
    assert client.get("/thu-tuc/1.001193/", headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.parametrize(
    ("place", "day", "said"),
    [("14", "", "rộng quá"), ("03661", "", "Nơi đó nay thuộc"), ("xyzzy", "", "Không tìm được"),
     ("03664", "32/13/2025", "không phải là một ngày"), ("03664", "01/01/2020", "trước dữ liệu"),
     ("<b>", "", "&lt;b&gt;")],
)  # fmt: skip
def test_what_cannot_be_answered_says_why(client, place, day, said):
    assert said in page(client, "/thu-tuc/1.001193/", tai=place, ngay=day)


def test_the_api_says_who_decides(client):
    told = client.get("/api/v1/procedures/1.001612/competence", {"at": "03661", "on": "2025-06-30"}).json()
    assert (told["status"], told["level"], told["unit"]["code"]) == ("exact", "huyen", "116")
    assert told["agency"] == {"id": None, "kind": None, "name": "Phòng Tài chính – Kế hoạch thành phố Sơn La",
                             "phone": "", "address": ""}  # fmt: skip
    assert told["until"] == "2025-07-01"
    assert [change["from"] for change in told["changes"]] == ["2025-07-01"]
    address = {"at": "xã Chiềng Đen, Sơn La", "on": "2025-07-01"}
    assert client.get("/api/v1/procedures/1.001612/competence", address).json()["unit"]["code"] == "03664"


@pytest.mark.parametrize(
    ("code", "query", "status", "kind"),
    [
        ("1.001193", {"at": "03661"}, 404, "procedures.place_closed"),
        ("1.001193", {"at": "14"}, 422, "procedures.place_too_wide"),
        ("1.001193", {"at": ""}, 422, "procedures.place_missing"),
        ("1.001193", {"at": "xyzzy"}, 404, "procedures.place_unknown"),
        ("1.001193", {"at": "03664", "on": "x"}, 422, "units.date_unreadable"),
        ("1.014027", {"at": "03661", "on": "2025-06-30"}, 404, "procedures.competence_not_on"),
        ("9.999999", {"at": "03664"}, 404, "procedures.unknown"),
    ],
)
def test_the_api_refuses_with_a_problem(client, code, query, status, kind):
    answer = client.get(f"/api/v1/procedures/{code}/competence", query)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert answer.json()["type"].endswith(kind)
