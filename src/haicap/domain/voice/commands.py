"""What an office does with a denunciation: take it down, name who handles it, screen, accept, extend, conclude.

Who denounces is sealed in the act of taking it down, by a key that is derived from the installation's secret, and opened for
the named handler alone; each opening stands in the trail.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any, TypeVar

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import connection, transaction
from django.utils.crypto import salted_hmac

from haicap.domain.people.queries import agency_of
from haicap.domain.people.queries.doors import posts_acted_in
from haicap.domain.people.rules import AgencyKind, Role
from haicap.domain.units.models import Unit
from haicap.domain.voice import rules
from haicap.domain.voice.access import can_take_denunciations, leads
from haicap.domain.voice.errors import (
    DenunciationMoveRefused,
    DenunciationRefused,
    IdentityUnreadable,
    NotTheHandler,
    NotYourDenunciation,
)
from haicap.domain.voice.models import Denunciation
from haicap.domain.voice.queries import denunciation
from haicap.domain.voice.rules import MoveRule, State, Way
from haicap.kernel import clock, vi
from haicap.kernel.access import require
from haicap.kernel.calendar.queries import calendar_for
from haicap.kernel.entries.commands import Becomes, next_numbers, perform
from haicap.kernel.entries.models import Entry
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean
from haicap.kernel.workdays import Calendar

NAME_MOST, ADDRESS_MOST, AGAINST_MOST, CONTENT_MOST, REASON_LEAST, REASON_MOST = 120, 300, 300, 8000, 10, 500
_SALT = "haicap.denouncer"


@dataclass(frozen=True, repr=False)
class Identity:
    """Who denounces. It shows itself in no message and no log."""

    full_name: str
    address: str
    id_number: str = ""
    phone: str = ""

    def __repr__(self) -> str:
        return "Identity(…)"


@dataclass(frozen=True)
class Facts:
    """What is denounced: against whom, what; `several_places`: it must be asked for in several places (10 days then)."""

    way: str
    against: str
    content: str
    several_places: bool = False


Given = TypeVar("Given", Facts, Identity)


@transaction.atomic
def take_down(*, actor: Actor, facts: Facts, identity: Identity) -> Denunciation:
    """Enter a denunciation in the unit's book; the identity is sealed at once and the taker cannot read it again.

    It waits for the chair, who names a handler. Raises DenunciationRefused with every fault.
    """
    require(can_take_denunciations(actor))
    facts, identity = _tidied(facts), _tidied(identity)
    if problems := [*_fact_problems(facts), *_identity_problems(identity)]:
        raise DenunciationRefused(problems=problems)
    unit, now = Unit.objects.get(pk=actor.unit_id or 0), clock.now()
    committee = agency_of(unit.pk, AgencyKind.COMMITTEE)
    year = str(clock.local(now).year)
    number = next_numbers(unit.pk, rules.BOOK, year, 1)
    due = rules.screening_due(_calendar(unit), now, several_places=facts.several_places)
    entry = Entry.objects.create(
        kind=rules.KIND, code=f"TC.{committee.identifier.removesuffix('.committee')}.{year}.{number}", unit_id=unit.pk,
        book_unit_id=unit.pk, book=rules.BOOK, period=year, number=number, title=rules.TITLE, state=State.RECEIVED,
        move_no=1, holder_agency_id=committee.id, holder_role=Role.CHAIR, opened_at=now, due_at=due,
        agencies=[committee.id],
    )  # fmt: skip
    row = Denunciation.objects.create(
        entry=entry, unit=unit, taken_by_id=actor.account_id or 0, way=facts.way, against=facts.against,
        content=facts.content, several_places=facts.several_places,
    )  # fmt: skip
    _seal(entry.pk, identity)
    entry.move_no, entry.state = 0, ""
    perform(entry, "receive", Becomes(
        state=State.RECEIVED, at=now, holder_agency_id=committee.id, holder_role=Role.CHAIR, due_at=due,
        agency_id=committee.id, role=Role.CHAIR if leads(actor) else Role.CLERK, data={"way": facts.way},
    ))  # fmt: skip
    return denunciation(row.entry.code)


@transaction.atomic
def name_handler(*, actor: Actor, code: str, account_id: int, decision: str) -> None:
    """The chair gives a denunciation to somebody of the unit by a decision; only they open who denounces from now on.

    Raises DenunciationUnknown, NotYourDenunciation, DenunciationMoveRefused, DenunciationRefused.
    """
    row, decision = denunciation(code), clean(decision)
    require(leads(actor), NotYourDenunciation())
    _must_be_in(row, rules.HANDED)
    posts = [post for post in posts_acted_in(account_id, clock.today()) if post.account_id == account_id]
    posts = [post for post in posts if post.agency.unit_id in actor.unit_ids and post.role in rules.HANDLERS]
    problems = []
    if not posts:
        problems.append(
            Problem("account", bi("Chọn người đang giữ vị trí ở đơn vị.", "Choose somebody with a post here."))
        )
    if not 0 < len(decision) <= 60:
        problems.append(
            Problem("decision", bi("Ghi số quyết định, không quá 60 ký tự.", "Give the decision's number, 60 at most."))
        )
    if problems:
        raise DenunciationRefused(problems=problems)
    with connection.cursor() as cursor:
        cursor.execute("SELECT voice_name_handler(%s, %s, %s)", [row.pk, account_id, decision])
        require(cursor.fetchone()[0], NotYourDenunciation())
    entry, post = row.entry, posts[0]
    state = State.SCREENING if entry.state == State.RECEIVED else State(entry.state)
    perform(entry, rules.NAME_HANDLER, Becomes(
        state=state, at=clock.now(), holder_agency_id=post.agency_id, holder_role=post.role, holder_account_id=account_id,
        due_at=entry.due_at, agency_id=entry.holder_agency_id, role=Role.CHAIR, note=decision, data={"handler": account_id},
    ))  # fmt: skip


@transaction.atomic
def carry_on(*, actor: Actor, code: str, rule: MoveRule, given: Mapping[str, str]) -> None:
    """Make one of `rules.MOVES`, by the handler or the chair. `given`: the move's fields.

    Raises DenunciationUnknown, NotYourDenunciation, DenunciationMoveRefused, DenunciationRefused.
    """
    row = denunciation(code)
    require(leads(actor) or row.handler_id == actor.account_id, NotYourDenunciation())
    _must_be_in(row, rule.from_states)
    if rule.name == "extend" and not rules.may_extend(row.extensions):
        raise DenunciationMoveRefused(state=State(row.entry.state).label)
    told = {name: clean(given.get(name, "")) for name, _, _ in rule.fields}
    if problems := _move_problems(rule, told):
        raise DenunciationRefused(problems=problems)
    now, entry = clock.now(), row.entry
    if rule.name == "extend":
        Denunciation.objects.filter(pk=row.pk).update(extensions=row.extensions + 1)
    perform(entry, rule.name, Becomes(
        state=rule.to_state or State(entry.state), at=now, holder_agency_id=entry.holder_agency_id,
        holder_role=entry.holder_role, holder_account_id=entry.holder_account_id, due_at=_due_after(row, rule, now),
        closed_at=now if rule.closes else None, agency_id=entry.holder_agency_id, role=entry.holder_role,
        note=" · ".join(filter(None, told.values())),
    ))  # fmt: skip


@transaction.atomic
def open_identity(*, actor: Actor, code: str, reason: str) -> Identity:
    """Who denounces, for the named handler, with a reason that stays in the trail. Raises DenunciationUnknown, NotTheHandler,
    DenunciationRefused, IdentityUnreadable."""
    row, reason = denunciation(code), clean(reason)
    require(row.handler_id is not None and row.handler_id == actor.account_id, NotTheHandler())
    if not REASON_LEAST <= len(reason) <= REASON_MOST:
        text = bi("Ghi lý do mở, {least}–{most} ký tự.", "Say why, in {least}–{most} characters.")
        raise DenunciationRefused(problems=[Problem("why", bi_format(text, least=REASON_LEAST, most=REASON_MOST))])
    with connection.cursor() as cursor:
        cursor.execute("SELECT voice_open(%s, %s)", [row.pk, reason])
        sealed = cursor.fetchone()[0]
    require(sealed is not None, NotTheHandler())
    try:
        return Identity(**json.loads(_keys(row.pk).decrypt(bytes(sealed))))
    except InvalidToken:
        raise IdentityUnreadable from None


def _seal(entry_id: int, identity: Identity) -> None:
    sealed = _keys(entry_id).encrypt(json.dumps(asdict(identity), ensure_ascii=False).encode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT voice_seal(%s, %s)", [entry_id, sealed])
        require(cursor.fetchone()[0], NotYourDenunciation())


def _keys(entry_id: int) -> MultiFernet:
    """A key for each entry and each secret of the installation, today's first."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac(_SALT, str(entry_id), secret=secret, algorithm="sha256").digest() for secret in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def _calendar(unit: Unit) -> Calendar:
    return calendar_for(unit.province_code or unit.code)


def _due_after(row: Denunciation, rule: MoveRule, now: datetime) -> datetime | None:
    if rule.name == "accept":
        return rules.settling_due(_calendar(row.unit), now)
    if rule.name == "extend" and row.entry.due_at is not None:
        return rules.settling_due(_calendar(row.unit), row.entry.due_at)
    return row.entry.due_at


def _must_be_in(row: Denunciation, states: tuple[State, ...]) -> None:
    if row.entry.state not in states:
        raise DenunciationMoveRefused(state=State(row.entry.state).label)


def _tidied(given: Given) -> Given:
    told = {one.name: getattr(given, one.name) for one in fields(given)}
    tidied: dict[str, Any] = {name: clean(value) for name, value in told.items() if isinstance(value, str)}
    return replace(given, **tidied)


def _fact_problems(facts: Facts) -> list[Problem]:
    found = []
    if facts.way not in Way.values:
        found.append(Problem("way", bi("Chọn cách tiếp nhận.", "Choose how it came.")))
    found += _length("against", facts.against, AGAINST_MOST, bi("Ghi tố cáo ai, cơ quan nào.", "Say against whom."))
    return found + _length("matter", facts.content, CONTENT_MOST, bi("Ghi nội dung tố cáo.", "Say what is denounced."))


def _identity_problems(identity: Identity) -> list[Problem]:
    found = _length("full_name", identity.full_name, NAME_MOST,
                    bi("Ghi họ tên người tố cáo.", "Give the name of who denounces."))  # fmt: skip
    found += _length("address", identity.address, ADDRESS_MOST,
                     bi("Ghi địa chỉ để trả lời người tố cáo.", "Give the address for the answer."))  # fmt: skip
    if identity.id_number and (problem := vi.id_number_problem(identity.id_number)):
        found.append(Problem("id_number", problem))
    if identity.phone and (problem := vi.phone_problem(identity.phone)):
        found.append(Problem("phone", problem))
    return found


def _move_problems(rule: MoveRule, told: Mapping[str, str]) -> list[Problem]:
    missing = bi("Cần ghi mục này.", "This is needed.")
    return [one for name, _, most in rule.fields for one in _length(name, told[name], most, missing)]


def _length(field: str, text: str, most: int, missing: object) -> list[Problem]:
    if not text:
        return [Problem(field, missing)]
    if len(text) > most:
        return [Problem(field, bi_format(bi("Dài quá {n} ký tự.", "Over {n} characters."), n=most))]
    return []
