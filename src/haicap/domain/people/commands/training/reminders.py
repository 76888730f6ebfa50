"""Reminders: before a class begins, and to who lacks a topic; once each. Run by the worker.

What leaves is a message in the outbox (`training.class_begins`, `training.topic_missing`) for whoever subscribed to it, a
province's message center for example. No personal data is in it: numbers that only this program can read, and the unit.
The learner reads the same on their own page, computed from the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from django.db import connection

from haicap.domain.people.commands.telling import BATCH, Matter, tell
from haicap.domain.people.models import Enrolment
from haicap.domain.people.queries.training.competence import NEEDED
from haicap.domain.people.training_rules import REMIND_BEFORE
from haicap.kernel import clock

BEGINS: Final = "training.class_begins"
LACKING: Final = "training.topic_missing"
# A topic that ran out and is lacking again is another matter than one never learned: `since` is in the key.
_LACKING = f"""
WITH {NEEDED}
SELECT o.id, o.unit_id, t.id, t.key, coalesce(k.since::text, 'never')
FROM needed n JOIN people_official o ON o.id = n.official_id JOIN people_topic t ON t.id = n.topic_id
LEFT JOIN known k ON k.official_id = n.official_id AND k.topic_id = n.topic_id
WHERE coalesce(k.until <= %(day)s, true)
  AND NOT EXISTS (SELECT FROM people_told w
                  WHERE w.key = 'topic:' || o.id || ':' || t.id || ':' || coalesce(k.since::text, 'never'))
ORDER BY o.id, t.id LIMIT %(limit)s
"""  # noqa: S608 - of fixed parts
_UNITS = "SELECT DISTINCT unit_id FROM people_assignment WHERE valid_to IS NULL OR valid_to > %s"


def remind_due() -> int:
    """Tell of classes that begin within `REMIND_BEFORE`, and of topics that are lacking; gives how many were told.

    Worker only. A worker that dies loses the present batch and writes it the next time; two never tell twice.
    """
    told = tell(_beginning())
    while batch := list(_lacking()):
        told += tell(batch)
    return told


def _beginning() -> Iterable[Matter]:
    today = clock.today()
    rows = Enrolment.objects.filter(
        training_class__first_day__range=(today, today + REMIND_BEFORE), training_class__cancelled_on=None
    ).select_related("training_class", "topic")
    for row in rows.iterator():
        yield Matter(f"class:{row.pk}", row.official_id, row.unit_id, BEGINS, {
            "enrolment": row.pk, "class": row.training_class_id, "topic": row.topic.key,
            "first_day": row.training_class.first_day.isoformat(),
        })  # fmt: skip


def _lacking() -> Iterable[Matter]:
    day = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, [day - timedelta(days=1)])
        units = [unit_id for (unit_id,) in cursor.fetchall()]
        cursor.execute(_LACKING, {"units": units, "day": day, "limit": BATCH})
        for official_id, unit_id, topic_id, topic, since in cursor.fetchall():
            yield Matter(f"topic:{official_id}:{topic_id}:{since}", official_id, unit_id, LACKING, {
                "official": official_id, "topic": topic, "since": since,
            })  # fmt: skip
