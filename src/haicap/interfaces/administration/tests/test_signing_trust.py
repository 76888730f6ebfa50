"""Issuers and revocation lists by page and by the clock: who may, what is judged again, who cannot sign any more."""

from __future__ import annotations

import re
from base64 import b64encode
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from haicap.domain.people.commands import signing
from haicap.domain.people.commands.signing import Answer
from haicap.domain.people.models import DigitalCertificate, RevocationList, TrustAnchor
from haicap.domain.people.signing_errors import AnchorUnknown, SigningRefused
from haicap.domain.people.signing_rules import Cannot, State, Why
from haicap.domain.people.signing_trust import Chain, Listed
from haicap.domain.people.tests.issuers import Issuer
from haicap.interfaces.administration.tests.test_signing import asked, reasons
from haicap.interfaces.administration.tests.test_training import World, page
from haicap.kernel import clock
from haicap.kernel.audit.models import Event
from haicap.kernel.errors import Denied
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HOME = "/quan-tri/chung-thu/"
ISSUERS = f"{HOME}noi-cap/"
ROOT = Issuer("Gốc thử")
MIDDLE = Issuer("Trung gian thử", ROOT)


@pytest.fixture
def world() -> World:
    return World()


def trusted(world: World) -> None:
    with entered(world.actor):
        for one in (ROOT, MIDDLE):
            signing.trust(actor=world.actor, data=one.file)


def taken(world: World, place: int, made: x509.Certificate | None = None) -> tuple[DigitalCertificate, int]:
    """A certificate of the issuer in the middle that came back for somebody; its row and its serial number."""
    person, admin = world.people[place], world.here.administrator
    row = asked(world, person)
    made = made or MIDDLE.issue(person.full_name, number=person.id_number)
    with entered(admin):
        file = Answer("a.cer", made.public_bytes(Encoding.DER), row.pk)
        signing.take_answers(actor=admin, files=[file])
        return DigitalCertificate.objects.get(pk=row.pk), made.serial_number


def again(world: World, row: DigitalCertificate) -> DigitalCertificate:
    with entered(world.actor):
        return DigitalCertificate.objects.get(pk=row.pk)


def listing(world: World, file: bytes) -> int:
    with entered(world.actor):
        return signing.take_list(actor=world.actor, data=file)[1].revoked


def test_a_certificate_is_judged_as_it_comes_in_and_again_when_issuers_change(world):
    row, _ = taken(world, 0)
    assert (row.chain, row.anchor_id, row.listed) == (Chain.UNKNOWN, None, Listed.NONE)
    trusted(world)
    row = again(world, row)
    with entered(world.actor):
        root = TrustAnchor.objects.get(is_root=True)
    assert (row.chain, row.anchor_id) == (Chain.TRUSTED, root.pk)
    assert taken(world, 1)[0].chain == Chain.TRUSTED
    for actor in (world.here.administrator, world.here.clerk):  # a commune's administrator keeps no issuers
        with pytest.raises(Denied), entered(actor):
            signing.distrust(actor=actor, anchor_id=root.pk)
    with entered(world.actor):
        signing.distrust(actor=world.actor, anchor_id=root.pk)
        with pytest.raises(AnchorUnknown):
            signing.distrust(actor=world.actor, anchor_id=root.pk)
        tags = list(Event.objects.filter(subject=f"anchor:{root.pk}").order_by("id").values_list("tag", flat=True))
    assert tags == ["people:anchor:trust", "people:anchor:distrust"]
    assert again(world, row).chain == Chain.UNKNOWN
    with entered(world.actor):
        assert signing.trust(actor=world.actor, data=ROOT.file).pk == root.pk  # the same row, trusted again
    assert again(world, row).chain == Chain.TRUSTED


def test_forged_and_revoked_files_are_not_taken_in(world):
    trusted(world)
    person = world.people[0]
    with pytest.raises(SigningRefused) as refused:
        taken(world, 0, MIDDLE.issue(person.full_name, number=person.id_number, forged=True))
    assert "Không phải nơi cấp ấy ký" in str(refused.value.problems[0].message)
    made = MIDDLE.issue(world.people[1].full_name, number=world.people[1].id_number)
    listing(world, MIDDLE.list_of({made.serial_number: None}))
    with pytest.raises(SigningRefused) as refused:
        taken(world, 1, made)
    assert "thu hồi" in str(refused.value.problems[0].message)


def test_whom_the_list_names_is_revoked_and_cannot_sign_tomorrow(world):
    trusted(world)
    day = clock.today() + timedelta(days=1)
    rows = [taken(world, place) for place in range(3)]
    serials = [serial for _, serial in rows]
    with entered(world.here.administrator):
        for person, post in zip(world.people, ("chair", "deputy", "deputy"), strict=False):
            person.assignments.update(body_key="committee", post_key=post)
    assert set(reasons(world, day).values()) == {None}
    named = {serials[0]: x509.ReasonFlags.key_compromise, serials[1]: x509.ReasonFlags.certificate_hold, 1: None}
    assert listing(world, MIDDLE.list_of(named, number=5)) == 1
    gone, held, well = (again(world, row) for row, _ in rows)
    assert (gone.state, gone.why, gone.listed) == (State.REVOKED, Why.COMPROMISED, Listed.REVOKED)
    assert abs(gone.revoked_at - (clock.now() - timedelta(days=2))) < timedelta(minutes=5)  # the list's day, not ours
    assert (held.state, held.listed, well.listed) == (State.ISSUED, Listed.HELD, Listed.GOOD)
    assert reasons(world, day) == {
        gone.official_id: Cannot.REVOKED,
        held.official_id: Cannot.HELD,
        well.official_id: None,
    }
    with entered(world.actor):
        event = Event.objects.get(tag="people:certificate:revoke")
        assert event.data == {"why": "compromised", "at_once": True, "by": "revocation list"}
    with entered(world.actor):
        RevocationList.objects.update(next_update=clock.now() - timedelta(minutes=1))
    text = page(world.province.client("administrator"), HOME)[1]
    assert "quá hạn từ" in text and "Trung gian thử" in text
    listing(world, MIDDLE.list_of({serials[0]: None}, number=6))  # the suspension ends, a revocation never does
    assert (again(world, held).listed, again(world, gone).state) == (Listed.GOOD, State.REVOKED)
    with pytest.raises(SigningRefused) as refused:
        listing(world, MIDDLE.list_of({}, number=4, since=timedelta(days=1)))
    assert "mới hơn" in str(refused.value.problems[0].message)


def test_issuers_are_everybodys_to_read_and_the_provinces_to_write(world):
    trusted(world)
    with entered(world.here.administrator):
        assert TrustAnchor.objects.count() == 2
        assert TrustAnchor.objects.update(name="x") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            RevocationList.objects.create(
                unit=world.province.unit, anchor=TrustAnchor.objects.first(), this_update=clock.now(),
                next_update=clock.now(), entries=0, file=b"x", entered_at=clock.now(),
            )  # fmt: skip


def upload(file: bytes, name: str = "a.cer") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, file)


def test_by_page_a_fingerprint_is_compared_before_an_issuer_is_trusted(world):
    client, commune = world.province.client("administrator"), world.here.client("administrator")
    assert "Chưa có nơi cấp tin cậy nào" in page(client, ISSUERS)[1]
    assert "Thêm nơi cấp" not in page(commune, ISSUERS)[1]
    status, text = page(client, f"{ISSUERS}xem/", {"tep": upload(MIDDLE.file)})
    assert status == 422 and "nạp chứng thư ấy trước" in text
    status, text = page(client, f"{ISSUERS}xem/", {"tep": upload(ROOT.file)})
    assert (
        status == 200
        and ROOT.certificate.fingerprint(ROOT.certificate.signature_hash_algorithm).hex(":").upper() in text
    )
    carried = re.search(r'name="chung-thu" value="([^"]+)"', text)[1]
    assert page(client, f"{ISSUERS}nhan/", {"chung-thu": carried})[0] == 422
    for odd in ("", "\x00", "%%%", b64encode(b"abc").decode()):
        assert page(client, f"{ISSUERS}nhan/", {"chung-thu": odd, "da-doi-chieu": "1"})[0] == 422
    with entered(world.actor):
        assert not TrustAnchor.objects.exists()
    assert page(client, f"{ISSUERS}nhan/", {"chung-thu": carried, "da-doi-chieu": "1"})[0] == 302
    assert page(client, f"{ISSUERS}xem/", {"tep": upload(ROOT.file)})[0] == 422  # it is there already
    for file, answer in ((b"\xff", 422), (MIDDLE.list_of({}), 422), (ROOT.list_of({7: None}), 302)):
        assert page(client, f"{ISSUERS}danh-sach/", {"list": upload(file, "a.crl")})[0] == answer
    status, text = page(client, f"{ISSUERS}?xong=danh-sach&thu-hoi=1")
    assert status == 200 and "1 số sê-ri" in text and "tin cậy" in text
    row, _ = taken(world, 0, ROOT.issue(world.people[0].full_name, number=world.people[0].id_number))
    assert "Đúng nơi cấp tin cậy" in page(client, f"{HOME}so/{row.pk}/")[1]
    for state, there in (("dung-noi-cap", True), ("chua-ro-noi-cap", False), ("khong-tin-cay", False)):
        assert (world.people[0].full_name in page(client, f"{HOME}so/?trang-thai={state}")[1]) == there


def test_a_certificate_of_before_is_checked_once_its_very_file_is_brought(world):
    trusted(world)
    person = world.people[0]
    made = MIDDLE.issue(person.full_name, number=person.id_number)
    row, _ = taken(world, 0, made)
    client, place = world.here.client("administrator"), f"{HOME}so/{row.pk}/"
    with entered(world.here.administrator):
        DigitalCertificate.objects.filter(pk=row.pk).update(file=None, chain=Chain.UNCHECKED, anchor=None)
    assert "Nạp lại tệp" in page(client, place)[1]
    another = MIDDLE.issue(person.full_name, number=person.id_number).public_bytes(Encoding.DER)
    for file in (another, b"\x00"):
        assert page(client, f"{place}tep/", {"tep": upload(file)})[0] == 422
    assert page(client, f"{place}tep/", {"tep": upload(made.public_bytes(Encoding.PEM))})[0] == 302
    assert again(world, row).chain == Chain.TRUSTED
    assert page(world.there.client("administrator"), f"{place}tep/", {"tep": upload(another)})[0] == 404


def test_the_cost_of_the_pages_does_not_grow(world, queries):
    trusted(world)
    client = world.province.client("administrator")
    taken(world, 0)
    few = [queries(lambda at=at: client.get(at)) for at in (ISSUERS, HOME)]
    for place in (1, 2):
        taken(world, place)
    with entered(world.actor):
        for name in ("Hai", "Ba"):
            signing.trust(actor=world.actor, data=Issuer(name, ROOT).file)
        signing.take_list(actor=world.actor, data=ROOT.list_of({}))
    assert [queries(lambda at=at: client.get(at)) for at in (ISSUERS, HOME)] == few
    assert few[0] < 14, few
