"""How the installation is, for a page: what the doctor finds, and figures of database, disk, backup, seals and versions.

Each part is bounded: catalogue look-ups and one look at a disk, no scan of any table.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from haicap import __version__
from haicap.flows import checkup, growth
from haicap.flows.checkup import Finding
from haicap.flows.growth import Growth
from haicap.kernel import clock
from haicap.kernel.audit.models import Seal
from haicap.kernel.db import backup, health, home
from haicap.kernel.language import bi, bi_format, choose

COPY_IS_OLD = timedelta(days=2)
NAMES = {
    "secret key": bi("Khóa bí mật", "Secret key"),
    "cookies": bi("Cookie", "Cookies"),
    "limits per address": bi("Giới hạn theo địa chỉ", "Limits per address"),
    "virus scanner": bi("Phần mềm diệt virus", "Virus scanner"),
    "files directory": bi("Thư mục tệp", "Files directory"),
    "disk space": bi("Chỗ trống trên đĩa", "Disk space"),
    "database": bi("Cơ sở dữ liệu", "Database"),
    "application's role": bi("Quyền của ứng dụng trong cơ sở dữ liệu", "The application's role"),
    "row-level security": bi("Bảo vệ từng dòng dữ liệu", "Row-level security"),
    "migrations": bi("Cấu trúc dữ liệu", "Migrations"),
    "table of moves": bi("Bảng bước xử lý", "Table of moves"),
    "working calendar": bi("Lịch làm việc", "Working calendar"),
    "worker": bi("Tiến trình nền", "Worker"),
    "backup": bi("Sao lưu", "Backup"),
}

_MIGRATE = bi("Chạy ./haicap migrate trên máy chủ.", "Run ./haicap migrate on the server.")
CURES = {
    "secret key": bi("Đặt HAICAP_SECRET_KEY là một chuỗi ngẫu nhiên từ 40 ký tự.", "Set HAICAP_SECRET_KEY to a random text "
                     "of 40 characters or more."),
    "cookies": bi("Dùng cấu hình vận hành thật: HAICAP_SETTINGS=production.", "Use HAICAP_SETTINGS=production."),
    "limits per address": bi("Ghi số máy chuyển tiếp ở HAICAP_TRUSTED_PROXIES, bỏ “off” khỏi HAICAP_LIMITS.", "Give the number "
                             "of proxies in HAICAP_TRUSTED_PROXIES, take “off” out of HAICAP_LIMITS."),
    "virus scanner": bi("Khởi động clamd hoặc sửa HAICAP_CLAMD; tệp nhận trong lúc này được quét sau.", "Start clamd, or correct "
                        "HAICAP_CLAMD; files of the meantime are scanned afterwards."),
    "files directory": bi("Cho tài khoản chạy chương trình quyền ghi vào thư mục này.", "Let the program's user write there."),
    "disk space": bi("Dọn đĩa hoặc thêm dung lượng: cần trống ít nhất 2 GB.", "Make room on the disk: 2 GB at least."),
    "database": bi("Kiểm tra cơ sở dữ liệu có chạy, dùng PostgreSQL 18 (ít nhất 16), mã UTF8.", "Check that the database "
                   "runs: PostgreSQL 18, 16 at least, UTF8."),
    "application's role": bi("Cho ứng dụng kết nối bằng haicap_app, không bằng tài khoản có đặc quyền.", "Let the program "
                             "connect as haicap_app, nobody special."),
    "row-level security": _MIGRATE, "migrations": _MIGRATE, "table of moves": _MIGRATE,
    "working calendar": bi("Nhập ngày nghỉ của năm này ở Lịch làm việc.", "Enter this year's days off in the calendar."),
    "worker": bi("Khởi động ./haicap worker trên máy chủ.", "Start ./haicap worker on the server."),
    "backup": bi("Mỗi đêm chạy ./haicap backup DIR, rồi chép DIR sang máy khác.", "Run ./haicap backup DIR each night, and "
                 "copy DIR to another machine."),
}  # fmt: skip


@dataclass(frozen=True)
class Copied:
    """The last backup that was made from here."""

    at: datetime
    where: str
    size: int


@dataclass(frozen=True)
class Health:
    """The figures; sizes in bytes."""

    findings: tuple[Finding, ...]
    version: str
    postgresql: str
    migrations: int
    database_size: int
    tables: tuple[tuple[str, int], ...]
    disk_free: int
    disk_total: int
    copied: Copied | None
    sealed_on: date | None
    sealed_at: datetime | None
    growth: Growth

    @property
    def bad(self) -> tuple[Finding, ...]:
        """What is not well."""
        return tuple(one for one in self.findings if not one.ok)


def look() -> Health:
    """Everything at once: about sixteen short statements."""
    copied = last_copied()
    free = shutil.disk_usage(home.home())
    seal = Seal.objects.order_by("-through_id").first()
    version, size, applied = _database()
    return Health(
        findings=findings(), version=__version__, postgresql=version, migrations=applied,
        database_size=size, tables=_largest(), disk_free=free.free, disk_total=free.total, copied=copied,
        sealed_on=seal.day if seal else None, sealed_at=seal.sealed_at if seal else None,
        growth=growth.look(free.free),
    )  # fmt: skip


def findings() -> tuple[Finding, ...]:
    """What the doctor of `haicap check` finds, and whether a fresh backup is known."""
    return (*checkup.look(), _backup(last_copied()))


def named(finding: Finding) -> Any:
    """What a finding is about, in the reader's language."""
    return NAMES.get(finding.what, finding.what)


def cure_of(finding: Finding) -> Any:
    """What to do about it, in the reader's language; nothing where all is well."""
    return "" if finding.ok else CURES.get(finding.what, finding.cure)


def last_copied() -> Copied | None:
    """The last backup that `haicap backup` made from this installation."""
    mark = backup.last_copy(home.home())
    if mark is None:
        return None
    return Copied(datetime.fromisoformat(mark["made_at"]), str(mark.get("where", "")), int(mark.get("bytes", 0)))


def size_text(size: int) -> str:
    """A size as people say it: 1,4 GB; with a decimal point in English."""
    amount, unit = float(size), "B"
    for larger in ("KB", "MB", "GB", "TB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    text = f"{amount:.1f}" if unit != "B" and amount < 100 else f"{amount:.0f}"
    return f"{choose(text.replace('.', ','), text)} {unit}"


def added_text(size: int) -> str:
    """What was added, with its sign: +1,4 GB, −20 MB, 0 B."""
    return f"{'+' if size > 0 else '−' if size < 0 else ''}{size_text(abs(size))}"


def _backup(copied: Copied | None) -> Finding:
    seen = bi("chưa làm bản nào từ máy này", "none made from here")
    if copied is not None:
        seen = bi_format(bi("làm lúc {at}", "made {at}"), at=f"{clock.local(copied.at):%d/%m/%Y %H:%M}")
    fresh = copied is not None and clock.now() - copied.at <= COPY_IS_OLD
    return Finding("backup", fresh, seen, "run ./haicap backup DIR each night, and copy DIR to another machine")


def _database() -> tuple[str, int, int]:
    """Version, size in bytes, and how many of this version's migrations are applied."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), pg_database_size(current_database())")
        version, size = cursor.fetchone()
    return str(version), int(size), len(health.shipped_migrations()) - len(health.missing_migrations())


def _largest() -> tuple[tuple[str, int], ...]:
    """The five largest tables with their indexes, by the database's catalogue."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname::text, pg_total_relation_size(oid) FROM pg_class WHERE relkind IN ('r', 'p') "
            "AND relnamespace = 'public'::regnamespace ORDER BY 2 DESC LIMIT 5"
        )
        return tuple((str(name), int(size)) for name, size in cursor.fetchall())
