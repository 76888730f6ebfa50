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


class AssignmentKind(TextChoices):
    """How somebody holds a post: as their own, beside their own, lent by another body, or in place of a missing head."""

    PRIMARY = "primary", bi("Chính thức", "Own post")
    CONCURRENT = "concurrent", bi("Kiêm nhiệm", "Concurrent post")
    SECONDMENT = "secondment", bi("Biệt phái", "Secondment")
    ACTING = "acting", bi("Phụ trách, quyền", "Acting")


class StandInKind(TextChoices):
    """Why somebody acts in another's post for a time."""

    DELEGATION = "delegation", bi("Ủy quyền", "Delegation")
    ABSENCE = "absence", bi("Vắng mặt, có người thay", "Absence with a deputy")


class Departure(TextChoices):
    """Why somebody left the service."""

    RETIRED = "retired", bi("Nghỉ hưu", "Retired")
    STREAMLINED = "streamlined", bi("Tinh giản, nghỉ theo sắp xếp", "Streamlined by the reorganisation")
    RESIGNED = "resigned", bi("Thôi việc", "Resigned")
    TRANSFERRED = "transferred", bi("Chuyển ra ngoài hệ thống", "Transferred elsewhere")
    OTHER = "other", bi("Lý do khác", "Other reason")


CERTAINTIES = ("A", "B", "C", "K")
UNVERIFIED = "K"
# What stands before the signature of whoever signs in another's post (Decree 30/2020/NĐ-CP).
SIGN_PREFIX = {StandInKind.DELEGATION.value: "TUQ.", StandInKind.ABSENCE.value: "KT."}
