"""The demonstration as it stands once it is made; making it again changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from haicap.domain.dossiers import queries as dossiers
from haicap.domain.people import commands as people
from haicap.domain.people import queries as posts
from haicap.domain.people.models import Account
from haicap.domain.people.queries.headcount import cases, service_units, staffing
from haicap.domain.people.queries.signing.standing import counted, who_signs
from haicap.domain.people.queries.training import classes
from haicap.domain.people.queries.training.competence import matrix, topics_of
from haicap.domain.people.signing_rules import Cannot
from haicap.domain.people.tests.eyes import seeing_every_unit
from haicap.domain.units.queries import communes_of
from haicap.flows.demonstration import build as building
from haicap.flows.demonstration import errors, samples, staff
from haicap.flows.demonstration.figures import CHANGE, CITIZENS
from haicap.flows.demonstration.tests.factories import figures, silent, tiny_scales
from haicap.kernel import clock
from haicap.kernel.audit import queries as audit
from haicap.kernel.entries.models import Entry
from haicap.kernel.scope import entered


@pytest.fixture(scope="module")
def built(module_database, django_db_blocker):
    with django_db_blocker.unblock(), tiny_scales():
        yield building.build("tiny", silent)


def test_a_staffed_province_with_work_for_everybody(built):
    assert built.fresh
    assert figures() == (560, 160, 560)
    words = [word for word, _, _ in staff.COMMUNE_POSTS]
    with seeing_every_unit():
        names = set(Account.objects.values_list("name", flat=True))
    assert {f"{word}-03664" for word in words} <= names
    assert {"dieuhanh-14", "quantri-14", "sotuphap-14", "sotaichinh-14"} <= names
    assert len(names) == 75 * len(words) + len(staff.PROVINCE_POSTS)
    assert len(posts.names_taken(head="congdan-")) == CITIZENS
    for name in ("motcua-03664", "chuyenmon-03664", "lanhdao-04000", "chutich-03646", "sotuphap-14", "soyte-14"):
        assert waiting(name), name
    assert all(sample.path.startswith("/tra-cuu/14.03664-") for sample in samples.samples())
    assert len(samples.samples()) == 3


def waiting(name: str) -> bool:
    if not posts.names_taken([name]):
        return True
    actor = posts.actor_for(posts.account_named(name).pk)
    with entered(actor, read_only=True):
        return any(
            (entry.holder_agency_id, entry.holder_role) in actor.roles for entry in Entry.objects.filter(closed_at=None)
        )


def test_ninety_one_classes_for_nearly_seven_thousand_learners_stand_on_the_page(built):
    actor = posts.actor_for(posts.account_named("quantri-14").pk)
    with entered(actor, read_only=True):
        totals = classes.totals(classes.Wanted())
        days = clock.today(), clock.today() + timedelta(days=1)
        found = matrix(list(communes_of("14", days[0])), topics_of(actor.unit_id or 0, days[0]), days[0])
        reasons = counted(who_signs(list(communes_of("14", days[1])), days[1]))
    assert (totals.classes, totals.planned, totals.unmarked) == (91, 0, 0)
    assert 6_900 <= totals.learners < 7_000
    assert totals.passed < totals.learners
    assert any(cell.need and not cell.known for row in found.rows for _, cell in row.cells), (
        "some communes lack a topic"
    )
    assert any(cell.need and not cell.lacking for row in found.rows for _, cell in row.cells)
    assert {None, Cannot.NONE, Cannot.PENDING, Cannot.EXPIRED, Cannot.BLOCKED, Cannot.REVOKED, Cannot.HELD} <= set(
        reasons
    )
    assert reasons[None] > 900


def test_the_published_figures_are_counted_from_rows(built):
    """5,124 posts, 3,800 of them in communes; over 1,100 and 128 who left; 715 service units became 688 [S29]."""
    actor = posts.actor_for(posts.account_named("dieuhanh-14").pk)
    with entered(actor, read_only=True):
        for day in (CHANGE, clock.today()):
            lines = staffing.staffing_of(staffing.units_seen(actor, day), day)
            assert sum(line.total.quota or 0 for line in lines) == 5_124
            assert sum(line.total.quota or 0 for line in lines if line.is_commune) == 3_800
        there = sum(line.total.actual for line in lines)
        assert 4_800 < there < 5_124
        assert not any(line.total.over for line in lines)
        assert staffing.by_month([line.unit.pk for line in lines], CHANGE)[0] == staffing.Month(CHANGE, 5_124, there)
        servants, employees, total = cases.settled()
        assert servants > 1_100
        assert employees == 128
        assert total == sum(one.total for one in cases.sums(cases.Wanted())["scheme"]) > 0
        told = service_units.compared(service_units.day_before_the_first_end(CHANGE), CHANGE)
        assert (told.before, told.now) == (715, 688)
    commune = posts.actor_for(posts.account_named("chutich-03664").pk)
    with entered(commune, read_only=True):
        assert cases.settled()[0] < servants
        assert [unit.code for unit in staffing.units_seen(commune, CHANGE)] == ["03664"]


def test_the_one_password_opens_every_account(built):
    assert people.sign_in("chutich-03664", staff.password())[0].synthetic


def test_a_shown_dossier_can_be_followed(built):
    sample = samples.samples()[0]
    assert dossiers.track(sample.code, sample.secret) is not None


def test_the_trail_is_whole_and_sealed(built):
    report = audit.verify()
    assert report.ok


def test_the_second_time_nothing_is_made(built):
    before = figures()
    again = building.build(None, silent)
    assert (again.fresh, again.scale.name, figures()) == (False, "tiny", before)


def test_another_scale_is_refused(built):
    with pytest.raises(errors.OtherScaleThere, match="--reset"):
        building.build("other", silent)
