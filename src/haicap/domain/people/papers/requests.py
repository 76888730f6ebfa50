"""The list of requests for certificates that goes to the issuer: a workbook, or PDF/A to be signed."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Font

from haicap.domain.people.models import DigitalCertificate
from haicap.domain.people.papers.completion import letterhead
from haicap.domain.people.signing_rules import ISSUER, Carrier
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.language import DEFAULT, speaking
from haicap.kernel.papers import render
from haicap.kernel.text import spreadsheet_safe
from haicap.kernel.vi import legal_date

TEMPLATE: Final = Path(__file__).resolve().parent / "requests.typ"
HEADINGS: Final = (
    "STT", "Họ tên, tên cơ quan", "Số định danh", "Chức vụ", "Đơn vị", "Điện thoại", "Thư điện tử", "Thiết bị", "Nội dung",
)  # fmt: skip


def requests_pdf(unit: Unit, rows: Sequence[DigitalCertificate]) -> bytes:
    """The list as a paper of `unit`; `rows` as `queries.signing.register.waiting_to_leave` gives them."""
    now = clock.now()
    data = {
        "title": "Danh sách đề nghị cấp chứng thư số chuyên dùng công vụ", "form": "", "issuer": ISSUER,
        "synthetic": any(row.synthetic for row in rows), "rows": list(lines(rows)),
        "head": letterhead(unit) | {"number": "…", "date": legal_date(now.date())},
    }  # fmt: skip
    return render(TEMPLATE, data, made_at=now)


def requests_xlsx(rows: Sequence[DigitalCertificate]) -> bytes:
    """The same as a workbook, every cell text."""
    book, stream = Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "Đề nghị"
    sheet.append(HEADINGS)
    for line in lines(rows):
        sheet.append([spreadsheet_safe(text) for text in line])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        sheet.column_dimensions[cell.column_letter].width = 24
    sheet.freeze_panes = "A2"
    book.save(stream)
    return stream.getvalue()


def lines(rows: Iterable[Any]) -> Iterable[list[str]]:
    """A line for each request, in Vietnamese."""
    with speaking(DEFAULT):
        for place, row in enumerate(rows, start=1):
            person = row.official
            yield [
                str(place), person.full_name if person else f"{row.body_name or row.body_key} {row.unit.name}",
                person.id_number if person else "", (row.post_title or "") if person else "Chứng thư số của cơ quan",
                f"{row.post_body}, {row.unit.name}" if person and row.post_body else row.unit.name,
                person.phone if person else "", person.email if person else "",
                " ".join(filter(None, (str(Carrier(row.carrier).label), row.device.serial if row.device else ""))),
                "Gia hạn, cấp lại" if row.renews_id else "Cấp mới",
            ]  # fmt: skip
