"""The catalogue for administrators: versions and what differs, and a file that is looked at before it is loaded."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from haicap.domain.dossiers.tests.factories import staffed_commune, staffed_province
from haicap.domain.procedures import queries
from haicap.domain.procedures.models import Procedure
from haicap.domain.procedures.rules import Fee
from haicap.domain.procedures.tests.factories import a_version
from haicap.interfaces.administration.procedures import LARGEST, differences
from haicap.kernel import clock
from haicap.kernel.workdays import LimitKind, TimeLimit

PAGE, LOAD, CONFIRM = "/quan-tri/thu-tuc/", "/quan-tri/thu-tuc/nap/", "/quan-tri/thu-tuc/nap/ghi/"
FILE = """
areas: {thu: {name: Thử, name_en: Trial}}
step_plans:
  civil:
    - {key: receive, name: Nhận, agency: center, role: counter, share: 0.2}
    - {key: sign, name: Ký, agency: committee, role: chair, share: 0.6}
    - {key: return, name: Trả, agency: center, role: counter, share: 0.2}
procedures:
  - {code: "9.900001", name: Thử một, area: thu, level: xa, valid_from: 2026-01-01,
     time_limit: {kind: working_days, amount: 3}, result: {name: Giấy}, steps: civil}
  - {code: "9.900002", name: Thử hai, area: thu, level: xa, valid_from: sai,
     time_limit: {kind: working_days, amount: 3}, result: {name: Giấy}, steps: civil}
"""


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:500]
    return " ".join(answer.content.decode().split())


def sent(client: Client, content: bytes | str, name: str = "danh mục.yaml") -> Any:
    body = content.encode() if isinstance(content, str) else content
    return client.post(LOAD, {"tep": SimpleUploadedFile(name, body)})


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_list_finds_without_accents_and_tells_what_is_not_received() -> None:
    browser = staffed_commune().client("administrator")
    every = queries.all_on(clock.today())
    closed = [one.code for one in every if not one.receivable]
    assert "1.001193" in text_of(browser.get(PAGE, {"q": "dang ky khai sinh"}))
    shown = browser.get(PAGE, {"loai": "khong-nhan"})
    assert [one.code for one, _, _ in shown.context["lines"]] == closed
    assert LOAD not in text_of(shown)
    assert "Không có thủ tục nào khớp" in text_of(browser.get(PAGE, {"q": "xyzxyz", "trang": "x"}))
    assert browser.get(f"{PAGE}khong-co/").status_code == 404
    one = text_of(browser.get(f"{PAGE}{closed[0]}/"))
    assert "Phiên bản 1" in one and "Đang có hiệu lực" in one and "Chưa" in one


def test_what_a_version_has_otherwise_is_told_part_by_part() -> None:
    before = a_version()
    fee = Fee("fee", "Lệ phí", 8000)
    after = replace(
        before, name="Khai sinh", time_limit=TimeLimit(LimitKind.WORKING_DAYS, 5), receivable=False, fees=(fee,)
    )
    told = {str(one.part): (one.was, one.now) for one in differences(before, after)}
    assert told["Tên"] == ("Đăng ký khai sinh", "Khai sinh")
    assert told["Nhận hồ sơ"] == ("có", "không")
    assert told["Phí, lệ phí"] == ("–", "Lệ phí")
    assert set(told) == {"Tên", "Thời hạn", "Nhận hồ sơ", "Phí, lệ phí"}
    assert list(differences(before, replace(before, id=2, number=2, valid_from=date(2026, 1, 1)))) == []


@pytest.mark.django_db(databases=["default", "owner"])
@pytest.mark.parametrize(("content", "name"), [
    ("procedures: [", "a.yaml"), (b"PK\x03\x04", "a.xlsx"), ("x", "a.exe"), (b"\xff\xfe\x00", "a.yaml"),
    (b"#" * (LARGEST + 1), "a.yaml"), ("", "a.yaml"),
])  # fmt: skip
def test_what_is_no_catalogue_is_refused_at_the_field(content: bytes | str, name: str) -> None:
    shown = text_of(sent(staffed_province().client("administrator"), content, name), 422)
    assert 'id="id_tep_error"' in shown


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_template_is_a_workbook_and_a_commune_loads_nothing() -> None:
    answer = staffed_province().client("administrator").get(f"{LOAD}danh-muc.xlsx")
    assert load_workbook(io.BytesIO(answer.content)).sheetnames
    commune = staffed_commune().client("administrator")
    assert sent(commune, FILE).status_code == 403
    assert commune.post(CONFIRM, {"name": "a.yaml", "content": "eA=="}).status_code == 403


def test_a_file_is_looked_at_then_loaded_and_its_faults_are_told(own_database: str) -> None:
    admin = staffed_province().client("administrator")
    preview = text_of(sent(admin, FILE))
    assert "Thủ tục mới" in preview and "9.900001" in preview
    assert "valid_from" in preview and "9.900002" in preview  # refused, with its place
    assert not Procedure.objects.filter(code="9.900001").exists()
    content = re.search(r'name="content" value="([^"]+)"', preview)
    assert content
    form = {"name": "danh mục.yaml", "content": content[1]}
    assert "Đã nạp" in text_of(admin.post(CONFIRM, form))
    assert queries.versions_of("9.900001")[0].name == "Thử một"
    assert not Procedure.objects.filter(code="9.900002").exists()
    assert "Đã nạp" in text_of(admin.post(CONFIRM, form))  # a second time nothing happens
    assert len(queries.versions_of("9.900001")) == 1
    assert admin.post(CONFIRM, {"name": "a.yaml", "content": "%%%"}).status_code == 422


@pytest.mark.django_db(databases=["default", "owner"])
def test_the_cost_of_the_list_does_not_grow(queries: Any) -> None:
    browser = staffed_commune().client("administrator")
    browser.get(PAGE)
    assert queries(lambda: browser.get(PAGE)) == queries(lambda: browser.get(PAGE, {"q": "1.001193"})) <= 6
