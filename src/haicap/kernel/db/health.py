"""Questions that a doctor asks the database: is it the one this program needs, and does row-level security bind us."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from django.db import connections
from django.db.migrations.loader import MigrationLoader

from haicap.kernel.db.provision import APP, WORKER


@dataclass(frozen=True)
class RoleFacts:
    """What a connection's role is and owns; all but the name should be empty or False."""

    name: str
    superuser: bool
    bypasses_rls: bool
    owned_tables: tuple[str, ...]


@cache
def shipped_migrations() -> frozenset[tuple[str, str]]:
    """Every migration that this version of the program brings, as (application, name). Read once a process."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return frozenset(loader.disk_migrations)


def missing_migrations(alias: str = "default") -> list[tuple[str, str]]:
    """Migrations that the database lacks; all of them where it has none. One statement, two on an empty database."""
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT to_regclass('public.django_migrations') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return sorted(shipped_migrations())
        cursor.execute("SELECT app, name FROM public.django_migrations")
        return sorted(shipped_migrations() - set(cursor.fetchall()))


def role_facts(alias: str = "default") -> RoleFacts:
    """Who a connection is. The application's role must be nobody special, else row-level security would not bind it."""
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT current_user::text, r.rolsuper, r.rolbypassrls, coalesce((SELECT array_agg(c.relname::text) "
            "FROM pg_class c WHERE c.relowner = r.oid AND c.relkind IN ('r', 'p') "
            "AND c.relnamespace = 'public'::regnamespace), '{}') FROM pg_roles r WHERE r.rolname = current_user"
        )
        name, superuser, bypasses, owned = cursor.fetchone()
    return RoleFacts(name, superuser, bypasses, tuple(owned))


def unguarded_tables(alias: str = "default") -> list[str]:
    """Tables that hold units' rows (a column `unit_id` or `entry_id`, or a policy) and do not enforce row-level security.

    A table that is public by its nature is listed by the caller, not here.
    """
    with connections[alias].cursor() as cursor:
        cursor.execute(
            "SELECT c.relname::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace "
            "AND c.relkind IN ('r', 'p') AND NOT c.relrowsecurity AND (EXISTS (SELECT FROM pg_policy p WHERE "
            "p.polrelid = c.oid) OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 "
            "AND NOT a.attisdropped AND a.attname IN ('unit_id', 'entry_id'))) ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


def is_application_role(name: str) -> bool:
    """True for the roles that the web tier and the worker use."""
    return name in {APP, WORKER}
