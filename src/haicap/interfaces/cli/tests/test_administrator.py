"""`haicap administrator open`: a unit's first administrator comes from the shell, with a password to be replaced."""

from __future__ import annotations

import pytest
from django.test import Client

from haicap.domain.people.queries import account_at_door, actor_for
from haicap.interfaces.cli import boot
from haicap.interfaces.cli.main import main

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
OPEN = ["administrator", "open", "--unit", "14", "--name", "quantri-14", "--full-name", "lò văn quản"]


@pytest.fixture(autouse=True)
def _booted(monkeypatch):
    """The tests' database is up already."""
    monkeypatch.setattr(boot, "django", lambda: None)


def test_the_first_one_signs_in_and_must_choose_a_password(capsys):
    assert main(OPEN) == 0
    password = capsys.readouterr().out.strip()
    account = account_at_door(name="quantri-14")
    assert account is not None and account.full_name == "Lò Văn Quản" and account.password_is_first
    assert actor_for(account.pk).role_names == {"administrator"}
    client = Client()
    assert client.post("/dang-nhap/", {"name": "quantri-14", "password": password}).status_code == 302
    assert client.get("/quan-tri/").status_code == 302  # the password first


def test_a_second_one_is_opened_by_page(capsys):
    assert main(OPEN) == 0
    assert main([*OPEN[:5], "quantri2-14", *OPEN[6:]]) == 1
    assert "Lò Văn Quản" in capsys.readouterr().err
    assert account_at_door(name="quantri2-14") is None


@pytest.mark.parametrize(("place", "value"), [(3, "99"), (5, "Ánh!"), (7, ""), (7, "x" * 500)])
def test_what_is_wrong_is_told_in_one_line(capsys, place, value):
    words = list(OPEN)
    words[place] = value
    assert main(words) == 1
    told = capsys.readouterr().err
    assert told.startswith("haicap: ") and len(told.splitlines()) == 1
