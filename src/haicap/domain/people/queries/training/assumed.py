"""Which topics of a province still rest on what the program assumed: unchanged since they were loaded from its file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from django.db.models import Q

from haicap.domain.people.models import Topic, TrainingNeed
from haicap.kernel import clock


class Need(NamedTuple):
    """Posts that need a topic; an empty part speaks of all."""

    level: str
    body: str
    post: str


def unchanged(planned: Mapping[str, tuple[int | None, Iterable[Need]]]) -> list[tuple[Topic, int]]:
    """The topics in use that the actor sees and whose months and needs are those `planned` for their key, each with how many
    lines of needs it has. One statement."""
    today = clock.today()
    rows = TrainingNeed.objects.filter(topic__key__in=planned).filter(
        Q(topic__retired_on=None) | Q(topic__retired_on__gt=today)
    )
    found: dict[Topic, set[Need]] = defaultdict(set)
    for row in rows.select_related("topic").order_by("topic__position", "topic_id", "pk"):
        found[row.topic].add(Need(row.level, row.body_key, row.post_key))
    return [
        (topic, len(needs)) for topic, needs in found.items()
        if (topic.months, needs) == (planned[topic.key][0], set(planned[topic.key][1]))
    ]  # fmt: skip
