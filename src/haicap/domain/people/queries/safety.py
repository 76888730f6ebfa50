"""What an administrator sees of the second factors within reach: requests that wait, and who must have one and has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from haicap.domain.people.models import Account, FactorReset
from haicap.domain.people.queries.doors import with_names
from haicap.domain.people.queries.duties import roles_that_must
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.rules import Verdict
from haicap.kernel import clock

PAGE = 50
# Who holds such a role today in the units, is no demonstration account, and has no second factor; one statement.
_BARE = """
SELECT DISTINCT c.id FROM people_account c
JOIN people_appointment p ON p.account_id = c.id JOIN people_agency a ON a.id = p.agency_id
JOIN units_unit u ON u.id = a.unit_id
WHERE a.unit_id = ANY(%s) AND p.role = ANY(%s) AND c.active AND NOT c.synthetic
  AND p.valid_from <= %s AND (p.valid_to IS NULL OR p.valid_to > %s) AND (u.valid_to IS NULL OR u.valid_to > %s)
"""


@dataclass(frozen=True)
class Waiting:
    """A request as the page tells it: `may_confirm` is False for who asked, for the person, and once it has expired."""

    row: FactorReset
    own: bool
    expired: bool
    may_confirm: bool


def waiting_resets(reach: Reach, account_id: int | None = None) -> list[Waiting]:
    """Requests within reach that nobody has decided, the oldest first; of one account where it is given. Two statements."""
    rows = FactorReset.objects.filter(verdict=Verdict.WAITING, unit_id__in=reach.unit_ids)
    if account_id is not None:
        rows = rows.filter(account_id=account_id)
    now, own = clock.now(), reach.actor.account_id
    return [
        Waiting(row, row.asked_by_id == own, row.expires_at <= now,
                own not in (row.asked_by_id, row.account_id) and row.expires_at > now)
        for row in with_names(rows.select_related("account", "unit").order_by("pk")[:PAGE], "asked_by")
    ]  # fmt: skip


def without_factor(reach: Reach, *, page: int = 1) -> tuple[Sequence[Account], int]:
    """A page of those who must have a second factor and have none, by name, and how many there are in all. Two statements."""
    roles = [role.value for role in roles_that_must()]
    bare = Account.objects.raw(
        f"WITH must AS ({_BARE}) SELECT c.id, c.name, c.full_name, count(*) OVER () AS counted FROM people_account c "  # noqa: S608
        "JOIN must USING (id) WHERE c.id NOT IN (SELECT people_with_second_factor(array(SELECT id FROM must))) "
        "ORDER BY people_fold(c.full_name), c.id LIMIT %s OFFSET %s",
        [sorted(reach.unit_ids), roles, *[reach.day] * 3, PAGE, (page - 1) * PAGE],
    )
    found: list[Any] = list(bare)
    if not found and page > 1:
        return without_factor(reach)
    return found, int(found[0].counted) if found else 0
