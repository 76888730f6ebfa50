"""The certificate as a paper: PDF/A on A4, made from the document alone, so that it can be printed again from its file."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from haicap.domain.units import rules
from haicap.domain.units.queries import unit_on
from haicap.flows.reorganisation.certificate import SCHEMA, Certificate, Document, canonical
from haicap.kernel import clock
from haicap.kernel.papers import qr_svg, render
from haicap.kernel.vi import date_text, legal_date, moment_text

TEMPLATE: Final = Path(__file__).resolve().parent / "certificate.typ"
SHORT: Final = 16
"""How many hexadecimal digits of a hash the paper shows."""


def pdf(made: Certificate, *, synthetic: bool = False) -> bytes:
    """The paper of a certificate, in Vietnamese; `synthetic`: it says on each page that the data are invented."""
    content = made.content
    codes = [one["code"] for one in content["holdings"]]
    units = {one["unit"]: one for one in content["units"]}
    data = {
        "title": "Giấy chứng nhận bảo toàn hồ sơ khi sắp xếp đơn vị hành chính",
        "form": f"Lập bằng HaiCap {made.version}",
        "foot": f"Mã gốc {made.root[:SHORT]}…",
        "synthetic": synthetic,
        "head": _head(content, units, clock.local(made.made_at)),
        "resolution": _resolution(content["resolution"]),
        "moments": {
            "effective": moment_text(datetime.fromisoformat(content["effective_at"])),
            "as_of": moment_text(datetime.fromisoformat(content["as_of"])),
            "made": moment_text(clock.local(made.made_at)),
        },
        "labels": [one["vi"] for one in content["holdings"]],
        "totals": _totals(content),
        "groups": _groups(content, units, codes),
        "ended": len({row["unit"] for row in content["before"]}),
        "heirs": len({row["unit"] for row in content["after"]}),
        "districts": _districts(content, units),
        "root": _in_groups(made.root),
        "schema": SCHEMA,
        "version": made.version,
        "qr": qr_svg(made.root, title="Mã gốc"),
    }
    return render(TEMPLATE, data, made_at=made.made_at)


def short_hash(rows: Sequence[Document]) -> str:
    """The hash that the paper prints beside some rows: the head of the SHA-256 of the rows as canonical JSON."""
    return hashlib.sha256(canonical({"rows": list(rows)})).hexdigest()[:SHORT]


def _head(content: Document, units: dict[str, Document], made_at: datetime) -> Document:
    """Who issues: the province in which the heirs lie, where it is one."""
    heirs = [units[row["unit"]]["province"] for row in content["after"]]
    codes = list(dict.fromkeys(heirs))
    day = datetime.fromisoformat(content["as_of"]).date()
    name = unit_on(codes[0], day).name if len(codes) == 1 else ""
    return {
        "parent": "",
        "agency": f"Ủy ban nhân dân {rules.in_sentence(name)}" if name else content["resolution"]["body"],
        "number": "…/GCN",
        "place": rules.short_name(name, "tinh") if name else "…",
        "date": legal_date(made_at.date()),
    }


def _resolution(resolution: Document) -> Document:
    return {
        "number": resolution["number"],
        "body": resolution["body"],
        "title": resolution["title"],
        "adopted": date_text(date.fromisoformat(resolution["adopted_on"])),
        "effective": date_text(date.fromisoformat(resolution["effective_on"])),
        "file": _in_groups(resolution["file_sha256"]),
    }


def _totals(content: Document) -> list[list[str]]:
    """A line for each holding: label, what there was and is, each with how many under way, and the hash of both."""
    labels = {one["code"]: one["vi"] for one in content["holdings"]}
    return [
        [
            labels[row["holding"]],
            *(_number(row[side][name]) for side in ("before", "after") for name in ("count", "open")),
            short_hash([row["before"]]),
        ]
        for row in content["totals"]
    ]


def _groups(content: Document, units: dict[str, Document], codes: list[str]) -> list[Document]:
    """A group for each ended unit: what it had, then what each heir has of it."""
    before: dict[str, dict[str, Document]] = defaultdict(dict)
    after: dict[str, dict[str, dict[str, Document]]] = defaultdict(lambda: defaultdict(dict))
    for row in content["before"]:
        before[row["unit"]][row["holding"]] = row
    for row in content["after"]:
        after[row["from"]][row["unit"]][row["holding"]] = row
    return [
        {
            "unit": _name(units[unit]),
            "before": _figures(rows, codes),
            "hash": short_hash([rows[code] for code in codes]),
            "heirs": [
                {
                    "unit": _name(units[heir]),
                    "figures": _figures(held, codes),
                    "hash": short_hash([held[code] for code in codes if code in held]),
                }
                for heir, held in after[unit].items()
            ],
        }
        for unit, rows in before.items()
        if after[unit]
    ]


def _districts(content: Document, units: dict[str, Document]) -> int:
    """How many ended districts have no group, as nothing was in their books."""
    followed = {row["from"] for row in content["after"]}
    return len({row["unit"] for row in content["before"]} - followed)


def _figures(rows: dict[str, Document], codes: list[str]) -> list[list[str]]:
    """For each holding its number, and the number under way where there are some."""
    return [
        [_number(row["count"]), _number(row["open"]) if row["open"] else ""] if (row := rows.get(code)) else ["0", ""]
        for code in codes
    ]


def _name(unit: Document) -> list[str]:
    return [unit["name"], unit["code"]]


def _number(value: int) -> Any:
    return f"{value:,}".replace(",", ".")


def _in_groups(value: str) -> str:
    """A long hash as people compare it: sixteen digits, a space, sixteen more."""
    return " ".join(value[start : start + SHORT] for start in range(0, len(value), SHORT))
