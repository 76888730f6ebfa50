"""`haicap competence` on the command line."""

from __future__ import annotations

import argparse
import json

import pytest

from haicap.domain.procedures.errors import PlaceClosed, PlaceTooWide
from haicap.domain.units.errors import DateUnreadable
from haicap.interfaces.cli import boot, competence
from haicap.interfaces.cli.main import main

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def ready(monkeypatch):
    monkeypatch.setattr(boot, "django", lambda **_: None)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    competence.add_parser(parser.add_subparsers())
    arguments = parser.parse_args(["competence", *words])
    return arguments.run(arguments)


def test_json_names_unit_agency_and_basis(capsys):
    assert run("2.000528", "--at", "03661", "--on", "2025-06-30", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["level"], told["unit"]["code"]) == ("huyen", "116")
    assert told["agency"]["name"] == "Ủy ban nhân dân thành phố Sơn La"
    assert told["basis"][0]["cited"] == "điểm a khoản 2 Điều 7, 60/2014/QH13"
    assert run("2.000528", "--at", "03664", "--on", "2025-07-01", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["level"], told["unit"]["code"], told["since"]) == ("xa", "03664", "2025-07-01")
    assert told["basis"][0]["cited"] == "Điều 4, 120/2025/NĐ-CP"


def test_words_on_the_screen(capsys):
    assert run("1.001612", "--at", "xã Chiềng Đen, tỉnh Sơn La", "--on", "2025-07-01") == 0
    told = capsys.readouterr()
    assert "→ Phòng Kinh tế, Hạ tầng và Đô thị phường Chiềng An (Cấp xã)" in told.out
    assert "chưa kiểm chứng" in told.out
    assert "Trước 01/07/2025: Phòng Tài chính – Kế hoạch cấp huyện" in told.out
    assert "bất kỳ Trung tâm" in told.err


@pytest.mark.parametrize(
    ("words", "error"),
    [(("--at", "03661"), PlaceClosed), (("--at", "14"), PlaceTooWide), (("--at", "14", "--on", "1/7"), DateUnreadable)],
)
def test_refusals(words, error):
    with pytest.raises(error):
        run("1.001193", *words)


def test_a_refusal_is_one_line_and_status_1(capsys):
    assert main(["competence", "1.001193", "--at", "03661", "--on", "2025-07-01", "--json"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1
    assert "Phường Chiềng An (03664)" in told.err
    with pytest.raises(SystemExit) as usage:
        main(["competence", "1.001193"])
    assert usage.value.code == 2
