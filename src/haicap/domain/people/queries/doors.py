"""What is asked of accounts before anybody's scope is entered, or beyond it: by functions of the database that tell of one
account at a time, or of names alone. Everything else about accounts and posts is read under row-level security."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import TypeVar

from django.contrib.auth.hashers import is_password_usable
from django.db import connection
from django.db.models import Model

from haicap.domain.people.models import Account, Agency, Appointment

Row = TypeVar("Row", bound=Model)


def account_at_door(*, number: int | None = None, name: str | None = None) -> Account | None:
    """The active account with this number or sign-in name; None where there is none, or it is closed. One statement."""
    found = Account.objects.raw("SELECT * FROM people_account_at_door(%s, %s)", [number, name])
    account: Account | None = next(iter(found), None)
    return account if account is not None and account.active else None


def stored_password(account_id: int) -> str:
    """The stored form of an account's password, "" for nobody. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_password_of(%s)", [account_id])
        return cursor.fetchone()[0] or ""


def has_password(account_id: int) -> bool:
    """False for somebody who signs in by a provider alone. One statement."""
    return is_password_usable(stored_password(account_id))


def posts_acted_in(account_id: int, day: date) -> list[Appointment]:
    """The posts that an account holds on `day` and those of others in which it acts then, with their agencies and units, by
    number. Two statements."""
    found = list(Appointment.objects.raw("SELECT * FROM people_posts_of(%s, %s)", [account_id, day]))
    agencies = Agency.objects.select_related("unit").in_bulk({post.agency_id for post in found})
    for post in found:
        post.agency = agencies[post.agency_id]
    return found


def posts_filled(unit_ids: Collection[int], day: date) -> frozenset[tuple[int, str, str]]:
    """Which posts (unit, kind of agency, role) of units somebody holds on `day`. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT unit_id, kind, role FROM people_posts_filled(%s, %s)", [list(unit_ids), day])
        return frozenset((unit_id, kind, role) for unit_id, kind, role in cursor.fetchall())


def names_of(account_ids: Iterable[int | None]) -> Mapping[int, str]:
    """The full names of accounts, for pages that tell who did something. One statement, none for nobody."""
    wanted = sorted({number for number in account_ids if number is not None})
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, full_name FROM people_names(%s)", [wanted])
        return dict(cursor.fetchall())


def with_names(rows: Iterable[Row], *fields: str) -> list[Row]:
    """The rows, each told the full names behind its `fields` (which name accounts) as `<field>_name`; "" for nobody.
    One statement for all of them."""
    found = list(rows)
    names = names_of(getattr(row, f"{field}_id") for row in found for field in fields)
    for row in found:
        for field in fields:
            setattr(row, f"{field}_name", names.get(getattr(row, f"{field}_id"), ""))
    return found


def names_taken(names: Collection[str] = (), *, head: str = "") -> set[str]:
    """Which sign-in names somebody has, wherever they serve: of `names`, and of all that begin with `head`. One statement."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_names_taken(%s, %s)", [list(names), head])
        return {name for (name,) in cursor.fetchall()}
