"""Lists of all that an actor may see, newest first: each unit's newest from its own index, merged; as rows for a page, or
as JSON that PostgreSQL makes for the API."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q

from haicap.domain.dossiers import rules
from haicap.domain.dossiers.errors import DossierInvalid
from haicap.domain.dossiers.queries.hands import Hands
from haicap.domain.dossiers.queries.lines import Line, newest_lines
from haicap.domain.dossiers.queries.lists import PAGE, Filters, cursor_of, midnight, read_cursor
from haicap.domain.dossiers.rules import State
from haicap.domain.units.errors import UnitUnknown
from haicap.domain.units.models import Unit
from haicap.domain.units.queries import units_of_code
from haicap.kernel import clock
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

COMMUNE_CODE = 5  # digits; shorter codes name units that have others inside


@dataclass(frozen=True)
class Wanted:
    """What a list may be narrowed to: all by code, `unit` a commune's or a province's."""

    unit: str = ""
    state: str = ""
    overdue: bool = False
    procedure: str = ""
    mine: bool = False
    today: bool = False
    paused: bool = False
    to_return: bool = False


def _written(column: str) -> str:
    return f"""to_char({column} AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM-DD"T"HH24:MI:SS"+07:00"')"""


_UNDECIDED = "e.state = ANY (%(open)s) AND e.paused_at IS NULL"
_OVERDUE = f"{_UNDECIDED} AND e.due_at < %(now)s"
# The heirs' names where the unit has ended; a district has none of its own, and keeps its name.
_NAME_NOW = """CASE WHEN u.valid_to <= %(today)s THEN coalesce((
    WITH RECURSIVE flow (unit_id) AS (
      SELECT u.id
      UNION
      SELECT l.successor_id FROM flow f JOIN units_lineage l ON l.predecessor_id = f.unit_id
      WHERE l.effective_on <= %(today)s)
    SELECT string_agg(h.name, '; ' ORDER BY h.code) FROM flow f JOIN units_unit h ON h.id = f.unit_id
    WHERE h.valid_from <= %(today)s AND (h.valid_to IS NULL OR h.valid_to > %(today)s)), u.name) ELSE u.name END"""
_ROW = f"""json_build_object(
  'code', e.code, 'state', e.state, 'procedure', json_build_object('code', d.procedure_code, 'name', p.name),
  'applicant', d.applicant_name,
  'unit', json_build_object('code', u.code, 'name', u.name, 'name_now', {_NAME_NOW}), 'channel', d.channel,
  'priority', d.priority, 'received_at', {_written("d.received_at")}, 'due', {_written("e.due_at")},
  'overdue', coalesce({_OVERDUE}, false), 'paused', e.paused_at IS NOT NULL, 'closed_at', {_written("e.closed_at")},
  'holder', CASE WHEN a.id IS NOT NULL THEN json_build_object('agency', a.name, 'role', e.holder_role) END,
  'move_no', e.move_no)::text"""
_JOINED = """
  JOIN entries_entry e ON e.id = k.id
  JOIN dossiers_dossier d ON d.entry_id = e.id
  JOIN units_unit u ON u.id = d.receiving_unit_id
  JOIN procedures_procedure p ON p.code = d.procedure_code
  LEFT JOIN people_agency a ON a.id = e.holder_agency_id"""
_POSTS = """SELECT agency, role
  FROM unnest(%(agencies)s::int[], %(roles)s::text[], %(free)s::boolean[]) AS post (agency, role, free) WHERE"""
_NEWEST = "ORDER BY e.opened_at DESC, e.id DESC LIMIT %(limit)s"


def dossiers_page(
    actor: Actor, filters: Filters, *, cursor: str = "", limit: int = PAGE
) -> tuple[list[Line], str | None]:
    """Dossiers that the actor may see, newest first, and the cursor of the next page. One statement.

    Raises DossierInvalid.
    """
    wanted = Wanted(**vars(filters))
    newest, values = _page(actor, wanted, cursor, limit)
    found = newest_lines(newest, values)
    last = found[limit - 1] if len(found) > limit else None
    return found[:limit], cursor_of(last.entry.opened_at, last.pk) if last else None


def listed_json(actor: Actor, wanted: Wanted, *, cursor: str = "", limit: int = 50) -> str:
    """One page of dossiers that the actor may see, newest first, as the JSON text `{"items": […], "next": …}`.

    At most two statements, however long the page. Raises DossierInvalid, UnitUnknown.
    """
    newest, values = _page(actor, wanted, cursor, limit)
    with connection.cursor() as database:
        statement = f"SELECT e.opened_at, e.id, {_ROW} FROM ({newest}) k {_JOINED} {_NEWEST}"  # noqa: S608 - of fixed parts
        database.execute(statement, values)
        rows = database.fetchall()
    following = cursor_of(rows[limit - 1][0], rows[limit - 1][1]) if len(rows) > limit else None
    return f'{{"items": [{", ".join(row[2] for row in rows[:limit])}], "next": {json.dumps(following)}}}'


def _page(actor: Actor, wanted: Wanted, cursor: str, limit: int) -> tuple[str, dict[str, Any]]:
    """The statement that finds a page's entries (one more than `limit`), and its values."""
    if wanted.state and wanted.state not in State.values:
        known = ", ".join(State.values)
        text = bi(f"Không có trạng thái này. Các trạng thái: {known}.", f"There is no such state. States: {known}.")
        raise DossierInvalid(problems=[Problem("state", text)])
    values: dict[str, Any] = {
        "open": [*rules.OPEN], "now": clock.now(), "today": clock.today(), "limit": limit + 1, "kind": rules.KIND,
        "state": wanted.state, "procedure": wanted.procedure, "account": actor.account_id,
    }  # fmt: skip
    conditions = _conditions(actor, wanted, values)
    if cursor:
        values["before"], values["before_id"] = read_cursor(cursor)
        conditions.append("(e.opened_at, e.id) < (%(before)s, %(before_id)s)")
    return _newest(actor, wanted, " AND ".join(conditions), values), values


def _newest(actor: Actor, wanted: Wanted, where: str, values: dict[str, Any]) -> str:
    """The keys of the page's entries, found before anything is joined to them.

    Each unit's newest come from its own index and are merged, so that a province's page reads no more than the first
    rows of its communes; then what the actor's agencies held of units that are not theirs.
    """
    dossier = "JOIN dossiers_dossier d ON d.entry_id = e.id" if wanted.procedure else ""
    select = f"SELECT e.id, e.opened_at FROM entries_entry e {dossier} WHERE {where} AND"  # noqa: S608 - of fixed parts
    asked = _unit_ids(wanted.unit) if wanted.unit else []
    own = set(actor.unit_ids)
    values["units"] = [pk for pk in asked if pk in own] if asked else list(own)
    values["asked"] = asked
    by_unit = " ".join((
        "SELECT e.id, e.opened_at FROM unnest(%(units)s::int[]) AS wanted (unit_id) CROSS JOIN LATERAL",
        f"({select} e.unit_id = wanted.unit_id {_NEWEST}) e",
    ))  # fmt: skip
    if asked and own.issuperset(asked):
        return f"{by_unit} {_NEWEST}"
    only = "e.unit_id = ANY (%(asked)s::int[]) AND" if asked else ""
    abroad = f"SELECT e.id, e.opened_at FROM dossiers_abroad() e {dossier} WHERE"  # noqa: S608 - of fixed parts
    by_agency = f"{abroad} {only} {where} {_NEWEST}"
    return f"SELECT e.id, e.opened_at FROM (({by_unit}) UNION ALL ({by_agency})) e {_NEWEST}"  # noqa: S608 - of fixed parts


def _conditions(actor: Actor, wanted: Wanted, values: dict[str, Any]) -> list[str]:
    conditions = ["e.kind = %(kind)s"]
    if wanted.state:
        conditions.append("e.state = %(state)s")
    if wanted.overdue:
        conditions.append(f"e.closed_at IS NULL AND {_OVERDUE}")
    if wanted.today:
        values["midnight"] = midnight(clock.now())
        conditions.append(f"e.closed_at IS NULL AND {_UNDECIDED} AND e.due_at BETWEEN %(now)s AND %(midnight)s")
    if wanted.paused:
        conditions.append("e.closed_at IS NULL AND e.paused_at IS NOT NULL")
    if wanted.to_return:
        values["to_return"] = [*rules.TO_RETURN]
        conditions.append("e.state = ANY (%(to_return)s)")
    if wanted.procedure:
        conditions.append("d.procedure_code = %(procedure)s")
    if wanted.mine:
        values |= Hands.of(actor).values()
        conditions.append(
            "e.closed_at IS NULL AND (e.id = ANY (%(shares)s::bigint[])"
            f" OR (e.holder_agency_id, e.holder_role) IN ({_POSTS} free)"
            f" OR (e.holder_agency_id, e.holder_role) IN ({_POSTS} NOT free)"
            "    AND (e.holder_account_id IS NULL OR e.holder_account_id = ANY(%(accounts)s::int[])))"
        )
    return conditions


def _unit_ids(code: str) -> list[int]:
    """Every unit that ever bore the code, those whose one heir it is, and for a province or district all inside these."""
    own, inherited = units_of_code(code, clock.today())
    if not own:
        raise UnitUnknown(unit=code, field="unit")
    found = [*own, *inherited]
    if len(code) < COMMUNE_CODE:
        inside = Q(province_id__in=found) | Q(parent_id__in=found)
        found += Unit.objects.filter(inside).exclude(pk__in=found).order_by().values_list("pk", flat=True)
    return found
