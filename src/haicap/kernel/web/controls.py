"""Form controls as HTML, or as what the component templates need: attributes, ties between label, hint and error."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django import forms
from django.forms import BoundField
from django.forms.utils import flatatt
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

OWN_OPTIONS = {"hint", "label", "search", "list", "upload", "width", "multiple_hint"}
TOGGLES = (forms.CheckboxInput,)
GROUPS = (forms.RadioSelect, forms.CheckboxSelectMultiple)


def attributes(pairs: dict[str, Any]) -> SafeString:
    """HTML attributes of `pairs`; True is a bare attribute, None and False none at all."""
    return flatatt(pairs)


def dashed(options: dict[str, Any]) -> dict[str, Any]:
    """Keyword names as attribute names: `hx_get` is `hx-get`."""
    return {name.rstrip("_").replace("_", "-"): value for name, value in options.items()}


def button(label: Any, *, icon: SafeString | str = "", href: str = "", **options: Any) -> SafeString:
    """A button or a link that looks like one; see the tag `button` for the options."""
    shown = {
        "class": "ds-button",
        "data-variant": options.pop("variant", None),
        "data-color": options.pop("tone", None),
        "data-small": bool(options.pop("small", False)),
        "aria-keyshortcuts": options.pop("key", None),
    }
    if href:
        shown["href"] = href
    else:
        shown["type"] = options.pop("type", "submit")
    pairs = {**shown, **dashed(options)}
    keys = format_html("<kbd>{}</kbd>", pairs["aria-keyshortcuts"]) if pairs["aria-keyshortcuts"] else ""
    shape = "<a{}>{}<span>{}</span>{}</a>" if href else "<button{}>{}<span>{}</span>{}</button>"
    return format_html(shape, attributes(pairs), icon, label, keys)


def _kind(widget: forms.Widget) -> str:
    if isinstance(widget, GROUPS):
        return "group"
    if isinstance(widget, TOGGLES):
        return "toggle"
    if isinstance(widget, forms.FileInput):
        return "file"
    return "box"


def field(bound: BoundField, options: dict[str, Any]) -> dict[str, Any]:
    """What components/field.html draws for a form's field."""
    widget, own = bound.field.widget, {name: options.pop(name) for name in list(options) if name in OWN_OPTIONS}
    kind, name = _kind(widget), options.get("id") or bound.auto_id or bound.html_name
    hint = own.get("hint") or bound.help_text
    errors = list(bound.errors)
    described = " ".join(part for part, there in ((f"{name}_error", errors), (f"{name}_hint", hint)) if there)
    attrs: dict[str, Any] = {
        "aria-describedby": described or None,
        "aria-invalid": "true" if errors else None,
        "class": " ".join(filter(None, ("ds-input", widget.attrs.get("class")))),
        **dashed(options),
        **({"data-combobox": True} if own.get("search") else {}),
    }
    values = {
        "kind": kind,
        "id": name,
        "name": bound.html_name,
        "label": own.get("label") or bound.label,
        "hint": hint,
        "errors": errors,
        "required": bound.field.required,
        "width": own.get("width", ""),
        "described": described,
        "list": own.get("list"),
        "upload": own.get("upload"),
    }
    attrs = {key: value for key, value in attrs.items() if value is not None}
    if kind == "group":
        values["choices"] = _choices(bound)
    elif own.get("list"):
        attrs |= {"list": f"{name}_list", "data-combobox": True}
    if kind not in ("group", "file"):
        values["control"] = bound.as_widget(attrs=attrs)
    if kind == "file":
        values |= {
            "multiple": getattr(widget, "allow_multiple_selected", False),
            "accept": widget.attrs.get("accept", ""),
        }
    return values


def _choices(bound: BoundField) -> list[dict[str, Any]]:
    invalid = "true" if bound.errors else None
    return [
        {
            "id": part.id_for_label,
            "label": part.choice_label,
            "control": part.data["type"],
            "value": part.data["value"],
            "checked": part.data["selected"],
            "name": part.data["name"],
            "invalid": invalid,
        }
        for part in bound.subwidgets
    ]


def problems(form: Any) -> list[dict[str, Any]]:
    """What is wrong with a form in the order of its fields: `{"href", "text", "label"}`.

    Takes a bound form, or a list of problems with `field` and `message` (field names are the ids of the page).
    """
    if not hasattr(form, "errors"):
        return [{"href": f"#id_{p.field}" if p.field else "", "label": "", "text": p.message} for p in form or ()]
    found = [{"href": "", "label": "", "text": text} for text in form.non_field_errors()]
    for bound in form:
        first = bound.id_for_label or bound.auto_id
        found += [{"href": f"#{first}", "label": bound.label, "text": text} for text in bound.errors]
    return found


def choice(
    language: str, key: str, name: str, label: str, choices: Iterable[tuple[Any, Any]], selected: str, **options: Any
) -> SafeString:
    """A select outside a form, `blank` the text of no choice, `search` a box to type in; drawn once a language and choice."""
    pairs = tuple((str(value), str(text)) for value, text in choices)
    return _drawn_choice(language, key, name, label, pairs, selected, tuple(sorted(options.items())))


@lru_cache(maxsize=256)
def _drawn_choice(
    language: str, key: str, name: str, label: str, choices: tuple[tuple[str, str], ...], selected: str, options: Any
) -> SafeString:
    values = {"id": key, "name": name, "label": label, "options": choices, "selected": selected, **dict(options)}
    return mark_safe(get_template("components/select.html").render(values))  # noqa: S308 - a rendered template
