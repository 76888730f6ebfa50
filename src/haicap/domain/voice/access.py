"""Who may do what with denunciations. Which ones somebody sees is the database's to say: what they took down, what they were
named to handle, and a chair those of the unit."""

from __future__ import annotations

from haicap.domain.people.rules import Role
from haicap.domain.voice.rules import HANDLERS
from haicap.kernel.access import right
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor


@right(
    bi("Nhận đơn tố cáo vào sổ", "Take denunciations down"),
    within=bi("đơn vị mình; người nhận không xem lại được ai tố cáo", "one's own unit; who denounces is not shown again"),
)  # fmt: skip
def can_take_denunciations(actor: Actor) -> bool:
    """Chair and clerk of a unit with a chair, by a session of their own."""
    return actor.has_role(Role.CHAIR, Role.CLERK) and "*" in actor.scopes and not actor.guest


@right(
    bi("Xem, giải quyết đơn tố cáo; mở họ tên người tố cáo", "See and settle denunciations; open who denounces"),
    within=bi("đơn mình được giao; Chủ tịch: đơn của đơn vị, trừ họ tên người tố cáo, chỉ mở cho người được giao",
              "those one was named for; chairs: those of the unit, but not who denounces, which the handler alone opens"),
)  # fmt: skip
def can_follow_denunciations(actor: Actor) -> bool:
    """Whoever may be named a handler, by a session."""
    return actor.has_role(*HANDLERS) and "*" in actor.scopes and not actor.guest


def leads(actor: Actor) -> bool:
    """True for a chair, or who acts in the chair's place; of which unit judges the database."""
    return actor.has_role(Role.CHAIR)
