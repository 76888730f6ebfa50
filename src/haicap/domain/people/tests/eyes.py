"""For tests alone: a scope of every unit that has agencies, in which accounts and posts are seen and changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from haicap.domain.people.models import Account, Agency
from haicap.kernel.scope import entered, system


@contextmanager
def seeing_every_unit() -> Iterator[None]:
    """Around what a test arranges or looks up itself; leaves no scope behind."""
    units = Agency.objects.values_list("unit_id", flat=True).distinct()
    with entered(replace(system("test"), unit_ids=tuple(units))):
        yield


def change(account: Account, **facts: object) -> None:
    """Give an account that has a post other facts."""
    with seeing_every_unit():
        assert Account.objects.filter(pk=account.pk).update(**facts) == 1
