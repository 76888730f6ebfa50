"""The gallery: every component in every state, with invented data. Where a designer looks and axe walks."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from haicap.kernel import clock
from haicap.kernel.language import bi
from haicap.kernel.web import components
from haicap.kernel.web.flowchart import Drawing, Link, Node, draw
from haicap.kernel.web.forms import DateField

COMMUNES = [
    "Xã Chiềng Mung",
    "Xã Mường La",
    "Phường Tô Hiệu",
    "Phường Chiềng Cơi",
    "Xã Nông trường Thái Bình",
    "Xã Bắc Yên",
]
PROCEDURES = [
    "Đăng ký khai sinh",
    "Đăng ký lại khai sinh",
    "Chứng thực bản sao từ bản chính",
    "Đăng ký thường trú",
    "Cấp Giấy chứng nhận quyền sử dụng đất lần đầu cho hộ gia đình, cá nhân đang sử dụng đất ổn định",
]
STATES = [
    ("received", bi("Mới tiếp nhận", "Received")),
    ("processing", bi("Đang xử lý", "In progress")),
    ("awaiting_signature", bi("Chờ ký", "Awaiting signature")),
    ("awaiting_supplement", bi("Chờ bổ sung", "Awaiting papers")),
    ("resolved", bi("Đã có kết quả", "Result ready")),
    ("returned", bi("Đã trả", "Returned")),
    ("refused", bi("Từ chối", "Refused")),
]
NAMES = ["Lò Thị Ánh", "Đặng Văn Ưng", "Nguyễn Thị Khuỷnh", "Cà Văn Ơn", "Quàng Thị Phương Thảo"]


class GalleryForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label=bi("Họ và tên", "Full name"), help_text=bi("Như trên giấy tờ.", "As on the papers."))
    born_on = DateField(
        label=bi("Ngày sinh", "Date of birth"), help_text=bi("Ví dụ: 05/09/2025", "For example: 05/09/2025")
    )
    commune = forms.ChoiceField(label=bi("Xã, phường", "Commune"), choices=[("", "—"), *((c, c) for c in COMMUNES)])
    procedure = forms.CharField(label=bi("Thủ tục", "Procedure"), required=False)
    channel = forms.ChoiceField(
        label=bi("Nhận kết quả", "Receive the result"),
        choices=[("counter", bi("Tại quầy", "At the counter")), ("post", bi("Qua bưu chính", "By post"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=bi("Ghi chú", "Note"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    agree = forms.BooleanField(label=bi("Tôi cam đoan lời khai là đúng", "I declare that this is true"))


def _deadlines(now: datetime) -> list[components.Deadline]:
    return [
        components.Deadline(components.PLENTY, 8, now + timedelta(days=12)),
        components.Deadline(components.SOON, 1, now + timedelta(days=1)),
        components.Deadline(components.TODAY, 0, now + timedelta(hours=2)),
        components.Deadline(components.OVERDUE, -3, now - timedelta(days=5)),
        components.Deadline(components.PAUSED),
    ]


def _rows(now: datetime) -> list[dict[str, Any]]:
    deadlines = _deadlines(now)
    return [
        {
            "code": f"H52.{14_000 + i:05d}-251122-{i + 1:04d}",
            "applicant": NAMES[i % len(NAMES)],
            "procedure": PROCEDURES[i % len(PROCEDURES)],
            "state": STATES[i % len(STATES)],
            "deadline": deadlines[i % len(deadlines)],
            "unit": "UBND " + COMMUNES[i % len(COMMUNES)],
            "received": now - timedelta(days=i, minutes=17 * i),
        }
        for i in range(40)
    ]


def _move(label: Any, at: datetime, tone: str, **facts: Any) -> dict[str, Any]:
    return {"label": label, "at": at, "tone": tone, "actor_name": "Cà Văn Ơn", "papers": [], **facts}


def _moves(now: datetime) -> list[dict[str, Any]]:
    slip = {"name": bi("Giấy tiếp nhận và hẹn trả", "Receipt slip"), "href": "#"}
    return [
        _move(
            bi("Tiếp nhận hồ sơ", "Received"),
            now - timedelta(days=3),
            "done",
            role_label=bi("cán bộ một cửa", "counter officer"),
            agency_name="Trung tâm Phục vụ hành chính công xã Mường Bú",
            agency_name_now="xã Mường La",
            due_at=now + timedelta(days=2),
            papers=[slip],
        ),
        _move(
            bi("Yêu cầu bổ sung", "More papers asked"),
            now - timedelta(days=2),
            "bad",
            agency_name="Phòng Văn hóa – Xã hội",
            note="Thiếu giấy chứng sinh.\nNộp trước ngày 24/11.",
        ),
        _move(bi("Đang thẩm định", "Being appraised"), now, "current"),
    ]


def _figures() -> dict[str, Any]:
    by_commune = zip(COMMUNES, [1240, 860, 431, 212, 12, 0], strict=True)
    by_month = enumerate([310, 290, 402, 388, 512, 610, 580, 640, 720, 690], 1)
    return {
        "bars": [{"label": c, "value": n, "href": "#", "tone": "danger" if n > 1000 else ""} for c, n in by_commune],
        "months": [{"label": f"{month:02d}/2026", "value": n} for month, n in by_month],
        "steps": [
            {"label": bi("Chọn thủ tục", "Procedure"), "state": "done"},
            {"label": bi("Người nộp", "Applicant"), "state": "done"},
            {"label": bi("Giấy tờ", "Papers"), "state": "current", "note": bi("2 trên 3", "2 of 3")},
            {"label": bi("Xem lại", "Review"), "state": "todo"},
        ],
        "active": [(bi("Quá hạn", "Overdue"), "?"), (bi("Xã Mường La", "Mường La"), "?")],
        "bulk": [{"name": "do", "value": "forward", "label": bi("Chuyển tiếp", "Forward"), "icon": "forward"}],
    }


def _flow() -> Drawing:
    """Two former districts and what became of their communes, one of which was divided."""
    nodes = [
        Node("a", "Huyện Mường La", 0, 5, "#", bi("Nơi cũ", "Before")),
        Node("b", "Huyện Bắc Yên", 0, 3, "#"),
        *(Node(name, name, 1, href="#") for name in COMMUNES[:4]),
    ]
    links = [
        Link("a", COMMUNES[0], 3, text="3"),
        Link("a", COMMUNES[1], 1, text="1"),
        Link("a", COMMUNES[2], 1, True, bi("một phần của 2", "part of 2")),
        Link("b", COMMUNES[2], 2, text="2"),
        Link("b", COMMUNES[3], 1, text="1"),
    ]
    return draw(nodes, links, ("30/06/2025", "01/07/2025"))


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state; `?khung=portal` shows them in the portal's frame, `?khung=in` the print sheet."""
    now = clock.now()
    frame = request.GET.get("khung", "")
    wrong = GalleryForm({"name": "", "born_on": "31/02/2025", "commune": "", "channel": ""})
    page = Paginator(_rows(now) * 25, 30).get_page(request.GET.get("trang", 3))
    context = {
        "base": "base_portal.html" if frame == "portal" else "base_desk.html",
        "deadlines": _deadlines(now),
        "states": STATES,
        "rows": _rows(now),
        "page": page,
        "form": GalleryForm(auto_id="ok_%s"),
        "wrong": wrong,
        "moves": _moves(now),
        "procedures": PROCEDURES,
        "colours": ["accent", "neutral", "info", "success", "warning", "danger"],
        "now": now,
        "flow": _flow(),
        **_figures(),
    }
    return render(request, "gallery_print.html" if frame == "in" else "gallery.html", context)
