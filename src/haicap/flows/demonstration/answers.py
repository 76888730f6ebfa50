"""Plausible answers to any form of the catalogue: people by their part in the case, texts by the field's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from haicap.domain.procedures.rules import Field, FieldType, Version
from haicap.flows.demonstration.names import Person, name_of, person, phone

BLANK = 0.35  # how often an item that may stay empty does
WOMEN = {"mother", "bride", "wife"}
MEN = {"father", "groom", "husband"}
APPLICANT = {"subject", "owner", "head", "household_head", "representative", "parent", "guardian", "user", "organiser"}
AGES = {"child": (0, 1), "ward": (5, 16), "pupil": (10, 12), "deceased": (45, 94), "testator": (55, 88)}
PARTS = ("name", "born_on", "id_number", "ethnic_group", "nationality", "residence", "sex", "id")

DOCUMENTS = (
    "Bằng tốt nghiệp trung học phổ thông", "Giấy khai sinh", "Căn cước công dân", "Bằng tốt nghiệp đại học",
    "Giấy chứng nhận quyền sử dụng đất", "Chứng chỉ tin học", "Học bạ trung học cơ sở", "Giấy chứng nhận kết hôn",
    "Quyết định tuyển dụng", "Giấy phép lái xe", "Hợp đồng lao động", "Sổ bảo hiểm xã hội",
)  # fmt: skip
TRADES = ("Tạp hóa", "Quán ăn", "Sửa xe máy", "Vật liệu xây dựng", "Nông sản", "Cà phê", "May mặc", "Nhà nghỉ")
HAMLETS = ("Bản Nà Mường", "Bản Huổi Hoi", "Bản Pá Khôm", "Bản Co Mị", "Bản Nà Sản", "Tiểu khu 3", "Tổ 5", "Bản Lướt")
BIRTHPLACES = ("Bệnh viện đa khoa tỉnh Sơn La", "Trung tâm Y tế khu vực", "Trạm Y tế xã")
REASONS = ("Để làm thủ tục vay vốn", "Để nộp hồ sơ xin việc", "Bổ sung hồ sơ nhập học", "Theo yêu cầu của cơ quan",
           "Thất lạc bản chính", "Thông tin ghi trước đây chưa đúng")  # fmt: skip
TEXTS: dict[str, tuple[str, ...]] = {
    "document_title": DOCUMENTS, "issuer": ("Trường THPT Tô Hiệu", "Ủy ban nhân dân xã", "Công an tỉnh Sơn La"),
    "business_name": tuple(f"Hộ kinh doanh {trade.lower()} Hương Rừng" for trade in TRADES), "lines": TRADES,
    "business_code": ("5500123456", "5500654321"), "reason": REASONS, "purpose_detail": REASONS, "remark": REASONS,
    "child_birthplace": BIRTHPLACES, "birthplace": BIRTHPLACES, "hospital": BIRTHPLACES, "hamlet": HAMLETS,
    "child_born_at": ("06:15", "08:30", "14:05", "21:40"), "died_at": ("04:20", "11:00", "19:45"),
    "death_place": ("Tại nhà riêng", "Bệnh viện đa khoa tỉnh Sơn La"), "death_cause": ("Tuổi già", "Bệnh"),
    "relation_to_head": ("Vợ", "Chồng", "Con", "Chủ hộ"), "relation": ("Con", "Vợ", "Em ruột"),
    "job": ("Kỹ sư",), "purpose": REASONS, "transaction_kind": ("Hợp đồng tặng cho", "Hợp đồng mua bán", "Văn bản ủy quyền"),
    "property_description": ("Thửa đất số 12, tờ bản đồ 7, đất ở nông thôn", "Xe máy Honda, đã qua sử dụng"),
    "bank_account": ("7900205123456", "41110000654321"), "bank_name": ("Agribank Sơn La", "BIDV Sơn La"),
    "languages": ("Tiếng Anh",), "works_name": ("Nhà ở riêng lẻ",), "project_name": ("Nhà văn hóa bản",),
    "enterprise_name": ("Công ty TNHH Nông sản Mộc Châu Xanh", "Công ty TNHH Vận tải Tây Bắc"),
    "organisation_name": ("Công ty cổ phần Chè Tây Bắc", "Hợp tác xã Mận hậu Phiêng Khoài"),
    "tax_code": ("5500123456",), "permit_number": ("25/GPXD", "108/GPXD"), "parcel": ("Thửa 45, tờ bản đồ 12",),
    "from_text": ("Họ tên ghi: Lò Văn Pan",), "to_text": ("Họ tên đúng: Lò Văn Pản",),
    "content": ("Đề nghị xem xét đường vào bản bị sạt lở",), "dispute": ("Ranh giới giữa hai thửa đất liền kề",),
    "situation": ("Sống một mình, không có người chăm sóc",), "registered_at": ("Ủy ban nhân dân xã",),
    "former_registration": ("Ủy ban nhân dân xã, năm 1987",), "diploma": ("Dược sĩ đại học",),
    "show_name": ("Đêm nhạc Mùa ban nở",), "school": ("Trường THCS Tô Hiệu",), "certified_number": ("112/2025",),
}  # fmt: skip
ANYTHING = "Theo giấy tờ kèm theo"

Maker = Callable[["Case", Field], Any]


@dataclass
class Case:
    """Whom a dossier is about: the applicant, and others as the form asks for them."""

    rng: Random
    on: date
    place: str
    applicant: Person
    others: dict[str, Person] = field(default_factory=dict)

    def who(self, part: str) -> Person:
        """The person who plays `part` ("mother", "child" …): the same at each question."""
        if part in APPLICANT:
            return self.applicant
        found = self.others.get(part)
        if found is None:
            found = self.others[part] = self._invent(part)
        return found

    def _invent(self, part: str) -> Person:
        woman = True if part in WOMEN else False if part in MEN else None
        if part == "child":
            return self._child()
        return person(self.rng, on=self.on, female=woman, age=AGES.get(part, (20, 60)))

    def _child(self) -> Person:
        """A child bears its father's family name and people."""
        father = self.who("father")
        child = person(self.rng, on=self.on - timedelta(days=2), age=AGES["child"])
        family = father.name.split()[0]
        return Person(
            name_of(self.rng, father.people, female=child.female, family=family), child.female, father.people,
            child.born_on, child.id_number, child.phone,
        )  # fmt: skip


def answers_for(version: Version, case: Case) -> dict[str, Any]:
    """Answers to every required item of the version's form and to some of the others."""
    answers = {}
    for item in version.fields:
        if item.required or case.rng.random() > BLANK:
            value = _MAKERS[item.type](case, item)
            if value is not None:
                answers[item.name] = value
    return answers


def _part_of(name: str) -> tuple[str, str]:
    """("mother", "born_on") of "mother_born_on"; ("", "") where the item is not about a person."""
    for part in PARTS:
        if name.endswith(f"_{part}"):
            return name.removesuffix(f"_{part}"), part
    return "", ""


def _text(case: Case, item: Field) -> str:
    texts = TEXTS.get(item.name)
    if texts is None:
        who, part = _part_of(item.name)
        if part == "name" or item.name in {"representative", "household_head"}:
            texts = (case.who(who or item.name).name,)
        elif part == "nationality":
            texts = ("Việt Nam",)
        elif part == "residence" or any(
            word in item.name for word in ("address", "residence", "place", "hometown", "office")
        ):
            texts = (case.place,)
        else:
            texts = (ANYTHING,)
    return case.rng.choice(texts)[: item.max_length or 500]


def _date(case: Case, item: Field) -> str:
    who, part = _part_of(item.name)
    if part == "born_on":
        return min(case.who(who).born_on, case.on).isoformat()
    days = case.rng.randint(1, 25)
    return (case.on + timedelta(days=-days if item.max == "today" else days)).isoformat()


def _number(case: Case, item: Field) -> int:
    least = int(item.min or 0)
    most = int(item.max) if item.max is not None else least + 100
    if most - least > 1_000_000:
        return case.rng.randint(50, 900) * 1_000_000 if most > 900_000_000 else case.rng.randint(60, 400)
    return min(most, least + int(case.rng.expovariate(0.6)))


def _choice(case: Case, item: Field) -> str:
    who, part = _part_of(item.name)
    values = [choice.value for choice in item.choices]
    wish = {"sex": "female" if who and case.who(who).female else "male",
            "ethnic_group": case.who(who).people if who else ""}.get(part, "")  # fmt: skip
    return wish if wish in values else case.rng.choice(values)


_MAKERS: dict[str, Maker] = {
    FieldType.TEXT: _text,
    FieldType.TEXTAREA: _text,
    FieldType.DATE: _date,
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _choice,
    FieldType.ID_NUMBER: lambda case, item: case.who(_part_of(item.name)[0] or "subject").id_number,
    FieldType.PHONE: lambda case, item: phone(case.rng),
    FieldType.BOOLEAN: lambda case, item: True,
}
