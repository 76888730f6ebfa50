"""Judging a roster: every fault of every row at once, each with its cure, and what each sound row would do."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from haicap.domain.people.commands.rosters.reading import COLUMNS, Row
from haicap.domain.people.commands.rosters.records import StaffJudge, StaffPart
from haicap.domain.people.commands.staffing import PostFacts, name_problems, post_problems
from haicap.domain.people.models import Account, Agency, Appointment
from haicap.domain.people.queries import names_taken
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.rules import AgencyKind, Role
from haicap.domain.units.models import Unit
from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import LANGUAGES, bi, bi_format, speaking

AGENCIES_SHOWN = 12


class Verdict(StrEnum):
    """What a sound row does."""

    OPEN = "open"  # a new account, and its post
    APPOINT = "appoint"  # a further post of an account
    COMPLETE = "complete"  # the decision of a post that had none
    SAME = "same"  # nothing: it is so already


@dataclass(frozen=True)
class Fault:
    """One thing wrong in one row: the line of the file, the column's heading, what to do."""

    line: int
    column: Any
    message: Any


@dataclass(frozen=True)
class Line:
    """A sound row: who (an account, or a new name), which post, and what is done."""

    line: int
    full_name: str
    name: str  # as written, "" for a proposed one
    facts: PostFacts
    verdict: Verdict
    account: Account | None = None
    post: Appointment | None = None
    staff: StaffPart | None = None

    @property
    def changes(self) -> bool:
        """It changes anything."""
        return self.verdict is not Verdict.SAME or (self.staff is not None and self.staff.does)

    @property
    def role(self) -> Any:
        """The role in words."""
        return Role(self.facts.role).label

    @property
    def last_day(self) -> date | None:
        """The last day in the post."""
        return self.facts.valid_to - timedelta(days=1) if self.facts.valid_to else None

    @property
    def words(self) -> Any:
        """What is done, in words."""
        return {
            Verdict.OPEN: bi("Mở tài khoản và bổ nhiệm", "Open an account and appoint"),
            Verdict.APPOINT: bi("Bổ nhiệm thêm", "Appoint"),
            Verdict.COMPLETE: bi("Bổ sung quyết định", "Add the decision"),
            Verdict.SAME: bi("Đã có, không đổi", "There already, no change"),
        }[self.verdict]


@dataclass
class Judged:
    """A whole roster of a unit: its sound rows and all its faults."""

    unit: Unit
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def count(self, *verdicts: Verdict) -> int:
        """How many rows have one of these verdicts."""
        return sum(line.verdict in verdicts for line in self.lines)

    @property
    def people(self) -> int:
        """How many accounts would be opened."""
        return len({(line.name or line.full_name) for line in self.lines if line.verdict is Verdict.OPEN})

    @property
    def changes(self) -> int:
        """How many rows change anything."""
        return sum(line.changes for line in self.lines)

    @property
    def records(self) -> int:
        """How many staff records would be entered."""
        fresh = {(line.account.pk if line.account else line.name or line.full_name) for line in self.lines
                 if line.staff is not None and line.staff.does and line.staff.official is None}  # fmt: skip
        return len(fresh)

    @property
    def has_staff(self) -> bool:
        """Some row has to do with staff records."""
        return any(line.staff is not None for line in self.lines)


def judge(reach: Reach, unit: Unit, rows: Sequence[Row]) -> Judged:
    """What `rows` would do in `unit`, which must be within reach. Five statements for any number of rows, five more where they
    have to do with staff records."""
    return _Judge(reach, unit, rows).run()


class _Judge:
    """The unit's agencies and everybody known there, read once."""

    def __init__(self, reach: Reach, unit: Unit, rows: Sequence[Row]) -> None:
        self.reach, self.rows, self.judged = reach, rows, Judged(unit)
        self.agencies = reach.agencies(unit)
        for agency in self.agencies:
            agency.unit = unit
        self.by_words = _agency_words(self.agencies, unit)
        known = Appointment.objects.filter(agency__unit_id__in=reach.unit_ids)
        asked = {row["name"].lower() for row in rows if row["name"]}
        self.named = {one.name: one for one in Account.objects.filter(name__in=asked)}
        self.taken = names_taken(asked)
        self.within = set(known.filter(account__name__in=asked).values_list("account_id", flat=True))
        self.here = list(Account.objects.filter(appointments__agency__unit_id=unit.pk).distinct())
        self.posts: dict[int, list[Appointment]] = defaultdict(list)
        people = [one.pk for one in (*self.here, *self.named.values())]
        for post in Appointment.objects.filter(account_id__in=people, agency__in=self.agencies):
            self.posts[post.account_id].append(post)
        self.planned: dict[Any, list[tuple[int, PostFacts]]] = defaultdict(list)
        self.staff = StaffJudge(reach, unit, rows, [*self.here, *self.named.values()])

    def run(self) -> Judged:
        """Every row, then what only several rows together show."""
        first: dict[str, Row] = {}
        for row in self.rows:
            faults = self._of_several(row, first)
            line, own = self._line(row)
            faults += own
            if line is not None and not faults:
                faults += self._planned_before(line)
            self.judged.faults += [Fault(row.line, COLUMNS.get(one.field, one.field), one.message) for one in faults]
            if line is not None and not faults:
                self.judged.lines.append(line)
        return self.judged

    def _of_several(self, row: Row, first: dict[str, Row]) -> list[Problem]:
        """Faults between this row and an earlier one of the same person."""
        name, full_name = row["name"].lower(), vi.tidy_name(row["full_name"])
        mark = f"@{name}" if name else " ".join(full_name.lower().split())
        if not mark:
            return []
        earlier = first.setdefault(mark, row)
        if earlier is row:
            return []
        if name and not vi.same_name(earlier["full_name"], full_name):
            text = bi(
                "Tên đăng nhập này ở dòng {line} là của {other}.", "At line {line} this sign-in name is {other}'s."
            )
            return [Problem("name", bi_format(text, line=earlier.line, other=earlier["full_name"]))]
        if not name:
            text = bi("Trùng họ tên với dòng {line}. Một người: ghi cùng tên đăng nhập ở hai dòng; hai người: hai tên.",
                      "The same name as line {line}. One person: one sign-in name in both; two: two.")  # fmt: skip
            return [Problem("full_name", bi_format(text, line=earlier.line))]
        return []

    def _line(self, row: Row) -> tuple[Line | None, list[Problem]]:
        full_name, name = vi.tidy_name(row["full_name"]), row["name"].lower()
        faults = name_problems(full_name, name)
        facts, wrong = self._facts(row)
        faults += wrong
        account, wrong = self._account(full_name, name, facts)
        faults += wrong
        who = account.pk if account else name or full_name.lower()
        staff, wrong = self.staff.part(row, account, who, facts)
        faults += wrong
        if facts is None:
            return None, faults
        verdict, post, wrong = self._verdict(account, facts)
        return Line(row.line, full_name, name, facts, verdict, account, post, staff), faults + wrong

    def _facts(self, row: Row) -> tuple[PostFacts | None, list[Problem]]:
        """The post that a row names; faults of its cells, each told even where others are wrong too."""
        faults: list[Problem] = []
        agency = self.by_words.get(vi.fold(row["agency"]))
        if agency is None:
            text = bi(
                "Đơn vị không có cơ quan “{given}”. Ghi một trong: {known}.",
                "No agency “{given}” here. Give one of: {known}.",
            )
            known = "; ".join(str(AgencyKind(one.kind).label) if one.kind in AgencyKind.values else one.name
                              for one in self.agencies[:AGENCIES_SHOWN])  # fmt: skip
            faults.append(Problem("agency", bi_format(text, given=row["agency"][:60], known=known)))
        role = _role_words().get(vi.fold(row["role"]))
        if role is None:
            text = bi(
                "Không có vai trò “{given}”. Ghi một trong: {known}.",
                "There is no role “{given}”. Give one of: {known}.",
            )
            known = ", ".join(str(one.label) for one in Role)
            faults.append(Problem("role", bi_format(text, given=row["role"][:60], known=known)))
        days = {name: self._day(row, name, faults) for name in ("decision_date", "valid_from", "last_day")}
        if not row["decision_number"]:
            faults.append(Problem("decision_number", bi("Ghi số quyết định.", "Give the decision's number.")))
        decided, begins = days["decision_date"], days["valid_from"]
        if (
            agency is None
            or role is None
            or decided is None
            or begins is None
            or (row["last_day"] and not days["last_day"])
        ):
            return None, faults
        ends = days["last_day"] + timedelta(days=1) if days["last_day"] else None
        facts = PostFacts(agency, role, row["decision_number"], decided, begins, ends)
        told = {one.field for one in faults}
        return facts, faults + [one for one in post_problems(facts, self.reach.day) if one.field not in told]

    def _day(self, row: Row, name: str, faults: list[Problem]) -> date | None:
        if not row[name]:
            if name != "last_day":
                faults.append(Problem(name, bi("Ghi ngày, ví dụ 01/07/2025.", "Give the day, for example 01/07/2025.")))
            return None
        try:
            return vi.parse_date(row[name])
        except ValueError as error:
            faults.append(Problem(name, error.args[0]))
            return None

    def _account(self, full_name: str, name: str, facts: PostFacts | None) -> tuple[Account | None, list[Problem]]:
        """Whom a row means: by sign-in name; without one somebody of that name who has this very post, or a newcomer."""
        if name:
            account = self.named.get(name)
            if account is None and name not in self.taken:
                return None, []
            if account is None or account.pk not in self.within:
                text = bi("Tên đăng nhập đã có ở đơn vị khác. Để trống để mở mới, hoặc nhờ quản trị cấp tỉnh.",
                          "Another unit has this sign-in name. Leave it empty, or ask the province.")  # fmt: skip
                return None, [Problem("name", text)]
            if account.pk == self.reach.actor.account_id:
                return None, [Problem("name", bi("Không thể tự bổ nhiệm mình.", "You cannot appoint yourself."))]
            if not vi.same_name(account.full_name, full_name):
                text = bi("Tên đăng nhập này là của {other}.", "This sign-in name is {other}'s.")
                return None, [Problem("name", bi_format(text, other=account.full_name))]
            return account, []
        namesakes = [one for one in self.here if full_name and vi.same_name(one.full_name, full_name)]
        if facts is not None:
            for one in namesakes:
                if any(_is_same_post(post, facts) for post in self.posts[one.pk]):
                    return one, []
        if namesakes:
            text = bi("Đã có {names} mang họ tên này. Một người: ghi tên đăng nhập ấy; người khác: ghi tên mới.",
                      "{names} bears this name. The same person: give that sign-in name; another: give a new one.")  # fmt: skip
            return None, [Problem("full_name", bi_format(text, names=", ".join(one.name for one in namesakes)))]
        return None, []

    def _verdict(self, account: Account | None, facts: PostFacts) -> tuple[Verdict, Appointment | None, list[Problem]]:
        if account is None:
            return Verdict.OPEN, None, []
        for post in self.posts[account.pk]:
            if not _is_same_post(post, facts):
                continue
            if post.decision_number is None and post.valid_to == facts.valid_to:
                return Verdict.COMPLETE, post, []
            known = (post.decision_number, post.decision_date, post.valid_to)
            if known == (facts.decision_number, facts.decision_date, facts.valid_to):
                return Verdict.SAME, post, []
            text = bi("Vị trí này đã ghi với số, ngày quyết định hoặc ngày cuối khác. Xem trang của {name}.",
                      "This post is recorded with another decision or last day. See {name}'s page.")  # fmt: skip
            return Verdict.SAME, post, [Problem("decision_number", bi_format(text, name=account.name))]
        for post in self.posts[account.pk]:
            if _meets(facts, post.agency_id, post.role, post.valid_from, post.valid_to):
                text = bi(
                    "Đã giữ vị trí này từ {day}. Hãy cho thôi vị trí cũ trước.",
                    "Held since {day} already. End that post first.",
                )
                return (
                    Verdict.APPOINT,
                    None,
                    [Problem("valid_from", bi_format(text, day=vi.date_text(post.valid_from)))],
                )
        return Verdict.APPOINT, None, []

    def _planned_before(self, line: Line) -> list[Problem]:
        """The fault of a post that an earlier row gives the same person in some of these days."""
        who = line.account.pk if line.account else line.name or line.full_name.lower()
        for number, facts in self.planned[who]:
            if _meets(line.facts, facts.agency.pk, facts.role, facts.valid_from, facts.valid_to):
                text = bi(
                    "Trùng vị trí với dòng {line}; hãy bỏ một dòng.", "The same post as line {line}; take one out."
                )
                return [Problem("role", bi_format(text, line=number))]
        self.planned[who].append((line.line, line.facts))
        return []


def _meets(facts: PostFacts, agency_id: int, role: str, begins: date, ends: date | None) -> bool:
    """True where the same post is held in some of the same days."""
    same = (agency_id, role) == (facts.agency.pk, facts.role)
    return same and (ends is None or ends > facts.valid_from) and (facts.valid_to is None or begins < facts.valid_to)


def _is_same_post(post: Appointment, facts: PostFacts) -> bool:
    return (post.agency_id, post.role, post.valid_from) == (facts.agency.pk, facts.role, facts.valid_from)


def _agency_words(agencies: Sequence[Agency], unit: Unit) -> Mapping[str, Agency]:
    """Every way to name an agency of the unit: its name with or without the unit's, its kind, its id; both languages."""
    words: dict[str, Agency] = {}
    for agency in agencies:
        names = {agency.name, agency.name_en, agency.identifier}
        if agency.kind in AgencyKind.values:
            for language in LANGUAGES:
                with speaking(language):
                    names.add(str(AgencyKind(agency.kind).label))
        folded = {vi.fold(name) for name in names if name}
        folded |= {name.removesuffix(vi.fold(unit.name)).strip() for name in folded}
        words |= dict.fromkeys(folded - {""}, agency)
    return words


def _role_words() -> Mapping[str, str]:
    words: dict[str, str] = {}
    for language in LANGUAGES:
        with speaking(language):
            words |= {vi.fold(str(role.label)): role.value for role in Role}
    return words | {role.value: role.value for role in Role}
