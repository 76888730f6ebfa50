"""Why a unit is an answer, and what to add where several are: sentences in both languages, made when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.functional import lazy

from haicap.domain.units import rules
from haicap.domain.units.addresses.gazetteer import EdgeRow, Gazetteer, UnitRow
from haicap.kernel.language import active, bi, bi_format
from haicap.kernel.vi import date_text

NOTES: Mapping[str, tuple[str, str]] = {
    "divided": (
        "Đơn vị này đã được chia cho nhiều đơn vị; hãy ghi thêm thôn, bản, tổ dân phố hoặc chọn một đơn vị.",
        "This unit was divided among several; add the hamlet or choose one of them.",
    ),
    "homonyms": (
        "Nhiều đơn vị khớp với địa chỉ này; hãy ghi thêm xã, huyện hoặc tỉnh.",
        "Several units fit this address; add the commune, the district or the province.",
    ),
    "level": (
        "Tên này vừa là tên cấp xã, vừa là tên cấp huyện cũ; hãy ghi rõ “xã”, “phường”, “huyện” hoặc thêm một cấp.",
        "This name was both a commune's and a former district's; write which kind it is, or add a level.",
    ),
    "contradicts": (
        "Địa chỉ tự mâu thuẫn: các tên không cùng nằm trong nhau. Đây là những đơn vị gần nhất; hãy kiểm tra lại.",
        "The address contradicts itself: its names do not lie in one another. These are the nearest; check it.",
    ),
    "district": (
        "Địa chỉ chỉ ghi đến cấp huyện cũ; đây là mọi đơn vị có đất của huyện ấy. Hãy ghi thêm xã, phường.",
        "The address goes down to a former district only; these are all units with its land. Add the commune.",
    ),
    "province": (
        "Địa chỉ chỉ ghi đến cấp tỉnh.",
        "The address goes down to a province only.",
    ),
    "no_commune": (
        "Không tìm thấy xã, phường nào đúng như địa chỉ ghi; hãy kiểm tra lại tên xã, huyện, tỉnh.",
        "No commune is as the address says; check the names of commune, district and province.",
    ),
    "unknown": (
        "Không tìm thấy đơn vị hành chính nào trong địa chỉ này.",
        "No administrative unit was found in this address.",
    ),
}  # fmt: skip


class Reason(NamedTuple):
    """The facts behind one candidate: `unit` answers for `source`, which `holders` units share."""

    gazetteer: Gazetteer
    unit: int
    source: int
    district: str
    alias: str
    hamlet: str
    written: str
    holders: int
    edge: EdgeRow | None


def note(template: tuple[str, str]) -> Any:
    """A note in the caller's language."""
    return bi(*template)


def hamlet_named(unit: int, hamlet: str, gazetteer: Gazetteer) -> Any:
    """Why a divided unit's work goes to one heir: the address names a hamlet of that part."""
    template = bi("Địa chỉ ghi {hamlet}, nay thuộc {unit}.", "The address names {hamlet}, which now belongs to {unit}.")
    return bi_format(template, hamlet=hamlet, unit=gazetteer.units[unit].name)


def _told(reason: Reason) -> str:
    units = reason.gazetteer.units
    row, source = units[reason.unit], units.get(reason.source)
    facts = {
        "unit": _name(row), "old": _place(reason.gazetteer, source) if source else "", "district": reason.district,
        "alias": reason.alias, "hamlet": reason.hamlet, "written": reason.written,
        "resolution": reason.edge.resolution if reason.edge else "",
        "day": date_text(reason.edge.effective_on) if reason.edge else "",
    }  # fmt: skip
    sentences = [_main(reason, row, source)]
    if reason.alias:
        sentences.append(bi("“{alias}” là tên khác của {old}.", "“{alias}” is another name of {old}."))
    if reason.written:
        sentences.append(bi("Địa chỉ viết “{written}”.", "The address spells it “{written}”."))
    return " ".join(str(sentence).format(**facts) for sentence in sentences)


def _main(reason: Reason, row: UnitRow, source: UnitRow | None) -> Any:
    if reason.hamlet:
        return bi("{hamlet} của {old} nay thuộc {unit}.", "{hamlet} of {old} now belongs to {unit}.")
    if reason.district:
        return bi("{unit} có đất của {district}.", "{unit} has land of {district}.")
    if reason.source == reason.unit:
        return bi("Địa chỉ ghi đúng {old}.", "The address names {old}.")
    if source is not None and source.valid_from > row.valid_from:
        return bi("{old} được lập từ {unit}.", "{old} was formed from {unit}.")
    if reason.holders == 1:
        return bi(
            "Toàn bộ {old} nay thuộc {unit}, theo Nghị quyết {resolution} từ ngày {day}.",
            "All of {old} now belongs to {unit}, by Resolution {resolution} from {day}.",
        )
    return bi(
        "{old} đã được chia, một phần nay thuộc {unit}, theo Nghị quyết {resolution} từ ngày {day}.",
        "{old} was divided, and a part now belongs to {unit}, by Resolution {resolution} from {day}.",
    )


def _name(row: UnitRow) -> str:
    return rules.english_name(row.name, row.kind) if active() == "en" else row.name


def _place(gazetteer: Gazetteer, row: UnitRow) -> str:
    """A unit with those above it: "Xã Chiềng Đen, Thành phố Sơn La, Tỉnh Sơn La"."""
    above = [one for one in (row.parent_id, row.province_id) if one is not None]
    return ", ".join(_name(gazetteer.units[one]) for one in (row.id, *dict.fromkeys(above)))


why = lazy(_told, str)
"""The sentence of a reason, made when it is shown."""
