"""The diagrams of lineage: which bars and bands a province, a district and the nation have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any

from django.urls import reverse

from haicap.domain.units.models import Unit
from haicap.domain.units.queries.genealogy import Family
from haicap.domain.units.queries.nation import NationCount
from haicap.domain.units.queries.reorganisation import Passage, Reorganisation
from haicap.domain.units.rules import FIRST_KNOWN_DAY, Share, UnitChange, UnitLevel
from haicap.kernel import vi
from haicap.kernel.language import bi
from haicap.kernel.web.flowchart import Drawing, Link, Node, draw

TREE_BETWEEN = 200.0
"""A tree stands in a card of the portal, which is narrower than a page of diagrams."""
TREE_FROM = 2
"""From so many steps on a family is worth a drawing; one step is said in a line."""


def page_of(unit: Unit) -> str:
    """The address of a unit's own page."""
    return reverse("units:unit", args=[unit.code])


def heads(found: Reorganisation | NationCount) -> tuple[Any, Any]:
    """What stands above the columns: the two days."""
    since, until = vi.date_text(found.period.since), vi.date_text(found.period.until)
    return bi("Ngày {day}", "On {day}").format(day=since), bi("Ngày {day}", "On {day}").format(day=until)


def by_district(found: Reorganisation, passages: Iterable[Passage], narrow: Callable[[str], str]) -> Drawing:
    """Districts on the left, the units of the second day on the right; `narrow` gives a district's own view."""
    amounts: dict[tuple[int, int, bool], Fraction] = defaultdict(Fraction)
    numbers: dict[tuple[int, int, bool], int] = defaultdict(int)
    districts: dict[int, Unit] = {}
    ends: dict[int, Unit] = {}
    held: dict[int, set[int]] = defaultdict(set)
    for one in passages:
        key = one.district.id, one.after.id, not one.is_whole
        amounts[key] += one.portion
        numbers[key] += 1
        districts[one.district.id], ends[one.after.id] = one.district, one.after
        held[one.district.id].add(one.before.id)
    left = [
        Node(("old", one.id), one.shown_name, 0, len(held[one.id]), narrow(one.code), heading)
        for one, heading in _headed(districts.values(), len(found.provinces))
    ]
    links = [
        Link(("old", old), ("new", new), float(amount), part, _counted(numbers[old, new, part], part))
        for (old, new, part), amount in amounts.items()
    ]
    return draw([*left, *_ends(found, ends.values())], links, heads(found))


def of_group(found: Reorganisation, passages: Iterable[Passage], group: str) -> Drawing:
    """The communes of one district on the left, then those of others that went into the same units; these right."""
    own = [one for one in passages if one.district.code == group]
    targets = {one.after.id for one in own}
    others = [one for one in passages if one.after.id in targets and one.district.code != group]
    left: dict[int, Node] = {}
    for one in [*own, *others]:
        other = one.district.code != group
        note = one.before.parent.shown_name if other and one.before.parent else ""
        heading = bi("Từ nơi khác", "From elsewhere") if other and not any(n.quiet for n in left.values()) else ""
        left.setdefault(
            one.before.id,
            Node(("old", one.before.id), one.before.shown_name, 0, note, page_of(one.before), heading, other),
        )
    links = [
        Link(("old", one.before.id), ("new", one.after.id), float(one.portion), not one.is_whole, _said(one))
        for one in [*own, *others]
    ]
    ends = {one.after.id: one.after for one in own}
    return draw([*left.values(), *_ends(found, ends.values())], links, heads(found))


def of_nation(found: NationCount, narrow: Callable[[str], str]) -> Drawing:
    """Provinces of the first day on the left, of the second on the right; bands as thick as communes they had."""
    before = {unit.id: unit for row in found.rows for unit in row.origins}
    left = [Node(("old", one.id), one.shown_name, 0, found.communes_of.get(one.code, 0)) for one in before.values()]
    right = [
        Node(("new", row.province.id), row.province.shown_name, 1, row.communes_after, narrow(row.province.code))
        for row in found.rows
    ]
    links = [
        Link(("old", one.id), ("new", row.province.id), max(found.communes_of.get(one.code, 0), 1))
        for row in found.rows
        for one in row.origins
    ]
    return draw([*left, *right], links, heads(found))


def _headed(districts: Iterable[Unit], provinces: int) -> list[tuple[Unit, Any]]:
    """Each district, with its province's name at the first of each where there were several provinces."""
    told, found = set(), []
    for one in districts:
        fresh = provinces > 1 and one.province_code not in told
        told.add(one.province_code)
        found.append((one, one.province_name if fresh else ""))
    return found


def _ends(found: Reorganisation, ends: Iterable[Unit]) -> list[Node]:
    """The units of the second day; those of another province say so."""
    nodes = []
    for one in ends:
        away = one.province_code != found.province.code
        kept = found.changes.get(one.id) == UnitChange.KEPT
        note = one.province_name if away else bi("giữ nguyên", "as it was") if kept else ""
        nodes.append(Node(("new", one.id), one.shown_name, 1, note, page_of(one), quiet=away))
    return nodes


def _counted(number: int, part: bool) -> Any:
    if part:
        return bi("một phần của {n} đơn vị", "part of {n}").format(n=number)
    return str(number)


def _said(one: Passage) -> Any:
    return _of_step(one.share, one.hamlets)


def _of_step(share: str, hamlets: Sequence[str]) -> Any:
    """ "một phần: Bản Mòng, Bản Pột" where the hamlets are named."""
    words = bi("toàn bộ", "whole") if share == Share.WHOLE else bi("một phần", "part")
    return f"{words}: {', '.join(hamlets)}" if hamlets else words


def tree(family: Family) -> Drawing | None:
    """A family as columns of generations, the unit's name unlinked among them; None where only one step is known."""
    if len(family.steps) < TREE_FROM:
        return None
    starts = sorted({one.valid_from for one in family.members})
    nodes = [
        Node(one.id, one.shown_name, starts.index(one.valid_from), href="" if one == family.unit else page_of(one))
        for one in sorted(family.members, key=lambda one: (one.valid_from, one.code))
    ]
    held: dict[int, float] = defaultdict(float)
    links = []
    for step in family.steps:
        amount = (held[step.predecessor_id] or 1.0) / (1 if step.is_whole else 2)
        held[step.successor_id] += amount
        said = _of_step(step.share, step.hamlets)
        links.append(Link(step.predecessor_id, step.successor_id, amount, not step.is_whole, said))
    titles = [bi("Từ {day}", "From {day}").format(day=vi.date_text(day)) for day in starts]
    if starts[0] == FIRST_KNOWN_DAY:  # it had stood before the records begin
        titles[0] = bi("Trước {day}", "Before {day}").format(day=vi.date_text(starts[1]))
    return draw(nodes, links, titles, between=TREE_BETWEEN)


def groups(found: Reorganisation) -> list[tuple[Unit, list[tuple[Unit, int]]]]:
    """The old provinces, each with its districts and how many old units each had: what the view can be narrowed to."""
    held: dict[int, set[int]] = defaultdict(set)
    above: dict[int, Unit] = {}
    for one in found.passages:
        held[one.district.id].add(one.before.id)
        above[one.district.id] = one.district
    provinces: dict[str, tuple[Unit, list[tuple[Unit, int]]]] = {}
    for district in above.values():
        if district.level == UnitLevel.PROVINCE:  # already two levels on the first day: nothing to narrow to
            continue
        province = district.province or district
        provinces.setdefault(province.code, (province, []))[1].append((district, len(held[district.id])))
    return list(provinces.values())
