"""Certificates and devices: from request to revocation, files put to the right request, who cannot sign tomorrow."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from haicap.domain.people.blocks import StandInKind
from haicap.domain.people.commands import signing
from haicap.domain.people.commands.signing import Answer, RequestFacts
from haicap.domain.people.models import Appointment, Delegation, DigitalCertificate, Official, SigningDevice
from haicap.domain.people.queries.signing.standing import away_on, counted, who_signs
from haicap.domain.people.signing_errors import CertificateMoveRefused, CertificateUnknown, SigningRefused
from haicap.domain.people.signing_rules import Cannot, State
from haicap.domain.people.tests.test_training_and_signing_rules import made
from haicap.interfaces.administration.tests.test_training import START, World, page
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.errors import Denied
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HOME = "/quan-tri/chung-thu/"
_serials = iter(range(1000, 9999))


@pytest.fixture
def world() -> World:
    return World()


def cer(name: str, last: date, number: str = "") -> bytes:
    return made(name, number=number, first=START, last=last, serial=next(_serials)).public_bytes(Encoding.DER)


def asked(world: World, official: Official | None = None, **changes: Any) -> DigitalCertificate:
    admin = world.here.administrator
    facts = {"unit": world.here.unit, "official_id": official.pk if official else None, "requested_on": START}
    facts["body_key"] = "" if official else "committee"
    with entered(admin):
        return signing.request_certificates(actor=admin, requests=[RequestFacts(**facts | changes)])[0]


def certified(world: World, official: Official, last: date, **changes: Any) -> DigitalCertificate:
    row, admin = asked(world, official, **changes), world.here.administrator
    with entered(admin):
        signing.take_answers(actor=admin, files=[Answer("a.cer", cer(official.full_name, last, official.id_number))])
        return DigitalCertificate.objects.get(pk=row.pk)


def test_requests_are_one_a_person_and_of_ones_own_unit(world):
    asked(world, world.people[0])
    asked(world)
    for facts in ({"official": world.people[0]}, {"official": world.others[0]}, {}, {"official": world.people[1], "carrier": "x"},
                  {"official": world.people[1], "unit": world.there.unit}):  # fmt: skip
        with pytest.raises(SigningRefused):
            asked(world, facts.pop("official", None), **facts)
    with pytest.raises(Denied), entered(world.here.clerk):
        signing.request_certificates(actor=world.here.clerk, requests=[])


def test_each_file_finds_its_request_and_a_foreign_one_is_told(world):
    rows = [asked(world, one) for one in world.people[:3]]
    agency = asked(world)
    admin, last = world.here.administrator, clock.today() + timedelta(days=400)
    foreign = [
        Answer("1.cer", cer("Người Khác", last)), Answer("2.cer", cer("Lò Thị Ánh", last, "014199999999")),
        Answer("3.cer", b"abc"), Answer("4.cer", cer("Cà Văn Bình", last), rows[2].pk),
        Answer("5.cer", cer("Cà Văn Bình", START)),
    ]  # fmt: skip
    with pytest.raises(SigningRefused) as refused, entered(admin):
        signing.take_answers(actor=admin, files=foreign)
    assert [one.field for one in refused.value.problems] == [f"files[{n}]" for n in range(5)]
    files = [
        Answer("a.cer", cer("LO THI ANH", last, world.people[0].id_number)), Answer("b.cer", cer("Cà Văn Bình", last)),
        Answer("c.cer", cer(world.here.unit.committee, last)),
    ]  # fmt: skip
    with entered(admin):
        taken = signing.take_answers(actor=admin, files=files)
        assert {one.certificate_id for one in taken} == {rows[0].pk, rows[1].pk, agency.pk}
        assert set(DigitalCertificate.objects.values_list("state", flat=True)) == {State.ISSUED, State.REQUESTED}
        assert Event.objects.filter(tag="people:certificate:issue").count() == 3
    with pytest.raises(SigningRefused), entered(admin):
        signing.take_answers(actor=admin, files=[Answer("b.cer", files[1].data, rows[2].pk)])


def test_the_life_of_a_certificate_and_no_way_back(world):
    admin = world.here.administrator
    row = certified(world, world.people[0], clock.today() + timedelta(days=300))
    with entered(admin):
        assert signing.revoke(actor=admin, certificate_id=row.pk, why="compromised").state == State.BLOCKED
        with pytest.raises(CertificateMoveRefused):
            signing.revoke(actor=admin, certificate_id=row.pk, why="compromised")
        assert signing.revoke(actor=admin, certificate_id=row.pk, why="compromised", confirmed=True).revoked_at
        with pytest.raises(CertificateMoveRefused):
            signing.revoke(actor=admin, certificate_id=row.pk, why="other", confirmed=True)
    with pytest.raises(CertificateUnknown), entered(world.there.administrator):
        signing.revoke(actor=world.there.administrator, certificate_id=row.pk, why="other")
    later = certified(world, world.people[0], clock.today() + timedelta(days=700), renews_id=row.pk)
    assert later.renews_id == row.pk and later.state == State.ISSUED


def test_a_lost_device_blocks_what_is_on_it(world):
    admin = world.here.administrator
    with entered(admin):
        device = signing.add_device(actor=admin, unit=world.here.unit, kind="usb_token", serial=" t-1 ")
        with pytest.raises(SigningRefused):
            signing.add_device(actor=admin, unit=world.here.unit, kind="usb_token", serial="T-1")
        signing.hand_over(actor=admin, device_id=device.pk, official_id=world.people[0].pk, on=clock.today())
        with pytest.raises(SigningRefused):
            signing.hand_over(actor=admin, device_id=device.pk, official_id=world.people[1].pk, on=clock.today())
        signing.take_back(actor=admin, device_id=device.pk)
        signing.hand_over(actor=admin, device_id=device.pk, official_id=world.people[1].pk, on=clock.today())
    row = certified(world, world.people[1], clock.today() + timedelta(days=300), device_id=device.pk)
    with entered(admin):
        assert signing.report_lost(actor=admin, device_id=device.pk) == 1
        row.refresh_from_db()
        assert (row.state, row.why) == (State.BLOCKED, "device_lost")
    with entered(world.there.administrator):
        assert not SigningDevice.objects.exists() and not DigitalCertificate.objects.exists()
    assert "đã báo mất" in page(world.here.client("administrator"), f"{HOME}thiet-bi/{device.pk}/")[1].lower()


def test_who_cannot_sign_and_why(world):
    units, tomorrow = [world.here.unit, world.there.unit], clock.today() + timedelta(days=1)
    with entered(world.actor):
        before = counted(who_signs(units, tomorrow))
        assert set(before) == {Cannot.VACANT}, "nobody leads these units yet"
    leader = world.people[0]
    with entered(world.here.administrator):
        leader.assignments.update(body_key="committee", post_key="chair")
        world.people[1].assignments.update(body_key="office", post_key="clerk")
    assert reasons(world, tomorrow) == {leader.pk: Cannot.NONE, world.people[1].pk: Cannot.NONE}
    asked(world)
    assert reasons(world, tomorrow)[world.people[1].pk] == Cannot.PENDING, "the clerk signs with the agency's key"
    certified(world, leader, tomorrow)
    assert reasons(world, tomorrow)[leader.pk] == Cannot.EXPIRES_TODAY
    assert reasons(world, clock.today())[leader.pk] is None
    assert reasons(world, tomorrow + timedelta(days=1))[leader.pk] == Cannot.EXPIRED
    with entered(world.here.administrator):
        held = Appointment.objects.filter(account_id=leader.account_id).first()
        Delegation.objects.create(
            unit=world.here.unit, kind=StandInKind.ABSENCE, appointment=held, account_id=world.here.chair.account_id,
            decision_number="1", decision_date=clock.today(), valid_from=clock.today(), valid_to=tomorrow,
        )  # fmt: skip
    assert reasons(world, clock.today())[leader.pk] == Cannot.ABSENT
    client = world.province.client("administrator")
    status, text = page(client, HOME)
    assert status == 200 and "Theo đơn vị" in text
    status, text = page(client, f"{HOME}?don-vi=03664&ly-do=expires_today")
    assert status == 200 and leader.full_name in text and "Hết hạn trong ngày" in text
    for odd in ("?ngay=32/13/2025", "?ngay=01/01/9999", "?ngay=h%C3%B4m+nay"):
        assert page(client, HOME + odd)[0] == 422
    assert page(world.there.client("administrator"), f"{HOME}?don-vi=03664")[0] == 404


def reasons(world: World, day: date) -> dict[int, Cannot | None]:
    with entered(world.actor):
        (found,) = who_signs([world.here.unit], day, absent=away_on([world.here.unit], day))
        return {post.official_id: post.why for post in found.posts if post.official_id}


def test_by_page_from_the_request_to_the_file(world):
    client, person = world.here.client("administrator"), world.people[3]
    form = {"nguoi": str(person.pk), "carrier": "usb_token"}
    assert page(client, f"{HOME}so/moi/", form | {"nguoi": "\x00"})[0] == 422
    answer = client.post(f"{HOME}so/moi/", form)
    assert answer.status_code == 302
    book = load_workbook(io.BytesIO(client.get(f"{HOME}so/de-nghi.xlsx").content))
    assert [row[1].value for row in book.active.iter_rows(min_row=2)] == [person.full_name]
    assert client.get(f"{HOME}so/de-nghi.pdf").content.startswith(b"%PDF")
    assert page(client, f"{HOME}so/gui/", {"number": ""})[0] == 422
    assert page(client, f"{HOME}so/gui/", {"number": "12/UBND"})[0] == 302
    place = answer["Location"]
    number = place.rstrip("/").rpartition("/")[2]
    last = clock.today() + timedelta(days=20)
    wrong = SimpleUploadedFile("x.cer", cer("Người Khác", last))
    status, text = page(client, f"{HOME}so/tra-loi/", {"tep": wrong, "chung-thu": number})
    assert status == 422 and "không phải" in text
    right = SimpleUploadedFile("x.cer", cer(person.full_name, last, person.id_number))
    assert page(client, f"{HOME}so/tra-loi/", {"tep": right, "chung-thu": number})[0] == 302
    status, text = page(client, f"{HOME}so/?trang-thai=sap-het-han")
    assert status == 200 and "Còn 20 ngày" in text and person.full_name in text
    assert page(world.there.client("administrator"), place)[0] == 404
    assert page(client, f"{place}thu-hoi/", {"why": "x"})[0] == 422
    assert page(client, f"{place}thu-hoi/", {"why": "left_post"})[0] == 302


def test_the_cost_of_pages_does_not_grow(world, queries):
    client = world.here.client("administrator")
    addresses = (HOME, f"{HOME}so/", f"{HOME}so/moi/", f"{HOME}thiet-bi/")
    admin, last = world.here.administrator, clock.today() + timedelta(days=50)

    def work(people: list[Official]) -> None:
        for person in people:
            certified(world, person, last)
            with entered(admin):
                signing.add_device(actor=admin, unit=world.here.unit, kind="sim", serial=str(person.pk))

    work(world.people[:1])
    few = [queries(lambda at=at: client.get(at)) for at in addresses]
    work(world.people[1:])
    assert [queries(lambda at=at: client.get(at)) for at in addresses] == few
    assert max(few) < 20, few
