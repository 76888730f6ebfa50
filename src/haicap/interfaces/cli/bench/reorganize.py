"""`bench reorganize`: the nation's 34 resolutions applied in a database without dossiers and in one with a million.

Both are made for the run and dropped after it. Each is measured several times in turn, so that a drift of the machine
touches both; reading the files is part of every measurement.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

from haicap.interfaces.cli import boot
from haicap.interfaces.cli.bench import stage
from haicap.kernel.db import connect
from haicap.kernel.db.provision import OWNER, provision_embedded

EMPTY, FULL = "haicap_bench_empty", "haicap_bench_full"
ROUNDS = 3
YEAR = "2025"
BODY = ("entries_entry", "entries_move", "dossiers_dossier")
_WRITTEN = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_stat_user_tables WHERE relname = ANY(%s)"
_BACK = (
    "SET session_replication_role = replica",  # history that cannot be edited is only set back for the next round
    "DELETE FROM units_lineage",
    "DELETE FROM units_unit WHERE formed_by_id IS NOT NULL",
    "UPDATE units_unit SET valid_to = NULL, ended_by_id = NULL",
    "DELETE FROM units_resolution",
    "SET session_replication_role = origin",
    "VACUUM ANALYZE units_unit, units_lineage, units_resolution",
    "CHECKPOINT",
)


def measure(*, seconds: int, clients: int, dossiers: int) -> dict[str, Any]:
    """The shortest time of applying all files, with `dossiers` in the database and without, and what was written of them.

    `seconds` and `clients` of the other benchmarks mean nothing here: one caller applies every file once a round.
    """
    del seconds, clients
    if connect.has_own_server():
        raise stage.NotMeasurable(why="bench reorganize makes databases on the embedded server; unset DATABASE_URL")
    with _databases(dossiers):
        times: dict[str, list[float]] = {EMPTY: [], FULL: []}
        before = _written()
        for turn in range(ROUNDS):
            for name in (EMPTY, FULL) if turn % 2 else (FULL, EMPTY):
                times[name].append(_apply_all(name))
                _superuser(name, *_BACK)
        written = _written() - before
        full, empty = min(times[FULL]), min(times[EMPTY])  # what else the machine did can only lengthen a round
        return {
            "seconds": round(full, 2), "seconds_empty": round(empty, 2), "ratio": round(full / empty, 3),
            "dossiers": _count(), "dossier_rows_written": written,
            "rounds": [
                {"seconds": round(one, 2), "seconds_empty": round(other, 2)}
                for one, other in zip(times[FULL], times[EMPTY], strict=True)
            ],
        }  # fmt: skip


@contextlib.contextmanager
def _databases(dossiers: int) -> Iterator[None]:
    """The state of 30 June 2025 twice, once with dossiers; dropped afterwards."""
    server = connect.embedded_server()
    server.enter()
    try:
        _drop()
        provision_embedded(server.conninfo(), dbname=EMPTY, passwords=connect.role_passwords())
        os.environ["HAICAP_DATABASE_NAME"] = EMPTY
        boot.django()
        _base()
        _superuser("postgres", f"CREATE DATABASE {FULL} TEMPLATE {EMPTY} STRATEGY FILE_COPY OWNER {OWNER}")
        print(f"haicap: writing {dossiers:,} dossiers …", file=sys.stderr)
        script = (Path(__file__).parent / "raw_dossiers.sql").read_text(encoding="utf-8")
        _superuser(FULL, f"SET haicap.bench_dossiers = {dossiers}", *script.split(";\n"))
        yield
    finally:
        os.environ.pop("HAICAP_DATABASE_NAME", None)
        _close()
        _drop()
        server.leave()


def _base() -> None:
    from haicap.domain.procedures.commands import import_packaged_procedures
    from haicap.domain.units.commands import load_base
    from haicap.flows.setup import bring_up

    bring_up()
    load_base()
    import_packaged_procedures()
    _close()


def _apply_all(name: str) -> float:
    """Read and apply the files of the nation's reorganisation; gives the seconds by the wall clock."""
    from django.db import connections

    from haicap.domain.units.commands import resolutions
    from haicap.domain.units.commands.resolutions.packaged import FOLDER

    _close()
    connections.settings["owner"]["NAME"] = connections["owner"].settings_dict["NAME"] = name
    connections["owner"].ensure_connection()
    started = time.perf_counter()
    for path in sorted((FOLDER / YEAR).glob("*.yaml")):
        resolutions.apply(resolutions.open_file(path), by="system:bench")
    taken = time.perf_counter() - started
    _close()
    print(f"haicap: {name}: {taken:.2f} s", file=sys.stderr)
    return taken


def _close() -> None:
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()


def _written() -> int:
    """Rows of dossiers written so far in the full database, as PostgreSQL counts them."""
    return int(_ask(_WRITTEN, [list(BODY)]))


def _count() -> int:
    return int(_ask("SELECT count(*) FROM dossiers_dossier", []))


def _ask(question: str, parameters: list[Any]) -> Any:
    with psycopg.connect(connect.embedded_server().conninfo(dbname=FULL), autocommit=True) as asked:
        row = asked.execute(question.encode(), parameters).fetchone()
        return row[0] if row else None


def _superuser(name: str, *statements: str) -> None:
    with psycopg.connect(connect.embedded_server().conninfo(dbname=name), autocommit=True) as admin:
        for statement in statements:
            admin.execute(statement.encode())


def _drop() -> None:
    _superuser("postgres", *(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (FULL, EMPTY)))
