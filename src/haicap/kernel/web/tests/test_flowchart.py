"""The geometry of flow diagrams: bands keep their widths, bars their lines, and nothing leaves the drawing."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.kernel.web.flowchart import LINE, Link, Node, draw

CLOSE = pytest.approx


@st.composite
def flows(draw_one):
    """Two to four columns, every node of a later one fed from the one before."""
    sizes = draw_one(st.lists(st.integers(1, 12), min_size=2, max_size=4))
    nodes = [Node((c, i), f"{c}-{i}", c) for c, size in enumerate(sizes) for i in range(size)]
    links = []
    for column in range(1, len(sizes)):
        for number in range(sizes[column]):
            sources = draw_one(st.lists(st.integers(0, sizes[column - 1] - 1), min_size=1, max_size=5, unique=True))
            amount = st.floats(0.1, 30)
            links += [Link((column - 1, one), (column, number), draw_one(amount), draw_one(st.booleans()))
                      for one in sources]  # fmt: skip
    return nodes, links


@given(flows())
def test_bands_conserve_widths(flow):
    nodes, links = flow
    drawing = draw(nodes, links)
    thick = {(band.link.source, band.link.target): band.thick for bar in drawing.bars for band in bar.bands}
    assert len(thick) == len(links)
    per_amount = {round(thick[link.source, link.target] / link.amount, 6) for link in links}
    assert max(per_amount) == CLOSE(min(per_amount), rel=1e-4)
    for bar in drawing.bars:
        coming, going = sum(one.thick for one in bar.bands), sum(one.thick for one in bar.goes_to)
        assert max(coming, going) == CLOSE(bar.height)
        _stacked_without_gap(sorted((one.y1, one.thick) for one in bar.bands), bar)
        _stacked_without_gap(sorted((one.y0, one.thick) for one in bar.goes_to), bar)


def _stacked_without_gap(bands, bar):
    y = bar.top
    for at, thick in bands:
        assert at == CLOSE(y)
        y += thick
    assert y <= bar.top + bar.height + 1e-6


@given(flows())
def test_every_name_has_its_line_inside_the_drawing(flow):
    nodes, links = flow
    drawing = draw(nodes, links)
    assert len(drawing.bars) == len(nodes)
    for column in {node.column for node in nodes}:
        middles = sorted(bar.middle for bar in drawing.bars if bar.node.column == column)
        assert all(after - before >= LINE - 0.2 for before, after in pairwise(middles))
        assert middles[0] >= LINE / 2
        assert middles[-1] <= drawing.height


def test_later_columns_follow_their_sources():
    nodes = [Node("a", "A"), Node("b", "B"), Node("x", "X", 1), Node("y", "Y", 1)]
    drawing = draw(nodes, [Link("b", "x", 1), Link("a", "y", 1)])
    assert [bar.node.key for bar in drawing.bars] == ["a", "b", "y", "x"]


def test_a_band_leads_to_a_later_column_only():
    nodes = [Node("a", "A"), Node("b", "B")]
    with pytest.raises(ValueError, match="later column"):
        draw(nodes, [Link("a", "b", 1)])
    with pytest.raises(KeyError):
        draw(nodes, [Link("a", "gone", 1)])


def test_nothing_is_drawn_of_nothing():
    drawing = draw([], [])
    assert (drawing.bars, drawing.sources, drawing.has_partial) == ([], [], False)


def test_headings_take_room_and_broken_bands_are_known():
    nodes = [Node("a", "A", heading="Tỉnh X"), Node("b", "B", heading="Tỉnh Y"), Node("x", "X", 1)]
    drawing = draw(nodes, [Link("a", "x", 1), Link("b", "x", 0.5, partial=True)], heads=("trước", "sau"))
    first, second, _ = drawing.bars
    assert second.heading_y - first.middle >= LINE / 2
    assert drawing.has_partial
    assert [head for _, _, head in drawing.heads] == ["trước", "sau"]


def test_long_names_have_room_on_their_own_side():
    short = draw([Node("a", "A"), Node("x", "X", 1)], [Link("a", "x", 1)])
    long = draw([Node("a", "Thị trấn Nông trường Thái Bình"), Node("x", "X", 1)], [Link("a", "x", 1)])
    assert long.width - short.width == long.bars[0].x - short.bars[0].x > 80
