"""The words of the catalogue: levels, certainty, channels, types of fields, the databases that replace a paper."""

from __future__ import annotations

import re

from django.db.models import TextChoices

from haicap.kernel.language import bi

# Code of the national database of procedures; local copies add ".H05" or ".000.00.00.H61" behind it.
CODE = re.compile(r"[0-9]\.[0-9]{6}")
LOCAL_CODE = re.compile(r"\s*([0-9]\.[0-9]{6})(?:\.[0-9A-Za-z]+)*\s*")


class Level(TextChoices):
    """Which level decides (Law 72/2025/QH15: province and commune)."""

    COMMUNE = "xa", bi("Cấp xã", "Commune")
    PROVINCE = "tinh", bi("Cấp tỉnh", "Province")


class Certainty(TextChoices):
    """How sure a figure of the catalogue is."""

    A = "A", bi("Đã có nguồn", "Sourced")
    B = "B", bi("Có nguồn; thời hạn suy từ luật", "Sourced; time limit from the law")
    C = "C", bi("Có nguồn; thời hạn chưa có nguồn", "Sourced; time limit not")
    K = "K", bi("Chưa kiểm chứng", "Not verified")


class OnlineLevel(TextChoices):
    """How much can be done online (Decree 42/2022/NĐ-CP)."""

    FULL = "full", bi("Trực tuyến toàn trình", "Fully online")
    PARTIAL = "partial", bi("Trực tuyến một phần", "Partly online")
    NONE = "none", bi("Chỉ nộp trực tiếp hoặc qua bưu chính", "At a desk or by post only")


class Channel(TextChoices):
    """How a dossier comes (Decree 118/2025/NĐ-CP)."""

    DIRECT = "direct", bi("Trực tiếp", "At the desk")
    ONLINE = "online", bi("Trực tuyến", "Online")
    POSTAL = "postal", bi("Bưu chính công ích", "Public post")


class ApplicantKind(TextChoices):
    """Who may ask for it."""

    PERSON = "person", bi("Cá nhân", "A person")
    HOUSEHOLD = "household", bi("Hộ gia đình", "A household")
    ORGANISATION = "organisation", bi("Tổ chức, doanh nghiệp", "An organisation or enterprise")


class FieldType(TextChoices):
    """What can be typed into a field of a form."""

    TEXT = "text", bi("chữ", "text")
    TEXTAREA = "textarea", bi("đoạn chữ", "long text")
    DATE = "date", bi("ngày", "date")
    NUMBER = "number", bi("số", "number")
    CHOICE = "choice", bi("chọn một", "choice")
    ID_NUMBER = "id_number", bi("số định danh", "personal number")
    PHONE = "phone", bi("điện thoại", "telephone")
    BOOLEAN = "boolean", bi("có hoặc không", "yes or no")


class FeeRule(TextChoices):
    """How a fee is counted."""

    FLAT = "flat", bi("một lần", "once")
    PER_UNIT = "per_unit", bi("theo số lượng", "by quantity")
    TRUE_COPY = "true_copy", bi("theo trang và số bản", "by pages and copies")


class FeePer(TextChoices):
    """What one amount pays for."""

    DOSSIER = "dossier", bi("hồ sơ", "dossier")
    CASE = "case", bi("trường hợp", "case")
    COPY = "copy", bi("bản", "copy")
    PAGE = "page", bi("trang", "page")


class Database(TextChoices):
    """Whose data replaces a paper (Resolution 66.7/2025/NQ-CP): what it holds is never asked from the citizen."""

    POPULATION = "population", bi("Cơ sở dữ liệu quốc gia về dân cư", "national population database")
    CIVIL_STATUS = "civil_status", bi("Cơ sở dữ liệu hộ tịch điện tử", "electronic civil status database")
    LAND = "land", bi("Cơ sở dữ liệu quốc gia về đất đai", "national land database")
    INSURANCE = "insurance", bi("Cơ sở dữ liệu quốc gia về bảo hiểm", "national insurance database")
    BUSINESS = "business", bi("Cơ sở dữ liệu quốc gia về đăng ký doanh nghiệp", "national enterprise database")
    SOCIAL = "social", bi("Cơ sở dữ liệu quốc gia về an sinh xã hội", "national social security database")
    HEALTH = (
        "health",
        bi("dữ liệu chứng sinh, báo tử, khám chữa bệnh điện tử", "electronic birth, death and health data"),
    )
    TAX = "tax", bi("dữ liệu của cơ quan thuế", "the tax office's data")
    EDUCATION = "education", bi("cơ sở dữ liệu ngành giáo dục", "the education database")


def base_code(code: str) -> str | None:
    """The national part of a code: "1.001193.000.00.00.H61" gives "1.001193"; None for what is no code."""
    found = LOCAL_CODE.fullmatch(code)
    return found[1] if found else None
