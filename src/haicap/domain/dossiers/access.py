"""Who may do what with dossiers, in the office's words.

Which dossiers somebody sees is the database's to say (row-level security). Who may make which move on one of them is
part of the table of moves: see `rules.may_make` and the ways it names (the holder, the center, the agency's head).
"""

from __future__ import annotations

from haicap.domain.dossiers.personal import is_keeper
from haicap.domain.dossiers.rules import holds, is_at_the_center, leads_the_holder, may_make
from haicap.domain.people.rules import Role
from haicap.kernel.access import right
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

__all__ = [
    "can_import",
    "can_see_lists",
    "can_see_whole",
    "can_work",
    "holds",
    "is_at_the_center",
    "leads_the_holder",
    "may_give_out",
    "may_make",
    "may_read_log",
]


@right(
    bi("Xem và tìm hồ sơ, giấy tờ, tệp", "See and find dossiers, papers, files"),
    within=bi("hồ sơ mà vai trò được thấy (bảng dưới)", "the dossiers that the role sees (table below)"),
)
def can_see_lists(actor: Actor) -> bool:
    """Everybody who holds a post sees lists; row-level security says of what."""
    return bool(actor.roles) and actor.may("dossiers:read")


@right(
    bi("Xem đầy đủ dữ liệu người nộp, mở tệp, in phiếu", "See an applicant's data whole, open files, print papers"),
    within=bi("hồ sơ mình đang xử lý, quầy mình đã tiếp nhận, hoặc do mình lãnh đạo giải quyết; mỗi lần xem được ghi lại",
              "dossiers that one works on, received, or whose agency one leads; each look is noted"),
)  # fmt: skip
def can_see_whole(actor: Actor) -> bool:
    """Whoever works here, but administrators of the system; which dossiers says `personal.SIGHTS`."""
    return can_see_lists(actor) and not is_keeper(actor)


@right(
    bi("Xem ai đã xem dữ liệu của một người", "See who looked at a person's data"),
    within=bi("hồ sơ của đơn vị mình", "dossiers of one's own unit"),
)
def may_read_log(actor: Actor) -> bool:
    """The counter, which prints it for the person who asks, and who leads an agency or the unit."""
    return actor.has_role(Role.COUNTER, Role.HEAD, Role.CHAIR) and actor.may("dossiers:read")


@right(
    bi("Cung cấp dữ liệu cá nhân theo yêu cầu của người đó", "Give out a person's data at that person's request"),
    within=bi("hồ sơ của đơn vị mình, có ghi lý do", "dossiers of one's own unit, with the reason written down"),
)
def may_give_out(actor: Actor) -> bool:
    """The counter and who leads an agency or the unit; never an administrator of the system."""
    return actor.has_role(Role.COUNTER, Role.HEAD, Role.CHAIR) and actor.may("dossiers:read")


@right(
    bi("Chuyển bước hồ sơ, gửi tệp từ phần mềm khác", "Move dossiers on, send files from another program"),
    within=bi("hồ sơ đang chờ mình (bảng các bước)", "dossiers that wait for one (table of moves)"),
)
def can_work(actor: Actor) -> bool:
    """Everybody who holds a post may try (but guests, who only read); the table of moves says which move on which dossier."""
    return bool(actor.roles) and not actor.guest and actor.may("dossiers:write")


@right(
    bi("Nhập hồ sơ từ hệ thống khác", "Bring in another system's dossiers"),
    within=bi("các đơn vị của mình", "one's own units"),
)
def can_import(actor: Actor) -> bool:
    """Another system's dossiers are brought in by an administrator or the operations center, for their units alone."""
    return actor.has_role(Role.ADMINISTRATOR, Role.OPERATIONS) and actor.may("dossiers:write")
