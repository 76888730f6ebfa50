"""What somebody gets who leaves by a reorganisation: Decrees 178/2024/NĐ-CP and 67/2025/NĐ-CP as dated terms, each figure told.

Pure: no database, no clock. A month's pay times a coefficient, line by line; each line carries its article and how sure
it is (A read in the text, K general knowledge that was compared with no source).
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from django.db.models import TextChoices

from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format, choose


class Scheme(TextChoices):
    """By which rules somebody leaves. One person leaves by one of them: Decree 154 is not paid beside 178."""

    EARLY_RETIREMENT = "early_retirement", bi("Nghỉ hưu trước tuổi (NĐ 178)", "Early retirement (Decree 178)")
    RESIGNATION = "resignation", bi("Thôi việc (NĐ 178)", "Resignation (Decree 178)")
    DOWNSIZING = "downsizing", bi("Tinh giản biên chế (NĐ 154)", "Downsizing (Decree 154)")


class CaseState(TextChoices):
    """How far a case has come."""

    PROPOSED = "proposed", bi("Đề xuất", "Proposed")
    DECIDED = "decided", bi("Đã quyết định", "Decided")
    PAID = "paid", bi("Đã chi trả", "Paid")
    WITHDRAWN = "withdrawn", bi("Đã rút", "Withdrawn")


SETTLED = (CaseState.DECIDED, CaseState.PAID)
"""The states whose people have left by a decision that stands, and whose money counts."""


@dataclass(frozen=True)
class Terms:
    """The scheme as in force from a day on. Numbers are months of pay unless said otherwise."""

    since: date
    version: str
    short_service: bool  # from 15 insured years: 4 months for the first 15 (added by Decree 67/2025)
    late: Fraction = Fraction(1, 2)  # share of the one-off from the 13th month on
    near_rate: Fraction = Fraction(1)  # each month early, up to 5 years
    far_rate: Fraction = Fraction(9, 10)  # × 60, over 5 to 10 years
    a_year_near: int = 5
    a_year_far: int = 4
    a_further_year: Fraction = Fraction(1, 2)
    resign: Fraction = Fraction(4, 5)
    resign_late: Fraction = Fraction(2, 5)
    resign_a_year: Fraction = Fraction(3, 2)
    job_search: int = 3


TERMS: tuple[Terms, ...] = (
    Terms(date(2025, 1, 1), "178/2024/NĐ-CP", short_service=False),
    Terms(date(2025, 3, 15), "178/2024/NĐ-CP, 67/2025/NĐ-CP", short_service=True),
)
LIMIT_MONTHS, MOST_MONTHS, LEAST_MONTHS = 60, 120, 24
GRACE = 12  # months after the decision on the reorganisation
PENSION_YEARS, SHORT_PENSION_YEARS = 20, 15
ENTERED = "entered"  # the line of a sum that the program does not compute

# From which month of birth on, how old (months): Labour Code 2019 Art. 169; Decree 135/2020/NĐ-CP, annex I. Births from
# January 1963 (men) and January 1968 (women) were read in the annex, the earlier ones follow from Art. 169 (K).
_MEN: tuple[tuple[int, int, int], ...] = (
    (0, 1, 720), (1961, 1, 723), (1961, 10, 726), (1962, 7, 729), (1963, 4, 732), (1964, 1, 735), (1964, 10, 738),
    (1965, 7, 741), (1966, 4, 744),
)  # fmt: skip
_WOMEN: tuple[tuple[int, int, int], ...] = (
    (0, 1, 660), (1966, 1, 664), (1966, 9, 668), (1967, 5, 672), (1968, 1, 676), (1968, 9, 680), (1969, 5, 684),
    (1970, 1, 688), (1970, 9, 692), (1971, 5, 696), (1972, 1, 700), (1972, 9, 704), (1973, 5, 708), (1974, 1, 712),
    (1974, 9, 716), (1975, 5, 720),
)  # fmt: skip
_DECIMAL = re.compile(r"(?<=[0-9]),(?=[0-9])")
AGE_SOURCE = "Bộ luật Lao động 2019, Điều 169; Nghị định 135/2020/NĐ-CP, Phụ lục I"

# What the text does not settle, for the list of unverified facts and beside every calculation.
UNCERTAIN: tuple[tuple[str, Any, str], ...] = (
    ("lam-tron", bi("Năm lẻ: 1–6 tháng tính nửa năm, trên 6 tháng tính một năm; tháng lẻ ngày không tính",
                    "Parts of a year: 1–6 months count half, more a whole year; days beyond whole months do not count"),
     "Thông tư 01/2025/TT-BNV"),
    ("tuoi-nghi-huu", bi("Tuổi nghỉ hưu của nam sinh trước 1/1963, nữ sinh trước 1/1968, suy từ lộ trình",
                         "Retirement age of men born before 1/1963 and women before 1/1968, derived from the steps"),
     AGE_SOURCE),
    ("thang-thoi-viec", bi("Trợ cấp thôi việc tính nhiều nhất 60 tháng đóng bảo hiểm",
                           "Resignation counts at most 60 insured months"), "Nghị định 178/2024/NĐ-CP, Điều 5"),
    ("vien-chuc-thoi-viec", bi("Viên chức thôi việc không có 3 tháng lương tìm việc (có trợ cấp thất nghiệp)",
                               "Public employees who resign get no 3 months for the job search (they have unemployment pay)"),
     "Nghị định 178/2024/NĐ-CP, Điều 10"),
    ("12-thang", bi("12 tháng đầu kết thúc trước ngày tròn 12 tháng kể từ quyết định sắp xếp",
                    "The first 12 months end before the day 12 months after the decision on the reorganisation"),
     "Nghị định 178/2024/NĐ-CP, Điều 7"),
    ("nd-154", bi("Mức trợ cấp theo Nghị định 154/2025 chưa đối chiếu với văn bản nên không được tính; số tiền do đơn vị nhập",
                  "Amounts under Decree 154/2025 were compared with no source and are not computed; the office enters them"),
     "Nghị định 154/2025/NĐ-CP"),
    ("nd-154-178", bi("Người hưởng theo Nghị định 154 không hưởng đồng thời Nghị định 178: chương trình chỉ nhận một chế độ",
                      "Whoever is paid by Decree 154 is not paid by 178 beside it: the program takes one scheme a person"),
     "Nghị định 154/2025/NĐ-CP"),
)  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What a calculation starts from. `leave_on`: the first day out of the service; `salary`: dong a month;
    `reorganised_on`: the day of the decision on the reorganisation; `amount`: for Decree 154, as entered."""

    scheme: str
    staff_kind: str
    leave_on: date
    reorganised_on: date
    born_on: date | None = None
    female: bool | None = None
    insured_from: date | None = None
    salary: int | None = None
    amount: int | None = None


@dataclass(frozen=True)
class Line:
    """One figure: what it is and how it was reached, in both languages; its article; its certainty."""

    code: str
    what: str
    what_en: str
    how: str
    how_en: str
    amount: int
    basis: str
    certainty: str

    @property
    def shown_what(self) -> str:
        """What it is, in the reader's language."""
        return choose(self.what, self.what_en)

    @property
    def shown_how(self) -> str:
        """How it was reached, in the reader's language."""
        return choose(self.how, self.how_en)


@dataclass(frozen=True)
class Calculation:
    """All lines of a case by one version of the terms; `problems` say why there is none."""

    version: str
    lines: tuple[Line, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def is_entered(self) -> bool:
        """The sum was typed in, not computed."""
        return any(line.code == ENTERED for line in self.lines)

    @property
    def total(self) -> int:
        """Dong."""
        return sum(line.amount for line in self.lines)

    def as_json(self) -> list[Mapping[str, Any]]:
        """The lines, to be kept."""
        return [asdict(line) for line in self.lines]


def kept_lines(document: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    """The lines of `Calculation.as_json`."""
    return tuple(Line(**line) for line in document)


def terms_on(day: date) -> Terms | None:
    """The terms for whoever leaves on `day`; None before Decree 178/2024 (in force from 1 January 2025)."""
    return next((terms for terms in reversed(TERMS) if terms.since <= day), None)


def retirement_day(born_on: date, *, female: bool) -> date:
    """The first day of the pension: of the month after the one in which the age is reached (see the table's source)."""
    born = (born_on.year, born_on.month)
    age = next(months for year, month, months in reversed(_WOMEN if female else _MEN) if (year, month) <= born)
    return add_months(born_on.replace(day=1), age + 1)


def add_months(day: date, months: int) -> date:
    """The same day so many months later, the month's last one where it has no such day."""
    at = day.year * 12 + day.month - 1 + months
    year, month = divmod(at, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(first: date, until: date) -> int:
    """Whole months from `first` up to, not including, `until`; 0 where there is none."""
    months = (until.year - first.year) * 12 + until.month - first.month
    return max(0, months - (add_months(first, months) > until)) if months > 0 else 0


def years_of(months: int) -> Fraction:
    """Months as years: 1 to 6 odd months count half a year, more a whole one (Circular 01/2025/TT-BNV, K)."""
    years, rest = divmod(months, 12)
    return years + (Fraction(0) if not rest else Fraction(1, 2) if rest <= 6 else Fraction(1))


def calculate(facts: Facts) -> Calculation:
    """What the facts give, line by line, or why nothing. Pure."""
    terms = terms_on(facts.leave_on)
    if terms is None:
        text = bi(
            "Nghị định 178/2024/NĐ-CP chỉ áp dụng từ 01/01/2025.", "Decree 178/2024 applies from 1 January 2025 only."
        )
        return Calculation("", problems=(Problem("leave_on", text),))
    if facts.scheme == Scheme.DOWNSIZING:
        return _entered(facts)
    if missing := _missing(facts):
        return Calculation(terms.version, problems=missing)
    return (_retirement if facts.scheme == Scheme.EARLY_RETIREMENT else _resignation)(facts, terms)


def _entered(facts: Facts) -> Calculation:
    version = "154/2025/NĐ-CP"
    if not facts.amount or facts.amount <= 0:
        text = bi("Nhập số tiền theo quyết định: chương trình không tính mức của Nghị định 154.",
                  "Enter the amount of the decision: the program does not compute Decree 154.")  # fmt: skip
        return Calculation(version, problems=(Problem("amount", text),))
    line = Line(ENTERED, "Trợ cấp tinh giản theo quyết định", "Downsizing allowance as decided", "số tiền do đơn vị nhập",
                "as entered by the office", facts.amount, "Nghị định 154/2025/NĐ-CP", "K")  # fmt: skip
    return Calculation(version, (line,))


_NEEDED = {
    "born_on": bi("Hồ sơ chưa có ngày sinh.", "The record has no date of birth."),
    "female": bi("Hồ sơ chưa ghi giới tính.", "The record does not say whether a man or a woman."),
    "insured_from": bi(
        "Hồ sơ chưa có ngày bắt đầu đóng bảo hiểm xã hội.", "The record does not say since when insured."
    ),
    "salary": bi("Hồ sơ chưa có tiền lương tháng hiện hưởng.", "The record has no present monthly pay."),
}


def _missing(facts: Facts) -> tuple[Problem, ...]:
    return tuple(Problem(name, text) for name, text in _NEEDED.items() if getattr(facts, name) is None)


@dataclass(frozen=True)
class _Worked:
    """The numbers of somebody whose facts are whole."""

    pension_on: date
    early: int
    insured: int
    in_time: bool
    salary: int

    @classmethod
    def of(cls, facts: Facts) -> _Worked:
        if facts.born_on is None or facts.insured_from is None or facts.salary is None:
            raise ValueError("a calculation needs all of its facts")
        pension_on = retirement_day(facts.born_on, female=bool(facts.female))
        return cls(
            pension_on, months_between(facts.leave_on, pension_on), months_between(facts.insured_from, facts.leave_on),
            facts.leave_on < add_months(facts.reorganised_on, GRACE), facts.salary,
        )  # fmt: skip

    def has_left(self, leave_on: date, months: int) -> bool:
        """True where at least so many months are left to the pension."""
        return add_months(leave_on, months) <= self.pension_on

    @property
    def years(self) -> Fraction:
        return years_of(self.insured)


def _may_retire(facts: Facts, terms: Terms, worked: _Worked) -> Problem | None:
    """Why early retirement is not open; None where it is (Art. 7)."""
    if worked.pension_on <= facts.leave_on:
        return Problem("leave_on", bi_format(bi("Đã đến tuổi nghỉ hưu ({day}).", "Has reached the retirement age ({day})."),
                                             day=vi.date_text(worked.pension_on)))  # fmt: skip
    if add_months(facts.leave_on, MOST_MONTHS) < worked.pension_on:
        return Problem("scheme", bi("Còn trên 10 năm đến tuổi nghỉ hưu: chọn thôi việc.",
                                    "Over 10 years are left to the retirement age: choose resignation."))  # fmt: skip
    least = SHORT_PENSION_YEARS if terms.short_service else PENSION_YEARS
    if worked.years < least:
        text = bi("Chưa đủ {n} năm đóng bảo hiểm để hưởng lương hưu: chọn thôi việc.",
                  "Not yet {n} insured years for a pension: choose resignation.")  # fmt: skip
        return Problem("scheme", bi_format(text, n=least))
    return None


def _retirement(facts: Facts, terms: Terms) -> Calculation:
    worked = _Worked.of(facts)
    if refused := _may_retire(facts, terms, worked):
        return Calculation(terms.version, problems=(refused,))
    far = add_months(facts.leave_on, LIMIT_MONTHS) < worked.pension_on
    lines = [_one_off(worked, terms, far=far)]
    if worked.has_left(facts.leave_on, LEAST_MONTHS):
        each, years = (terms.a_year_far if far else terms.a_year_near), years_of(worked.early)
        lines.append(_line(
            "early_years", ("Trợ cấp cho mỗi năm nghỉ sớm", "For each year early"), worked.salary, each * years,
            (f"{each} tháng × {_n(years)} năm nghỉ sớm", f"{each} months × {_n(years)} years early"),
            f"Nghị định 178/2024/NĐ-CP, Điều 7 khoản 2 điểm {'b' if far else 'a'}", "K",
        ))  # fmt: skip
        lines.append(_served(worked, terms, far=far))
    day = vi.date_text(worked.pension_on)
    lines.append(Line(
        "pension", "Không trừ tỷ lệ lương hưu", "No cut of the pension", f"đúng tuổi thì hưởng lương hưu từ {day}",
        f"at the full age the pension would begin on {day}", 0,
        f"Nghị định 178/2024/NĐ-CP, Điều 7 khoản 2; {AGE_SOURCE}", "A",
    ))  # fmt: skip
    return Calculation(terms.version, tuple(lines))


def _one_off(worked: _Worked, terms: Terms, *, far: bool) -> Line:
    """Art. 7(1): a month's pay for each month early, or 0.9 × 60; half of it from the 13th month on."""
    rate, months = (terms.far_rate, LIMIT_MONTHS) if far else (terms.near_rate, worked.early)
    share = Fraction(1) if worked.in_time else terms.late
    how = (f"{_n(rate)} tháng × {months} tháng", f"{_n(rate)} month × {months} months")
    if not worked.in_time:
        how = (f"{how[0]} × {_n(terms.late)} (từ tháng thứ 13)", f"{how[1]} × {_n(terms.late)} (from the 13th month)")
    basis = f"Nghị định 178/2024/NĐ-CP, Điều 7 khoản 1 điểm {'a' if worked.in_time else 'b'}"
    return _line("one_off", ("Trợ cấp hưu trí một lần", "One-off for retiring early"), worked.salary, rate * months * share,
                 how, basis, "A" if far else "K")  # fmt: skip


def _served(worked: _Worked, terms: Terms, *, far: bool) -> Line:
    """Art. 7(2): 5 months for the first 20 insured years (4 for the first 15), half a month for each further one."""
    first, given = (PENSION_YEARS, 5) if worked.years >= PENSION_YEARS else (SHORT_PENSION_YEARS, 4)
    more = worked.years - first
    how = (f"{given} tháng cho {first} năm đầu + {_n(terms.a_further_year)} × {_n(more)} năm",
           f"{given} months for the first {first} years + {_n(terms.a_further_year)} × {_n(more)} years")  # fmt: skip
    law = "178/2024" if first == PENSION_YEARS else "67/2025"
    return _line("served", ("Trợ cấp theo năm đóng bảo hiểm", "For the insured years"), worked.salary,
                 given + terms.a_further_year * more, how,
                 f"Nghị định {law}/NĐ-CP, Điều 7 khoản 2 điểm {'b' if far else 'a'}", "K")  # fmt: skip


def _resignation(facts: Facts, terms: Terms) -> Calculation:
    worked = _Worked.of(facts)
    problem = None
    if not worked.has_left(facts.leave_on, LEAST_MONTHS):
        problem = bi("Còn dưới 2 năm đến tuổi nghỉ hưu: không thuộc diện thôi việc.",
                     "Under 2 years are left to the retirement age: resignation is not open.")  # fmt: skip
    elif _may_retire(facts, terms, worked) is None:
        problem = bi("Đủ điều kiện nghỉ hưu trước tuổi: chọn nghỉ hưu trước tuổi.",
                     "Early retirement is open: choose that.")  # fmt: skip
    if problem:
        return Calculation(terms.version, problems=(Problem("scheme", problem),))
    article = 10 if facts.staff_kind == "public_employee" else 9
    basis = f"Nghị định 178/2024/NĐ-CP, Điều {article} khoản"
    rate, months = (terms.resign if worked.in_time else terms.resign_late), min(worked.insured, LIMIT_MONTHS)
    when = ("trong 12 tháng đầu", "within 12 months") if worked.in_time else ("từ tháng thứ 13", "from the 13th month")
    each, years, search = _n(terms.resign_a_year), _n(worked.years), terms.job_search
    lines = [
        _line("resign", ("Trợ cấp thôi việc", "Resignation allowance"), worked.salary, rate * months,
              (f"{_n(rate)} tháng ({when[0]}) × {months} tháng", f"{_n(rate)} month ({when[1]}) × {months} months"),
              f"{basis} 1; Điều 5 khoản 2", "K"),
        _line("resign_years", ("Trợ cấp cho mỗi năm đóng bảo hiểm", "For each insured year"), worked.salary,
              terms.resign_a_year * worked.years,
              (f"{each} tháng × {years} năm", f"{each} months × {years} years"),
              f"{basis} 2", "K"),
    ]  # fmt: skip
    if article == 9:
        lines.append(_line("job_search", ("Trợ cấp tìm việc làm", "For the job search"), worked.salary, Fraction(search),
                           (f"{search} tháng", f"{search} months"), f"{basis} 4", "A"))  # fmt: skip
    return Calculation(terms.version, tuple(lines))


def _line(
    code: str, what: tuple[str, str], salary: int, months: Fraction, how: tuple[str, str], basis: str, certainty: str
) -> Line:
    amount = int(salary * months + Fraction(1, 2))
    worked, total = _DECIMAL.sub(".", how[1]), _n(months)
    return Line(code, *what, f"{how[0]} = {total} tháng lương × {vi.money_text(salary)}",
                f"{worked} = {_DECIMAL.sub('.', total)} months' pay × {vi.money_text(salary, 'en')}", amount, basis,
                certainty)  # fmt: skip


def _n(number: Fraction) -> str:
    return f"{float(number):g}".replace(".", ",")
