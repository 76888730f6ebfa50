"""`haicap units apply`, `undo`, `resolutions` and `schema` as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from haicap.domain.units.commands.resolutions import packaged
from haicap.interfaces.cli import boot
from haicap.interfaces.cli.main import main

WARDS = packaged.FOLDER / "2026" / "24-bac-ninh-phuong.yaml"
LANG_SON = packaged.FOLDER / "2025" / "20-lang-son.yaml"


@pytest.fixture(autouse=True)
def here(own_database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The commands meet the test's own database."""
    monkeypatch.setattr(boot, "django", lambda **_: None)


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    status = main(["units", *words])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_a_dry_run_tells_the_effect_then_it_is_applied_once_and_undone(capsys) -> None:
    status, out, _ = run(capsys, "apply", str(WARDS), "--dry-run", "--json")
    told = json.loads(out)
    assert status == 0
    assert (told["dry_run"], told["applied"], told["uncertain"], told["units"]["reclassified"]) == (
        True,
        False,
        True,
        12,
    )
    assert {row["holding"] for row in told["impact"]["totals"]} >= {"dossiers", "people", "files"}
    status, out, err = run(capsys, "apply", str(WARDS))
    assert (status, out) == (1, "")
    assert "--confirm-uncertain" in err
    status, out, _ = run(capsys, "apply", str(WARDS), "--confirm-uncertain", "--json")
    assert (status, json.loads(out)["applied"]) == (0, True)
    status, out, _ = run(capsys, "apply", str(WARDS), "--confirm-uncertain", "--json")
    assert (status, json.loads(out)["already_applied"]) == (0, True)
    status, out, _ = run(capsys, "undo", "388/NQ-UBTVQH16", "--json")
    assert (status, json.loads(out)["restored"]) == (0, 12)
    status, _, err = run(capsys, "undo", "388/NQ-UBTVQH16")
    assert status == 1
    assert "388/NQ-UBTVQH16" in err


def test_it_is_told_in_sentences(capsys) -> None:
    assert "Chạy thử 388/NQ-UBTVQH16" in run(capsys, "apply", str(WARDS), "--dry-run")[1]
    assert "1672/NQ-UBTVQH15 đã được áp dụng, có hiệu lực từ 2025-07-01; không làm gì thêm." in run(
        capsys, "apply", str(LANG_SON)
    )[1]  # fmt: skip
    assert run(capsys, "undo", "1672/NQ-UBTVQH15")[0] == 0
    assert "chia Xã Bính Xá (06622): Xã Đình Lập (06613), Xã Kiên Mộc (06625)" in run(
        capsys, "apply", str(LANG_SON)
    )[1]  # fmt: skip


def test_faults_come_one_a_line(capsys, tmp_path: Path) -> None:
    file = tmp_path / "sai.yaml"
    file.write_text(WARDS.read_text(encoding="utf-8").replace("xa", "xã").replace("kind: phuong", "kind: phường", 2),
                    encoding="utf-8")  # fmt: skip
    status, out, err = run(capsys, "apply", str(file), "--json")
    told = json.loads(out)
    assert (status, told["refused"]) == (1, "units.resolution_flawed")
    assert len(told["problems"]) == len(err.splitlines()) - 1 >= 2
    assert all(problem["field"] == f"sai.yaml:{problem['line']}" for problem in told["problems"])
    status, out, err = run(capsys, "apply", str(tmp_path / "khong.yaml"))
    assert (status, out) == (1, "")
    assert "khong.yaml" in err


def test_what_depends_is_told_one_a_line(capsys) -> None:
    status, _, err = run(capsys, "undo", "1662/NQ-UBTVQH15")
    assert status == 1
    assert "30/2026/QH16" in err.splitlines()[0]


def test_resolutions_and_schema_are_listed(capsys) -> None:
    states = {one["number"]: one["state"] for one in json.loads(run(capsys, "resolutions", "--json")[1])}
    assert len(states) == 38
    assert (states["1672/NQ-UBTVQH15"], states["36/2026/QH16"]) == ("applied", "unconfirmed")
    assert "1672/NQ-UBTVQH15" in run(capsys, "resolutions")[1]
    assert json.loads(run(capsys, "schema")[1])["$id"] == "urn:haicap:resolution:1"
