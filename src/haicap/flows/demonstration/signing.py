"""Digital certificates of the demonstration: who must sign has one, some expired, some about to, some none at all.

Requests, letters, certificate files and devices go through the public commands. The files are real X.509, made here by an
issuer that says that it is none; it is trusted all the same, and its list revokes a few, so that the pages have all to show.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from haicap.domain.people import queries as people
from haicap.domain.people.commands import signing
from haicap.domain.people.commands.signing import Answer, RequestFacts
from haicap.domain.people.models import Agency, DigitalCertificate, Official
from haicap.domain.people.queries import actor_for
from haicap.domain.people.queries.signing.standing import who_signs
from haicap.domain.people.signing_rules import AGENCY_BODY, Carrier, State, Why
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.flows.demonstration.figures import CHANGE, PROVINCE
from haicap.flows.demonstration.names import draw
from haicap.kernel import clock
from haicap.kernel.scope import Actor, entered

ISSUER = "TRÌNH DIỄN - không phải cơ quan cấp chứng thư số"
LETTER = "118/UBND-NC"
NONE, OPEN = 0.03, 0.015  # shares of those who have none, or whose request is still open
ENDED, SOON = 0.03, 0.05  # shares of certificates that have run out, or end within 60 days
COMMUNE = "03664"  # whose devices are in the register
DEVICES, LOST, COMPROMISED = 8, 3, 5
REVOKED_BY_ISSUER, SUSPENDED = 4, 2  # on the issuer's list
LIST_LASTS = timedelta(days=30)


@dataclass(frozen=True)
class _Wanted:
    """A certificate to be: whose, and from when to when; None for a request that was not answered."""

    facts: RequestFacts
    name: str
    number: str
    days: tuple[date, date] | None


def fill() -> None:
    """Give those who must sign their certificates, as the province's administrator; does nothing the second time."""
    actor = actor_for(people.account_named(f"quantri-{PROVINCE}").pk)
    with entered(actor):
        if DigitalCertificate.objects.exists():
            return
        wanted = list(_wanted())
        rows = signing.request_certificates(actor=actor, requests=[one.facts for one in wanted])
        answered = [(row, one) for row, one in zip(rows, wanted, strict=True) if one.days]
        signing.send(actor=actor, certificate_ids=[row.pk for row, _ in answered], number=LETTER)
        press = _Press()
        signing.trust(actor=actor, data=press.own, synthetic=True)
        signing.take_answers(actor=actor, files=[
            Answer(f"{row.pk}.cer", press.make(one.name, one.number, *one.days), row.pk) for row, one in answered if one.days
        ])  # fmt: skip
        signing.take_list(actor=actor, data=press.list_of(_listed()))
    keeper = actor_for(people.account_named(f"quantri-{COMMUNE}").pk)
    with entered(keeper):
        _devices(keeper)


def _wanted() -> Iterator[_Wanted]:
    province = units.unit_on(PROVINCE, CHANGE)
    all_units = [province, *units.communes_of(PROVINCE, CHANGE).select_related("province")]
    names = dict(Agency.objects.filter(kind=AGENCY_BODY).values_list("unit_id", "name"))
    holders = Official.objects.in_bulk()
    for standing in who_signs(all_units, CHANGE):
        seen: set[int] = set()
        for post in standing.posts:
            if post.of_agency or post.official_id is None or post.official_id in seen:
                continue
            seen.add(post.official_id)
            official = holders[post.official_id]
            rng = draw("certificate", official.id_number)
            thrown = rng.random()
            if official.unit_id == standing.unit.pk and thrown >= NONE:
                facts = RequestFacts(
                    unit=standing.unit, official_id=official.pk, requested_on=CHANGE, synthetic=True,
                    carrier=Carrier.REMOTE if rng.random() < 0.2 else Carrier.TOKEN,
                )  # fmt: skip
                yield _Wanted(
                    facts, official.full_name, official.id_number, None if thrown < NONE + OPEN else _days(rng)
                )
        yield _of_agency(standing.unit, names[standing.unit.pk])


def _of_agency(unit: Unit, name: str) -> _Wanted:
    rng = draw("certificate", unit.code)
    facts = RequestFacts(unit=unit, body_key=AGENCY_BODY, requested_on=CHANGE, synthetic=True)
    return _Wanted(facts, name, "", _days(rng))


def _days(rng: Random) -> tuple[date, date]:
    """From when to when, as seen from today, so that the pages always have something to warn of."""
    today, thrown = max(clock.today(), CHANGE + timedelta(days=90)), rng.random()
    if thrown < ENDED:
        return CHANGE, today - timedelta(days=rng.randint(0, 60))
    if thrown < ENDED + SOON:
        return CHANGE, today + timedelta(days=rng.randint(1, 60))
    return CHANGE, today + timedelta(days=rng.randint(200, 1000))


def _listed() -> dict[int, x509.ReasonFlags]:
    """Serial numbers of valid certificates that the issuer has revoked or suspended."""
    rows = DigitalCertificate.objects.filter(
        state=State.ISSUED, valid_to__gt=clock.now(), official__isnull=False
    ).exclude(unit__code=COMMUNE)  # fmt: skip
    serials = [int(serial, 16) for serial in rows.order_by("pk").values_list("serial", flat=True)[40::40]]
    found = dict.fromkeys(serials[:REVOKED_BY_ISSUER], x509.ReasonFlags.affiliation_changed)
    return found | dict.fromkeys(serials[REVOKED_BY_ISSUER:][:SUSPENDED], x509.ReasonFlags.certificate_hold)


def _devices(actor: Actor) -> None:
    """The devices of one commune with their certificates: one is lost, one key may be known to others."""
    rows = DigitalCertificate.objects.filter(unit_id=actor.unit_id, carrier=Carrier.TOKEN, state=State.ISSUED)
    for place, row in enumerate(rows.filter(official__isnull=False).select_related("unit").order_by("pk")[:DEVICES]):
        device = signing.add_device(actor=actor, unit=row.unit, kind=Carrier.TOKEN, serial=f"DEMO-{place + 1:04d}")
        DigitalCertificate.objects.filter(pk=row.pk).update(device=device)
        signing.hand_over(actor=actor, device_id=device.pk, official_id=row.official_id or 0, on=CHANGE)
        if place == LOST:
            signing.report_lost(actor=actor, device_id=device.pk)
        elif place == COMPROMISED:
            signing.revoke(actor=actor, certificate_id=row.pk, why=Why.COMPROMISED)


class _Press:
    """An issuer, a root of its own; the certificates that it makes are all of one key: only their words count here."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ISSUER)])
        self.serial = 0
        years = CHANGE + timedelta(days=3650)
        signs = x509.BasicConstraints(ca=True, path_length=0)
        self.own = self._made(self.issuer, CHANGE - timedelta(days=30), years, signs).public_bytes(Encoding.DER)

    def make(self, name: str, number: str, first: date, end: date) -> bytes:
        """A certificate for `name` from the morning of a day to the evening of another."""
        words = [x509.NameAttribute(NameOID.COMMON_NAME, name[:64])]
        if number:
            words.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, f"CCCD:{number}"))
        signs_nothing = x509.BasicConstraints(ca=False, path_length=None)
        return self._made(x509.Name(words), first, end, signs_nothing).public_bytes(Encoding.DER)

    def list_of(self, revoked: Mapping[int, x509.ReasonFlags]) -> bytes:
        """The issuer's revocation list of today."""
        now = clock.now()
        built = (
            x509.CertificateRevocationListBuilder()
            .issuer_name(self.issuer)
            .last_update(now)
            .next_update(now + LIST_LASTS)
            .add_extension(x509.CRLNumber(1), critical=False)
        )
        for serial, why in revoked.items():
            entry = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(now - timedelta(days=1))
            built = built.add_revoked_certificate(entry.add_extension(x509.CRLReason(why), critical=False).build())
        return built.sign(self.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _made(self, subject: x509.Name, first: date, end: date, basic: x509.BasicConstraints) -> x509.Certificate:
        self.serial += 1
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(self.issuer)
            .public_key(self.key.public_key())
            .serial_number(0x5EED0000 + self.serial)
            .not_valid_before(datetime.combine(first, time(7), clock.ZONE))
            .not_valid_after(datetime.combine(end, time(17), clock.ZONE))
            .add_extension(basic, critical=True)
            .sign(self.key, hashes.SHA256())
        )
