"""The posts that a revoked decision gives back: whether they are still there, and nobody else has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from haicap.domain.people.commands.assignment_faults import AssignmentFacts, most_at_once
from haicap.domain.people.commands.assignments import ONE_AT_A_TIME
from haicap.domain.people.models import Appointment, Assignment, Post, StreamliningCase
from haicap.domain.people.rules import Role
from haicap.domain.units.models import Unit
from haicap.kernel import clock, vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format, choose

ALONE = (Role.CHAIR, Role.HEAD)
"""Roles of which an agency has one holder: the one who leads it."""


@dataclass(frozen=True)
class Place:
    """A post as it was held before the case ended it; see `leaving._post_row`."""

    number: int
    unit_id: int
    body_key: str
    post_key: str
    begins: date
    ends: date | None
    access: int | None
    row: Mapping[str, Any]

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Place:
        """As the case remembers it."""
        ends = date.fromisoformat(row["to"]) if row["to"] else None
        return cls(
            row["id"], row["unit"], row["body"], row["post"], date.fromisoformat(row["from"]), ends, row["access"], row
        )

    def open_again(self, case: StreamliningCase, access: int | None) -> bool:
        """Let the official hold it as before; False where the row was changed since."""
        if self.begins < case.leave_on:
            kept = Assignment.objects.filter(pk=self.number, official_id=case.official_id, valid_to=case.leave_on)
            return bool(kept.update(valid_to=self.ends, ended_why=self.row["why"]))
        Assignment.objects.create(
            official_id=case.official_id, unit_id=self.unit_id, block=self.row["block"], body_key=self.body_key,
            post_key=self.post_key, kind=self.row["kind"], appointment_id=access, decision_number=self.row["number"],
            decision_date=date.fromisoformat(self.row["decided"]), valid_from=self.begins, valid_to=self.ends,
            ended_why=self.row["why"],
        )  # fmt: skip
        return True


def place_problems(case: StreamliningCase, places: Sequence[Place]) -> tuple[list[Place], list[Place], list[Problem]]:
    """Which posts the organisation still has, which it has no more, and who holds one of the former in the official's place.
    Nobody is appointed there until the end of the transaction. Four statements a post at most."""
    with connection.cursor() as cursor:
        for unit_id in sorted({place.unit_id for place in places}):
            cursor.execute(ONE_AT_A_TIME, [unit_id])
    there, gone, problems = [], [], []
    units = Unit.objects.in_bulk({place.unit_id for place in places})
    day = max(case.leave_on, clock.today())
    for place in places:
        post = Post.objects.on(day).filter(
            Q(body__valid_to=None) | Q(body__valid_to__gt=day), body__unit_id=place.unit_id, body__key=place.body_key,
            key=place.post_key,
        ).select_related("body").first()  # fmt: skip
        if post is None:
            gone.append(place)
            continue
        there.append(place)
        problems += _taken(case, place, post, units[place.unit_id])
    return there, gone, problems + _led_by_others(case, there)


def _taken(case: StreamliningCase, place: Place, post: Post, unit: Unit) -> list[Problem]:
    """Who holds a post whose number the law gives, today or later, so that there is no room for the official. Whoever held it
    meanwhile and has left it again stands in nobody's way."""
    begins = max(case.leave_on, place.begins, clock.today())
    facts = AssignmentFacts(unit, place.body_key, place.post_key, place.row["kind"], place.row["number"], begins, begins,
                            place.ends)  # fmt: skip
    over = place.ends is not None and place.ends <= begins
    if over or post.seats is None or most_at_once(post.seats, facts) < post.seats:
        return []
    rows = Assignment.objects.filter(unit=unit, body_key=place.body_key, post_key=place.post_key)
    held = rows.filter(Q(valid_to=None) | Q(valid_to__gt=begins)).exclude(official_id=case.official_id)
    found = held.select_related("official").order_by("valid_from").first()
    where = f"{choose(post.title, post.title_en)}, {choose(post.body.name, post.body.name_en)}"
    return [_replaced(found.official.full_name, where, found.valid_from)] if found else []


def _led_by_others(case: StreamliningCase, there: Sequence[Place]) -> list[Problem]:
    """Who leads an agency by access alone, without a staff record, in the official's place."""
    with_post, today = {place.access for place in there}, clock.today()
    found = []
    for row in case.ended.get("access", ()):
        if row["role"] not in ALONE or row["id"] in with_post:
            continue
        others = Appointment.objects.filter(agency_id=row["agency"], role=row["role"])
        others = others.filter(Q(valid_to=None) | Q(valid_to__gt=max(case.leave_on, today)))
        other = others.exclude(account_id=case.official.account_id or 0).select_related("account", "agency").first()
        if other:
            where = f"{Role(row['role']).label} · {other.agency.name}"
            found.append(_replaced(other.account.full_name, where, other.valid_from))
    return found


def _replaced(name: str, where: str, since: date) -> Problem:
    text = bi("{name} đã được bổ nhiệm vào vị trí “{where}” từ {day}. Hãy cho thôi vị trí đó trước, rồi thu hồi.",
              "{name} was appointed to “{where}” from {day}. End that post first, then revoke.")  # fmt: skip
    return Problem("revoked_number", bi_format(text, name=name, where=where, day=vi.date_text(since)))
