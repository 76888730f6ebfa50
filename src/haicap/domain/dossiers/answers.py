"""The declaration of a dossier as people read it: on its page, and on the paper that its applicant takes home."""

from __future__ import annotations

from datetime import date
from typing import Any

from haicap.domain.dossiers.queries import Details
from haicap.domain.procedures.rules import Field
from haicap.domain.procedures.rules.kinds import FieldType
from haicap.kernel import vi
from haicap.kernel.language import bi


def answers_of(details: Details) -> list[tuple[str, Any]]:
    """The declaration as label and answer, in the order of the form; answers without a field keep their name."""
    form = details.dossier.form
    known = {known.name for known in details.version.fields}
    shown = [(one.shown, shown_answer(one, form[one.name])) for one in details.version.fields if one.name in form]
    return shown + [(name, value) for name, value in form.items() if name not in known]


def shown_answer(known: Field, value: Any) -> Any:
    """A stored answer as people read it: the choice's label, a day as dd/mm/yyyy, yes or no."""
    if value in (None, ""):
        return ""
    if known.type == FieldType.BOOLEAN:
        return bi("Có", "Yes") if value is True else bi("Không", "No")
    if known.type == FieldType.CHOICE:
        return next((choice.shown for choice in known.choices if choice.value == value), value)
    if known.type == FieldType.DATE:
        try:
            return vi.date_text(date.fromisoformat(str(value)))
        except ValueError:  # an imported answer
            return value
    return value
