"""A small world of invented units, and a resolution on it with every kind of change: what the tests of files start from."""

from __future__ import annotations

import re
from datetime import date

from haicap.domain.units import rules
from haicap.domain.units.commands.resolutions import file as files
from haicap.domain.units.commands.resolutions.applying import judge
from haicap.domain.units.commands.resolutions.faults import Fault
from haicap.domain.units.commands.resolutions.world import Standing, World, world_of

DAY = date(2026, 10, 1)
SINCE = date(2025, 7, 1)
FILE = """\
format: haicap-resolution/1
resolution:
  number: 500/NQ-UBTVQH16
  body: Ủy ban Thường vụ Quốc hội
  title: Về việc sắp xếp các xã thử nghiệm
  adopted_on: 2026-09-01
  effective_on: 2026-10-01
  also:
    - {number: 77/2026/QH16, adopted_on: 2026-08-01}
certainty: {level: A, source: Công báo}
ended:
  - {code: "03001", name: Xã Một}
  - {code: "03002", name: Xã Hai}
  - {code: "03003", name: Xã Ba}
created:
  - code: "03001"
    name: Xã Mới
    kind: xa
    parent: "14"
    lat: 21.5
    area_km2: 100
    from:
      - {code: "03001", name: Xã Một, share: whole}
      - {code: "03002", name: Xã Hai, share: part, hamlets: [Bản Na, Bản Pa]}
  - code: "03010"
    name: Phường Mới
    kind: phuong
    parent: "14"
    by: 77/2026/QH16
    from:
      - {code: "03002", name: Xã Hai, share: part, residual: true}
      - {code: "03003", name: Xã Ba, share: whole}
renamed:
  - {code: "03004", name: Xã Bốn, new_name: Xã Tư}
reclassified:
  - {code: "03005", name: Xã Năm, kind: phuong, new_name: Phường Năm}
boundary_adjusted:
  - {from: {code: "03006", name: Xã Sáu}, to: {code: "03007", name: Xã Bảy}, hamlets: [Bản Bó]}
"""
_MARK = re.compile(r"#! (\w+)")


def unit(code: str, name: str, kind: str = "", **facts: object) -> Standing:
    """A unit of the small world, standing since 1 July 2025 where nothing else is said."""
    level = rules.level_of_code(code)
    assert level is not None
    kind = kind or {"tinh": "tinh", "huyen": "huyen", "xa": "xa"}[level.value]
    parent = None if len(code) == 2 else "14"
    made = Standing(
        int(code), code, name, kind, level.value, parent, parent or code, 14, SINCE, None, None, None, None, ""
    )
    return made._replace(**facts)  # type: ignore[arg-type]


WORDS = ("Không", "Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy", "Tám", "Chín")
ROWS = (
    unit("14", "Tỉnh Sơn La"),
    unit("15", "Tỉnh Lào Cai"),
    unit("16", "Tỉnh Sắp Hết", valid_to=date(2027, 1, 1), ended_by="9/2026/QH16"),
    *(unit(f"0300{n}", f"Xã {word}") for n, word in enumerate(WORDS)),
    unit("03011", "Xã Đã Hết", valid_from=date(2025, 1, 1), valid_to=SINCE, ended_by="1681/NQ-UBTVQH15"),
    unit("03012", "Xã Sau Này", valid_from=date(2027, 1, 1)),
    unit("03013", "Xã Sắp Hết", valid_to=date(2027, 1, 1), ended_by="9/NQ-UBTVQH16"),
    unit("119", "Huyện Cũ", valid_from=date(2025, 1, 1), valid_to=SINCE, ended_by="1681/NQ-UBTVQH15"),
)


def world(*more: Standing) -> World:
    """The small world, with more units where they are needed."""
    rows = [*ROWS, *more]
    return world_of(rows, lambda name: [row for row in rows if row.name == name])


def faults_of(text: str, known: World | None = None) -> tuple[Fault, ...]:
    """What is wrong with `text` in the small world."""
    return judge(files.read(text, "thử.yaml"), known or world())[0]


def planted(text: str) -> set[tuple[int, str]]:
    """The faults that the remarks `#! name` announce, each with its line."""
    return {(number, name) for number, line in enumerate(text.splitlines(), 1) for name in _MARK.findall(line)}


def found(faults: tuple[Fault, ...]) -> set[tuple[int, str]]:
    """The same of what was found."""
    return {(fault.line, fault.name) for fault in faults}
