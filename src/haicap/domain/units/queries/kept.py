"""Answers about units that a process keeps for some seconds: units change by resolution alone, and every page asks again.

How long stands in the setting `UNITS_KEPT_SECONDS`; 0 keeps nothing. A resolution is seen by every process within it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from time import monotonic
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import connection

P = ParamSpec("P")
T = TypeVar("T")
MOST = 4096  # answers a question; all are dropped when there are more


def kept(question: Callable[P, T]) -> Callable[P, T]:
    """Keep the answers of `question` by its arguments, which say everything it depends on but the units themselves."""
    answers: dict[object, tuple[float, T]] = {}

    @wraps(question)
    def asked(*args: P.args, **kwargs: P.kwargs) -> T:
        life = settings.UNITS_KEPT_SECONDS
        if not life:
            return question(*args, **kwargs)
        key = (connection.settings_dict["NAME"], args, tuple(sorted(kwargs.items())))
        known, now = answers.get(key), monotonic()
        if known and known[0] > now:
            return known[1]
        if len(answers) >= MOST:
            answers.clear()
        answer = question(*args, **kwargs)
        answers[key] = (now + life, answer)
        return answer

    return asked
