"""`haicap calendar due`, as scripts call it: without a database and without settings."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys

import pytest

from haicap.interfaces.cli import calendar
from haicap.kernel.errors import DomainError


def run(*words):
    top = argparse.ArgumentParser(prog="haicap")
    calendar.add_parser(top.add_subparsers(required=True))
    arguments = top.parse_args(["calendar", "due", *words])
    return arguments.run(arguments)


@pytest.mark.parametrize(
    ("words", "ends"),
    [
        (["--from", "2025-08-29T16:59", "--days", "1"], "2025-09-03T17:00:00+07:00"),
        (["--from", "2025-08-29T17:01", "--days", "1"], "2025-09-04T17:00:00+07:00"),
        (["--from", "2025-08-29 16:59:00+07:00", "--days", "0"], "2025-08-29T17:00:00+07:00"),
        (["--from", "2025-08-29T09:59:00Z", "--days", "1"], "2025-09-03T17:00:00+07:00"),
        (["--from", "2025-08-29", "--hours", "4"], "2025-08-29T11:00:00+07:00"),
        (["--from", "2025-08-30", "--hours", "1"], "2025-09-03T08:00:00+07:00"),
        (["--from", "2025-04-25T09:00", "--days", "1"], "2025-04-26T17:00:00+07:00"),
        (["--from", "2026-01-09T09:00", "--days", "1"], "2026-01-10T17:00:00+07:00"),
        (["--from", "2025-08-27T09:00", "--days", "0.25"], "2025-08-27T11:00:00+07:00"),
        (["--from", "2025-08-29T11:00", "--hours", "8"], "2025-09-03T11:00:00+07:00"),
    ],
)
def test_due(capsys, words, ends):
    assert run(*words, "--json") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["due"] == ends
    assert not err


def test_for_people(capsys):
    run("--from", "2025-08-29T16:59", "--days", "1")
    out, _ = capsys.readouterr()
    assert out == ("2025-09-03T17:00:00+07:00  Thứ Tư, 03/09/2025, trước 17:00 · before 17:00, Wednesday 03/09/2025\n")


@pytest.mark.parametrize("start", ["2027-02-03T09:00", "2027-12-30T09:00"])
def test_what_is_not_announced_yet_is_said(capsys, start):
    run("--from", start, "--days", "3", "--json")
    out, err = capsys.readouterr()
    assert json.loads(out)["certain"] is False
    assert "chưa có thông báo" in err


@pytest.mark.parametrize(
    "words",
    [
        ["--from", "tomorrow", "--days", "1"],
        ["--from", "2025-02-30", "--days", "1"],
        ["--from", "2025-08-29T25:00", "--days", "1"],
        ["--from", "", "--days", "1"],
        ["--from", "0001-01-01T00:00+14:00", "--days", "1"],
        ["--from", "9999-12-31T10:00", "--days", "1"],
        ["--from", "2025-08-29T09:00", "--days", "-1"],
        ["--from", "2025-08-29T09:00", "--days", "0.3"],
        ["--from", "2025-08-29T09:00", "--days", "nan"],
        ["--from", "2025-08-29T09:00", "--hours", "inf"],
        ["--from", "2025-08-29T09:00", "--days", "1e300"],
    ],
)
def test_a_value_that_makes_no_sense_is_refused_in_one_line(words):
    with pytest.raises(DomainError) as refused:
        run(*words, "--json")
    assert "\n" not in refused.value.sentence()


@pytest.mark.parametrize(
    "words",
    [
        ["--from", "2025-08-29T09:00"],
        ["--days", "1"],
        ["--from", "2025-08-29T09:00", "--days", "1", "--hours", "1"],
        ["--from", "2025-08-29T09:00", "--days", "two"],
    ],
)
def test_wrong_usage(words):
    with pytest.raises(SystemExit) as left:
        run(*words)
    assert left.value.code == 2


def test_it_needs_neither_settings_nor_database():
    code = (
        "import argparse, sys\n"
        "from haicap.interfaces.cli import calendar\n"
        "top = argparse.ArgumentParser()\n"
        "calendar.add_parser(top.add_subparsers())\n"
        "arguments = top.parse_args(sys.argv[1:])\n"
        "arguments.run(arguments)\n"
        "assert 'django.db' not in sys.modules and 'django.conf' not in sys.modules\n"
    )
    words = ["calendar", "due", "--from", "2025-08-29T16:59", "--days", "1", "--json"]
    done = subprocess.run(
        [sys.executable, "-c", code, *words], env={}, capture_output=True, text=True, check=True, timeout=60
    )
    assert json.loads(done.stdout)["due"] == "2025-09-03T17:00:00+07:00"
