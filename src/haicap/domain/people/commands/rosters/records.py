"""The staff record and the assignment that a row of a roster makes beside the access, where its columns are filled."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from haicap.domain.people.blocks import AssignmentKind, StaffKind
from haicap.domain.people.commands.assignment_faults import AssignmentFacts
from haicap.domain.people.commands.assignments import assign
from haicap.domain.people.commands.officials import (
    OfficialFacts,
    Seat,
    official_problems,
    record_officials,
    tidied,
)
from haicap.domain.people.commands.rosters.reading import STAFF, Row
from haicap.domain.people.commands.staffing import PostFacts
from haicap.domain.people.models import Account, Assignment, Official, Post
from haicap.domain.people.queries.reach import Reach
from haicap.domain.units.models import Unit
from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import LANGUAGES, bi, bi_format, choose, speaking

SHOWN = 12


@dataclass(frozen=True)
class StaffPart:
    """What a row does to the staff records. `official`: the record that is there; `role`: the access of the row
    where it is in the post's own agency; `block`: of the post."""

    facts: OfficialFacts
    official: Official | None
    post: str
    role: str
    does: bool
    block: str = ""

    @property
    def kind(self) -> str:
        """The kind of staff: of the record that is there, else of the row."""
        return self.official.staff_kind if self.official else self.facts.staff_kind

    @property
    def words(self) -> Any:
        """What is done, in words."""
        if not self.does:
            return bi("Đã có", "There already")
        parts = [] if self.official else [str(bi("Ghi hồ sơ", "Enter a record"))]
        if self.facts.seat:
            parts.append(f"{self.post} ({AssignmentKind(self.facts.seat.kind).label})")
        return "; ".join(parts)


class StaffJudge:
    """The unit's posts, and the records of the people whom the rows name, read once."""

    def __init__(self, reach: Reach, unit: Unit, rows: Sequence[Row], accounts: Collection[Account]) -> None:
        self.reach, self.unit = reach, unit
        self.used = any(row[name] for row in rows for name in STAFF)
        self.planned: dict[Any, int] = {}
        self.numbers: dict[str, Any] = {}
        self.taken: Counter[tuple[str, str]] = Counter()
        if not self.used:
            return
        posts = Post.objects.filter(body__unit=unit, body__valid_to=None, valid_to=None).select_related("body")
        self.posts = list(posts.order_by("body__position", "position"))
        self.records = {
            one.account_id: one for one in Official.objects.filter(account__in=[one.pk for one in accounts])
        }
        known = Official.objects.filter(id_number__in=[_digits(row["id_number"]) for row in rows if row["id_number"]])
        self.known = dict(known.values_list("id_number", "pk"))
        self.held = list(Assignment.objects.filter(official__in=self.records.values()))
        there = Assignment.objects.filter(unit=unit, valid_to=None).values_list("body_key", "post_key")
        self.taken.update(there)

    def part(
        self, row: Row, account: Account | None, who: Any, given: PostFacts | None
    ) -> tuple[StaffPart | None, list[Problem]]:
        """What the row does, or its faults; None for a row without a staff column. No statement."""
        if not any(row[name] for name in STAFF):
            return None, []
        faults: list[Problem] = []
        official = self.records.get(account.pk) if account else None
        first = who not in self.planned and official is None
        facts = self._facts(row, faults, first=first)
        post = self._post(row, faults)
        if first:
            faults += self._number(facts, who)
        if given is None or faults:
            return None, faults
        self.planned.setdefault(who, row.line)
        if post is None:
            return StaffPart(facts, official, "", "", first), []
        return self._seated(facts, official, post, given, first=first)

    def _facts(self, row: Row, faults: list[Problem], *, first: bool) -> OfficialFacts:
        kind = _kinds().get(vi.fold(row["staff_kind"]), "")
        born = None
        if row["born_on"]:
            try:
                born = vi.parse_date(row["born_on"])
            except ValueError as error:
                faults.append(Problem("born_on", error.args[0]))
        facts = tidied(
            OfficialFacts(self.unit, row["full_name"], kind, born_on=born, id_number=_digits(row["id_number"]))
        )
        if first:
            told = {one.field for one in faults} | {"full_name"}
            faults += [one for one in official_problems(facts, self.reach.day) if one.field not in told]
        return facts

    def _number(self, facts: OfficialFacts, who: Any) -> list[Problem]:
        if not facts.id_number:
            return []
        if facts.id_number in self.known or self.numbers.setdefault(facts.id_number, who) != who:
            text = bi("Số định danh này đã có trong hồ sơ cán bộ hoặc ở dòng khác.",
                      "This ID number is in the staff records already, or in another row.")  # fmt: skip
            return [Problem("id_number", text)]
        return []

    def _post(self, row: Row, faults: list[Problem]) -> Post | None:
        if not row["body"] and not row["post"]:
            return None
        body, title = vi.fold(row["body"]), vi.fold(row["post"])
        of_body = [
            one for one in self.posts if body in _words(self.unit, one.body.name, one.body.name_en, one.body.key)
        ]
        if not of_body:
            known = dict.fromkeys(choose(one.body.name, one.body.name_en) for one in self.posts)
            text = bi(
                "Đơn vị không có tổ chức “{given}”. Ghi một trong: {known}.",
                "No body “{given}” here. Give one of: {known}.",
            )
            faults.append(
                Problem("body", bi_format(text, given=row["body"][:60], known="; ".join(list(known)[:SHOWN])))
            )
            return None
        found = next((one for one in of_body if title in _words(self.unit, one.title, one.title_en, one.key)), None)
        if found is None:
            known_posts = "; ".join(choose(one.title, one.title_en) for one in of_body)
            text = bi(
                "Ở đó không có vị trí “{given}”. Ghi một trong: {known}.",
                "No post “{given}” there. Give one of: {known}.",
            )
            faults.append(Problem("post", bi_format(text, given=row["post"][:60], known=known_posts)))
        return found

    def _seated(
        self, facts: OfficialFacts, official: Official | None, post: Post, given: PostFacts, *, first: bool
    ) -> tuple[StaffPart | None, list[Problem]]:
        keys = (post.body.key, post.key)
        mine = [one for one in self.held if official and one.official_id == official.pk]
        name = f"{choose(post.title, post.title_en)}, {choose(post.body.name, post.body.name_en)}"
        if any((one.body_key, one.post_key, one.valid_from) == (*keys, given.valid_from) for one in mine):
            return StaffPart(facts, official, name, "", False), []
        if post.valid_from > given.valid_from:
            text = bi("Vị trí này có từ {day}.", "This post is there since {day}.")
            return None, [Problem("valid_from", bi_format(text, day=vi.date_text(post.valid_from)))]
        if post.seats is not None and self.taken[keys] >= post.seats:
            text = bi("Vị trí này có {n} người theo luật và đã đủ. Hãy cho thôi người cũ trước.",
                      "By law this post has {n} holders, and they are there. End the earlier one first.")  # fmt: skip
            return None, [Problem("post", bi_format(text, n=post.seats))]
        if any((one.body_key, one.post_key) == keys and _meet(one, given) for one in mine):
            return None, [Problem("post", bi("Đã giữ vị trí này trong những ngày đó.", "Held in these days already."))]
        self.taken[keys] += 1
        has_own = not first and (
            official is None or any(one.kind == AssignmentKind.PRIMARY and _meet(one, given) for one in mine)
        )
        kind = AssignmentKind.CONCURRENT if has_own else AssignmentKind.PRIMARY
        seat = Seat(*keys, given.decision_number, given.decision_date, given.valid_from, kind, given.valid_to)
        role = given.role if post.body.agency_id == given.agency.pk else ""
        return StaffPart(replace(facts, seat=seat), official, name, role, True, post.body.block), []


def write_records(reach: Reach, parts: Sequence[tuple[StaffPart, Account]]) -> int:
    """Enter the records and assignments that were judged; gives how many records are new. Every access is linked with the
    assignment that it came with."""
    fresh: dict[int, OfficialFacts] = {}
    later: list[tuple[StaffPart, Account]] = []
    for part, account in parts:
        if part.official is None and account.pk not in fresh:
            fresh[account.pk] = replace(part.facts, account_id=account.pk)
        else:
            later.append((part, account))
    made = record_officials(actor=reach.actor, people=list(fresh.values())) if fresh else []
    records = {one.account_id: one.pk for one in made}
    for part, account in later:
        seat = part.facts.seat
        if seat is not None:
            facts = AssignmentFacts(part.facts.unit, seat.body_key, seat.post_key, seat.kind, seat.decision_number,
                                    seat.decision_date, seat.valid_from, seat.valid_to, part.role)  # fmt: skip
            assign(reach, part.official.pk if part.official else records[account.pk], facts)
    return len(made)


def _meet(one: Assignment, given: PostFacts) -> bool:
    starts: date = one.valid_from
    return (one.valid_to is None or one.valid_to > given.valid_from) and (
        given.valid_to is None or starts < given.valid_to
    )


def _words(unit: Unit, *names: str) -> set[str]:
    folded = {vi.fold(name) for name in names if name}
    return folded | {name.removesuffix(vi.fold(unit.name)).strip() for name in folded}


def _kinds() -> Mapping[str, str]:
    words = {kind.value: kind.value for kind in StaffKind}
    for language in LANGUAGES:
        with speaking(language):
            words |= {vi.fold(str(kind.label)): kind.value for kind in StaffKind}
    return words


def _digits(text: str) -> str:
    return "".join(text.split())
