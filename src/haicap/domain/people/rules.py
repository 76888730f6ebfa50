"""Roles, agencies and what a sign-in name looks like. Only TextChoices come from Django."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from datetime import timedelta

from django.db.models import TextChoices

from haicap.kernel import vi
from haicap.kernel.language import bi


class Role(TextChoices):
    """What somebody does in an agency (Decree 118/2025/NĐ-CP for the center; Law 72/2025/QH15 for the rest)."""

    COUNTER = "counter", bi("Cán bộ một cửa", "Counter officer")
    CASE_OFFICER = "case_officer", bi("Chuyên môn", "Case officer")
    HEAD = "head", bi("Lãnh đạo phòng", "Head of office")
    CHAIR = "chair", bi("Chủ tịch", "Chair")
    CLERK = "clerk", bi("Văn thư", "Clerk")
    ADMINISTRATOR = "administrator", bi("Quản trị", "Administrator")
    OPERATIONS = "operations", bi("Điều hành", "Operations center")
    DEPARTMENT = "department", bi("Chuyên viên sở", "Department officer")
    SUPPORT = "support", bi("Hỗ trợ kỹ thuật", "Technical support")  # no office of the law: whoever mends the software


class Verdict(TextChoices):
    """What became of an administrator's request to take a colleague's lost second factor off."""

    WAITING = "", bi("Đang chờ", "Waiting")
    CONFIRMED = "confirmed", bi("Đã xác nhận", "Confirmed")
    REFUSED = "refused", bi("Đã từ chối", "Refused")
    WITHDRAWN = "withdrawn", bi("Đã rút", "Withdrawn")


class AgencyKind(TextChoices):
    """The agencies of a commune (Decree 150/2025/NĐ-CP, Decree 118/2025/NĐ-CP) and of a province."""

    COMMITTEE = "committee", bi("Ủy ban nhân dân", "People's Committee")
    CENTER = "center", bi("Trung tâm Phục vụ hành chính công", "Public Administrative Service Center")
    OFFICE = "office", bi("Văn phòng HĐND và UBND", "Office of the People's Council and Committee")
    ECONOMY = "economy", bi("Phòng Kinh tế", "Economic Division")
    CULTURE_SOCIAL = "culture_social", bi("Phòng Văn hóa – Xã hội", "Culture and Social Affairs Division")
    POLICE = "police", bi("Công an", "Police")
    OPERATIONS = "operations", bi("Trung tâm điều hành", "Operations Center")
    SO_TU_PHAP = "so-tu-phap", bi("Sở Tư pháp", "Department of Justice")
    SO_TAI_CHINH = "so-tai-chinh", bi("Sở Tài chính", "Department of Finance")
    SO_XAY_DUNG = "so-xay-dung", bi("Sở Xây dựng", "Department of Construction")
    SO_NONG_NGHIEP_MOI_TRUONG = (
        "so-nong-nghiep-moi-truong",
        bi("Sở Nông nghiệp và Môi trường", "Department of Agriculture and Environment"),
    )
    SO_Y_TE = "so-y-te", bi("Sở Y tế", "Department of Health")
    SO_NOI_VU = "so-noi-vu", bi("Sở Nội vụ", "Department of Home Affairs")
    SO_GIAO_DUC = "so-giao-duc", bi("Sở Giáo dục và Đào tạo", "Department of Education and Training")
    SO_CONG_THUONG = "so-cong-thuong", bi("Sở Công Thương", "Department of Industry and Trade")
    SO_VAN_HOA = "so-van-hoa", bi("Sở Văn hóa, Thể thao và Du lịch", "Department of Culture, Sports and Tourism")
    SO_KHOA_HOC = "so-khoa-hoc", bi("Sở Khoa học và Công nghệ", "Department of Science and Technology")


COMMUNE_AGENCIES = (
    AgencyKind.COMMITTEE,
    AgencyKind.CENTER,
    AgencyKind.OFFICE,
    AgencyKind.ECONOMY,
    AgencyKind.CULTURE_SOCIAL,
    AgencyKind.POLICE,
)
PROVINCE_AGENCIES = (
    AgencyKind.COMMITTEE,
    AgencyKind.OPERATIONS,
    *(kind for kind in AgencyKind if kind.value.startswith("so-")),
)

# Seeing a whole unit: a department's officer sees only what came to the department.
UNIT_WIDE_ROLES = frozenset(
    {Role.COUNTER, Role.CASE_OFFICER, Role.HEAD, Role.CHAIR, Role.CLERK, Role.ADMINISTRATOR, Role.OPERATIONS}
)
# Seeing every commune of the province.
PROVINCE_WIDE_ROLES = frozenset({Role.OPERATIONS, Role.ADMINISTRATOR})
# Who answers for a post that nobody in the unit holds: the first of these that somebody there is.
STANDS_IN = (Role.CHAIR, Role.HEAD, Role.ADMINISTRATOR)
_AT_WORK = (Role.COUNTER, Role.CASE_OFFICER, Role.HEAD, Role.CHAIR, Role.CLERK)

# Where people are appointed to which roles; every other office of a unit: heads, case officers, clerks.
_IN_AN_OFFICE = (Role.HEAD, Role.CASE_OFFICER, Role.CLERK)
_ROLES_IN: Mapping[str, tuple[Role, ...]] = {
    "committee": (Role.CHAIR, Role.HEAD, Role.CASE_OFFICER, Role.CLERK, Role.ADMINISTRATOR),
    "center": (Role.COUNTER, Role.HEAD, Role.CASE_OFFICER, Role.CLERK),
    "operations": (Role.OPERATIONS, Role.SUPPORT),
}
SIGN_IN_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{2,59}")
LONGEST_FULL_NAME, LONGEST_NUMBER, LONGEST_NAME_PART = 80, 60, 40
_EASY_TO_READ = "abcdefghjkmnpqrstuvwxyz23456789"

SESSION_LIFE = timedelta(hours=12)
PASSWORDS_ALLOWED = 10  # wrong ones of one source for one name before each pause
PAUSES = tuple(timedelta(minutes=m) for m in (5, 10, 20, 40, 60))  # the last one repeats until a right answer

SECOND_STEP_LIFE = timedelta(minutes=5)  # between the password and the code
RECOVERY_CODES = 10
CODES_ALLOWED = 5  # wrong ones before each pause
CHALLENGE_LIFE = timedelta(minutes=5)  # between a passkey's challenge and its answer
PASSKEYS_MOST = 10  # of one account
LONGEST_PASSKEY_NAME = 60
RESET_LIFE = timedelta(days=1)  # between one administrator's request and the other's confirmation
GIVEN_LATELY = timedelta(days=7)  # whom the asker gave a password no longer ago does not confirm for them
REASON_LEAST, REASON_MOST = 10, 500
PASSWORD_LEAST, PASSWORD_MOST = 12, 500

SUPPORT_HOURS_MOST, SUPPORT_REASON_LEAST, SUPPORT_REASON_MOST = 8, 10, 500
SUPPORT_ASKED_FOR = timedelta(hours=24)  # what nobody answered by then has lapsed
ACTOR_LIFE = timedelta(seconds=20)  # how long a web process keeps who somebody is
SUPPORT_DELAY = ACTOR_LIFE + timedelta(seconds=5)  # so every page of the unit says so before the first view


def agency_name(kind: str, unit_name: str, *, ward: bool = False) -> str:
    """The Vietnamese name of an agency of a unit, for example "Ủy ban nhân dân xã Chiềng Khoong".

    A ward's economic division is "Phòng Kinh tế, Hạ tầng và Đô thị" (Decree 150/2025/NĐ-CP).
    """
    if kind.startswith("so-"):
        return f"{_VI[kind]} {_lowered(unit_name)}"
    name = "Phòng Kinh tế, Hạ tầng và Đô thị" if ward and kind == AgencyKind.ECONOMY else _VI[kind]
    return f"{name} {_lowered(unit_name)}"


def roles_at_work(kind: str) -> tuple[Role, ...]:
    """The roles that work may wait for in an agency of `kind`."""
    return (Role.DEPARTMENT,) if kind.startswith("so-") else _AT_WORK


def roles_in(kind: str) -> tuple[Role, ...]:
    """The roles to which somebody may be appointed in an agency of `kind`."""
    if kind.startswith("so-"):
        return (Role.DEPARTMENT,)
    return _ROLES_IN.get(kind, _IN_AN_OFFICE)


def proposed_name(full_name: str, unit_code: str) -> str:
    """The sign-in name for somebody of a unit: "Lò Thị Ánh" of 03664 gives "lothianh-03664"."""
    letters = "".join(letter for letter in vi.fold(full_name) if letter.isascii() and letter.isalnum())
    return f"{letters[:LONGEST_NAME_PART] or 'canbo'}-{unit_code}"


def first_password() -> str:
    """A password to be handed over on paper: 12 letters and digits (59 bits), none that is read for another."""
    letters = [secrets.choice(_EASY_TO_READ) for _ in range(12)]
    return "-".join("".join(letters[at : at + 4]) for at in (0, 4, 8))


def at_home(kind: str, own: Mapping[str, int]) -> int | None:
    """Which of a unit's `own` agencies (kind → id) goes on with the work of one of `kind`: that of the same kind, else the
    center, else the committee, else any; None where the unit has none."""
    for wanted in (kind, AgencyKind.CENTER.value, AgencyKind.COMMITTEE.value):
        if wanted in own:
            return own[wanted]
    return min(own.values(), default=None)


def pause_after(failures: int, allowed: int = CODES_ALLOWED) -> timedelta | None:
    """How long to wait after this many wrong answers since the last right one; None for not at all.

    At most 5 codes an hour in the long run: 3 codes of a million are right at a time, so guessing takes years.
    """
    pauses, rest = divmod(failures, allowed)
    return None if rest or not pauses else PAUSES[min(pauses, len(PAUSES)) - 1]


def counts_on(kept: int, said: int) -> bool:
    """True where a passkey that says that it signed `said` times may be the one that had said `kept`: a counter only
    grows, and keys that live on several devices do not count at all (WebAuthn Level 3, 6.1.1)."""
    return said > kept or said == kept == 0


def is_the_name(password: str, name: str) -> bool:
    """True for a password that is the account's name, whatever its case and signs, once or more in a row."""
    said, own = ("".join(c for c in text.casefold() if c.isalnum()) for text in (password, name))
    return bool(own) and not said.replace(own, "")


def _lowered(unit_name: str) -> str:
    return unit_name[:1].lower() + unit_name[1:]


_VI: dict[str, str] = {
    "committee": "Ủy ban nhân dân",
    "center": "Trung tâm Phục vụ hành chính công",
    "office": "Văn phòng HĐND và UBND",
    "economy": "Phòng Kinh tế",
    "culture_social": "Phòng Văn hóa – Xã hội",
    "police": "Công an",
    "operations": "Trung tâm điều hành thông minh",
    **{
        str(kind.value): str(kind.label) for kind in AgencyKind if kind.value.startswith("so-")
    },  # Vietnamese by default
}
