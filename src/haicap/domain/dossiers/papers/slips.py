"""What stands on each form of Circular 03/2025/TT-VPCP, annex I: frozen values, ready to print.

Every moment is aware; it is printed on Vietnam's wall clock. An empty text prints as a dotted line to write on wherever
the form has a place for it; a number that is None prints as “…” and is written in by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Timing(StrEnum):
    """How a step stood against its own deadline; the one who takes over says it (form 06)."""

    EARLY = "early"
    ON_TIME = "on_time"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Top of every form (Decree 30/2020/NĐ-CP, annex I).

    `parent` is the body above (may be empty), `agency` the body that issues, both under the names of the day of issue;
    `place` the name of place before the date; `synthetic` marks demonstration data on the paper; `now`: the unit's name of
    that day with today's, where they differ, for the foot of the page.
    """

    parent: str
    agency: str
    place: str
    synthetic: bool = False
    now: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person or organisation on a form: `identity` is the personal or organisation number (số định danh)."""

    name: str
    identity: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedPaper:
    """One line of the list of papers handed in, with the number of originals and of copies."""

    name: str
    originals: int = 0
    copies: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Common to all forms: who issues it, its number within the book, and the moment it was made."""

    head: Letterhead
    issued_at: datetime
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptSlip(Slip):
    """Form 01, Giấy tiếp nhận hồ sơ và hẹn trả kết quả (…/TTPVHCC). A4, given to the submitter.

    `principal` and `authorisation` (the paper that proves it) are for a submitter who acts for somebody else.
    `resolver` is the agency that decides when it is not the one that receives; the clock then starts there (Decree
    118/2025/NĐ-CP). `time_limit` is the limit of the procedure's version in words (“03 ngày làm việc”). `fee` is in
    đồng, 0 means free of charge, None leaves the line out. `tracking_url` goes into the QR code whole and is printed
    without what follows its question mark; `secret` is the slip's secret code.
    """

    dossier_code: str
    applicant: Party
    content: str
    papers: tuple[ListedPaper, ...]
    time_limit: str
    received_at: datetime
    due_at: datetime | None
    return_by: str
    tracking_url: str
    secret: str
    sets: int = 1
    principal: Party | None = None
    authorisation: str = ""
    resolver: str = ""
    fee: int | None = None
    fee_note: str = ""
    book: str = ""
    entry_number: int | None = None
    submitter: str = ""
    receiver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementSlip(Slip):
    """Form 02, Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ (…/PBS). A5, signed by the officer who guides.

    `items` says all that is missing or wrong, at once (Decree 118/2025/NĐ-CP); `reason` says why, with its legal basis.
    """

    applicant: Party
    content: str
    items: tuple[str, ...]
    reason: str
    contact: str
    contact_phone: str
    dossier_code: str = ""
    reply_by: date | None = None
    officer: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusalSlip(Slip):
    """Form 03, Phiếu từ chối tiếp nhận giải quyết hồ sơ (…/PTC). A5, signed by submitter and receiver.

    `guidance` tells where and how to file instead.
    """

    applicant: Party
    content: str
    reason: str
    guidance: str = ""
    dossier_code: str = ""
    submitter: str = ""
    receiver: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApologyLetter(Slip):
    """Form 04, Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết (…/PXL). A4, signed by the head of the agency.

    It goes out before the deadline, and once. `receiver` is the body that received the dossier; empty means the one
    that issues the letter. `signer_title` may have several lines (“KT. CHỦ TỊCH”, line break, “PHÓ CHỦ TỊCH”).
    """

    addressee: Party
    dossier_code: str
    procedure: str
    received_at: datetime
    due_at: datetime
    reason: str
    new_due_at: datetime
    signer_title: str
    signer: str = ""
    receiver: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopNotice(Slip):
    """Form 05, Thông báo dừng giải quyết hồ sơ (…/TB). A4, signed by the head of the agency.

    `requested_on` is the day on which the applicant asked for it, None when nobody asked.
    """

    applicant: Party
    dossier_code: str
    procedure: str
    reason: str
    stopped_on: date
    signer_title: str
    requested_on: date | None = None
    guidance: str = ""
    signer: str = ""
    recipients: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """One row of the control slip: from whom to whom, when, and how it stood (None: not yet taken over)."""

    giver: str
    taker: str
    at: datetime | None = None
    giver_name: str = ""
    taker_name: str = ""
    timing: Timing | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ControlSlip(Slip):
    """Form 06, Phiếu kiểm soát quá trình giải quyết hồ sơ (…/PKS). A4, travels with the dossier.

    `rows` are made from the dossier's timeline; `partners` are the agencies that are consulted.
    """

    dossier_code: str
    resolver: str
    rows: tuple[Handover, ...]
    partners: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """One dossier in the register. `method` is how the result is handed over, `signed` who took it."""

    number: int
    dossier_code: str
    procedure: str
    applicant: str
    resolver: str
    received_at: datetime
    contact: str = ""
    due_at: datetime | None = None
    returned_at: datetime | None = None
    method: str = ""
    signed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSheet(Slip):
    """Form 07, Sổ theo dõi hồ sơ (…/STD). A4 landscape; the head of the table stands on every page.

    `book` names the book (“Quyển số 01”), `period` the time it covers.
    """

    book: str
    rows: tuple[RegisterRow, ...]
    period: str = ""
