"""Taking a demonstration away, and nothing else."""

from __future__ import annotations

import shutil

import psycopg
from django.db import connections
from psycopg import sql

from haicap.flows.demonstration import marker
from haicap.flows.demonstration.errors import NotADemonstration
from haicap.flows.setup import bring_up
from haicap.kernel.db import connect
from haicap.kernel.files import disk


def reset() -> None:
    """Empty the database and the stored files of a demonstration; the keys and the password stay.

    Raises NotADemonstration where the database is in use and was not begun as a demonstration.
    """
    if not marker.is_empty() and not marker.read().scale:
        bring_up()
        if marker.is_in_use():
            raise NotADemonstration()
    if connect.has_own_server():
        _empty_schema()
    else:
        _drop_database()
        shutil.rmtree(disk.root(), ignore_errors=True)


def _empty_schema() -> None:
    """On a server that is not ours to drop databases on: everything in the schema."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    connections.close_all()


def _drop_database() -> None:
    """On the embedded server: the database itself, whoever is connected."""
    connections.close_all()
    with psycopg.connect(connect.embedded_server().conninfo(), autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(connect.DBNAME)))
    connect.provision()
