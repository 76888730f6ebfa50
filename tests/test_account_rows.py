"""What the database itself holds of accounts and posts: whose rows are seen, and that no password is read but by function."""

from __future__ import annotations

import pytest
from django.db import ProgrammingError, connection, transaction

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune, staffed_province
from haicap.domain.people.commands import open_account
from haicap.domain.people.models import Account, Agency, Appointment
from haicap.domain.people.queries import names_of, names_taken, stored_password
from haicap.kernel import clock
from haicap.kernel.scope import ANONYMOUS, Actor, entered

pytestmark = pytest.mark.django_db

HAND = "SELECT people_hand_password(%s, '!x', now())"


@pytest.fixture
def here() -> Staff:
    return staffed_commune("03664")


@pytest.fixture
def there() -> Staff:
    return staffed_commune("03679")


def seen(actor: Actor) -> tuple[set[int], set[int]]:
    """The numbers of accounts, and of those whose posts, `actor` sees."""
    with entered(actor, read_only=True):
        return set(Account.objects.values_list("pk", flat=True)), set(
            Appointment.objects.values_list("account_id", flat=True)
        )


def people(staff: Staff) -> set[int]:
    return {actor.account_id or 0 for actor in staff.actors.values()}


def asked(actor: Actor, sql: str, *values: object) -> object:
    with entered(actor), connection.cursor() as cursor:
        cursor.execute(sql, list(values))
        return cursor.fetchone()[0]


def test_a_units_people_are_seen_by_the_unit_and_its_province_alone(here, there):
    province = staffed_province()
    for actor in here.actors.values():
        assert seen(actor) == (people(here), people(here))
    assert seen(province.administrator)[0] >= people(here) | people(there) | people(province)
    for actor in (there.administrator, province.department):
        assert not (seen(actor)[0] | seen(actor)[1]) & people(here)
    assert seen(ANONYMOUS) == (set(), set())
    assert not Account.objects.exists() and not Appointment.objects.exists()  # outside of every scope


def test_a_citizen_sees_their_own_account_alone(here):
    citizen = open_account(name="dan-1", full_name="Vì Thị Yến", password_hash="!")
    assert seen(Actor(name="Vì Thị Yến", account_id=citizen.pk)) == ({citizen.pk}, set())


def test_nobody_lists_passwords_or_writes_accounts_past_the_functions(here):
    for sql in (
        "SELECT hash FROM people_password",
        "UPDATE people_password SET hash = 'x'",
        "INSERT INTO people_account (name, full_name, active, synthetic, created_at, password_is_first)"
        " VALUES ('x', 'x', true, true, now(), false)",
        "DELETE FROM people_account",
    ):
        with entered(here.administrator), pytest.raises(ProgrammingError, match="permission denied"):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(sql)


def test_nobody_is_appointed_to_a_unit_out_of_scope(here, there):
    agency = Agency.objects.get(unit=there.unit, kind="center")
    with entered(here.administrator), pytest.raises(ProgrammingError, match="row-level security"):
        with transaction.atomic():
            Appointment.objects.create(
                account_id=here.counter.account_id, agency=agency, role="counter", valid_from=clock.today()
            )
    with entered(here.administrator):
        assert Appointment.objects.filter(account_id=there.chair.account_id).update(role="clerk") == 0


def test_a_password_is_handed_to_ones_own_people_alone(here, there):
    province, own = staffed_province(), here.counter.account_id
    before = stored_password(own or 0)
    for actor in (there.administrator, province.department, here.counter, ANONYMOUS):
        assert not asked(actor, HAND, own)
    assert stored_password(own or 0) == before
    assert asked(province.administrator, HAND, own) and stored_password(own or 0) == "!x"
    agency = Agency.objects.get(unit=there.unit, kind="office")
    with entered(province.operations):
        Appointment.objects.create(
            account_id=here.clerk.account_id, agency=agency, role="clerk", valid_from=clock.today()
        )
    assert not asked(here.administrator, HAND, here.clerk.account_id)  # who serves there too is the province's
    assert asked(province.administrator, HAND, here.clerk.account_id)


def test_names_are_told_wherever_somebody_serves(here, there):
    number = there.chair.account_id or 0
    assert names_of([number, None, number]) == {number: there.chair.name} and names_of([None]) == {}
    assert names_taken(["chutich-03679", "khong-co"], head="motcua-036") == {
        "chutich-03679", "motcua-03664", "motcua-03679",
    }  # fmt: skip
    assert names_taken() == set()
