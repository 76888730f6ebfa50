"""`haicap units`: the words, the documents, the exit status."""

from __future__ import annotations

import argparse
import json

import pytest

from haicap.interfaces.cli import boot, main, units

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _only_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django and the database are there already; the other groups have tests of their own."""
    monkeypatch.setattr(boot, "django", lambda **_: None)
    monkeypatch.setattr(main, "GROUPS", ("units",))


def test_the_communes_of_son_la_on_the_eve(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["units", "list", "--on", "2025-06-30", "--within", "14", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert len(found) == 212
    assert sum(unit["level"] == "xa" for unit in found) == 200
    assert set(found[0]) == {
        "code", "name", "kind", "level", "parent_code", "province_code", "valid_from", "valid_to",
    }  # fmt: skip
    assert main.main(["units", "list", "--on", "2025-06-30", "--within", "14", "--kind", "xa", "--json"]) == 0
    villages = json.loads(capsys.readouterr().out)
    assert {unit["kind"] for unit in villages} == {"xa"}
    assert len(villages) == sum(unit["kind"] == "xa" for unit in found)


def test_a_table_for_people_has_its_count_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["units", "list", "--on", "2025-07-01", "--within", "14", "--kind", "phuong"]) == 0
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 8
    assert "Tỉnh Sơn La" in shown.out
    assert "8" in shown.err


def test_the_lineage_of_a_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(["units", "lineage", "00004", "--json"]) == 0
    lineage = json.loads(capsys.readouterr().out)
    assert lineage["code"] == "00004"
    assert [unit["name"] for unit in lineage["units"]] == ["Phường Trúc Bạch", "Phường Ba Đình"]
    assert {"code", "name", "share", "resolution", "on"} <= set(lineage["successors"][0])
    assert main.main(["units", "lineage", "14"]) == 0
    assert "202/2025/QH15" in capsys.readouterr().out
    assert main.main(["units", "lineage", "189"]) == 0
    assert "Xã Kiên Mộc" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("units list --on 2024-12-31", "dữ liệu bắt đầu từ 01/01/2025"),
        ("units list --on 31/12/2025", "2025-07-01"),
        ("units list --kind ward", "dac_khu"),
        ("units list --within 99", "99"),
        ("units list --on 2025-07-01 --within 189", "01/07/2025"),
        ("units lineage 99999", "99999"),
    ],
)
def test_a_refusal_is_one_line_and_status_1(words: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.main(words.split()) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert said in shown.err
    assert len(shown.err.splitlines()) == 1


def test_wrong_usage_is_status_2() -> None:
    top = argparse.ArgumentParser()
    units.add_parser(top.add_subparsers())
    for words in (["units"], ["units", "lineage"], ["units", "list", "--what"]):
        with pytest.raises(SystemExit) as ended:
            top.parse_args(words)
        assert ended.value.code == 2
