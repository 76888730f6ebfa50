"""Leaving by a decided case, and coming back when its decision is revoked: the record, posts, access, sessions, work.

What ended is remembered in the case (`ended`), as it stood before, so that a revoked decision gives back just that.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from haicap.domain.people.blocks import Departure
from haicap.domain.people.commands.handovers import NOBODY, Handing, Successor, ask_where_due, forget_planned, plan
from haicap.domain.people.commands.headcount.returning import Place, place_problems
from haicap.domain.people.commands.passes import end_passes
from haicap.domain.people.commands.staffing import forget_after_commit
from haicap.domain.people.errors import CaseRefused, StaffRefused
from haicap.domain.people.models import Account, Appointment, Assignment, Handover, StreamliningCase
from haicap.domain.people.queries.reach import Reach
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format

BATCH = 1000
ENDED_WHY = "Nghỉ theo sắp xếp"
_ON_SHEETS = "Nghỉ theo sắp xếp tổ chức bộ máy"
_DAYS = "jsonb_to_recordset(%s::jsonb) AS t(id bigint, day date)"
# The records, the posts, and the access that came with the posts: all end on the day of leaving.
_LEAVE = (
    (f"UPDATE people_official o SET left_on = t.day, left_why = %s FROM {_DAYS} WHERE o.id = t.id",  # noqa: S608
     Departure.STREAMLINED.value),
    (f"""UPDATE people_assignment a SET valid_to = t.day, ended_why = %s FROM {_DAYS}
       WHERE a.official_id = t.id AND a.valid_from < t.day AND (a.valid_to IS NULL OR a.valid_to > t.day)""",  # noqa: S608
     ENDED_WHY),
)  # fmt: skip


@dataclass(frozen=True)
class Back:
    """What came back: so many posts, and those that the organisation has no more, which stay ended."""

    posts: int
    gone: int


def leave(reach: Reach, cases: Sequence[StreamliningCase], successors: Mapping[int, Successor]) -> None:
    """End the service of the cases' officials on their days, and their sessions; whose successor is named (by official) gets
    a sheet. Some fifteen statements for any number, and six for each sheet.

    Raises CaseRefused for whoever has a post in a unit that the administrator does not answer for, and for a successor who
    cannot take over (field `successor`).
    """
    if not cases:
        return
    if name := _held_elsewhere(reach, cases):
        raise CaseRefused(problems=[Problem("official", elsewhere_text(name))])
    posts, access = _open_posts(cases), _open_access(cases)
    for case in cases:
        case.ended = {
            "posts": [_post_row(one) for one in posts[case.official_id]],
            "access": [_access_row(one) for one in access[case.official_id]],
        }
    StreamliningCase.objects.bulk_update(cases, ["ended"], batch_size=BATCH)
    _end(cases, posts, access)
    sheets = [
        _sheet(reach, case, access[case.official_id], successors[case.official_id])
        for case in cases
        if successors.get(case.official_id, NOBODY).account_id is not None
    ]
    ask_where_due([sheet for sheet in sheets if sheet], reach.day)


def come_back(reach: Reach, case: StreamliningCase) -> Back:
    """Give an official back what the case's decision ended: the record serves, posts and access go on as they were, work that
    was not handed over yet stays. Raises CaseRefused where somebody else holds a post meanwhile, or the record was changed."""
    who = case.official
    places = [Place.of(row) for row in case.ended.get("posts", ())]
    if {place.unit_id for place in places} - reach.unit_ids or (
        who.account_id is not None and reach.is_held_elsewhere(who.account_id)
    ):
        raise CaseRefused(problems=[Problem("revoked_number", elsewhere_text(who.full_name))])
    if (who.left_on, who.left_why) != (case.leave_on, Departure.STREAMLINED):
        text = bi("Hồ sơ cán bộ đã ghi việc thôi làm khác; hãy xem lại hồ sơ đó trước.",
                  "The staff record tells of another departure; look at that record first.")  # fmt: skip
        raise CaseRefused(problems=[Problem("revoked_number", text)])
    there, gone, problems = place_problems(case, places)
    if problems:
        raise CaseRefused(problems=problems)
    who.left_on, who.left_why = None, ""
    who.also_in = sorted({*who.also_in, *(place.unit_id for place in there)} - {who.unit_id})
    who.save(update_fields=["left_on", "left_why", "also_in"])
    lost = {place.access for place in gone if place.access}
    access = {row["id"]: _open_again(case, row) for row in case.ended.get("access", ()) if row["id"] not in lost}
    back = sum(place.open_again(case, access.get(place.access)) for place in there)
    if who.account_id is not None:
        forget_planned(who.account_id, [])
        end_passes(who.account_id, keep_tokens=True)
    forget_after_commit()
    return Back(back, len(gone))


def elsewhere_text(name: str) -> Any:
    """Why an administrator of one unit does not do it: the person also works in another."""
    text = bi("{name} còn giữ vị trí ở đơn vị khác; việc này do quản trị cấp tỉnh làm.",
              "{name} also holds a post in another unit; the province's administrator does this.")  # fmt: skip
    return bi_format(text, name=name)


def _end(
    cases: Sequence[StreamliningCase], posts: Mapping[int, list[Assignment]], access: Mapping[int, list[Appointment]]
) -> None:
    days = {case.official_id: case.leave_on for case in cases}
    told = json.dumps([{"id": number, "day": day.isoformat()} for number, day in days.items()])
    with connection.cursor() as cursor:
        for statement, why in _LEAVE:
            cursor.execute(statement, [why, told])
    later = [one.pk for number, rows in posts.items() for one in rows if one.valid_from >= days[number]]
    Assignment.objects.filter(pk__in=later).delete()
    ending: dict[date, list[int]] = defaultdict(list)
    taken_back: list[int] = []
    for number, rows in access.items():
        for one in rows:
            (taken_back if one.valid_from >= days[number] else ending[days[number]]).append(one.pk)
            one.valid_to = days[number]
    for day, numbers in ending.items():
        Appointment.objects.filter(pk__in=numbers).update(valid_to=day)
    if taken_back:
        Appointment.objects.filter(pk__in=taken_back).delete()
    for account_id in {case.official.account_id for case in cases if case.official.account_id}:
        end_passes(account_id)
        forget_after_commit()


def _sheet(
    reach: Reach, case: StreamliningCase, access: Sequence[Appointment], successor: Successor
) -> Handover | None:
    ended = [post for post in access if post.valid_from < case.leave_on]
    if not ended:
        return None
    giver = Account.objects.get(pk=case.official.account_id or 0)
    handing = Handing(giver, ended, case.leave_on, _ON_SHEETS, case.decision_number, whole=True)
    try:
        return plan(reach, handing, successor, case.unit_id)[0]
    except StaffRefused as refused:
        raise CaseRefused(problems=refused.problems) from None


def _held_elsewhere(reach: Reach, cases: Sequence[StreamliningCase]) -> str:
    """Somebody who still has a post or access, on their day of leaving, in a unit out of reach; "" where nobody has."""
    days = {case.official_id: case.leave_on for case in cases}
    accounts = {case.official.account_id: case for case in cases if case.official.account_id}
    elsewhere = Assignment.objects.filter(_until(min(days.values())), official_id__in=days)
    for official_id, ends in elsewhere.exclude(unit_id__in=reach.unit_ids).values_list("official_id", "valid_to"):
        if ends is None or ends > days[official_id]:
            return next(case.official.full_name for case in cases if case.official_id == official_id)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account FROM unnest(%s::bigint[], %s::date[]) AS asked (account, day)"
            " WHERE people_held_elsewhere(account, %s, day) LIMIT 1",
            [list(accounts), [case.leave_on for case in accounts.values()], list(reach.unit_ids)],
        )
        found = cursor.fetchone()
    return str(accounts[found[0]].official.full_name) if found else ""


def _until(day: date) -> Q:
    """Rows in force on `day` or later."""
    return Q(valid_to=None) | Q(valid_to__gt=day)


def _open_posts(cases: Iterable[StreamliningCase]) -> dict[int, list[Assignment]]:
    """What each official would still hold on the day of leaving or later. One statement."""
    days = {case.official_id: case.leave_on for case in cases}
    found: dict[int, list[Assignment]] = defaultdict(list)
    for one in Assignment.objects.filter(_until(min(days.values())), official_id__in=days).order_by("pk"):
        if one.valid_to is None or one.valid_to > days[one.official_id]:
            found[one.official_id].append(one)
    return found


def _open_access(cases: Iterable[StreamliningCase]) -> dict[int, list[Appointment]]:
    """The access likewise, by official. One statement."""
    by_account = {case.official.account_id: case for case in cases if case.official.account_id}
    found: dict[int, list[Appointment]] = defaultdict(list)
    if not by_account:
        return found
    first = min(case.leave_on for case in by_account.values())
    rows = Appointment.objects.filter(_until(first), account_id__in=by_account)
    for one in rows.select_related("agency").order_by("pk"):
        case = by_account[one.account_id]
        if one.valid_to is None or one.valid_to > case.leave_on:
            found[case.official_id].append(one)
    return found


def _post_row(one: Assignment) -> dict[str, Any]:
    return {
        "id": one.pk, "unit": one.unit_id, "block": one.block, "body": one.body_key, "post": one.post_key,
        "kind": one.kind, "number": one.decision_number, "decided": one.decision_date.isoformat(),
        "from": one.valid_from.isoformat(), "to": one.valid_to.isoformat() if one.valid_to else None,
        "why": one.ended_why, "access": one.appointment_id,
    }  # fmt: skip


def _access_row(one: Appointment) -> dict[str, Any]:
    return {
        "id": one.pk, "agency": one.agency_id, "role": one.role, "number": one.decision_number,
        "decided": one.decision_date.isoformat() if one.decision_date else None,
        "from": one.valid_from.isoformat(), "to": one.valid_to.isoformat() if one.valid_to else None,
    }  # fmt: skip


def _open_again(case: StreamliningCase, row: Mapping[str, Any]) -> int | None:
    """The access as it was, its number; None where it was changed since, or the account was given it anew."""
    ends = date.fromisoformat(row["to"]) if row["to"] else None
    begins = date.fromisoformat(row["from"])
    same = Appointment.objects.filter(
        account_id=case.official.account_id or 0, agency_id=row["agency"], role=row["role"]
    )
    if same.filter(_until(case.leave_on)).exists():
        return None
    if begins < case.leave_on:
        kept = same.filter(pk=row["id"], valid_to=case.leave_on)
        return int(row["id"]) if kept.update(valid_to=ends) else None
    decided = date.fromisoformat(row["decided"]) if row["decided"] else None
    made = Appointment.objects.create(
        account_id=case.official.account_id or 0, agency_id=row["agency"], role=row["role"], valid_from=begins, valid_to=ends,
        decision_number=row["number"], decision_date=decided,
    )  # fmt: skip
    return int(made.pk)
