"""The doctor: what this installation needs, looked at one by one, each fault with its cure. Changes nothing."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections

from haicap.flows.setup import legal_moves
from haicap.kernel import clock
from haicap.kernel.calendar import queries as calendar
from haicap.kernel.db import health, home
from haicap.kernel.entries.rules import with_hand_over
from haicap.kernel.files.commands import scanner
from haicap.kernel.files.queries import scan_counts
from haicap.kernel.files.scanner import ScannerAway
from haicap.kernel.language import bi, bi_format
from haicap.kernel.limits.rules import Door
from haicap.kernel.limits.web import limits
from haicap.kernel.outbox import queries as outbox
from haicap.kernel.outbox import rules

LEAST_FREE = 2 * 2**30
SHORTEST_SECRET = 40
# Tables with a unit that everybody may read: they say who is where, not what is done for whom.
PUBLIC_TABLES = frozenset({"people_agency", "people_body", "units_alias"})


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `what`, whether it is well, what was seen (bilingual), and what to do where it is not."""

    what: str
    ok: bool
    seen: Any
    cure: str = ""


def look() -> Iterator[Finding]:
    """Every finding in the order of a mechanic: settings, disk, database, facts. A database that is down ends it early."""
    yield from _settings()
    yield from _disk()
    for part in (_connection, _role, _guards, _migrations, _moves, _calendar, _worker, _scanner):
        try:
            yield part()
        except DatabaseError as error:
            yield Finding(_NAMES[part], False, _line(error), "check that the database runs, then ./haicap migrate")
            if part is _connection:
                return


def _settings() -> Iterator[Finding]:
    secret = settings.SECRET_KEY
    yield Finding(
        "secret key", len(secret) >= SHORTEST_SECRET, _said("{n} ký tự", "{n} characters", n=len(secret)),
        f"set HAICAP_SECRET_KEY (or HAICAP_SECRET_KEY_FILE) to a random text of {SHORTEST_SECRET} characters or more",
    )  # fmt: skip
    production = not settings.HAICAP_DEMO
    yield Finding(
        "cookies", not production or settings.CSRF_COOKIE_SECURE,
        bi("chỉ gửi qua TLS", "over TLS only") if production else bi("cấu hình trình diễn", "demonstration settings"),
        "use the settings of production: HAICAP_SETTINGS=production",
    )  # fmt: skip
    proxies, limited = settings.HAICAP_TRUSTED_PROXIES, len(limits())
    yield Finding(
        "limits per address", not production or (proxies > 0 and limited == len(Door)),
        _said("{n} trên {all} cửa, sau {proxies} máy chuyển tiếp tin cậy", "{n} of {all} doors, behind {proxies} trusted proxies",
              n=limited, all=len(Door), proxies=proxies),
        "name the number of proxies in HAICAP_TRUSTED_PROXIES, and take “off” out of HAICAP_LIMITS",
    )  # fmt: skip


def _disk() -> Iterator[Finding]:
    folder = home.private_directory(home.private_directory(home.home()) / "files")
    probe = folder / f".probe-{os.getpid()}-{uuid.uuid4().hex}"
    try:
        probe.write_bytes(b"x")
        probe.unlink()
        yield Finding("files directory", True, str(folder))
    except OSError as error:
        yield Finding("files directory", False, str(error), f"let this user write in {folder}")
    free = shutil.disk_usage(folder).free
    yield Finding(
        "disk space",
        free >= LEAST_FREE,
        _said(
            "còn trống {vi} GiB", "{en} GiB free", en=f"{free / 2**30:.1f}", vi=f"{free / 2**30:.1f}".replace(".", ",")
        ),
        f"make room on the disk of {_mount(folder)}",
    )


def _scanner() -> Finding:
    """Without a scanner all is well by what was wished for, and it is said."""
    found = scanner()
    if found is None:
        return Finding(
            "virus scanner",
            True,
            _said(
                "chưa đặt (HAICAP_CLAMD): tệp được nhận, ghi là chưa quét",
                "none is set (HAICAP_CLAMD): files are taken in as not scanned",
            ),
        )
    cure = "start clamd, or correct HAICAP_CLAMD; until then files are taken in as not scanned and scanned afterwards"
    try:
        found.ping()
    except (ScannerAway, ValueError) as away:
        return Finding("virus scanner", False, str(away), cure)
    waiting = scan_counts().waiting
    return Finding(
        "virus scanner",
        True,
        _said(
            "trả lời ở {where}, {n} tệp đang chờ quét",
            "answers on {where}, {n} files wait for it",
            where=found.address,
            n=waiting,
        ),
    )


def _connection() -> Finding:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), getdatabaseencoding()")
        version, encoding = cursor.fetchone()
    well = int(version.split(".")[0]) >= 16 and encoding == "UTF8"
    return Finding(
        "database", well, f"PostgreSQL {version}, {encoding}", "use PostgreSQL 18 (16 at least) with encoding UTF8"
    )


def _role() -> Finding:
    role = health.role_facts()
    faults = [
        *([_said("là superuser", "is a superuser")] if role.superuser else []),
        *([_said("có BYPASSRLS", "has BYPASSRLS")] if role.bypasses_rls else []),
        *(
            [_said("sở hữu {tables}", "owns {tables}", tables=", ".join(role.owned_tables[:3]))]
            if role.owned_tables
            else []
        ),
        *([] if health.is_application_role(role.name) else [_said("không phải haicap_app", "is not haicap_app")]),
    ]
    return Finding(
        "application's role", not faults, _joined(role.name, faults),
        "connect as haicap_app: DATABASE_URL for the owner makes it, or name the owner in HAICAP_OWNER_DATABASE_URL",
    )  # fmt: skip


def _guards() -> Finding:
    bare = [table for table in health.unguarded_tables() if table not in PUBLIC_TABLES]
    return Finding(
        "row-level security", not bare, _said("thiếu ở {tables}", "missing on {tables}", tables=", ".join(bare)) if bare else
        _said("ở mọi bảng có dòng của một đơn vị", "on every table of a unit's rows"),
        "run ./haicap migrate; where it stays, the program has a fault: report it",
    )  # fmt: skip


def _migrations() -> Finding:
    missing = health.missing_migrations()
    return Finding(
        "migrations",
        not missing,
        _said("thiếu {n}", "{n} missing", n=len(missing)) if missing else _said("đã chạy đủ", "all applied"),
        "run ./haicap migrate",
    )


def _moves() -> Finding:
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT kind, name, from_state, to_state FROM entries_rule")
        known = set(cursor.fetchall())
    wanted = with_hand_over(legal_moves())
    missing, past = wanted - known, known - wanted
    seen = (_said("thiếu {n} quy tắc", "{n} rules missing", n=len(missing)) if missing
            else _said("{n} quy tắc", "{n} rules", n=len(known) - len(past)))  # fmt: skip
    kept = [_said("{n} quy tắc giữ cho bước đã qua", "{n} kept for moves of the past", n=len(past))] if past else []
    return Finding(
        "table of moves", not missing, _joined(seen, kept, ", "),
        "run ./haicap migrate",
    )  # fmt: skip


def _calendar() -> Finding:
    year = clock.today().year
    days = calendar.days_between(date(year, 1, 1), date(year, 12, 31)).count()
    return Finding(
        "working calendar", days > 0,
        _said("{n} ngày đặc biệt trong năm {year}", "{n} exceptional days in {year}", n=days, year=year) if days else
        _said("chưa có gì của năm {year}", "knows nothing of {year}", year=year),
        f"run ./haicap migrate, or enter the days off of {year} as announced",
    )  # fmt: skip


def _worker() -> Finding:
    silence = outbox.worker_silence()
    alive = silence is not None and silence <= rules.SILENCE
    seen = _said("chưa chạy lần nào", "never started") if silence is None else _said(
        "trả lời lần cuối {n} giây trước", "last heard {n} s ago", n=int(silence.total_seconds()))  # fmt: skip
    start = _said("(./haicap serve hoặc ./haicap worker để chạy)", "(./haicap serve or ./haicap worker starts it)")
    # A doctor is called before the patient gets up: a worker that does not run yet is told, not held against anybody.
    return Finding("worker", True, seen if alive else _joined(seen, [start]))


def _said(vietnamese: str, english: str, **facts: Any) -> Any:
    return bi_format(bi(vietnamese, english), **facts)


def _joined(first: Any, rest: Sequence[Any], mark: str = " ") -> Any:
    """`first`, then `mark` and the rest with commas, put together in the reader's language."""
    named = {f"p{place}": one for place, one in enumerate(rest)}
    shape = ", ".join(f"{{{name}}}" for name in named)
    return bi_format(f"{{first}}{mark if rest else ''}{shape}", first=first, **named)


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:200]


def _mount(path: Path) -> str:
    while not path.is_mount() and path != path.parent:
        path = path.parent
    return str(path)


_NAMES: dict[Callable[[], Finding], str] = {
    _connection: "database", _role: "application's role", _guards: "row-level security", _migrations: "migrations",
    _moves: "table of moves", _calendar: "working calendar", _worker: "worker", _scanner: "virus scanner",
}  # fmt: skip
