"""Forms, fees, steps and checks of rows: pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.domain.procedures import rules
from haicap.domain.procedures.commands.reading import PACKAGED, read_yaml
from haicap.domain.procedures.rules import Choice, Fee, Field, Paper, base_code, check_form, fee_for, problems_of
from haicap.domain.procedures.tests.factories import STEPS, a_field, a_row, a_version, true_copy_fee
from haicap.kernel.clock import ZONE
from haicap.kernel.language import speaking
from haicap.kernel.workdays import Calendar, LimitKind, TimeLimit


def checked(field: Field, value: object, **more):
    return check_form([field], {field.name: value}, **more)


@pytest.mark.parametrize(
    ("code", "national"),
    [
        ("1.001193", "1.001193"),
        (" 1.001193.H05 ", "1.001193"),
        ("1.001193.000.00.00.H61", "1.001193"),
        ("1.00119", None),
        ("1.0011931", None),
        ("", None),
        ("1.001193.", None),
        ("١.001193", None),
    ],
)
def test_national_part_of_a_code(code, national):
    assert base_code(code) == national


# ── forms ──


@pytest.mark.parametrize(
    ("facts", "value", "clean"),
    [
        ({}, "  Lò  Thị\tÁnh ", "Lò Thị Ánh"),
        ({}, "Lo\u0300 A\x00", "Lò A"),
        ({"type": "textarea"}, "một\nhai ", "một\nhai"),
        ({"type": "date"}, "5/9/2025", "2025-09-05"),
        ({"type": "date"}, "2025-09-05", "2025-09-05"),
        ({"type": "date"}, date(2025, 9, 5), "2025-09-05"),
        ({"type": "number"}, "1.250.000", 1_250_000),
        ({"type": "number"}, "12,5", 12.5),
        ({"type": "number"}, 12.5, 12.5),
        ({"type": "number"}, 3, 3),
        ({"type": "boolean"}, "on", True),
        ({"type": "boolean", "required": False}, "không", False),
        ({"type": "phone"}, "+84 912 345 678", "0912345678"),
        ({"type": "id_number"}, "014 090 000 123", "014090000123"),
        ({"type": "choice", "choices": (Choice("male", "Nam", "Male"),)}, "male", "male"),
        ({"type": "choice", "choices": (Choice("thai", "Thái", "Thái"),)}, "thai", "thai"),
    ],
)
def test_answers_are_cleaned(facts, value, clean):
    assert checked(a_field(**facts), value) == ({"x": clean}, [])


@pytest.mark.parametrize(
    ("facts", "value", "words"),
    [
        ({}, "", "chưa nhập"),
        ({}, "  \x00 ", "chưa nhập"),
        ({}, None, "chưa nhập"),
        ({}, 5, "bằng chữ"),
        ({}, ["a"], "một giá trị"),
        ({}, {"a": 1}, "một giá trị"),
        ({"max_length": 3}, "bốnn", "tối đa 3"),
        ({}, "x" * 501, "tối đa 500"),
        ({"type": "date"}, "31/02/2025", "không phải là ngày"),
        ({"type": "date"}, 20250905, "không phải là ngày"),
        ({"type": "date", "max": "today"}, "06/09/2025", "05/09/2025"),
        ({"type": "date", "min": "2025-01-01"}, "31/12/2024", "01/01/2025"),
        ({"type": "number"}, "mười", "không phải là số"),
        ({"type": "number"}, "1e9", "không phải là số"),
        ({"type": "number"}, True, "không phải là số"),
        ({"type": "number"}, float("nan"), "không phải là số"),
        ({"type": "number"}, float("inf"), "không phải là số"),
        ({"type": "number", "integer": True}, "2,5", "số nguyên"),
        ({"type": "number", "min": 1}, 0, "ít nhất là 1"),
        ({"type": "number", "max": 50}, 51, "nhiều nhất là 50"),
        ({"type": "choice", "choices": (Choice("male", "Nam"),)}, "khác", "Nam"),
        ({"type": "id_number"}, "123456789", "12 chữ số"),
        ({"type": "phone"}, "12345", "chưa đúng"),
        ({"type": "boolean"}, "false", "xác nhận"),
        ({"type": "boolean"}, "có lẽ", "có hoặc không"),
    ],
)
def test_faults_say_how_to_mend_them(facts, value, words):
    clean, problems = checked(a_field(**facts), value, today=date(2025, 9, 5))
    assert clean == {}
    assert [problem.field for problem in problems] == ["x"]
    assert words in str(problems[0].message)
    assert str(problems[0].message).startswith("Mục: ")
    with speaking("en"):
        assert str(problems[0].message).startswith("Item: ")


def test_every_fault_at_once_and_unknown_keys_are_refused():
    fields = [a_field(name="a"), a_field(name="b", type="date"), a_field(name="c", required=False)]
    clean, problems = check_form(fields, {"b": "x", "c": "được", "lạ {0}": 1})
    assert clean == {"c": "được"}
    assert [problem.field for problem in problems] == ["a", "b", "lạ {0}"]
    assert "lạ {0}" in str(problems[2].message)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=4,
)


@given(st.sampled_from(rules.FieldType.values), JSON)
def test_no_answer_breaks_the_check(kind, value):
    field = a_field(type=kind, choices=(Choice("a", "A"),) if kind == "choice" else ())
    clean, problems = checked(field, value, today=date(2025, 9, 5))
    assert bool(clean) != bool(problems)
    assert all(str(problem.message) for problem in problems)
    if clean:
        assert checked(field, clean["x"], today=date(2025, 9, 5)) == (clean, [])


# ── fees ──


@pytest.mark.parametrize(
    ("pages", "copies", "fee"),
    [
        (1, 1, 2000),
        (2, 1, 4000),
        (3, 1, 5000),
        (2, 3, 12_000),
        (198, 1, 200_000),
        (199, 1, 200_000),
        (1000, 2, 400_000),
    ],
)
def test_true_copies(pages, copies, fee):
    version = a_version(fees=(true_copy_fee(),))
    assert fee_for(version, "direct", {"pages": pages, "copies": copies}) == fee


def test_true_copy_without_answers_counts_one_page_and_the_quantity():
    assert fee_for(a_version(fees=(true_copy_fee(),)), "direct", None, quantity=3) == 6000


def test_a_channel_has_its_own_fee():
    general = Fee("residence", "Lệ phí", 20_000)
    online = Fee("residence", "Lệ phí", 10_000, channel="online", exempt_field="exempt")
    version = a_version(fees=(general, online))
    assert [fee_for(version, channel) for channel in ("direct", "postal", "online")] == [20_000, 20_000, 10_000]
    assert fee_for(version, "online", {"exempt": True}) == 0


def test_extracts_cost_by_number():
    version = a_version(fees=(Fee("e", "Trích lục", 8000, rule="per_unit", quantity_field="extract_copies"),))
    assert fee_for(version, "direct", {"extract_copies": 3}) == 24_000
    assert fee_for(version, "direct", {}) == 0


# ── steps, papers, words ──


def test_steps_share_the_working_time():
    calendar = Calendar()
    start = datetime(2025, 9, 8, 7, 0, tzinfo=ZONE)
    due = datetime(2025, 9, 10, 17, 0, tzinfo=ZONE)
    plan = rules.step_plan(STEPS, start, due, calendar)
    assert [entry.step.key for entry in plan] == ["receive", "examine", "sign", "return"]
    assert plan[0].due == datetime(2025, 9, 8, 9, 24, tzinfo=ZONE)
    assert plan[-1].due == due
    assert [entry.due for entry in plan] == sorted(entry.due for entry in plan)


@given(st.integers(0, 60 * 24 * 30), st.integers(0, 60 * 24 * 60))
def test_no_step_is_due_after_the_dossier(begin, length):
    start = datetime(2025, 9, 1, tzinfo=ZONE) + timedelta(minutes=begin)
    due = start + timedelta(minutes=length)
    plan = rules.step_plan(STEPS, start, due, Calendar())
    assert plan[-1].due == due
    assert all(entry.due <= due for entry in plan)


def test_next_step():
    assert rules.next_step(STEPS, "examine").key == "sign"
    assert rules.next_step(STEPS, "return") is None
    assert rules.next_step(STEPS, "?") is None


def test_what_a_database_holds_is_not_asked():
    paper = Paper("a", "Giấy", originals=1, skipped_if="population")
    version = a_version(papers=(paper, Paper("b", "Đơn", e_form=True), Paper("c", "Ảnh")))
    assert [bring for _, bring in rules.papers_for(version)] == [False, False, True]
    assert [bring for _, bring in rules.papers_for(version, reachable=frozenset())] == [True, False, True]


def test_the_step_that_decides():
    assert a_version().deciding_agency == "committee"


def test_time_limits_in_words():
    assert str(rules.limit_words(TimeLimit(LimitKind.WORKING_DAYS, 3))) == "3 ngày làm việc"
    assert str(rules.limit_words(TimeLimit(LimitKind.WORKING_DAYS, 2.5))) == "2,5 ngày làm việc"
    assert "15 giờ" in str(rules.limit_words(TimeLimit(LimitKind.SAME_DAY)))
    assert str(rules.limit_words(None)) == "Chưa có thời hạn"
    with speaking("en"):
        assert str(rules.limit_words(TimeLimit(LimitKind.WORKING_DAYS, 1))) == "1 working day"
        assert "5 working days" in str(rules.verification_words(TimeLimit(LimitKind.WORKING_DAYS, 5)))


# ── rows ──


def test_a_sound_row_has_no_problem():
    assert problems_of(a_row()) == []


def steps(**changes):
    return [{**step, **changes.get(step["key"], {})} for step in a_row()["steps"]]


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"code": "1.0011"}, "code"),
        ({"code": 1.001193}, "code"),
        ({"name": ""}, "name"),
        ({"nam": "x"}, "nam"),
        ({"level": "huyen"}, "level"),
        ({"valid_from": "mai"}, "valid_from"),
        ({"valid_to": date(2025, 7, 1)}, "valid_to"),
        ({"time_limit": {"kind": "days", "amount": 3}}, "time_limit.kind"),
        ({"time_limit": {"kind": "working_days"}}, "time_limit.amount"),
        ({"time_limit": {"kind": "working_days", "amount": 0}}, "time_limit.amount"),
        ({"time_limit": {"kind": "calendar_days", "amount": 2.5}}, "time_limit.amount"),
        ({"time_limit": "3 ngày"}, "time_limit"),
        ({"time_limit": None, "receivable": True}, "receivable"),
        ({"papers": "x"}, "papers"),
        ({"papers": ["x"]}, "papers[0]"),
        ({"papers": [{"code": "a", "name": "A", "skipped_if": "google"}]}, "papers[0].skipped_if"),
        ({"papers": [{"code": "a", "name": "A"}, {"code": "a", "name": "B"}]}, "papers[1].code"),
        ({"fields": [{"name": "Tên", "label": "T", "type": "text"}]}, "fields[0].name"),
        ({"fields": [{"name": "a", "label": "T", "type": "choice"}]}, "fields[0].choices"),
        ({"fields": [{"name": "a", "label": "T", "type": "number", "min": 5, "max": 1}]}, "fields[0].min"),
        ({"fields": [{"name": "a", "label": "T", "type": "date", "min": 5}]}, "fields[0].min"),
        ({"fields": [{"name": "a", "label": "T", "type": "text", "max": "today"}]}, "fields[0].max"),
        ({"fees": [{"code": "a", "name": "A", "amount": -1}]}, "fees[0].amount"),
        ({"fees": [{"code": "a", "name": "A", "amount": 1, "quantity_field": "n"}]}, "fees[0].quantity_field"),
        ({"steps": steps(sign={"share": 0.9})}, "steps"),
        ({"steps": steps(sign={"agency": "so-y-te"})}, "steps"),
        ({"steps": steps(receive={"role": "chair"})}, "steps"),
        ({"steps": steps(sign={"role": "vua"})}, "steps[2].role"),
        ({"certainty": "A"}, "source"),
        ({"level": "tinh"}, "steps"),
    ],
)
def test_faults_of_a_row_name_their_place(facts, path):
    problems = problems_of(a_row(**facts))
    assert path in [problem.field for problem in problems]
    assert all(str(problem.message) for problem in problems)


def test_all_faults_of_a_row_at_once():
    assert len(problems_of(a_row(name="", level="x", papers=[{}], online="vui"))) >= 5


@given(
    st.dictionaries(
        st.sampled_from([*sorted(a_row()), "?"]), JSON | st.dictionaries(st.text(max_size=5), JSON, max_size=2)
    )
)
def test_no_row_breaks_the_check(facts):
    problems_of(a_row(**facts))


# ── the catalogue that HaiCap ships ──

CATALOGUE = read_yaml(PACKAGED)


def test_the_packaged_catalogue_is_sound():
    assert CATALOGUE.problems == []
    assert [(row.code, p.field, str(p.message)) for row in CATALOGUE.rows for p in problems_of(row.data)] == []


def test_the_packaged_catalogue_is_broad():
    levels = {row.code: row.data["level"] for row in CATALOGUE.rows}
    assert sum(level == "xa" for level in levels.values()) >= 69
    assert sum(level == "tinh" for level in levels.values()) >= 14
    assert {row.data["area"] for row in CATALOGUE.rows} == set(CATALOGUE.areas)


def test_what_is_not_known_is_said():
    """Nothing without a time limit is received, and it says why; nothing is called sourced without its source."""
    for row in CATALOGUE.rows:
        if row.data["time_limit"] is None:
            assert row.data["time_limit_note"]
            assert row.data["time_limit_note_en"]
        for part in [row.data, *row.data["papers"], *row.data["fees"], row.data["time_limit"] or {}]:
            assert part.get("certainty", "K") == "K" or part["source"]


def test_both_languages_everywhere():
    for row in CATALOGUE.rows:
        assert row.data["name_en"]
        assert all(paper["name_en"] for paper in row.data["papers"])
        assert all(field["label_en"] for field in row.data["fields"])
        assert all(fee["name_en"] for fee in row.data["fees"])


def test_nothing_that_must_not_be_asked_is_asked():
    """Never VNeID as a condition, never a confirmation that an old and a new place name match."""
    told = str([row.data for row in CATALOGUE.rows]).lower()
    assert "vneid" not in told
    assert "xác nhận địa danh" not in told
