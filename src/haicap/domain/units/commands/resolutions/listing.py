"""Every resolution that this installation knows of: applied, scheduled, undone, and those it carries without applying."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices

from haicap.domain.units.commands.resolutions import packaged
from haicap.domain.units.models import Resolution
from haicap.kernel import clock
from haicap.kernel.language import bi


class State(TextChoices):
    """Where a resolution stands."""

    IN_FORCE = "applied", bi("Đã áp dụng", "Applied")
    SCHEDULED = "scheduled", bi("Chờ đến ngày có hiệu lực", "Scheduled")
    UNDONE = "undone", bi("Đã hoàn tác", "Undone")
    UNCONFIRMED = "unconfirmed", bi("Chưa kiểm chứng, chưa áp dụng", "Unconfirmed, not applied")
    NOT_APPLIED = "not_applied", bi("Có sẵn, chưa áp dụng", "Carried, not applied")


@dataclass(frozen=True)
class Known:
    """A resolution: its head, where it stands, and the carried file where it has not been applied."""

    number: str
    title: str
    adopted_on: date
    effective_on: date
    state: State
    by: str = ""
    file: str = ""

    def as_json(self) -> dict[str, Any]:
        """The resolution as the command line and the API tell it."""
        return {
            "number": self.number, "title": self.title, "adopted_on": self.adopted_on.isoformat(),
            "effective_on": self.effective_on.isoformat(), "state": self.state.value, "by": self.by, "file": self.file,
        }  # fmt: skip


def known_resolutions(*, using: str = "default") -> list[Known]:
    """All of them by the day they take effect; a carried file that was undone is told once, as undone."""
    applied = list(Resolution.objects.using(using).order_by("effective_on", "id"))
    found = [_applied(one) for one in applied]
    met = [one.number for one in applied]
    found += _carried(met, using)
    return sorted(found, key=lambda one: (one.effective_on, one.number))


def _applied(one: Resolution) -> Known:
    state = State.SCHEDULED if one.effective_on > clock.today() else State.IN_FORCE
    if one.undone_at:
        state = State.UNDONE
    by = one.undone_by if one.undone_at else one.applied_by
    return Known(one.number, one.title, one.adopted_on, one.effective_on, state, by=by)


def _carried(met: list[str], using: str) -> Iterator[Known]:
    for file in packaged.without(packaged.new_files(using), met):
        head = file.head
        if head.number and head.title and head.adopted_on and head.effective_on:
            state = State.UNCONFIRMED if file.is_unsure else State.NOT_APPLIED
            yield Known(head.number, head.title, head.adopted_on, head.effective_on, state, file=file.name)
