"""`GET /track/{code}`: what the public may know; with the slip's secret what its citizen may."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from haicap.domain.dossiers import queries, rules
from haicap.domain.dossiers.api.base import moment, router
from haicap.domain.dossiers.api.lists import NamedOut, ResponsibleOut, UnitNamedOut, responsible_json


class SupplementOut(Schema):
    """Papers that the citizen is asked for."""

    reason: str
    items: list[str]
    at: str


class CitizenMoveOut(Schema):
    """What happened, by which agency."""

    label: str
    at: str
    agency: str
    note: str


class LookOut(Schema):
    """Who looked at the citizen's data: by post and unit. `times` of the same look within minutes."""

    at: str
    post: str
    unit: str
    how: str
    whole: bool
    times: int


class TrackedOut(Schema):
    """A dossier for the public. `opened`: the secret was right, so the last six are told too."""

    code: str
    state: str
    state_label: str
    headline: str
    what_next: str
    procedure: NamedOut
    agency: str
    unit: UnitNamedOut
    responsible: ResponsibleOut
    received_at: str | None
    due: str | None
    standing: str
    paused: bool
    closed: bool
    opened: bool
    applicant: str | None = None
    fee: int | None = None
    result_number: str | None = None
    supplement: SupplementOut | None = None
    timeline: list[CitizenMoveOut] | None = None
    looks: list[LookOut] | None = None


@router.get(
    "/track/{code}", response=TrackedOut, auth=None, summary="Follow a dossier", operation_id="track_dossier",
    tags=["citizens"],
)  # fmt: skip
def track(
    request: HttpRequest,
    code: str,
    secret: Annotated[str, Field(max_length=40, description="The secret printed on the slip.")] = "",
) -> dict[str, Any]:
    """State and dates by the code alone; a name, notes and requests for papers only with the slip's secret.

    A wrong secret is answered like none at all.
    """
    found = queries.tracked(code, secret)
    answers = found.answers or queries.Responsible(found.unit, rules.Basis.OWN)
    told: dict[str, Any] = {
        "code": found.code,
        "state": found.state,
        "state_label": str(found.state_label),
        "headline": str(found.headline),
        "what_next": str(found.what_next),
        "procedure": {"code": found.version.code, "name": found.version.shown_name},
        "agency": found.agency,
        "unit": {"code": found.unit.code, "name": found.unit.name, "name_now": answers.unit.name},
        "responsible": responsible_json(answers, public=True),
        "received_at": moment(found.received_at),
        "due": moment(found.due_at),
        "standing": found.standing.standing,
        "paused": bool(found.paused_at),
        "closed": found.closed,
        "opened": found.opened,
    }
    return told | (_private(found) if found.opened else {})


def _private(found: queries.Tracked) -> dict[str, Any]:
    asked = found.supplement
    return {
        "applicant": found.applicant,
        "fee": found.fee,
        "result_number": found.result_number,
        "supplement": asked and {**asked, "at": moment(asked["at"])},
        "timeline": [
            {"label": str(move.label), "at": moment(move.at), "agency": move.agency_name, "note": move.note}
            for move in found.moves
        ],
        "looks": [
            {
                "at": moment(look.last_at),
                "post": look.post_words,
                "unit": look.unit_name,
                "how": str(look.what),
                "whole": look.whole,
                "times": look.times,
            }
            for look in found.looks
        ],
    }
