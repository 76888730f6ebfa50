"""The scheme of Decrees 178/2024 and 67/2025 at its edges, and what must hold of every calculation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.domain.people.streamlining_rules import (
    Facts,
    Scheme,
    add_months,
    calculate,
    kept_lines,
    months_between,
    retirement_day,
    terms_on,
    years_of,
)

LEAVE, DECISION, PAY = date(2025, 7, 1), date(2025, 6, 16), 10_000_000
BASE = Facts(Scheme.EARLY_RETIREMENT, "civil_servant", LEAVE, DECISION, date(1966, 5, 1), False, date(1995, 7, 1), PAY)


def left(months: int) -> Facts:
    """A man whose pension begins exactly so many months after LEAVE (each year some months have no such man)."""
    births = (add_months(date(1962, 1, 1), n) for n in range(300))
    pension = add_months(LEAVE, months)
    return replace(BASE, born_on=next(born for born in births if retirement_day(born, female=False) == pension))


def amounts(facts: Facts) -> dict[str, int]:
    return {line.code: line.amount for line in calculate(facts).lines if line.amount}


def problems(facts: Facts) -> list[str]:
    return [problem.field for problem in calculate(facts).problems]


@pytest.mark.parametrize(
    ("born", "female", "pension"),
    [
        # rows read in annex I of Decree 135/2020/NĐ-CP
        ("1963-03-31", False, "2024-01-01"), ("1963-04-01", False, "2024-05-01"), ("1964-09-15", False, "2026-01-01"),
        ("1964-10-01", False, "2026-05-01"), ("1965-07-31", False, "2027-05-01"), ("1966-03-10", False, "2028-01-01"),
        ("1966-04-10", False, "2028-05-01"), ("1968-08-31", True, "2025-01-01"), ("1968-09-01", True, "2025-06-01"),
        ("1969-05-20", True, "2026-06-01"), ("1975-04-30", True, "2035-01-01"), ("1975-05-01", True, "2035-06-01"),
        # before the steps: 60 and 55
        ("1960-12-31", False, "2021-01-01"), ("1965-12-31", True, "2021-01-01"),
    ],
)  # fmt: skip
def test_the_age_by_month_of_birth(born, female, pension):
    assert retirement_day(date.fromisoformat(born), female=female) == date.fromisoformat(pension)


@given(st.dates(date(1961, 1, 1), date(1990, 12, 31)), st.booleans())
def test_the_table_is_the_steps_of_article_169(born, female):
    """Each calendar year has its age: 60 years 3 months (55 and 4) in 2021, 3 (4) months more each year to 62 (60)."""
    start, step, most = (55 * 12 + 4, 4, 60 * 12) if female else (60 * 12 + 3, 3, 62 * 12)
    if female and born.year < 1966:
        born = born.replace(year=1966, day=1)
    reached = next(
        month
        for year in range(2021, 2060)
        for month in [add_months(born.replace(day=1), min(start + step * (year - 2021), most))]
        if month.year <= year
    )
    assert retirement_day(born, female=female) == add_months(reached, 1)


def test_up_to_five_years_each_month_counts_and_over_it_54():
    assert amounts(left(60))["one_off"] == 60 * PAY
    assert amounts(left(61))["one_off"] == 54 * PAY
    assert amounts(left(120))["one_off"] == 54 * PAY
    assert amounts(left(1))["one_off"] == PAY


def test_from_the_thirteenth_month_on_half_is_left():
    last_day = replace(BASE, reorganised_on=add_months(LEAVE, -12) + timedelta(days=1))
    late = replace(BASE, reorganised_on=add_months(LEAVE, -12))
    assert amounts(late)["one_off"] * 2 == amounts(last_day)["one_off"]
    assert amounts(late)["served"] == amounts(last_day)["served"]
    assert amounts(replace(left(61), reorganised_on=late.reorganised_on))["one_off"] == 27 * PAY


def test_years_early_give_five_months_up_to_five_years_and_four_beyond():
    assert amounts(left(60))["early_years"] == 25 * PAY
    assert amounts(left(72))["early_years"] == 24 * PAY
    assert amounts(left(24))["early_years"] == 10 * PAY
    assert "early_years" not in amounts(left(23))
    assert "served" not in amounts(left(23))


def test_insured_years_give_five_months_for_twenty_and_half_a_month_each_further():
    def served(years: int, months: int = 0) -> Fraction:
        facts = replace(left(48), insured_from=add_months(LEAVE, -(years * 12 + months)))
        return Fraction(amounts(facts)["served"], PAY)

    assert served(20) == 5
    assert served(30) == 10
    assert served(30, 6) == Fraction(41, 4)
    assert served(30, 7) == Fraction(21, 2)
    assert served(15) == 4  # added by Decree 67/2025
    assert served(19) == 6
    assert problems(replace(left(48), insured_from=add_months(LEAVE, -14 * 12))) == ["scheme"]


def test_the_terms_of_the_day_hold():
    short = replace(left(48), insured_from=add_months(LEAVE, -16 * 12))
    before = replace(short, leave_on=date(2025, 3, 14), insured_from=date(2009, 1, 1))
    assert problems(before) == ["scheme"]
    assert problems(replace(before, leave_on=date(2025, 3, 15))) == []
    assert problems(replace(BASE, leave_on=date(2024, 12, 31))) == ["leave_on"]
    assert terms_on(date(2024, 12, 31)) is None


def test_who_is_too_near_or_too_far():
    assert problems(left(121)) == ["scheme"]
    assert problems(left(0)) == ["leave_on"]
    assert problems(left(-6)) == ["leave_on"]


def test_a_resignation():
    facts = replace(left(121), scheme=Scheme.RESIGNATION)  # 30 years insured
    assert amounts(facts) == {"resign": 48 * PAY, "resign_years": 45 * PAY, "job_search": 3 * PAY}
    late = replace(facts, reorganised_on=date(2024, 1, 1))
    assert amounts(late)["resign"] == 24 * PAY
    young = replace(facts, insured_from=add_months(LEAVE, -30))
    assert amounts(young) == {"resign": 24 * PAY, "resign_years": 3_75 * PAY // 100, "job_search": 3 * PAY}
    assert "job_search" not in amounts(replace(facts, staff_kind="public_employee"))
    assert problems(replace(left(60), scheme=Scheme.RESIGNATION)) == ["scheme"]
    assert problems(replace(left(23), scheme=Scheme.RESIGNATION)) == ["scheme"]


def test_decree_154_takes_what_was_decided():
    facts = replace(BASE, scheme=Scheme.DOWNSIZING, amount=120_000_000)
    assert calculate(facts).total == 120_000_000
    assert calculate(facts).lines[0].certainty == "K"
    assert problems(replace(facts, amount=None)) == ["amount"]


def test_what_is_missing_is_named():
    empty = replace(BASE, born_on=None, female=None, insured_from=None, salary=None)
    assert problems(empty) == ["born_on", "female", "insured_from", "salary"]


FACTS = st.builds(
    Facts, scheme=st.sampled_from([Scheme.EARLY_RETIREMENT, Scheme.RESIGNATION]),
    staff_kind=st.sampled_from(["cadre", "civil_servant", "public_employee"]),
    leave_on=st.dates(date(2025, 1, 1), date(2030, 12, 31)), reorganised_on=st.dates(date(2024, 6, 1), date(2030, 12, 31)),
    born_on=st.dates(date(1950, 1, 1), date(2007, 1, 1)), female=st.booleans(),
    insured_from=st.dates(date(1970, 1, 1), date(2030, 1, 1)), salary=st.integers(1_000_000, 200_000_000),
)  # fmt: skip


@given(FACTS)
def test_lines_or_a_reason_never_both_and_at_most_one_scheme_is_open(facts):
    made = calculate(facts)
    assert bool(made.lines) != bool(made.problems)
    other = Scheme.RESIGNATION if facts.scheme == Scheme.EARLY_RETIREMENT else Scheme.EARLY_RETIREMENT
    if made.lines:
        assert calculate(replace(facts, scheme=other)).problems
        assert made.total > 0 or months_between(facts.insured_from, facts.leave_on) == 0
        assert all(line.amount >= 0 and line.basis and line.how and line.how_en for line in made.lines)
    assert kept_lines(made.as_json()) == made.lines


@given(FACTS, st.integers(2, 5))
def test_the_sum_grows_with_the_pay(facts, times):
    made = calculate(replace(facts, salary=1_000_000))
    more = calculate(replace(facts, salary=1_000_000 * times))
    assert more.total == made.total * times


@given(st.dates(date(1950, 1, 1), date(2050, 1, 1)), st.integers(0, 600))
def test_whole_months(day, months):
    later = add_months(day, months)
    assert months_between(day, later) == months or day.day > 28
    assert months_between(day, later - timedelta(days=1)) <= months
    assert years_of(months) * 2 == int(years_of(months) * 2)
    assert 0 <= years_of(months) * 12 - months <= 6


def test_how_a_figure_was_reached_has_the_digits_of_each_language():
    lines = calculate(replace(BASE, scheme=Scheme.RESIGNATION, born_on=date(1990, 5, 1))).lines
    line = next(one for one in lines if one.code == "resign")
    assert "0,8 tháng" in line.how and "10.000.000 đ" in line.how
    assert "0.8 month" in line.how_en and "10,000,000 đ" in line.how_en
