"""Every fact of law that is marked uncertain in the data in force today, with its source, for those who must confirm it.

It reads the catalogue, who decides, the calendar and the agencies; each fact says what kind it is, of what, and why it
is not sure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import cached_property
from typing import Any

from django.db.models import TextChoices

from haicap.domain.people.blocks import UNVERIFIED
from haicap.domain.people.commands.training.topics import read_plan
from haicap.domain.people.headcount_rules import MEAN_CERTAINTY, MEAN_OF_COMMUNES, MEAN_SOURCE
from haicap.domain.people.limits import Limit, secondments
from haicap.domain.people.models import Agency
from haicap.domain.people.queries import organisation
from haicap.domain.people.queries.organisation import Unverified
from haicap.domain.people.queries.training.assumed import Need, unchanged
from haicap.domain.people.rules import AgencyKind
from haicap.domain.people.streamlining_rules import UNCERTAIN
from haicap.domain.people.training_rules import SHARE_TO_PASS
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import Certainty, CompetenceRow, Fee, Law, Paper, Version, limit_words, rows_on
from haicap.domain.units.commands import resolutions
from haicap.domain.units.commands.resolutions import ResolutionFile
from haicap.domain.units.models import Unit
from haicap.kernel import clock, vi
from haicap.kernel.calendar import queries as calendar
from haicap.kernel.calendar.models import CalendarDay
from haicap.kernel.calendar.rules import KIND_LABELS, NATION, DayKind
from haicap.kernel.language import active, bi, bi_format, choose
from haicap.kernel.scope import Actor


class Kind(TextChoices):
    """What sort of fact is not sure; the values stand in addresses."""

    RECEIPT = "tiep-nhan", bi("Chưa tiếp nhận được", "Cannot be received")
    NAME = "ma-ten", bi("Mã và tên", "Code and name")
    TIME_LIMIT = "thoi-han", bi("Thời hạn", "Time limit")
    FEE = "phi", bi("Phí, lệ phí", "Fees")
    PAPER = "giay-to", bi("Giấy tờ", "Papers")
    FORM = "to-khai", bi("Tờ khai", "Forms")
    STEPS = "buoc", bi("Các bước", "Steps")
    BASIS = "can-cu", bi("Căn cứ pháp lý", "Legal basis")
    COMPETENCE = "tham-quyen", bi("Ai giải quyết", "Who decides")
    CALENDAR = "lich", bi("Lịch làm việc", "Calendar")
    AGENCY = "co-quan", bi("Mã cơ quan", "Agency ids")
    ORGANISATION = "to-chuc", bi("Tổ chức bộ máy", "Organisation")
    HEADCOUNT = "bien-che", bi("Biên chế, nghỉ theo sắp xếp", "Headcount, streamlining")
    STAFF = "can-bo", bi("Công tác cán bộ", "Staff")
    TRAINING = "dao-tao", bi("Đào tạo", "Training")
    UNIT = "don-vi", bi("Thay đổi đơn vị hành chính", "Changes of units")


_NOT_OF_A_PROCEDURE = frozenset(
    {Kind.CALENDAR, Kind.AGENCY, Kind.ORGANISATION, Kind.HEADCOUNT, Kind.STAFF, Kind.TRAINING, Kind.UNIT}
)
_NOT_VERIFIED = Certainty.K.label
_PROVINCE_DECIDES = bi("Tỉnh quy định mức thu", "Set by the province")
_NOT_ENTERED = bi("Chưa nhập", "Not entered")
_NO_TIME_LIMIT = bi("Chưa có thời hạn", "No time limit")
_NOT_RECEIVED = bi("Không nhận tại quầy", "Not at the desk")
_ESTIMATE = bi("Chưa công bố", "Not announced")
_PROVISIONAL = bi("Mã tạm", "Provisional id")
_MADE_UP = bi("Chương trình tự đặt theo mã tỉnh và mã xã.", "Made by the program from the units' codes.")
_BY_RESOLUTION = bi(
    "Nạp mức thu theo nghị quyết của Hội đồng nhân dân tỉnh.", "Load the amount of the provincial council's resolution."
)
_NO_BASIS = bi("Chưa có căn cứ", "No legal basis")
_OTHER_LEVEL = bi("Khác cấp tiếp nhận", "Not the level that receives")
_NOBODY = bi("Nạp phần competence của danh mục.", "Load the catalogue's competence section.")
_FIELDS = bi("{n} mục của tờ khai", "{n} fields of the form")
_FORM_NOTE = bi("Chưa đối chiếu với mẫu của bộ.", "Not compared with the ministry's form.")
_STEPS_NOTE = bi(
    "Thứ tự và phần thời hạn của mỗi bước chưa đối chiếu với quy chế của đơn vị.",
    "Their order and shares of the time limit were not compared with the unit's regulation.",
)
_WHOLE_BODY = bi("Cơ quan và các vị trí", "The body and its posts")
_POSTS = bi("Vị trí: {titles}", "Posts: {titles}")
_NOT_APPLIED = bi("Chưa áp dụng", "Not applied")
_UNITS_CHANGE = bi("{n} đơn vị thay đổi từ {day}", "{n} units change from {day}")
_STREAMLINING = bi("Nghỉ theo sắp xếp", "Streamlining")
_QUOTAS = bi("Biên chế được giao", "Quotas")
_MEAN = bi("Bình quân khoảng {n} biên chế một xã: định hướng của đề án, không phải mức của từng xã",
           "About {n} posts a commune on average: a plan's direction, not a commune's number")  # fmt: skip
_PLAN = bi("Dự kiến", "Planned")
_SECONDMENT = bi("Biệt phái", "Secondment")
_SECONDMENT_MONTHS = bi("Dài nhất {n} tháng, nếu bắt đầu từ {day}", "At most {n} months, begun on {day} or later")
_ASSUMED = bi("Giả định", "Assumed")
_NEEDS = bi("Ai cần học ({n} dòng), {again}", "Who needs it ({n} lines), {again}")
_AGAIN = bi("học lại sau {n} tháng", "again after {n} months")
_ONCE = bi("học một lần", "once")
_NEEDS_NOTE = bi("Tỉnh sửa ở Quản trị, Đào tạo, Chuyên đề theo kế hoạch của mình; sửa rồi thì dòng này mất.",
                 "The province edits it under Admin, Training, Topics; then this line goes.")  # fmt: skip
_ATTENDANCE = bi("Điểm danh lớp học", "Attendance of classes")
_SHARE = bi("Đề nghị Đạt khi dự từ {n}% số ngày", "Passed is proposed from {n}% of the days on")
_SHARE_NOTE = bi("Người tổ chức lớp quyết định kết quả.", "The organiser decides the result.")
_BY_THE_PROGRAM = bi("Chương trình tự đặt.", "Set by the program.")
_HEADS_CODES = bi(
    "Đứng đầu mọi mã hồ sơ; nhập mã quốc gia trước hồ sơ thật đầu tiên.",
    "Heads every dossier code; enter the national id before the first real dossier.",
)


@dataclass(frozen=True)
class Fact:
    """One uncertain fact in the reader's language.

    `of`: the procedure, day or agency it belongs to, `code` its code; `what`: the part; `certainty`: the letter of the
    catalogue, empty elsewhere; `mark`: why it is listed, in a few words; `also`: the other language's words to find it.
    """

    kind: Kind
    code: str
    of: str
    what: str
    mark: str
    certainty: str = ""
    source: str = ""
    note: str = ""
    also: str = ""

    @property
    def is_procedure(self) -> bool:
        """True where `code` is a procedure's."""
        return self.kind not in _NOT_OF_A_PROCEDURE

    @cached_property
    def search(self) -> str:
        """All its words, folded."""
        return vi.fold(" ".join((self.code, self.of, self.what, self.mark, self.source, self.note, self.also)))


def facts_for(actor: Actor) -> list[Fact]:
    """What is uncertain today for an administrator: the catalogue, their province's calendar, their own unit's agencies
    and organisation, their province's needs of training.

    Seven statements, however much there is.
    """
    versions = procedures.all_on(clock.today())
    found = [fact for version in versions for fact in _of_procedure(version)]
    deciding = procedures.all_competence()
    found += [fact for version in versions for fact in _of_competence(version, deciding.get(version.procedure_id, ()))]
    found += map(_of_day, calendar.uncertain_days(calendar_code(actor)))
    found += map(_of_agency, Agency.objects.filter(unit_id=actor.unit_id or 0, identifier_certain=False).order_by("id"))
    found += map(_of_body, organisation.unverified_of(actor.unit_id or 0, clock.today()))
    found += map(_of_streamlining, UNCERTAIN)
    found.append(_of_mean())
    found += [_of_secondment(limit) for limit in secondments() if limit.certainty == UNVERIFIED]
    found += _of_training()
    found += map(_of_resolution, resolutions.unconfirmed())
    places = {kind: place for place, kind in enumerate(Kind)}
    return sorted(found, key=lambda fact: places[fact.kind])


def calendar_code(actor: Actor) -> str:
    """The code of the province whose calendar counts for the actor; the nation's without a unit. One statement."""
    unit = Unit.objects.select_related("province").filter(pk=actor.unit_id or 0).first()
    return unit.province_code if unit else NATION


def matching(facts: Iterable[Fact], q: str) -> list[Fact]:
    """Those that have every word of `q`, accents optional."""
    words = vi.fold(q).split()
    return [fact for fact in facts if all(word in fact.search for word in words)]


def count_by_kind(facts: Iterable[Fact]) -> list[tuple[Kind, int]]:
    """How many of each kind there are, every kind in its order."""
    counted = Counter(fact.kind for fact in facts)
    return [(kind, counted[kind]) for kind in Kind]


def _of_procedure(version: Version) -> Iterator[Fact]:
    yield from _whole(version)
    for fee in version.fees:
        if fee.certainty == Certainty.K or fee.province_decides:
            yield _fee(version, fee)
    for paper in version.papers:
        if paper.certainty == Certainty.K:
            yield _part(version, Kind.PAPER, paper)
    for law in version.basis:
        if law.certainty == Certainty.K:
            yield _part(version, Kind.BASIS, law)
    if not version.basis:
        yield _fact(version, Kind.BASIS, mark=_NOT_ENTERED)


def _whole(version: Version) -> Iterator[Fact]:
    """Facts of the procedure as a whole: whether it is received, its name, its time limit, its form, its steps."""
    grade, limit = version.grade, version.time_grade
    if not version.receivable:
        mark = _NO_TIME_LIMIT if version.time_limit is None else _NOT_RECEIVED
        yield _fact(version, Kind.RECEIPT, mark=mark, certainty=grade.certainty, source=grade.source,
                    note=procedures.why_not_receivable(version))  # fmt: skip
    if grade.is_unverified:
        yield _fact(version, Kind.NAME, certainty=grade.certainty, source=grade.source, note=grade.shown_note)
    if version.time_limit is not None and limit.is_unverified:
        yield _fact(version, Kind.TIME_LIMIT, limit_words(version.time_limit), certainty=limit.certainty,
                    source=limit.source, note=limit.shown_note)  # fmt: skip
    if version.fields and version.form_certainty == Certainty.K:
        fields = bi_format(_FIELDS, n=len(version.fields))
        yield _fact(version, Kind.FORM, fields, certainty=version.form_certainty, note=_FORM_NOTE)
    if version.steps_certainty == Certainty.K:
        steps = " → ".join(step.shown for step in version.steps)
        yield _fact(version, Kind.STEPS, steps, certainty=version.steps_certainty, note=_STEPS_NOTE)


def _fee(version: Version, fee: Fee) -> Fact:
    unsure = fee.certainty == Certainty.K
    what = (
        fee.shown if fee.province_decides and not fee.amount else f"{fee.shown}: {vi.money_text(fee.amount, active())}"
    )
    return _fact(
        version, Kind.FEE, what, certainty=fee.certainty, mark=_NOT_VERIFIED if unsure else _PROVINCE_DECIDES,
        source=fee.source, note=_BY_RESOLUTION if fee.province_decides else "", also=f"{fee.name} {fee.name_en}",
    )  # fmt: skip


def _of_competence(version: Version, rows: Sequence[CompetenceRow]) -> Iterator[Fact]:
    """Who decides, also on days gone by: what nobody compared with a source, what has no legal basis, what is missing."""
    here = rows_on(rows, clock.today())
    if not here:
        yield _fact(version, Kind.COMPETENCE, mark=_NOT_ENTERED, note=_NOBODY)
    elif version.level not in {row.level for row in here}:
        yield _fact(version, Kind.COMPETENCE, here[0].shown_agency, mark=_OTHER_LEVEL, note=_NOBODY)
    for row in rows:
        if row.is_unverified or not row.basis:
            yield _fact(
                version, Kind.COMPETENCE, f"{vi.date_text(row.valid_from)}: {row.shown_agency}",
                mark=_NOT_VERIFIED if row.is_unverified else _NO_BASIS, certainty=row.certainty, source=row.source,
                note=" · ".join(filter(None, (", ".join(law.cited for law in row.basis), row.shown_note))),
                also=f"{row.agency_name} {row.agency_name_en}",
            )  # fmt: skip


def _part(version: Version, kind: Kind, part: Paper | Law) -> Fact:
    what = f"{part.number} {part.shown}" if isinstance(part, Law) else part.shown
    also = f"{part.name} {part.name_en}"
    return _fact(version, kind, what, certainty=part.certainty, source=part.source, also=also)


def _fact(
    version: Version, kind: Kind, what: Any = "", *, mark: Any = _NOT_VERIFIED, also: str = "", **facts: Any
) -> Fact:
    texts = {name: str(text) for name, text in facts.items()}  # lazy texts become the reader's language here
    return Fact(
        kind=kind, code=version.code, of=version.shown_name, what=str(what), mark=str(mark),
        also=f"{version.name} {version.name_en} {also}", **texts,
    )  # fmt: skip


def _of_day(day: CalendarDay) -> Fact:
    return Fact(
        kind=Kind.CALENDAR, code=day.day.isoformat(), of=vi.long_date(day.day, active()),
        what=f"{KIND_LABELS[DayKind(day.kind)]}: {day.label()}", mark=str(_ESTIMATE), source=day.source,
        also=f"{vi.date_text(day.day)} {day.name} {day.name_en}",
    )  # fmt: skip


def _of_agency(agency: Agency) -> Fact:
    return Fact(
        kind=Kind.AGENCY, code=agency.identifier, of=choose(agency.name, agency.name_en),
        what=str(AgencyKind(agency.kind).label), mark=str(_PROVISIONAL), also=agency.name,
        source=str(_MADE_UP), note=str(_HEADS_CODES) if agency.kind == AgencyKind.CENTER else "",
    )  # fmt: skip


def _of_body(found: Unverified) -> Fact:
    """A body that was compared with no source, or the posts of it that were not."""
    body, titles = found.body, ", ".join(found.titles)
    whole = body.certainty == Certainty.K
    return Fact(
        kind=Kind.ORGANISATION, code=body.key, of=choose(body.name, body.name_en),
        what=str(_WHOLE_BODY) if whole else str(bi_format(_POSTS, titles=titles)), mark=str(_NOT_VERIFIED),
        certainty=str(Certainty.K), source=body.basis, also=f"{body.name} {body.name_en} {titles}",
    )  # fmt: skip


def _of_streamlining(rule: tuple[str, Any, str]) -> Fact:
    """What the text of a scheme of leaving does not settle, and how the program counts until somebody confirms it."""
    code, what, source = rule
    return Fact(
        kind=Kind.HEADCOUNT, code=code, of=str(_STREAMLINING), what=str(what), mark=str(_NOT_VERIFIED), certainty=UNVERIFIED,
        source=source, also=f"{code} nghi-dinh 178 67 154",
    )  # fmt: skip


def _of_mean() -> Fact:
    return Fact(
        kind=Kind.HEADCOUNT, code="binh-quan", of=str(_QUOTAS), what=str(bi_format(_MEAN, n=MEAN_OF_COMMUNES)),
        mark=str(_PLAN), certainty=MEAN_CERTAINTY, source=MEAN_SOURCE,
    )  # fmt: skip


def _of_secondment(limit: Limit) -> Fact:
    day = vi.date_text(limit.since)
    return Fact(
        kind=Kind.STAFF, code=f"biet-phai-{limit.since.year}", of=str(_SECONDMENT),
        what=str(bi_format(_SECONDMENT_MONTHS, n=limit.months, day=day)), mark=str(_NOT_VERIFIED),
        certainty=limit.certainty, source=limit.source, note=limit.shown_note, also="biet phai secondment",
    )  # fmt: skip


def _of_training() -> Iterator[Fact]:
    """Who needs which topic, as long as a province has left it as the program assumed it; and who is proposed to pass."""
    plan = {one.key: one for one in read_plan() if one.certainty == UNVERIFIED}
    needs = {key: (one.months, [Need(*astuple(need)) for need in one.needs]) for key, one in plan.items()}
    for topic, lines in unchanged(needs):
        one = plan[topic.key]
        again = bi_format(_AGAIN, n=one.months) if one.months else _ONCE
        yield Fact(
            kind=Kind.TRAINING, code=topic.key, of=choose(topic.name, topic.name_en),
            what=str(bi_format(_NEEDS, n=lines, again=str(again))), mark=str(_ASSUMED), certainty=one.certainty,
            source=one.source, note=str(_NEEDS_NOTE), also=f"{topic.name} {topic.name_en}",
        )  # fmt: skip
    yield Fact(
        kind=Kind.TRAINING, code="diem-danh", of=str(_ATTENDANCE), what=str(bi_format(_SHARE, n=round(100 * SHARE_TO_PASS))),
        mark=str(_ASSUMED), certainty=UNVERIFIED, source=str(_BY_THE_PROGRAM), note=str(_SHARE_NOTE),
    )  # fmt: skip


def _of_resolution(file: ResolutionFile) -> Fact:
    head, certainty = file.head, file.certainty
    changed = len(file.created) + len(file.renamed) + len(file.reclassified) + len(file.adjusted)
    day = vi.date_text(head.effective_on) if head.effective_on else ""
    return Fact(
        kind=Kind.UNIT, code=file.number, of=head.title or file.name, what=str(bi_format(_UNITS_CHANGE, n=changed, day=day)),
        mark=str(_NOT_APPLIED), certainty=(certainty and certainty.level) or "",
        source=(certainty and certainty.source) or "", note=certainty.note if certainty else "", also=file.name,
    )  # fmt: skip


def totals(facts: Sequence[Fact]) -> tuple[int, int]:
    """How many facts there are, and how many procedures they touch."""
    return len(facts), len({fact.code for fact in facts if fact.is_procedure})
