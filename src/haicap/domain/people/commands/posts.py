"""The agencies of units, and who holds which post in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from django.db import transaction

from haicap.domain.people.commands.accounts import hash_password, open_account
from haicap.domain.people.commands.passes import end_passes
from haicap.domain.people.commands.staffing import name_problems
from haicap.domain.people.errors import AdministratorThere, PostRefused
from haicap.domain.people.models import Account, Agency, Appointment
from haicap.domain.people.queries import forget_actors
from haicap.domain.people.queries.administrators import administrators_of
from haicap.domain.people.rules import (
    COMMUNE_AGENCIES,
    PROVINCE_AGENCIES,
    AgencyKind,
    Role,
    agency_name,
    first_password,
)
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import UnitKind, UnitLevel
from haicap.kernel import clock, vi
from haicap.kernel.audit.commands import record
from haicap.kernel.scope import entered, system
from haicap.kernel.text import clean


def establish_agencies(units: Iterable[Unit]) -> int:
    """Give each unit the agencies that the law gives it (Decree 150/2025/NĐ-CP); gives how many were new.

    The agency id is provisional (see `_identifier`) until an administrator enters the national one.
    """
    fresh = []
    for unit in units:
        province = unit.level == UnitLevel.PROVINCE
        head = _identifier(unit)
        for kind in PROVINCE_AGENCIES if province else COMMUNE_AGENCIES:
            # The center's id is the unit's own: dossier codes begin with it.
            identifier = head if kind == ("committee" if province else "center") else f"{head}.{kind}"
            name = agency_name(kind, unit.name, ward=unit.kind == UnitKind.WARD)
            fresh.append(Agency(unit=unit, kind=kind, name=name, identifier=identifier))
    before = Agency.objects.count()
    Agency.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)
    forget_actors()
    return Agency.objects.count() - before


def _identifier(unit: Unit) -> str:
    """ "province.commune", with the district between for a commune of the three-level time. An ended unit's id is never
    given to another, so a province of the past carries the day on which it ended."""
    if unit.level == UnitLevel.PROVINCE:
        return f"{unit.code}@{unit.valid_to}" if unit.valid_to else unit.code
    above = [unit.province_code, unit.parent_code] if unit.parent_code != unit.province_code else [unit.province_code]
    return ".".join([*filter(None, above), unit.code])


def appoint(*, account: Account, agency: Agency, role: str, valid_from: date, valid_to: date | None = None) -> None:
    """Give `account` a role in an agency from a day on; does nothing where it is so already. By whoever sets a unit up: it
    enters the unit's scope by itself."""
    with entered(replace(system("setup"), unit_ids=(agency.unit_id,))):
        Appointment.objects.get_or_create(
            account=account, agency=agency, role=role, valid_from=valid_from, defaults={"valid_to": valid_to}
        )
    end_passes(account.pk, keep_tokens=True)
    forget_actors()


def open_first_administrator(unit: Unit, *, name: str, full_name: str) -> tuple[Account, str]:
    """Open the account of whoever administers a unit that nobody administers yet, with a first password, which its owner must
    replace when they sign in; everybody else is opened by page. The unit's agencies must be there.

    Gives the account and the password, which nobody can read again. Raises AdministratorThere, NameTaken, PostRefused.
    """
    full_name, name, day = vi.tidy_name(clean(full_name)), clean(name).lower(), clock.today()
    if problems := name_problems(full_name, name):
        raise PostRefused(problems=problems)
    if there := administrators_of(unit.pk):
        raise AdministratorThere(unit=unit.shown_name, names=", ".join(there))
    password = first_password()
    with transaction.atomic():
        account = open_account(name=name, full_name=full_name, password_hash=hash_password(password), first=True)
        agency = Agency.objects.get(unit=unit, kind=AgencyKind.COMMITTEE)
        appoint(account=account, agency=agency, role=Role.ADMINISTRATOR, valid_from=day)
        with entered(replace(system("setup"), unit_ids=(unit.pk,))):
            record("people:administrator:open", subject=f"account:{account.pk}", unit_id=unit.pk, data={"name": name})
    return account, password
