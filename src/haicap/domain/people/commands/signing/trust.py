"""Issuers that are trusted, their revocation lists, and certificates held against both.

Nothing here fetches anything: files come by the page or the command line, from whoever compared them with what the issuer
published.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from cryptography import x509
from django.db import connection, transaction

from haicap.domain.people.access import can_keep_anchors
from haicap.domain.people.commands.training.trail import record_many
from haicap.domain.people.models import DigitalCertificate, RevocationList, TrustAnchor
from haicap.domain.people.queries.signing.trust import authorities
from haicap.domain.people.signing_authorities import AuthorityFacts, read_authority, read_list
from haicap.domain.people.signing_errors import AnchorUnknown, SigningRefused
from haicap.domain.people.signing_rules import IN_FORCE, Why, blocks_at_once
from haicap.domain.people.signing_trust import Authority, Chain, Listed, Verdict, judge
from haicap.kernel import clock
from haicap.kernel.access import require
from haicap.kernel.audit import commands as audit
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor, entered, system

BATCH: Final = 500
_WRITE = """
UPDATE people_digitalcertificate c SET chain = t.chain, anchor_id = t.anchor, listed = t.listed, judged_at = t.at
FROM jsonb_to_recordset(%s::jsonb) AS t(id bigint, chain text, anchor bigint, listed text, at timestamptz) WHERE c.id = t.id
"""
_REVOKE = """
UPDATE people_digitalcertificate c SET state = 'revoked', revoked_at = t.at, why = t.why
FROM jsonb_to_recordset(%s::jsonb) AS t(id bigint, at timestamptz, why text)
WHERE c.id = t.id AND c.state = ANY(%s) RETURNING c.id
"""


@dataclass
class Judged:
    """What one round found: certificates looked at, those about which something new is known, those newly revoked."""

    certificates: int = 0
    changed: int = 0
    revoked: int = 0


def look_at_anchor(*, actor: Actor, data: bytes) -> AuthorityFacts:
    """What a file would add, for the eyes that compare its fingerprint. Writes nothing. Raises Denied, SigningRefused."""
    require(can_keep_anchors(actor))
    facts = read_authority(data, authorities(with_lists=False), clock.now())
    here = TrustAnchor.objects.filter(fingerprint=facts.fingerprint).first()
    if here and (here.withdrawn_at is None or here.unit_id != actor.unit_id):
        raise SigningRefused(problems=[Problem("tep", bi("Nơi cấp này đã có.", "This issuer is here already."))])
    return facts


def trust(*, actor: Actor, data: bytes, synthetic: bool = False) -> TrustAnchor:
    """Trust an issuer from now on, and judge every certificate again; one that was withdrawn is trusted again.

    Raises Denied, SigningRefused.
    """
    facts = look_at_anchor(actor=actor, data=data)
    with transaction.atomic():
        row, _ = TrustAnchor.objects.update_or_create(
            fingerprint=facts.fingerprint,
            defaults={
                "unit_id": actor.unit_id or 0,
                "name": facts.name, "issuer": facts.issuer, "serial": facts.serial, "valid_from": facts.valid_from,
                "valid_to": facts.valid_to, "is_root": facts.is_root, "file": facts.file, "entered_at": clock.now(),
                "withdrawn_at": None, "synthetic": synthetic,
            },
        )  # fmt: skip
        audit.record("people:anchor:trust", subject=f"anchor:{row.pk}", unit_id=actor.unit_id,
                     data={"name": facts.name, "fingerprint": facts.fingerprint, "root": facts.is_root})  # fmt: skip
        judge_all()
    return row


def distrust(*, actor: Actor, anchor_id: int) -> TrustAnchor:
    """Trust an issuer no more, and judge every certificate again. Raises Denied, AnchorUnknown."""
    require(can_keep_anchors(actor))
    with transaction.atomic():
        row = TrustAnchor.objects.select_for_update().filter(pk=anchor_id, unit_id=actor.unit_id or 0).first()
        if row is None or row.withdrawn_at:
            raise AnchorUnknown
        row.withdrawn_at = clock.now()
        row.save(update_fields=["withdrawn_at"])
        audit.record("people:anchor:distrust", subject=f"anchor:{row.pk}", unit_id=actor.unit_id,
                     data={"name": row.name, "fingerprint": row.fingerprint})  # fmt: skip
        judge_all()
    return row


def take_list(*, actor: Actor, data: bytes) -> tuple[RevocationList, Judged]:
    """Keep an issuer's newest revocation list, and look every certificate up in it. An older one than is kept is refused.

    Raises Denied, SigningRefused.
    """
    require(can_keep_anchors(actor))
    facts = read_list(data, authorities(with_lists=False), clock.now())
    with transaction.atomic():
        TrustAnchor.objects.select_for_update().get(pk=facts.authority_id)
        kept = RevocationList.objects.filter(anchor_id=facts.authority_id).first()
        if kept and kept.this_update > facts.this_update:
            text = bi("Đã có danh sách mới hơn của nơi cấp này.", "A newer list of this issuer is here.")
            raise SigningRefused(problems=[Problem("list", text)])
        row, _ = RevocationList.objects.update_or_create(
            anchor_id=facts.authority_id,
            defaults={
                "unit_id": actor.unit_id or 0, "number": facts.number, "this_update": facts.this_update,
                "next_update": facts.next_update, "entries": facts.entries, "file": facts.file, "entered_at": clock.now(),
            },
        )  # fmt: skip
        audit.record("people:revocation_list:take", subject=f"anchor:{facts.authority_id}", unit_id=actor.unit_id,
                     data={"number": facts.number, "this_update": facts.this_update, "entries": facts.entries})  # fmt: skip
        judged = judge_all()
    return row, judged


def judge_by_the_clock() -> Judged:
    """The same for every certificate, each day: issuers and lists run out. Worker only."""
    with entered(system("certificates")), transaction.atomic():
        return judge_all()


def judge_all() -> Judged:
    """Hold every certificate in force that the caller sees against issuers and lists; one that a list names is revoked.

    Writes only where something new is known. Runs inside `entered`. A few statements for every 500 certificates.
    """
    known, now, judged = authorities(), clock.now(), Judged()
    rows = DigitalCertificate.objects.filter(state__in=IN_FORCE, file__isnull=False).order_by("pk")
    batch: list[DigitalCertificate] = []
    for row in rows.only("pk", "unit_id", "file", "chain", "anchor_id", "listed").iterator(BATCH):
        batch.append(row)
        if len(batch) == BATCH:
            _judge_batch(batch, known, now, judged)
            batch = []
    _judge_batch(batch, known, now, judged)
    return judged


def verdict_on(file: bytes, known: Sequence[Authority], now: datetime) -> Verdict:
    """What is known of a certificate's file, DER."""
    return judge(x509.load_der_x509_certificate(file), known, now)


def columns_of(verdict: Verdict, now: datetime) -> dict[str, Any]:
    """A verdict as `people_digitalcertificate` keeps it."""
    return {"chain": verdict.chain, "anchor": verdict.anchor_id, "listed": verdict.listed, "at": now}


def judge_these(rows: Sequence[DigitalCertificate], known: Sequence[Authority], now: datetime) -> Judged:
    """The same for some certificates whose files are here."""
    judged = Judged()
    _judge_batch(rows, known, now, judged)
    return judged


def _judge_batch(
    batch: Sequence[DigitalCertificate], known: Sequence[Authority], now: datetime, judged: Judged
) -> None:
    found = [(row, verdict_on(bytes(row.file or b""), known, now)) for row in batch]
    new = [(row, verdict) for row, verdict in found
           if (row.chain, row.anchor_id, row.listed) != (verdict.chain, verdict.anchor_id, verdict.listed)]  # fmt: skip
    judged.certificates += len(batch)
    judged.changed += len(new)
    if new:
        with connection.cursor() as cursor:
            cursor.execute(_WRITE, [_json({"id": row.pk, **columns_of(verdict, now)} for row, verdict in new)])
    judged.revoked += _revoke([(row, verdict) for row, verdict in found if verdict.listed == Listed.REVOKED])


def _revoke(named: Sequence[tuple[DigitalCertificate, Verdict]]) -> int:
    """The issuer's signed word that it has revoked them: the day and the reason are the list's."""
    told = {row.pk: (row.unit_id, verdict.revocation) for row, verdict in named if verdict.revocation}
    if not told:
        return 0
    rows = _json({"id": pk, "at": one.at, "why": one.why or Why.OTHER} for pk, (_, one) in told.items())
    with connection.cursor() as cursor:
        cursor.execute(_REVOKE, [rows, list(IN_FORCE)])
        gone = [pk for (pk,) in cursor.fetchall()]
    record_many("people:certificate:revoke", (
        (f"digital_certificate:{pk}", told[pk][0], {
            "why": told[pk][1].why, "at_once": blocks_at_once(str(told[pk][1].why)), "by": "revocation list",
        })
        for pk in gone
    ))  # fmt: skip
    return len(gone)


def _json(rows: Iterable[dict[str, Any]]) -> str:
    return json.dumps(list(rows), default=str)


def fault_of(verdict: Verdict) -> Any:
    """Why a file that came back is not taken in; "" where nothing speaks against it. An issuer that nobody entered does not."""
    if verdict.listed == Listed.REVOKED:
        return bi("Chứng thư số này đã bị nơi cấp thu hồi.", "Its issuer has revoked this certificate.")
    return Chain(verdict.chain).label if verdict.chain in (Chain.FORGED, Chain.BROKEN, Chain.WEAK) else ""
