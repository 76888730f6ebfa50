"""Who decides a procedure, from a day to a day: levels, dated rows, and what a file may say of them. Pure.

One procedure has one deciding agency of a level on a day; two levels at once only where the law lets both decide,
which every such row says of itself (`shared`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.db.models import TextChoices

from haicap.domain.people.rules import COMMUNE_AGENCIES, PROVINCE_AGENCIES, AgencyKind
from haicap.domain.procedures.rules import checks
from haicap.domain.procedures.rules.checks import Key
from haicap.domain.procedures.rules.kinds import Certainty
from haicap.domain.units.rules import FIRST_KNOWN_DAY, TWO_LEVELS_FROM
from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format, choose

MOST_ROWS = 40


class CompetenceLevel(TextChoices):
    """The level of government that decides. The district's ended on 1 July 2025 (Law 72/2025/QH15)."""

    COMMUNE = "xa", bi("Cấp xã", "Commune level")
    DISTRICT = "huyen", bi("Cấp huyện", "District level")
    PROVINCE = "tinh", bi("Cấp tỉnh", "Province level")


_AGENCIES = {CompetenceLevel.COMMUNE: COMMUNE_AGENCIES, CompetenceLevel.PROVINCE: PROVINCE_AGENCIES}
_OF_LEVEL = {
    CompetenceLevel.COMMUNE: bi("{agency} cấp xã", "{agency} of the commune"),
    CompetenceLevel.DISTRICT: bi("{agency} cấp huyện", "{agency} of the district"),
    CompetenceLevel.PROVINCE: bi("{agency} cấp tỉnh", "{agency} of the province"),
}


_ARTICLE = re.compile(r"(?:điểm (\w) )?(?:khoản (\d+) )?Điều (\d+\w?(?:–\d+)?)")


def _article_in_english(article: str) -> str:
    """ "điểm c khoản 1 Điều 5" as "Article 5(1)(c)"; a text of another form stays as it is."""
    found = _ARTICLE.fullmatch(article)
    if not found:
        return article
    point, clause, number = found.groups()
    inside = "".join(f"({part})" for part in (clause, point) if part)
    return f"{'Articles' if '–' in number else 'Article'} {number}{inside}"


@dataclass(frozen=True, slots=True)
class Basis:
    """A law and, where it is known, the article that gives the competence."""

    number: str
    name: str = ""
    name_en: str = ""
    article: str = ""
    article_en: str = ""

    @property
    def shown(self) -> str:
        """The law's title in the caller's language."""
        return choose(self.name, self.name_en)

    @property
    def shown_article(self) -> str:
        """The article in the caller's language; empty where only the law is known."""
        return choose(self.article, self.article_en or _article_in_english(self.article))

    @property
    def cited(self) -> str:
        """ "khoản 2 Điều 7, 60/2014/QH13": as a paper cites it."""
        return ", ".join(filter(None, (self.shown_article, self.number)))


@dataclass(frozen=True, slots=True)
class CompetenceRow:
    """Who decides from `valid_from` up to, not including, `valid_to`.

    `agency`: an `AgencyKind`, or empty where the agency no longer exists anywhere and only `agency_name` tells it.
    `shared`: another level may decide too on the same days.
    """

    level: str
    agency: str
    agency_name: str
    agency_name_en: str
    signer: str
    signer_en: str
    valid_from: date
    valid_to: date | None
    shared: bool
    basis: tuple[Basis, ...]
    certainty: str
    source: str
    note: str
    note_en: str

    def is_on(self, day: date) -> bool:
        """True where it holds on `day`."""
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)

    @property
    def last_day(self) -> date | None:
        """The last day on which it holds; None while no end is known."""
        return self.valid_to and self.valid_to - timedelta(days=1)

    @property
    def is_unverified(self) -> bool:
        """True where nobody has compared it with a source yet."""
        return self.certainty == Certainty.K

    @property
    def level_label(self) -> Any:
        """The level in words."""
        return CompetenceLevel(self.level).label

    @property
    def own_name(self) -> str:
        """The agency's name without a unit, in the caller's language: "Phòng Tư pháp"."""
        return str(AgencyKind(self.agency).label) if self.agency else choose(self.agency_name, self.agency_name_en)

    @property
    def shown_agency(self) -> str:
        """The agency of any place, in the caller's language: "Phòng Tư pháp cấp huyện", "Sở Tư pháp"."""
        is_department = self.level == CompetenceLevel.PROVINCE and self.agency != AgencyKind.COMMITTEE
        return self.own_name if is_department else str(_OF_LEVEL[CompetenceLevel(self.level)]).format(
            agency=self.own_name
        )  # fmt: skip

    @property
    def shown_signer(self) -> str:
        """Who signs, in the caller's language; empty where it is not known."""
        return choose(self.signer, self.signer_en)

    @property
    def shown_note(self) -> str:
        """The note in the caller's language."""
        return choose(self.note, self.note_en)

    @property
    def who(self) -> tuple[str, str, str]:
        """What makes a change of competence: level and agency, whatever the legal basis."""
        return self.level, self.agency, self.agency_name


@dataclass(frozen=True, slots=True)
class Era:
    """Days on which the same agencies decide: from `first` up to, not including, `end`."""

    first: date
    end: date | None
    rows: tuple[CompetenceRow, ...]

    @property
    def words(self) -> str:
        """Its days and agencies in one line: "Trước 01/07/2025: Phòng Tư pháp cấp huyện"."""
        last = self.end and vi.date_text(self.end - timedelta(days=1))
        if self.first <= FIRST_KNOWN_DAY and self.end:
            days = bi_format(bi("Trước {end}", "Before {end}"), end=vi.date_text(self.end))
        elif last:
            days = bi_format(bi("Từ {first} đến hết {last}", "From {first} until {last}"),
                             first=vi.date_text(self.first), last=last)  # fmt: skip
        else:
            days = bi_format(bi("Từ {first}", "From {first}"), first=vi.date_text(self.first))
        return f"{days}: {self.shown_agencies}"

    @property
    def shown_agencies(self) -> str:
        """Its agencies in words."""
        return str(bi(" hoặc ", " or ")).join(dict.fromkeys(row.shown_agency for row in self.rows))


def rows_on(rows: Sequence[CompetenceRow], day: date) -> tuple[CompetenceRow, ...]:
    """Who decides on `day`: none, one, or one of each level that decides beside another; the commune's first."""
    order = {level: place for place, level in enumerate(CompetenceLevel.values)}
    return tuple(sorted((row for row in rows if row.is_on(day)), key=lambda row: order[row.level]))


def eras(rows: Sequence[CompetenceRow]) -> tuple[Era, ...]:
    """The time in which anybody decides, cut where the deciding agencies change; oldest first."""
    cuts = sorted({day for row in rows for day in (row.valid_from, row.valid_to) if day})
    made: list[Era] = []
    for place, first in enumerate(cuts):
        end = cuts[place + 1] if place + 1 < len(cuts) else None
        here = rows_on(rows, first)
        if not here:
            continue
        before = made[-1] if made else None
        if before and before.end == first and {r.who for r in before.rows} == {r.who for r in here}:
            made[-1] = Era(before.first, end, before.rows)
        else:
            made.append(Era(first, end, here))
    return tuple(made)


_BASIS = {
    "number": Key(checks.filled(60), required=True),
    "name": Key(checks.text(500)),
    "name_en": Key(checks.text(500)),
    "article": Key(checks.text(200)),
    "article_en": Key(checks.text(200)),
}
_AGENCY = {"name": Key(checks.filled(120), required=True), "name_en": Key(checks.text(120))}
ROW = {
    "level": Key(checks.one_of(CompetenceLevel), required=True),
    "agency": Key(checks.anything, required=True),
    "signer": Key(checks.text(200)),
    "signer_en": Key(checks.text(200)),
    "valid_from": Key(checks.day, required=True),
    "valid_to": Key(checks.day),
    "shared": Key(checks.boolean),
    "basis": Key(checks.anything),
    "certainty": Key(checks.one_of(Certainty), required=True),
    "source": Key(checks.filled(400), required=True),
    "note": Key(checks.text(1000)),
    "note_en": Key(checks.text(1000)),
}


def competence_problems(rows: Any) -> list[Problem]:
    """Every fault of one procedure's rows; `field` is the path: "rows[2].agency". All at once where each row is sound."""
    if not isinstance(rows, list) or not 0 < len(rows) <= MOST_ROWS:
        sentence = bi("cần danh sách từ 1 đến {n} dòng.", "needs a list of 1 to {n} rows.")
        return [Problem("rows", bi_format(sentence, n=MOST_ROWS))]
    found = [problem for place, row in enumerate(rows) for problem in _row(f"rows[{place}]", row)]
    return found or [*_within_levels(rows), *_between_levels(rows)]


def _row(path: str, row: Any) -> Iterator[Problem]:
    yield from checks.mapping(path, row, ROW)
    if not isinstance(row, Mapping):
        return
    basis = row.get("basis") or []
    if not isinstance(basis, list):
        yield Problem(f"{path}.basis", bi("phải là danh sách.", "must be a list."))
        basis = []
    for place, law in enumerate(basis):
        yield from checks.mapping(f"{path}.basis[{place}]", law, _BASIS)
    yield from _days(path, row)
    yield from _agency(path, row)


def _days(path: str, row: Mapping[str, Any]) -> Iterator[Problem]:
    first, end = row.get("valid_from"), row.get("valid_to")
    if type(first) is not date or type(end) not in (date, type(None)):
        return  # said already
    if first < FIRST_KNOWN_DAY:
        sentence = bi("nằm trước dữ liệu; hãy ghi {day}.", "lies before the records; write {day}.")
        yield Problem(f"{path}.valid_from", bi_format(sentence, day=FIRST_KNOWN_DAY))
    if end and end <= first:
        yield Problem(f"{path}.valid_to", bi("phải sau ngày bắt đầu.", "must lie after the first day."))
    if row.get("level") == CompetenceLevel.DISTRICT and (end is None or end > TWO_LEVELS_FROM):
        sentence = bi(
            "cấp huyện kết thúc ngày {day}; hãy ghi valid_to không muộn hơn ngày đó.",
            "the district level ended on {day}; give a valid_to not later than that.",
        )
        yield Problem(f"{path}.valid_to", bi_format(sentence, day=TWO_LEVELS_FROM))


def _agency(path: str, row: Mapping[str, Any]) -> Iterator[Problem]:
    agency, level = row.get("agency"), row.get("level")
    if agency is None or level not in CompetenceLevel.values:
        return  # said already
    if isinstance(agency, Mapping):
        yield from checks.mapping(f"{path}.agency", agency, _AGENCY)
        if level == CompetenceLevel.COMMUNE:
            sentence = bi("cấp xã ghi một trong: {known}.", "for a commune write one of: {known}.")
            yield Problem(f"{path}.agency", bi_format(sentence, known=_known(COMMUNE_AGENCIES)))
    elif level == CompetenceLevel.DISTRICT:
        sentence = bi("cấp huyện ghi tên: {{name: Phòng Tư pháp}}.", "for a district write a name: {{name: …}}.")
        yield Problem(f"{path}.agency", bi_format(sentence))
    elif agency not in (kinds := _AGENCIES[CompetenceLevel(level)]):
        sentence = bi("“{value}” không thuộc cấp này; hãy ghi một trong: {known}.", "“{value}” is not one of: {known}.")
        yield Problem(f"{path}.agency", bi_format(sentence, value=str(agency)[:40], known=_known(kinds)))


def _known(kinds: Collection[AgencyKind]) -> str:
    return ", ".join(kind.value for kind in kinds)


def _within_levels(rows: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Inside one level each day has one row at most, and no day between two rows is left out by any level."""
    for level in CompetenceLevel.values:
        own = sorted((row["valid_from"], place) for place, row in enumerate(rows) if row["level"] == level)
        for (_, before), (first, place) in pairwise(own):
            end = rows[before].get("valid_to")
            if end is None or end > first:
                sentence = bi("trùng ngày với dòng {n} của cùng cấp.", "shares days with row {n} of the same level.")
                yield Problem(f"rows[{place}].valid_from", bi_format(sentence, n=before + 1))
    covered: date | None = None
    for first, place in sorted((row["valid_from"], place) for place, row in enumerate(rows)):
        if covered and first > covered:
            sentence = bi("từ {since} đến ngày này không ai có thẩm quyền.", "nobody decides from {since} to this day.")
            yield Problem(f"rows[{place}].valid_from", bi_format(sentence, since=covered))
        covered = max(covered or first, rows[place].get("valid_to") or date.max)


def _between_levels(rows: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    """Two levels on one day: both rows must say that they share."""
    for place, row in enumerate(rows):
        for other in rows[:place]:
            if other["level"] == row["level"] or not _meet(row, other) or (row.get("shared") and other.get("shared")):
                continue
            sentence = bi(
                "cùng ngày với {level}; nếu cả hai cấp đều có thẩm quyền, ghi shared: true ở cả hai.",
                "the same days as {level}; where both levels decide, write shared: true in both.",
            )
            yield Problem(f"rows[{place}].shared", bi_format(sentence, level=CompetenceLevel(other["level"]).label))


def _meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(
        one["valid_from"] < (other.get("valid_to") or date.max)
        and other["valid_from"] < (one.get("valid_to") or date.max)
    )
