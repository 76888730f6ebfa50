"""What a flow diagram needs before it is drawn: where bars stand and bands run. Pure geometry, no HTML here.

Things stand in columns; bands lead from one column to a later one. A band is as thick as its amount, and on both sides
of a bar the bands together are as thick as the bar, unless more came than went or the other way round. Every bar has
at least one line of text for itself, so a diagram of 75 bars is still read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

LINE = 20.0
"""A bar's line of text, in units of the drawing (one is a pixel on a wide screen)."""
BAR = 10.0
LETTER = 7.6
"""About how wide a letter of a name is; the room beside the outer columns follows from the longest name there."""
LABEL = (110.0, 330.0)
"""That room is at least and at most so wide."""
BETWEEN = 300.0
"""From one column to the next."""
THICKEST = 16.0
"""An amount of 1 is never drawn thicker than this."""
THINNEST = 1.5
"""A bar or a band is never drawn thinner than this, however small its amount."""
TINTS = 3
"""Neighbouring sources take turns in so many tints, to be followed by eye; the tint means nothing."""


@dataclass(frozen=True)
class Node:
    """A thing in a column (0 is the first). `note` stands behind its name, `heading` above it and those that follow."""

    key: Any
    label: Any
    column: int = 0
    note: Any = ""
    href: str = ""
    heading: Any = ""
    quiet: bool = False


@dataclass(frozen=True)
class Link:
    """An amount that went from one node to another; `partial` ones are drawn broken. `text` says the amount in words."""

    source: Any
    target: Any
    amount: float
    partial: bool = False
    text: Any = ""


@dataclass
class Bar:
    """A node in its place. `top` and `height` are those of the bar, `middle` is where its name stands."""

    node: Node
    top: float
    height: float
    x: float
    heading_y: float = 0.0
    first: bool = False
    last: bool = False
    bands: list[Band] = field(default_factory=list)
    goes_to: list[Band] = field(default_factory=list)

    @property
    def middle(self) -> float:
        """Where the name stands."""
        return round(self.top + self.height / 2, 1)

    @property
    def shape(self) -> str:
        """The bar as a path."""
        return f"M{self.x:g} {self.top:.1f}h{BAR:g}v{max(self.height, THINNEST):.1f}h-{BAR:g}z"

    @property
    def label_x(self) -> float:
        """Where the name begins, or ends in the first column."""
        return self.x - 8 if self.first else self.x + BAR + 8


@dataclass(frozen=True)
class Band:
    """A link in its place: from `y0` on the source's side to `y1` on the target's, `thick` on both."""

    link: Link
    source: Bar
    target: Bar
    y0: float
    y1: float
    thick: float
    tint: int

    @property
    def shape(self) -> str:
        """The band as a closed path."""
        x0, x1 = self.source.x + BAR, self.target.x
        mid, thick = (x0 + x1) / 2, max(self.thick, THINNEST)
        y0, y1 = self.y0, self.y1
        there = f"M{x0:g} {y0:.1f}C{mid:g} {y0:.1f} {mid:g} {y1:.1f} {x1:g} {y1:.1f}"
        back = f"v{thick:.1f}C{mid:g} {y1 + thick:.1f} {mid:g} {y0 + thick:.1f} {x0:g} {y0 + thick:.1f}z"
        return there + back


@dataclass(frozen=True)
class Drawing:
    """A diagram ready to be drawn."""

    bars: Sequence[Bar]
    width: float
    height: float
    heads: Sequence[tuple[float, str, Any]]

    @property
    def view_box(self) -> str:
        """The SVG's viewBox."""
        return f"0 0 {self.width:g} {self.height:.0f}"

    @property
    def sources(self) -> list[Bar]:
        """Those from which something leads on, for the diagram in words."""
        return [bar for bar in self.bars if bar.goes_to]

    @property
    def has_partial(self) -> bool:
        """True where a band is broken, and the legend has to say what that means."""
        return any(band.link.partial for bar in self.bars for band in bar.bands)


def draw(
    nodes: Sequence[Node],
    links: Sequence[Link],
    heads: Sequence[Any] = (),
    *,
    between: float = BETWEEN,
) -> Drawing:
    """Bars and bands of `nodes` and `links`; `heads` are the columns' titles, `between` the way from one to the next.

    The first column keeps the order given; further ones are ordered by where their bands come from, so that few cross.
    Links to or from a node that is not there, or not to a later column, raise KeyError and ValueError.
    """
    by_key = {node.key: node for node in nodes}
    for link in links:
        if by_key[link.source].column >= by_key[link.target].column:
            raise ValueError(f"{link.source} → {link.target} does not lead to a later column")
    coming, going = _sums(links)
    columns = _columns(nodes)
    scale = _scale(columns, coming, going)
    top = 2 * LINE if any(heads) else LINE / 2
    sizes = {key: max(coming[key], going[key]) * scale for key in by_key}
    needed = max((sum(_room(node, sizes) for node in column) for column in columns), default=0.0)
    bars: dict[Any, Bar] = {}
    left, right = _beside(columns[:1], heads[:1]), _beside(columns[-1:], heads[-1:])
    for number, column in enumerate(columns):
        ordered = column if number == 0 else _ordered(column, links, bars)
        outer = number == 0, number == len(columns) - 1
        for bar in _placed(ordered, sizes, (top, needed), left + number * between, outer):
            bars[bar.node.key] = bar
    _lay_bands(bars, links, scale)
    width = left + BAR + between * max(len(columns) - 1, 1) + right
    titles = [
        (left + number * between + (0 if number else BAR), "start" if number else "end", head)
        for number, head in enumerate(heads)
    ]
    return Drawing(list(bars.values()), width, top + needed + LINE / 2, titles)


def _beside(column: Sequence[Sequence[Node]], heads: Sequence[Any]) -> float:
    """The room beside an outer column: for its longest name with what stands behind it, within reason."""
    texts = [f"{node.label} {node.note}" for nodes in column for node in nodes]
    texts += [str(node.heading) for nodes in column for node in nodes] + [str(head) for head in heads]
    longest = max((len(text) for text in texts), default=0)
    return round(min(max(longest * LETTER + 16, LABEL[0]), LABEL[1]))


def _sums(links: Sequence[Link]) -> tuple[dict[Any, float], dict[Any, float]]:
    coming: dict[Any, float] = defaultdict(float)
    going: dict[Any, float] = defaultdict(float)
    for link in links:
        going[link.source] += link.amount
        coming[link.target] += link.amount
    return coming, going


def _columns(nodes: Sequence[Node]) -> list[list[Node]]:
    last = max((node.column for node in nodes), default=-1)
    return [[node for node in nodes if node.column == number] for number in range(last + 1)]


def _scale(columns: Sequence[Sequence[Node]], coming: dict[Any, float], going: dict[Any, float]) -> float:
    """How thick an amount of 1 is: the fullest column's bars would fill the longest column's lines."""
    total = max((sum(max(coming[one.key], going[one.key]) for one in column) for column in columns), default=0.0)
    lines = max((len(column) for column in columns), default=0)
    return min(lines * LINE * 0.8 / total, THICKEST) if total else THICKEST


def _room(node: Node, sizes: dict[Any, float]) -> float:
    return max(LINE, sizes[node.key] + LINE / 4) + (1.5 * LINE if node.heading else 0)


def _ordered(column: Sequence[Node], links: Sequence[Link], bars: dict[Any, Bar]) -> list[Node]:
    """By the middle of what comes in; one that nothing leads to keeps its place at the end."""
    pull: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    for link in links:
        if link.source in bars:
            pull[link.target].append((bars[link.source].middle, link.amount))

    def middle(node: Node) -> float:
        pulls = pull[node.key]
        weight = sum(amount for _, amount in pulls)
        return sum(at * amount for at, amount in pulls) / weight if weight else float("inf")

    return sorted(column, key=middle)


def _placed(
    column: Sequence[Node], sizes: dict[Any, float], span: tuple[float, float], x: float, outer: tuple[bool, bool]
) -> list[Bar]:
    """The bars of one column at `x`, the room of `span` (top, height) that is over spread between them."""
    top, height = span
    spare = height - sum(_room(node, sizes) for node in column)
    gap = spare / len(column) if column else 0.0
    y, bars = top + gap / 2, []
    for node in column:
        room, head = _room(node, sizes), 1.5 * LINE if node.heading else 0.0
        inset = (room - head - sizes[node.key]) / 2
        bars.append(Bar(node, y + head + inset, sizes[node.key], x, y + LINE, *outer))
        y += room + gap
    return bars


def _lay_bands(bars: dict[Any, Bar], links: Sequence[Link], scale: float) -> None:
    """Stack the bands on both sides of each bar in the order of where they lead, whole ones before broken ones."""
    order = {key: number for number, key in enumerate(bars)}
    leaving: dict[int, float] = {}
    offsets: dict[Any, float] = defaultdict(float)
    for index, link in sorted(
        enumerate(links), key=lambda one: (order[one[1].source], bars[one[1].target].middle, one[1].partial)
    ):
        leaving[index] = bars[link.source].top + offsets[link.source]
        offsets[link.source] += link.amount * scale
    offsets.clear()
    for index, link in sorted(
        enumerate(links), key=lambda one: (order[one[1].target], bars[one[1].source].middle, one[1].partial)
    ):
        source, target = bars[link.source], bars[link.target]
        arriving = target.top + offsets[link.target]
        offsets[link.target] += link.amount * scale
        band = Band(link, source, target, leaving[index], arriving, link.amount * scale, order[link.source] % TINTS)
        target.bands.append(band)
        source.goes_to.append(band)
