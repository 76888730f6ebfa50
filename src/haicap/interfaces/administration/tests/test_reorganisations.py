"""The page of reorganisations: what stands in it, who takes certificates, that only the sealed one is given away."""

from __future__ import annotations

import json

import pytest

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune, staffed_province
from haicap.flows.reorganisation.notices import carry_out_due
from haicap.flows.tests.reorganised import (
    NUMBER,
    OLD_ONE,
    World,
    as_the_worker,
    others_are_done,
    reorganised,
    tamper,
)

PAGE = "/quan-tri/sap-xep/"


@pytest.fixture
def world(own_database) -> World:
    others_are_done()
    return reorganised()


@pytest.fixture
def province(world) -> Staff:
    return staffed_province()


@pytest.fixture
def carried_out(world, role_passwords) -> World:
    with as_the_worker(role_passwords):
        assert len(list(carry_out_due())) == 1
    return world


def taken(client, world: World, form: str = "json"):
    return client.get(f"{PAGE}{world.resolution.pk}/giay-chung-nhan.{form}")


def test_before_the_worker_has_come_it_waits(world, province):
    text = province.client("administrator").get(PAGE).content.decode()
    assert NUMBER in text
    assert "tiến trình nền chưa chạy" in text
    assert taken(province.client("administrator"), world).status_code == 409


def test_afterwards_the_province_takes_the_sealed_certificate(carried_out, province):
    client = province.client("administrator")
    text = client.get(PAGE).content.decode()
    assert "Đã thi hành" in text
    assert "5 hồ sơ" in text
    assert "3 → 2" in text
    answer = taken(client, carried_out)
    document = json.loads(answer.content)
    assert document["root"][:16] in text
    totals = {row["holding"]: row["before"]["count"] for row in document["content"]["totals"]}
    assert (totals["dossiers"], totals["denunciations"]) == (6, 0)
    paper = taken(province.client("operations"), carried_out, "pdf")
    assert paper.content.startswith(b"%PDF-")
    assert "attachment" in paper["Content-Disposition"]


def test_what_is_not_the_sealed_one_is_not_given_away(carried_out, province):
    tamper("UPDATE dossiers_dossier SET applicant_name = 'Kẻ Khác' WHERE entry_id = (SELECT id FROM entries_entry "
           "WHERE code = %s)", carried_out.dossiers[OLD_ONE][0])  # fmt: skip
    answer = taken(province.client("administrator"), carried_out)
    assert answer.status_code == 403
    assert "không trùng với bản đã niêm phong" in answer.content.decode()


def test_a_commune_sees_the_page_and_takes_no_certificate(carried_out, province):
    commune = staffed_commune("03664")
    answer = commune.client("administrator").get(PAGE)
    assert answer.status_code == 200
    assert "giay-chung-nhan" not in answer.content.decode()
    assert taken(commune.client("administrator"), carried_out).status_code == 403
    assert commune.client("chair").get(PAGE).status_code == 403


def test_another_provinces_resolution_is_not_there(carried_out, own_database):
    other = staffed_province("20")
    client = other.client("administrator")
    assert NUMBER not in client.get(PAGE).content.decode()
    assert taken(client, carried_out).status_code == 404


def test_the_page_speaks_english(world, province):
    text = province.client("administrator", language="en").get(PAGE).content.decode()
    assert "the worker has not run" in text
