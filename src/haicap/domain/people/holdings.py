"""People in their posts, as something that a unit holds: see `units.ports`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection, connections

from haicap.domain.people.models import Appointment
from haicap.domain.units.ports import Count, Item, Settled
from haicap.domain.units.queries.heirs import settled_heirs
from haicap.kernel import clock
from haicap.kernel.language import bi

APPOINTED, DEFAULT = "appointed", "default"
PAGE: Final = 500

# In post on the unit's last day: a post that ends with the unit was still held on it.
_IN_POST = """
FROM people_appointment p JOIN people_agency a ON a.id = p.agency_id
WHERE a.unit_id = ANY(%(units)s) AND p.valid_from < %(day)s AND (p.valid_to IS NULL OR p.valid_to >= %(day)s)
"""
_COUNT = f"SELECT a.unit_id, count(DISTINCT p.account_id) {_IN_POST} GROUP BY a.unit_id"
_ITEMS = f"""
WITH held AS (
  SELECT a.unit_id, p.account_id,
         jsonb_agg(jsonb_build_array(a.identifier, p.role, p.valid_from::text)
                   ORDER BY a.identifier, p.role, p.valid_from) AS posts
  {_IN_POST} GROUP BY a.unit_id, p.account_id
)
SELECT h.unit_id, c.name || '@' || u.code, h.account_id,
       sha256(convert_to(jsonb_build_array('person', h.account_id::text, c.name, u.code, h.posts)::text, 'UTF8'))
FROM held h JOIN people_account c ON c.id = h.account_id JOIN units_unit u ON u.id = h.unit_id
ORDER BY h.unit_id, h.account_id
"""  # noqa: S608 - of fixed parts


class People:
    """Each person once in each unit in which they hold a post, with all their posts there."""

    code = "people"

    @property
    def label(self) -> Any:
        """What people call it."""
        return bi("Cán bộ", "People")

    def count(self, unit_ids: Collection[int], at: datetime, *, using: str = "default") -> Mapping[int, Count]:
        """People in post on the day before `at`'s day; all of them are under way."""
        with connections[using].cursor() as cursor:
            cursor.execute(_COUNT, _asked(unit_ids, at))
            return {unit_id: Count(people, people) for unit_id, people in cursor.fetchall()}

    def items(self, unit_ids: Collection[int], at: datetime) -> Iterator[Item]:
        """The facts of a person: account, sign-in name, unit, and each post with its agency and first day.

        Neither the full name nor a post's last day is among them: both may still be put right.
        """
        with connection.chunked_cursor() as cursor:
            cursor.execute(_ITEMS, _asked(unit_ids, at))
            while rows := cursor.fetchmany(PAGE):
                for unit_id, key, account_id, digest in rows:
                    yield Item(unit_id, key, bytes(digest), open=True, ref=account_id)

    def heirs(self, items: Sequence[Item], at: datetime) -> Mapping[str, Settled]:
        """The heir in which the person holds a post on `at`'s day (the first by code), else the unit's default heir."""
        day = clock.local(at).date()
        of_units = settled_heirs({item.unit_id for item in items}, day)
        posts = defaultdict(set)
        held = Appointment.objects.on(day).filter(account_id__in=[item.ref for item in items])
        for account_id, unit_id in held.values_list("account_id", "agency__unit_id"):
            posts[account_id].add(unit_id)
        settled = {}
        for item in items:
            default, heirs = of_units[item.unit_id]
            taken = [heir.unit.pk for heir in heirs if heir.unit.pk in posts[item.ref]]
            settled[item.key] = Settled(taken[0], APPOINTED) if taken else Settled(default, DEFAULT)
        return settled


def _asked(unit_ids: Collection[int], at: datetime) -> dict[str, Any]:
    return {"units": list(unit_ids), "day": clock.local(at).date()}
