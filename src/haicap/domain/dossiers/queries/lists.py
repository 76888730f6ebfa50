"""Lists of dossiers: what waits for me, what my unit has, what somebody searches for. Pages by cursor, never by count."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet

from haicap.domain.dossiers import personal, rules
from haicap.domain.dossiers.errors import DossierInvalid
from haicap.domain.dossiers.models import Dossier
from haicap.domain.dossiers.queries.hands import Hands
from haicap.domain.dossiers.queries.lines import Line, lines
from haicap.domain.dossiers.rules import State
from haicap.kernel import clock, vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean

PAGE = 30  # lines on a page; the API asks for 50
_FAR = datetime(9999, 1, 1, tzinfo=clock.ZONE)


@dataclass(frozen=True)
class Filters:
    """What a list may be narrowed to. `overdue`: past its deadline and still undecided; `today`: due today, likewise;
    `paused`: the clock stands still; `to_return`: decided, not yet handed out."""

    state: str = ""
    overdue: bool = False
    today: bool = False
    paused: bool = False
    to_return: bool = False
    mine: bool = False
    procedure: str = ""


def waiting(
    actor: Actor, filters: Filters | None = None, *, cursor: str = "", limit: int = PAGE, hands: Hands | None = None
) -> tuple[list[Line], str | None]:
    """What waits for this officer (`hands`, where they were read already), nearest deadline first; paused work and work to
    be returned stand where they fall."""
    found = _narrowed(Dossier.objects.all(), filters or Filters()).filter((hands or Hands.of(actor)).condition())
    if cursor:
        due, last_id = read_cursor(cursor)
        found = found.filter(_behind(due, last_id))
    ordered = found.order_by(F("entry__due_at").asc(nulls_last=True), "entry_id")
    keys = list(ordered.values_list("entry__due_at", "entry_id")[: limit + 1])
    following = cursor_of(keys[limit - 1][0] or _FAR, keys[limit - 1][1]) if len(keys) > limit else None
    return lines([pk for _, pk in keys[:limit]], actor), following


def waiting_counts(actor: Actor, hands: Hands | None = None) -> dict[str, int]:
    """How many wait for this officer: all, overdue, due today, paused, to be returned. One statement, and for heirs of a
    divided unit those of `hands.untaken`."""
    if not actor.roles:
        return dict.fromkeys(("all", "overdue", "today", "paused", "to_return"), 0)
    now = clock.now()
    values: dict[str, Any] = {"kind": rules.KIND, "done": [*rules.TO_RETURN], "now": now, "midnight": midnight(now)}
    values |= (hands or Hands.of(actor)).values()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT count(*),
                   count(*) FILTER (WHERE state <> ALL (%(done)s) AND paused_at IS NULL AND due_at < %(now)s),
                   count(*) FILTER (WHERE state <> ALL (%(done)s) AND paused_at IS NULL
                                    AND due_at >= %(now)s AND due_at < %(midnight)s),
                   count(*) FILTER (WHERE paused_at IS NOT NULL), count(*) FILTER (WHERE state = ANY (%(done)s))
            FROM (
              SELECT e.id, e.state, e.paused_at, e.due_at FROM entries_entry e
              JOIN unnest(%(agencies)s::int[], %(roles)s::text[], %(free)s::boolean[]) AS post (agency, role, free)
                ON e.holder_agency_id = post.agency AND e.holder_role = post.role
              WHERE e.kind = %(kind)s AND closed_at IS NULL
                AND (post.free OR holder_account_id IS NULL OR holder_account_id = ANY(%(accounts)s::int[]))
              UNION  -- what is named one by one may also wait in a post of one's own
              SELECT e.id, e.state, e.paused_at, e.due_at FROM entries_entry e WHERE e.id = ANY (%(shares)s::bigint[])
            ) waiting
            """,
            values,
        )
        row = cursor.fetchone()
    return dict(zip(("all", "overdue", "today", "paused", "to_return"), row, strict=True))


def search(text: str, actor: Actor, *, limit: int = 20) -> list[Line]:
    """Dossiers by code, number of the applicant's ID or phone, or name without accents, among those the actor sees.

    Administrators find by the code alone: whose data they may not see, they may not look for.

    The matching runs in the database as its owner with the actor's scope applied inside, because row-level security
    would keep an index on text from being used.
    """
    typed = clean(text)[:100]
    if len(typed) < 2:
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT entry_id FROM dossiers_search(%s, %s, %s)", [typed.upper(), vi.fold(typed), limit])
        ids = [row[0] for row in cursor.fetchall()]
    found = lines(ids, actor)
    return [line for line in found if typed.upper() in line.entry.code] if personal.is_keeper(actor) else found


def midnight(now: datetime) -> datetime:
    """The end of the day of `now`, which stands on Vietnam's clock."""
    return now.replace(hour=23, minute=59, second=59, microsecond=999_999)


def _behind(due: datetime, last_id: int) -> Q:
    """Rows behind the cursor; those without a deadline stand at the very end."""
    if due == _FAR:
        return Q(entry__due_at=None, entry_id__gt=last_id)
    return Q(entry__due_at__gt=due) | Q(entry__due_at=due, entry_id__gt=last_id) | Q(entry__due_at=None)


def _narrowed(found: QuerySet[Dossier], filters: Filters) -> QuerySet[Dossier]:
    found = found.filter(entry__kind=rules.KIND)
    if filters.state:
        if filters.state not in State.values:
            raise DossierInvalid(problems=[Problem("state", bi("Không có trạng thái này.", "There is no such state."))])
        found = found.filter(entry__state=filters.state)
    if filters.overdue:
        found = found.filter(
            entry__closed_at=None, entry__paused_at=None, entry__due_at__lt=clock.now(), decided_at=None
        )
    if filters.today:
        now = clock.now()
        found = found.filter(
            entry__closed_at=None, entry__paused_at=None, entry__due_at__gte=now, entry__due_at__lt=midnight(now),
            decided_at=None,
        )  # fmt: skip
    if filters.paused:
        found = found.filter(entry__closed_at=None, entry__paused_at__isnull=False)
    if filters.to_return:
        found = found.filter(entry__state__in=rules.TO_RETURN)
    if filters.procedure:
        found = found.filter(procedure_code=filters.procedure)
    return found


def cursor_of(moment: datetime, last_id: int) -> str:
    """The cursor of the page behind the row that was opened or is due at `moment`."""
    return base64.urlsafe_b64encode(json.dumps([moment.isoformat(), last_id]).encode()).decode().rstrip("=")


def read_cursor(text: str) -> tuple[datetime, int]:
    """What a cursor holds; raises DossierInvalid."""
    try:
        moment, last_id = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        read: Any = datetime.fromisoformat(moment)
        if read.tzinfo is None or not isinstance(last_id, int):
            raise ValueError(text)
    except (ValueError, TypeError):
        problem = Problem(
            "cursor", bi("Con trỏ trang không đúng. Hãy mở lại danh sách.", "Wrong cursor: open the list anew.")
        )
        raise DossierInvalid(problems=[problem]) from None
    return read, last_id
