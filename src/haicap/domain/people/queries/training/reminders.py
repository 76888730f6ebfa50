"""What an official is reminded of on the first page: topics still lacking, a class that is near, a certificate that ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from haicap.domain.people.queries.training.competence import needed_by
from haicap.domain.people.signing_rules import State, stage
from haicap.domain.people.training_rules import REMIND_BEFORE
from haicap.kernel import clock
from haicap.kernel.scope import Actor

_REMINDED = f"""
WITH me AS MATERIALIZED (SELECT id FROM people_official WHERE account_id = %(account)s ORDER BY id LIMIT 1),
{needed_by("a.official_id = (SELECT id FROM me)", "e.official_id = (SELECT id FROM me)")}
SELECT (SELECT count(DISTINCT n.topic_id) FROM needed n LEFT JOIN known k ON k.topic_id = n.topic_id
        WHERE k.until IS NULL OR k.until <= %(day)s),
       (SELECT min(c.first_day) FROM people_enrolment e JOIN people_trainingclass c ON c.id = e.training_class_id
        WHERE e.official_id = me.id AND c.cancelled_on IS NULL AND c.first_day BETWEEN %(day)s AND %(last)s),
       (SELECT min(d.valid_to) FROM people_digitalcertificate d
        WHERE d.official_id = me.id AND d.state = %(issued)s AND d.valid_to > %(now)s
          AND NOT EXISTS (SELECT FROM people_digitalcertificate r WHERE r.renews_id = d.id AND r.state = %(issued)s))
FROM me
"""  # noqa: S608 - of fixed parts


@dataclass(frozen=True)
class Reminders:
    """`lacking`: topics that one's posts need and one lacks; `class_begins`: the nearest class within the days of a reminder;
    `certificate_ends`: the nearest end of a certificate that is warned of, `days_left` until then."""

    lacking: int = 0
    class_begins: date | None = None
    certificate_ends: datetime | None = None
    days_left: int | None = None

    def __bool__(self) -> bool:
        """True where there is something to do."""
        return bool(self.lacking or self.class_begins or self.certificate_ends)


def reminders_of(actor: Actor) -> Reminders:
    """What the actor is reminded of today; nothing without a staff record. One statement."""
    now, day = clock.now(), clock.today()
    with connection.cursor() as cursor:
        cursor.execute(_REMINDED, {"account": actor.account_id or 0, "day": day, "last": day + REMIND_BEFORE, "now": now,
                                   "issued": State.ISSUED.value})  # fmt: skip
        row = cursor.fetchone()
    if row is None:
        return Reminders()
    lacking, begins, ends = row
    if ends is None or stage(ends, day) is None:
        return Reminders(lacking, begins)
    return Reminders(lacking, begins, clock.local(ends), (clock.local(ends).date() - day).days)
