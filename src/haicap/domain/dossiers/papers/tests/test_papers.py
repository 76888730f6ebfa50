"""The seven forms: every field is on the paper, long ones flow, and the QR code leads to the dossier."""

from __future__ import annotations

import io
from dataclasses import replace

import pikepdf
import pypdfium2
import pytest
import zxingcpp

from haicap.domain.dossiers import papers
from haicap.domain.dossiers.papers import samples

MARKUP = "#let x = 1 *đậm* _n_ $x^2$ \"q\" 's' `r` <a> @b = h // c /* */ \\ #sys.inputs ]]"
HOSTILE = MARKUP + " 😀 שלום \u202eabc 中文 \x00\x07"
EVERY = pytest.mark.parametrize("slip", samples.every(), ids=lambda slip: type(slip).__name__)

NATION = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập – Tự do – Hạnh phúc")


def words(pdf: bytes) -> str:
    """The text of all pages on one line, as a reader would copy it."""
    document = pypdfium2.PdfDocument(pdf)
    text = " ".join(page.get_textpage().get_text_range() for page in document)
    return " ".join(text.replace("\u200b", "").split())


def lacking(slip: papers.Slip, *facts: str) -> list[str]:
    """The facts that do not stand on the printed slip."""
    text = words(papers.pdf(slip))
    return [fact for fact in facts if fact not in text]


def test_receipt_slip_carries_all_fields_of_form_01() -> None:
    assert not lacking(
        samples.receipt(),
        *NATION,
        "Mẫu số 01",
        "ỦY BAN NHÂN DÂN XÃ NÔNG TRƯỜNG THÁI BÌNH",
        "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG",
        "Số: 07/TTPVHCC",
        "Nông trường Thái Bình, ngày 03 tháng 9 năm 2025",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Mã hồ sơ: H52.75-250903-0007",
        "tiếp nhận hồ sơ của: Nguyễn Thị Khuỷnh",
        "Số định danh: 014185000123",
        "Số điện thoại: 0912 345 678",
        "Địa chỉ: Bản Nà Ngựu",
        "Thư điện tử: khuynh.nguyen@example.vn",
        "Là người được ủy quyền của: Lò Văn Ưởng",
        "Số định danh: 014090000456",
        "Giấy tờ ủy quyền: Văn bản ủy quyền số 12/2025",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
        "3 Văn bản ủy quyền được chứng thực theo quy định của pháp luật 01 01",
        "Số lượng hồ sơ: 01 (bộ)",
        "theo quy định là: 03 ngày làm việc",
        "Phí, lệ phí: 8.000",
        "nghìn đồng)",
        "Thời gian nhận hồ sơ: 07 giờ 45 phút, ngày 03 tháng 9 năm 2025",
        "Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày 08 tháng 9 năm 2025",
        "Đăng ký nhận kết quả: Tại Trung tâm",
        "Quyển số: 01/2025 Số thứ tự: 7",
        "dichvucong.example.vn/tra-cuu/",
        "Mã bí mật để tra cứu: K7PM-4XQD",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Đặng Hoài Ỷ",
    )


def test_the_printed_address_does_not_give_the_secret_away_twice() -> None:
    assert "secret=" not in words(papers.pdf(samples.receipt()))


def test_receipt_slip_without_a_principal_fee_number_or_deadline_has_places_to_write_on() -> None:
    bare = replace(samples.receipt(), principal=None, fee=None, number=None, due_at=None, book="", entry_number=None)
    text = words(papers.pdf(bare))
    assert "ủy quyền của" not in text
    assert "Phí, lệ phí" not in text
    assert "Số: …/TTPVHCC" in text
    assert "hẹn trả kết quả: ...." in text.replace(". .", "..").replace(". .", "..")
    assert "Quyển số: ………… Số thứ tự: …………" in text


def test_a_free_procedure_says_so() -> None:
    assert "Phí, lệ phí: không thu" in words(papers.pdf(replace(samples.receipt(), fee=0)))


@pytest.mark.parametrize("count", [1, 12])
def test_the_qr_code_on_paper_leads_to_the_dossier(count: int) -> None:
    document = pypdfium2.PdfDocument(papers.pdf(samples.receipt(count)))
    found = [code.text for page in document for code in zxingcpp.read_barcodes(page.render(scale=2).to_pil())]
    assert found == [samples.URL]


def test_twelve_papers_fit_on_one_page_and_sixty_flow_with_the_signatures_kept_whole() -> None:
    assert len(pypdfium2.PdfDocument(papers.pdf(samples.receipt(12)))) == 1
    document = pypdfium2.PdfDocument(papers.pdf(samples.receipt(60)))
    last = document[len(document) - 1].get_textpage().get_text_range()
    assert "NGƯỜI NỘP HỒ SƠ" in last
    assert "Đặng Hoài Ỷ" in last
    assert all("STT" in page.get_textpage().get_text_range() for page in list(document)[:2])


def test_supplement_slip_carries_all_fields_of_form_02() -> None:
    assert not lacking(
        samples.supplement(),
        *NATION,
        "Số: 03/PBS",
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        "Hồ sơ của: Nguyễn Thị Khuỷnh",
        "1. Tờ khai chưa ghi số định danh",
        "2. Thiếu Giấy chứng sinh",
        "Lý do: Thành phần hồ sơ chưa đủ",
        "Đề nghị bổ sung trước: ngày 15 tháng 9 năm 2025",
        "liên hệ với Đặng Hoài Ỷ, số điện thoại 0212 3 866 000",
        "NGƯỜI HƯỚNG DẪN",
    )


def test_refusal_slip_carries_all_fields_of_form_03() -> None:
    assert not lacking(
        samples.refusal(),
        *NATION,
        "Số: 01/PTC",
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        "Cấp giấy phép lao động",
        "không tiếp nhận, giải quyết hồ sơ này",
        "thuộc thẩm quyền giải quyết của Sở Nội vụ",
        "Hướng dẫn: Nộp hồ sơ tại",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    )


def test_apology_letter_carries_all_fields_of_form_04() -> None:
    assert not lacking(
        samples.apology(),
        *NATION,
        "Số: 02/PXL",
        "XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN",
        "Kính gửi: Nguyễn Thị Khuỷnh",
        "Ngày 03 tháng 9 năm 2025, Trung tâm Phục vụ hành chính công xã Nông trường Thái Bình tiếp nhận",
        "mã hồ sơ: H52.75-250903-0007",
        "hẹn trả kết quả: 17 giờ 00 phút, ngày 08 tháng 9 năm 2025",
        "Lý do: phải xác minh",
        "trả vào: 17 giờ 00 phút, ngày 11 tháng 9 năm 2025",
        "KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
        "Hà Thị Ngưỡng",
        "– Lưu: VT.",
    )


def test_stop_notice_carries_all_fields_of_form_05() -> None:
    assert not lacking(
        samples.stop(),
        *NATION,
        "Số: 04/TB",
        "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
        "đề nghị dừng giải quyết hồ sơ ngày 03 tháng 9 năm 2025",
        "Ngày dừng giải quyết: ngày 04 tháng 9 năm 2025",
        "Lý do: người nộp hồ sơ đề nghị dừng",
    )


def test_control_slip_carries_all_fields_of_form_06() -> None:
    assert not lacking(
        samples.control(),
        "Số: 07/PKS",
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        "Cơ quan phối hợp giải quyết hồ sơ: Công an xã Nông trường Thái Bình; Ủy ban nhân dân xã Mộc Châu",
        "1. Giao: Trung tâm Phục vụ hành chính công",
        "2. Nhận: Phòng Văn hóa – Xã hội",
        "08 giờ 25 phút ngày 03 tháng 9 năm 2025",
        "Đúng hạn",
        "Quá hạn",
        "Trước hạn",
        "Chờ xác minh tại xã Mộc Châu",
    )


def test_register_sheet_repeats_its_head_on_every_page_and_loses_no_row() -> None:
    slip = samples.register(rows=120)
    document = pypdfium2.PdfDocument(papers.pdf(slip))
    pages = [page.get_textpage().get_text_range() for page in document]
    assert len(pages) > 5
    assert all("Mã hồ sơ" in page and "Ký nhận" in page for page in pages)
    assert not lacking(
        slip, "SỔ THEO DÕI HỒ SƠ", "Quyển số 01 – tháng 9 năm 2025", *(r.dossier_code for r in slip.rows)
    )
    assert document[0].get_width() > document[0].get_height()


def test_an_empty_register_is_still_a_sheet() -> None:
    assert not lacking(replace(samples.register(), rows=()), "SỔ THEO DÕI HỒ SƠ", "Mã hồ sơ")


@EVERY
def test_every_form_is_archivable_and_the_same_each_time(slip: papers.Slip) -> None:
    pdf = papers.pdf(slip)
    assert papers.pdf(slip) == pdf
    with pikepdf.open(io.BytesIO(pdf)) as document, document.open_metadata() as metadata:
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
        assert str(document.Root.Lang) == "vi"
        assert metadata["dc:title"]


@EVERY
def test_only_demonstration_data_says_so(slip: papers.Slip) -> None:
    assert "DỮ LIỆU TRÌNH DIỄN" in words(papers.pdf(slip))
    real = replace(slip, head=replace(slip.head, synthetic=False))
    assert "TRÌNH DIỄN" not in words(papers.pdf(real))


@EVERY
@pytest.mark.parametrize("text", [HOSTILE, "", " \r\n\t", "x" * 5000, "Một câu dài. " * 400, "a\n" * 300], ids=range(6))
def test_no_text_that_a_person_types_breaks_a_form(slip: papers.Slip, text: str) -> None:
    pdf = papers.pdf(_filled(slip, text))
    assert pdf.startswith(b"%PDF")
    if text == HOSTILE:
        assert MARKUP in words(pdf)
    if text.startswith("xx"):
        assert _inside_the_margins(pdf)


def _filled(slip: papers.Slip, text: str) -> papers.Slip:
    match slip:
        case papers.ReceiptSlip():
            party = papers.Party(name=text, identity=text, address=text, phone=text, email=text)
            listed = (papers.ListedPaper(name=text),)
            return replace(slip, applicant=party, principal=party, content=text, papers=listed, return_by=text)
        case papers.SupplementSlip():
            return replace(slip, content=text, items=(text, text), reason=text, contact=text, officer=text)
        case papers.RefusalSlip():
            return replace(slip, content=text, reason=text, guidance=text, submitter=text)
        case papers.ApologyLetter():
            return replace(slip, procedure=text, reason=text, signer=text, recipients=(text,))
        case papers.StopNotice():
            return replace(slip, procedure=text, reason=text, guidance=text)
        case papers.ControlSlip():
            return replace(slip, resolver=text, rows=(papers.Handover(giver=text, taker=text, note=text),))
        case papers.RegisterSheet():
            return replace(slip, rows=(replace(slip.rows[0], procedure=text, contact=text, method=text),))
        case _:
            raise AssertionError(slip)


def _inside_the_margins(pdf: bytes) -> bool:
    """No ink in the outer 5 mm of either side."""
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=1).to_pil().convert("L")
        edge = round(5 / 25.4 * 72)
        sides = [(0, 0, edge, picture.height), (picture.width - edge, 0, picture.width, picture.height)]
        if any(picture.crop(side).getextrema()[0] < 250 for side in sides):
            return False
    return True
