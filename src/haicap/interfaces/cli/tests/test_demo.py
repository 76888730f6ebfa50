"""`haicap demo` on the command line: what it shows while it works, and what it refuses."""

from __future__ import annotations

import argparse

import pytest

from haicap.interfaces.cli import demo


def parsed(*words: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    demo.add_parser(parser.add_subparsers())
    return parser.parse_args(["demo", *words])


def test_the_grammar():
    usual = parsed()
    assert (usual.port, usual.no_serve, usual.scale, usual.reset) == (8000, False, None, False)
    assert parsed("--port", "8123", "--no-serve", "--scale", "full", "--reset").scale == "full"


@pytest.mark.parametrize("words", [["--scale", "huge"], ["--port", "0"]])
def test_wrong_usage(words, capsys):
    with pytest.raises(SystemExit) as ended:
        parsed(*words)
    assert ended.value.code == 2


def test_progress_without_a_terminal_is_a_line_a_step(capsys):
    with demo._shown() as progress:
        for done in range(0, 1001, 100):
            progress("dossiers", done, 1000)
        progress("seal", 0, 0)
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.splitlines()) == 6  # the quarters of the long one, and the other
    assert "1000/1000" in told.err


def test_progress_on_a_terminal_is_a_bar(monkeypatch, capsys):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    with demo._shown() as progress:
        for what, done, of in (("units", 0, 0), ("dossiers", 500, 1000), ("dossiers", 1000, 1000), ("seal", 0, 0)):
            progress(what, done, of)
    assert "1000/1000" in capsys.readouterr().err


def test_every_step_has_its_words():
    assert all(" / " in words for words in demo.WORDS.values())
