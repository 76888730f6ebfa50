"""The table of permissions, read off the rules themselves: routes, operations of the API, moves, roles that see widely.

Nothing here lists who may do what. Every rule is tried by somebody invented of each role (`kernel.access.Trial`); the words
come from beside the rule (`@right`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from haicap.domain.dossiers.rules import MOVES, MoveRule, may_make
from haicap.domain.people.access import COMMUNE, PROVINCE, levels_of, trial
from haicap.domain.people.rules import PROVINCE_WIDE_ROLES, UNIT_WIDE_ROLES, AgencyKind, Role, roles_at_work
from haicap.interfaces.api.v1 import api
from haicap.kernel.access import Predicate, Right, directory, right_of
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor, Inheritance

YES, NO, AT_PROVINCE, VACANT, LENT = "yes", "no", "province", "vacant", "lent"
API_ROOT = "api/v1/"
OF_THE_API = ("ninja.", "haicap.interfaces.api.urls")  # doors that lead to operations, which are read one by one
PUBLIC = Right(
    bi("Xem trang và dữ liệu công khai", "See public pages and data"),
    within=bi("mọi người, không cần đăng nhập; hồ sơ chỉ bằng mã trên giấy hẹn", "everybody, without signing in; "
              "a dossier only by the code on its slip"),
)  # fmt: skip
WORKING = frozenset(role for kind in AgencyKind for role in roles_at_work(kind))


@dataclass(frozen=True)
class Door:
    """One address and the rule before it: `access` is "public" or a predicate, `scope` what a token must carry."""

    address: str
    access: Predicate | str | None
    scope: str = ""


@dataclass
class Line:
    """One action: its words, its cell for each role, and the doors behind it."""

    name: Any
    within: Any
    cells: Mapping[str, str]
    doors: list[Door] = field(default_factory=list)


def doors() -> Iterator[Door]:
    """Every page by the URL resolver, and every operation of the API."""
    yield from _pages(get_resolver(), "/")
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                open_to_all = operation.auth_param is None  # written as `auth=None`; all others sign in
                access = "public" if open_to_all else getattr(operation.view_func, "access", None)
                address = f"/{API_ROOT.rstrip('/')}{prefix}{path}"
                for method in operation.methods:
                    yield Door(f"{method} {address}", access, getattr(operation.view_func, "scope", ""))


def _pages(resolver: URLResolver, before: str) -> Iterator[Door]:
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _pages(pattern, address)
        elif isinstance(pattern, URLPattern) and not _leads_to_operations(pattern.callback):
            yield Door(address, getattr(pattern.callback, "access", None))


def _leads_to_operations(view: Any) -> bool:
    return str(getattr(view, "func", view).__module__).startswith(OF_THE_API)


def unnamed() -> list[str]:
    """Addresses whose rule has no words (or that have no rule): a test wants none."""
    return [
        door.address
        for door in doors()
        if door.access != "public" and (not callable(door.access) or right_of(door.access) is None)
    ]


def actions() -> list[Line]:
    """Public pages first, then each right with its cells; addresses with the same words stand together."""
    found: dict[Any, Line] = {}
    for door in doors():
        if door.access == "public":
            key, words, cells = "public", PUBLIC, {role.value: YES for role in Role}
        elif callable(door.access) and (named := right_of(door.access)) is not None:
            key, words, cells = str(named.name), named, tried(door.access)
        else:  # a test refuses it; the page shows it as it is rather than hide it
            key, words = door.address, Right(door.address, bi("chưa được đặt tên", "has no name yet"))
            cells = tried(door.access) if callable(door.access) else {role.value: NO for role in Role}
        line = found.setdefault(key, Line(words.name, words.within, cells))
        line.doors.append(door)
    return list(found.values())


def tried(predicate: Predicate) -> dict[str, str]:
    """For each role what `predicate` says: yes, no, only where the post is in a province; to guests, only what is lent."""
    said: dict[str, dict[str, bool]] = {}
    guests = set()
    for one in directory().trials():
        said.setdefault(one.role, {})[one.at] = bool(predicate(one.actor))
        if one.actor.guest:
            guests.add(one.role)
    named = right_of(predicate)
    lent = guests if named is None or not named.own else set()
    return {
        role: LENT if role in lent and any(by_level.values()) else _cell(by_level) for role, by_level in said.items()
    }


def _cell(by_level: Mapping[str, bool]) -> str:
    if all(by_level.values()):
        return YES
    return AT_PROVINCE if by_level.get(PROVINCE) else YES if any(by_level.values()) else NO


@dataclass(frozen=True)
class _Entry:
    """A dossier that lies with agency 1: what the rule of hands asks of it."""

    holder_role: str
    holder_agency_id: int | None = 1
    holder_account_id: int | None = None
    agencies: list[int] = field(default_factory=lambda: [1])
    state: str = ""


@dataclass(frozen=True)
class _Dossier:
    receiving_agency_id: int = 1
    receiving_unit_id: int = 1
    competent_agency_id: int = 1
    procedure_code: str = ""


WAYS: Mapping[str, Any] = {
    "holder": bi("hồ sơ đang chờ mình", "the dossier waits for one"),
    "center": bi("quầy của đơn vị đã tiếp nhận", "the counter of the unit that received it"),
    "head": bi("lãnh đạo cơ quan giải quyết, chủ tịch đơn vị", "who leads the agency that resolves; the unit's chair"),
    "heir": bi("đơn vị kế tiếp của đơn vị đã chia tách", "an heir of the divided unit"),
}


def moves() -> list[Line]:
    """Each move of a dossier, tried by every role in the best case: the dossier is at their own agency."""
    return [
        Line(rule.label, "; ".join(str(WAYS[way]) for way in rule.by), {role.value: _move(rule, role) for role in Role})
        for rule in MOVES.values()
    ]


def _move(rule: MoveRule, role: Role) -> str:
    actor = trial(role, levels_of(role)[0]).actor
    waits_for = role.value if role in WORKING else Role.CASE_OFFICER.value
    entry, post = _Entry(waits_for), (1, waits_for)
    here = frozenset({post}) if role in WORKING else frozenset()
    heir = replace(actor, inheritance=Inheritance(shared_posts=here, shared_agency_ids=(1,)))
    if _may(heir if rule.by == ("heir",) else actor, rule, entry):
        return YES
    stands_in = replace(actor, inheritance=Inheritance(stands_in=frozenset({post}), shared_posts=frozenset({post}),
                                                       shared_agency_ids=(1,)))  # fmt: skip
    return VACANT if role in UNIT_WIDE_ROLES - PROVINCE_ONLY and _may(stands_in, rule, entry) else NO


PROVINCE_ONLY = frozenset(role for role in Role if levels_of(role) == (PROVINCE,))


def _may(actor: Actor, rule: MoveRule, entry: _Entry) -> bool:
    return may_make(actor, rule, entry, _Dossier())


@dataclass(frozen=True)
class Sight:
    """What rows of the database a role is shown."""

    role: Role
    where: Any
    rows: Any


def sights() -> Sequence[Sight]:
    """For each role what row-level security shows it, by the sets that the actor's units are made of."""
    return [Sight(role, _where(role), _rows(role)) for role in Role]


def _where(role: Role) -> Any:
    levels = levels_of(role)
    if levels == (COMMUNE,):
        return bi("Xã, phường, đặc khu", "Commune")
    return bi("Tỉnh", "Province") if levels == (PROVINCE,) else bi("Xã và tỉnh", "Commune and province")


def _rows(role: Role) -> Any:
    if role == Role.SUPPORT:
        return bi(
            "không gì cả; khi một đơn vị cho xem: của đơn vị ấy, trong số giờ đã duyệt, chỉ đọc, có ghi lại",
            "nothing; when a unit lets them: that unit's, for the hours approved, read only, each view noted",
        )
    if role not in UNIT_WIDE_ROLES:
        return bi("chỉ hồ sơ đã đến cơ quan mình", "only what came to one's own agency")
    if role not in PROVINCE_WIDE_ROLES:
        return bi(
            "mọi hồ sơ của đơn vị mình và đơn vị mà nó kế tiếp", "all of one's own unit and of those it is heir of"
        )
    if COMMUNE in levels_of(role):
        return bi("ở xã: của đơn vị mình; ở tỉnh: mọi xã của tỉnh", "in a commune: one's own unit; in the province: "
                  "all its communes")  # fmt: skip
    return bi("mọi xã của tỉnh", "all communes of the province")


def roles(chosen: str = "") -> list[Role]:
    """All roles, or the one that was chosen."""
    return [role for role in Role if chosen in ("", role.value)]
