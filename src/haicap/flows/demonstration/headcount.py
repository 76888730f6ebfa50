"""Quotas, those who left by the reorganisation, and service units of the demonstration; all made up but the totals."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from random import Random

from haicap.domain.people import queries as people
from haicap.domain.people.blocks import StaffKind
from haicap.domain.people.commands.headcount.cases import CaseFacts, record_cases
from haicap.domain.people.commands.headcount.quotas import QuotaFacts, give_quotas
from haicap.domain.people.commands.headcount.service_units import ServiceUnitFacts, record_service_units
from haicap.domain.people.commands.officials import OfficialFacts, record_officials
from haicap.domain.people.headcount_rules import Ending, ServiceField, ServiceKind
from haicap.domain.people.models import Official, Quota
from haicap.domain.people.queries import actor_for
from haicap.domain.people.queries.reach import Reach, reach_of
from haicap.domain.people.streamlining_rules import Facts, Scheme, calculate
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.flows.demonstration.figures import (
    CHANGE,
    FIRST_DAY,
    PROVINCE,
    SERVICE_UNITS_AFTER,
    SERVICE_UNITS_BEFORE,
    SERVICE_UNITS_MERGED,
    STREAMLINED,
    STREAMLINED_EMPLOYEES,
)
from haicap.flows.demonstration.names import draw, person
from haicap.flows.demonstration.officials import BASE_PAY, places
from haicap.kernel.scope import entered

DECIDED = date(2025, 6, 20)
REORGANISED = date(2025, 6, 16)  # of the resolution on Sơn La's communes
LEAVERS_AGE = (40, 61)
PAID_SHARE, PAID_AFTER = 0.8, timedelta(days=45)
# What a commune has, in this order; the province has centers, boards and hospitals.
_LOCAL = (
    ("MN", "Trường Mầm non", ServiceField.EDUCATION, ServiceKind.SCHOOL),
    ("TH", "Trường Tiểu học", ServiceField.EDUCATION, ServiceKind.SCHOOL),
    ("CS", "Trường Trung học cơ sở", ServiceField.EDUCATION, ServiceKind.SCHOOL),
    ("YT", "Trạm Y tế", ServiceField.HEALTH, ServiceKind.STATION),
    ("MB", "Trường Mầm non số 2", ServiceField.EDUCATION, ServiceKind.SCHOOL),
    ("TB", "Trường Tiểu học số 2", ServiceField.EDUCATION, ServiceKind.SCHOOL),
    ("CB", "Trường Trung học cơ sở số 2", ServiceField.EDUCATION, ServiceKind.SCHOOL),
    ("MC", "Trường Mầm non số 3", ServiceField.EDUCATION, ServiceKind.SCHOOL),
    ("TC", "Trường Tiểu học số 3", ServiceField.EDUCATION, ServiceKind.SCHOOL),
)
_OF_PROVINCE = (
    ("TT", "Trung tâm", ServiceField.AGRICULTURE, ServiceKind.CENTER),
    ("BQ", "Ban Quản lý", ServiceField.ECONOMY, ServiceKind.BOARD),
    ("BV", "Bệnh viện", ServiceField.HEALTH, ServiceKind.HOSPITAL),
    ("VH", "Trung tâm Văn hóa", ServiceField.CULTURE, ServiceKind.CENTER),
)


def fill() -> None:
    """Everything through the public commands, as the province's administrator; does nothing the second time."""
    actor = actor_for(people.account_named(f"quantri-{PROVINCE}").pk)
    with entered(actor):
        if Quota.objects.exists():
            return
        reach = reach_of(actor)
        give_quotas(reach, list(_quotas()))
        record_cases(reach, _leavers(reach))
        record_service_units(reach, list(_service_units()))


def _quotas() -> Iterator[QuotaFacts]:
    for unit, blocks in places().items():
        for block, seats in sorted(blocks.items()):
            yield QuotaFacts(unit, block, seats, "1482/QĐ-UBND", DECIDED, CHANGE, synthetic=True)


def _leavers(reach: Reach) -> list[CaseFacts]:
    """Staff records of the communes before the change and of the province, and a case for each."""
    before = [unit for unit in units.communes_of(PROVINCE, FIRST_DAY) if unit.pk in reach.unit_ids]
    homes = itertools.cycle([*before, units.unit_on(PROVINCE, CHANGE)])
    taken = set(Official.objects.values_list("id_number", flat=True))
    kinds = [StaffKind.PUBLIC_EMPLOYEE] * STREAMLINED_EMPLOYEES
    kinds += [StaffKind.CADRE if place % 3 == 0 else StaffKind.CIVIL_SERVANT for place in range(STREAMLINED)]
    wanted = [_leaver(next(homes), kind, place, taken) for place, kind in enumerate(kinds)]
    officials = record_officials(actor=reach.actor, people=[facts for facts, _, _ in wanted])
    cases = []
    for official, (_, scheme, leave_on) in zip(officials, wanted, strict=True):
        paid = draw("paid", official.id_number).random() < PAID_SHARE
        cases.append(CaseFacts(
            official, scheme, leave_on, REORGANISED, None, f"{1500 + official.unit_id % 90}/QĐ-UBND", DECIDED,
            leave_on + PAID_AFTER if paid else None,
        ))  # fmt: skip
    return cases


def _leaver(unit: Unit, kind: StaffKind, place: int, taken: set[str]) -> tuple[OfficialFacts, str, date]:
    """Somebody to whom one of the schemes is open, and the day of leaving."""
    rng = draw("leaver", place)
    while True:
        who = person(rng, on=CHANGE, age=LEAVERS_AGE)
        insured = date(who.born_on.year + rng.randint(22, 30), rng.randint(1, 12), 1)
        leave_on = rng.choice((CHANGE, CHANGE, CHANGE, date(2025, 8, 1), date(2025, 9, 1)))
        pay = round(BASE_PAY * (2.34 + min(3.0, 0.33 * ((CHANGE - insured).days // 1096))))
        scheme = _open_scheme(Facts("", kind, leave_on, REORGANISED, who.born_on, who.female, insured, pay))
        if scheme and who.id_number not in taken:
            taken.add(who.id_number)
            facts = OfficialFacts(
                unit=unit, full_name=who.name, staff_kind=kind, female=who.female, born_on=who.born_on,
                id_number=who.id_number, phone=who.phone, insured_from=insured, salary=pay, synthetic=True,
            )  # fmt: skip
            return facts, scheme, leave_on


def _open_scheme(facts: Facts) -> str:
    for scheme in (Scheme.EARLY_RETIREMENT, Scheme.RESIGNATION):
        if not calculate(Facts(**{**facts.__dict__, "scheme": scheme})).problems:
            return scheme.value
    return ""


def _service_units() -> Iterator[ServiceUnitFacts]:
    """As many as there were before; the last of them merged into a neighbour's or dissolved."""
    communes = list(units.communes_of(PROVINCE, CHANGE).select_related("province"))
    local = [(unit, *kind) for unit in communes for kind in _LOCAL]
    province = units.unit_on(PROVINCE, CHANGE)
    rest = SERVICE_UNITS_BEFORE - len(local)
    numbered = zip(range(1, rest + 1), itertools.cycle(_OF_PROVINCE), strict=False)
    own = [(province, f"{code}{n}", f"{name} số {n}", field, kind) for n, (code, name, field, kind) in numbered]
    ending = _endings(communes)
    for unit, code, name, field, kind in [*local, *own]:
        rng, full = draw("service", unit.code, code), f"{code}-{unit.code}"
        title = f"{name} {unit.name.removeprefix('Xã ').removeprefix('Phường ')}" if unit != province else name
        end = ending.get(full, {})
        yield ServiceUnitFacts(unit, full, title, field, kind, _founded(rng), "", None, synthetic=True, **end)  # type: ignore[arg-type]


def _founded(rng: Random) -> date:
    return date(rng.randint(1975, 2018), rng.randint(1, 12), 1) + timedelta(days=rng.randint(0, 27))


def _endings(communes: Sequence[Unit]) -> dict[str, dict[str, object]]:
    """Which end: a commune's third school goes into its first; the last few are dissolved."""
    found: dict[str, dict[str, object]] = {}
    for place, unit in enumerate(communes[: SERVICE_UNITS_BEFORE - SERVICE_UNITS_AFTER]):
        how: dict[str, object] = {"valid_to": CHANGE, "ended_by": "1490/QĐ-UBND", "ended_by_date": DECIDED}
        merged = place < SERVICE_UNITS_MERGED
        how |= {"ending": Ending.MERGED, "successor": f"MN-{unit.code}"} if merged else {"ending": Ending.DISSOLVED}
        found[f"MC-{unit.code}"] = how
    return found
