"""The table of permissions tells what the rules say, and a refusal tells the same."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import override_settings
from django.urls import include, path

from haicap.domain.dossiers.rules import MOVES
from haicap.domain.dossiers.tests.factories import staffed_commune, staffed_province
from haicap.domain.people import queries as posts
from haicap.domain.people.access import can_administer, can_receive
from haicap.domain.people.models import Appointment
from haicap.domain.people.rules import Role
from haicap.interfaces.administration import rights
from haicap.kernel import clock
from haicap.kernel.access import allow, who_may
from haicap.kernel.language import speaking
from haicap.kernel.scope import Actor, entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PAGE = "/quan-tri/quyen/"


def nobody_named_this(actor: Actor) -> bool:
    """A rule whose author forgot its words."""
    return bool(actor.roles)


@allow(nobody_named_this)
def unnamed_page(request: Any) -> Any:
    """A page behind it."""
    raise AssertionError("not opened here")


urlpatterns = [path("khong-ten/", unnamed_page), path("", include("haicap.config.urls"))]


def test_every_rule_before_a_route_or_operation_has_words_in_both_languages():
    assert rights.unnamed() == []
    for line in [*rights.actions(), *rights.moves()]:
        for text in (line.name, line.within):
            with speaking("vi"):
                vietnamese = str(text)
            assert vietnamese, line
        with speaking("en"):
            assert str(line.name)
        with speaking("vi"):
            assert str(line.name)


@override_settings(ROOT_URLCONF=__name__)
def test_a_route_whose_rule_has_no_words_is_named():
    assert rights.unnamed() == ["/khong-ten/"]
    assert [line.name for line in rights.actions() if "chưa được đặt tên" in str(line.within)] == ["/khong-ten/"]


def test_operations_tell_their_scope_and_only_those_without_signing_in_are_public():
    operations = {door.address: door for door in rights.doors() if "/api/v1/" in door.address and " " in door.address}
    assert operations["POST /api/v1/dossiers"].scope == "dossiers:write"
    assert operations["POST /api/v1/dossiers"].access is can_receive
    assert operations["GET /api/v1/dossiers/{code}"].scope == "dossiers:read"
    assert operations["GET /api/v1/track/{code}"].access == "public"
    assert {door.address for door in operations.values() if door.access != "public" and not door.scope} == set()
    assert {address.split("/")[3] for address, door in operations.items() if door.access == "public"} == {
        "units", "procedures", "track",
    }  # fmt: skip


def test_the_cells_are_what_the_rules_say_of_real_people():
    commune, province = staffed_commune(), staffed_province()
    for door in rights.doors():
        if door.access == "public":
            continue
        cells = rights.tried(door.access)
        for staff, level in ((commune, "commune"), (province, "province")):
            for role, actor in staff.actors.items():
                said = cells[role] == rights.YES or (cells[role] == rights.AT_PROVINCE and level == "province")
                assert said == bool(door.access(actor)), f"{door.address} for {role} of the {level}"


def test_moves_tell_who_may_make_them():
    cells = {name: line.cells for name, line in zip(MOVES, rights.moves(), strict=True)}
    assert set(cells) == set(MOVES)
    assert cells["approve"]["chair"] == rights.YES  # whoever has it
    assert cells["stop"] == {
        role.value: rights.YES if role in {"head", "chair", "department"} else rights.NO for role in Role
    }
    assert cells["return_result"]["counter"] == rights.YES
    assert cells["approve"]["administrator"] == rights.VACANT
    assert cells["approve"]["operations"] == rights.NO
    assert cells["take_over"]["counter"] == rights.YES
    assert cells["take_over"]["operations"] == rights.NO


def test_each_role_has_its_sight():
    told = {sight.role: str(sight.rows) for sight in rights.sights()}
    assert "mọi xã của tỉnh" in told[Role.OPERATIONS]
    assert "chỉ hồ sơ đã đến cơ quan mình" in told[Role.DEPARTMENT]
    assert "đơn vị mình" in told[Role.COUNTER]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_the_page_shows_every_action_role_and_move_without_a_link_that_leads_nowhere(language):
    staff = staffed_commune()
    text = staff.client("counter", language=language).get(PAGE).content.decode()
    with speaking(language):
        for line in [*rights.actions(), *rights.moves()]:
            assert str(line.name).replace("'", "&#x27;") in text
        for role in Role:
            assert str(role.label) in text
    assert "&lt;str:code&gt;" in text  # addresses are told, not linked
    assert not re.search(r'<a [^>]*href="[^"]*(&lt;|%3C|\{)', text)
    one = staff.client("counter", language=language).get(f"{PAGE}?vai-tro=clerk").content.decode()
    assert one.count('data-label="') < text.count('data-label="') / 2
    assert staff.client("counter").get(f"{PAGE}?vai-tro=khong-co").status_code == 200


def test_the_page_asks_the_database_nothing_of_its_own(queries):
    client = staffed_commune().client("counter")
    client.get(PAGE)
    assert queries(lambda: client.get(PAGE)) <= 2 + queries(lambda: client.get("/quan-tri/thanh-phan/"))


def test_a_denial_names_the_action_the_roles_and_whom_to_ask():
    staff = staffed_commune()
    answer = staff.client("clerk").get("/desk/tiep-nhan/")
    text = " ".join(answer.content.decode().split())
    assert answer.status_code == 403
    for told in ("Tiếp nhận hồ sơ tại quầy", "Cán bộ một cửa", "Văn thư", "Tòng Văn Hặc", PAGE):
        assert told in text, told
    english = staff.client("clerk", language="en").get("/desk/tiep-nhan/").content.decode()
    assert "Receive dossiers at the counter" in english


def test_a_denial_of_the_api_tells_the_same_facts_one_by_one():
    staff = staffed_commune()
    answer = staff.client("chair").post("/api/v1/dossiers", data={}, content_type="application/json")
    told = answer.json()
    assert (answer.status_code, told["code"]) == (403, "denied")
    assert told["action"] == "Tiếp nhận hồ sơ tại quầy"
    assert told["roles"] == ["Cán bộ một cửa"] == who_may(can_receive)
    assert told["held"] == ["Chủ tịch"]
    assert told["ask"] == [f"Tòng Văn Hặc (Ủy ban nhân dân {staff.unit.name[0].lower()}{staff.unit.name[1:]})"]
    assert "Cán bộ một cửa" in told["detail"]


def test_somebody_whose_post_has_ended_is_told_so_and_whom_to_ask():
    staff = staffed_commune()
    with entered(staff.administrator):
        Appointment.objects.filter(account_id=staff.clerk.account_id).update(valid_to=clock.today())
    posts.forget_actors()
    answer = staff.client("clerk").get("/desk/tiep-nhan/")
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Bạn không giữ chức vụ nào hôm nay" in text
    assert "Tòng Văn Hặc" in text
    assert PAGE not in text  # a page for those who work here
    assert who_may(can_administer) == ["Quản trị"]
