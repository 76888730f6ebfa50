"""Bodies and posts from templates: variants, days, the second time, and what a unit's page says of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml

from haicap.domain.people.blocks import Block
from haicap.domain.people.commands.organisation import load_organisation, set_contact
from haicap.domain.people.commands.organisation_template import PACKAGED, read_template
from haicap.domain.people.errors import AgencyUnknown
from haicap.domain.people.models import Body, Post
from haicap.domain.people.organisation_errors import (
    ContactInvalid,
    OptionalBodyUnknown,
    OrganisationIsLater,
    TemplateInvalid,
    TemplateUnreadable,
    UnitNotThen,
)
from haicap.domain.people.queries.organisation import chart_of, contact_of, unverified_of
from haicap.domain.units import queries as units
from haicap.kernel.audit.models import Event
from haicap.kernel.scope import entered, system

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

WARD, COMMUNE, ZONE, PROVINCE = "03664", "04144", "22549", "14"
CHANGE, LATER = date(2025, 7, 1), date(2026, 3, 1)


@pytest.fixture(autouse=True)
def shell():
    with entered(replace(system("shell"), unit_ids=(unit().pk,))):  # who sees the trail of this ward
        yield


def unit(code=WARD, day=CHANGE):
    return units.unit_on(code, day)


def load(code=WARD, day=CHANGE, template=None, **kw):
    return load_organisation([unit(code, day)], template or read_template(), day, **kw)


def changed(tmp_path: Path, change) -> object:
    """The packaged template after `change(document)`."""
    document = yaml.safe_load(PACKAGED.read_text(encoding="utf-8"))
    change(document)
    path = tmp_path / "mau.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return read_template(path)


def names(code, day=CHANGE):
    return {body.key: body.name for body in chart_of(unit(code, day), day).bodies}


def test_each_kind_of_unit_has_its_own_bodies():
    special = units.units_on(CHANGE, kind="dac_khu").first()
    commune = units.units_on(CHANGE, within=PROVINCE, kind="xa").first()
    city = units.units_on(CHANGE, kind="thanh_pho").first()
    load_organisation([unit(), commune, special, unit(PROVINCE), city], read_template(), CHANGE)
    assert names(WARD)["economy"] == "Phòng Kinh tế, Hạ tầng và Đô thị"
    assert names(commune.code)["economy"] == names(special.code)["economy"] == "Phòng Kinh tế"
    assert (names(PROVINCE)["party_committee"], names(city.code)["party_committee"]) == ("Tỉnh ủy", "Thành ủy")
    assert "so-tu-phap" in names(PROVINCE)
    assert "so-tu-phap" not in names(WARD)
    assert "political_center" not in names(WARD)
    for code in (WARD, PROVINCE):
        assert [one.block for one in chart_of(unit(code), CHANGE).blocks] == list(Block)


def test_the_second_time_nothing_changes():
    first = load()
    assert first.changed_units == 1
    assert first.bodies == Body.objects.count() > 15
    assert first.posts == Post.objects.count() > 40
    events = Event.objects.filter(tag="people:organisation:load").count()
    for day in (CHANGE, LATER):
        again = load(day=day)
        assert (again.changed_units, again.bodies, again.posts, again.posts_ended, again.mended) == (0, 0, 0, 0, 0)
    assert Event.objects.filter(tag="people:organisation:load").count() == events == 1


def test_a_dry_run_leaves_nothing():
    told = load(dry_run=True)
    assert told.bodies > 15
    assert not Body.objects.exists()
    assert contact_of(unit().pk, "committee") is None


def test_a_change_ends_what_was_and_begins_anew(tmp_path):
    load()

    def rename(document):
        rows = {row["key"]: row for row in document["levels"]["commune"]}
        rows["office"]["name"] = "Văn phòng"
        rows["committee"]["posts"][1]["seats"] = 3
        document["levels"]["commune"].remove(rows["health_station"])

    told = load(day=LATER, template=changed(tmp_path, rename))
    assert (told.bodies, told.bodies_ended) == (1, 2)
    assert (names(WARD)["office"], names(WARD, LATER)["office"]) == ("Văn phòng HĐND và UBND", "Văn phòng")
    assert "health_station" in names(WARD)
    assert "health_station" not in names(WARD, LATER)
    before, after = (chart_of(unit(), day).bodies for day in (CHANGE, LATER))
    seats = [next(b for b in bodies if b.key == "committee").posts[1].seats for bodies in (before, after)]
    assert seats == [None, 3]
    assert all(body.posts for body in after)


def test_on_the_day_it_began_a_row_is_replaced_and_words_are_mended(tmp_path):
    load()
    count = Body.objects.count()

    def change(document):
        rows = document["levels"]["commune"]
        rows[0]["name"] = "Đảng bộ"
        rows[1]["basis"] = "Quy định khác"

    told = load(template=changed(tmp_path, change))
    assert (told.bodies, told.bodies_ended, told.mended) == (1, 1, 1)
    assert Body.objects.count() == count
    assert not Body.objects.exclude(valid_to=None).exists()


def test_a_load_before_what_is_known_is_refused():
    load(day=LATER)
    with pytest.raises(OrganisationIsLater):
        load(day=CHANGE)


def test_optional_bodies_stand_where_they_were_asked_for():
    load()
    assert load(day=LATER, also=["political_center"]).bodies == 1
    assert load(day=LATER).changed_units == 0
    assert names(WARD, LATER)["political_center"] == "Trung tâm chính trị"
    with pytest.raises(OptionalBodyUnknown):
        load(day=LATER, also=["economy"])


def test_a_unit_that_does_not_stand_or_has_no_template_is_refused():
    old = units.unit_on("03664", date(2025, 6, 1))
    district = units.units_on(date(2025, 6, 1), kind="huyen").first()
    for one, day in ((old, CHANGE), (old, date(2025, 6, 1)), (district, date(2025, 6, 1))):
        with pytest.raises(UnitNotThen):
            load_organisation([one], read_template(), day)


def test_a_load_of_many_costs_the_statements_of_one(queries):
    communes = list(units.communes_of(PROVINCE, CHANGE).select_related("province"))
    few = queries(lambda: load_organisation(communes[:1], read_template(), CHANGE, dry_run=True))
    many = queries(lambda: load_organisation(communes, read_template(), CHANGE, dry_run=True))
    assert many - few <= 8  # more batches of the same
    assert few <= 25


def test_a_chart_costs_four_statements(queries):
    load()
    place = unit()
    assert queries(lambda: chart_of(place, CHANGE)) == 4
    assert queries(lambda: unverified_of(place.pk, CHANGE)) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (lambda rows: rows[0].update(block="khac"), "block"),
        (lambda rows: rows[0].update(key=None), "key"),
        (lambda rows: rows[0].update(under="chua_co"), "under"),
        (lambda rows: rows.append(dict(rows[0])), "key"),
        (lambda rows: rows[0].update(agency="so-la"), "agency"),
        (lambda rows: rows[0].update(la="x"), "la"),
        (lambda rows: rows[0].update(name=["x"]), ""),
        (lambda rows: rows[0].update(kinds=["lang"]), "kinds"),
        (lambda rows: rows[0].update(kinds=5), "kinds"),
        (lambda rows: rows[0].update(variants=["x"]), "variants"),
        (lambda rows: rows[0].update(certainty="Z"), "certainty"),
        (lambda rows: rows[0].update(posts="x"), "posts"),
        (lambda rows: rows[0]["posts"][0].update(seats=0), "seats"),
        (lambda rows: rows[0]["posts"][0].update(seats=True), "seats"),
        (lambda rows: rows[0]["posts"][0].update(staff="linh"), "staff"),
        (lambda rows: rows[0]["posts"][0].update(role="counter"), "role"),
    ],
)
def test_a_fault_of_a_template_is_named(tmp_path, change, field):
    with pytest.raises(TemplateInvalid) as refused:
        changed(tmp_path, lambda document: change(document["levels"]["commune"]))
    assert any(problem.field.endswith(field) for problem in refused.value.problems)


@pytest.mark.parametrize("text", ["", "levels: 3", "[", "a: [", "levels: {xa: []}", "levels: {commune: {}}", "\x00"])
def test_what_is_no_template_is_refused(tmp_path, text):
    path = tmp_path / "mau.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises((TemplateInvalid, TemplateUnreadable)):
        read_template(path)


def test_a_contact_is_entered_with_its_trail_and_may_be_taken_away():
    load()
    place = unit()
    set_contact(place, "center", phone=" 0212 3852 022 ", address="Tổ 3")
    set_contact(place, "center", phone="0212 3852 022")
    found = contact_of(place.pk, "center")
    assert (found.phone, found.address) == ("0212 3852 022", "Tổ 3")
    (event,) = Event.objects.filter(tag="people:agency:contact")
    assert event.data == {
        "before": {"phone": "", "address": ""},
        "after": {"phone": "0212 3852 022", "address": "Tổ 3"},
    }
    set_contact(place, "center", phone="")
    assert (contact_of(place.pk, "center").phone, contact_of(place.pk, "center").address) == ("", "Tổ 3")


@pytest.mark.parametrize("facts", [{}, {"phone": "gọi tôi"}, {"phone": "1"}, {"phone": "1" * 61}, {"address": "x" * 301},
                                   {"address": "a\nb"}, {"phone": "115<b>"}])  # fmt: skip
def test_a_contact_that_cannot_be_one_is_refused(facts):
    load()
    with pytest.raises(ContactInvalid):
        set_contact(unit(), "center", **facts)


@pytest.mark.parametrize("kind", ["so-tu-phap", "khong-co"])
def test_an_agency_that_is_not_there_has_no_contact(kind):
    with pytest.raises(AgencyUnknown):
        set_contact(unit(), kind, phone="115")


@pytest.mark.parametrize("phone", ["1022", "+84 212 3852 022", "(0212) 3852.022", "02123852022 máy lẻ 12", "115; 113"])
def test_telephone_numbers_as_offices_write_them(phone):
    load()
    assert set_contact(unit(), "center", phone=phone).phone == phone
