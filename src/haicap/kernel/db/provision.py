"""Roles, database and extensions: what an owner makes before the first migration.

`haicap_owner` owns every table and runs migrations. `haicap_app` (the web tier) and `haicap_worker` (the jobs) own
nothing, so that row-level security binds them.
"""

from __future__ import annotations

import psycopg
from psycopg import sql

OWNER, APP, WORKER = "haicap_owner", "haicap_app", "haicap_worker"
EXTENSIONS = ("btree_gist", "btree_gin", "pg_trgm")


def provision_embedded(admin: str, *, dbname: str, passwords: dict[str, str]) -> None:
    """Make roles and database over `admin`, a superuser's connection string; does nothing where they exist."""
    with psycopg.connect(admin, autocommit=True) as connection:
        for role, password in passwords.items():
            _make_role(connection, role, password)
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [dbname]).fetchone():
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(dbname), sql.Identifier(OWNER))
            )
    with psycopg.connect(admin, dbname=dbname, autocommit=True) as connection:
        _make_extensions(connection)
        connection.execute(sql.SQL("ALTER SCHEMA public OWNER TO {}").format(sql.Identifier(OWNER)))


def grant_to_roles(connection: psycopg.Connection) -> None:
    """As the owner: what it makes from now on may be read and written by the application's roles, row by row.

    Tables that need less (the trail, the moves) take it back in their own migration.
    """
    make_roles(connection)
    roles = sql.SQL(", ").join(map(sql.Identifier, (APP, WORKER)))
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
    ):
        connection.execute(sql.SQL(statement).format(roles))


def make_roles(connection: psycopg.Connection) -> None:
    """As the owner: the application's roles and the extensions, where they are missing."""
    for role in (APP, WORKER):
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
            connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role)))
    _make_extensions(connection)


def _make_role(connection: psycopg.Connection, role: str, password: str) -> None:
    exists = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb = sql.SQL("ALTER" if exists else "CREATE")
    connection.execute(
        sql.SQL("{} ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD {}").format(
            verb, sql.Identifier(role), sql.Literal(password)
        )
    )


def _make_extensions(connection: psycopg.Connection) -> None:
    for extension in EXTENSIONS:
        connection.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
