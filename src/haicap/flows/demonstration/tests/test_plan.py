"""The demonstration's dossiers: the totals of the press, the same at each making, every form sound."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest

from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import check_form
from haicap.domain.units import queries as units
from haicap.flows.demonstration import staff
from haicap.flows.demonstration.answers import Case, answers_for
from haicap.flows.demonstration.figures import CHANGE, FIRST_DAY, LAST_DAY, ON_TIME, PROCEDURES, SCALES
from haicap.flows.demonstration.names import draw, person
from haicap.flows.demonstration.plan import END, plan
from haicap.flows.demonstration.rows import rows
from haicap.kernel import vi, workdays
from haicap.kernel.calendar.queries import calendar_for

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
SMALL = SCALES["small"]


@pytest.fixture
def planned(django_db_setup, db):
    return plan(SMALL)


@pytest.fixture
def told(planned):
    staff.establish()
    return list(rows(planned))


def test_the_full_scale_is_the_press_figures():
    assert (SCALES["full"].received, SCALES["full"].resolved) == (88_300, 83_800)


@pytest.mark.parametrize("name", SCALES)
def test_totals_are_exact(name):
    scale = SCALES[name]
    dossiers = plan(scale)
    decided = [one for one in dossiers if one.course.decided_at is not None]
    assert (len(dossiers), len(decided)) == (scale.received, scale.resolved)
    on_time = sum(one.course.pause > 0 or one.course.decided_at <= one.due_at for one in decided) / len(decided)
    assert on_time == pytest.approx(ON_TIME, abs=0.001)
    assert 0.99 < on_time < 1
    assert all(FIRST_DAY <= one.course.received_at.date() <= LAST_DAY for one in dossiers)
    assert max(one.course.decided_at for one in decided) <= END


def test_the_same_at_each_making(planned):
    staff.establish()
    again = plan(SMALL)
    assert again == planned
    assert list(rows(again[:200])) == list(rows(planned[:200]))


def test_units_and_procedures_are_those_of_the_day(planned):
    calendar = calendar_for("14", FIRST_DAY)
    before = {unit.pk for unit in units.communes_of("14", FIRST_DAY)}
    after = {unit.pk for unit in units.communes_of("14", CHANGE)}
    assert (len(before), len(after)) == (200, 75)
    for one in planned:
        day = one.course.received_at.date()
        assert one.unit.id in (before if day < CHANGE else after)
        assert one.version.is_on(day)
        assert workdays.effective_start(calendar, one.course.received_at) == one.course.received_at  # office hours
    assert {one.unit.id for one in planned} >= after


def test_numbers_of_a_unit_and_day_have_no_gap(planned):
    books = defaultdict(list)
    for one in planned:
        books[one.unit.id, one.course.received_at.date()].append(one.number)
    assert all(sorted(numbers) == list(range(1, len(numbers) + 1)) for numbers in books.values())


def test_every_answer_passes_its_form(planned, told):
    for one, row in zip(planned, told, strict=True):
        _, problems = check_form(one.version.fields, row["form"], today=row["received_at"].date())
        assert problems == [], (one.version.code, problems)


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY])
def test_forms_of_the_whole_catalogue_can_be_answered(day):
    """Also of procedures that the demonstration does not use yet, each some times."""
    for version in procedures.all_on(day):
        for turn in range(8):
            rng = draw(version.code, turn)
            case = Case(rng, day, "Bản Mòn, Xã Mường Bú, tỉnh Sơn La", person(rng, on=day))
            _, problems = check_form(version.fields, answers_for(version, case), today=day)
            assert problems == [], (version.code, problems)


def test_people_are_plausible_and_nobody(told):
    for row in told:
        assert row["synthetic"] is True
        number = vi.read_id_number(row["applicant_id_number"])
        assert number.place == "014"
        assert row["applicant_id_number"][6] == "9"  # no place registers 900,000 births a year
        assert vi.phone_problem(row["applicant_phone"]) is None
        assert row["applicant_phone"][:3] in {"030", "031", "095"}
        assert vi.tidy_name(row["applicant_name"]) == row["applicant_name"]


def test_histories_run_forward(told):
    for row in told:
        times = [move["at"] for move in row["moves"]]
        assert times == sorted(times)
        assert times[0] == row["received_at"]
        assert times[-1] <= END


def test_what_people_ask_for_most_leads(planned):
    often = Counter(one.version.code for one in planned)
    assert often.most_common(1)[0][0] == "2.000815"
    assert set(often) <= set(PROCEDURES)
