"""The tags and filters of every page; documented with examples in docs/developers/components.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from functools import lru_cache
from html import escape
from typing import Any
from zlib import crc32

import segno
from django import template
from django.forms import BoundField
from django.template import Context
from django.template.base import Parser, Token
from django.template.library import SimpleNode, parse_bits
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from haicap.kernel import clock, vi
from haicap.kernel.language import active, choose
from haicap.kernel.web import components, controls
from haicap.kernel.web import timeline as timelines

register = template.Library()


# ── Words ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def t(vi_text: str, en_text: str = "", **facts: Any) -> str:
    """The text in the reader's language; `{name}` stands for a fact, which is escaped."""
    text = choose(vi_text, en_text)
    return format_html(text, **facts) if facts else text


class _Words(template.Node):
    """A text whose two languages stand in the template: chosen without resolving anything, since a page has a hundred."""

    def __init__(self, vi_text: str, en_text: str, target: str | None) -> None:
        self.texts, self.target = (vi_text, en_text), target

    def render(self, context: Context) -> str:
        text = choose(*self.texts)
        if self.target is None:
            return text
        context[self.target] = text
        return ""


@register.tag("t")
def _compile_t(parser: Parser, token: Token) -> template.Node:
    words = token.split_contents()[1:]
    target = words[-1] if len(words) > 2 and words[-2] == "as" else None
    bits = words[:-2] if target else words
    read: Any = parse_bits  # the stubs know an older signature
    args, kwargs = read(parser, bits, ["vi_text", "en_text"], None, "facts", ("",), [], None, False, "t")
    if not kwargs and all(isinstance(one.var, str) and not one.filters for one in args):
        texts = [str(one.var) for one in args]
        return _Words(mark_safe(texts[0]), mark_safe(texts[1]) if len(texts) > 1 else "", target)  # noqa: S308 - the template's
    return SimpleNode(t, False, args, kwargs, target)


@register.filter
def en(vi_text: str, en_text: str) -> str:
    """The same for an argument: `{% button "Lưu"|en:"Save" %}`."""
    return choose(vi_text, en_text)


@register.simple_tag
def language() -> str:
    """The reader's language: `vi` or `en`."""
    return active()


@register.filter
def named(thing: Any) -> str:
    """The name of a row in the reader's language: `name_vi`/`name_en`, or `name`/`name_en`, else Vietnamese."""
    if thing is None:
        return ""
    vi_name = getattr(thing, "name_vi", None) or getattr(thing, "name", "") or str(thing)
    return choose(vi_name, getattr(thing, "name_en", "") or "")


def _day(day: date | datetime) -> date:
    return clock.local(day).date() if isinstance(day, datetime) else day


@register.filter
def vi_date(day: date | datetime | None) -> str:
    """A day, `05/09/2025`; of a moment, the day in Vietnam."""
    return vi.date_text(_day(day)) if day else ""


@register.filter
def vi_long_date(day: date | datetime | None) -> str:
    """A day with its weekday, `Thứ Sáu, 05/09/2025`."""
    return vi.long_date(_day(day), active()) if day else ""


@register.filter
def vi_moment(moment: datetime | None) -> str:
    """A moment on a screen, `17:05 ngày 05/09/2025`, in Vietnam's time (papers say it in words: `legal_moment`)."""
    if not moment:
        return ""
    at = clock.local(moment)
    return choose("{0:%H:%M} ngày {1}", "{0:%H:%M}, {1}").format(at, vi.date_text(at.date()))


@register.filter
def legal_moment(moment: datetime | None) -> str:
    """A moment as papers write it, `17 giờ 05 phút, ngày 05 tháng 9 năm 2025`."""
    return vi.moment_text(moment) if moment else ""


@register.filter
def vi_due(moment: datetime | None) -> str:
    """A deadline in words, `Thứ Sáu, 05/09/2025, trước 17:00`."""
    return vi.due_text(moment, active()) if moment else ""


@register.filter
def money(amount: int | None) -> str:
    """An amount of đồng with the groups of the reader's language, `1.250.000 đ` or `1,250,000 đ`; nothing for None."""
    return vi.money_text(amount, active()) if amount is not None else ""


@register.filter
def number(value: Any) -> str:
    """A number with the groups of the reader's language, 88.300 or 88,300; a text stays as it is."""
    if value is None or isinstance(value, str):
        return value or ""
    text = f"{value:,}"
    return text if active() == "en" else text.translate(str.maketrans(",.", ".,"))


# ── Small marks ──────────────────────────────────────────────────────────────────────────────────────────────────────


@lru_cache(maxsize=1)
def _sprite() -> str:
    return static("haicap/icons.svg")


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; silent for screen readers unless it has a `label`."""
    return _drawn_icon(name, str(label))


@lru_cache(maxsize=1024)
def _drawn_icon(name: str, label: str) -> SafeString:
    said = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html('<svg class="icon" {} focusable="false"><use href="{}#{}"/></svg>', said, _sprite(), name)


@register.simple_tag
def button(label: str, **options: Any) -> SafeString:
    """A button, or a link that looks like one when `href` is given.

    Options: href, variant (primary secondary tertiary), tone (danger), icon, name, value, type, key, small, form, and
    any other attribute with _ for - (`data_open_dialog="keys"`, `hx_get="…"`).
    """
    return controls.button(label, icon=_icon_of(options.pop("icon", "")), **options)


def _icon_of(name: str) -> SafeString | str:
    return icon(name) if name else ""


@register.simple_tag
def deadline_chip(due: Any, now: datetime | None = None, paused: bool = False, days_left: int | None = None) -> Any:
    """How a deadline stands, in colour, icon and words; `due` is a moment or an object that already knows."""
    stands = components.deadline(due, now=now or clock.now(), paused=paused, days_left=days_left, zone=clock.ZONE)
    if stands.standing == components.NONE:
        return ""
    exact = vi.due_text(stands.due, active()) if stands.due else ""
    return format_html(
        '<span class="deadline deadline--{}" title="{}">{}{}</span>',
        stands.standing,
        exact,
        icon(stands.icon),
        stands.words,
    )


@register.simple_tag
def options(choices: Iterable[tuple[Any, Any]], selected: Any = "") -> SafeString:
    """The `<option>`s of a select, the one whose value is `selected` chosen; in one go, for lists may be long."""
    chosen = str(selected)
    lines = (
        f'<option value="{escape(str(value))}"{" selected" if str(value) == chosen else ""}>{escape(str(text))}</option>'
        for value, text in choices
    )
    return mark_safe("".join(lines))  # noqa: S308 - both parts are escaped


@register.simple_tag
def choice(
    key: str, name: str, label: Any, choices: Iterable[tuple[Any, Any]], selected: Any = "", **options: Any
) -> Any:
    """A select of a filter bar: `key` its id; `blank` the text of no choice, `search` a box to type in. Drawn once a choice."""
    return controls.choice(active(), key, name, str(label), tuple(choices), str(selected), **options)


@register.simple_tag
def state_chip(code: str, label: Any, tone: str = "", icon_name: str = "") -> SafeString:
    """A state in words; the tone and icon follow from its code."""
    tone, name = components.state_look(code, tone, icon_name)
    return format_html('<span class="chip chip--{}">{}{}</span>', tone, icon(name), label)


@register.simple_tag
def qr(text: str, label: str = "") -> SafeString:
    """A QR code as SVG, black on white in every scheme."""
    drawn = segno.make(text, error="m").svg_inline(
        scale=4, border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None, title=label or text
    )
    return mark_safe(drawn)  # noqa: S308 – segno escapes the title


# ── Addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: Any) -> str:
    """The present address's query with `changes` (None removes one); the page goes back to the first unless named."""
    query = context["request"].GET.copy()
    for gone in ("trang", "tiep"):
        query.pop(gone, None)
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def nav_link(context: Context, href: str, vi_text: str, en_text: str = "", **options: Any) -> SafeString:
    """A link of the main navigation, marked when the page lies under it. Options: exact, icon, key, count."""
    path = getattr(context.get("request"), "path", "")
    here = path == href if options.get("exact") else path.startswith(href)
    shown = options.get("count")
    return format_html(
        '<a href="{}"{}{}>{}<span>{}</span>{}</a>',
        href,
        mark_safe(' aria-current="page"') if here else "",
        format_html(' aria-keyshortcuts="{}"', options["key"]) if options.get("key") else "",
        _icon_of(options.get("icon", "")),
        choose(vi_text, en_text),
        format_html('<span class="count">{}</span>', number(shown)) if shown else "",
    )


@register.simple_tag(takes_context=True)
def sort_link(context: Context, label: str, name: str, param: str = "sap-xep") -> SafeString:
    """The content of a table head that sorts by `name`: first click ascending, second descending (`-name`)."""
    chosen = context["request"].GET.get(param, "")
    next_value, mark, said = (name, "", "")
    if chosen == name:
        next_value, mark, said = f"-{name}", "arrow-up", choose("tăng dần", "ascending")
    elif chosen == f"-{name}":
        next_value, mark, said = name, "arrow-down", choose("giảm dần", "descending")
    href = query_string(context, **{param: next_value})
    return format_html('<a class="sort" href="{}">{}{}</a>', href, label, icon(mark, said) if mark else "")


# ── Drawn from templates/components ──────────────────────────────────────────────────────────────────────────────────


def _draw(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    flat = {"request": context.get("request"), "csrf_token": context.get("csrf_token"), **values}
    return mark_safe(get_template(f"components/{name}.html").render(flat))  # noqa: S308 – a rendered template


@register.simple_tag(takes_context=True)
def field(context: Context, bound: BoundField, **options: Any) -> SafeString:
    """A form field with label, hint, control and error, tied together for screen readers.

    Options: hint, label, search (a select becomes a box to type in), list (options for an input), upload (address for
    files), width (`short medium`), autofocus, and any attribute of the control with _ for -.
    """
    return _draw(context, "field", controls.field(bound, options))


@register.simple_tag(takes_context=True)
def error_summary(context: Context, form: Any, title: str = "") -> Any:
    """What is wrong with a form, each line a link to its field; takes the focus. Nothing for a valid form."""
    problems = controls.problems(form)
    return _draw(context, "error_summary", {"problems": problems, "title": title}) if problems else ""


@register.simple_tag(takes_context=True)
def pager(
    context: Context, page: Any = None, next_cursor: str | None = None, total: int | None = None, label: str = ""
) -> Any:
    """The way to further rows: of a `Page` by numbers (`?trang=`), or of a cursor list forward only (`?tiep=`)."""
    values: dict[str, Any] = {"total": total, "label": label}
    if page is not None:
        last = page.paginator.num_pages
        values |= {
            "total": page.paginator.count,
            "first": page.start_index(),
            "until": page.end_index(),
            "previous": query_string(context, trang=page.number - 1) if page.has_previous() else None,
            "next": query_string(context, trang=page.number + 1) if page.has_next() else None,
            "pages": [
                {"number": n, "here": n == page.number, "href": query_string(context, trang=n) if n else ""}
                for n in (components.page_numbers(page.number, last) if last > 1 else [])
            ],
        }
    else:
        begun = bool(context["request"].GET.get("tiep"))
        values |= {
            "restart": query_string(context) if begun else None,
            "next": query_string(context, tiep=next_cursor) if next_cursor else None,
        }
    return _draw(context, "pager", values)


@register.simple_tag
def timeline(moves: Any) -> SafeString:
    """Who did what, when: see `kernel.web.timeline` for what a move may carry."""
    return timelines.draw(moves, moment=vi_moment, icon=icon("file-text"))


@register.simple_tag(takes_context=True)
def stepper(context: Context, steps: Any, label: str = "") -> SafeString:
    """The way ahead: `steps` carry `label`, `state` (done, current, todo) and maybe `note`."""
    return _draw(context, "stepper", {"steps": steps, "label": label})


@register.simple_tag(takes_context=True)
def stat(context: Context, label: str, value: Any, **options: Any) -> SafeString:
    """A figure with its name. Options: unit, href (the rows behind it), tone, note, icon."""
    return _draw(context, "stat", {"label": label, "value": value, **options})


@register.simple_tag(takes_context=True)
def file_drop(context: Context, name: str, label: str, upload: str = "", **options: Any) -> SafeString:
    """A place for files. Options: id, hint, error, accept, multiple, required, max_mb, files (already there)."""
    options.setdefault("id", f"id_{name}")
    return _draw(context, "file_drop", {"name": name, "label": label, "upload": upload, **options})


def _chart(context: Context, name: str, title: str, drawn: dict[str, Any], options: dict[str, Any]) -> SafeString:
    values = {"title": title, "chart": drawn, "chart_id": f"chart-{crc32(title.encode()):08x}", **options}
    return _draw(context, name, values)


@register.simple_tag(takes_context=True)
def bar_chart(context: Context, title: str, rows: Any, **options: Any) -> SafeString:
    """Horizontal bars in a table. Options: unit, source, label_head."""
    return _chart(context, "bar_chart", title, components.bars(list(rows)), options)


@register.simple_tag(takes_context=True)
def line_chart(context: Context, title: str, rows: Any, **options: Any) -> SafeString:
    """One line over equal steps with its table. Options: unit, source, label_head."""
    return _chart(context, "line_chart", title, components.line(list(rows)), options)


def _block(name: str, template_name: str, first: str) -> Callable[..., SafeString]:
    """A tag with an end tag around content, drawn by a component's template; its first argument is called `first`."""

    def draw(context: Context, content: str, value: Any = "", **options: Any) -> SafeString:
        return _draw(context, template_name, {first: value, "content": content, **options})

    return register.simple_block_tag(draw, takes_context=True, name=name)


_block("notice", "notice", "tone")
_block("page_head", "page_head", "title")
_block("card", "card", "title")
_block("side_panel", "side_panel", "title")
_block("filter_bar", "filter_bar", "label")
_block("data_table", "data_table", "label")
_block("empty", "empty", "title")
_block("dialog", "dialog", "title")
_block("print_sheet", "print_sheet", "size")


@register.filter
def attributes(pairs: dict[str, Any] | None) -> SafeString:
    """A dictionary as HTML attributes; True is a bare attribute, None and False none at all."""
    return controls.attributes(pairs or {})
