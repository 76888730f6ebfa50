"""The seven forms of Circular 03/2025/TT-VPCP, annex I, as PDF: `pdf(slip)` prints any of them.

The values are in `slips`, the looks in the `.typ` file of each form; this module only turns the one into words for the
other. It reads no database and no clock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from haicap.domain.dossiers.papers.slips import (
    ApologyLetter,
    ControlSlip,
    Handover,
    Letterhead,
    ListedPaper,
    Party,
    ReceiptSlip,
    RefusalSlip,
    RegisterRow,
    RegisterSheet,
    Slip,
    StopNotice,
    SupplementSlip,
    Timing,
)
from haicap.kernel import clock
from haicap.kernel.papers import qr_svg, render
from haicap.kernel.vi import legal_date, moment_text, money_text, money_words

__all__ = [
    "FORMS",
    "ApologyLetter",
    "ControlSlip",
    "Handover",
    "Letterhead",
    "ListedPaper",
    "Party",
    "ReceiptSlip",
    "RefusalSlip",
    "RegisterRow",
    "RegisterSheet",
    "Slip",
    "StopNotice",
    "SupplementSlip",
    "Timing",
    "pdf",
]

HERE: Final = Path(__file__).resolve().parent
Words = dict[str, Any]

TIMINGS: Final = {Timing.EARLY: "Trước hạn", Timing.ON_TIME: "Đúng hạn", Timing.OVERDUE: "Quá hạn", None: ""}


def pdf(slip: Slip) -> bytes:
    """Takes any slip of this package; gives its PDF (PDF/A-2a, tagged, Vietnamese).

    The same slip gives the same bytes: the file's date is `slip.issued_at`. Raises `KeyError` for another kind of slip.
    """
    template, form, title, sign, words = FORMS[type(slip)]
    data = {**_common(slip, form, title, sign), **words(slip)}
    return render(HERE / template, data, made_at=slip.issued_at)


def _common(slip: Slip, form: str, title: str, sign: str) -> Words:
    number = "…" if slip.number is None else f"{slip.number:02d}"
    return {
        "form": f"Mẫu số {form} – Thông tư 03/2025/TT-VPCP",
        "title": title,
        "synthetic": slip.head.synthetic,
        "head": {
            "parent": slip.head.parent,
            "agency": slip.head.agency,
            "number": f"{number}/{sign}",
            "place": slip.head.place,
            "now": slip.head.now,
            "date": _day(slip.issued_at),
        },
    }


def _day(day: date | None) -> str:
    if isinstance(day, datetime):
        day = clock.local(day).date()
    return "" if day is None else legal_date(day)


def _moment(moment: datetime | None) -> str:
    return "" if moment is None else moment_text(clock.local(moment))


def _short(moment: datetime | None) -> str:
    return "" if moment is None else f"{clock.local(moment):%d/%m/%Y %H:%M}"


def _party(party: Party) -> Words:
    return {
        "name": party.name,
        "identity": party.identity,
        "address": party.address,
        "phone": party.phone,
        "email": party.email,
    }


def _fee(slip: ReceiptSlip) -> str:
    if slip.fee is None:
        return slip.fee_note
    amount = "không thu" if slip.fee == 0 else f"{money_text(slip.fee)} ({money_words(slip.fee)})"
    return f"{amount}; {slip.fee_note}" if slip.fee_note else amount


def _receipt(slip: ReceiptSlip) -> Words:
    return {
        "foot": f"Hồ sơ {slip.dossier_code}",
        "code": slip.dossier_code,
        "applicant": _party(slip.applicant),
        "principal": None if slip.principal is None else _party(slip.principal),
        "authorisation": slip.authorisation,
        "resolver": slip.resolver,
        "content": slip.content,
        "papers": [
            {"no": str(no), "name": paper.name, "originals": _count(paper.originals), "copies": _count(paper.copies)}
            for no, paper in enumerate(slip.papers, start=1)
        ],
        "sets": f"{slip.sets:02d} (bộ)",
        "fee": _fee(slip),
        "time_limit": slip.time_limit,
        "received_at": _moment(slip.received_at),
        "due_at": _moment(slip.due_at),
        "return_by": slip.return_by,
        "book": slip.book or "…………",
        "entry": "…………" if slip.entry_number is None else str(slip.entry_number),
        "qr": qr_svg(slip.tracking_url),
        "tracking": slip.tracking_url.split("?")[0].removeprefix("https://"),
        "secret": slip.secret,
        "submitter": slip.submitter,
        "receiver": slip.receiver,
    }


def _count(number: int) -> str:
    return f"{number:02d}" if number else "–"


def _supplement(slip: SupplementSlip) -> Words:
    return {
        "foot": f"Hồ sơ {slip.dossier_code}" if slip.dossier_code else "",
        "code": slip.dossier_code,
        "applicant": _party(slip.applicant),
        "content": slip.content,
        "items": list(slip.items),
        "reason": slip.reason,
        "reply_by": _day(slip.reply_by),
        "contact": slip.contact,
        "contact_phone": slip.contact_phone,
        "officer": slip.officer,
    }


def _refusal(slip: RefusalSlip) -> Words:
    return {
        "foot": f"Hồ sơ {slip.dossier_code}" if slip.dossier_code else "",
        "code": slip.dossier_code,
        "applicant": _party(slip.applicant),
        "content": slip.content,
        "reason": slip.reason,
        "guidance": slip.guidance,
        "submitter": slip.submitter,
        "receiver": slip.receiver,
    }


def _apology(slip: ApologyLetter) -> Words:
    return {
        "foot": f"Hồ sơ {slip.dossier_code}",
        "code": slip.dossier_code,
        "addressee": _party(slip.addressee),
        "procedure": slip.procedure,
        "receiver": slip.receiver or slip.head.agency,
        "received_on": _day(slip.received_at).removeprefix("ngày "),
        "due_at": _moment(slip.due_at),
        "new_due_at": _moment(slip.new_due_at),
        "reason": slip.reason,
        "signer_title": slip.signer_title,
        "signer": slip.signer,
        "recipients": list(slip.recipients),
    }


def _stop(slip: StopNotice) -> Words:
    return {
        "foot": f"Hồ sơ {slip.dossier_code}",
        "code": slip.dossier_code,
        "applicant": _party(slip.applicant),
        "procedure": slip.procedure,
        "reason": slip.reason,
        "stopped_on": _day(slip.stopped_on),
        "requested_on": _day(slip.requested_on),
        "guidance": slip.guidance,
        "signer_title": slip.signer_title,
        "signer": slip.signer,
        "recipients": list(slip.recipients),
    }


def _control(slip: ControlSlip) -> Words:
    return {
        "foot": f"Hồ sơ {slip.dossier_code}",
        "code": slip.dossier_code,
        "resolver": slip.resolver,
        "partners": "; ".join(slip.partners),
        "rows": [
            {
                "giver": row.giver,
                "taker": row.taker,
                "at": _moment(row.at),
                "giver_name": row.giver_name,
                "taker_name": row.taker_name,
                "timing": TIMINGS[row.timing],
                "note": row.note,
            }
            for row in slip.rows
        ],
    }


def _register(slip: RegisterSheet) -> Words:
    return {
        "foot": f"{slip.head.agency} – {slip.book}",
        "book": slip.book,
        "period": slip.period,
        "rows": [
            {
                "no": str(row.number),
                "code": row.dossier_code,
                "procedure": row.procedure,
                "applicant": row.applicant,
                "contact": row.contact,
                "resolver": row.resolver,
                "received_at": _short(row.received_at),
                "due_at": _short(row.due_at),
                "returned_at": _short(row.returned_at),
                "method": row.method,
                "signed": row.signed,
            }
            for row in slip.rows
        ],
    }


FORMS: Final[dict[type[Slip], tuple[str, str, str, str, Callable[[Any], Words]]]] = {
    ReceiptSlip: ("receipt.typ", "01", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "TTPVHCC", _receipt),
    SupplementSlip: ("supplement.typ", "02", "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "PBS", _supplement),
    RefusalSlip: ("refusal.typ", "03", "Phiếu từ chối tiếp nhận giải quyết hồ sơ", "PTC", _refusal),
    ApologyLetter: (
        "apology.typ",
        "04",
        "Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết hồ sơ",
        "PXL",
        _apology,
    ),
    StopNotice: ("stop.typ", "05", "Thông báo dừng giải quyết hồ sơ", "TB", _stop),
    ControlSlip: ("control.typ", "06", "Phiếu kiểm soát quá trình giải quyết hồ sơ", "PKS", _control),
    RegisterSheet: ("register.typ", "07", "Sổ theo dõi hồ sơ", "STD", _register),
}
"""Per form: template, number in the circular, title, symbol of its number, and how its values become words."""
