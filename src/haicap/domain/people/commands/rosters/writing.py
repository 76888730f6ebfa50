"""Writing a judged roster: all of it in the present transaction, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from haicap.domain.people.commands.accounts import hash_password
from haicap.domain.people.commands.passes import end_passes
from haicap.domain.people.commands.rosters.judging import Judged, Line, Verdict, judge
from haicap.domain.people.commands.rosters.reading import Row
from haicap.domain.people.commands.rosters.records import write_records
from haicap.domain.people.commands.staffing import (
    add_post,
    complete_post,
    create_account,
    free_name,
    one_writer_at_a_time,
)
from haicap.domain.people.models import Account
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.rules import first_password
from haicap.domain.units.models import Unit
from haicap.kernel.audit.commands import record

HASHING_AT_ONCE = 2


@dataclass(frozen=True)
class Handed:
    """What somebody new is handed: their sign-in name, the first password, and their posts."""

    account: Account
    password: str
    posts: Sequence[tuple[str, Any]]  # agency, role


@dataclass(frozen=True)
class Written:
    """What a roster did. With faults nothing was written."""

    judged: Judged
    handed: Sequence[Handed] = ()


def write(reach: Reach, unit: Unit, rows: Sequence[Row]) -> Written:
    """Judge `rows` again and write them where none has a fault; the trail of the unit notes it.

    Nobody can read the passwords again. Hashing them takes most of the time.
    """
    expected = judge(reach, unit, rows)
    ready = [] if expected.faults else _passwords(expected.people)  # before others have to wait
    one_writer_at_a_time()
    judged = judge(reach, unit, rows)
    if judged.faults or not judged.changes:
        return Written(judged)
    handed, accounts = _opened(reach, judged, unit, ready + _passwords(judged.people - len(ready)))
    for line in judged.lines:
        if line.verdict is Verdict.COMPLETE and line.post is not None:
            complete_post(line.post, line.facts)
        elif line.verdict is Verdict.APPOINT and line.account is not None:
            add_post(line.account, line.facts)
            end_passes(line.account.pk, keep_tokens=True)
    records = write_records(reach, [
        (line.staff, line.account or accounts[line.line])
        for line in judged.lines if line.staff is not None and line.staff.does
    ])  # fmt: skip
    data = {verdict.value: judged.count(verdict) for verdict in Verdict} | {"records": records}
    record("people:roster:write", subject=f"unit:{unit.pk}", unit_id=unit.pk, data=data)
    return Written(judged, handed)


def _passwords(people: int) -> list[tuple[str, str]]:
    """First passwords, each with what is stored of it."""
    made = [first_password() for _ in range(people)]
    with ThreadPoolExecutor(HASHING_AT_ONCE) as pool:
        return list(zip(made, pool.map(hash_password, made), strict=True))


def _opened(
    reach: Reach, judged: Judged, unit: Unit, ready: Sequence[tuple[str, str]]
) -> tuple[list[Handed], dict[int, Account]]:
    """The new accounts with their posts: one for each new sign-in name, or full name where none is written; and whose
    account belongs to which line of the file."""
    people: dict[str, list[Line]] = {}
    for line in judged.lines:
        if line.verdict is Verdict.OPEN:
            people.setdefault(line.name or f" {line.full_name}", []).append(line)
    taken = {line.name for line in judged.lines if line.name}
    handed, accounts = [], dict[int, Account]()
    for lines, (password, hashed) in zip(people.values(), ready, strict=False):
        name = lines[0].name or free_name(lines[0].full_name, unit.code, taken)
        account = create_account(reach, name, lines[0].full_name, hashed, unit.pk)
        for line in lines:
            add_post(account, line.facts)
            accounts[line.line] = account
        handed.append(Handed(account, password, [(line.facts.agency.name, line.role) for line in lines]))
    return handed, accounts
