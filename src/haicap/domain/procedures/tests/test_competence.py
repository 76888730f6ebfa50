"""Who decides a procedure at a place on a day: the rules, the data that HaiCap ships, and the answers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest

from haicap.domain.people.commands import establish_agencies
from haicap.domain.people.models import Agency
from haicap.domain.procedures import queries as catalogue
from haicap.domain.procedures.errors import (
    CompetenceNotOn,
    CompetenceUnknown,
    PlaceClosed,
    PlaceMissing,
    PlaceTooWide,
    PlaceUnknown,
    ProcedureNotValid,
    ProcedureUnknown,
)
from haicap.domain.procedures.models import ProcedureVersion
from haicap.domain.procedures.queries import deciding
from haicap.domain.procedures.rules import Basis, CompetenceRow, competence_problems, eras, rows_on
from haicap.domain.units.addresses import Answer, Candidate, Status
from haicap.domain.units.errors import BeforeRecords, UnitNotYetFormed, UnitUnknown
from haicap.domain.units.models import Unit
from haicap.domain.units.queries import unit_on
from haicap.kernel import clock
from haicap.kernel.language import speaking

pytestmark = pytest.mark.django_db

FIRST, BEFORE, AFTER = date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 1)
BUSINESS = ("1.001612", "2.000720", "1.001570", "1.001266", "2.000575")
MOVED = {
    **dict.fromkeys(BUSINESS, "Phòng Tài chính – Kế hoạch"),
    **dict.fromkeys(("2.000992", "2.001008"), "Phòng Tư pháp"),
    "3.000182": "Phòng Giáo dục và Đào tạo",
    **dict.fromkeys(
        ("2.000528", "2.000806", "1.001776", "1.001731", "2.000286", "1.012753", "1.013225", "1.013226", "1.013227",
         "1.013228", "1.001639"), "Ủy ban nhân dân",
    ),
}  # fmt: skip
BOTH_LEVELS_BEFORE = (
    "1.004859", "2.000635", "2.002516", "2.000815", "2.000884", "2.001035", "2.001406", "2.000913", "2.000927",
    "2.000942",
)  # fmt: skip
CHIENG_DEN, CHIENG_AN, TO_HIEU = "03661", "03664", "03646"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    catalogue.forget()
    yield
    catalogue.forget()


def a_mandate(**facts: Any) -> CompetenceRow:
    plain: dict[str, Any] = {
        "level": "xa", "agency": "committee", "agency_name": "", "agency_name_en": "", "signer": "", "signer_en": "",
        "valid_from": FIRST, "valid_to": None, "shared": False, "basis": (), "certainty": "K", "source": "x",
        "note": "", "note_en": "",
    }  # fmt: skip
    return CompetenceRow(**(plain | facts))


def row(**facts: Any) -> dict[str, Any]:
    return {"level": "xa", "agency": "committee", "valid_from": FIRST, "certainty": "K", "source": "x"} | facts


def told(rows: Any) -> str:
    return " | ".join(f"{problem.field}: {problem.message}" for problem in competence_problems(rows))


# ── rules ──


def test_eras_are_cut_where_the_agency_changes_not_where_the_law_does():
    district = a_mandate(level="huyen", agency="", agency_name="Phòng Tư pháp", valid_to=AFTER)
    commune = a_mandate(valid_from=AFTER, valid_to=date(2025, 11, 1))
    later = a_mandate(valid_from=date(2025, 11, 1), basis=(Basis("280/2025/NĐ-CP"),))
    found = eras([later, district, commune])
    assert [(era.first, era.end) for era in found] == [(FIRST, AFTER), (AFTER, None)]
    assert [era.words for era in found] == [
        "Trước 01/07/2025: Phòng Tư pháp cấp huyện", "Từ 01/07/2025: Ủy ban nhân dân cấp xã",
    ]  # fmt: skip
    assert eras([]) == ()


def test_an_era_between_two_others_says_both_ends():
    one = a_mandate(level="tinh", agency="so-tai-chinh", valid_from=date(2025, 3, 1), valid_to=AFTER)
    assert eras([one])[0].words == "Từ 01/03/2025 đến hết 30/06/2025: Sở Tài chính"


def test_the_commune_stands_before_the_district():
    district = a_mandate(level="huyen", agency="", agency_name="Phòng Tư pháp", shared=True, valid_to=AFTER)
    assert [r.level for r in rows_on([district, a_mandate(shared=True)], BEFORE)] == ["xa", "huyen"]
    assert [r.level for r in rows_on([district, a_mandate(shared=True)], AFTER)] == ["xa"]


@pytest.mark.parametrize(
    ("article", "english"),
    [("điểm c khoản 1 Điều 5", "Article 5(1)(c)"), ("khoản 2 Điều 7", "Article 7(2)"), ("Điều 4", "Article 4"),
     ("Điều 13–17", "Articles 13–17"), ("Chương III", "Chương III"), ("", "")],
)  # fmt: skip
def test_articles_in_english(article, english):
    law = Basis("1/2025/NĐ-CP", article=article)
    assert law.shown_article == article
    with speaking("en"):
        assert law.shown_article == english
        assert law.cited == ", ".join(filter(None, (english, "1/2025/NĐ-CP")))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([], "từ 1 đến"),
        ("x", "từ 1 đến"),
        (["x"], "cặp khóa"),
        ([row(level="bo")], "không hợp lệ"),
        ([row(agency="so-tu-phap")], "không thuộc cấp này"),
        ([row(agency={"name": "Phòng Tư pháp"})], "cấp xã ghi một trong"),
        ([row(level="huyen", agency="committee", valid_to=AFTER)], "cấp huyện ghi tên"),
        ([row(level="huyen", agency={"name": "Phòng Tư pháp"})], "cấp huyện kết thúc"),
        ([row(level="tinh", agency="police")], "không thuộc cấp này"),
        ([row(level="tinh", agency={"name_en": "x"})], "thiếu “name”"),
        ([row(valid_from=date(2024, 1, 1))], "trước dữ liệu"),
        ([row(valid_to=FIRST)], "phải sau ngày bắt đầu"),
        ([row(valid_from="x")], "phải là ngày"),
        ([row(certainty="Z")], "không hợp lệ"),
        ([row(extra=1)], "không có trong mẫu"),
        ([row(basis="x")], "phải là danh sách"),
        ([row(basis=[{"article": "Điều 1"}])], "basis[0].number"),
        ([row(), row(valid_from=AFTER)], "trùng ngày với dòng 1"),
        ([row(valid_to=date(2025, 3, 1)), row(valid_from=AFTER)], "không ai có thẩm quyền"),
        ([row(), row(level="tinh", agency="so-y-te")], "shared: true"),
        ([row(shared=True), row(level="tinh", agency="so-y-te")], "shared: true"),
    ],
)
def test_what_a_file_may_not_say(rows, said):
    assert said in told(rows)


def test_sound_rows_are_taken():
    district = row(level="huyen", agency={"name": "Phòng Tư pháp"}, valid_to=AFTER, shared=True)
    assert told([row(shared=True, valid_to=AFTER), district, row(valid_from=AFTER)]) == ""


# ── the data that HaiCap ships ──


def rows_by_code() -> dict[str, tuple[CompetenceRow, ...]]:
    return {version.code: catalogue.competence_of(version.code) for version in catalogue.all_on(clock.today())}


def test_every_procedure_has_rows_of_its_own():
    found = rows_by_code()
    assert len(found) == 83
    assert all(found.values())
    assert {code for code, rows in found.items() if not rows_on(rows, clock.today())} == set()


def test_what_moved_on_1_july_2025_has_both_rows():
    for code, agency in MOVED.items():
        rows = catalogue.competence_of(code)
        before, after = rows_on(rows, BEFORE), rows_on(rows, AFTER)
        assert [(r.level, r.agency_name) for r in before] == [("huyen", agency)], code
        assert [r.level for r in after] == ["xa"], code
        assert before[0].valid_to == after[0].valid_from == AFTER
    for code in BOTH_LEVELS_BEFORE:
        rows = catalogue.competence_of(code)
        assert [r.level for r in rows_on(rows, BEFORE)] == ["xa", "huyen"], code
        assert [r.level for r in rows_on(rows, AFTER)] == ["xa"], code
    districts = {code for code, rows in rows_by_code().items() if any(r.level == "huyen" for r in rows)}
    assert districts == set(MOVED) | set(BOTH_LEVELS_BEFORE)


def test_no_gap_no_overlap_and_a_source_for_each_row():
    for code, rows in rows_by_code().items():
        for level in ("xa", "huyen", "tinh"):
            own = sorted((r for r in rows if r.level == level), key=lambda r: r.valid_from)
            assert all(one.valid_to and one.valid_to <= two.valid_from for one, two in pairwise(own)), code
        found = eras(rows)
        assert all(one.end == two.first for one, two in pairwise(found)), code
        assert found[-1].end is None
        for era in found:
            here = rows_on(rows, era.first)
            assert len(here) == 1 or all(r.shared for r in here), code
        assert all(r.source and r.certainty in "ABCK" for r in rows), code
        assert all(r.basis for r in rows if r.certainty in "AB"), code  # a good grade needs its law
        assert all(not r.basis or all(law.number for law in r.basis) for r in rows), code


def test_on_every_day_of_a_version_somebody_decides_at_its_level():
    """So the counter, which goes by the version, and these rows agree."""
    for version in ProcedureVersion.objects.select_related("procedure"):
        rows = catalogue.competence_of(version.procedure.code)
        cuts = {day for r in rows for day in (r.valid_from, r.valid_to) if day} | {version.valid_from}
        for day in cuts | {cut - timedelta(days=1) for cut in cuts}:
            if version.valid_from <= day and (version.valid_to is None or day < version.valid_to):
                assert version.data["level"] in {r.level for r in rows_on(rows, day)}, (version, day)


def test_the_counter_sends_to_the_agency_that_is_told():
    """Household business: the law names the division, the steps end with the committee's leader; the row says so."""
    differ = set()
    for version in catalogue.all_on(clock.today()):
        agencies = {r.agency for r in rows_on(catalogue.competence_of(version.code), clock.today())}
        if version.deciding_agency not in agencies:
            differ.add(version.code)
    assert differ == set(BUSINESS)


# ── answers ──


def test_household_business_before_and_after():
    before = catalogue.competence("1.001612", CHIENG_DEN, BEFORE)
    assert [(d.row.level, d.agency, d.unit.code) for d in before.deciders] == [
        ("huyen", "Phòng Tài chính – Kế hoạch thành phố Sơn La", "116")
    ]
    assert [era.words for era in before.changes] == ["Từ 01/07/2025: Phòng Kinh tế cấp xã"]
    assert "không có phiên bản" in before.notes[0]
    after = catalogue.competence("1.001612", CHIENG_AN, AFTER)
    assert [(d.row.level, d.agency) for d in after.deciders] == [
        ("xa", "Phòng Kinh tế, Hạ tầng và Đô thị phường Chiềng An")
    ]
    assert [era.words for era in after.changes] == ["Trước 01/07/2025: Phòng Tài chính – Kế hoạch cấp huyện"]
    assert after.deciders[0].row.basis[0].number == "168/2025/NĐ-CP"
    assert after.boundary_free


def test_two_levels_at_once_and_a_district_by_its_own_code():
    answer = catalogue.competence("2.000815", CHIENG_DEN, BEFORE)
    assert [d.agency for d in answer.deciders] == [
        "Ủy ban nhân dân xã Chiềng Đen", "Phòng Tư pháp thành phố Sơn La",
    ]  # fmt: skip
    assert [d.row.basis[0].article for d in answer.deciders] == ["điểm a khoản 2 Điều 5", "điểm a khoản 1 Điều 5"]
    assert all(d.row.certainty == "A" for d in answer.deciders)
    of_district = catalogue.competence("2.000815", "116", BEFORE)
    assert [d.agency for d in of_district.deciders] == ["Phòng Tư pháp thành phố Sơn La"]


def test_a_department_of_the_province_before_and_after_the_merger():
    lang_son = catalogue.competence("2.001610", "20", date(2025, 2, 28))
    assert lang_son.deciders[0].agency == "Sở Kế hoạch và Đầu tư tỉnh Lạng Sơn"
    assert catalogue.competence("2.001610", "20", date(2025, 3, 1)).deciders[0].agency == "Sở Tài chính tỉnh Lạng Sơn"
    of_both = Unit.objects.on(AFTER).filter(
        province__code="80", code__in=Unit.objects.on(BEFORE).filter(province__code="72").values("code")
    )  # Tây Ninh joined Long An, whose code it bears since
    code = of_both.first().code
    assert catalogue.competence("2.001610", code, BEFORE).deciders[0].unit.code == "72"
    assert catalogue.competence("2.001610", code, AFTER).deciders[0].unit.code == "80"


def test_an_island_district_decides_what_is_a_communes():
    answer = catalogue.competence("1.001193", "755", BEFORE)
    assert [(d.unit.code, d.row.level) for d in answer.deciders] == [("755", "xa")]
    assert "Huyện đảo" in answer.deciders[0].note
    with pytest.raises(PlaceTooWide):
        catalogue.competence("1.001193", "116", BEFORE)


def test_established_agencies_are_named_as_they_are():
    unit = unit_on(CHIENG_AN)
    establish_agencies([unit])
    Agency.objects.filter(unit=unit, kind="committee").update(name="UBND phường Chiềng An (mới)")
    decider = catalogue.competence("1.001193", CHIENG_AN).deciders[0]
    assert decider.agency == "UBND phường Chiềng An (mới)"
    assert decider.agency_id == Agency.objects.get(unit=unit, kind="committee").pk


def test_english():
    with speaking("en"):
        answer = catalogue.competence("2.000815", CHIENG_DEN, BEFORE).as_json()
    assert [one["agency"]["name"] for one in answer["deciders"]] == [
        "People's Committee of Chiềng Đen commune", "Justice Division, Sơn La city",
    ]  # fmt: skip
    assert answer["basis"][0]["cited"] == "Article 5(2)(a), 23/2015/NĐ-CP"
    assert answer["changes"][0]["text"] == "From 01/07/2025: People's Committee of the commune"


def test_a_unit_that_ended_names_its_heirs():
    with pytest.raises(PlaceClosed) as refused:
        catalogue.competence("1.001193", CHIENG_DEN, AFTER)
    assert "đã kết thúc từ ngày 01/07/2025" in refused.value.sentence()
    assert "Phường Chiềng An (03664)" in refused.value.sentence()
    with pytest.raises(PlaceClosed) as refused:
        catalogue.competence("2.000528", "116", AFTER)
    assert "Phường Chiềng An (03664)" in refused.value.sentence()


@pytest.mark.parametrize(
    ("code", "place", "day", "error"),
    [
        ("9.999999", CHIENG_AN, AFTER, ProcedureUnknown),
        ("1.001193", "", AFTER, PlaceMissing),
        ("1.001193", "99999", AFTER, UnitUnknown),
        ("1.001193", "1", AFTER, UnitUnknown),
        ("1.001193", "xyzzy", AFTER, PlaceUnknown),
        ("1.001193", "14", AFTER, PlaceTooWide),
        ("1.001193", CHIENG_AN, date(2024, 12, 31), BeforeRecords),
        ("1.014027", CHIENG_DEN, BEFORE, CompetenceNotOn),
    ],
)
def test_refusals_say_what_to_do(code, place, day, error):
    with pytest.raises(error) as refused:
        catalogue.competence(code, place, day)
    assert len(refused.value.sentence()) > 30


def test_a_unit_of_the_future_is_refused():
    fresh = Unit.objects.filter(valid_from=AFTER, level="xa").exclude(
        code__in=Unit.objects.filter(valid_to=AFTER).values("code")
    )
    unit = fresh.first()
    if unit is None:
        pytest.skip("every code was in use before")
    with pytest.raises(UnitNotYetFormed):
        catalogue.competence("1.001193", unit.code, BEFORE)


def candidates(*codes: str, day: date = AFTER) -> tuple[Candidate, ...]:
    units = [unit_on(code, day) for code in codes]
    return tuple(
        Candidate(u.id, u.code, u.name, u.kind, u.province_name, u.province_code, round(1 / len(units), 2), "vì tên")
        for u in units
    )


def answering(monkeypatch: pytest.MonkeyPatch, answer: Answer) -> None:
    monkeypatch.setattr(deciding, "resolve", lambda address, on=None: answer)


def test_an_ambiguous_address_gives_each_its_own_answer(monkeypatch):
    answering(monkeypatch, Answer(Status.AMBIGUOUS, candidates(CHIENG_AN, TO_HIEU), "Trùng tên."))
    answer = catalogue.competence("1.001193", "đâu đó", AFTER)
    assert answer.status == "ambiguous"
    assert answer.deciders == ()
    assert [place.deciders[0].unit.code for place in answer.places] == [CHIENG_AN, TO_HIEU]
    assert answer.notes[0] == "Trùng tên."
    assert "2 đơn vị" in answer.notes[1]
    told = answer.as_json()
    assert told["unit"] is None
    assert [one["why"] for one in told["candidates"]] == ["vì tên", "vì tên"]


def test_an_ambiguous_address_of_one_province_is_certain_for_a_department(monkeypatch):
    answering(monkeypatch, Answer(Status.AMBIGUOUS, candidates(CHIENG_AN, TO_HIEU)))
    answer = catalogue.competence("2.001610", "đâu đó", AFTER)
    assert answer.deciders[0].agency == "Sở Tài chính tỉnh Sơn La"
    assert "cùng một cơ quan" in answer.notes[0]
    answering(monkeypatch, Answer(Status.AMBIGUOUS, candidates(CHIENG_AN, "00226")))
    assert catalogue.competence("2.001610", "đâu đó", AFTER).deciders == ()


def test_an_old_address_is_answered_for_today_and_for_its_own_day():
    today = catalogue.competence("1.001193", "xã Chiềng Đen, tỉnh Sơn La", AFTER)
    assert today.deciders[0].unit.code == CHIENG_AN
    then = catalogue.competence("1.001193", "xã Chiềng Đen, tỉnh Sơn La", BEFORE)
    assert then.deciders[0].unit.code == CHIENG_DEN


def test_a_procedure_without_rows_and_one_that_ended(monkeypatch):
    monkeypatch.setattr(deciding, "competence_of", lambda code: ())
    with pytest.raises(CompetenceUnknown):
        catalogue.competence("1.001193", CHIENG_AN, AFTER)
    ended = tuple(version for version in catalogue.versions_of("1.001193") if version.valid_to)
    monkeypatch.setattr(deciding, "versions_of", lambda code: ended)
    monkeypatch.setattr(deciding, "published_on", lambda code, day: (_ for _ in ()).throw(ProcedureNotValid(
        procedure="1.001193", name="x", on="x")))  # fmt: skip
    with pytest.raises(ProcedureNotValid):
        catalogue.competence("1.001193", CHIENG_AN, AFTER)


def test_every_procedure_on_any_day_at_any_commune_has_somebody():
    """Every procedure × days around each cut and at random × communes at random of that day; a seed, so it repeats."""
    chance = random.Random(20250701)
    found = rows_by_code()
    days = [FIRST, date(2025, 3, 1), BEFORE, AFTER, date(2025, 11, 1), date(2027, 3, 1)]
    days += [FIRST + timedelta(days=chance.randrange(900)) for _ in range(4)]
    for day in days:
        communes = list(Unit.objects.on(day).of_level("xa").with_parents().order_by("code"))
        units = chance.sample(communes, 5)
        for rows in found.values():
            here = rows_on(rows, day)
            if not here:
                assert rows[0].valid_from > day  # a policy that did not exist yet
                continue
            for placed in deciding._decided([deciding.Placed(unit, ()) for unit in units], here, day):
                assert len(placed.deciders) == len(here)
                assert all(decider.unit.is_on(day) for decider in placed.deciders)
                assert all(decider.agency for decider in placed.deciders)


def test_an_answer_costs_few_statements(queries):
    place = CHIENG_AN
    cold = queries(lambda: catalogue.competence("1.001193", place, AFTER))
    warm = queries(lambda: catalogue.competence("1.001193", place, AFTER))
    assert cold <= 5  # revision, versions, rows, unit, agencies
    assert warm <= 3  # unit, agencies, sometimes the revision
