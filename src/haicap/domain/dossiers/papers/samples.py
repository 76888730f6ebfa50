"""One filled-in example of each form, marked as synthetic, with the long names that communes have: for page and tests."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from haicap.domain.dossiers import papers
from haicap.kernel.clock import ZONE

RECEIVED = datetime(2025, 9, 3, 7, 45, tzinfo=ZONE)
DUE = datetime(2025, 9, 8, 17, 0, tzinfo=ZONE)
CODE = "H52.75-250903-0007"
URL = "https://dichvucong.example.vn/tra-cuu/H52.75-250903-0007?secret=K7PM-4XQD"

HEAD = papers.Letterhead(
    parent="Ủy ban nhân dân xã Nông trường Thái Bình",
    agency="Trung tâm Phục vụ hành chính công",
    place="Nông trường Thái Bình",
    synthetic=True,
)
COMMITTEE = papers.Letterhead(
    parent="", agency="Ủy ban nhân dân xã Nông trường Thái Bình", place="Nông trường Thái Bình", synthetic=True
)
APPLICANT = papers.Party(
    name="Nguyễn Thị Khuỷnh",
    identity="014185000123",
    address="Bản Nà Ngựu, xã Nông trường Thái Bình, tỉnh Lạng Sơn",
    phone="0912 345 678",
    email="khuynh.nguyen@example.vn",
)
PRINCIPAL = papers.Party(
    name="Lò Văn Ưởng",
    identity="014090000456",
    address="Tiểu khu 3, xã Mộc Châu, tỉnh Sơn La",
    phone="0987 654 321",
    email="",
)
PAPERS = (
    papers.ListedPaper(name="Tờ khai đăng ký khai sinh theo mẫu", originals=1),
    papers.ListedPaper(name="Giấy chứng sinh do cơ sở y tế nơi trẻ sinh ra cấp", originals=1),
    papers.ListedPaper(name="Văn bản ủy quyền được chứng thực theo quy định của pháp luật", originals=1, copies=1),
    papers.ListedPaper(name="Giấy chứng nhận kết hôn của cha, mẹ (nếu cha, mẹ đã đăng ký kết hôn)", copies=2),
)


def receipt(papers_handed_in: int = 4) -> papers.ReceiptSlip:
    """A birth registration filed by an authorised neighbour, with any number of papers."""
    listed = (PAPERS * (papers_handed_in // len(PAPERS) + 1))[:papers_handed_in]
    return papers.ReceiptSlip(
        head=HEAD,
        issued_at=RECEIVED,
        number=7,
        dossier_code=CODE,
        applicant=APPLICANT,
        principal=PRINCIPAL,
        authorisation="Văn bản ủy quyền số 12/2025 ngày 01/9/2025",
        content="Đăng ký khai sinh",
        papers=listed,
        time_limit="03 ngày làm việc",
        received_at=RECEIVED,
        due_at=DUE,
        return_by="Tại Trung tâm Phục vụ hành chính công xã Nông trường Thái Bình",
        tracking_url=URL,
        secret="K7PM-4XQD",  # noqa: S106 - printed on a sample
        fee=8000,
        book="01/2025",
        entry_number=7,
        submitter="Nguyễn Thị Khuỷnh",
        receiver="Đặng Hoài Ỷ",
    )


def supplement() -> papers.SupplementSlip:
    """Two papers are missing."""
    return papers.SupplementSlip(
        head=HEAD,
        issued_at=RECEIVED,
        number=3,
        dossier_code=CODE,
        applicant=APPLICANT,
        content="Đăng ký khai sinh",
        items=(
            "Tờ khai chưa ghi số định danh cá nhân của người mẹ: ghi đủ 12 chữ số vào mục 7 của tờ khai.",
            "Thiếu Giấy chứng sinh: nộp bản chính do cơ sở y tế nơi trẻ sinh ra cấp; nếu không có thì nộp văn bản của "
            "người làm chứng xác nhận việc sinh.",
        ),
        reason="Thành phần hồ sơ chưa đủ theo khoản 1 Điều 16 Luật Hộ tịch.",
        contact="Đặng Hoài Ỷ",
        contact_phone="0212 3 866 000",
        reply_by=date(2025, 9, 15),
        officer="Đặng Hoài Ỷ",
    )


def refusal() -> papers.RefusalSlip:
    """The wrong level of government."""
    return papers.RefusalSlip(
        head=HEAD,
        issued_at=RECEIVED,
        number=1,
        applicant=APPLICANT,
        content="Cấp giấy phép lao động cho người lao động nước ngoài",
        reason="Thủ tục thuộc thẩm quyền giải quyết của Sở Nội vụ, không thuộc danh mục phi địa giới hành chính.",
        guidance="Nộp hồ sơ tại Trung tâm Phục vụ hành chính công tỉnh hoặc trên Cổng Dịch vụ công quốc gia.",
        submitter="Nguyễn Thị Khuỷnh",
        receiver="Đặng Hoài Ỷ",
    )


def apology() -> papers.ApologyLetter:
    """Verification in another commune takes longer."""
    return papers.ApologyLetter(
        head=COMMITTEE,
        issued_at=DUE - timedelta(days=3),
        number=2,
        addressee=APPLICANT,
        dossier_code=CODE,
        procedure="Thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc",
        received_at=RECEIVED,
        due_at=DUE,
        reason="phải xác minh tại Ủy ban nhân dân xã nơi đăng ký hộ tịch trước đây và chưa nhận được văn bản trả lời.",
        new_due_at=DUE + timedelta(days=3),
        signer_title="KT. Chủ tịch\nPhó Chủ tịch",
        signer="Hà Thị Ngưỡng",
        receiver="Trung tâm Phục vụ hành chính công xã Nông trường Thái Bình",
        recipients=("Như trên;", "Trung tâm Phục vụ hành chính công;", "Lưu: VT."),
    )


def stop() -> papers.StopNotice:
    """The applicant asked for it."""
    return papers.StopNotice(
        head=COMMITTEE,
        issued_at=RECEIVED + timedelta(days=1),
        number=4,
        applicant=APPLICANT,
        dossier_code=CODE,
        procedure="Đăng ký thành lập hộ kinh doanh",
        reason="người nộp hồ sơ đề nghị dừng giải quyết để thay đổi địa điểm kinh doanh.",
        stopped_on=date(2025, 9, 4),
        requested_on=date(2025, 9, 3),
        guidance="Ông/bà có thể nộp lại hồ sơ bất cứ lúc nào; giấy tờ bản chính được trả tại Trung tâm.",
        signer_title="Chủ tịch",
        signer="Hà Thị Ngưỡng",
        recipients=("Như trên;", "Lưu: VT."),
    )


def control(rows: int = 4) -> papers.ControlSlip:
    """From the counter to the chair and back."""
    steps = (
        papers.Handover(
            giver="Trung tâm Phục vụ hành chính công",
            taker="Phòng Văn hóa – Xã hội",
            at=RECEIVED + timedelta(minutes=40),
            giver_name="Đặng Hoài Ỷ",
            taker_name="Vì Văn Thưởng",
            timing=papers.Timing.ON_TIME,
        ),
        papers.Handover(
            giver="Phòng Văn hóa – Xã hội",
            taker="Chủ tịch Ủy ban nhân dân xã Nông trường Thái Bình",
            at=RECEIVED + timedelta(days=1),
            giver_name="Vì Văn Thưởng",
            taker_name="Hà Thị Ngưỡng",
            timing=papers.Timing.OVERDUE,
            note="Chờ xác minh tại xã Mộc Châu",
        ),
        papers.Handover(
            giver="Chủ tịch Ủy ban nhân dân xã Nông trường Thái Bình",
            taker="Trung tâm Phục vụ hành chính công",
            at=RECEIVED + timedelta(days=2),
            giver_name="Hà Thị Ngưỡng",
            taker_name="Đặng Hoài Ỷ",
            timing=papers.Timing.EARLY,
        ),
        papers.Handover(giver="Trung tâm Phục vụ hành chính công", taker=""),
    )
    return papers.ControlSlip(
        head=HEAD,
        issued_at=RECEIVED,
        number=7,
        dossier_code=CODE,
        resolver="Ủy ban nhân dân xã Nông trường Thái Bình",
        partners=("Công an xã Nông trường Thái Bình", "Ủy ban nhân dân xã Mộc Châu"),
        rows=(steps * (rows // len(steps) + 1))[:rows],
    )


def register(rows: int = 40) -> papers.RegisterSheet:
    """A book over several pages."""
    first = papers.RegisterRow(
        number=1,
        dossier_code=CODE,
        procedure="Thay đổi, cải chính, bổ sung thông tin hộ tịch, xác định lại dân tộc",
        applicant="Nguyễn Thị Khuỷnh",
        contact="Bản Nà Ngựu, xã Nông trường Thái Bình; 0912 345 678",
        resolver="UBND xã Nông trường Thái Bình",
        received_at=RECEIVED,
        due_at=DUE,
        returned_at=DUE - timedelta(hours=2),
        method="Trực tiếp",
        signed="",
    )
    return papers.RegisterSheet(
        head=HEAD,
        issued_at=DUE,
        number=1,
        book="Quyển số 01",
        period="tháng 9 năm 2025",
        rows=tuple(
            replace(first, number=number, dossier_code=f"H52.75-250903-{number:04d}") for number in range(1, rows + 1)
        ),
    )


def every() -> list[papers.Slip]:
    """One of each form."""
    return [receipt(), supplement(), refusal(), apology(), stop(), control(), register()]
