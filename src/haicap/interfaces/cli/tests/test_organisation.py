"""`haicap organisation`: load, show, contact, and what they refuse; the public page over the same rows."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client

from haicap.domain.dossiers.tests.factories import staffed_commune
from haicap.domain.people.models import Body
from haicap.flows.uncertain import Kind, facts_for
from haicap.interfaces.cli import boot
from haicap.interfaces.cli.main import main
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
WARD = "03664"


@pytest.fixture(autouse=True)
def _booted(monkeypatch):
    """The tests' database is up already."""
    monkeypatch.setattr(boot, "django", lambda: None)


def run(capsys, *words):
    """Exit status, standard output and standard error of a command."""
    status = main(["organisation", *words])
    told = capsys.readouterr()
    return status, told.out, told.err


def text_of(answer):
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_a_province_is_loaded_with_all_its_communes(capsys):
    status, out, _ = run(capsys, "load", "--within", "14", "--on", "2025-07-01", "--json")
    told = json.loads(out)
    assert (status, told["units"], told["changed_units"]) == (0, 76, 76)
    assert told["seconds"] < 20
    assert json.loads(run(capsys, "load", "--within", "14", "--json")[1])["changed_units"] == 0
    shown = json.loads(run(capsys, "show", WARD, "--json")[1])
    assert [block["block"] for block in shown["blocks"]] == ["party", "council", "committee", "front"]
    assert "Phòng Kinh tế, Hạ tầng và Đô thị" in run(capsys, "show", WARD)[1]
    assert run(capsys, "show", WARD, "--on", "2025-06-01")[2].startswith("chưa nạp")


def test_a_dry_run_says_so_and_writes_nothing(capsys):
    status, _, err = run(capsys, "load", "--within", WARD, "--dry-run")
    assert (status, err.strip()) == (0, "Chạy thử: chưa ghi gì.")
    assert not Body.objects.exists()


@pytest.mark.parametrize(
    "words",
    [
        ("load", "--within", "99999"),
        ("load", "--within", "116"),
        ("load", "--within", WARD, "--on", "2025-06-01"),
        ("load", "--within", WARD, "--on", "hôm qua"),
        ("load", "--within", WARD, "--template", "/khong/co.yaml"),
        ("load", "--within", WARD, "--with", "khong_co"),
        ("show", "99999"),
        ("contact", WARD, "center", "--phone", "115"),  # nothing was established here
    ],
)
def test_what_cannot_be_is_refused_in_one_line(capsys, words):
    status, _, err = run(capsys, *words)
    assert status == 1
    assert err.startswith("haicap: ")
    assert err.count("\n") == 1
    assert "HAICAP_TRACEBACK" not in err


def test_the_page_names_heads_and_nobody_else(capsys):
    staff = staffed_commune(WARD)
    run(capsys, "load", "--within", WARD)
    run(capsys, "contact", WARD, "committee", "--phone", "0212 3852 022 máy lẻ 3", "--address", "Số 1 Tô Hiệu")
    page = Client().get(f"/don-vi/{WARD}/to-chuc/")
    text = text_of(page)
    assert staff.chair.name in text
    assert staff.head.name in text
    for other in ("counter", "case_officer", "clerk", "administrator"):
        assert staff.actors[other].name not in text
    assert "chưa kiểm chứng" in text
    assert "Số 1 Tô Hiệu" in text
    assert 'href="tel:02123852022"' in page.content.decode()
    there = Client().get(f"/don-vi/{WARD}/")
    assert f"/don-vi/{WARD}/to-chuc/" in there.content.decode()
    assert "0212 3852 022" in text_of(there)


def test_the_page_without_an_organisation_a_number_or_a_right_day(capsys):
    client = Client()
    text = text_of(client.get(f"/don-vi/{WARD}/to-chuc/"))
    assert "Chưa nạp tổ chức" in text
    assert "Chưa có số điện thoại" in text
    run(capsys, "load", "--within", WARD, "--on", "2025-08-01")
    assert "Đảng ủy" in text_of(client.get(f"/don-vi/{WARD}/to-chuc/", {"ngay": "2025-08-01"}))
    assert "Đảng ủy" not in text_of(client.get(f"/don-vi/{WARD}/to-chuc/", {"ngay": "2025-07-31"}))
    assert client.get(f"/don-vi/{WARD}/to-chuc/", {"ngay": "mai"}).status_code == 422
    assert client.get("/don-vi/99999/to-chuc/").status_code == 404
    client.cookies["haicap_language"] = "en"
    assert "Party Committee" in text_of(client.get(f"/don-vi/{WARD}/to-chuc/"))


def test_what_is_not_verified_is_listed_for_the_administrator(capsys):
    staff = staffed_commune(WARD)
    run(capsys, "load", "--within", WARD)
    with entered(staff.administrator, read_only=True):
        facts = [fact for fact in facts_for(staff.administrator) if fact.kind == Kind.ORGANISATION]
    assert {"Trạm Y tế", "Công đoàn", "Công an"} <= {fact.of for fact in facts}
    assert all(fact.certainty == "K" and fact.what for fact in facts)
