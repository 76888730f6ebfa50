"""Technical support sees a unit's data only while the unit lends it, only to read, and every page is noted.

Real commits, real sessions: what is proved is that the database holds the line, not only the pages.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections
from django.test import Client

from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.tests.factories import (
    Staff,
    received,
    signed_in,
    staffed_commune,
    staffed_province,
    supporting,
)
from haicap.domain.people.commands import issue_token, new_session
from haicap.domain.people.commands.support import ask_for_support, decide_support, end_support
from haicap.domain.people.errors import GrantClosed, GrantUnknown, TokenForGuests
from haicap.domain.people.models import SupportGrant
from haicap.domain.people.queries import actor_for, forget_actors
from haicap.kernel.audit.models import Event
from haicap.kernel.errors import Denied
from haicap.kernel.files.tests import samples
from haicap.kernel.scope import Actor, entered

REASON = "Danh sách hồ sơ hiện sai số lượng"
OPENS = "UPDATE people_supportgrant SET begins_at = now() - interval '1 minute' WHERE begins_at > now()"


@dataclass(frozen=True)
class World:
    here: Staff
    there: Staff
    province: Staff
    support: int
    code: str
    other_code: str

    def guest(self) -> Actor:
        """Support with a session of its own, as a browser has it."""
        forget_actors()
        return actor_for(self.support).with_pass(new_session(self.support))

    def browser(self) -> Client:
        forget_actors()
        return signed_in("hotro-14")

    def granted(self, staff: Staff | None = None, *, hours: int = 1) -> int:
        """Asked, approved by the chair, and open."""
        staff = staff or self.here
        with entered(self.guest()):
            number = ask_for_support(actor=actor_for(self.support), unit=staff.unit, reason=REASON, hours=hours)
        with entered(staff.chair):
            decide_support(actor=staff.chair, grant_id=number, approved=True)
        owner(OPENS)
        forget_actors()
        return number


def owner(statement: str, *values: object) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, values)
    forget_actors()


@pytest.fixture(scope="module")
def built(module_database: str) -> Iterator[World]:
    here, there, province = staffed_commune("03664"), staffed_commune("03679"), staffed_province()
    yield World(
        here, there, province, supporting(province).pk, received(here.counter).code, received(there.counter).code
    )
    connections.close_all()


@pytest.fixture
def world(built: World) -> Iterator[World]:
    yield built
    owner("UPDATE people_supportgrant SET ended_at = now() WHERE ended_at IS NULL")


def seen(actor: Actor) -> set[str]:
    with entered(actor, read_only=True):
        return set(Dossier.objects.values_list("entry__code", flat=True))


def test_alone_support_sees_nothing_and_changes_nothing(world):
    client = world.browser()
    assert seen(world.guest()) == set()
    assert client.get(f"/desk/ho-so/{world.code}/").status_code == 404
    for address in ("/desk/", "/desk/ho-so/", "/desk/tim/?q=nguyen+thi+mai", f"/desk/tim/?q={world.code}"):
        answer = client.get(address)
        assert answer.status_code == 200 and "Nguyễn Thị Mai" not in answer.content.decode(), address
    assert client.get("/quan-tri/nguoi-dung/").status_code == 403
    assert client.get("/quan-tri/tep-cach-ly/").status_code == 403
    assert client.get("/api/v1/dossiers").status_code == 403
    assert client.get("/tai-khoan/").status_code == 200


def test_what_a_unit_lends_is_seen_while_it_lends_and_nothing_else(world):
    world.granted()
    client = world.browser()
    assert seen(world.guest()) == {world.code}
    page = client.get(f"/desk/ho-so/{world.code}/").content.decode()
    assert "Nguyễn Thị Mai" in page and "Bạn đang xem Phường" in page
    assert world.code in client.get("/desk/ho-so/").content.decode()
    assert client.get(f"/desk/ho-so/{world.other_code}/").status_code == 404
    owner(
        "UPDATE people_supportgrant SET begins_at = now() - interval '2 hours', ends_at = now() WHERE ended_at IS NULL"
    )
    assert seen(world.guest()) == set()
    assert client.get(f"/desk/ho-so/{world.code}/").status_code == 404


def test_the_database_gives_a_guest_no_more_than_is_lent_whatever_the_application_asks_for(world):
    everything = replace(world.guest(), unit_ids=(world.here.unit.pk, world.there.unit.pk), agency_ids=(1, 2, 3))
    assert seen(everything) == set()
    number = world.granted()
    assert seen(everything) == {world.code}
    with entered(everything):  # a transaction that may write is shown nothing at all
        assert Dossier.objects.count() == 0
    with entered(everything, read_only=True), pytest.raises(DatabaseError):
        connection.cursor().execute("SELECT audit_record('x:1', 'a:b:c', NULL, '{}')")
    with entered(world.here.chair):
        end_support(actor=world.here.chair, grant_id=number)
    assert seen(everything) == set()  # at once, in a process that still remembers the grant


def test_a_guest_only_reads(world):
    world.granted()
    client = world.browser()
    with entered(world.here.counter):
        before = Dossier.objects.count(), Event.objects.exclude(tag="people:support:view").count()
    for address, data in (
        (f"/desk/ho-so/{world.code}/withdraw/", {"note": "x"}),
        ("/desk/tep/", {"file": SimpleUploadedFile("a.pdf", samples.pdf())}),
        ("/desk/tiep-nhan/nguoi-nop/", {}), ("/quan-tri/nguoi-dung/moi/", {}),
    ):  # fmt: skip
        answer = client.post(address, data)
        assert answer.status_code == 403, address
    assert "chỉ được xem, không được thay đổi" in client.post("/desk/tep/").content.decode()
    assert client.get("/api/v1/dossiers").status_code == 403
    with pytest.raises(TokenForGuests):
        issue_token(account="hotro-14", scopes=["dossiers:read"], days=1)
    with entered(world.here.counter):
        assert (Dossier.objects.count(), Event.objects.exclude(tag="people:support:view").count()) == before


def test_every_page_that_support_opens_is_noted_for_the_unit_and_listed_there(world):
    number, client = world.granted(), world.browser()
    client.get(f"/desk/ho-so/{world.code}/")
    client.get("/desk/tim/?q=nguyen+thi+mai")
    client.get(f"/desk/ho-so/{world.other_code}/")  # what was tried and not shown, too
    with entered(world.here.administrator, read_only=True):
        noted = Event.objects.filter(subject=f"support:{number}").order_by("seq")
        assert [event.tag.split(":")[2] for event in noted] == ["ask", "approve", "view", "view", "view"]
        assert {event.actor_name for event in noted if event.tag.endswith("view")} == {"Bạc Cầm Hỗ"}
        paths = [event.data["path"] for event in noted if event.tag.endswith("view")]
        assert paths == [f"/desk/ho-so/{world.code}/", "/desk/tim/", f"/desk/ho-so/{world.other_code}/"]
    with entered(world.there.administrator, read_only=True):
        assert not Event.objects.filter(subject=f"support:{number}").exists()
    page = world.here.client("chair").get(f"/quan-tri/ho-tro/{number}/").content.decode()
    assert f"/desk/ho-so/{world.code}/" in page and REASON in page
    assert world.there.client("chair").get(f"/quan-tri/ho-tro/{number}/").status_code == 404


def test_the_unit_sees_it_on_every_page_from_before_it_opens_until_it_ends(world):
    guest = world.browser()
    asked = {"unit": "03664", "reason": REASON, "hours": "2"}
    assert guest.post("/quan-tri/ho-tro/", asked).status_code == 302
    clerk, chair = world.here.client("clerk"), world.here.client("chair")
    forget_actors()
    assert "Hỗ trợ kỹ thuật đang xem" not in clerk.get("/desk/").content.decode()
    assert "xin xem dữ liệu của đơn vị" in chair.get("/desk/").content.decode()
    with entered(world.here.chair, read_only=True):
        number = SupportGrant.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert clerk.post(f"/quan-tri/ho-tro/{number}/tra-loi/", {"dong-y": "1"}).status_code == 403
    assert chair.post(f"/quan-tri/ho-tro/{number}/tra-loi/", {"dong-y": "1"}).status_code == 302
    for address in ("/desk/", "/desk/ho-so/", f"/desk/ho-so/{world.code}/", "/quan-tri/quyen/", "/tai-khoan/"):
        page = clerk.get(address).content.decode()
        assert "Hỗ trợ kỹ thuật đang xem: Bạc Cầm Hỗ đến" in page, address
    assert seen(world.guest()) == set()  # shown already, open some seconds later
    assert "Hỗ trợ kỹ thuật đang xem" not in world.there.client("clerk").get("/desk/").content.decode()
    owner(OPENS)
    assert seen(world.guest()) == {world.code}
    assert guest.post(f"/quan-tri/ho-tro/{number}/ket-thuc/").status_code == 302
    assert "Hỗ trợ kỹ thuật đang xem" not in clerk.get("/desk/").content.decode()
    assert seen(world.guest()) == set()


def test_only_the_units_own_administrator_or_chair_answers_and_only_once(world):
    with entered(world.guest()):
        number = ask_for_support(actor=actor_for(world.support), unit=world.here.unit, reason=REASON, hours=8)
    for who in (world.there.chair, world.there.administrator, world.here.head):
        with entered(who), pytest.raises((GrantClosed, GrantUnknown)):
            decide_support(actor=who, grant_id=number, approved=True)
    for who in (world.province.administrator, world.province.operations):  # sees it, is not asked
        with entered(who), pytest.raises((GrantClosed, GrantUnknown)):
            decide_support(actor=who, grant_id=number, approved=True)
    with entered(world.guest()), pytest.raises(GrantClosed):
        decide_support(actor=actor_for(world.support), grant_id=number, approved=True)
    with entered(world.here.administrator):
        decide_support(actor=world.here.administrator, grant_id=number, approved=False)
    with entered(world.here.chair), pytest.raises(GrantClosed):
        decide_support(actor=world.here.chair, grant_id=number, approved=True)
    assert seen(world.guest()) == set()


def test_what_nobody_answered_in_a_day_has_lapsed(world):
    with entered(world.guest()):
        number = ask_for_support(actor=actor_for(world.support), unit=world.here.unit, reason=REASON, hours=1)
    owner("UPDATE people_supportgrant SET asked_at = now() - interval '24 hours' WHERE id = %s", number)
    with entered(world.here.chair), pytest.raises(GrantClosed):
        decide_support(actor=world.here.chair, grant_id=number, approved=True)
    assert "Hết hạn chờ duyệt" in world.here.client("chair").get("/quan-tri/ho-tro/").content.decode()


def test_a_grant_is_written_by_nothing_but_its_functions_and_lasts_eight_hours_at_most(world):
    for who in (world.guest(), world.here.chair):
        for statement in (
            "INSERT INTO people_supportgrant (account_id, unit_id, reason, hours, asked_at) VALUES (1, 1, 'x', 1, now())",
            "UPDATE people_supportgrant SET approved = true", "DELETE FROM people_supportgrant",
        ):  # fmt: skip
            with pytest.raises(DatabaseError), entered(who):
                connection.cursor().execute(statement)
    with pytest.raises(DatabaseError), entered(world.guest()):
        connection.cursor().execute("SELECT people_support_ask(%s, 'x', 9)", [world.here.unit.pk])
    with pytest.raises(Denied), entered(world.here.chair):
        ask_for_support(actor=world.here.chair, unit=world.here.unit, reason=REASON, hours=1)
    with entered(world.here.clerk):
        cursor = connection.cursor()
        cursor.execute("SELECT people_support_ask(%s, 'x', 1)", [world.here.unit.pk])
        assert cursor.fetchone() == (None,)


def test_faults_of_what_is_asked_stand_at_their_fields_and_what_was_typed_stays(world):
    answer = world.browser().post("/quan-tri/ho-tro/", {"unit": "99999", "reason": "ngắn", "hours": "9"})
    page = answer.content.decode()
    assert answer.status_code == 422 and 'value="ngắn"' in page
    for told in ("Chọn đơn vị cần xem", "từ 10 đến 500 ký tự", "Chọn từ 1 đến 8 giờ"):
        assert told in page
    for nonsense in ({"hours": "²"}, {"hours": "1e3", "reason": "\x00" * 20}, {"unit": "\x00"}, {}):
        assert world.browser().post("/quan-tri/ho-tro/", nonsense).status_code in {400, 422}


def test_a_post_that_ends_ends_the_view(world):
    world.granted()
    guest = world.guest()
    assert seen(guest) == {world.code}
    owner("UPDATE people_appointment SET valid_to = current_date WHERE role = 'support'")
    assert seen(guest) == set()
    owner("UPDATE people_appointment SET valid_to = NULL WHERE role = 'support'")


def test_the_list_costs_the_same_however_many_there_are(world, queries):
    chair, guest = world.here.client("chair"), world.browser()
    for client in (chair, guest):
        client.get("/quan-tri/ho-tro/")
    before = [queries(lambda c=c: c.get("/quan-tri/ho-tro/")) for c in (chair, guest)]
    for _ in range(12):
        world.granted()
    for client in (chair, guest):
        client.get("/quan-tri/ho-tro/")
    assert [queries(lambda c=c: c.get("/quan-tri/ho-tro/")) for c in (chair, guest)] == before
    assert max(before) <= 10
