"""What the forms of staff records say, read into facts; every input that says nothing is told at its field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from django.http import HttpRequest

from haicap.domain.people.commands.assignment_faults import AssignmentFacts
from haicap.domain.people.commands.officials import OfficialFacts, Seat
from haicap.domain.people.commands.standing_in import StandInFacts
from haicap.domain.people.models import Official
from haicap.domain.people.queries.lending import codes_in
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.queries.records import NO_ACCESS
from haicap.domain.units.models import Unit
from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.text import clean

LONGEST_INPUT, LONGEST_NUMBER_TYPED = 600, 12
FIELDS = (
    "full_name", "female", "born_on", "id_number", "phone", "email", "staff_kind", "insured_from", "salary", "sign_in_name",
    "post", "kind", "role", "decision_number", "decision_date", "valid_from", "last_day", "reason", "why", "deputy",
    "conditions", "successor", "witness", "lends", "acts",
)  # fmt: skip
LENDS = [
    ("all", bi("Mọi thủ tục", "All procedures")),
    ("chosen", bi("Chỉ thủ tục chọn dưới đây", "Only those chosen below")),
]
ACTS = [
    ("all", bi("Mọi việc của vị trí", "All of the post's work")),
    ("signing", bi("Chỉ ký kết quả: duyệt, trả lại, từ chối", "Only signing results: approve, send back, refuse")),
]
MOST_TICKED = 1_000
_SEXES = {"1": True, "0": False}


def typed_in(request: HttpRequest) -> dict[str, str]:
    """What was typed, clean; what is missing is empty."""
    return {name: clean(request.POST.get(name, ""))[:LONGEST_INPUT] for name in FIELDS}


def typed_of(official: Official) -> dict[str, str]:
    """A record as its form shows it."""
    return {
        "full_name": official.full_name, "female": "" if official.female is None else str(int(official.female)),
        "born_on": _shown(official.born_on), "id_number": official.id_number, "phone": official.phone,
        "email": official.email, "staff_kind": official.staff_kind, "insured_from": _shown(official.insured_from),
        "salary": str(official.salary or ""), "sign_in_name": official.account.name if official.account else "",
    }  # fmt: skip


def official_facts(unit: Unit, typed: Mapping[str, str], problems: list[Problem]) -> OfficialFacts:
    """The facts of a record; what cannot be read is added to `problems`."""
    email = typed["email"]
    if email and ("@" not in email or " " in email or len(email) > 254):
        problems.append(
            Problem("email", bi("Ghi địa chỉ thư, ví dụ an@sonla.gov.vn.", "Give an address: an@sonla.gov.vn."))
        )
    return OfficialFacts(
        unit=unit, full_name=typed["full_name"], staff_kind=typed["staff_kind"], female=_SEXES.get(typed["female"]),
        born_on=day_of(typed, "born_on", problems), id_number="".join(typed["id_number"].split()), phone=typed["phone"],
        email=email, insured_from=day_of(typed, "insured_from", problems), salary=_amount(typed, problems),
    )  # fmt: skip


def seat_facts(facts: OfficialFacts, typed: Mapping[str, str], problems: list[Problem]) -> OfficialFacts:
    """The same with the first post, where one was chosen."""
    if not typed["post"]:
        return facts
    decided, begins = needed_day(typed, "decision_date", problems), needed_day(typed, "valid_from", problems)
    if decided is None or begins is None:
        return facts
    body_key, _, post_key = typed["post"].partition("/")
    return replace(facts, seat=Seat(body_key, post_key, typed["decision_number"], decided, begins))


def assignment_facts(reach: Reach, typed: Mapping[str, str], problems: list[Problem]) -> AssignmentFacts | None:
    """An assignment; None, with the faults in `problems`, where it cannot be read. The post is "code:body/post"."""
    code, _, rest = typed["post"].partition(":")
    body_key, _, post_key = rest.partition("/")
    unit = reach.units.get(code)
    if unit is None:
        problems.append(Problem("post", bi("Chọn vị trí.", "Choose the post.")))
    decided, begins = needed_day(typed, "decision_date", problems), needed_day(typed, "valid_from", problems)
    last = day_of(typed, "last_day", problems)
    if unit is None or decided is None or begins is None or problems:
        return None
    ends = last + timedelta(days=1) if last else None
    role = "" if typed["role"] == NO_ACCESS else typed["role"]
    return AssignmentFacts(
        unit, body_key, post_key, typed["kind"], typed["decision_number"], decided, begins, ends, role
    )


def stand_in_facts(typed: Mapping[str, str], problems: list[Problem]) -> StandInFacts | None:
    """Who acts from when to when; None, with the faults in `problems`, where it cannot be read."""
    deputy = number_of(typed["deputy"])
    if deputy is None:
        problems.append(Problem("deputy", bi("Chọn người.", "Choose the person.")))
    decided, begins = needed_day(typed, "decision_date", problems), needed_day(typed, "valid_from", problems)
    last = needed_day(typed, "last_day", problems)
    if deputy is None or decided is None or begins is None or last is None:
        return None
    ends = last + timedelta(days=1)
    return StandInFacts(deputy, typed["decision_number"], decided, begins, ends, typed["conditions"])


def ticked_in(request: HttpRequest) -> tuple[list[str], list[str]]:
    """The fields and the kinds of work that are ticked, clean."""
    fields, kinds = (
        [clean(one)[:LONGEST_INPUT] for one in request.POST.getlist(name)[:MOST_TICKED]] for name in ("fields", "kinds")
    )
    return fields, kinds


def covering(
    facts: StandInFacts | None, typed: Mapping[str, str], ticked: tuple[list[str], list[str]], problems: list[Problem]
) -> StandInFacts | None:
    """The same with what is lent of the post: nothing counts as chosen that was not said."""
    lends, acts = typed["lends"], typed["acts"]
    kinds = sorted({*codes_in(ticked[0]), *ticked[1]})
    if lends not in dict(LENDS):
        problems.append(Problem("lends", bi("Chọn thủ tục nào được giao.", "Choose which procedures are lent.")))
    elif lends == "chosen" and not kinds:
        problems.append(Problem("kinds", bi("Chọn ít nhất một thủ tục.", "Choose one procedure at least.")))
    elif lends == "all" and kinds:
        text = bi("Bỏ chọn các thủ tục, hoặc chọn “Chỉ thủ tục chọn dưới đây”.",
                  "Untick the procedures, or choose “Only those chosen below”.")  # fmt: skip
        problems.append(Problem("lends", text))
    if acts not in dict(ACTS):
        problems.append(Problem("acts", bi("Chọn việc nào được giao.", "Choose what is lent.")))
    return replace(facts, kinds=tuple(kinds), signing_only=acts == "signing") if facts else None


def number_of(text: str) -> int | None:
    """A small number of a row; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < LONGEST_NUMBER_TYPED - 2 else None


def needed_day(typed: Mapping[str, str], name: str, problems: list[Problem]) -> date | None:
    """A day that must be given."""
    if not typed[name]:
        problems.append(Problem(name, bi("Ghi ngày, ví dụ 01/07/2026.", "Give the day, for example 01/07/2026.")))
    return day_of(typed, name, problems)


def day_of(typed: Mapping[str, str], name: str, problems: list[Problem]) -> date | None:
    """A day as typed; None where nothing was, or where it is none, which is told."""
    if not typed[name]:
        return None
    try:
        day = vi.parse_date(typed[name])
    except ValueError as error:
        problems.append(Problem(name, error.args[0]))
        return None
    if day == date.max:
        problems.append(Problem(name, bi("Ngày này quá xa.", "That day is too far away.")))
        return None
    return day


def _amount(typed: Mapping[str, str], problems: list[Problem]) -> int | None:
    digits = typed["salary"].replace(".", "").replace(" ", "")
    if not digits:
        return None
    if (
        not (digits.isascii() and digits.isdigit())
        or not 0 < int(digits[:LONGEST_NUMBER_TYPED]) < 2**31
        or len(digits) > 10
    ):
        problems.append(
            Problem("salary", bi("Ghi số đồng mỗi tháng, ví dụ 7.488.000.", "Give dong a month: 7.488.000."))
        )
        return None
    return int(digits)


def _shown(day: date | None) -> str:
    return vi.date_text(day) if day else ""
