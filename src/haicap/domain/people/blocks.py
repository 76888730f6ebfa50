"""The blocks of a unit's organisation and the kinds of staff. Only TextChoices come from Django."""

from __future__ import annotations

from django.db.models import TextChoices

from haicap.kernel.language import bi


class Block(TextChoices):
    """The four blocks of the political system at a commune and a province, in the order of a chart."""

    PARTY = "party", bi("Đảng", "Party")
    COUNCIL = "council", bi("Hội đồng nhân dân", "People's Council")
    COMMITTEE = "committee", bi("Ủy ban nhân dân", "People's Committee")
    FRONT = "front", bi("Mặt trận Tổ quốc và các tổ chức thành viên", "Fatherland Front and its member organisations")


class StaffKind(TextChoices):
    """Whose post it is (Law 80/2025/QH15: one civil service of province and commune)."""

    CADRE = "cadre", bi("Cán bộ", "Elected or appointed official")
    CIVIL_SERVANT = "civil_servant", bi("Công chức", "Civil servant")
    PUBLIC_EMPLOYEE = "public_employee", bi("Viên chức", "Public employee")
    CONTRACT = "contract", bi("Hợp đồng", "Contract")
    ARMED_FORCES = "armed_forces", bi("Lực lượng vũ trang", "Armed forces")
    CONCURRENT = "concurrent", bi("Kiêm nhiệm, dân cử", "Concurrent or elected")


CERTAINTIES = ("A", "B", "C", "K")
UNVERIFIED = "K"
