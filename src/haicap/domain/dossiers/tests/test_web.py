"""The staff's pages: what they show, what they keep, whom they let in, and how many statements they cost."""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.test import Client

from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.queries import Filters, dossiers_page, waiting
from haicap.domain.dossiers.tests.factories import (
    APPLICANT,
    BIRTH,
    PASSWORD,
    Staff,
    answers_for,
    moved,
    received,
    resolved,
    staffed_commune,
    staffed_province,
)
from haicap.domain.people import commands as people
from haicap.domain.procedures import queries as procedures
from haicap.kernel import clock
from haicap.kernel.files.models import Attachment
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

COUNTER = "/desk/tiep-nhan/"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)


@pytest.fixture
def staff() -> Staff:
    return staffed_commune()


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


def form_of(**changes: Any) -> dict[str, Any]:
    """What a browser posts for a complete birth registration."""
    posted = {"thu-tuc": BIRTH, "khoa": str(uuid.uuid4()), "lam": "tiep-nhan", "channel": "direct", "quantity": "1"}
    posted |= {"return_method": "counter"}
    posted |= {f"applicant.{key}": value for key, value in APPLICANT.items()}
    posted |= {f"form.{key}": str(value) for key, value in answers_for(BIRTH).items()}
    posted |= {
        f"reused:{paper.code}": "1" for paper in procedures.version_on(BIRTH, clock.today()).papers if paper.skipped_if
    }
    return posted | changes


def dossiers(staff: Staff) -> list[Dossier]:
    """What the commune has."""
    with entered(staff.counter):
        return list(Dossier.objects.select_related("entry"))


def attachments(staff: Staff) -> list[Attachment]:
    """The files that hang at its dossiers."""
    with entered(staff.counter):
        return list(Attachment.objects.all())


def statements(queries: Any, client: Client, address: str) -> int:
    """How many statements a page costs when the process knows nothing of the catalogue yet."""
    procedures.forget()
    return queries(lambda: client.get(address))


# ── Who may come in ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", ["/desk/", "/desk/ho-so/", "/desk/tim/?q=mai", COUNTER, "/desk/ho-so/14.03664-X/"])
def test_strangers_sign_in_first_and_come_back(client: Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/dang-nhap/?next=%2Fdesk%2F")


def test_the_sign_in_page_says_how_the_demonstrations_accounts_are_called_and_never_a_password(client: Client) -> None:
    text = text_of(client.get("/dang-nhap/"))
    assert "motcua-03664" in text
    assert PASSWORD not in text


def test_a_wrong_password_keeps_the_name(client: Client, staff: Staff) -> None:
    answer = client.post("/dang-nhap/", {"name": "motcua-03664", "password": "sai"})
    assert answer.status_code == 422
    assert 'value="motcua-03664"' in text_of(answer)
    assert "Hãy kiểm tra và nhập lại" in text_of(answer)


def test_only_counter_officers_receive(staff: Staff) -> None:
    for role in ("case_officer", "chair", "clerk"):
        assert staff.client(role).get(COUNTER).status_code == 403


def test_another_units_dossier_does_not_exist_here(staff: Staff) -> None:
    code = received(staff.counter).code
    other = staffed_commune("03670").client("counter")
    assert other.get(f"/desk/ho-so/{code}/").status_code == 404
    assert other.get(f"/desk/ho-so/{code}/phieu/tiep-nhan/").status_code == 404
    assert other.post(f"/desk/ho-so/{code}/forward/", {"so": "1"}).status_code == 404
    assert f"/desk/ho-so/{code}/" not in text_of(other.get("/desk/tim/", {"q": code}))


# ── My work ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_empty_list_says_so(staff: Staff) -> None:
    text = text_of(staff.client("chair").get("/desk/"))
    assert "Không có việc nào đang chờ bạn" in text
    assert "Chào Quàng Thị Phương Thảo" in text
    assert "Chủ tịch · Phường Chiềng An" in text


def test_my_work_shows_what_waits_for_me_by_deadline_with_who_had_it_last(staff: Staff) -> None:
    late = received(staff.counter, at=clock.now() - timedelta(days=20)).code
    fresh = received(staff.counter).code
    text = text_of(staff.client("counter").get("/desk/"))
    assert text.index(late) < text.index(fresh)
    assert "Đăng ký khai sinh" in text
    assert "Lò Thị Ánh" in text
    moved(staff.counter, fresh, "forward")
    officer = text_of(staff.client("case_officer").get("/desk/"))
    assert fresh in officer
    assert late not in officer
    assert "Chờ nhận bàn giao" in officer


def test_each_figure_leads_to_its_rows(staff: Staff) -> None:
    late = received(staff.counter, at=clock.now() - timedelta(days=20)).code
    done = resolved(staff).code
    fresh = received(staff.counter).code
    client = staff.client("counter")
    for slug, inside, outside in (("qua-han", late, fresh), ("cho-tra", done, late), ("", fresh, "")):
        text = text_of(client.get("/desk/", {"loc": slug} if slug else {}))
        assert inside in text
        assert not outside or outside not in text
    assert "Không có hồ sơ nào tạm dừng" in text_of(client.get("/desk/?loc=tam-dung"))


def test_more_rows_come_as_a_fragment_by_cursor(staff: Staff) -> None:
    codes = {received(staff.counter).code for _ in range(53)}
    client = staff.client("counter")
    page = text_of(client.get("/desk/"))
    more = re.search(r'hx-get="([^"]+)"', page)
    assert more
    rest = client.get("/desk/" + more[1].replace("&amp;", "&"), headers={"HX-Request": "true"})
    assert "<html" not in rest.content.decode()
    seen = set(re.findall(r"14\.03664-\d{6}-\d{4}", page + rest.content.decode()))
    assert seen == codes
    assert "hx-get" not in rest.content.decode()


def test_lists_cost_the_same_however_long(staff: Staff, queries: Any) -> None:
    client, most = staff.client("counter"), {"/desk/": 11, "/desk/ho-so/": 9, "/desk/tim/?q=nguyen": 12}
    received(staff.counter)
    received(staff.counter, "2.000815")
    before = {address: statements(queries, client, address) for address in most}
    for number in range(24):
        received(staff.counter, (BIRTH, "2.000815", "1.001612", "1.000656")[number % 4])
    assert {address: statements(queries, client, address) for address in most} == before
    assert all(before[address] <= most[address] for address in most), before


def test_rows_without_a_deadline_stand_at_the_end_and_are_not_lost_between_pages(staff: Staff) -> None:
    codes = [received(staff.counter).code for _ in range(4)]
    with entered(staff.counter):
        first, cursor = waiting(staff.counter, limit=2)
        second, last = waiting(staff.counter, cursor=cursor or "", limit=2)
    assert [row.entry.code for row in first + second] == codes
    assert last is None


# ── All dossiers, search ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_of_all_dossiers_is_narrowed_by_its_filters(staff: Staff) -> None:
    birth, copy = received(staff.counter).code, received(staff.counter, "2.000815").code
    client = staff.client("head")
    assert {birth, copy} <= set(re.findall(r"14\.03664-\d{6}-\d{4}", text_of(client.get("/desk/ho-so/"))))
    text = text_of(client.get("/desk/ho-so/", {"thu-tuc": "2.000815", "trang-thai": "received"}))
    assert copy in text
    assert birth not in text
    assert "bỏ lọc" in text
    assert "Không có hồ sơ nào khớp" in text_of(client.get("/desk/ho-so/?qua-han=1"))
    assert birth in text_of(client.get("/desk/ho-so/?trang-thai=khong-co"))


def test_a_cursor_that_was_tampered_with_is_refused_in_words(staff: Staff) -> None:
    answer = staff.client("counter").get("/desk/ho-so/?tiep=xx")
    assert answer.status_code == 422
    assert "Hãy mở lại danh sách" in text_of(answer)


def test_search_opens_a_whole_code_and_the_qr_code_of_a_slip(staff: Staff) -> None:
    got = received(staff.counter)
    client = staff.client("case_officer")
    for typed in (got.code, got.code.lower(), f"https://dvc.example/tra-cuu/{got.code}/?s={got.secret}"):
        assert client.get("/desk/tim/", {"q": typed}).headers["Location"] == f"/desk/ho-so/{got.code}/"


@pytest.mark.parametrize("typed", ["nguyen thi mai", "014190001234", "0912345678"])
def test_search_finds_people_without_accents_by_number_and_by_phone(staff: Staff, typed: str) -> None:
    code = received(staff.counter).code
    assert code in text_of(staff.client("counter").get("/desk/tim/", {"q": typed}))


def test_search_names_units_by_their_old_names_below_the_dossiers(staff: Staff) -> None:
    client = staff.client("counter")
    text = text_of(client.get("/desk/tim/", {"q": "chieng xom"}))
    assert "Xã Chiềng Xôm" in text
    assert "Nay là" in text
    assert "Đơn vị hành chính" not in text_of(client.get("/desk/tim/", {"q": "0912345678"}))


def test_search_says_when_nothing_was_found(staff: Staff) -> None:
    client = staff.client("counter")
    assert "Không tìm thấy hồ sơ nào" in text_of(client.get("/desk/tim/?q=khongcoai"))
    assert "Gõ ít nhất 2 ký tự" in text_of(client.get("/desk/tim/?q=a"))


def test_operations_sees_where_each_dossier_was_received(staff: Staff) -> None:
    code = received(staff.counter).code
    text = text_of(staffed_province().client("operations").get("/desk/ho-so/"))
    assert code in text
    assert "Nơi tiếp nhận" in text


# ── Receiving ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_counter_begins_with_the_procedure_and_shows_what_is_used_here(staff: Staff) -> None:
    client = staff.client("counter")
    assert "Gõ tên hoặc mã thủ tục" in text_of(client.get(COUNTER))
    received(staff.counter, "2.000815")
    assert '<a class="ds-button" data-variant="secondary" href="?thu-tuc=2.000815">' in text_of(client.get(COUNTER))
    answer = client.get(COUNTER, {"thu-tuc": "2.000815"}, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/desk/tiep-nhan/?thu-tuc=2.000815"


def test_a_procedure_that_cannot_be_received_says_why(staff: Staff) -> None:
    answer = staff.client("counter").get(COUNTER, {"thu-tuc": "1.003622"})
    assert answer.status_code == 422
    assert "Chưa tiếp nhận được hồ sơ" in text_of(answer)


def test_the_form_has_the_procedures_fields_papers_due_date_and_fee(staff: Staff) -> None:
    text = text_of(staff.client("counter").get(COUNTER, {"thu-tuc": BIRTH}))
    assert 'name="form.child_name"' in text
    assert "Viết đủ dấu" in text
    assert "Không cần mang: đã có trong Cơ sở dữ liệu quốc gia về dân cư." in text
    assert "Hẹn trả" in text
    assert "Không thu" in text
    assert re.search(r'name="khoa" value="[0-9a-f-]{36}"', text)


def test_receiving_leads_to_the_dossier_with_its_slip_to_print(staff: Staff) -> None:
    client = staff.client("counter")
    answer = client.post(COUNTER, form_of())
    assert answer.status_code == 302, text_of(answer)
    [dossier] = dossiers(staff)
    assert answer.headers["Location"] == f"/desk/ho-so/{dossier.entry.code}/?moi=1"
    text = text_of(client.get(answer.headers["Location"]))
    assert "In Giấy tiếp nhận và hẹn trả" in text
    assert f"/desk/ho-so/{dossier.entry.code}/phieu/tiep-nhan/" in text
    assert dossier.applicant_name == "Nguyễn Thị Mai"
    assert {row["paper"] for row in dossier.checklist if row["reused"]} >= {"giay-chung-sinh"}


def test_the_same_page_sent_twice_is_one_dossier(staff: Staff) -> None:
    client, posted = staff.client("counter"), form_of()
    first, second = client.post(COUNTER, posted), client.post(COUNTER, posted)
    assert first.headers["Location"] == second.headers["Location"]
    assert len(dossiers(staff)) == 1


def test_the_same_page_sent_with_other_content_says_which_dossier_it_made(staff: Staff) -> None:
    client, posted = staff.client("counter"), form_of()
    client.post(COUNTER, posted)
    answer = client.post(COUNTER, posted | {"applicant.name": "Lò Văn Khác"})
    assert answer.status_code == 409
    text = text_of(answer)
    assert dossiers(staff)[0].entry.code in text
    assert "Lò Văn Khác" in text
    assert posted["khoa"] not in text


def test_faults_keep_everything_and_each_is_a_link_to_its_field(staff: Staff) -> None:
    posted = form_of(**{
        "form.child_born_on": "32/13/2025", "applicant.phone": "12", "quantity": "x", "originals:uy-quyen": "nhiều",
        "form.child_name": "Nguyễn <b>Bảo</b> An", "note": "Ghi chú nội bộ", "priority": "1",
    })  # fmt: skip
    posted["file:giay-chung-sinh"] = SimpleUploadedFile("chung-sinh.pdf", PDF)
    answer = staff.client("counter").post(COUNTER, posted)
    assert answer.status_code == 422
    text = text_of(answer)
    for field in ("form.child_born_on", "applicant.phone", "quantity", "originals:uy-quyen"):
        assert f'href="#id_{field}"' in text, field
        assert f'id="id_{field}"' in text, field
    for kept in (
        "32/13/2025",
        "nhiều",
        "Nguyễn &lt;b&gt;Bảo&lt;/b&gt; An",
        "Ghi chú nội bộ",
        "chung-sinh.pdf",
        posted["khoa"],
    ):
        assert kept in text, kept
    assert re.search(r'name="priority" value="1" checked', text)
    assert re.search(r'name="file:giay-chung-sinh_id" value="[0-9a-f]{64}"', text)
    assert dossiers(staff) == []


def test_files_come_with_the_form_or_before_it(staff: Staff) -> None:
    client = staff.client("counter")
    sent = client.post("/desk/tep/", {"file": SimpleUploadedFile("to-khai.pdf", PDF + b"%1")}).json()
    posted = form_of(**{"file:khac_id": sent["id"], "file:khac_name": "to-khai.pdf"})
    posted["file:giay-chung-sinh"] = SimpleUploadedFile("chung-sinh.pdf", PDF)
    answer = client.post(COUNTER, posted)
    assert answer.status_code == 302, text_of(answer)
    files = {(one.name, one.paper) for one in attachments(staff)}
    assert files == {("to-khai.pdf", ""), ("chung-sinh.pdf", "giay-chung-sinh")}
    page = text_of(client.get(answer.headers["Location"]))
    assert f"/desk/tep/{attachments(staff)[0].pk}/?xem=1" in page


def test_a_file_that_is_no_paper_is_named_at_its_place(staff: Staff) -> None:
    posted = form_of()
    posted["file:giay-chung-sinh"] = SimpleUploadedFile("anh.pdf", b"<html><script>1</script>")
    answer = staff.client("counter").post(COUNTER, posted)
    assert answer.status_code == 422
    assert 'href="#id_file:giay-chung-sinh"' in text_of(answer)
    assert dossiers(staff) == []


def test_a_digest_that_was_never_stored_is_refused_and_the_page_still_works(staff: Staff) -> None:
    answer = staff.client("counter").post(COUNTER, form_of(**{"file:khac_id": "0" * 64, "file:khac_name": "x.pdf"}))
    assert answer.status_code == 422
    assert "Hãy tải lại tệp" in text_of(answer)


def test_enter_in_a_field_only_checks(staff: Staff) -> None:
    client = staff.client("counter")
    page = client.get(COUNTER, {"thu-tuc": BIRTH}).content.decode()
    inside = page[page.index('enctype="multipart') :]
    first_button = re.search(r"<button[^>]*>", inside)
    assert first_button
    assert 'value="kiem-tra"' in first_button[0]
    answer = client.post(COUNTER, form_of(lam="kiem-tra"))
    assert "Đủ điều kiện tiếp nhận" in text_of(answer)
    assert dossiers(staff) == []
    assert client.post(COUNTER, form_of(lam="kiem-tra", **{"applicant.name": ""})).status_code == 422


def test_declining_needs_a_reason_and_gives_form_03(staff: Staff) -> None:
    client = staff.client("counter")
    posted = {"thu-tuc": BIRTH, "khoa": str(uuid.uuid4()), "lam": "tu-choi", "applicant.name": "Giàng A Sùng"}
    answer = client.post(COUNTER, posted)
    assert answer.status_code == 422
    assert 'href="#id_reason"' in text_of(answer)
    answer = client.post(COUNTER, posted | {"reason": "Không thuộc thẩm quyền; nộp tại phường Tô Hiệu."})
    assert answer.status_code == 302
    text = text_of(client.get(answer.headers["Location"]))
    assert "Đã ghi nhận việc từ chối tiếp nhận" in text
    assert "phieu/tu-choi/" in text
    assert "phieu/tiep-nhan/" not in text


def test_a_known_number_offers_its_person_and_warns_of_a_second_filing(staff: Staff) -> None:
    code = received(staff.counter).code
    client = staff.client("counter")
    asked = {"applicant.id_number": APPLICANT["id_number"], "thu-tuc": BIRTH}
    text = text_of(client.post(f"{COUNTER}nguoi-nop/", asked))
    assert "Nguyễn Thị Mai" in text
    assert "Có thể đã nộp rồi" in text
    assert code in text
    filled = client.post(f"{COUNTER}nguoi-nop/", {"chon": code})
    assert filled.headers["HX-Retarget"] == "#applicant"
    assert 'value="Nguyễn Thị Mai"' in text_of(filled)
    assert client.post(f"{COUNTER}nguoi-nop/", {"applicant.id_number": "0141"}).content.strip() == b""
    assert client.get(f"{COUNTER}nguoi-nop/").status_code == 405


def test_another_units_person_is_not_offered(staff: Staff) -> None:
    received(staff.counter)
    other = staffed_commune("03670").client("counter")
    text = text_of(
        other.post(f"{COUNTER}nguoi-nop/", {"applicant.id_number": APPLICANT["id_number"], "thu-tuc": BIRTH})
    )
    assert text == ""


def test_an_identity_card_fills_the_applicant_at_once(staff: Staff) -> None:
    card = "014190001234|123456789|LÒ THỊ ÁNH|01011990|Nữ|Bản Hịa, Chiềng An, Sơn La|02022022"
    answer = staff.client("counter").post(f"{COUNTER}nguoi-nop/", {"applicant.id_number": card})
    assert answer.headers["HX-Retarget"] == "#applicant"
    text = text_of(answer)
    for filled in ("014190001234", "Lò Thị Ánh", "Bản Hịa, Chiềng An, Sơn La"):
        assert f'value="{filled}"' in text


def test_the_summary_follows_the_form(staff: Staff) -> None:
    text = text_of(staff.client("counter").post(f"{COUNTER}tom-tat/", form_of(**{"form.extract_copies": "3"})))
    assert "24.000 đ" in text


# ── One dossier ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_dossier_tells_whose_move_it_is_and_offers_only_what_is_allowed(staff: Staff) -> None:
    code = received(staff.counter).code
    counter = text_of(staff.client("counter").get(f"/desk/ho-so/{code}/"))
    assert "Đang chờ bạn" in counter
    assert f'action="/desk/ho-so/{code}/forward/"' in counter
    chair = text_of(staff.client("chair").get(f"/desk/ho-so/{code}/"))
    assert "Đang chờ nơi khác" in chair
    assert f'action="/desk/ho-so/{code}/forward/"' not in chair


def test_a_dossiers_whole_way_through_the_pages(staff: Staff) -> None:
    code = received(staff.counter).code
    way = (
        ("counter", "forward", {}),
        ("case_officer", "accept_handover", {}),
        ("case_officer", "appraise", {"note": "Đủ điều kiện."}),
        ("case_officer", "submit_for_signature", {}),
        ("chair", "approve", {"result_number": "12/2026"}),
        ("counter", "return_result", {"received_by": "Nguyễn Thị Mai"}),
    )
    for number, (role, name, inputs) in enumerate(way, start=1):
        client = staff.client(role)
        assert f'action="/desk/ho-so/{code}/{name}/"' in text_of(client.get(f"/desk/ho-so/{code}/")), name
        answer = client.post(f"/desk/ho-so/{code}/{name}/", {"so": str(number), **inputs})
        assert answer.headers.get("Location") == f"/desk/ho-so/{code}/?da={name}", text_of(answer)
    text = text_of(staff.client("counter").get(f"/desk/ho-so/{code}/?da=return_result"))
    for told in (
        "Đã xong: Trả kết quả.",
        "Số kết quả: 12/2026",
        "Người nhận: Nguyễn Thị Mai",
        "Hồ sơ đã kết thúc",
        "Đủ điều kiện.",
    ):
        assert told in text, told


def test_a_stale_page_is_told_who_was_quicker_and_keeps_what_was_typed(staff: Staff) -> None:
    code = received(staff.counter).code
    moved(staff.counter, code, "forward")
    moved(staff.case_officer, code, "accept_handover")
    answer = staff.client("case_officer").post(
        f"/desk/ho-so/{code}/request_supplement/", {"so": "2", "note": "Thiếu giấy", "items": "Giấy chứng sinh"}
    )
    assert answer.status_code == 409
    text = text_of(answer)
    assert "Đặng Văn Ưng vừa thực hiện “Nhận bàn giao”" in text
    assert "Thiếu giấy" in text
    assert "Giấy chứng sinh" in text
    assert 'name="so" value="3"' in text


def test_what_was_typed_for_a_move_that_is_gone_is_shown(staff: Staff) -> None:
    code = received(staff.counter).code
    moved(staff.counter, code, "forward")
    answer = staff.client("counter").post(
        f"/desk/ho-so/{code}/request_supplement/", {"so": "1", "note": "Thiếu giấy", "items": "A"}
    )
    assert answer.status_code == 409
    assert "Những gì bạn đã gõ" in text_of(answer)
    assert "Thiếu giấy" in text_of(answer)


def test_faults_of_a_move_are_named_at_their_fields(staff: Staff) -> None:
    code = received(staff.counter).code
    answer = staff.client("counter").post(
        f"/desk/ho-so/{code}/request_supplement/", {"so": "1", "items": "", "note": ""}
    )
    assert answer.status_code == 422
    text = text_of(answer)
    for field in ("request_supplement.note", "request_supplement.items"):
        assert f'href="#id_{field}"' in text
        assert f'id="id_{field}"' in text
    assert "<details open>" in text


def test_an_extension_must_lie_after_the_deadline(staff: Staff) -> None:
    code = received(staff.counter, "1.004222").code
    moved(staff.counter, code, "forward")
    answer = staff.client("chair").post(
        f"/desk/ho-so/{code}/extend_deadline/", {"so": "2", "note": "Chờ xác minh", "until": "01/07/2025"}
    )
    assert answer.status_code == 422
    text = text_of(answer)
    assert 'href="#id_extend_deadline.until"' in text
    assert "Chờ xác minh" in text


def test_a_move_that_is_not_the_officers_is_refused_in_words(staff: Staff) -> None:
    code = received(staff.counter).code
    answer = staff.client("clerk").post(f"/desk/ho-so/{code}/forward/", {"so": "1"})
    assert answer.status_code == 403
    assert "tài khoản của bạn chưa thể" in text_of(answer)
    assert staff.client("clerk").post(f"/desk/ho-so/{code}/bay-len/", {"so": "1"}).status_code == 404
    assert staff.client("clerk").get(f"/desk/ho-so/{code}/forward/").status_code == 405


def test_a_dossiers_page_costs_at_most_fourteen_statements_however_long_its_story(staff: Staff, queries: Any) -> None:
    client = staff.client("counter")
    short, long = received(staff.counter).code, resolved(staff).code
    moved(staff.counter, long, "return_result")
    counts = [statements(queries, client, f"/desk/ho-so/{code}/") for code in (short, long)]
    assert counts[0] == counts[1]
    assert counts[0] <= 14


def test_the_counters_page_costs_the_same_however_much_was_received(staff: Staff, queries: Any) -> None:
    client = staff.client("counter")
    received(staff.counter)
    before = statements(queries, client, f"{COUNTER}?thu-tuc={BIRTH}")
    for _ in range(10):
        received(staff.counter)
    assert statements(queries, client, f"{COUNTER}?thu-tuc={BIRTH}") == before
    assert before <= 14


# ── Papers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_paper_of_a_dossier_prints(staff: Staff) -> None:
    code = received(staff.counter, "1.004222").code
    moved(staff.counter, code, "request_supplement", note="Thiếu", fields={"items": "Giấy A\nGiấy B"})
    moved(staff.counter, code, "resume")
    moved(staff.counter, code, "forward")
    moved(staff.chair, code, "extend_deadline", note="Chờ xác minh", fields={"until": late_day()})
    moved(staff.chair, code, "stop", note="Người dân đề nghị")
    client = staff.client("counter")
    page = text_of(client.get(f"/desk/ho-so/{code}/"))
    for form in ("tiep-nhan", "bo-sung", "xin-loi", "dung", "kiem-soat"):
        assert f"/phieu/{form}/" in page
        answer = client.get(f"/desk/ho-so/{code}/phieu/{form}/")
        assert answer.headers["Content-Type"] == "application/pdf", text_of(answer)
        assert answer.content.startswith(b"%PDF-")
        assert answer.headers["Content-Disposition"].startswith("inline")
    assert client.get(f"/desk/ho-so/{code}/phieu/tu-choi/").status_code == 404
    assert client.get(f"/desk/ho-so/{code}/phieu/khong-co/").status_code == 404


def late_day() -> str:
    """A working day far behind any deadline of these tests: a Tuesday of March 2027."""
    return "16/03/2027"


# ── Every page ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_speaks_one_language_and_carries_nothing_inline(staff: Staff, language: str) -> None:
    code = resolved(staff).code
    client = staff.client("counter", language=language)
    pages = ("/desk/", "/desk/?loc=qua-han", "/desk/ho-so/", "/desk/tim/?q=mai", COUNTER, f"{COUNTER}?thu-tuc={BIRTH}")
    foreign = {"vi": ("Waiting", "Applicant", "Due"), "en": ("Người nộp", "Hạn", "Giấy tờ", "Tiếp nhận")}[language]
    for address in (*pages, f"/desk/ho-so/{code}/", f"/desk/ho-so/{code}/?moi=1"):
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert f'<html lang="{language}"' in page
        assert not INLINE.search(page), (address, INLINE.search(page))
        words = re.sub(r"<[^>]+>", "\n", page)
        assert not [word for word in foreign if re.search(rf"^\s*{word}\s*$", words, re.MULTILINE)], address


# ── The counter's form, pure ─────────────────────────────────────────────────────────────────────────────────────────


def test_receipt_from_post_reads_every_part(staff: Staff) -> None:
    from haicap.domain.dossiers.web.forms import receipt_from_post

    version = procedures.version_on(BIRTH, clock.today())
    post = QueryDict(mutable=True)
    post.update(form_of(**{
        "originals:giay-chung-sinh": " 2 ", "copies:giay-chung-sinh": "x", "proxy.name": "Lò Văn Thay",
        "priority": "1", "quantity": "", "form.khong-co": "bỏ qua",
    }))  # fmt: skip
    post.setlist("file:giay-chung-sinh_id", ["a" * 64, "b" * 64])
    post.setlist("file:giay-chung-sinh_name", ["mot.pdf"])
    receipt = receipt_from_post(post, version, unit="03664")
    assert (receipt.procedure, receipt.unit, receipt.priority, receipt.quantity) == (BIRTH, "03664", True, 1)
    assert receipt.applicant["name"] == "Nguyễn Thị Mai"
    assert receipt.proxy["name"] == "Lò Văn Thay"
    assert set(receipt.form) == {field.name for field in version.fields}
    row = next(row for row in receipt.checklist if row["paper"] == "giay-chung-sinh")
    assert row == {"paper": "giay-chung-sinh", "originals": 2, "copies": "x", "reused": True}
    assert receipt.attachments == [
        {"file": "a" * 64, "name": "mot.pdf", "paper": "giay-chung-sinh"},
        {"file": "b" * 64, "name": "", "paper": "giay-chung-sinh"},
    ]


def test_an_empty_post_is_an_empty_receipt() -> None:
    from haicap.domain.dossiers.web.forms import receipt_from_post

    receipt = receipt_from_post(QueryDict(), procedures.version_on(BIRTH, clock.today()), unit="03664")
    assert receipt.channel == "direct"
    assert receipt.quantity == 1
    assert not any(receipt.form.values())


@pytest.mark.parametrize(
    "scanned", ["", "014190001234", "a|b|c", "1|2|3|4|5|6|7", "000190001234||LÒ THỊ ÁNH|01011990|Nữ|Sơn La|1"]
)
def test_only_a_cards_qr_code_is_read_as_a_card(scanned: str) -> None:
    from haicap.domain.dossiers.web.forms import read_card

    assert read_card(scanned) is None


def test_sign_in_leads_back_to_where_somebody_wanted_to_go(client: Client, staff: Staff) -> None:
    answer = client.post("/dang-nhap/", {"name": "motcua-03664", "password": PASSWORD, "next": "/desk/ho-so/"})
    assert answer.headers["Location"] == "/desk/ho-so/"


def test_the_gallery_is_for_those_who_work_here(client: Client, staff: Staff) -> None:
    assert client.get("/quan-tri/thanh-phan/").status_code == 302
    assert staff.client("clerk").get("/quan-tri/thanh-phan/").status_code == 200
    citizen = people.open_account(name="congdan-1", full_name="Dân", password_hash=people.hash_password(PASSWORD))
    assert citizen.pk
    client.post("/dang-nhap/", {"name": "congdan-1", "password": PASSWORD})
    assert client.get("/quan-tri/thanh-phan/").status_code == 403
    assert client.get("/desk/").status_code == 403


def test_filters_by_standing_agree_with_the_figures(staff: Staff) -> None:
    from haicap.domain.dossiers.queries import waiting_counts

    received(staff.counter, at=clock.now() - timedelta(days=20))
    received(staff.counter)
    paused = received(staff.counter).code
    moved(staff.counter, paused, "request_supplement", note="Thiếu", fields={"items": "A"})
    resolved(staff)
    with entered(staff.counter):
        counts = waiting_counts(staff.counter)
        found = {
            "all": Filters(), "overdue": Filters(overdue=True), "today": Filters(today=True),
            "paused": Filters(paused=True), "to_return": Filters(to_return=True),
        }  # fmt: skip
        assert counts == {name: len(waiting(staff.counter, filters)[0]) for name, filters in found.items()}
        assert len(dossiers_page(staff.counter, Filters(to_return=True))[0]) == counts["to_return"]
