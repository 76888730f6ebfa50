"""Which role sees which part of an applicant's data, in which situation: one table, and the masks it is kept by.

Sources: Law 91/2025/QH15 and Decree 356/2025/NĐ-CP, in force from 1/1/2026 (purpose limitation, minimisation); which
role needs what is this house's reading of them, not a rule of law: [K].
What is masked here never leaves the server: pages, API, search, papers and exports all take their data through `hide`.
"""

from __future__ import annotations

from collections.abc import Mapping, MutableMapping
from enum import StrEnum
from typing import Any, Final

from haicap.domain.dossiers import rules
from haicap.domain.people.rules import Role
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

DOTS: Final = "•••••"
LEAST_HIDDEN: Final = 5  # of a number: what guessing must still find out


class Part(StrEnum):
    """A part of what a dossier says of its applicant, as the API names it."""

    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    PROXY = "proxy"
    FORM = "form"
    FILES = "files"


class Sight(StrEnum):
    """How much of a part is seen."""

    WHOLE = "whole"
    PART = "part"
    NONE = "none"


class Standing(StrEnum):
    """What an officer is to a dossier."""

    AT_WORK = "at_work"  # it waits for them, they received or moved it, or lead who resolves it
    COLLEAGUE = "colleague"  # sees it for their unit, without a hand in it
    KEEPER = "keeper"  # an administrator and nothing else: manages the system, not the work


class Situation(StrEnum):
    """Where data are shown."""

    LIST = "list"  # lists, search, the operations center's view
    ALLOT = "allot"  # work of a divided unit: its address decides who takes it
    PAGE = "page"  # one dossier, before anybody asked to see it whole
    SHOWN = "shown"  # after "Show", which is noted; papers; a box filled at the counter
    REQUEST = "request"  # given out because the person asked


PARTS_OF = {
    "masked": {Part.NAME: Sight.WHOLE, Part.ID_NUMBER: Sight.PART, Part.PHONE: Sight.PART, Part.EMAIL: Sight.PART,
               Part.ADDRESS: Sight.PART, Part.PROXY: Sight.PART, Part.FORM: Sight.NONE, Part.FILES: Sight.NONE},
    "keeper": {Part.NAME: Sight.PART, Part.ID_NUMBER: Sight.PART, Part.PHONE: Sight.PART, Part.EMAIL: Sight.PART,
               Part.ADDRESS: Sight.PART, Part.PROXY: Sight.NONE, Part.FORM: Sight.NONE, Part.FILES: Sight.NONE},
    "whole": dict.fromkeys(Part, Sight.WHOLE),
}  # fmt: skip
Sights = Mapping[Part, Sight]

# The table. What is not in it is refused: a colleague has no "Show", an administrator neither that nor a request.
SIGHTS: Mapping[tuple[Situation, Standing], Sights] = {
    (Situation.LIST, Standing.AT_WORK): PARTS_OF["masked"],
    (Situation.LIST, Standing.COLLEAGUE): PARTS_OF["masked"],
    (Situation.LIST, Standing.KEEPER): PARTS_OF["keeper"],
    (Situation.ALLOT, Standing.AT_WORK): PARTS_OF["masked"] | {Part.ADDRESS: Sight.WHOLE},
    (Situation.ALLOT, Standing.COLLEAGUE): PARTS_OF["masked"] | {Part.ADDRESS: Sight.WHOLE},
    (Situation.ALLOT, Standing.KEEPER): PARTS_OF["keeper"],
    (Situation.PAGE, Standing.AT_WORK): PARTS_OF["masked"] | {Part.FILES: Sight.WHOLE},
    (Situation.PAGE, Standing.COLLEAGUE): PARTS_OF["masked"],
    (Situation.PAGE, Standing.KEEPER): PARTS_OF["keeper"],
    (Situation.SHOWN, Standing.AT_WORK): PARTS_OF["whole"],
    (Situation.REQUEST, Standing.AT_WORK): PARTS_OF["whole"],
    (Situation.REQUEST, Standing.COLLEAGUE): PARTS_OF["whole"],
}

LABELS: Mapping[Part, Any] = {
    Part.NAME: bi("họ tên", "name"), Part.ID_NUMBER: bi("số định danh", "ID number"),
    Part.PHONE: bi("điện thoại", "phone"), Part.EMAIL: bi("thư điện tử", "e-mail"),
    Part.ADDRESS: bi("nơi ở", "address"), Part.PROXY: bi("người nộp thay", "who files for them"),
    Part.FORM: bi("tờ khai", "declaration"), Part.FILES: bi("tệp đính kèm", "files"),
}  # fmt: skip
STANDINGS: Mapping[Standing, Any] = {
    Standing.AT_WORK: bi("đang làm hồ sơ đó", "at work on that dossier"),
    Standing.COLLEAGUE: bi("cùng đơn vị, không làm hồ sơ đó", "of the unit, not at work on it"),
    Standing.KEEPER: bi("quản trị hệ thống", "system administrators"),
}
SITUATIONS: Mapping[Situation, Any] = {
    Situation.LIST: bi("Danh sách, kết quả tìm, điều hành", "Lists, search, operations"),
    Situation.ALLOT: bi("Phân công hồ sơ của đơn vị đã chia tách", "Allotting a divided unit's work"),
    Situation.PAGE: bi("Trang hồ sơ, API", "A dossier's page, API"),
    Situation.SHOWN: bi("Sau khi bấm Hiện đầy đủ; phiếu in", "After Show; printed papers"),
    Situation.REQUEST: bi("Cung cấp theo yêu cầu của người đó", "Given out at the person's request"),
}
SEEN: Mapping[Sight, Any] = {
    Sight.WHOLE: bi("đủ", "whole"), Sight.PART: bi("che bớt", "in part"), Sight.NONE: bi("ẩn", "hidden"),
}  # fmt: skip

COLUMNS: Mapping[Part, str] = {
    part: f"applicant_{part}" for part in (Part.NAME, Part.ID_NUMBER, Part.PHONE, Part.EMAIL, Part.ADDRESS)
}


def is_keeper(actor: Actor) -> bool:
    """An administrator without any post at work; standing in for a vacant post does not make one."""
    return actor.role_names <= {Role.ADMINISTRATOR.value}


def standing_in_lists(actor: Actor) -> Standing:
    """What an officer is to the rows of a list, whoever's they are."""
    return Standing.KEEPER if is_keeper(actor) else Standing.COLLEAGUE


def standing_of(actor: Actor, entry: rules.HeldEntry, dossier: rules.HeldDossier, *, has_moved: bool) -> Standing:
    """What `actor` is to this dossier; `has_moved`: they received it or made one of its moves."""
    actor = rules.towards(actor, entry, dossier)
    if is_keeper(actor):
        return Standing.KEEPER
    at_work = (
        has_moved
        or rules.holds(actor, entry)
        or rules.is_at_the_center(actor, entry, dossier)
        or rules.leads_the_holder(actor, entry, dossier)
    )
    return Standing.AT_WORK if at_work else Standing.COLLEAGUE


def hide(dossier: Any, sights: Sights) -> tuple[str, ...]:
    """Mask the applicant's data on `dossier` (a model's instance that is not saved) as `sights` says.

    Gives the names of what is masked or left out, as the API tells them.
    """
    masked = []
    for part, column in COLUMNS.items():
        value = getattr(dossier, column)
        if value and sights[part] != Sight.WHOLE:
            setattr(dossier, column, masked_text(part, value, sights[part]))
            masked.append(f"applicant.{part}")
    if dossier.proxy and sights[Part.PROXY] != Sight.WHOLE:
        dossier.proxy = masked_proxy(dossier.proxy, sights[Part.PROXY])
        masked.append(Part.PROXY.value)
    if dossier.form and sights[Part.FORM] != Sight.WHOLE:
        dossier.form = {}
        masked.append(Part.FORM.value)
    if any(sight != Sight.WHOLE for sight in sights.values()):
        dossier.secret = ""  # it opens the citizen's own view
    return tuple(masked)


def hide_move(name: str, data: MutableMapping[str, Any], sights: Sights) -> None:
    """Mask what a move keeps of persons: old and new values of a correction, who took the result."""
    if data.get("received_by"):
        data["received_by"] = masked_text(Part.NAME, data["received_by"], sights[Part.NAME])
    if name == rules.CORRECT:
        for side in ("before", "after"):
            data[side] = {
                key: masked_text(Part(key), value, sights[Part(key)]) for key, value in data.get(side, {}).items()
            }


def masked_text(part: Part, value: str, sight: Sight = Sight.PART) -> str:
    """One part of a person's data as `sight` lets it be seen."""
    if sight == Sight.WHOLE or not value:
        return value
    return DOTS if sight == Sight.NONE else _MASKS[part](value)


def masked_proxy(proxy: Mapping[str, str], sight: Sight) -> dict[str, str]:
    """Who files for the applicant: the name with masked numbers, or dots."""
    if sight == Sight.NONE:
        return {"name": DOTS}
    shown = {"name": proxy.get("name", "")}
    for key in (Part.ID_NUMBER, Part.PHONE):
        if proxy.get(key):
            shown[key.value] = masked_text(key, proxy[key])
    return shown


def masked_number(text: str, head: int, tail: int) -> str:
    """The first and last characters with dots between; less of a short number, so that five always stay unknown."""
    if len(text) - head - tail >= LEAST_HIDDEN:
        return f"{text[:head]}{DOTS}{text[-tail:]}"
    return f"{DOTS}{text[-2:]}" if len(text) - 2 >= LEAST_HIDDEN else DOTS


def masked_name(text: str) -> str:
    """The first letter of each word: "Nguyễn Thị Mai" gives "N••• T••• M•••"."""
    return " ".join(f"{word[0]}•••" for word in text.split()) or DOTS


def masked_email(text: str) -> str:
    """The first letter and the host: "mai@example.vn" gives "m•••@example.vn"."""
    name, at, host = text.rpartition("@")
    return f"{name[:1]}•••@{host}" if at and len(name) > 1 else DOTS


def masked_address(text: str) -> str:
    """The commune and the province, without what stands before them; nothing of an address in fewer parts."""
    parts = [part.strip() for part in text.split(",")]
    return f"•••, {', '.join(parts[-2:])}" if len(parts) > 2 else DOTS


_MASKS: Mapping[Part, Any] = {
    Part.NAME: masked_name,
    Part.ID_NUMBER: lambda text: masked_number(text, 3, 4),
    Part.PHONE: lambda text: masked_number(text, 2, 3),
    Part.EMAIL: masked_email,
    Part.ADDRESS: masked_address,
}
