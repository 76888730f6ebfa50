"""Receiving at the counter: judge everything that came, then write it in one statement."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
from django.db import connection, transaction
from psycopg.types.json import Jsonb

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.commands.intake import Judged, judge
from haicap.domain.dossiers.errors import DossierInvalid
from haicap.domain.people import access as people
from haicap.domain.people.rules import Role
from haicap.kernel import clock
from haicap.kernel.access import insist
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor, raise_if_pass_is_dead
from haicap.kernel.text import clean
from haicap.kernel.web.errors import KeyReused

FILE_NOT_STORED, UNIQUE_VIOLATION = "HC422", "23505"

_RECEIVE = f"SELECT o_code, o_status, o_body FROM dossiers_receive({', '.join(['%s'] * 41)})"  # noqa: S608


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a counter officer takes in. Texts as they were typed; `received_at` only for channels that carry their own
    moment of arrival; `attachments`: {"file": SHA-256 of a stored file, "name", "paper"}."""

    procedure: str
    unit: str
    applicant: dict[str, Any]
    form: dict[str, Any] = field(default_factory=dict)
    channel: str = "direct"
    checklist: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[dict[str, Any]] = field(default_factory=list)
    proxy: dict[str, Any] = field(default_factory=dict)
    priority: bool = False
    quantity: int = 1
    return_method: str = "counter"
    note: str = ""


@dataclass(frozen=True)
class Received:
    """The dossier as it was received; `replayed` where the same request had come before."""

    code: str
    state: str
    due: datetime | None
    secret: str
    replayed: bool


def receive(*, actor: Actor, receipt: Receipt, key: str = "", at: datetime | None = None) -> Received:
    """Receive a dossier at the actor's counter at the moment `at` (now, if not given).

    `key`: the request's idempotency key; the same key with the same request gives the same answer and changes nothing.
    Raises Denied, UnitNotYours, UnitClosed, ProcedureUnknown and its like, DossierInvalid with every fault at once,
    KeyReused, SignInNeeded. One statement once procedure, unit and calendar are known to the process.
    """
    insist(people.can_receive, actor)
    moment = at or clock.now()
    judged = judge(actor, receipt, moment)
    return _write(
        actor, receipt, judged, key, _Kind("STD", "receive", rules.State.RECEIVED.value, "", f"{moment:%y%m%d}")
    )


def decline_at_counter(
    *, actor: Actor, receipt: Receipt, reason: str, key: str = "", at: datetime | None = None
) -> Received:
    """Decline to receive (form 03): what was brought and why it cannot be taken is kept, with a number of its own.

    `reason`: content, cause and guidance in full, for the citizen; required (Decree 118/2025/NĐ-CP: once, in writing).
    Papers and form may be incomplete. Raises what `receive` raises, but for missing papers and fields.
    """
    insist(people.can_receive, actor)
    moment = at or clock.now()
    text = clean(reason)
    if not text:
        raise DossierInvalid(problems=[Problem("reason", bi("Hãy ghi lý do từ chối.", "Say why it is declined."))])
    judged = judge(actor, receipt, moment, complete=False)
    kind = _Kind("PTC", "decline_receipt", rules.State.DECLINED.value, "PTC", f"{moment:%Y}", text)
    return _write(actor, receipt, judged, key, kind)


@dataclass(frozen=True)
class _Kind:
    """How a receipt and a declined receipt differ."""

    book: str
    move: str
    state: str
    slip: str
    period: str
    note: str = ""


def _write(actor: Actor, receipt: Receipt, judged: Judged, key: str, kind: _Kind) -> Received:
    digest = _digest(receipt, kind) if key else b""
    parameters = _parameters(actor, receipt, judged, kind, key, digest)
    try:
        code, status, body = _call(parameters)
    except psycopg.Error as error:
        raise_if_pass_is_dead(error)
        if error.sqlstate == FILE_NOT_STORED:
            raise DossierInvalid(problems=[_file_problem()]) from None
        if error.sqlstate == UNIQUE_VIOLATION and key and "web_reply" in str(error):
            code, status, body = _call(parameters)  # the same request, a moment ago: its answer is there now
        else:
            raise
    if status == 0:
        raise KeyReused()
    due = datetime.fromisoformat(body["due"]) if body["due"] else None
    return Received(
        code, body["state"], clock.local(due) if due else None, body["secret"], body["secret"] != judged.secret
    )


def _call(parameters: list[Any]) -> tuple[str, int, dict[str, Any]]:
    """The statement on the plain driver: prepared, in the caller's transaction or, outside of one, in its own."""
    if connection.in_atomic_block:  # a page's transaction: a refusal must leave it usable, to show what was typed
        with transaction.atomic():
            return _execute(parameters)
    connection.ensure_connection()
    return _execute(parameters)


def _execute(parameters: list[Any]) -> tuple[str, int, dict[str, Any]]:
    try:
        code, status, body = connection.connection.execute(_RECEIVE, parameters, prepare=True).fetchone()
    except psycopg.OperationalError:
        if connection.connection.closed:  # Django does not see it on the plain driver: the next caller gets a fresh one
            connection.close()
        raise
    return code, status, json.loads(body) if isinstance(body, str) else body  # Django leaves jsonb as text


def _parameters(actor: Actor, receipt: Receipt, judged: Judged, kind: _Kind, key: str, digest: bytes) -> list[Any]:
    closed = judged.received_at if kind.state == rules.State.DECLINED else None
    acting = actor.acts_for(judged.center.id, Role.COUNTER)
    prefix = f"{judged.center.identifier}-{'PTC-' if kind.book == 'PTC' else ''}{kind.period}-"
    return [
        *actor.entry_parameters(), key, digest,
        prefix, kind.period, kind.book, kind.move, kind.state, kind.slip,
        judged.unit.id, judged.competent_unit_id, judged.center.id, judged.competent.id,
        judged.version.id, judged.version.code, judged.title, receipt.channel, receipt.priority,
        judged.version.steps[0].role, judged.version.steps[0].key, judged.received_at,
        None if closed else judged.due_at, None if closed else judged.step_due_at, closed,
        Jsonb(judged.applicant), Jsonb(judged.proxy), Jsonb(judged.form), Jsonb(judged.checklist), judged.quantity,
        judged.fee, receipt.return_method, judged.secret, judged.synthetic, Jsonb(judged.files),
        kind.note or clean(receipt.note), Jsonb({"on_behalf": acting.told()} if acting else {}),
    ]  # fmt: skip


def _digest(receipt: Receipt, kind: _Kind) -> bytes:
    text = json.dumps([kind.move, kind.note, vars(receipt)], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode()).digest()


def _file_problem() -> Problem:
    return Problem(
        "attachments",
        bi("Có tệp chưa được tải lên hoặc không thuộc đơn vị này. Hãy tải lại tệp.",
           "A file was not uploaded, or belongs to another unit. Upload it again."),
    )  # fmt: skip
