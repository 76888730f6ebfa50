"""Staff records: who serves, and in which post of a unit's organisation, by which decision.

Many at once, because a new commune takes over its people in one day: a handful of statements for any number of rows.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection, transaction

from haicap.domain.people.access import can_keep_staff
from haicap.domain.people.blocks import AssignmentKind, Block, StaffKind
from haicap.domain.people.errors import StaffRefused
from haicap.domain.people.models import Appointment, Assignment, Body, Official
from haicap.domain.people.rules import LONGEST_FULL_NAME, LONGEST_NUMBER
from haicap.domain.units.models import Unit
from haicap.kernel import clock, vi
from haicap.kernel.access import require
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

BATCH = 2000
YOUNGEST, OLDEST = 18, 80
_RECORD = """
SELECT audit_record('unit:' || t.code, 'people:officials:record', t.id, t.data)
FROM jsonb_to_recordset(%s::jsonb) AS t(id int, code text, data jsonb) ORDER BY t.id
"""


@dataclass(frozen=True)
class Seat:
    """A post of a unit's organisation, named by the keys of its body and of itself, held by a decision from a day on."""

    body_key: str
    post_key: str
    decision_number: str
    decision_date: date
    valid_from: date
    kind: str = AssignmentKind.PRIMARY
    valid_to: date | None = None


@dataclass(frozen=True)
class OfficialFacts:
    """A staff record as asked for, and the first post; see `Official` for what the parts mean."""

    unit: Unit
    full_name: str
    staff_kind: str
    seat: Seat | None = None
    female: bool | None = None
    born_on: date | None = None
    id_number: str = ""
    phone: str = ""
    email: str = ""
    insured_from: date | None = None
    salary: int | None = None
    account_id: int | None = None
    synthetic: bool = False


def official_problems(facts: OfficialFacts, today: date) -> list[Problem]:
    """What is wrong with a staff record by itself; [] where nothing is."""
    found = []
    if not facts.full_name or len(facts.full_name) > LONGEST_FULL_NAME:
        found.append(
            Problem("full_name", bi("Ghi họ và tên, không quá 80 ký tự.", "Give the name, 80 letters at most."))
        )
    if facts.staff_kind not in set(StaffKind.values) - {StaffKind.CONCURRENT}:
        found.append(Problem("staff_kind", bi("Chọn loại cán bộ, công chức, viên chức.", "Choose the kind of staff.")))
    if facts.id_number and (why := vi.id_number_problem(facts.id_number)):
        found.append(Problem("id_number", why))
    if facts.phone and (why := vi.phone_problem(facts.phone)):
        found.append(Problem("phone", why))
    if facts.born_on and not YOUNGEST <= today.year - facts.born_on.year <= OLDEST:
        text = bi("Ngày sinh cho thấy dưới 18 hoặc trên 80 tuổi.", "This birthday gives an age under 18 or over 80.")
        found.append(Problem("born_on", text))
    if facts.insured_from and facts.insured_from > today:
        found.append(Problem("insured_from", bi("Ngày này ở tương lai.", "That day is still to come.")))
    if facts.salary is not None and facts.salary <= 0:
        found.append(Problem("salary", bi("Mức lương phải lớn hơn 0.", "The pay must be above 0.")))
    if facts.seat and not 0 < len(facts.seat.decision_number) <= LONGEST_NUMBER:
        text = bi("Ghi số quyết định, không quá 60 ký tự.", "Give the decision's number, 60 characters at most.")
        found.append(Problem("decision_number", text))
    return found


def record_officials(*, actor: Actor, people: Sequence[OfficialFacts]) -> list[Official]:
    """Take people into the staff records of units that the actor sees, each with a first post where one is given.

    All or nothing. Raises Denied, or StaffRefused with every fault, its field told by place: "people[3].id_number".
    Runs inside `entered(actor)`; about six statements for any number of people.
    """
    require(can_keep_staff(actor))
    people = [tidied(one) for one in people]
    problems = _problems(actor, people)
    if problems:
        raise StaffRefused(problems=problems)
    with transaction.atomic():
        officials = Official.objects.bulk_create((_official(one) for one in people), batch_size=BATCH)
        bodies = _bodies({one.unit.pk for one in people})
        access = _access({one.account_id for one in people if one.account_id and one.seat})
        Assignment.objects.bulk_create(
            (
                _assignment(official, one, one.seat, *bodies[one.unit.pk, one.seat.body_key], access)
                for official, one in zip(officials, people, strict=True)
                if one.seat
            ),
            batch_size=BATCH,
        )
        _tell(people)
    return officials


def tidied(facts: OfficialFacts) -> OfficialFacts:
    """The facts with names and numbers in their normal form."""
    given = {**facts.__dict__, "full_name": vi.tidy_name(clean(facts.full_name)), "email": clean(facts.email)}
    given["phone"] = vi.normal_phone(facts.phone) if facts.phone and not vi.phone_problem(facts.phone) else facts.phone
    return OfficialFacts(**given)


def _problems(actor: Actor, people: Sequence[OfficialFacts]) -> list[Problem]:
    today, found = clock.today(), []
    posts = _posts({one.unit.pk for one in people})
    given = [one.id_number for one in people if one.id_number]
    known = set(Official.objects.filter(id_number__in=given).values_list("id_number", flat=True))
    seen: set[str] = set()
    for place, one in enumerate(people):
        here = official_problems(one, today)
        if one.unit.pk not in actor.unit_ids:
            here.append(Problem("unit", bi("Đơn vị này không do bạn quản lý.", "That unit is not yours to keep.")))
        if one.id_number and (one.id_number in known or one.id_number in seen):
            text = bi("Số định danh này đã có trong hồ sơ cán bộ.", "This ID number is in the staff records already.")
            here.append(Problem("id_number", text))
        seen.add(one.id_number)
        if one.seat and (one.unit.pk, one.seat.body_key, one.seat.post_key) not in posts:
            text = bi(
                "Đơn vị không có vị trí này; xem trang Tổ chức.", "The unit has no such post; see its organisation."
            )
            here.append(Problem("post", text))
        found += [Problem(f"people[{place}].{problem.field}", problem.message) for problem in here]
    return found


def _posts(unit_ids: set[int]) -> set[tuple[int, str, str]]:
    """Every post that the units have or had, by the keys of body and post."""
    rows = Body.objects.filter(unit_id__in=unit_ids, posts__key__isnull=False)
    return set(rows.values_list("unit_id", "key", "posts__key"))


def _bodies(unit_ids: set[int]) -> Mapping[tuple[int, str], tuple[str, int | None]]:
    """Block and agency of each body that the units have or had."""
    rows = Body.objects.filter(unit_id__in=unit_ids).order_by("valid_from")
    told = rows.values_list("unit_id", "key", "block", "agency_id")
    return {(unit_id, key): (block, agency_id) for unit_id, key, block, agency_id in told}


def _access(account_ids: set[int]) -> dict[tuple[int, int], int]:
    """An appointment of each account in each agency that came with no assignment yet. One statement."""
    rows = Appointment.objects.filter(account_id__in=account_ids, assignment=None).order_by("-pk")
    return {
        (account_id, agency_id): pk for pk, account_id, agency_id in rows.values_list("pk", "account_id", "agency_id")
    }


def _official(facts: OfficialFacts) -> Official:
    return Official(
        unit=facts.unit, account_id=facts.account_id, full_name=facts.full_name, female=facts.female,
        born_on=facts.born_on, id_number=facts.id_number, phone=facts.phone, email=facts.email,
        staff_kind=facts.staff_kind, insured_from=facts.insured_from, salary=facts.salary, synthetic=facts.synthetic,
    )  # fmt: skip


def _assignment(
    official: Official,
    facts: OfficialFacts,
    seat: Seat,
    block: str,
    agency_id: int | None,
    access: dict[tuple[int, int], int],
) -> Assignment:
    """The first post; access that the account has in its body belongs to it from now on."""
    appointment_id = access.pop((facts.account_id or 0, agency_id or 0), None)
    return Assignment(
        official=official, unit=facts.unit, appointment_id=appointment_id, block=Block(block), body_key=seat.body_key,
        post_key=seat.post_key, kind=AssignmentKind(seat.kind), decision_number=seat.decision_number,
        decision_date=seat.decision_date, valid_from=seat.valid_from, valid_to=seat.valid_to,
    )  # fmt: skip


def _tell(people: Sequence[OfficialFacts]) -> None:
    """One event a unit: how many came, and by which decisions."""
    by_unit: dict[tuple[int, str], list[OfficialFacts]] = defaultdict(list)
    for one in people:
        by_unit[one.unit.pk, one.unit.code].append(one)
    told = [
        {"id": pk, "code": code, "data": {"people": len(here), "decisions": sorted(
            {one.seat.decision_number for one in here if one.seat})}}
        for (pk, code), here in by_unit.items()
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, [json.dumps(told, ensure_ascii=False)])
