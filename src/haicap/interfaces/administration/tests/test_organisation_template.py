"""A template of the organisation by page: faults by line, a preview that is held to, who may, what the trail keeps."""

from __future__ import annotations

import base64
import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune, staffed_province
from haicap.domain.people.blocks import StaffKind
from haicap.domain.people.commands.officials import OfficialFacts, Seat, record_officials
from haicap.domain.people.commands.organisation import load_organisation
from haicap.domain.people.commands.organisation_template import LARGEST, PACKAGED, parse_template, read_template
from haicap.domain.people.models import Body
from haicap.domain.people.organisation_errors import TemplateInvalid, TemplateUnreadable
from haicap.domain.people.queries.organisation import chart_of
from haicap.domain.people.queries.organisation_loads import latest_loads
from haicap.domain.units.rules import TWO_LEVELS_FROM
from haicap.kernel import clock, vi
from haicap.kernel.audit.models import Event
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PAGE, LOAD, CONFIRM = "/quan-tri/mau/", "/quan-tri/mau/to-chuc/", "/quan-tri/mau/to-chuc/ghi/"
TEXT = PACKAGED.read_text(encoding="utf-8")
OTHER = TEXT.replace("name: mau-2025", "name: Mẫu của tỉnh").replace("name: Văn phòng HĐND và UBND", "name: Văn phòng")


@pytest.fixture
def province() -> Staff:
    return staffed_province()


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:800]
    return " ".join(answer.content.decode().split())


def sent(client: Client, content: str | bytes, name: str = "mẫu.yaml", **typed: Any) -> Any:
    body = content.encode() if isinstance(content, str) else content
    today = vi.date_text(clock.today())
    return client.post(LOAD, {"tep": SimpleUploadedFile(name, body), "ngay": today, "cho": "03664", **typed})


def form_of(preview: Any) -> dict[str, Any]:
    """What the preview's form sends when it is confirmed."""
    found = re.findall(r'type="hidden" name="([a-z-]+)" value="([^"]*)"', text_of(preview, preview.status_code))
    return {name: value for name, value in found if name in ("name", "content", "cho", "ngay", "seen")}


def loaded(province: Staff, *units: Any) -> None:
    with entered(province.administrator):
        load_organisation([province.unit, *units], read_template(), TWO_LEVELS_FROM)


def test_a_template_is_looked_at_then_put_in_force_and_the_page_tells_by_whom(province: Staff) -> None:
    ward = staffed_commune().unit
    loaded(province, ward)
    admin = province.client("administrator")
    preview = sent(admin, OTHER)
    shown = text_of(preview)
    assert "chưa ghi gì" in shown and "Cơ quan đổi (1)" in shown and "Chánh Văn phòng · Văn phòng" in shown
    today = clock.today()
    assert {one.name for one in chart_of(ward, today).bodies} >= {"Văn phòng HĐND và UBND"}
    assert "Đã nạp" in text_of(admin.post(CONFIRM, form_of(preview)))
    assert "Văn phòng" in {one.name for one in chart_of(ward, today).bodies}
    assert "Văn phòng HĐND và UBND" in {one.name for one in chart_of(ward, TWO_LEVELS_FROM).bodies}
    with entered(province.administrator):
        new, first = latest_loads("14")
        event = Event.objects.get(subject="organisation:14", seq=new.number)
    assert (new.name, new.within, new.day) == ("Mẫu của tỉnh", "03664", today)
    assert (event.actor_id, event.data["text"]) == (province.administrator.account_id, OTHER)
    page = text_of(admin.get(PAGE))
    assert "Mẫu của tỉnh" in page and f"{LOAD}{new.number}.yaml" in page
    assert admin.get(f"{LOAD}{new.number}.yaml").content.decode() == OTHER
    assert (
        admin.get(f"{LOAD}{first.number}.yaml").content.decode() == admin.get(f"{LOAD}0.yaml").content.decode() == TEXT
    )
    assert admin.get(f"{LOAD}999.yaml").status_code == 404
    again = text_of(sent(admin, OTHER))
    assert "không có gì để nạp" in again and "Xác nhận và nạp" not in again


def test_the_one_for_the_whole_province_is_in_force_and_shown(province: Staff) -> None:
    admin = province.client("administrator")
    assert "chưa nạp mẫu nào" in text_of(admin.get(PAGE))
    loaded(province)
    preview = sent(admin, OTHER, cho="14")
    assert len(preview.context["rows"]) == preview.context["loaded"].changed_units > 70
    assert len(preview.context["groups"]) == 2  # wards, communes
    assert "Đã nạp" in text_of(admin.post(CONFIRM, form_of(preview)))
    page = admin.get(PAGE)
    assert page.context["name"] == "Mẫu của tỉnh" and not page.context["packaged"]
    commune = text_of(staffed_commune().client("administrator").get(PAGE))
    assert "theo mẫu Mẫu của tỉnh" in commune and LOAD not in commune


def test_what_is_not_what_was_looked_at_gives_a_new_preview(province: Staff) -> None:
    ward = staffed_commune().unit
    admin = province.client("administrator")
    form = form_of(sent(admin, OTHER))
    other = "A" if form["seen"][-1] != "A" else "B"
    for changed in (
        {"content": base64.b64encode(TEXT.encode()).decode()}, {"seen": ""}, {"seen": form["seen"][:-1] + other},
        {"cho": "03679"}, {"ngay": "01/07/2025"}, {"them": "political_center"},
    ):  # fmt: skip
        answer = admin.post(CONFIRM, form | changed)
        assert "đã khác so với lúc xem trước" in text_of(answer, 422), changed
    assert not Body.objects.filter(unit=ward).exists()
    assert "Đã nạp" in text_of(admin.post(CONFIRM, form_of(answer) | {"them": "political_center"}))
    assert Body.objects.filter(unit=ward, key="political_center").exists()


def test_a_state_that_changed_meanwhile_gives_a_new_preview(province: Staff) -> None:
    ward = staffed_commune().unit
    admin = province.client("administrator")
    form = form_of(sent(admin, OTHER))
    loaded(province, ward)
    assert "đã khác so với lúc xem trước" in text_of(admin.post(CONFIRM, form), 422)
    another = staffed_province("20").client("administrator")
    assert "đã khác" in text_of(another.post(CONFIRM, form | {"cho": "20"}), 422)  # a preview is its reader's alone


def test_people_in_posts_that_end_are_told_and_must_be_known(province: Staff) -> None:
    here = staffed_commune()
    loaded(province, here.unit)
    seat = Seat("health_station", "head", "1/QĐ", TWO_LEVELS_FROM, TWO_LEVELS_FROM)
    facts = OfficialFacts(here.unit, "Lò Thị Ánh", StaffKind.PUBLIC_EMPLOYEE, seat, id_number="014190000001")
    with entered(here.administrator):
        record_officials(actor=here.administrator, people=[facts])
    admin = province.client("administrator")
    preview = sent(admin, OTHER.replace("key: health_station", "key: station"))
    assert "1 người đang giữ vị trí sẽ kết thúc" in text_of(preview)
    refused = admin.post(CONFIRM, form_of(preview))
    assert "Hãy đánh dấu rằng bạn đã biết" in text_of(refused, 422)
    assert Body.objects.filter(unit=here.unit, key="health_station", valid_to=None).exists()
    assert "Đã nạp" in text_of(admin.post(CONFIRM, form_of(refused) | {"knows": "1"}))
    assert not Body.objects.filter(unit=here.unit, key="health_station", valid_to=None).exists()


def test_faults_are_told_by_line_in_both_languages(province: Staff) -> None:
    bad = TEXT.replace("key: health_station", "key: trạm").replace("certainty: B", "certainty: Z", 1)
    shown = sent(province.client("administrator"), bad)
    text = text_of(shown, 422)
    at = {one.field: one.line for one in shown.context["faults"]}
    lines = bad.splitlines()
    assert "key: trạm" in lines[at["commune[trạm].key"] - 1] and "Chưa thay đổi gì" in text
    assert any("certainty: Z" in lines[line - 1] for field, line in at.items() if field.endswith("certainty"))
    english = text_of(sent(province.client("administrator", language="en"), bad), 422)
    assert "must be one of" in english and "Line " in english


@pytest.mark.parametrize("content", [
    "levels: [", b"\xff\xfe", "", "\x00", "levels: {commune: []", "#" * (LARGEST + 1), "a: 2025-13-45", "[" * 5000,
    "a: &a {b: 1}\nlevels: {<<: *a}", "levels: {commune: [{key: " + "9" * 5000 + "}]}",
])  # fmt: skip
def test_what_is_no_template_is_refused_and_never_a_fault_of_ours(content: str | bytes) -> None:
    with pytest.raises((TemplateInvalid, TemplateUnreadable)) as refused:
        parse_template(content.encode() if isinstance(content, str) else content, "a.yaml")
    assert refused.value.sentence()


def test_wrong_input_is_told_at_its_field_and_kept(province: Staff) -> None:
    admin = province.client("administrator")
    for typed, field in (
        ({"ngay": "32/13/2026"}, "id_ngay"), ({"ngay": ""}, "id_ngay"), ({"ngay": "30/06/2025"}, "id_ngay"),
        ({"ngay": "01/01/9999"}, "id_ngay"), ({"cho": "20"}, "id_cho"), ({"name": "a.exe"}, "id_tep"),
        ({"them": "khong-co"}, "id_tep"), ({"them": "\x00x"}, "id_tep"),
    ):  # fmt: skip
        shown = text_of(sent(admin, TEXT, **{"name": "a.yaml"} | typed), 422)
        assert f'id="{field}_error"' in shown, typed
        assert f'value="{typed.get("ngay", vi.date_text(clock.today()))}"' in shown


def test_a_commune_loads_nothing(province: Staff) -> None:
    commune = staffed_commune().client("administrator")
    assert sent(commune, TEXT).status_code == commune.post(CONFIRM, {}).status_code == 403
    assert commune.get(f"{LOAD}0.yaml").status_code == 403


def test_the_cost_of_the_pages(province: Staff, queries: Any) -> None:
    admin = province.client("administrator")
    admin.get(PAGE)
    few = queries(lambda: admin.get(PAGE))
    loaded(province)
    admin.get(PAGE)
    assert queries(lambda: admin.get(PAGE)) == few <= 6
    assert queries(lambda: admin.get(LOAD)) <= 8
    one, all_units = (queries(lambda cho=cho: sent(admin, OTHER, cho=cho)) for cho in ("03664", "14"))
    assert all_units - one <= 12  # more batches of the same
