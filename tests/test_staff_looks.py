"""Who looked at a staff record: each door that shows one is noted before it is shown, and its person reads it."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune
from haicap.domain.people.blocks import StaffKind
from haicap.domain.people.commands.headcount.cases import CaseFacts, record_cases
from haicap.domain.people.commands.officials import OfficialFacts, record_officials
from haicap.domain.people.models import Official
from haicap.domain.people.queries.reach import reach_of
from haicap.domain.people.streamlining_rules import Scheme
from haicap.kernel.readings.models import Reading
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
HERE, THERE, NUMBER = "03664", "03679", "014180001234"
STAFF, OWN = "/quan-tri/can-bo/", "/tai-khoan/ho-so/"


@pytest.fixture
def staff() -> Staff:
    return staffed_commune(HERE)


@pytest.fixture
def clerk(staff: Staff) -> Official:
    """The clerk's record."""
    facts = OfficialFacts(
        staff.unit, "Nguyễn Thị Khuỷnh", StaffKind.CIVIL_SERVANT, id_number=NUMBER, born_on=date(1970, 2, 3), female=True,
        insured_from=date(1995, 1, 1), salary=9_000_000, account_id=staff.clerk.account_id,
    )  # fmt: skip
    with entered(staff.administrator):
        (made,) = record_officials(actor=staff.administrator, people=[facts])
    return made


def noted(staff: Staff, *, detail: bool = False) -> list[tuple[object, ...]]:
    """All looks at the clerk's record, oldest first, as the clerk may read them."""
    with entered(staff.clerk, read_only=True):
        rows = Reading.objects.exclude(subject="").order_by("pk")
        return [(row.actor_name, row.door, row.whole, row.times, *([row.pk] if detail else [])) for row in rows]


def test_the_page_is_noted_whole_or_masked_and_its_person_reads_by_post(staff: Staff, clerk: Official) -> None:
    assert "Chưa có ai xem" in text(staff.client("clerk"), OWN)
    for role in ("administrator", "chair", "administrator"):
        assert staff.client(role).get(f"{STAFF}{clerk.pk}/").status_code == 200
    assert noted(staff) == [
        (staff.administrator.name, "record", True, 2), (staff.chair.name, "record", False, 1),
    ]  # fmt: skip
    own = text(staff.client("clerk"), OWN)
    assert "(2 lần)" in own and "Quản trị" in own and staff.administrator.name not in own
    assert "Ai đã xem hồ sơ cán bộ của bạn" in text(staff.client("clerk"), "/tai-khoan/")
    assert "Ai đã xem hồ sơ cán bộ" not in text(staff.client("chair"), "/tai-khoan/")


def test_every_door_that_shows_a_record_notes_it(staff: Staff, clerk: Official) -> None:
    admin = staff.client("administrator")
    with entered(staff.administrator):
        facts = CaseFacts(clerk, Scheme.EARLY_RETIREMENT, date(2026, 3, 1), date(2025, 7, 1))
        (case,) = record_cases(reach_of(staff.administrator), [facts])
    home = "/quan-tri/bien-che/tinh-gian/"
    for address, door in (
        (f"{STAFF}{clerk.pk}/sua/", "record"), (f"{STAFF}?q={NUMBER}", "search"), (f"{home}{case.pk}/", "record"),
        (f"{home}{case.pk}/bang-tinh.pdf", "paper"), (f"{home}?tai=csv", "table"), (f"{home}moi/?q={NUMBER}", "search"),
        (f"{home}moi/?ho-so={clerk.pk}", "record"),
    ):  # fmt: skip
        before = set(noted(staff, detail=True))
        assert admin.get(address).status_code == 200, address
        assert [row[1] for row in noted(staff, detail=True) if row not in before] == [door], address
    before = noted(staff)
    assert admin.post(f"{STAFF}{clerk.pk}/phan-cong/", {}).status_code == 422  # shows the record again, with its faults
    assert noted(staff) != before


def test_lists_by_name_faulty_numbers_and_ones_own_record_are_no_looks(staff: Staff, clerk: Official) -> None:
    chair = staff.client("chair")
    for address in (
        STAFF,
        f"{STAFF}?q=nguyen",
        f"{STAFF}?q=014180009999",
        f"{STAFF}?q={'9' * 40}",
        "/quan-tri/bien-che/tinh-gian/",
    ):
        assert chair.get(address).status_code == 200
    assert chair.get(f"{STAFF}999999999/").status_code == 404
    with entered(staff.administrator):
        Official.objects.filter(pk=clerk.pk).update(account_id=staff.chair.account_id)
    assert chair.get(f"{STAFF}{clerk.pk}/").status_code == 200
    with entered(staff.chair):
        assert not Reading.objects.exists()


def test_nobody_else_reads_the_looks_and_another_unit_notes_none(staff: Staff, clerk: Official) -> None:
    there = staffed_commune(THERE)
    assert there.client("administrator").get(f"{STAFF}{clerk.pk}/").status_code == 404
    assert there.client("administrator").get(f"{STAFF}?q={NUMBER}").status_code == 200
    assert not noted(staff)
    staff.client("administrator").get(f"{STAFF}{clerk.pk}/")
    assert noted(staff)
    for actor in (staff.administrator, staff.chair, there.administrator):
        with entered(actor, read_only=True):
            assert not Reading.objects.exists()
    with entered(staff.clerk), pytest.raises(DatabaseError), transaction.atomic():
        Reading.objects.update(times=9)
    with connection.cursor() as cursor, pytest.raises(DatabaseError), transaction.atomic():
        cursor.execute("DELETE FROM readings_reading")


def test_a_look_costs_no_statement(staff: Staff, clerk: Official, queries) -> None:
    admin, address = staff.client("administrator"), f"{STAFF}{clerk.pk}/"
    first = queries(lambda: admin.get(address))
    assert queries(lambda: admin.get(address)) <= first
    own = staff.client("clerk")
    few = queries(lambda: own.get(OWN))
    staff.client("chair").get(address)
    assert queries(lambda: own.get(OWN)) == few


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()
