"""A certificate of completion as PDF/A."""

from __future__ import annotations

from datetime import datetime, time
from pathlib import Path
from typing import Any, Final

from haicap.domain.people.models import Completion
from haicap.domain.people.training_rules import BOOK
from haicap.domain.units import rules
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitLevel
from haicap.kernel import clock
from haicap.kernel.papers import qr_svg, render
from haicap.kernel.vi import date_text, legal_date

TEMPLATE: Final = Path(__file__).resolve().parent / "completion.typ"


def completion_pdf(row: Completion, address: str) -> bytes:
    """The paper of a certificate, in Vietnamese; `address`: the public page that its QR leads to."""
    enrolment = row.enrolment
    held = enrolment.training_class
    withdrawn = f"ĐÃ THU HỒI ngày {date_text(row.withdrawn_on)}" if row.withdrawn_on else ""
    data = {
        "title": "Giấy chứng nhận",
        "form": "",
        "foot": f"Lớp {held.number}",
        "synthetic": held.synthetic,
        "head": letterhead(row.unit) | {"number": f"{row.number}/{row.year}/{BOOK}", "date": legal_date(row.issued_on)},
        "name": enrolment.official.full_name,
        "workplace": enrolment.unit.name,
        "class": held.title,
        "topic": enrolment.topic.name,
        "first": date_text(held.first_day),
        "last": date_text(held.last_day),
        "until": date_text(enrolment.known_until) if enrolment.known_until else "",
        "withdrawn": withdrawn,
        "signer": "Thủ trưởng đơn vị",
        "address": address,
        "qr": qr_svg(address, title="Tra cứu giấy chứng nhận"),
    }
    return render(TEMPLATE, data, made_at=datetime.combine(row.issued_on, time(12), clock.ZONE))


def letterhead(unit: Unit) -> dict[str, Any]:
    """The head of a paper of a unit's committee."""
    kind = "tinh" if unit.level == UnitLevel.PROVINCE else unit.kind
    return {
        "parent": "",
        "agency": f"Ủy ban nhân dân {rules.in_sentence(unit.name)}",
        "place": rules.short_name(unit.name, kind),
    }
