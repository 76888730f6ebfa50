"""One staff record with everything that belongs to it, and what its forms offer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q

from haicap.domain.people.blocks import AssignmentKind, Departure
from haicap.domain.people.errors import OutOfReach
from haicap.domain.people.models import Appointment, Assignment, Handover, Official, Post
from haicap.domain.people.queries.doors import with_names
from haicap.domain.people.queries.lending import Lent, lent_of
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.queries.staff import Held, posts_of
from haicap.domain.people.rules import AgencyKind, Role, roles_in
from haicap.domain.units.models import Unit
from haicap.kernel import clock, vi
from haicap.kernel.audit.models import Event
from haicap.kernel.language import bi, choose

HISTORY = 40
USUAL, NO_ACCESS = "usual", "none"
_VERBS = {
    "people:official:enter": bi("Ghi hồ sơ", "Entered"),
    "people:official:correct": bi("Sửa hồ sơ", "Corrected"),
    "people:official:assign": bi("Phân công vị trí", "Assigned to a post"),
    "people:official:end": bi("Cho thôi vị trí", "Post ended"),
    "people:official:withdraw": bi("Hủy phân công chưa nhận", "Assignment taken back"),
    "people:official:leave": bi("Thôi làm việc", "Left the service"),
    "people:case:decide": bi("Quyết định cho nghỉ theo sắp xếp", "Decided to leave by the reorganisation"),
    "people:case:pay": bi("Chi trả chế độ nghỉ", "Paid for leaving"),
    "people:case:withdraw": bi("Rút đề xuất cho nghỉ", "Proposal to leave withdrawn"),
    "people:case:revoke": bi("Thu hồi quyết định cho nghỉ", "Decision to leave revoked"),
}
_FACTS = {
    "full_name": bi("họ tên", "name"), "female": bi("giới tính", "sex"), "born_on": bi("ngày sinh", "birthday"),
    "id_number": bi("số định danh", "ID number"), "phone": bi("điện thoại", "telephone"), "email": bi("thư", "e-mail"),
    "staff_kind": bi("loại", "kind"), "insured_from": bi("đóng bảo hiểm từ", "insured from"), "salary": bi("lương", "pay"),
    "account": bi("tài khoản", "account"),
}  # fmt: skip
# The access that usually comes with a post whose holder is not named in public.
_USUAL = {("center", "officer"): Role.COUNTER, ("center", "clerk"): Role.CLERK}


@dataclass(frozen=True)
class Told:
    """An event of the record's trail in words."""

    label: Any
    at: datetime
    actor_name: str
    note: str


@dataclass(frozen=True)
class Record:
    """Posts over time, who acts for whom, sheets of handed-over work, the trail."""

    posts: Sequence[Held]
    lent: Sequence[Lent]
    sheets: Sequence[Handover]
    history: Sequence[Told]
    left_why: Any

    @property
    def now(self) -> list[Held]:
        """The posts held today, one's own first."""
        return sorted((one for one in self.posts if one.state == "now"), key=lambda one: not one.is_own)


def record_of(official: Official, *, with_history: bool) -> Record:
    """All that belongs to a record. Eight statements at most, and those of the catalogue where a part of a post is lent."""
    today = clock.today()
    account_id = official.account_id or 0
    sheets = Handover.objects.filter(Q(giver_id=account_id) | Q(taker_id=account_id)).order_by("-day", "-pk")
    return Record(
        posts_of([official.pk], today),
        lent_of(account_id, today) if account_id else [],
        with_names(sheets, "giver", "taker") if account_id else [],
        _history(official) if with_history else [],
        Departure(official.left_why).label if official.left_why else "",
    )  # fmt: skip


def sheets_of(account_id: int, unit_ids: Collection[int]) -> list[Handover]:
    """The sheets of the units by which an account gave or took work, planned or done, the newest first. Two statements."""
    rows = Handover.objects.filter(Q(giver_id=account_id) | Q(taker_id=account_id), unit_id__in=unit_ids)
    return with_names(rows.order_by("-day", "-pk"), "giver", "taker")


def official_of(reach: Reach, assignment_id: int) -> int:
    """Whose assignment it is; raises OutOfReach."""
    found = Assignment.objects.filter(pk=assignment_id, unit_id__in=reach.unit_ids)
    official_id = found.values_list("official_id", flat=True).first()
    if official_id is None:
        raise OutOfReach()
    return official_id


def is_post_of(official: Official, appointment_id: int) -> bool:
    """True for an appointment of the official's own account."""
    return Appointment.objects.filter(pk=appointment_id, account_id=official.account_id or 0).exists()


def choices_for(reach: Reach, official: Official, unit_code: str) -> Mapping[str, Any]:
    """What the forms of a record offer. `unit_code`: in whose organisation posts are offered, the record's own without one."""
    units = list(reach.units.values())
    unit = next((one for one in units if one.code == unit_code), None)
    unit = unit or next((one for one in units if one.pk == official.unit_id), None)
    own = (
        Appointment.objects.filter(account_id=official.account_id or 0, agency__unit_id__in=reach.unit_ids)
        .filter(Q(valid_to=None) | Q(valid_to__gt=reach.day)).select_related("agency")
    )  # fmt: skip
    roles = [
        (USUAL, bi("Theo vị trí", "As usual for the post")),
        (NO_ACCESS, bi("Không cấp quyền", "None")),
        *Role.choices,
    ]
    return {
        "unit": unit, "units": [(one.code, one.shown_name) for one in units], "roles": roles,
        "posts": [(f"{unit.code}:{key}", text) for key, text in post_options(unit, reach.day)] if unit else [],
        "assignment_kinds": AssignmentKind.choices, "departures": Departure.choices,
        "chairs": [(str(post.pk), f"{Role(post.role).label} · {post.agency.name}") for post in own
                   if post.role == Role.CHAIR],
    }  # fmt: skip


def post_options(unit: Unit, day: date) -> list[tuple[str, str]]:
    """Every post of the unit's organisation on `day` as "body/post" and words, with how many hold it. Two statements."""
    held: dict[tuple[str, str], int] = {}
    for pair in Assignment.objects.on(day).filter(unit=unit).values_list("body_key", "post_key"):
        held[pair] = held.get(pair, 0) + 1
    found = []
    for post in posts_on(unit, day):
        many = held.get((post.body.key, post.key), 0)
        seats = (
            bi("{n}/{seats} người", "{n} of {seats}") if post.seats else bi("{n} người, theo biên chế", "{n}, by quota")
        )
        name = f"{choose(post.body.name, post.body.name_en)}: {choose(post.title, post.title_en)}"
        found.append((f"{post.body.key}/{post.key}", f"{name} ({str(seats).format(n=many, seats=post.seats)})"))
    return found


def posts_on(unit: Unit, day: date) -> list[Post]:
    """The posts of the unit's organisation on `day` with their bodies, in the order of the chart. One statement."""
    posts = Post.objects.on(day).filter(body__unit=unit, body__valid_from__lte=day)
    posts = posts.filter(Q(body__valid_to=None) | Q(body__valid_to__gt=day)).select_related("body")
    return list(posts.order_by("body__position", "position", "pk"))


def usual_role(post: Post) -> str:
    """The role that a post usually gives in its body's agency; "" where the program knows no such agency."""
    agency = post.body.agency
    if agency is None:
        return ""
    roles = roles_in(agency.kind)
    wanted = post.role or _USUAL.get((agency.kind, post.key)) or (Role.CLERK if post.key == "clerk" else "")
    if not wanted and agency.kind != AgencyKind.COMMITTEE:
        wanted = next((role for role in (Role.CASE_OFFICER, Role.DEPARTMENT) if role in roles), "")
    return str(Role(wanted).value) if wanted in roles else ""


def _history(official: Official) -> list[Told]:
    events = Event.objects.filter(subject=f"official:{official.pk}").order_by("-seq")[:HISTORY]
    return [Told(_VERBS.get(one.tag, one.tag), clock.local(one.at), one.actor_name, _note(one.data)) for one in events]


def _note(data: Mapping[str, Any]) -> str:
    if "before" in data:
        return "; ".join(
            f"{_FACTS.get(name, name)}: {_value(old)} → {_value(data['after'].get(name))}"
            for name, old in data["before"].items()
        )
    told = "body" in data or "revoked" in data
    parts = [data.get("decision"), data.get("why") if told else "", data.get("reason")]
    return " · ".join(str(part) for part in parts if part)


def _value(value: Any) -> str:
    if value in (None, ""):
        return "–"
    try:
        return vi.date_text(date.fromisoformat(value))
    except (TypeError, ValueError):
        return str(value)
