"""Reading dossiers: what a receipt needs to know, one case, lists, citizens."""

from haicap.domain.dossiers.queries.allotment import Allotment, allotment, unallotted, untaken_count
from haicap.domain.dossiers.queries.cases import (
    Details,
    details,
    find,
    has_move,
    holder_text,
    last_move,
    last_move_named,
    offered_to,
    require_at_work,
    version_of,
)
from haicap.domain.dossiers.queries.citizens import applicants_like, possible_duplicates, track
from haicap.domain.dossiers.queries.counter import code_received, procedures_of_late
from haicap.domain.dossiers.queries.hands import Hands
from haicap.domain.dossiers.queries.intake import (
    UnitRow,
    agencies_for,
    agency_for_step,
    calendar_of,
    due_for,
    due_of,
    forget,
    forward_by,
    receiving_unit,
    version_on,
)
from haicap.domain.dossiers.queries.lines import Line
from haicap.domain.dossiers.queries.listed import Wanted, dossiers_page, listed_json
from haicap.domain.dossiers.queries.lists import Filters, search, waiting, waiting_counts
from haicap.domain.dossiers.queries.responsible import Responsible, responsible_for, responsible_unit
from haicap.domain.dossiers.queries.tracking import Tracked, tracked

__all__ = [
    "Allotment",
    "Details",
    "Filters",
    "Hands",
    "Line",
    "Responsible",
    "Tracked",
    "UnitRow",
    "Wanted",
    "agencies_for",
    "agency_for_step",
    "allotment",
    "applicants_like",
    "calendar_of",
    "code_received",
    "details",
    "dossiers_page",
    "due_for",
    "due_of",
    "find",
    "forget",
    "forward_by",
    "has_move",
    "holder_text",
    "last_move",
    "last_move_named",
    "listed_json",
    "offered_to",
    "possible_duplicates",
    "procedures_of_late",
    "receiving_unit",
    "require_at_work",
    "responsible_for",
    "responsible_unit",
    "search",
    "track",
    "tracked",
    "unallotted",
    "untaken_count",
    "version_of",
    "version_on",
    "waiting",
    "waiting_counts",
]
