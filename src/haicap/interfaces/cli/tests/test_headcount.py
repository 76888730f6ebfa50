"""`haicap headcount`: a file of quotas is judged, written, and the second time nothing changes."""

from __future__ import annotations

import json

import pytest

from haicap.domain.dossiers.tests.factories import staffed_commune, staffed_province
from haicap.interfaces.cli import boot
from haicap.interfaces.cli.main import main

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
ROW = {"unit": "03664", "block": "committee", "seats": 26, "decision_number": "1/QĐ", "decision_date": "20/06/2025",
       "valid_from": "01/07/2025"}  # fmt: skip


@pytest.fixture(autouse=True)
def _booted(monkeypatch):
    """The tests' database is up already."""
    monkeypatch.setattr(boot, "django", lambda: None)
    staffed_commune("03664")
    staffed_province()


def run(capsys, *words):
    """Exit status, standard output and standard error of a command."""
    status = main(["headcount", *words, "--account", "quantri-14"])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_a_document_of_quotas(capsys, tmp_path):
    path = tmp_path / "bien-che.yaml"
    path.write_text(json.dumps([ROW]), encoding="utf-8")
    told = json.loads(run(capsys, "quota", "load", str(path), "--dry-run", "--json")[1])
    assert (told["changes"], told["written"], told["dry_run"]) == (1, 0, True)
    assert json.loads(run(capsys, "quota", "load", str(path), "--json")[1])["written"] == 1
    assert json.loads(run(capsys, "quota", "load", str(path), "--json")[1])["changes"] == 0
    shown = json.loads(run(capsys, "show", "--on", "2025-07-01", "--json")[1])
    assert {
        name: value for name, value in next(one for one in shown if one["unit"] == "03664").items() if name != "blocks"
    } == {"unit": "03664", "quota": 26, "actual": 0}


@pytest.mark.parametrize("document", ["{}", "[1]", "- [", json.dumps([ROW | {"unit": "x"}]), "[]"])
def test_what_cannot_be_read_or_has_faults_is_told(capsys, tmp_path, document):
    path = tmp_path / "bien-che.yaml"
    path.write_text(document, encoding="utf-8")
    status, _, err = run(capsys, "quota", "load", str(path))
    assert status == 1
    assert err.count("\n") == 1
    assert "HAICAP_TRACEBACK" not in err
