"""A province's resolutions by page: its own units only, looked at before, confirmed by number, undone while nothing depends."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils.html import escape

from haicap.domain.dossiers.tests.factories import staffed_commune, staffed_province
from haicap.domain.units.commands.resolutions import packaged
from haicap.domain.units.models import Resolution

PAGE, LOAD, APPLY = "/quan-tri/don-vi/", "/quan-tri/don-vi/nghi-quyet/", "/quan-tri/don-vi/nghi-quyet/ap-dung/"
WARDS = (packaged.FOLDER / "2026" / "24-bac-ninh-phuong.yaml").read_text(encoding="utf-8")
CARRIED = f"{LOAD}co-san/24-bac-ninh-phuong.yaml/"
NUMBER = "388/NQ-UBTVQH16"


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:500]
    return " ".join(answer.content.decode().split())


def sent(client: Client, content: bytes | str) -> Any:
    body = content.encode() if isinstance(content, str) else content
    return client.post(LOAD, {"tep": SimpleUploadedFile("nghị quyết.yaml", body)})


def test_it_is_looked_at_confirmed_by_its_number_applied_and_undone(own_database: str) -> None:
    admin = staffed_province("24").client("administrator")
    form = {"text": WARDS, "name": "nghị quyết.yaml"}
    assert CARRIED in text_of(admin.get(PAGE))
    assert "Gõ số nghị quyết" in text_of(admin.get(CARRIED)), "as if it had been handed in"
    looked = text_of(sent(admin, WARDS))
    assert NUMBER in looked and "Tệp chỉ có một nguồn" in looked and escape(WARDS[:20]) in looked
    assert not Resolution.objects.filter(number=NUMBER).exists()
    for typed in ({}, {"typed": "1/NQ", "unsure": "1"}, {"typed": NUMBER}):  # no number, a wrong one, not compared
        shown = text_of(admin.post(APPLY, {**form, **typed}), 422)
        assert 'id="id_typed_error"' in shown and "Áp dụng" in shown
        assert not Resolution.objects.filter(number=NUMBER).exists()
    assert admin.post(APPLY, {**form, "typed": f" {NUMBER.lower()} ", "unsure": "1"}).status_code == 302
    applied = Resolution.objects.get(number=NUMBER)
    page = admin.get(PAGE)
    assert NUMBER in text_of(page) and NUMBER not in {one.number for one in page.context["prepared"]}
    assert admin.get(CARRIED).status_code == 404, "it is applied"
    assert "không có gì để làm" in text_of(sent(admin, WARDS))
    back = f"{LOAD}{applied.pk}/hoan-tac/"
    assert "Gõ số nghị quyết" in text_of(admin.get(back))
    assert 'id="id_typed_error"' in text_of(admin.post(back, {"typed": "x"}), 422)
    assert admin.post(back, {"typed": NUMBER}).status_code == 302
    applied.refresh_from_db()
    assert applied.undone_at is not None
    page = admin.get(PAGE)
    assert NUMBER not in {one.resolution.number for one in page.context["found"]}
    assert NUMBER in {one.number for one in page.context["prepared"]} and CARRIED in text_of(page)


@pytest.mark.django_db(databases=["default", "owner"])
def test_another_provinces_units_are_refused() -> None:
    admin = staffed_province("14").client("administrator")
    assert "không thuộc tỉnh của bạn" in text_of(sent(admin, WARDS), 422)
    assert "Soạn sẵn" not in text_of(admin.get(PAGE)) and admin.get(CARRIED).status_code == 404
    commune = staffed_commune().client("administrator")
    assert LOAD not in text_of(commune.get(PAGE))
    assert commune.post(APPLY, {"text": WARDS, "typed": NUMBER, "unsure": "1"}).status_code == 403


@pytest.mark.django_db(databases=["default", "owner"])
def test_every_fault_stands_with_its_line() -> None:
    admin = staffed_province("24").client("administrator")
    shown = text_of(sent(admin, WARDS.replace("effective_on", "effective", 1)), 422)
    assert "lỗi trong" in shown and "Chưa thay đổi gì" in shown
    for content in (b"\xff\xfe", b"a\x00b", b"", b"#" * (2**20 + 1)):
        assert sent(admin, content).status_code == 422


@pytest.mark.django_db(databases=["default", "owner"])
def test_what_is_undone_must_be_of_the_province(queries: Any) -> None:
    admin = staffed_province("14").client("administrator")
    other = Resolution.objects.filter(number="1672/NQ-UBTVQH15").first()
    assert other is not None
    assert admin.post(f"{LOAD}{other.pk}/hoan-tac/", {"typed": other.number}).status_code == 404
    own = admin.get(PAGE).context["found"][0].resolution
    staffed_commune()  # its agencies depend on the units that the resolution formed
    admin.get(PAGE)
    assert queries(lambda: admin.get(PAGE)) <= 15
    assert admin.get(f"{LOAD}{own.pk}/hoan-tac/").status_code == 200
