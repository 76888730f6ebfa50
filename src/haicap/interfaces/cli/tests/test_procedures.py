"""`haicap procedures` on the command line."""

from __future__ import annotations

import argparse
import json

import pytest

from haicap.interfaces.cli import boot, procedures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(monkeypatch):
    monkeypatch.setattr(boot, "django", lambda **_: None)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    procedures.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["procedures", *words])
    return arguments.run(arguments)


def test_list(capsys):
    assert run("list", "--on", "2025-06-30", "--level", "xa", "--json") == 0
    rows = json.loads(capsys.readouterr().out)
    assert {row["level"] for row in rows} == {"xa"}
    assert "1.001193" in [row["code"] for row in rows]
    assert "1.001612" not in [row["code"] for row in rows]
    assert run("list") == 0
    told = capsys.readouterr()
    assert "Đăng ký khai sinh" in told.out
    assert "thủ tục vào ngày" in told.err


@pytest.mark.django_db(databases=["default", "owner"])
def test_import_and_template(tmp_path, capsys):
    file = str(tmp_path / "mau.xlsx")
    assert run("template", file) == 0
    assert run("import", file, "--dry-run", "--json") == 0
    assert json.loads(capsys.readouterr().out)["created"] == ["1.000000"]
    bad = tmp_path / "bad.yaml"
    bad.write_text("procedures: [{code: x}]", encoding="utf-8")
    assert run("import", str(bad)) == 1
    told = capsys.readouterr()
    assert "bad.yaml:1" in told.err
    assert "không nhận: 1" in told.out
