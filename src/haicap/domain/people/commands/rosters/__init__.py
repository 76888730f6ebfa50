"""A whole unit's people and posts from one spreadsheet: the template, reading, judging every row, writing all or nothing."""

from haicap.domain.people.commands.rosters.judging import Fault, Judged, Verdict, judge
from haicap.domain.people.commands.rosters.reading import COLUMNS, MOST_BYTES, Row, read_rows
from haicap.domain.people.commands.rosters.template import template_csv, template_xlsx
from haicap.domain.people.commands.rosters.writing import Handed, Written, write

__all__ = [
    "COLUMNS",
    "MOST_BYTES",
    "Fault",
    "Handed",
    "Judged",
    "Row",
    "Verdict",
    "Written",
    "judge",
    "read_rows",
    "template_csv",
    "template_xlsx",
    "write",
]
