"""Vietnamese: folding and sort order, names, dates, numbers and money in words, personal and telephone numbers."""

from haicap.kernel.vi.dates import date_text, due_text, legal_date, long_date, moment_text, parse_date
from haicap.kernel.vi.identity import (
    IdNumber,
    id_number_problem,
    masked_number,
    normal_phone,
    phone_problem,
    read_id_number,
)
from haicap.kernel.vi.numbers import money_text, money_words, number_words
from haicap.kernel.vi.text import fold, name_sort_key, same_name, sort_key, tidy_name

__all__ = [
    "IdNumber",
    "date_text",
    "due_text",
    "fold",
    "id_number_problem",
    "legal_date",
    "long_date",
    "masked_number",
    "moment_text",
    "money_text",
    "money_words",
    "name_sort_key",
    "normal_phone",
    "number_words",
    "parse_date",
    "phone_problem",
    "read_id_number",
    "same_name",
    "sort_key",
    "tidy_name",
]
