"""The test set: how many addresses are read rightly, style by style, and that hardly any is read wrongly for certain."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import pytest

from haicap.domain.units.addresses import Answer, Resolver, Status
from haicap.domain.units.tests.addresses.cases import STYLES, Case, Maker
from haicap.domain.units.tests.addresses.nation import Nation

RIGHT, EXACT_SETS, FALSE_CERTAIN = 0.995, 0.99, 0.002
SEED, OF_EACH_STYLE = 20250701, 130


@dataclass
class Score:
    """Addresses with one answer, with several or none; how many of each were right; how many were wrong for certain."""

    one: int = 0
    one_right: int = 0
    several: int = 0
    several_right: int = 0
    false_certain: int = 0

    def count(self, case: Case, answer: Answer) -> bool:
        got = frozenset(answer.codes)
        if len(case.fits) == 1:
            right = answer.status is Status.EXACT and got == case.fits
            self.one += 1
            self.one_right += right
        else:
            right = answer.status is not Status.EXACT and (not case.fits or got == case.fits)
            self.several += 1
            self.several_right += right
        self.false_certain += answer.status is Status.EXACT and got != case.fits
        return right

    def line(self, name: str) -> str:
        return (
            f"{name:44} one {self.one_right}/{self.one}, several {self.several_right}/{self.several}, "
            f"wrong for certain {self.false_certain}"
        )


@pytest.fixture(scope="module")
def told(nation: Nation, resolver: Resolver) -> tuple[dict[str, Score], list[str]]:
    """The scores by style, and what was read wrongly."""
    scores: dict[str, Score] = defaultdict(Score)
    wrong = []
    for case in Maker(nation, SEED, OF_EACH_STYLE).all():
        answer = resolver.resolve(case.text)
        right = scores[case.style].count(case, answer)
        scores["all"].count(case, answer)
        if not right:
            fits, got = sorted(case.fits)[:5], sorted(answer.codes)[:5]
            wrong.append(f"{case.style}: {case.text!r} fits {fits}, got {answer.status} {got}")
    return scores, wrong


def test_the_bars_hold_over_all_styles(told: tuple[dict[str, Score], list[str]]) -> None:
    scores, wrong = told
    table = "\n".join([score.line(name) for name, score in scores.items()] + wrong[:60])
    total = scores["all"]
    assert total.one + total.several >= 5_000 + 2 * OF_EACH_STYLE, table
    assert total.one_right >= RIGHT * total.one, table
    assert total.several_right >= EXACT_SETS * total.several, table
    assert total.false_certain <= FALSE_CERTAIN * (total.one + total.several), table


def test_what_is_written_without_a_mistake_is_read_without_one(told: tuple[dict[str, Score], list[str]]) -> None:
    scores, wrong = told
    clean = ("old, in full", "old, no accents", "old, upper case", "old, decomposed", "new, in full", "new, no accents",
             "old, tones and y as others write", "former name", "homonym alone", "homonym in a province")  # fmt: skip
    table = "\n".join([scores[name].line(name) for name in clean] + wrong[:60])
    for name in clean:
        score = scores[name]
        assert score.one_right + score.several_right >= 0.999 * (score.one + score.several), table


def test_no_style_is_neglected(told: tuple[dict[str, Score], list[str]]) -> None:
    scores, wrong = told
    table = "\n".join([score.line(name) for name, score in scores.items()] + wrong[:60])
    for name in STYLES:
        score = scores[name]
        assert score.one_right + score.several_right >= 0.93 * (score.one + score.several), table
        assert score.false_certain <= 0.01 * (score.one + score.several) + 1, table
