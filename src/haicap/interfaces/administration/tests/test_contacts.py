"""Contacts of agencies by page: entered once, read by citizens wherever somebody is responsible."""

from __future__ import annotations

import pytest
from django.test import Client

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune, staffed_province
from haicap.domain.people.models import Agency
from haicap.kernel.audit.models import Event
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HOME = "/quan-tri/lien-he/"
TYPED = {"phone": "0212 3852 022", "address": "Số 1 đường Tô Hiệu"}


@pytest.fixture
def here() -> Staff:
    return staffed_commune("03664")


def _committee(staff: Staff) -> Agency:
    return Agency.objects.get(unit=staff.unit, kind="committee")


def test_what_is_entered_stands_where_citizens_look(here):
    answer = here.client("administrator").post(f"{HOME}{_committee(here).pk}/", TYPED)
    assert answer.status_code == 302
    assert "Đã lưu" in here.client("administrator").get(answer["Location"]).content.decode()
    public = Client()
    for address in ("/don-vi/03664/", "/don-vi/03664/to-chuc/", "/thu-tuc/1.001193/?tai=03664",
                    "/thu-tuc/1.001193/?tai=Xa+Chieng+Den,+Son+La"):  # fmt: skip
        page = public.get(address).content.decode()
        assert 'href="tel:02123852022"' in page and "Tô Hiệu" in page, address
    told = public.get("/api/v1/procedures/1.001193/competence?at=03664").json()["deciders"][0]["agency"]
    assert (told["phone"], told["address"]) == (TYPED["phone"], TYPED["address"])
    with entered(here.administrator):
        assert Event.objects.get(tag="people:agency:contact").data["after"] == TYPED


def test_nobody_is_called_in_a_unit_that_has_ended(here):
    here.client("administrator").post(f"{HOME}{_committee(here).pk}/", TYPED)
    page = Client().get("/thu-tuc/1.001193/?tai=Xa+Chieng+Den,+Son+La&ngay=01/03/2025").content.decode()
    assert "Chiềng Đen" in page and "tel:" not in page


@pytest.mark.parametrize("wrong", [{"phone": "gọi chị Hoa"}, {"phone": "1" * 90}, {"address": "x" * 400}])
def test_a_wrong_one_is_told_and_kept(here, wrong):
    answer = here.client("administrator").post(f"{HOME}{_committee(here).pk}/", TYPED | wrong)
    page = answer.content.decode()
    assert answer.status_code == 422 and "Thông tin liên hệ chưa đúng" in page
    assert next(iter(wrong.values()))[:300] in page
    assert _committee(here).phone == ""


def test_the_province_answers_for_its_communes_a_neighbour_does_not(here):
    neighbour, province = staffed_commune("03679"), staffed_province()
    at = f"{HOME}{_committee(here).pk}/"
    assert neighbour.client("administrator").post(at, TYPED).status_code == 404
    assert province.client("administrator").post(at, TYPED).status_code == 302


def test_the_list_costs_the_same_for_a_province(here, queries):
    province = staffed_province()
    commune, wide = here.client("administrator"), province.client("administrator")
    for client in (commune, wide):
        client.get(HOME)
    assert queries(lambda: commune.get(HOME)) <= 8
    assert queries(lambda: wide.get(f"{HOME}?don-vi=03664")) <= 10
