"""`bench intake`: receiving over HTTP with everything on, against the same rows written raw, in one run on one database."""

from __future__ import annotations

import itertools
import json
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg

from haicap.interfaces.cli import boot
from haicap.interfaces.cli.bench import stage
from haicap.interfaces.cli.bench.load import Result, http, load
from haicap.kernel.db import connect
from haicap.kernel.db.provision import OWNER

PROCEDURE = "1.001193"
COUNTERS_AT_MOST = 75
WARM_UP_S = 2.0
FORM = {
    "child_name": "Nguyễn Văn Bình", "child_born_on": "01/10/2026", "child_sex": "male", "child_ethnic_group": "Kinh",
    "child_nationality": "Việt Nam", "child_birthplace": "Bệnh viện Đa khoa tỉnh Sơn La", "child_hometown": "Sơn La",
    "mother_name": "Trần Thị Bích", "mother_born_on": "06/05/1998", "declarant_relation": "mother",
}  # fmt: skip


def measure(*, seconds: int, clients: int) -> dict[str, Any]:
    """Throughput and latency of POST /api/v1/dossiers on the real server, and of the raw limit beside it.

    The raw limit runs before and after the product, half the time each, so that a drift of the machine touches both.
    """
    from haicap.interfaces.cli.preparation import prepare_to_serve

    with stage.copied_database() as database:
        boot.django()
        prepare_to_serve()
        counters = _counters()
        before = _count(database)
        raw = [_raw(database, counters, seconds=max(1, seconds // 2), clients=clients)]
        with stage.web_server() as port:
            request = _requests(counters)
            load(port, clients=clients, seconds=WARM_UP_S, request=request, success=201)
            result = load(port, clients=clients, seconds=seconds, request=request, success=201)
        raw.append(_raw(database, counters, seconds=max(1, seconds // 2), clients=clients))
        return _report(result, sum(raw) / 2, clients=clients, before=before)


def _report(result: Result, raw: float, *, clients: int, before: int) -> dict[str, Any]:
    if result.errors:
        print(f"haicap: the first failed request: {result.first_error}", file=sys.stderr)
    return {
        "per_second": round(result.per_second, 1), "raw_per_second": round(raw, 1),
        "ratio": round(result.per_second / raw, 3), "p50_ms": result.percentile_ms(0.5),
        "p95_ms": result.percentile_ms(0.95), "errors": result.errors, "clients": clients,
        "seconds": round(result.seconds, 1), "dossiers_before": before,
    }  # fmt: skip


def _counters() -> list[tuple[str, int, int, str]]:
    """Counter officers of the demonstration: unit code, unit id, center id, token."""
    from django.db import connections

    from haicap.domain.people.commands import issue_token
    from haicap.domain.people.models import Appointment
    from haicap.domain.people.rules import Role
    from haicap.kernel import clock

    posts = (
        Appointment.objects.using("owner").on(clock.today()).filter(role=Role.COUNTER).select_related("agency__unit", "account")
        .order_by("agency__unit__code")[:COUNTERS_AT_MOST]
    )  # fmt: skip
    found = [
        (post.agency.unit.code, post.agency.unit_id, post.agency_id,
         issue_token(account=post.account.name, scopes=["dossiers:write"], days=1).token)
        for post in posts
    ]  # fmt: skip
    connections.close_all()
    if not found:
        raise stage.NotMeasurable(why="there is no counter officer; run ./haicap demo --no-serve first")
    return found


def _requests(counters: list[tuple[str, int, int, str]]) -> Callable[[int], bytes]:
    """Valid receipts without end: every one with its own applicant and idempotency key, the counters in turn."""
    turn = itertools.cycle(counters)
    run = uuid.uuid4().hex[:12]

    def request(number: int) -> bytes:
        unit, _, _, token = next(turn)
        body = {
            "procedure": PROCEDURE, "unit": unit, "channel": "direct", "form": FORM, "attachments": [],
            "applicant": {"name": f"Trần Thị Bích {number}", "id_number": f"0141980{number % 100000:05d}",
                          "phone": "0912345678", "address": "Tổ 7, phường Chiềng An"},
        }  # fmt: skip
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"{run}-{number}"}
        return http("POST", "/api/v1/dossiers", headers=headers, body=json.dumps(body, ensure_ascii=False).encode())

    return request


def _raw(database: str, counters: list[tuple[str, int, int, str]], *, seconds: int, clients: int) -> float:
    """Receipts a second of pgbench on the same tables, its move trigger switched off while it runs."""
    with _owner(database) as owner:
        owner.execute("DROP FUNCTION IF EXISTS bench_raw_receive")
        owner.execute((Path(__file__).parent / "raw_intake.sql").read_text(encoding="utf-8"))
        version = owner.execute(
            "SELECT max(v.id) FROM procedures_procedureversion v JOIN procedures_procedure p ON p.id = v.procedure_id"
            " WHERE p.code = %s", [PROCEDURE],
        ).fetchone()[0]  # fmt: skip
        owner.execute("ALTER TABLE entries_move DISABLE TRIGGER entries_move_performs")
    units = ",".join(f"({number},{unit},{agency})" for number, (_, unit, agency, _) in enumerate(counters))
    with _owner(database) as owner:
        owner.execute("DROP TABLE IF EXISTS bench_counter")
        owner.execute(f"CREATE TABLE bench_counter AS SELECT * FROM (VALUES {units}) AS c (no, unit, agency)")  # noqa: S608 - numbers
        owner.execute("ALTER TABLE bench_counter ADD PRIMARY KEY (no)")
        owner.execute("ANALYZE bench_counter")
    script = (
        f"\\set counter random(0, {len(counters) - 1})\n\\set tag random(1, 99999999)\n"
        f"SELECT bench_raw_receive(unit, agency, {version}, :tag) FROM bench_counter WHERE no = :counter;\n"
    )
    try:
        return stage.pgbench(script, seconds=seconds, clients=clients, database=database)
    finally:
        with _owner(database) as owner:
            owner.execute("ALTER TABLE entries_move ENABLE TRIGGER entries_move_performs")


def _count(database: str) -> int:
    with _owner(database) as owner:
        return int(owner.execute("SELECT count(*) FROM dossiers_dossier").fetchone()[0])


def _owner(database: str) -> psycopg.Connection[Any]:
    server, password = connect.embedded_server(), connect.role_passwords()[OWNER]
    return psycopg.connect(server.conninfo(user=OWNER, password=password, dbname=database), autocommit=True)
