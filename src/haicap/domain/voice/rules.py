"""The life of a denunciation: its states, who may carry it on, and its time limits.

Sources: Law on Denunciations 25/2018/QH14, amended by Law 136/2025/QH15 from 1/7/2026; Decree 156/2026/NĐ-CP. A province may
not shorten the secrecy of who denounces: it is kept from everybody but who has to know it for the work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import TextChoices

from haicap.domain.people.rules import Role
from haicap.kernel.language import bi
from haicap.kernel.workdays import Calendar, LimitKind, TimeLimit, due

# Whoever may be named to settle one: nobody who only keeps the system.
HANDLERS: Final = (Role.CHAIR, Role.HEAD, Role.CASE_OFFICER, Role.CLERK, Role.COUNTER)
KIND: Final = "denunciation"
BOOK: Final = "STC"
TITLE: Final = "Đơn tố cáo"  # all that a list of work may say
SEVERAL_PLACES_DAYS: Final = 10
EXTENSIONS_MOST: Final = 2

# Decree 156/2026/NĐ-CP, as the sources give it: screening 7 working days, 10 where several places must be asked; settling 30
# days from acceptance, once 30 more for a complex one, twice for a very complex one.
SCREENING: Final = TimeLimit(LimitKind.WORKING_DAYS, 7)
SCREENING_SEVERAL: Final = TimeLimit(LimitKind.WORKING_DAYS, SEVERAL_PLACES_DAYS)
SETTLING: Final = TimeLimit(LimitKind.CALENDAR_DAYS, 30)


class State(TextChoices):
    """Where a denunciation stands."""

    RECEIVED = "received", bi("Đã nhận, chờ giao", "Received, to be given to a handler")
    SCREENING = "screening", bi("Đang kiểm tra điều kiện", "Being screened")
    ACCEPTED = "accepted", bi("Đã thụ lý", "Accepted")
    REFUSED = "refused", bi("Không thụ lý", "Not accepted")
    TRANSFERRED = "transferred", bi("Đã chuyển nơi có thẩm quyền", "Transferred to who is competent")
    CONCLUDED = "concluded", bi("Đã có kết luận", "Concluded")


class Way(TextChoices):
    """How it came."""

    LETTER = "letter", bi("Đơn", "By letter")
    SPOKEN = "spoken", bi("Trình bày trực tiếp, ghi biên bản", "Spoken, written down")


@dataclass(frozen=True)
class MoveRule:
    """A move: from where, to where, what it is called, what its fields are (name, words, how long at most)."""

    name: str
    slug: str
    label: Any
    from_states: tuple[State, ...]
    to_state: State | None
    fields: tuple[tuple[str, Any, int], ...]
    closes: bool = False


_NUMBER = ("number", bi("Số văn bản", "Number of the paper"), 60)
_REASON = ("reason", bi("Lý do", "Reason"), 1000)
NAME_HANDLER: Final = "name_handler"
HANDED = (State.RECEIVED, State.SCREENING, State.ACCEPTED)
MOVES: Mapping[str, MoveRule] = {
    rule.name: rule
    for rule in (
        MoveRule("accept", "thu-ly", bi("Thụ lý", "Accept"), (State.SCREENING,), State.ACCEPTED, (_NUMBER,)),
        MoveRule("refuse", "khong-thu-ly", bi("Không thụ lý", "Do not accept"), (State.SCREENING,), State.REFUSED,
                 (_NUMBER, _REASON), closes=True),
        MoveRule("transfer", "chuyen", bi("Chuyển nơi có thẩm quyền", "Transfer"), (State.SCREENING,), State.TRANSFERRED,
                 (_NUMBER, ("reason", bi("Chuyển đến cơ quan nào", "To which body"), 1000)), closes=True),
        MoveRule("extend", "gia-han", bi("Gia hạn 30 ngày", "Extend by 30 days"), (State.ACCEPTED,), None,
                 (_NUMBER, _REASON)),
        MoveRule("conclude", "ket-luan", bi("Kết luận", "Conclude"), (State.ACCEPTED,), State.CONCLUDED,
                 (_NUMBER, ("reason", bi("Tóm tắt kết luận", "The conclusion in short"), 1000)), closes=True),
    )
}  # fmt: skip
BY_SLUG: Mapping[str, MoveRule] = {rule.slug: rule for rule in MOVES.values()}


def legal_moves() -> frozenset[tuple[str, str, str, str]]:
    """Every (kind, move, from, to) that the database lets pass."""
    table = {(KIND, "receive", "", State.RECEIVED.value)}
    table |= {(KIND, NAME_HANDLER, State.RECEIVED.value, State.SCREENING.value)}
    table |= {(KIND, NAME_HANDLER, state.value, state.value) for state in (State.SCREENING, State.ACCEPTED)}
    for rule in MOVES.values():
        table |= {(KIND, rule.name, state.value, (rule.to_state or state).value) for state in rule.from_states}
    return frozenset(table)


def screening_due(calendar: Calendar, received: datetime, *, several_places: bool) -> datetime:
    """Until when it must be said whether it is accepted (aware datetimes)."""
    return due(calendar, received, SCREENING_SEVERAL if several_places else SCREENING)


def settling_due(calendar: Calendar, since: datetime) -> datetime:
    """Thirty days on from acceptance, or from the present deadline where it is extended."""
    return due(calendar, since, SETTLING)


def may_extend(extensions: int) -> bool:
    """Once for a complex denunciation, twice for a very complex one, never more."""
    return extensions < EXTENSIONS_MOST
