"""`bench read`: a unit's list and one dossier, as page and through the API, against the same rows read raw."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable
from typing import Any

from haicap.interfaces.cli import boot
from haicap.interfaces.cli.bench import check, stage
from haicap.interfaces.cli.bench.load import http, load
from haicap.kernel.db import connect

WARM_UP_S = 1.0
OFFICERS_AT_MOST = 40
CODES_AN_OFFICER = 40

RAW_LIST = """\\set unit random(0, {units})
SELECT e.id, e.code, e.title, e.state, e.opened_at, e.due_at, d.applicant_name, d.procedure_code
FROM entries_entry e JOIN dossiers_dossier d ON d.entry_id = e.id
WHERE e.unit_id = (SELECT u.id FROM bench_unit u WHERE u.no = :unit) ORDER BY e.opened_at DESC, e.id DESC LIMIT 50;
"""
RAW_ONE = """\\set dossier random(1, {dossiers})
SELECT e.*, d.*, (SELECT json_agg(m ORDER BY m.no) FROM entries_move m WHERE m.entry_id = e.id)
FROM entries_entry e JOIN dossiers_dossier d ON d.entry_id = e.id WHERE e.id = :dossier;
"""


def measure(*, seconds: int, clients: int, access: bool = False) -> list[dict[str, Any]]:
    """One row for each kind of reading: throughput, latency, errors and SQL statements a request, raw limit beside; with
    `access` what the access check adds to a request."""
    boot.django()
    from haicap.interfaces.cli.preparation import prepare_to_serve

    prepare_to_serve()
    officers = _officers()
    share = max(1, seconds // 4)
    rows = []
    raw = _raw(seconds=max(1, seconds // 5), clients=clients)
    with stage.web_server() as port:
        for what, request in _kinds(officers).items():
            load(port, clients=clients, seconds=WARM_UP_S, request=request)
            result = load(port, clients=clients, seconds=share, request=request)
            if result.errors:
                print(f"haicap: the first failed request of {what}: {result.first_error}", file=sys.stderr)
            limit = raw["list" if "list" in what else "one"]
            rows.append({
                "what": what, "per_second": round(result.per_second, 1), "raw_per_second": round(limit, 1),
                "ratio": round(result.per_second / limit, 3), "p50_ms": result.percentile_ms(0.5),
                "p95_ms": result.percentile_ms(0.95), "errors": result.errors, "clients": clients,
                "queries": _statements(request), **(check.cost(request) if access else {}),
            })  # fmt: skip
    return rows


def _kinds(officers: list[dict[str, Any]]) -> dict[str, Callable[[int], bytes]]:
    turn = itertools.cycle(officers)
    cases = itertools.cycle([(officer, code) for codes in zip(*(o["codes"] for o in officers), strict=False)
                             for officer, code in zip(officers, codes, strict=True)])  # fmt: skip

    def page(path: str, officer: dict[str, Any]) -> bytes:
        return http("GET", path, headers={"Cookie": f"haicap_session={officer['cookie']}", "Accept": "text/html"})

    def api(path: str, officer: dict[str, Any]) -> bytes:
        return http("GET", path, headers={"Authorization": f"Bearer {officer['token']}"})

    def with_officer(make: Callable[[dict[str, Any]], bytes]) -> Callable[[int], bytes]:
        return lambda _: make(next(turn))

    def with_case(make: Callable[[dict[str, Any], str], bytes]) -> Callable[[int], bytes]:
        return lambda _: make(*next(cases))

    return {
        "list_page": with_officer(lambda o: page("/desk/ho-so/", o)),
        "list_api": with_officer(lambda o: api(f"/api/v1/dossiers?unit={o['unit']}", o)),
        "dossier_page": with_case(lambda o, code: page(f"/desk/ho-so/{code}/", o)),
        "dossier_api": with_case(lambda o, code: api(f"/api/v1/dossiers/{code}", o)),
    }


def _officers() -> list[dict[str, Any]]:
    """Counter officers with a session, a token and some of the dossiers that they see."""
    from django.db import connections

    from haicap.domain.dossiers.models import Dossier
    from haicap.domain.people.commands import issue_token, new_session
    from haicap.domain.people.models import Appointment
    from haicap.domain.people.queries import actor_for
    from haicap.domain.people.rules import Role
    from haicap.domain.people.web.identity import cookie_value
    from haicap.kernel import clock
    from haicap.kernel.scope import entered

    posts = (
        Appointment.objects.using("owner").on(clock.today()).filter(role=Role.COUNTER).select_related("agency__unit", "account")
        .order_by("agency__unit__code")[:OFFICERS_AT_MOST]
    )  # fmt: skip
    officers = []
    for post in posts:
        with entered(actor_for(post.account_id), read_only=True):
            codes = list(Dossier.objects.values_list("entry__code", flat=True)[:CODES_AN_OFFICER])
        if codes:
            officers.append({
                "unit": post.agency.unit.code, "codes": codes,
                "token": issue_token(account=post.account.name, scopes=["dossiers:read"], days=1).token,
                "cookie": cookie_value(pass_id=new_session(post.account_id), account_id=post.account_id),
            })  # fmt: skip
    connections.close_all()
    if not officers:
        raise stage.NotMeasurable(why="no officer sees a dossier; run ./haicap demo --no-serve first")
    return officers


def _statements(request: Callable[[int], bytes]) -> int:
    """SQL statements of one request, counted in this process (its caches warm, as on a running server)."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    path, headers = check.parsed(request(0))
    client = Client(headers=headers)
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        client.get(path)
    return len(captured.captured_queries)


def _raw(*, seconds: int, clients: int) -> dict[str, float]:
    from django.db import connections

    owner = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_unit")
        cursor.execute(
            "CREATE TABLE bench_unit AS SELECT row_number() OVER () - 1 AS no, unit_id AS id FROM"
            " (SELECT unit_id FROM entries_entry GROUP BY unit_id ORDER BY count(*) DESC LIMIT 40) u"
        )
        cursor.execute("ALTER TABLE bench_unit ADD PRIMARY KEY (no)")
        cursor.execute("SELECT (SELECT count(*) FROM bench_unit), (SELECT max(id) FROM entries_entry)")
        units, dossiers = cursor.fetchone()
    owner.close()
    try:
        scripts = {"list": RAW_LIST.format(units=units - 1), "one": RAW_ONE.format(dossiers=dossiers)}
        return {
            what: stage.pgbench(script, seconds=seconds, clients=clients, database=connect.dbname())
            for what, script in scripts.items()
        }
    finally:
        with connections["owner"].cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS bench_unit")
