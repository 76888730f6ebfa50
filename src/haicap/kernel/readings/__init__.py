"""Who looked at a person's data, when and what for: noted by the statement that begins the reading.

The note is written before the transaction becomes read-only, and only for what the actor may see; a view that then
refuses takes it back with everything else. Source: Law 91/2025/QH15 on personal data (log of access).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import TextChoices

from haicap.kernel import clock
from haicap.kernel.language import bi

FURTHEST_ID: Final = 2**63 - 1
LONGEST: Final = 300  # characters of a purpose


class Door(TextChoices):
    """By which way somebody looked."""

    PAGE = "page", bi("Trang hồ sơ", "The dossier's page")
    API = "api", bi("Phần mềm khác (API)", "Another program (API)")
    PAPER = "paper", bi("In phiếu", "A printed paper")
    FILE = "file", bi("Mở tệp đính kèm", "An attached file")
    COUNTER = "counter", bi("Dùng lại thông tin tại quầy", "Data used again at the counter")
    EXPORT = "export", bi("Xuất dữ liệu theo yêu cầu", "Data given out on request")
    RECORD = "record", bi("Trang hồ sơ cán bộ", "The staff record's page")
    SEARCH = "search", bi("Tìm bằng số định danh", "A search by ID number")
    TABLE = "table", bi("Danh sách, bảng tính tải về", "A list or spreadsheet taken away")


class Purpose(TextChoices):
    """What somebody says they look for."""

    WORK = "work", bi("Giải quyết hồ sơ", "Work on the dossier")
    CONTACT = "contact", bi("Liên hệ người nộp", "Reaching the applicant")
    REQUEST = "request", bi("Theo yêu cầu của chính người đó", "The person asked for it")
    CHECK = "check", bi("Kiểm tra, giám sát", "Inspection")


@dataclass(frozen=True, kw_only=True)
class Note:
    """One look at the record of an entry, named by its `code` or by one of its attachments (`file`); or at a record of
    another kind, named by `subject` ("official:7") as the room that has such records tells the database.

    `whole`: nothing was masked. `purpose`: a value of Purpose or the officer's own words; `detail`: which paper.
    """

    door: Door
    code: str = ""
    file: int = 0
    subject: str = ""
    whole: bool = False
    purpose: str = ""
    detail: str = ""

    def as_json(self, roles: Iterable[str], unit_name: str) -> dict[str, Any]:
        """What the SQL function `readings_note` reads; who looks, it takes from the transaction."""
        return {
            "door": self.door.value, "code": self.code, "file": self.file if self.file <= FURTHEST_ID else 0,
            "subject": self.subject, "whole": self.whole, "purpose": self.purpose[:LONGEST], "detail": self.detail[:LONGEST],
            "post": "+".join(sorted(roles)), "unit_name": unit_name, "at": clock.now().isoformat(),
        }  # fmt: skip
