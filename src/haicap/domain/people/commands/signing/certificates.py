"""Requests for certificates, what was sent to the issuer, and the end of a certificate.

Nothing here speaks with the issuer: requests leave as a list on paper or in a file, answers come in by file.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from haicap.domain.people.access import can_keep_certificates
from haicap.domain.people.commands.training.trail import record_many
from haicap.domain.people.models import Body, DigitalCertificate, Official, SigningDevice
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.signing_errors import CertificateMoveRefused, CertificateUnknown, SigningRefused
from haicap.domain.people.signing_rules import IN_FORCE, MOVES, OPEN, Carrier, State, Why, blocks_at_once
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.access import require
from haicap.kernel.audit import commands as audit
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

BATCH, LONGEST_NUMBER = 2000, 60


@dataclass(frozen=True)
class RequestFacts:
    """A certificate that is asked for: of a person, or of a unit's body. `renews_id`: the one that it follows.
    `requested_on`: the day of the paper, where it is noted later; today otherwise."""

    unit: Unit
    official_id: int | None = None
    body_key: str = ""
    carrier: str = Carrier.TOKEN
    device_id: int | None = None
    renews_id: int | None = None
    requested_on: date | None = None
    synthetic: bool = False


def request_certificates(*, actor: Actor, requests: Sequence[RequestFacts]) -> list[DigitalCertificate]:
    """Ask for certificates; all or nothing. A handful of statements for any number.

    Raises Denied, or SigningRefused with each fault by place ("requests[3].official").
    """
    require(can_keep_certificates(actor))
    problems = _problems(actor, requests)
    if problems:
        raise SigningRefused(problems=problems)
    today = clock.today()
    with transaction.atomic():
        rows = DigitalCertificate.objects.bulk_create(
            (
                DigitalCertificate(
                    unit=one.unit, official_id=one.official_id, body_key=one.body_key, carrier=one.carrier,
                    device_id=one.device_id, renews_id=one.renews_id, state=State.REQUESTED,
                    requested_on=one.requested_on or today,
                    synthetic=one.synthetic,
                )
                for one in requests
            ),
            batch_size=BATCH,
        )  # fmt: skip
        record_many("people:certificate:request", (
            (f"digital_certificate:{row.pk}", row.unit_id, {"official": row.official_id, "body": row.body_key,
                                                    "renews": row.renews_id})
            for row in rows
        ))  # fmt: skip
    return rows


def send(*, actor: Actor, certificate_ids: Collection[int], number: str) -> int:
    """Note that requests went to the issuer by the official letter `number`; gives how many. Those that do not wait to be
    sent are left alone. Raises Denied, SigningRefused."""
    require(can_keep_certificates(actor))
    number = clean(number)
    if not 0 < len(number) <= LONGEST_NUMBER:
        text = bi("Ghi số công văn gửi đi, không quá 60 ký tự.", "Give the letter's number, 60 characters at most.")
        raise SigningRefused(problems=[Problem("number", text)])
    with transaction.atomic():
        rows = list(
            DigitalCertificate.objects.select_for_update().filter(
                pk__in=certificate_ids, unit_id__in=reach_of(actor).unit_ids, state=State.REQUESTED
            )
        )
        if not rows:
            text = bi("Không có đề nghị nào chờ gửi.", "No request waits to be sent.")
            raise SigningRefused(problems=[Problem("number", text)])
        changed = {"state": State.SENT, "sent_on": clock.today(), "sent_number": number}
        DigitalCertificate.objects.filter(pk__in=[row.pk for row in rows]).update(**changed)
        record_many("people:certificate:send", (
            (f"digital_certificate:{row.pk}", row.unit_id, {"number": number}) for row in rows
        ))  # fmt: skip
    return len(rows)


def move(*, actor: Actor, certificate_id: int, step: str) -> DigitalCertificate:
    """Make the step `withdraw` of a request. Raises Denied, CertificateUnknown, CertificateMoveRefused."""
    row = own_certificate(actor, certificate_id)
    allowed, becomes = MOVES[step]
    if row.state not in allowed:
        raise CertificateMoveRefused(state=State(row.state).label)
    row.state = becomes
    row.save(update_fields=["state"])
    audit.record(f"people:certificate:{step}", subject=f"digital_certificate:{row.pk}", unit_id=row.unit_id, data={})
    return row


def revoke(*, actor: Actor, certificate_id: int, why: str, confirmed: bool = False) -> DigitalCertificate:
    """Have a certificate revoked. A compromised key or a lost device blocks it at once, before the issuer answers;
    `confirmed`: the issuer has revoked it. Raises Denied, CertificateUnknown, CertificateMoveRefused, SigningRefused."""
    row = own_certificate(actor, certificate_id)
    if why not in Why.values:
        raise SigningRefused(problems=[Problem("why", bi("Chọn lý do.", "Choose why."))])
    step = "revoke" if confirmed else "block"
    if row.state not in MOVES[step][0]:
        raise CertificateMoveRefused(state=State(row.state).label)
    _end(row, why, clock.now(), confirmed=confirmed)
    return row


def block_all(rows: Sequence[DigitalCertificate], why: str) -> None:
    """Block certificates whose key may be in foreign hands."""
    for row in rows:
        _end(row, why, clock.now(), confirmed=False)


def own_certificate(actor: Actor, certificate_id: int) -> DigitalCertificate:
    """A certificate of a unit that the actor administers, locked. Raises Denied, CertificateUnknown."""
    require(can_keep_certificates(actor))
    rows = DigitalCertificate.objects.select_for_update(of=("self",))
    row = rows.filter(pk=certificate_id, unit_id__in=reach_of(actor).unit_ids).first()
    if row is None:
        raise CertificateUnknown
    return row


def _end(row: DigitalCertificate, why: str, now: datetime, *, confirmed: bool) -> None:
    row.why = Why(why)
    row.state = State.REVOKED if confirmed else State.BLOCKED
    if confirmed:
        row.revoked_at = now
    else:
        row.blocked_at = now
    row.save(update_fields=["why", "state", "blocked_at", "revoked_at"])
    audit.record(
        "people:certificate:revoke" if confirmed else "people:certificate:block",
        subject=f"digital_certificate:{row.pk}", unit_id=row.unit_id, data={"why": why, "at_once": blocks_at_once(why)},
    )  # fmt: skip


def _problems(actor: Actor, requests: Sequence[RequestFacts]) -> list[Problem]:
    reach, found = reach_of(actor).unit_ids, []
    people = dict(
        Official.objects.serving()
        .filter(pk__in={one.official_id for one in requests if one.official_id})
        .values_list("pk", "unit_id")
    )
    bodies = set(
        Body.objects.on(clock.today()).filter(unit_id__in={one.unit.pk for one in requests if one.body_key})
        .values_list("unit_id", "key")
    )  # fmt: skip
    devices = set(SigningDevice.objects.filter(
        pk__in={one.device_id for one in requests if one.device_id}, lost_on=None).values_list("pk", flat=True))  # fmt: skip
    open_people, open_bodies = _open(requests)
    earlier = DigitalCertificate.objects.in_bulk([one.renews_id for one in requests if one.renews_id])
    for place, one in enumerate(requests):
        here = []
        if one.unit.pk not in reach:
            here.append(Problem("unit", bi("Đơn vị này không do bạn quản trị.", "You do not administer that unit.")))
        if one.official_id and people.get(one.official_id) != one.unit.pk:
            here.append(Problem("official", bi("Người này không thuộc đơn vị.", "This person is not of that unit.")))
        elif not one.official_id and (one.unit.pk, one.body_key) not in bodies:
            here.append(Problem("official", bi("Chọn người hoặc cơ quan.", "Choose a person or a body.")))
        if one.official_id in open_people if one.official_id else (one.unit.pk, one.body_key) in open_bodies:
            here.append(Problem("official", bi("Đã có một đề nghị đang chờ.", "A request is open already.")))
        if one.requested_on and one.requested_on > clock.today():
            here.append(Problem("requested_on", bi("Ngày này ở tương lai.", "That day is still to come.")))
        if one.carrier not in Carrier.values:
            here.append(Problem("carrier", bi("Chọn loại thiết bị.", "Choose the kind of device.")))
        if one.device_id and one.device_id not in devices:
            here.append(Problem("device", bi("Thiết bị không có hoặc đã báo mất.", "No such device, or it is lost.")))
        renewed = earlier.get(one.renews_id or 0)
        if one.renews_id and (renewed is None or renewed.state not in (*IN_FORCE, State.REVOKED)
                              or (renewed.official_id, renewed.body_key) != (one.official_id, one.body_key)):  # fmt: skip
            here.append(
                Problem("renews", bi("Chứng thư cũ không phải của người này.", "The earlier one is not theirs."))
            )
        (open_people.add(one.official_id) if one.official_id else open_bodies.add((one.unit.pk, one.body_key)))
        found += [Problem(f"requests[{place}].{problem.field}", problem.message) for problem in here]
    return found


def _open(requests: Sequence[RequestFacts]) -> tuple[set[int | None], set[tuple[int, str]]]:
    rows = DigitalCertificate.objects.filter(state__in=OPEN, unit_id__in={one.unit.pk for one in requests})
    people: set[int | None] = set()
    bodies: set[tuple[int, str]] = set()
    for official_id, unit_id, body in rows.values_list("official_id", "unit_id", "body_key"):
        if official_id:
            people.add(official_id)
        else:
            bodies.add((unit_id, body))
    return people, bodies
