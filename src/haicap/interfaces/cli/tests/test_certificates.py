"""`haicap certificates`: an issuer by its fingerprint, its list, and what the list says."""

from __future__ import annotations

import json

import pytest

from haicap.domain.dossiers.tests.factories import staffed_province
from haicap.domain.people.tests.issuers import Issuer
from haicap.interfaces.cli import boot
from haicap.interfaces.cli.main import main

pytestmark = pytest.mark.django_db(databases=["default", "owner"])


def test_an_issuer_and_its_list_from_files(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(boot, "django", lambda: None)
    staffed_province()
    root = Issuer("Gốc thử")
    (tmp_path / "goc.cer").write_bytes(root.file)
    (tmp_path / "goc.crl").write_bytes(root.list_of({5: None}, number=3))

    def run(*words: str) -> tuple[int, str]:
        status = main(["certificates", *words])
        told = capsys.readouterr()
        return status, told.out + told.err

    file = str(tmp_path / "goc.cer")
    status, told = run("trust", file, "--sha256", "00" * 32)
    assert status == 1 and "SHA-256" in told
    digest = told.split("SHA-256 is ")[1].split(":  ")[0].split(": not")[0]
    assert run("trust", file, "--sha256", digest)[0] == 0
    assert run("trust", file, "--sha256", digest)[0] == 1, "it is there already"
    assert run("revocations", str(tmp_path / "khong-co.crl"))[0] == 1
    status, told = run("revocations", str(tmp_path / "goc.crl"))
    assert status == 0 and "list 3 of Gốc thử: 1 serials" in told
    (row,) = json.loads(run("issuers", "--json")[1])["items"]
    assert row["root"] and row["trusted"] and row["list_until"]
