"""Form fields in the Vietnamese manner."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from haicap.kernel import vi
from haicap.kernel.language import bi


class DateInput(forms.TextInput):
    """A text box for dd/mm/yyyy; the script puts in the strokes while digits are typed."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(
            {
                "inputmode": "numeric",
                "autocomplete": "off",
                "maxlength": "10",
                "size": "12",
                "data-date": "",
                **(attrs or {}),
            }
        )

    def format_value(self, value: Any) -> str | None:
        """Takes a date or what was typed; gives dd/mm/yyyy or the typed text as it was."""
        return value.strftime("%d/%m/%Y") if isinstance(value, date) else super().format_value(value)


class DateField(forms.DateField):
    """A date typed as 05/09/2025, 5/9/2025, 5-9-2025, 05092025 or 2025-09-05; day before month, always."""

    widget = DateInput
    default_error_messages = {
        "invalid": bi(
            "Ghi ngày theo mẫu ngày/tháng/năm, ví dụ 05/09/2025.",
            "Write the date as day/month/year, for example 05/09/2025.",
        ),
    }

    def to_python(self, value: Any) -> date | None:
        """Takes what was typed; gives the date, or None for an empty box. Raises ValidationError."""
        if value in self.empty_values:
            return None
        if isinstance(value, date):
            return value
        try:
            return vi.parse_date(str(value))
        except ValueError:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from None
