"""What the worker does on the day: hand-overs whose day has come, and work that somebody has taken who is no longer in the post.

Nothing stays in nobody's hands: where an appointment ended in any other way, what its holder had taken goes back to the post, and
to a colleague there, or to whoever answers for a post that nobody holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection

from haicap.domain.people.commands.handovers import posts_to_take
from haicap.domain.people.models import Account, Appointment, Handover
from haicap.domain.units.models import Unit
from haicap.flows.handing_over.ending import carry_out
from haicap.flows.handing_over.work import Giving
from haicap.kernel import clock
from haicap.kernel.entries.commands import hand_over
from haicap.kernel.entries.errors import EntryMovedOn
from haicap.kernel.entries.models import Entry
from haicap.kernel.scope import entered, system

MOST_AT_ONCE = 500
_ORPHANS = """
SELECT e.id FROM entries_entry e JOIN people_account c ON c.id = e.holder_account_id
JOIN people_agency h ON h.id = e.holder_agency_id JOIN units_unit u ON u.id = h.unit_id
CROSS JOIN LATERAL (
  SELECT bool_or(p.valid_to IS NULL OR p.valid_to > %(day)s) AS holds FROM people_appointment p
  WHERE p.account_id = c.id AND p.agency_id = h.id AND p.role = e.holder_role AND p.valid_from <= %(day)s) post
WHERE e.closed_at IS NULL AND e.holder_account_id IS NOT NULL AND (u.valid_to IS NULL OR u.valid_to > %(day)s)
  AND (post.holds IS FALSE OR (post.holds AND NOT c.active))
ORDER BY e.id LIMIT %(most)s
"""
# Whoever answers for a post that nobody holds never held it, and keeps what they took; an ended unit's work follows lineage.
# Units in which somebody worked beside their own, where no assignment is left.
_TIDY = """
UPDATE people_official o SET also_in = t.kept FROM (
  SELECT o.id, ARRAY(SELECT u FROM unnest(o.also_in) u WHERE EXISTS (
    SELECT FROM people_assignment a WHERE a.official_id = o.id AND a.unit_id = u
      AND (a.valid_to IS NULL OR a.valid_to > %(day)s))) AS kept
  FROM people_official o WHERE o.also_in <> '{}') t
WHERE t.id = o.id AND t.kept <> o.also_in
"""


@dataclass(frozen=True)
class Carried:
    """What one round did: sheets finished, entries given back to a post, records no longer shown elsewhere."""

    sheets: int
    released: int
    tidied: int


def hand_over_due(go_on: Callable[[], bool] = lambda: True) -> Carried:
    """Finish every sheet whose day has come, then give back what is left in hands that may no longer act. Each sheet in a
    transaction of its own; a sheet whose taker has no post any more gives the work to the posts."""
    today, sheets = clock.today(), 0
    due = Handover.objects.filter(done_at=None, day__lte=today).order_by("day", "pk").values_list("pk", flat=True)
    for number in list(due):
        if go_on():
            with entered(system("handover")):
                sheets += _finish(number)
    with entered(system("handover")):
        return Carried(sheets, _release(), _tidy())


def _finish(number: int) -> int:
    sheet = Handover.objects.select_for_update(skip_locked=True).filter(pk=number, done_at=None).first()
    if sheet is None:
        return 0
    posts = Appointment.objects.filter(account_id=sheet.giver_id).select_related("agency")
    if sheet.appointments:
        posts = posts.filter(pk__in=sheet.appointments)
    ended = [post for post in posts if post.valid_to is not None and post.valid_to <= sheet.day]
    whole = not sheet.appointments
    if whole:
        ended = [post for post in ended if post.valid_to == sheet.day]
    units = {post.agency.unit_id for post in ended} or set(
        Unit.objects.filter(pk=sheet.unit_id).values_list("pk", flat=True)
    )
    takes = posts_to_take(sheet.taker_id, units, clock.today())
    if not takes:
        return 0  # `_release` gives the work to the posts; the sheet stays open and is shown so
    carry_out(sheet, Giving(sheet.giver_id, sheet.day, ended, whole), takes)
    return 1


def _release() -> int:
    """Entries whose holder is no longer in the post go back to the post itself. One statement, and one an entry."""
    with connection.cursor() as cursor:
        cursor.execute(_ORPHANS, {"day": clock.today(), "most": MOST_AT_ONCE})
        numbers = [row[0] for row in cursor.fetchall()]
    names = dict(Account.objects.filter(pk__in=Entry.objects.filter(pk__in=numbers).values("holder_account_id"))
                 .values_list("pk", "full_name"))  # fmt: skip
    done = 0
    for entry in Entry.objects.filter(pk__in=numbers).order_by("pk"):
        holder = entry.holder_account_id or 0
        note = f"{names.get(holder, '')} không còn giữ vị trí này"
        try:
            hand_over(entry, at=clock.now(), post=(entry.holder_agency_id, entry.holder_role), account_id=None, note=note,
                      data={"from": holder})  # fmt: skip
            done += 1
        except EntryMovedOn:
            continue  # somebody acted meanwhile
    return done


def _tidy() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_TIDY, {"day": clock.today()})
        return int(cursor.rowcount)
