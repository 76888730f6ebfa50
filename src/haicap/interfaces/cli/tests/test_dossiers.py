"""`haicap dossiers import` on the command line."""

from __future__ import annotations

import argparse
import csv
import json

import pytest

from haicap.domain.dossiers.tests.factories import staffed_commune
from haicap.domain.people.errors import AccountUnknown
from haicap.interfaces.cli import boot, dossiers

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

MAPPING = """
system: motcua-cu
columns: {Mã: code, Xã: unit, Thủ tục: procedure, Nhận: received_at, Xong: decided_at, Trả: returned_at, Tên: applicant_name}
"""
HEADER = ["Mã", "Xã", "Thủ tục", "Nhận", "Xong", "Trả", "Tên"]
GOOD = ["A1", "03664", "2.000815", "04/08/2025 08:10", "04/08/2025 09:00", "04/08/2025 10:00", "Lò Văn Ín"]
BAD = ["A2", "99999", "2.000815", "04/08/2025 08:10", "", "", "Lò Thị Bun"]


@pytest.fixture(autouse=True)
def ready(monkeypatch):
    monkeypatch.setattr(boot, "django", lambda **_: None)
    staffed_commune("03664")


@pytest.fixture
def files(tmp_path):
    (tmp_path / "m.yaml").write_text(MAPPING, encoding="utf-8")

    def write(*rows):
        with (tmp_path / "old.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows])
        return [str(tmp_path / "old.csv"), "--mapping", str(tmp_path / "m.yaml"), "--account", "quantri-03664"]

    return write


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    dossiers.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["dossiers", "import", *words])
    return arguments.run(arguments)


def test_a_sound_file(files, capsys):
    words = files(GOOD)
    assert run(*words, "--dry-run", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["dry_run"], told["read"], told["imported"], told["refused"]) == (True, 1, 1, 0)
    assert run(*words, "--json") == 0
    assert json.loads(capsys.readouterr().out)["imported"] == 1
    assert run(*words) == 0
    assert "đã có 1" in capsys.readouterr().out


def test_refused_rows_are_told_line_by_line(files, tmp_path, capsys):
    assert run(*files(GOOD, BAD), "--report", str(tmp_path / "out.csv")) == 1
    told = capsys.readouterr()
    assert "từ chối 1" in told.out
    assert "Dòng 3, unit" in told.err
    assert "99999" in (tmp_path / "out.csv").read_text("utf-8-sig")


def test_an_unknown_account(files):
    words = files(GOOD)
    with pytest.raises(AccountUnknown):
        run(*words[:-1], "khong-ai")
