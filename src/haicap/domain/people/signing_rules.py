"""Digital signatures: the life of a certificate, who must be able to sign, and why somebody cannot on a day.

Digital signatures of the public service come from the Authority of Digital Certification and Information Security
(Cục Chứng thực số và Bảo mật thông tin) of the Government Cipher Committee: Decree 68/2024/NĐ-CP, Decree 23/2025/NĐ-CP,
Circular 15/2025/TT-BKHCN. A leader signs with a personal key, then the clerk with the agency's (Decree 30/2020/NĐ-CP).
No database here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import TextChoices

from haicap.domain.people.blocks import Block
from haicap.kernel import clock
from haicap.kernel.language import bi

ISSUER: Final = "Cục Chứng thực số và Bảo mật thông tin"
WARN_DAYS: Final = (60, 30, 7)
"""So many days before a certificate's end its holder and the administrator are told, once each."""


class State(TextChoices):
    """Where a certificate stands; whether its days have passed is told by its dates."""

    REQUESTED = "requested", bi("Đã đề nghị", "Requested")
    SENT = "sent", bi("Đã gửi cơ quan cấp", "Sent to the issuer")
    ISSUED = "issued", bi("Đã cấp", "Issued")
    BLOCKED = "blocked", bi("Đã khóa, chờ thu hồi", "Blocked, to be revoked")
    REVOKED = "revoked", bi("Đã thu hồi", "Revoked")
    WITHDRAWN = "withdrawn", bi("Đã rút đề nghị", "Request withdrawn")


MOVES: Final[Mapping[str, tuple[frozenset[State], State]]] = {
    "send": (frozenset({State.REQUESTED}), State.SENT),
    "issue": (frozenset({State.REQUESTED, State.SENT}), State.ISSUED),
    "withdraw": (frozenset({State.REQUESTED, State.SENT}), State.WITHDRAWN),
    "block": (frozenset({State.ISSUED}), State.BLOCKED),
    "revoke": (frozenset({State.ISSUED, State.BLOCKED}), State.REVOKED),
}
OPEN: Final = (State.REQUESTED, State.SENT)
IN_FORCE: Final = (State.ISSUED, State.BLOCKED)


class Why(TextChoices):
    """Why a certificate is to be revoked."""

    COMPROMISED = "compromised", bi("Lộ khóa bí mật", "Key compromised")
    DEVICE_LOST = "device_lost", bi("Mất, hỏng thiết bị", "Device lost or broken")
    LEFT_POST = "left_post", bi("Thôi vị trí", "Left the post")
    CHANGED = "changed", bi("Đổi thông tin chủ thể", "The subject's facts changed")
    OTHER = "other", bi("Lý do khác", "Other reason")


class Carrier(TextChoices):
    """What holds the key."""

    TOKEN = "usb_token", bi("USB Token", "USB token")
    SIM = "sim", bi("SIM PKI", "SIM")
    REMOTE = "remote", bi("Ký số từ xa", "Remote signing")


class Cannot(TextChoices):
    """Why a post cannot sign on a day, the gravest first."""

    VACANT = "vacant", bi("Chưa có người giữ vị trí", "Nobody in the post")
    NONE = "none", bi("Chưa có chứng thư số", "No certificate")
    PENDING = "pending", bi("Đã đề nghị, chưa được cấp", "Requested, not issued yet")
    REVOKED = "revoked", bi("Đã bị thu hồi", "Revoked")
    BLOCKED = "blocked", bi("Đã khóa, chờ thu hồi", "Blocked, to be revoked")
    HELD = "held", bi("Nơi cấp tạm dừng", "Suspended by its issuer")
    UNTRUSTED = "untrusted", bi("Không tin cậy được nơi cấp", "Its issuer cannot be trusted")
    DEVICE_LOST = "device_lost", bi("Mất thiết bị", "Device lost")
    EXPIRED = "expired", bi("Đã hết hạn", "Expired")
    EXPIRES_TODAY = "expires_today", bi("Hết hạn trong ngày", "Expires that day")
    NOT_YET = "not_yet", bi("Chưa đến ngày hiệu lực", "Not valid yet")
    ABSENT = "absent", bi("Vắng mặt", "Absent")


# Posts that must sign, by block: leaders and heads sign papers of the People's Committee and its bodies, the standing
# members of the People's Council its papers; the clerk puts the agency's signature (Decree 30/2020/NĐ-CP, articles 12–15).
LEADERS: Final[Mapping[str, frozenset[str]]] = {
    Block.COMMITTEE: frozenset({"chair", "deputy", "head"}),
    Block.COUNCIL: frozenset({"chair", "deputy"}),
}
COUNCIL_BODIES: Final = frozenset({"council_standing"})
CLERK: Final = "clerk"
AGENCY_BODY: Final = "committee"
"""The body whose certificate the unit's clerk signs with."""


@dataclass(frozen=True, slots=True)
class Held:
    """What decides whether a certificate serves on a day."""

    state: str
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    device_lost: bool = False
    suspended: bool = False  # by the issuer's revocation list, until it says otherwise
    untrusted: bool = False  # its path to a trusted issuer is broken; one that nobody has checked is not


def must_sign(block: str, body_key: str, post_key: str) -> bool:
    """True for a post whose holder signs with a key of their own."""
    if block == Block.COUNCIL and body_key not in COUNCIL_BODIES:
        return False
    return post_key in LEADERS.get(block, frozenset())


def cannot_sign(held: Held | None, day: date, *, absent: bool = False) -> Cannot | None:
    """Why a certificate does not serve for the whole of `day` (a day of Vietnam); None where it does."""
    if held is None or held.state == State.WITHDRAWN:
        return Cannot.NONE
    if held.state in OPEN:
        return Cannot.PENDING
    if held.state == State.REVOKED:
        return Cannot.REVOKED
    if held.state == State.BLOCKED:
        return Cannot.BLOCKED
    if held.suspended or held.untrusted:
        return Cannot.HELD if held.suspended else Cannot.UNTRUSTED
    if held.device_lost:
        return Cannot.DEVICE_LOST
    begins = datetime.combine(day, time.min, clock.ZONE)
    ends = begins + timedelta(days=1)
    if held.valid_to is None or held.valid_to <= begins:
        return Cannot.EXPIRED
    if held.valid_to < ends:
        return Cannot.EXPIRES_TODAY
    if held.valid_from is None or held.valid_from >= ends:
        return Cannot.NOT_YET
    return Cannot.ABSENT if absent else None


def stage(valid_to: datetime, today: date) -> int | None:
    """Which warning is due: the smallest of WARN_DAYS that is left or more than left; None before the first, and after."""
    left = (clock.local(valid_to).date() - today).days
    return next((days for days in sorted(WARN_DAYS) if 0 <= left <= days), None)


def blocks_at_once(why: str) -> bool:
    """True where nobody may sign from this moment: the key may be in foreign hands."""
    return why in (Why.COMPROMISED, Why.DEVICE_LOST)


def label_of(why: Cannot | None) -> Any:
    """In words; None is well."""
    return why.label if why else bi("Ký được", "Can sign")
