"""A sample of each paper beside the dossier's forms, made by the function that makes the real one, with invented people.

Nothing is read or written but the unit whose letterhead the sample bears; each says on the paper that it is a sample.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from haicap.domain.dossiers.rules import KIND
from haicap.domain.people.blocks import UNVERIFIED, StaffKind
from haicap.domain.people.models import (
    Completion,
    DigitalCertificate,
    Enrolment,
    Handover,
    Official,
    SigningDevice,
    StreamliningCase,
    Topic,
    TrainingClass,
)
from haicap.domain.people.papers.calculation import calculation_pdf
from haicap.domain.people.papers.completion import completion_pdf
from haicap.domain.people.papers.requests import requests_pdf
from haicap.domain.people.queries.organisation import BodyShown, Chart, PostShown
from haicap.domain.people.signing_rules import Carrier, State
from haicap.domain.people.streamlining_rules import Facts, Scheme, calculate
from haicap.domain.units.models import Unit
from haicap.flows import name_papers
from haicap.flows.handing_over import sheet
from haicap.kernel import clock
from haicap.kernel.language import bi

DAY: Final = date(2025, 9, 3)
AT: Final = datetime(2025, 9, 3, 17, 0, tzinfo=clock.ZONE)
URL: Final = "https://haicap.example.vn/mau"
GIVER, TAKER, WITNESS = "Nguyễn Thị Khuỷnh", "Lò Văn Ưởng", "Hà Thị Ngưỡng"


@dataclass(frozen=True)
class Sample:
    """A paper: what it is, who gets it and when, and how its sample is made for a unit."""

    name: Any
    when: Any
    make: Callable[[Unit], bytes]


def handover(unit: Unit) -> bytes:
    """Two open dossiers go to the successor."""
    lines: list[dict[str, Any]] = [
        {"kind": KIND, "code": f"H52.75-250903-000{number}", "title": title, "state": "processing",
         "due": (AT + timedelta(days=number)).isoformat(), "paused": number > 1}
        for number, title in ((1, "Đăng ký khai sinh"), (2, "Đăng ký thành lập hộ kinh doanh"))
    ]  # fmt: skip
    made = Handover(
        pk=0, unit=unit, giver_post="Chuyên viên",
        taker_post="Chuyên viên", day=DAY + timedelta(days=1), decision_number="00/QĐ-UBND", witness=WITNESS,
        reason="Điều động sang đơn vị khác", done_at=AT, lines=lines,
    )  # fmt: skip
    return sheet.pdf(made, GIVER, TAKER, synthetic=True)


def badges(unit: Unit) -> bytes:
    """Three badges on one page, one with a long name and post."""
    people = [
        name_papers.Badge(1, GIVER, "Chuyên viên", "Trung tâm Phục vụ hành chính công"),
        name_papers.Badge(2, TAKER, "Phó Trưởng phòng", "Phòng Kinh tế, Hạ tầng và Đô thị"),
        name_papers.Badge(3, "Quàng Thị Phương Thảo Nguyên", "Phó Chủ tịch Hội đồng nhân dân", "Hội đồng nhân dân"),
    ]
    return name_papers.badges_pdf(unit, people, day=DAY, address=URL, synthetic=True)


def door_signs(unit: Unit) -> bytes:
    """The sign of one office."""
    head = PostShown("head", "Trưởng phòng", "Head of division", StaffKind.CIVIL_SERVANT, 1, UNVERIFIED, (WITNESS,))
    staff = PostShown("officer", "Chuyên viên", "Officer", StaffKind.CIVIL_SERVANT, None, UNVERIFIED, ())
    body = BodyShown("culture_social", "Phòng Văn hóa – Xã hội", "Culture and Society Division", UNVERIFIED, "", "",
                     "0212 3 866 000", "", (head, staff), ())  # fmt: skip
    return name_papers.signs_pdf(unit, Chart(unit, DAY, ()), [body], address=URL, synthetic=True)


def completion(unit: Unit) -> bytes:
    """A class of two days, passed."""
    topic = Topic(
        unit=unit, key="mot-cua", name="Nghiệp vụ tiếp nhận và trả kết quả tại Trung tâm Phục vụ hành chính công"
    )
    held = TrainingClass(unit=unit, topic=topic, number="00", title="Lớp bồi dưỡng cán bộ một cửa", synthetic=True,
                         first_day=DAY - timedelta(days=1), last_day=DAY)  # fmt: skip
    learner = Enrolment(training_class=held, topic=topic, official=Official(full_name=GIVER), unit=unit, passed_on=DAY,
                        known_until=date(2027, 9, 3))  # fmt: skip
    row = Completion(enrolment=learner, unit=unit, year=DAY.year, number=0, code="MAU", issued_on=DAY)
    return completion_pdf(row, URL)


def calculation(unit: Unit) -> bytes:
    """Early retirement within twelve months after the decision (Decree 178/2024/NĐ-CP, Article 7), by the rules in force."""
    who = Official(full_name=TAKER, born_on=date(1966, 3, 15), female=False, insured_from=date(1990, 9, 1),
                   staff_kind=StaffKind.CIVIL_SERVANT, salary=12_345_000, synthetic=True)  # fmt: skip
    case = StreamliningCase(pk=0, official=who, unit=unit, staff_kind=StaffKind.CIVIL_SERVANT, scheme=Scheme.EARLY_RETIREMENT,
                            leave_on=DAY, reorganised_on=date(2025, 6, 16))  # fmt: skip
    facts = Facts(case.scheme, case.staff_kind, case.leave_on, case.reorganised_on, who.born_on, who.female,
                  who.insured_from, who.salary)  # fmt: skip
    return calculation_pdf(case, calculate(facts), AT)


def certificate_requests(unit: Unit) -> bytes:
    """A person's first certificate and an agency's renewal."""
    person = Official(full_name=GIVER, id_number="014185000123", phone="0912345678", email="khuynh.nguyen@example.vn")
    device = SigningDevice(unit=unit, kind=Carrier.TOKEN, serial="MAU-0001")
    own = DigitalCertificate(unit=unit, official=person, state=State.REQUESTED, carrier=Carrier.TOKEN, device=device,
                             requested_on=DAY, synthetic=True)  # fmt: skip
    agency = DigitalCertificate(unit=unit, body_key="committee", state=State.REQUESTED, carrier=Carrier.REMOTE,
                                requested_on=DAY, renews_id=1, synthetic=True)  # fmt: skip
    rows: list[Any] = [own, agency]
    for row, titles in zip(
        rows, (("", "Chuyên viên", "Phòng Văn hóa – Xã hội"), ("Ủy ban nhân dân", "", "")), strict=True
    ):
        row.body_name, row.post_title, row.post_body = titles  # as `queries.signing.register` reads them along
    return requests_pdf(unit, rows)


SAMPLES: Final[Mapping[str, Sample]] = {
    "ban-giao": Sample(
        bi("Biên bản bàn giao công việc", "Hand-over sheet"),
        bi("Khi một người thôi giữ vị trí, cho hai bên và người chứng kiến.",
           "When somebody leaves a post, for both sides and the witness."), handover),
    "the-ten": Sample(
        bi("Thẻ tên", "Name badges"), bi("In từ Hồ sơ cán bộ, mười thẻ một trang.", "From the staff records, ten to a page."),
        badges),
    "bien-phong": Sample(
        bi("Biển phòng", "Door sign"), bi("In từ Hồ sơ cán bộ, mỗi cơ quan một trang.",
                                         "From the staff records, a page for each body."), door_signs),
    "chung-nhan": Sample(
        bi("Giấy chứng nhận hoàn thành lớp", "Certificate of completion"),
        bi("Khi học viên đạt; mã QR dẫn đến trang kiểm tra.", "To whoever passed; its QR leads to the page that verifies it."),
        completion),
    "bang-tinh": Sample(
        bi("Bảng tính chế độ nghỉ theo sắp xếp", "Calculation of a streamlining case"),
        bi("Kèm hồ sơ của người nghỉ; mỗi khoản ghi cách tính và điều luật.",
           "With the leaver's case; each sum with how it was reached and its article."), calculation),
    "de-nghi-chung-thu": Sample(
        bi("Danh sách đề nghị cấp chứng thư số", "List of requests for certificates"),
        bi("Gửi cơ quan cấp chứng thư số, kèm bảng tính.", "To the issuer, with a workbook."), certificate_requests),
}  # fmt: skip
"""By the word in the sample's address."""
