"""`haicap units resolve` and `convert`: the words, the documents, the exit status, the files."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from haicap.interfaces.cli import boot, main

pytestmark = pytest.mark.django_db

WHOLE = "Bản Mòng, Xã Chiềng Đen, Thành phố Sơn La, Tỉnh Sơn La"
DIVIDED = "Xã Bính Xá, Huyện Đình Lập, Tỉnh Lạng Sơn"


@pytest.fixture(autouse=True)
def _only_units(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(boot, "django", lambda **_: None)
    monkeypatch.setattr(main, "GROUPS", ("units",))


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "in.csv"
    path.write_text(f'ma,address\n1,"{WHOLE}"\n2,"{DIVIDED}"\n3,xyz\n', encoding="utf-8")
    return path


def test_a_certain_address(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["units", "resolve", WHOLE, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["status"] == "exact"
    assert {"code", "name", "province", "score", "why"} <= set(told["candidates"][0])
    assert told["candidates"][0]["name"] == "Phường Chiềng An"
    assert main.main(["units", "resolve", WHOLE]) == 0
    shown = capsys.readouterr().out
    assert "Chắc chắn: một đơn vị" in shown
    assert "Phường Chiềng An, Tỉnh Sơn La" in shown


def test_an_address_of_then(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["units", "resolve", WHOLE, "--on", "2025-06-30", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["candidates"][0]["name"] == "Xã Chiềng Đen"


@pytest.mark.parametrize(("address", "status"), [(DIVIDED, "ambiguous"), ("xyz qwerty", "unknown")])
def test_not_knowing_is_an_answer_too(address: str, status: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["units", "resolve", address, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == status
    assert main.main(["units", "resolve", address]) == 0
    assert capsys.readouterr().out.strip()


@pytest.mark.parametrize(
    "words", [[""], ["x" * 501], ["a\x00b"], [WHOLE, "--on", "hôm nay"], [WHOLE, "--on", "1999-01-01"]]
)
def test_questions_that_are_refused_in_one_line(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["units", "resolve", *words, "--json"]) == 1
    told = capsys.readouterr()
    assert told.out == ""
    assert len(told.err.strip().splitlines()) == 1


def test_a_table_is_converted(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = source.with_name("out.csv")
    assert main.main(["units", "convert", str(source), str(out), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [told[key] for key in ("rows", "exact", "ambiguous", "unknown")] == [3, 1, 1, 1]
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["status"] for row in rows] == ["exact", "ambiguous", "unknown"]
    assert rows[0]["new_name"] == "Phường Chiềng An"
    assert rows[0]["candidates"] == rows[0]["new_code"]
    assert rows[0]["province_code"] == "14"
    assert (rows[1]["new_code"], len(rows[1]["candidates"].split(";")) > 1) == ("", True)
    with out.with_name("out.report.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["row"] for row in csv.DictReader(file)] == ["3", "4"]


def test_a_result_that_is_there_is_not_overwritten_unasked(source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, report = source.with_name("out.csv"), source.with_name("lý do.csv")
    words = ["units", "convert", str(source), str(out), "--report", str(report)]
    assert main.main(words) == 0
    assert "3 dòng" in capsys.readouterr().out
    assert report.exists()
    assert main.main(words) == 1
    assert "--force" in capsys.readouterr().err
    assert main.main([*words, "--force"]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [(["missing.csv", "out.csv"], "missing.csv"), (["in.csv", "out.csv", "--column", "nơi ở"], "“ma”, “address”"),
     (["in.csv", "in.csv", "--force"], "ba tệp khác nhau"), (["in.csv", "out.csv", "--on", "x"], "2025-07-01")],
)  # fmt: skip
def test_tables_that_are_refused(words, said, source, monkeypatch, capsys) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.chdir(source.parent)
    assert main.main(["units", "convert", *words]) == 1
    told = capsys.readouterr().err.strip()
    assert said in told
    assert len(told.splitlines()) == 1
    assert [path.name for path in source.parent.iterdir()] == ["in.csv"]
