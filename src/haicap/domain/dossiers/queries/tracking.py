"""A dossier as its citizen sees it, in plain words: where it stands, whose move it is, by when, what is asked of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.queries.citizens import track
from haicap.domain.dossiers.queries.looks import looks_for_citizen
from haicap.domain.dossiers.queries.responsible import Piece, Responsible, settle
from haicap.domain.dossiers.rules import State
from haicap.domain.people import queries as people
from haicap.domain.people.errors import AgencyUnknown
from haicap.domain.people.queries.looks import Look
from haicap.domain.people.queries.organisation import contact_of
from haicap.domain.people.rules import AgencyKind
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import Version
from haicap.domain.units.models import Unit
from haicap.domain.units.ports import Contact
from haicap.domain.units.rules import then_and_now
from haicap.kernel import clock, vi, workdays
from haicap.kernel.calendar.queries import calendar_for
from haicap.kernel.language import active, bi, bi_format

YOU: Final = bi("bạn", "you")

# Four steps that everybody knows from the counter, and at which of them each state stands.
STEPS: Final = (
    bi("Tiếp nhận", "Received"),
    bi("Giải quyết", "Being resolved"),
    bi("Có kết quả", "Result ready"),
    bi("Trả kết quả", "Handed over"),
)
_STEP_OF: Final[Mapping[str, int]] = {
    State.RECEIVED: 0, State.PROCESSING: 1, State.AWAITING_SIGNATURE: 1, State.AWAITING_SUPPLEMENT: 1,
    State.RESOLVED: 2, State.REFUSED: 2, State.RETURNED: 3,
}  # fmt: skip
_HEADLINES: Final[Mapping[str, Any]] = {
    State.RECEIVED: bi("Hồ sơ đã được tiếp nhận", "Your dossier was received"),
    State.PROCESSING: bi("Hồ sơ đang được giải quyết", "Your dossier is being resolved"),
    State.AWAITING_SIGNATURE: bi("Kết quả đang chờ ký", "The result awaits signature"),
    State.AWAITING_SUPPLEMENT: bi("Cần bạn bổ sung giấy tờ", "Further papers are needed from you"),
    State.RESOLVED: bi("Đã có kết quả, mời bạn đến nhận", "The result is ready to be collected"),
    State.REFUSED: bi("Hồ sơ không được giải quyết, mời bạn đến nhận văn bản trả lời",
                      "The request was refused; the written answer is ready"),
    State.RETURNED: bi("Kết quả đã được trả", "The result was handed over"),
    State.WITHDRAWN: bi("Bạn đã rút hồ sơ", "The dossier was withdrawn"),
    State.STOPPED: bi("Hồ sơ đã dừng giải quyết", "Work on the dossier was stopped"),
    State.DECLINED: bi("Hồ sơ không được tiếp nhận", "The dossier was not accepted"),
}  # fmt: skip
_MOVES: Final[Mapping[str, Any]] = {
    "receive": bi("Tiếp nhận hồ sơ", "Received"),
    "forward": bi("Chuyển bước tiếp theo", "Handed to the next step"),
    "accept_handover": bi("Cơ quan giải quyết đã nhận hồ sơ", "Taken over by the resolving office"),
    "submit_for_signature": bi("Trình ký", "Submitted for signature"),
    "approve": bi("Đã ký kết quả", "Result signed"),
    "send_back": bi("Trả lại để xem xét thêm", "Sent back for another look"),
    "refuse": bi("Từ chối giải quyết", "Refused"),
    "request_supplement": bi("Yêu cầu bổ sung giấy tờ", "Further papers requested"),
    "resume": bi("Đã nhận giấy tờ bổ sung", "Further papers received"),
    "extend_deadline": bi("Xin lỗi và hẹn lại ngày trả", "Apology and a new date"),
    "take_over": bi("Đơn vị mới tiếp nhận sau khi chia tách", "Taken over after the unit was divided"),
    "withdraw": bi("Rút hồ sơ", "Withdrawn"),
    "correct_applicant": bi("Sửa thông tin người nộp", "The applicant's data were corrected"),
    "stop": bi("Dừng giải quyết", "Stopped"),
    "decline_receipt": bi("Từ chối tiếp nhận", "Not accepted"),
    "return_result": bi("Trả kết quả", "Result handed over"),
}


@dataclass(frozen=True)
class CitizenMove:
    """One line of the citizen's timeline; it tells agencies, never officers' names."""

    label: Any
    at: datetime
    agency_name: str
    note: str


@dataclass(frozen=True)
class Tracked:
    """What a citizen (with the slip's secret: `opened`) or anybody (without) may know of a dossier."""

    facts: Mapping[str, Any]
    version: Version
    unit: Unit
    answers: Responsible | None = None  # where the unit that received has ended
    looks: tuple[Look, ...] = ()  # who looked at the citizen's data; none without the secret
    looks_in_all: int = 0

    def __getattr__(self, name: str) -> Any:
        try:
            return self.facts[name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def opened(self) -> bool:
        """True where the secret was right."""
        return bool(self.facts["opened"])

    @property
    def state_label(self) -> Any:
        """The state in words."""
        return State(self.facts["state"]).label

    @property
    def headline(self) -> Any:
        """Where it stands, as one would say it at the door."""
        return _HEADLINES[State(self.facts["state"])]

    @property
    def due_at(self) -> datetime | None:
        """The promised moment."""
        return _moment(self.facts["due"])

    @property
    def received_at(self) -> datetime | None:
        """When it was received."""
        return _moment(self.facts["received_at"])

    @property
    def unit_then_and_now(self) -> str:
        """The unit that received, with the one that answers today where that is another."""
        return self._now_of(self.unit.shown_name)

    @property
    def received_by(self) -> str:
        """The office that took it in, with today's unit."""
        return self._now_of(self.facts["agency"])

    @property
    def decided_by(self) -> str:
        """The agency that resolves, with today's unit."""
        same = self.facts["competent_unit"] == self.unit.pk
        return self._now_of(self.facts["competent"]) if same else str(self.facts["competent"])

    def _now_of(self, name: str) -> str:
        if self.answers is None:
            return name
        return then_and_now(name, self.answers.unit.shown_name, part=self.answers.is_divided)

    @property
    def office_now(self) -> str:
        """Where to go today: the counter that took it in, or that of the unit that answers now."""
        if self.answers is None:
            return str(self.facts["agency"])
        return _agency_name(self.answers.unit, AgencyKind.CENTER)

    @property
    def resolver_now(self) -> str:
        """Who resolves it today."""
        if self.answers is None or self.facts["competent_unit"] != self.unit.pk:
            return str(self.facts["competent"])
        return _agency_name(self.answers.unit, self.facts["competent_kind"])

    @property
    def contact(self) -> Contact | None:
        """How to reach who resolves it today; None where there is no such agency. One statement."""
        if self.answers is None or self.facts["competent_unit"] != self.unit.pk:
            return contact_of(self.facts["competent_unit"], self.facts["competent_kind"])
        return contact_of(self.answers.unit.pk, self.facts["competent_kind"])

    @property
    def answering(self) -> Any:
        """Who has it now, where the unit that received it has ended; with the reason where that one was divided."""
        if self.answers is None:
            return ""
        facts = {"then": self.unit.shown_name, "now": self.answers.unit.committee}
        if not self.answers.is_divided:
            text = bi("Bạn đã nộp tại {then}. Nay do {now} giải quyết; số hồ sơ và ngày hẹn giữ nguyên.",
                      "You filed at {then}. {now} answers for it today; its number and date stay.")  # fmt: skip
            return bi_format(text, **facts)
        text = bi("Bạn đã nộp tại {then}, nay đã chia tách. Hồ sơ nay do {now} giải quyết ({why}). Số hồ sơ và ngày hẹn "
                  "giữ nguyên.",
                  "You filed at {then}, which was divided. {now} answers for it today ({why}). Its number and date "
                  "stay.")  # fmt: skip
        return bi_format(text, why=self.answers.basis.label, **facts)

    @property
    def closed(self) -> bool:
        """Nothing more will happen."""
        return self.facts["state"] in rules.CLOSED

    @property
    def waits_for_citizen(self) -> bool:
        """It is the citizen's move."""
        return self.facts["state"] in (State.AWAITING_SUPPLEMENT, *rules.TO_RETURN)

    @property
    def whose(self) -> Any:
        """Whose move it is: "you", an agency's name, or nothing once closed."""
        if self.closed:
            return ""
        if self.waits_for_citizen:
            return YOU
        return self.office_now if self.facts["state"] == State.RECEIVED else self.resolver_now

    @property
    def what_next(self) -> Any:
        """What happens next, by whom and by when, in one sentence."""
        state, agency = self.facts["state"], self.office_now
        if state == State.AWAITING_SUPPLEMENT:
            return bi_format(
                bi("Mời bạn mang giấy tờ bổ sung đến {agency}. Trong lúc chờ, thời hạn được tạm dừng.",
                   "Bring the papers to {agency}. The clock stands still until then."), agency=agency)  # fmt: skip
        if state in rules.TO_RETURN:
            return bi_format(bi("Mang giấy hẹn và giấy tờ tùy thân đến {agency}.",
                                "Bring the slip and your ID to {agency}."), agency=agency)  # fmt: skip
        if self.closed or self.due_at is None:
            return ""
        text = bi("{who} đang giải quyết, hẹn trả kết quả {due}.", "{who} is working on it; the result is due {due}.")
        if self.standing.standing == workdays.Standing.OVERDUE:
            text = bi("{who} đã quá hạn {due}. Bạn có quyền yêu cầu được giải thích và xin lỗi bằng văn bản.",
                      "{who} has missed {due}. You may ask for a written explanation and apology.")  # fmt: skip
        return bi_format(text, who=self.whose, due=vi.due_text(self.due_at, active()))

    @property
    def standing(self) -> Standing:
        """How the deadline stands now, for the chip."""
        calendar, now = calendar_for(self.unit.province_code), clock.now()
        if self.due_at is None or self.closed or self.facts["decided_at"]:
            return Standing("done" if self.facts["decided_at"] else "none", None, self.due_at)
        stands = workdays.standing(calendar, self.due_at, now, bool(self.facts["paused_at"]))
        return Standing(str(stands), workdays.working_days_left(calendar, self.due_at, now), self.due_at)

    @property
    def steps(self) -> list[dict[str, Any]]:
        """The citizen's four steps; none for a dossier that ended on another way."""
        at = _STEP_OF.get(self.facts["state"])
        if at is None:
            return []
        # What a state says has happened is done: only "being resolved" is still under way.
        done = at + 1 if self.facts["state"] in (State.RECEIVED, State.RETURNED, *rules.TO_RETURN) else at
        states = ["done" if number < done else "current" if number == done else "todo" for number in range(len(STEPS))]
        return [{"label": label, "state": state} for label, state in zip(STEPS, states, strict=True)]

    @property
    def moves(self) -> list[CitizenMove]:
        """What has happened, newest first; empty without the secret."""
        told = [
            CitizenMove(_MOVES.get(row["name"], row["name"]), _known(row["at"]), row["agency"] or "", row["note"] or "")
            for row in self.facts.get("moves") or ()
        ]
        return told[::-1]

    @property
    def supplement(self) -> dict[str, Any] | None:
        """The papers asked for, while they are; None without the secret."""
        asked = self.facts.get("supplement")
        if self.facts["state"] != State.AWAITING_SUPPLEMENT or not asked:
            return None
        return {"reason": asked["reason"] or "", "items": list(asked["items"] or ()), "at": _known(asked["at"])}


@dataclass(frozen=True)
class Standing:
    """What the deadline's chip reads."""

    standing: str
    days_left: int | None
    due: datetime | None


def tracked(code: str, secret: str = "") -> Tracked:
    """The dossier with this code for the public; raises DossierUnknown.

    Two statements once the version is known, with the secret one for who looked; three or four more where the unit that
    received it has ended, twelve where it was divided.
    """
    facts = track(code, secret)
    unit = Unit.objects.select_related("province").get(pk=facts["unit_id"])
    answers = None if unit.is_current else _answers(code, unit)
    looks, in_all = looks_for_citizen(code, secret) if facts["opened"] else ([], 0)
    return Tracked(facts, procedures.version_by_id(facts["version"]), unit, answers, tuple(looks), in_all)


def _answers(code: str, unit: Unit) -> Responsible:
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id, agencies, address FROM dossiers_line(%s)", [code])
        entry_id, agencies, address = cursor.fetchone()
    return settle([Piece(entry_id, unit.pk, agencies)], clock.today(), lambda _: {entry_id: address})[entry_id]


def _agency_name(unit: Unit, kind: str) -> str:
    """A unit's agency of a kind; its committee where it has no such agency."""
    try:
        return people.agency_of(unit.pk, kind).name
    except AgencyUnknown:
        return unit.committee


def _moment(text: str | None) -> datetime | None:
    return _known(text) if text else None


def _known(text: str) -> datetime:
    return clock.local(datetime.fromisoformat(text))
