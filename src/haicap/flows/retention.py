"""How long each kind of record is kept, why, and what happens then: one table, read by the page and by the daily sweep.

Source: Law on Archives 2024, article 15: permanently, or 2 to 70 years from the end of the work; Decree 30/2020/NĐ-CP for
files of work. Which term each kind of dossier has is not known here, [K]: a unit sets it, and until then the longest
temporary term counts. What is outside the archive's duty the program removes; a dossier it never removes, it lists.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.models import TextChoices

from haicap.domain.dossiers.rules import KIND
from haicap.domain.units.commands.conversion import jobs
from haicap.flows.housekeeping import LOOSE_FILES_KEPT, MESSAGES_KEPT_DAYS, REPLIES_KEPT_DAYS
from haicap.kernel import clock
from haicap.kernel.language import bi, bi_format

LISTED: Final = 50
ARCHIVES: Final = "Luật Lưu trữ 2024, Điều 15"
PRIVACY: Final = "Luật 91/2025/QH15"


class Then(TextChoices):
    """What happens when the time is over."""

    REMOVED = "removed", bi("Chương trình tự xóa", "The program removes it")
    DECIDED = "decided", bi("Liệt kê để người có thẩm quyền quyết định", "Listed for a decision")
    STAYS = "stays", bi("Không xóa", "It stays")


@dataclass(frozen=True)
class Kept:
    """One kind of record. `certain`: the term is known from a source or is this program's own; else [K]."""

    name: Any
    data: Any
    why: Any
    term: Any
    then: Then
    basis: str = ""
    certain: bool = True


@dataclass(frozen=True)
class Due:
    """A closed dossier whose time is over."""

    code: str
    procedure: str
    closed_at: datetime


def table() -> Sequence[Kept]:
    """Every kind of record, the archive's first."""
    return (*_of_the_archive(), *_beside_the_archive())


def _of_the_archive() -> tuple[Kept, ...]:
    years = bi_format(bi("{n} năm từ ngày kết thúc", "{n} years from its end"), n=settings.HAICAP_DOSSIERS_KEPT_YEARS)
    with_dossier = bi("cùng hồ sơ", "with its dossier")
    return (
        Kept(bi("Hồ sơ thủ tục hành chính và sổ theo dõi (mẫu 07)", "Dossiers and their register (form 07)"),
             bi("Họ tên, số định danh, điện thoại, thư điện tử, nơi ở, tờ khai",
                "Name, ID number, phone, e-mail, address, declaration"),
             bi("Giải quyết thủ tục; chứng cứ cho người dân và cơ quan", "The procedure; proof for person and office"),
             years, Then.DECIDED, ARCHIVES, certain=False),
        Kept(bi("Sổ từ chối tiếp nhận (mẫu 03)", "Register of refusals (form 03)"),
             bi("Như hồ sơ", "As of a dossier"), bi("Giải trình với người dân", "To answer to the person"), years,
             Then.DECIDED, ARCHIVES, certain=False),
        Kept(bi("Phiếu bổ sung, xin lỗi, dừng (mẫu 02, 04, 05)", "Supplements, apologies, stops (forms 02, 04, 05)"),
             bi("Họ tên, nội dung phiếu", "Name, text of the paper"), bi("Văn bản đã phát hành", "Papers that are out"),
             with_dossier, Then.DECIDED, ARCHIVES, certain=False),
        Kept(bi("Tệp đính kèm hồ sơ", "Files of dossiers"), bi("Bản chụp giấy tờ", "Copies of papers"),
             bi("Thành phần hồ sơ", "Part of the dossier"), with_dossier, Then.DECIDED, ARCHIVES, certain=False),
        Kept(bi("Vết thao tác (niêm phong hằng ngày)", "The trail (sealed each day)"),
             bi("Ai làm gì, lúc nào; giá trị cũ khi sửa thông tin người nộp", "Who did what; old values of corrections"),
             bi("Chứng minh không ai sửa quá khứ; xóa một dòng sẽ làm đứt chuỗi",
                "Proof that the past stands; removing a line breaks the chain"),
             bi("không thời hạn", "no end"), Then.STAYS, ARCHIVES, certain=False),
        Kept(bi("Tài khoản, vị trí và quyết định bổ nhiệm", "Accounts, posts and decisions"),
             bi("Họ tên cán bộ, vị trí", "Officers' names and posts"), bi("Ai đã ký, ai đã xử lý", "Who signed and acted"),
             bi("không thời hạn", "no end"), Then.STAYS, ARCHIVES, certain=False),
    )  # fmt: skip


def _beside_the_archive() -> tuple[Kept, ...]:
    own = bi("Dữ liệu phụ trợ, ngoài nghĩa vụ lưu trữ", "Auxiliary, outside the archive's duty")
    return (
        Kept(bi("Nhật ký xem dữ liệu cá nhân", "Log of looks at personal data"),
             bi("Vị trí, đơn vị, tên người xem, thời điểm, mục đích", "Post, unit, name of who looked, when, what for"),
             bi("Người dân được biết ai đã xem", "The person may know who looked"),
             bi_format(bi("{n} ngày", "{n} days"), n=settings.HAICAP_READINGS_KEPT_DAYS), Then.REMOVED, PRIVACY,
             certain=False),
        Kept(bi("Câu trả lời giữ cho yêu cầu gửi lại (API)", "Answers kept for repeated requests (API)"),
             bi("Hồ sơ đã che dữ liệu", "Dossiers, masked"), own,
             bi_format(bi("{n} ngày", "{n} days"), n=REPLIES_KEPT_DAYS), Then.REMOVED),
        Kept(bi("Thông điệp đã gửi đi", "Messages that have left"), bi("Mã hồ sơ, trạng thái", "Codes, states"), own,
             bi_format(bi("{n} ngày", "{n} days"), n=MESSAGES_KEPT_DAYS), Then.REMOVED),
        Kept(bi("Tệp tải lên chưa gắn vào hồ sơ nào", "Files that hang on no dossier"),
             bi("Bản chụp giấy tờ", "Copies of papers"), own, _hours(LOOSE_FILES_KEPT.total_seconds()), Then.REMOVED),
        Kept(bi("Tệp địa chỉ gửi lên để chuyển đổi, và kết quả", "Files of addresses to be converted, and results"),
             bi("Địa chỉ, và những cột khác của người gửi", "Addresses and the sender's other columns"), own,
             _hours(jobs.KEPT.total_seconds()), Then.REMOVED),
        Kept(bi("Tờ khai đang gõ dở tại quầy", "Half-typed receipts at the counter"),
             bi("Những gì đã gõ", "What was typed"), own,
             bi("14 ngày trong trình duyệt đã gõ, không lưu trên máy chủ",
             "14 days in the browser that typed it, never on the server"),
             Then.REMOVED),
        Kept(bi("Phiên đăng nhập và mã truy cập đã hết hạn", "Ended sessions and tokens"),
             bi("Tài khoản, thời điểm", "Account and times"), own, bi("chưa đặt thời hạn", "no term set yet"), Then.STAYS,
             certain=False),
        Kept(bi("Bản sao lưu", "Backups"), bi("Như dữ liệu được sao lưu", "As what was backed up"),
             bi("Khôi phục khi có sự cố", "Recovery"), bi("đơn vị tự đặt; xóa bản cũ theo lịch của mình",
             "set by the unit, which removes old ones"), Then.DECIDED, PRIVACY, certain=False),
    )  # fmt: skip


def _hours(seconds: float) -> Any:
    return bi_format(bi("{n} giờ", "{n} hours"), n=int(seconds // 3600))


def due_before(now: datetime) -> datetime:
    """Dossiers that were closed before this moment are past their time at `now` (Vietnam's days)."""
    today = clock.local(now).date()
    year = today.year - settings.HAICAP_DOSSIERS_KEPT_YEARS
    day = date(year, 2, 28) if (today.month, today.day) == (2, 29) else today.replace(year=year)
    return datetime.combine(day, time.min, tzinfo=clock.ZONE)


_PAST = """FROM entries_entry e JOIN dossiers_dossier d ON d.entry_id = e.id
WHERE e.kind = %(kind)s AND e.opened_at < %(before)s AND e.closed_at < %(before)s"""


def past_their_time(now: datetime) -> tuple[int, list[Due]]:
    """How many dossiers that the caller sees are past their time, and the oldest of them. Nothing is changed; two
    statements."""
    values = {"kind": KIND, "before": due_before(now), "limit": LISTED}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) {_PAST}", values)
        total = int(cursor.fetchone()[0])
        cursor.execute(
            f"SELECT e.code, d.procedure_code, e.closed_at {_PAST} ORDER BY e.closed_at, e.id LIMIT %(limit)s",
            values,
        )
        return total, [Due(code, procedure, clock.local(at)) for code, procedure, at in cursor.fetchall()]
