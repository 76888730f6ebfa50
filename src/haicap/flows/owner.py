"""The few verbs of administrators that change what no page may: the catalogue and the units, over the owner's connection.

The application's role cannot write these tables (their histories are kept by grants and triggers). A verb that may is
judged first, then runs over the connection `owner`, which says who acts. Where a server gives its web processes no owner's
login, the verb is refused and the command line does it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import DatabaseError

from haicap.kernel.errors import Conflict
from haicap.kernel.language import bi

_NOT_ALLOWED = "42501"


class OwnerNotHere(Conflict):
    """The web server has no login that may do this."""

    code = "administration.owner_not_here"
    template = bi(
        "Máy chủ này được cài để trang web không sửa được danh mục và đơn vị. Hãy giao tệp cho người quản trị máy chủ: "
        "./haicap procedures import, ./haicap units apply.",
        "This server is set up so that pages cannot change the catalogue and units. Give the file to whoever runs the "
        "server: ./haicap procedures import, ./haicap units apply.",
    )


@contextmanager
def as_owner() -> Iterator[None]:
    """Around what runs over the owner's connection; raises OwnerNotHere where its login may not."""
    try:
        yield
    except DatabaseError as error:
        cause = error.__cause__
        if isinstance(cause, psycopg.Error) and cause.sqlstate == _NOT_ALLOWED:
            raise OwnerNotHere from error
        raise
