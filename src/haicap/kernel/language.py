"""Both languages stand beside each other: Vietnamese first, English next to it, chosen when the text is shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.utils.functional import lazy

LANGUAGES = ("vi", "en")
DEFAULT = "vi"

_active: ContextVar[str] = ContextVar("haicap_language", default=DEFAULT)


def active() -> str:
    """The language of the current caller, "vi" or "en"; Vietnamese where nothing was chosen."""
    return _active.get()


def activate(language: str) -> None:
    """Answer the current caller in `language`; anything but "vi" and "en" means Vietnamese."""
    _active.set(language if language in LANGUAGES else DEFAULT)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside the block texts come in `language`; afterwards as before."""
    token = _active.set(language if language in LANGUAGES else DEFAULT)
    try:
        yield
    finally:
        _active.reset(token)


def choose(vi: str, en: str) -> str:
    """The text in the caller's language, Vietnamese where the English one is empty."""
    return en if en and _active.get() == "en" else vi


_lazy_choose = lazy(choose, str)


def _format(text: Any, facts: dict[str, Any]) -> str:
    return str(text).format(**facts)


_lazy_format = lazy(_format, str)


def bi(vi: str, en: str) -> Any:
    """A lazy string: `vi` or `en` by the caller's language at the moment it is shown.

    It has `.format(**facts)` like every string, which is evaluated at once; for a lazy one see `bi_format`.
    """
    return _lazy_choose(vi, en)


def bi_format(text: Any, /, **facts: Any) -> Any:
    """A lazy string of a bilingual template with its facts, put together when shown."""
    return _lazy_format(text, facts)
