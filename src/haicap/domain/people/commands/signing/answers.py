"""What the issuer sent back: certificate files, each put to the request that it answers."""

from __future__ import annotations

import json
from base64 import b64encode
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from haicap.domain.people.access import can_keep_certificates
from haicap.domain.people.commands.signing.certificates import own_certificate
from haicap.domain.people.commands.signing.trust import columns_of, fault_of, judge_these, verdict_on
from haicap.domain.people.commands.training.trail import record_many
from haicap.domain.people.models import Agency, Body, DigitalCertificate
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.queries.signing.trust import authorities
from haicap.domain.people.signing_errors import SigningRefused
from haicap.domain.people.signing_files import CertificateFacts, read_certificate
from haicap.domain.people.signing_rules import OPEN
from haicap.domain.people.signing_trust import Verdict
from haicap.kernel import clock, vi
from haicap.kernel.access import require
from haicap.kernel.audit import commands as audit
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

_WRITE = """
UPDATE people_digitalcertificate c
SET state = 'issued', serial = t.serial, issuer = t.issuer, subject = t.subject, fingerprint = t.fingerprint,
    valid_from = t.valid_from, valid_to = t.valid_to, file = decode(t.file, 'base64'),
    chain = t.chain, anchor_id = t.anchor, listed = t.listed, judged_at = t.at
FROM jsonb_to_recordset(%s::jsonb)
  AS t(id bigint, serial text, issuer text, subject text, fingerprint text, valid_from timestamptz, valid_to timestamptz,
       file text, chain text, anchor bigint, listed text, at timestamptz)
WHERE c.id = t.id
"""


@dataclass(frozen=True)
class Answer:
    """A file that came back. `certificate_id`: the request that it is for, where the reader said so."""

    name: str
    data: bytes
    certificate_id: int | None = None


@dataclass(frozen=True)
class Found:
    """A file, what stands in it, and what is known of its issuer."""

    answer: Answer
    facts: CertificateFacts
    verdict: Verdict


@dataclass(frozen=True)
class Taken:
    """A file and the request that it was put to."""

    name: str
    certificate_id: int


def take_answers(*, actor: Actor, files: Sequence[Answer]) -> list[Taken]:
    """Put certificate files to open requests by the ID number in the subject, else by its name; all or nothing.

    The facts come from the files. Raises Denied, or SigningRefused with each fault by place ("files[2]").
    """
    require(can_keep_certificates(actor))
    waiting = _waiting(actor)
    names, known, now = _names_of_bodies(waiting), authorities(), clock.now()
    numbers, words = _places(waiting, names)
    problems: list[Problem] = []
    taken: dict[int, Found] = {}
    for place, one in enumerate(files):
        try:
            facts = read_certificate(one.data)
        except SigningRefused as refused:
            problems += [Problem(f"files[{place}]", problem.message) for problem in refused.problems]
            continue
        chosen = waiting.get(one.certificate_id or 0)
        found = [chosen] if chosen else _found(facts, numbers, words)
        verdict = verdict_on(facts.file, known, now)
        why = _fault(facts, found, names, taken) or fault_of(verdict)
        if why:
            problems.append(Problem(f"files[{place}]", why))
        else:
            taken[found[0].pk] = Found(one, facts, verdict)
    problems += _known_already(taken, files)
    if problems:
        raise SigningRefused(problems=problems)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_WRITE, [json.dumps([_written(pk, one, now) for pk, one in taken.items()], default=str)])
        record_many("people:certificate:issue", (
            (f"digital_certificate:{pk}", waiting[pk].unit_id, {
                "serial": one.facts.serial, "issuer": one.facts.issuer, "chain": one.verdict.chain,
            })
            for pk, one in taken.items()
        ))  # fmt: skip
    return [Taken(one.answer.name, pk) for pk, one in taken.items()]


def bring_file(*, actor: Actor, certificate_id: int, data: bytes) -> DigitalCertificate:
    """Put the file of a certificate that is in the register without one, so that its issuer can be checked.

    It must be the very same certificate, by its fingerprint. Raises Denied, CertificateUnknown, SigningRefused.
    """
    row = own_certificate(actor, certificate_id)
    facts, now = read_certificate(data), clock.now()
    if facts.fingerprint != row.fingerprint:
        text = bi("Đây là chứng thư số khác (SHA-256 không khớp).", "This is another certificate: SHA-256 differs.")
        raise SigningRefused(problems=[Problem("tep", text)])
    row.file = facts.file
    row.save(update_fields=["file"])
    audit.record("people:certificate:bring_file", subject=f"digital_certificate:{row.pk}", unit_id=row.unit_id,
                 data={"fingerprint": facts.fingerprint})  # fmt: skip
    judge_these([row], authorities(), now)
    row.refresh_from_db()
    return row


def _waiting(actor: Actor) -> Mapping[int, DigitalCertificate]:
    rows = DigitalCertificate.objects.select_for_update(of=("self",)).select_related("official", "unit")
    return {row.pk: row for row in rows.filter(state__in=OPEN, unit_id__in=reach_of(actor).unit_ids)}


def _names_of_bodies(waiting: Mapping[int, DigitalCertificate]) -> Mapping[tuple[int, str], set[str]]:
    """What a body may be called in a certificate: by its agency, by itself, by itself with the unit."""
    units = {row.unit_id: row.unit.name for row in waiting.values() if row.body_key}
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for body in Body.objects.on(clock.today()).filter(unit_id__in=list(units)):
        found[body.unit_id, body.key] |= {f"{body.name} {units[body.unit_id]}"}
    for agency in Agency.objects.filter(unit_id__in=list(units)):
        found[agency.unit_id, agency.kind].add(agency.name)
    return found


def _places(waiting: Mapping[int, DigitalCertificate], names: Mapping[tuple[int, str], set[str]]) -> tuple[Any, Any]:
    numbers: dict[str, list[DigitalCertificate]] = defaultdict(list)
    words: dict[str, list[DigitalCertificate]] = defaultdict(list)
    for row in waiting.values():
        if row.official is not None:
            numbers[row.official.id_number].append(row)
            words[vi.fold(row.official.full_name)].append(row)
            continue
        for name in {vi.fold(one) for one in names.get((row.unit_id, row.body_key), ())}:
            words[name].append(row)
    return numbers, words


def _found(facts: CertificateFacts, numbers: Any, words: Any) -> list[DigitalCertificate]:
    by_number = [row for number in facts.numbers for row in numbers.get(number, ())]
    return by_number or list(words.get(vi.fold(facts.common_name), ()))


def _fault(
    facts: CertificateFacts, found: Sequence[DigitalCertificate], names: Mapping[tuple[int, str], set[str]],
    taken: Mapping[int, Any],
) -> Any:  # fmt: skip
    """What is wrong with putting a file to its request; "" where nothing is."""
    if not found:
        text = bi("Không có đề nghị nào của “{name}”.", "No request is open for “{name}”.")
        return text.format(name=facts.common_name)
    if len(found) > 1:
        text = bi("Nhiều người tên “{name}” đang chờ; nạp ở trang của từng đề nghị.",
                  "Several requests are of “{name}”; upload it on the request's own page.")  # fmt: skip
        return text.format(name=facts.common_name)
    row = found[0]
    own = {row.official.full_name} if row.official else names.get((row.unit_id, row.body_key), set())
    if not facts.is_of(own, row.official.id_number if row.official else ""):
        text = bi("Chứng thư số này cấp cho “{name}”, không phải “{wanted}”.",
                  "This certificate is for “{name}”, not “{wanted}”.")  # fmt: skip
        return text.format(name=facts.common_name, wanted=next(iter(own), ""))
    if clock.local(facts.valid_to).date() <= row.requested_on:
        text = bi("Chứng thư số trong tệp đã hết hạn {day}, trước ngày đề nghị.",
                  "The certificate in the file ran out on {day}, before it was asked for.")  # fmt: skip
        return text.format(day=vi.date_text(clock.local(facts.valid_to).date()))
    return bi("Hai tệp cùng một đề nghị.", "Two files for one request.") if row.pk in taken else ""


def _known_already(taken: Mapping[int, Found], files: Sequence[Answer]) -> list[Problem]:
    """Serial numbers that stand in the register already, or twice among the files."""
    known = set(
        DigitalCertificate.objects.filter(serial__in=[one.facts.serial for one in taken.values()])
        .values_list("issuer", "serial")
    )  # fmt: skip
    found = []
    for one in taken.values():
        facts = one.facts
        if (facts.issuer, facts.serial) in known:
            text = bi("Chứng thư số {serial} đã có trong sổ.", "Certificate {serial} is in the register already.")
            found.append(Problem(f"files[{list(files).index(one.answer)}]", text.format(serial=facts.serial)))
        known.add((facts.issuer, facts.serial))
    return found


def _written(pk: int, one: Found, now: datetime) -> dict[str, Any]:
    facts = one.facts
    return {
        "id": pk, "serial": facts.serial, "issuer": facts.issuer, "subject": facts.subject,
        "fingerprint": facts.fingerprint, "valid_from": facts.valid_from, "valid_to": facts.valid_to,
        "file": b64encode(facts.file).decode(), **columns_of(one.verdict, now),
    }  # fmt: skip
