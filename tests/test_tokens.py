"""`haicap token`: issued once, alive until revoked, noted in the trail."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connections

from haicap.domain.dossiers.tests.factories import Staff, staffed_commune
from haicap.domain.people.commands import read_token
from haicap.interfaces.cli import boot
from haicap.interfaces.cli.main import main
from haicap.kernel import clock
from haicap.kernel.errors import SignInNeeded
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db
Shell = Callable[..., tuple[int, str, str]]


@pytest.fixture
def commune(db: None) -> Staff:
    return staffed_commune()


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    """The command line in this process, on the test's database."""
    monkeypatch.setattr(boot, "django", lambda **_: None)

    def run(*words: str) -> tuple[int, str, str]:
        status = main(list(words))
        return status, *capsys.readouterr()

    return run


def test_a_token_lives_until_it_is_revoked(commune: Staff, shell: Shell) -> None:
    status, out, _ = shell(
        "token",
        "create",
        "--account",
        "motcua-03664",
        "--scopes",
        "dossiers:read,dossiers:write",
        "--days",
        "3",
        "--json",
    )
    issued = json.loads(out)
    assert status == 0 and set(issued) == {"token", "id", "expires"}
    life = datetime.fromisoformat(issued["expires"]) - clock.now()
    assert timedelta(days=2, hours=23) < life < timedelta(days=3) and issued["expires"].endswith("+07:00")
    read = read_token(issued["token"])
    assert read == (issued["id"], commune.counter.account_id, frozenset({"dossiers:read", "dossiers:write"}))
    holder = commune.counter.with_pass(issued["id"], frozenset({"dossiers:read"}))
    with entered(holder):
        pass
    assert shell("token", "revoke", str(issued["id"]))[0] == 0
    with pytest.raises(SignInNeeded), entered(holder):
        pass
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('haicap_app', 'scope_pass', 'SELECT')")
        assert cursor.fetchone() == (False,), "nobody lists tokens from the web tier"


def test_scopes_that_do_not_exist_are_refused_with_the_list(commune: Staff, shell: Shell) -> None:
    status, out, error = shell("token", "create", "--account", "motcua-03664", "--scopes", "everything")
    assert status == 1 and out == "" and "everything" in error and "dossiers:read" in error


def test_an_unknown_account_is_refused(commune: Staff, shell: Shell) -> None:
    status, out, error = shell("token", "create", "--account", "nobody")
    assert status == 1 and out == "" and "nobody" in error
