"""`/quan-tri/`: every part of the administration, in groups, with the figures that need somebody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haicap.domain.people.access import can_administer, can_run_system
from haicap.flows import health, uncertain
from haicap.interfaces.administration.pages import actor_of
from haicap.kernel.access import Predicate, allow
from haicap.kernel.jobs import queries as jobs
from haicap.kernel.language import bi
from haicap.kernel.outbox import queries as outbox
from haicap.kernel.outbox.queries import State
from haicap.kernel.scope import Actor


@dataclass(frozen=True)
class Card:
    """One part: `name` of its address, its title, what it is for, and who sees the card."""

    name: str
    title: Any
    what: Any
    who: Predicate = can_administer


GROUPS: tuple[tuple[Any, tuple[Card, ...]], ...] = (
    (bi("Con người", "People"), (
        Card("accounts", bi("Người dùng và vị trí", "Accounts and posts"), bi(
            "Ai giữ vị trí nào; bổ nhiệm từng người hoặc cả đơn vị bằng một bảng tính, cấp lại mật khẩu.",
            "Who holds which post; appoint one by one or a whole unit by one spreadsheet, set new passwords.")),
        Card("contacts", bi("Liên hệ của cơ quan", "Contacts of agencies"), bi(
            "Điện thoại và địa chỉ in trên giấy hẹn và các trang công khai.",
            "Telephone numbers and addresses on slips and public pages.")),
        Card("officials", bi("Cán bộ, công chức, viên chức", "Staff"), bi(
            "Hồ sơ, phân công theo quyết định, ủy quyền, vắng mặt, bàn giao công việc; thẻ tên và biển phòng.",
            "Records, assignments by decision, delegations, absences, hand-overs; badges and door signs.")),
        Card("headcount", bi("Biên chế", "Headcount"), bi(
            "Biên chế được giao và có mặt, ai nghỉ theo sắp xếp được bao nhiêu, đơn vị sự nghiệp trước và sau.",
            "Quotas against who is there, who leaves by the reorganisation with how much, service units before and after.")),
        Card("training", bi("Đào tạo, bồi dưỡng", "Training"), bi(
            "Lớp học, điểm danh, giấy chứng nhận; ai ở xã nào còn thiếu chuyên đề nào.",
            "Classes, attendance, certificates; who in which commune lacks which topic.")),
        Card("signing", bi("Chữ ký số", "Digital signatures"), bi(
            "Ngày mai ai chưa ký số được; chứng thư số, thiết bị, danh sách đề nghị cấp.",
            "Who cannot sign tomorrow; certificates, devices, requests to the issuer.")),
        Card("identity-providers", bi("Nhà cung cấp định danh", "Identity providers"), bi(
            "Nơi cán bộ và công dân đăng nhập qua OpenID Connect.",
            "Through whom officials and citizens sign in by OpenID Connect.")),
        Card("support", bi("Truy cập hỗ trợ kỹ thuật", "Support access"), bi(
            "Ai xin xem dữ liệu để xử lý sự cố; duyệt theo giờ, xem lại từng trang đã mở.",
            "Who asks to look at data to mend a fault; approve by the hour, look back at each page opened.")),
        Card("permissions", bi("Quyền", "Permissions"), bi(
            "Vai trò nào được làm việc gì, trong phạm vi nào; đọc thẳng từ quy tắc đang chạy.",
            "Which role may do what, and how far; read off the rules in force.")),
    )),
    (bi("Đơn vị, thủ tục và lịch", "Units, procedures and calendar"), (
        Card("uncertain-facts", bi("Điều chưa kiểm chứng", "Uncertain facts"), bi(
            "Mỗi điều kèm nguồn; tải về được để cán bộ pháp chế đối chiếu.",
            "Each with its source; to be downloaded for a lawyer to compare.")),
        Card("working-calendar", bi("Lịch làm việc", "Working calendar"), bi(
            "Ngày nghỉ, ngày làm bù và giờ làm việc dùng để tính hạn; tỉnh nhập ngày riêng.",
            "Days off, make-up days and opening hours that deadlines are counted by; a province enters its own.")),
        Card("units", bi("Đơn vị hành chính", "Administrative units"), bi(
            "Nghị quyết của tỉnh; nạp tệp, xem tác động, áp dụng hoặc hẹn ngày, hoàn tác.",
            "The province's resolutions; load a file, see its effect, apply or schedule it, undo.")),
        Card("reorganisations", bi("Sắp xếp đơn vị hành chính", "Reorganisations of units"), bi(
            "Nghị quyết đã áp dụng hoặc đã hẹn ngày, giấy chứng nhận bảo toàn hồ sơ.",
            "Resolutions applied or scheduled, certificates of conservation.")),
        Card("procedures", bi("Thủ tục", "Procedures"), bi(
            "Thủ tục đang có hiệu lực, các phiên bản và khác biệt; tỉnh nạp tệp danh mục sau khi xem trước.",
            "Procedures in force, their versions and differences; a province loads a file after a preview.")),
        Card("templates", bi("Mẫu và thông điệp", "Templates and messages"), bi(
            "Mẫu tổ chức bộ máy, bản mẫu của từng giấy, các loại thông điệp gửi đi.",
            "The template of the organisation, a sample of each form, the kinds of message that leave.")),
    )),
    (bi("Dữ liệu và tệp", "Data and files"), (
        Card("retention", bi("Dữ liệu cá nhân và lưu giữ", "Personal data and retention"), bi(
            "Vai trò nào thấy phần nào của dữ liệu người nộp; mỗi loại sổ giữ bao lâu, vì sao; hồ sơ đã hết hạn lưu giữ.",
            "Which role sees which part of an applicant's data; how long each register is kept, why; what is past its time.")),
        Card("quarantine", bi("Tệp cách ly", "Quarantined files"), bi(
            "Tệp tải lên mà phần mềm diệt virus phát hiện mã độc.",
            "Uploaded files in which the virus scanner found malware.")),
    )),
    (bi("Vận hành", "Running it"), (
        Card("messages", bi("Hàng đợi gửi đi", "What waits to leave"), bi(
            "Thông điệp báo cho hệ thống khác: chờ, lỗi, gửi lại, thôi gửi; nơi nhận.",
            "Messages to other systems: waiting, failed, tried again, given up; receivers.")),
        Card("jobs", bi("Việc nền", "Jobs"), bi(
            "Những việc hệ thống tự làm theo giờ, kết quả lần gần nhất, chạy ngay.",
            "What the system does by the clock, how the last run went, run now."), can_run_system),
        Card("system-health", bi("Sức khỏe hệ thống", "System health"), bi(
            "Kiểm tra cấu hình, dung lượng, sao lưu, phiên bản, kèm cách xử lý.",
            "Configuration, sizes, backup and versions, with what to do."), can_run_system),
    )),
    (bi("Cho người làm phần mềm", "For makers of software"), (
        Card("api-docs", bi("Giao diện lập trình", "Programming interface"), bi(
            "Tài liệu API phiên bản 1.", "The documentation of the API, version 1.")),
        Card("gallery", bi("Thành phần giao diện", "Component gallery"), bi(
            "Mọi thành phần của trang ở mọi trạng thái.", "Every component of the pages in every state.")),
    )),
)  # fmt: skip


@require_safe
@allow(can_administer)
def home(request: HttpRequest) -> HttpResponse:
    """The parts that the reader may open, in groups; a figure stands at the card that it calls to."""
    actor = actor_of(request)
    figures = dict(_figures(actor))
    groups = [(title, [(card, figures.get(card.name)) for card in cards if card.who(actor)]) for title, cards in GROUPS]
    return render(request, "administration/home.html", {"groups": groups})


def _figures(actor: Actor) -> Iterator[tuple[str, tuple[Any, bool]]]:
    """For a card its figure in words, and whether it calls for somebody."""
    facts, _ = uncertain.totals(uncertain.facts_for(actor))
    yield "uncertain-facts", (bi("{n} điều", "{n} facts").format(n=facts), False)
    counts = outbox.count_by_state()
    failing = counts[State.FAILING]
    if failing:
        yield "messages", (bi("{n} thông điệp gửi lỗi", "{n} messages failed").format(n=failing), True)
    else:
        waiting = bi("{n} thông điệp đang chờ", "{n} messages waiting").format(n=counts[State.WAITING])
        yield "messages", (waiting, False)
    if can_run_system(actor):
        failed = jobs.failed_last()
        if failed:
            yield "jobs", (bi("{n} việc lỗi lần gần nhất", "{n} jobs failed last time").format(n=failed), True)
        bad = sum(not one.ok for one in health.findings())
        well = bi("không thấy lỗi nào", "no fault found")
        yield "system-health", (bi("{n} điều cần xử lý", "{n} to mend").format(n=bad) if bad else well, bool(bad))
