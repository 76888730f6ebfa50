"""A citizen follows a dossier: by the code alone little, with the slip's secret all that is theirs, never an officer's name."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from haicap.domain.dossiers.tests.factories import NAMES, Staff, moved, received, resolved, staffed_commune
from haicap.kernel import clock

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

MORNING = datetime(2026, 11, 16, 9, tzinfo=clock.ZONE)  # a Monday
PRIVATE = ("Nguyễn Thị Mai", "014190001234", "0912345678", "Bản Hịa")


@pytest.fixture
def staff() -> Staff:
    return staffed_commune()


def page(path: str, language: str = "vi") -> tuple[int, str]:
    client = Client()
    client.cookies["haicap_language"] = language
    answer = client.get(path)
    return answer.status_code, answer.content.decode()


def told(code: str, secret: str = "") -> dict:
    return Client().get(f"/api/v1/track/{code}", {"secret": secret}).json()


def test_the_code_alone_tells_state_and_dates_and_nobody(staff: Staff) -> None:
    got = received(staff.counter)
    status, html = page(f"/tra-cuu/{got.code}/")
    assert status == 200 and "Hồ sơ đã được tiếp nhận" in html and "Đăng ký khai sinh" in html
    for secret in (*PRIVATE, *NAMES.values(), got.secret):
        assert secret not in html
    public = told(got.code)
    assert public["opened"] is False and public["state"] == "received" and public["due"].endswith("+07:00")
    assert public["applicant"] is None and public["timeline"] is None


def test_the_secret_opens_what_is_the_citizens(staff: Staff) -> None:
    got = received(staff.counter)
    status, html = page(f"/tra-cuu/{got.code.lower()}/?s={got.secret.lower()}")
    assert status == 200 and "Nguyễn Thị Mai" in html and "Đã qua các bước" in html
    for name in (*NAMES.values(), "014190001234"):
        assert name not in html
    assert told(got.code, got.secret)["timeline"][0]["label"] == "Tiếp nhận hồ sơ"


def test_a_wrong_secret_tells_no_more_than_none(staff: Staff) -> None:
    got = received(staff.counter)
    assert told(got.code, "WRONGWRO") == told(got.code) == told(got.code, "")
    status, html = page(f"/tra-cuu/{got.code}/?s=WRONGWRO")
    assert status == 200 and "Nguyễn Thị Mai" not in html
    assert "cùng khớp" in html and 'value="WRONGWRO"' in html


def test_an_unknown_code_keeps_what_was_typed(staff: Staff) -> None:
    status, html = page("/tra-cuu/?ma=%2014.03664-1%20&s=ab%20cd")
    assert status == 302
    status, html = page("/tra-cuu/14.03664-1/?s=abcd")
    assert status == 404 and 'value="14.03664-1"' in html and 'value="ABCD"' in html
    assert "Chưa tìm thấy hồ sơ" in html
    assert "No dossier was found" in page("/tra-cuu/14.03664-1/", "en")[1]
    assert page("/tra-cuu/?ma=a/b")[0] == 404
    answer = Client().get("/api/v1/track/14.03664-1", headers={"Accept-Language": "en"})
    assert answer.status_code == 404 and answer.json()["code"] == "dossier.unknown"


def test_markup_that_was_typed_stays_text(staff: Staff) -> None:
    _, html = page("/tra-cuu/%3Cscript%3Ealert(1)%3C%2Fscript%3E/")
    _, more = page('/tra-cuu/?ma="><img src=x/onerror=alert(1)>')
    assert "<script>alert" not in html.lower() and "<img" not in more.lower()


def test_papers_that_are_asked_for_are_seen_with_the_secret_only(staff: Staff) -> None:
    got = received(staff.counter)
    moved(staff.counter, got.code, "request_supplement", note="Chữ bị mờ",
          fields={"items": ["Giấy chứng sinh", "Sổ hộ khẩu cũ"]})  # fmt: skip
    _, html = page(f"/tra-cuu/{got.code}/?s={got.secret}")
    assert "Cần bạn bổ sung giấy tờ" in html and "Giấy chứng sinh" in html and "Chữ bị mờ" in html
    _, public = page(f"/tra-cuu/{got.code}/")
    assert "Cần bạn bổ sung giấy tờ" in public and "Giấy chứng sinh" not in public and "Chữ bị mờ" not in public
    answer = told(got.code, got.secret)
    assert answer["supplement"]["items"] == ["Giấy chứng sinh", "Sổ hộ khẩu cũ"] and answer["standing"] == "paused"
    moved(staff.counter, got.code, "resume")
    assert told(got.code, got.secret)["supplement"] is None


def test_internal_opinions_stay_inside(staff: Staff) -> None:
    got = received(staff.counter)
    moved(staff.counter, got.code, "forward", note="Ghi chú nội bộ")
    moved(staff.case_officer, got.code, "accept_handover")
    moved(staff.case_officer, got.code, "appraise", note="Ý kiến nội bộ")
    _, html = page(f"/tra-cuu/{got.code}/?s={got.secret}")
    assert "nội bộ" not in html and "Cơ quan giải quyết đã nhận hồ sơ" in html


def test_whose_move_it_is_and_by_when(staff: Staff) -> None:
    with time_machine.travel(MORNING, tick=False):
        got = received(staff.counter)
        assert "hẹn trả kết quả" in told(got.code)["what_next"]
    with time_machine.travel(MORNING + timedelta(days=30), tick=False):
        late = told(got.code)
        assert late["standing"] == "overdue" and "xin lỗi bằng văn bản" in late["what_next"]
        assert "working day" in page(f"/tra-cuu/{got.code}/", "en")[1]


def test_a_result_that_waits_says_where_to_fetch_it(staff: Staff) -> None:
    got = resolved(staff)
    answer = told(got.code, got.secret)
    assert answer["headline"] == "Đã có kết quả, mời bạn đến nhận" and "giấy tờ tùy thân" in answer["what_next"]
    assert answer["standing"] == "done" and answer["result_number"] == "12/2026"
    moved(staff.counter, got.code, "return_result")
    assert told(got.code)["closed"] is True and told(got.code)["what_next"] == ""


def test_the_page_is_kept_by_nobody(staff: Staff) -> None:
    answer = Client().get(f"/tra-cuu/{received(staff.counter).code}/")
    assert "no-store" in answer.headers["Cache-Control"] and answer.headers["X-Robots-Tag"] == "noindex"
    assert Client().post("/tra-cuu/").status_code in (403, 405)


def test_following_costs_two_statements_and_one_for_who_looked(staff: Staff, queries) -> None:
    got = resolved(staff)
    told(got.code)
    assert queries(lambda: told(got.code)) <= 2
    assert queries(lambda: told(got.code, got.secret)) <= 3


@pytest.mark.parametrize("path", ["/", "/tra-cuu/", "/thu-tuc/", "/don-vi/", "/dang-nhap/", "/robots.txt",
                                  "/.well-known/security.txt"])  # fmt: skip
@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_portals_doors_open(path: str, language: str) -> None:
    status, text = page(path, language)
    assert status == 200 and text


@time_machine.travel(MORNING, tick=False)
def test_whom_to_tell_of_a_weakness_and_until_when(settings) -> None:
    """RFC 9116: Contact and Expires are required, Expires within a year; without a contact there is no file."""
    settings.HAICAP_SECURITY_CONTACT = "mailto:bao-mat@example.gov.vn"
    answer = Client().get("/.well-known/security.txt")
    told = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert told["Contact"] == "mailto:bao-mat@example.gov.vn"
    assert timedelta(days=30) < datetime.fromisoformat(told["Expires"]) - MORNING < timedelta(days=365)
    assert told["Canonical"].endswith("/.well-known/security.txt")
    settings.HAICAP_SECURITY_CONTACT = " "
    assert Client().get("/.well-known/security.txt").status_code == 404


def test_an_address_that_leads_nowhere_has_a_page_in_both_languages() -> None:
    for language, head in (("vi", "Không có trang này"), ("en", "There is no such page")):
        status, html = page("/khong-co/", language)
        assert status == 404 and head in html and "Traceback" not in html
    assert page("/%00")[0] == 400
