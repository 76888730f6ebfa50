"""The timeline of an entry, written in one go: twenty moves cost a tenth of what template nodes would."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from haicap.kernel import clock, vi
from haicap.kernel.language import active, choose

Facts = Callable[[str], Any]


def draw(moves: Iterable[Any], *, moment: Callable[[datetime], str], icon: str) -> SafeString:
    """The `<ol>` of `moves`, each an object or a dictionary with `label`, `at`, `actor_name`, `role_label`, `agency_name` (its
    name then), `agency_name_now` (where it differs), `note`, `due_at`, `papers` [{name, href}] and `tone` (done, current,
    bad); all but the label may be missing. `moment` says a moment in words, `icon` stands before a paper. Everything that
    people typed is escaped.
    """
    lines = "".join(_move(_facts_of(one), moment, icon) for one in moves)
    return mark_safe(f'<ol class="timeline">{lines}</ol>')  # noqa: S308 - escaped part by part


def _facts_of(thing: Any) -> Facts:
    if isinstance(thing, Mapping):
        return thing.get
    return lambda name: getattr(thing, name, None)


def _text(value: Any) -> str:
    """`value` as escaped text; nothing for None."""
    return escape(str(value)) if value is not None else ""


def _move(fact: Facts, moment: Callable[[datetime], str], icon: str) -> str:
    tone, at, note, due = _text(fact("tone")), fact("at"), _text(fact("note")), fact("due_at")
    when = f' <time datetime="{clock.local(at).isoformat()}">{escape(moment(at))}</time>' if at else ""
    words = _text(vi.due_text(due, active())) if due else ""
    return (
        f'<li class="timeline__move{f" timeline__move--{tone}" if tone else ""}">\n'
        f'<p class="timeline__what">{_text(fact("label"))}{when}</p>\n'
        + _who(fact)
        + (f'<p class="timeline__note">{note}</p>\n' if note else "")
        + (f'<p class="quiet">{choose("Hạn:", "Due:")} {words}</p>\n' if words else "")
        + "".join(_paper(_facts_of(paper), icon) for paper in fact("papers") or ())
        + "</li>"
    )


def _who(fact: Facts) -> str:
    """Who did it, in which post, at which agency, and what that is called today."""
    actor, role, agency, now = (
        _text(fact(name)) for name in ("actor_name", "role_label", "agency_name", "agency_name_now")
    )
    if not actor and not agency:
        return ""
    person = ", ".join(part for part in (actor, role) if part)
    place = " · ".join(part for part in (person, agency) if part)
    if agency and now and now != agency:
        place += f' <span class="quiet">({choose("nay là", "now")} {now})</span>'
    return f'<p class="timeline__who">{place}</p>\n'


def _paper(fact: Facts, icon: str) -> str:
    return f'<p><a class="ds-link" href="{_text(fact("href"))}">{icon}{_text(fact("name"))}</a></p>'
