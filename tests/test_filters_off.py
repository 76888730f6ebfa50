"""A build of the queries without a single filter: what the pages then show is what the database alone lets through.

Every filter of the ORM on a guarded table, every WHERE of the statements behind list, search and detail, and every
predicate before a page is taken away; then the real pages are opened as other units' people. The same build on a
connection that no policy binds shows the neighbour's rows, which proves that the filters were really off.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Q, QuerySet
from django.test import Client

from haicap.domain.dossiers import queries
from haicap.domain.dossiers.queries import cases, hands, listed
from haicap.domain.dossiers.tests.factories import APPLICANT, Staff, moved, received, staffed_commune, staffed_province
from haicap.domain.people.queries import forget_actors
from haicap.kernel import access, clock
from haicap.kernel.entries.models import Entry
from haicap.kernel.files.commands import store
from haicap.kernel.files.models import Attachment, Quarantined
from haicap.kernel.scope import entered
from haicap.kernel.web import callers
from tests.test_database_alone import guarded_tables

HERE, THERE = "Giàng Thị Đây", "Lường Văn Kia"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
COMMUNE_ROLES = ("counter", "case_officer", "head", "chair", "clerk", "administrator")
PAGES = (
    "/desk/", "/desk/ho-so/", "/desk/tim/?q=giang", "/desk/tim/?q={code}", "/desk/ho-so/{code}/", "/desk/tep/{file}/",
    "/desk/tiep-nhan/?thu-tuc=1.001193", "/api/v1/dossiers", "/api/v1/dossiers/{code}", "/quan-tri/tep-cach-ly/",
    "/quan-tri/ho-tro/",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """Two communes that have each one dossier with a file, of whose people nothing is the same."""

    here: Staff
    there: Staff
    strangers: dict[str, tuple[Staff, str]]
    code: str
    own_code: str
    file: int


def _works(staff: Staff, name: str, number: str) -> tuple[str, int]:
    with entered(staff.counter):
        kept = store(actor=staff.counter, stream=[PDF + name.encode()], name="a.pdf", at=clock.now())
        Quarantined.objects.create(
            digest=kept.digest, unit_id=staff.unit.pk, name=f"{name}.pdf", size=1, signature="x", found_at=clock.now()
        )
    code = received(staff.counter, applicant=dict(APPLICANT) | {"name": name, "id_number": number, "phone": ""}).code
    moved(staff.counter, code, "request_supplement", note=f"Thiếu giấy của {name}", fields={"items": "Giấy A"})
    with entered(staff.counter):
        hung = Attachment.objects.create(
            entry=Entry.objects.get(code=code), digest=kept.digest, name=f"{name}.pdf", media_type=kept.media_type,
            size=kept.size, added_at=clock.now(),
        )  # fmt: skip
    return code, hung.pk


@pytest.fixture(scope="module")
def world(module_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HAICAP_HOME", str(tmp_path_factory.mktemp("home")))
        here, there, province = staffed_commune("03664"), staffed_commune("03679"), staffed_province()
        foreign = staffed_province("20", ("so-tu-phap",))
        code, file = _works(here, HERE, "014190001231")
        own_code, _ = _works(there, THERE, "014190005678")
        strangers = {f"{role} next door": (there, role) for role in COMMUNE_ROLES} | {
            "the province's department": (province, "department"),
            **{f"another province's {role}": (foreign, role) for role in ("operations", "administrator", "department")},
        }
        yield World(here, there, strangers, code, own_code, file)
    connections.close_all()


@pytest.fixture
def clients(world: World) -> dict[str, Client]:
    """Everybody has signed in before the filters go: signing in looks for one account."""
    return {who: staff.client(role) for who, (staff, role) in world.strangers.items()}


@pytest.fixture
def filters_off(clients: dict[str, Client], monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No filter, no WHERE, no predicate."""
    guarded, real = frozenset(guarded_tables()), QuerySet._filter_or_exclude

    def unfiltered(self: Any, negate: bool, args: Any, kwargs: Any) -> Any:
        return self._chain() if self.model._meta.db_table in guarded else real(self, negate, args, kwargs)

    monkeypatch.setattr(QuerySet, "_filter_or_exclude", unfiltered)
    monkeypatch.setattr(QuerySet, "get", lambda self, *args, **kwargs: self.filter(*args, **kwargs)[0])
    monkeypatch.setattr(hands.Hands, "condition", lambda self: Q())
    monkeypatch.setattr(listed, "_newest", lambda *_: "SELECT e.id, e.opened_at FROM entries_entry e")
    for name in ("_FIND", "_MOVES", "_FILES", "_SLIPS"):
        statement = getattr(cases, name)
        assert statement.count("WHERE") == 1, f"{name} has another shape: take its filter away here"
        monkeypatch.setattr(cases, name, statement.split("WHERE")[0])
    monkeypatch.setattr(queries, "require_at_work", lambda *_: None)  # a rule of the application as well
    monkeypatch.setattr(access, "insist", lambda *_: None)
    monkeypatch.setattr(callers, "insist", lambda *_: None)
    with connection.execute_wrapper(_searching_all):
        yield


def _searching_all(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
    """The search's function applies the scope inside; here the plain table is asked instead, for everything."""
    if isinstance(sql, str) and "dossiers_search(" in sql:
        sql, params = "SELECT e.id FROM entries_entry e", None
    return execute(sql, params, many, context)


def _said(client: Client, world: World, address: str) -> str:
    answer = client.get(address.format(code=world.code, file=world.file))
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode(errors="replace") + str(answer.headers)


def test_no_page_shows_a_row_of_another_unit_to_anybody(world, clients, filters_off):
    client = None
    for who, client in clients.items():
        for address in PAGES:
            told = _said(client, world, address)
            assert HERE not in told and "Gi%C3%A0ng" not in told, f"{address} to {who}"
            if "{code}" not in address and "q=" not in address:
                assert world.code not in told, f"{address} to {who}"
    asked = {"applicant.id_number": "014190001231", "thu-tuc": "1.001193"}
    assert HERE not in clients["counter next door"].post("/desk/tiep-nhan/nguoi-nop/", asked).content.decode()


def test_what_is_ones_own_is_shown_so_the_pages_do_work(world, clients, filters_off):
    client = clients["counter next door"]
    for address in ("/desk/", "/desk/ho-so/", "/desk/tim/?q=gi", "/desk/ho-so/{code}/", "/api/v1/dossiers"):
        assert THERE in _said(client, world, address), address  # also under another's code: the filter is off
    assert f"{THERE}.pdf" in _said(clients["administrator next door"], world, "/quan-tri/tep-cach-ly/")


def test_without_the_databases_policies_the_same_build_shows_the_neighbour(world, clients, filters_off):
    """Else the first test could pass because something still filtered."""
    ours, theirs = connections.settings["default"], connections.settings["owner"]
    before = {key: ours[key] for key in ("USER", "PASSWORD")}
    _become({key: theirs[key] for key in ("USER", "PASSWORD")})
    try:
        for who, address in (
            ("counter next door", "/desk/"), ("counter next door", "/desk/ho-so/"), ("clerk next door", "/desk/tim/?q=gi"),
            ("chair next door", "/api/v1/dossiers"), ("another province's department", "/desk/ho-so/{code}/"),
            ("head next door", "/desk/tep/{file}/"), ("administrator next door", "/quan-tri/tep-cach-ly/"),
        ):  # fmt: skip
            told = _said(clients[who], world, address)
            assert HERE in told or "Gi%C3%A0ng" in told, f"{address} to {who}"
    finally:
        _become(before)


def _become(login: dict[str, str]) -> None:
    connections["default"].close()
    connections.settings["default"].update(login)
    connections["default"].settings_dict.update(login)
    forget_actors()
