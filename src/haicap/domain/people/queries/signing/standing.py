"""Every post that must sign, and why its holder cannot on a day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection

from haicap.domain.people.blocks import StaffKind, StandInKind
from haicap.domain.people.models import Delegation, DigitalCertificate
from haicap.domain.people.signing_rules import (
    AGENCY_BODY,
    CLERK,
    LEADERS,
    Cannot,
    Held,
    State,
    cannot_sign,
    label_of,
    must_sign,
)
from haicap.domain.people.signing_trust import FALSE, Listed
from haicap.domain.units.models import Unit
from haicap.kernel.language import bi, choose

# The police and the military have certificates of their own ministries: no business of this register.
_POSTS = """
SELECT b.unit_id, b.block, b.key, b.name, b.name_en, p.key, p.title, p.title_en, p.seats, o.id, o.full_name
FROM people_body b
JOIN people_post p ON p.body_id = b.id AND p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to > %(day)s)
LEFT JOIN people_assignment a ON a.unit_id = b.unit_id AND a.body_key = b.key AND a.post_key = p.key
  AND a.valid_from <= %(day)s AND (a.valid_to IS NULL OR a.valid_to > %(day)s)
LEFT JOIN people_official o ON o.id = a.official_id AND (o.left_on IS NULL OR o.left_on > %(day)s)
WHERE b.unit_id = ANY(%(units)s) AND b.valid_from <= %(day)s AND (b.valid_to IS NULL OR b.valid_to > %(day)s)
  AND b.block = ANY(%(blocks)s) AND p.key = ANY(%(posts)s) AND p.staff_kind <> %(elsewhere)s
ORDER BY b.unit_id, b.position, p.position, o.full_name, o.id
"""
_KEYS = sorted({key for keys in LEADERS.values() for key in keys} | {CLERK})


@dataclass(frozen=True)
class SigningPost:
    """A post that must sign, with its holder; `why` is None where all is well on the day."""

    unit_id: int
    body_vi: str
    body_en: str
    title_vi: str
    title_en: str
    official_id: int | None
    full_name: str
    why: Cannot | None
    certificate_id: int | None = None
    valid_to: datetime | None = None
    of_agency: bool = False

    @property
    def body(self) -> str:
        """The body in the reader's language."""
        return choose(self.body_vi, self.body_en)

    @property
    def title(self) -> str:
        """The post in the reader's language."""
        return choose(self.title_vi, self.title_en)

    @property
    def label(self) -> Any:
        """Why not, in words."""
        return label_of(self.why)


@dataclass(frozen=True)
class UnitStanding:
    """The posts of a unit that must sign."""

    unit: Unit
    posts: Sequence[SigningPost] = field(default_factory=list)

    @property
    def cannot(self) -> list[SigningPost]:
        """Those that cannot."""
        return [post for post in self.posts if post.why]


def who_signs(units: Sequence[Unit], day: date, *, absent: Collection[int] = frozenset()) -> list[UnitStanding]:
    """Each unit's posts that must sign on `day`; `absent`: officials who are away. Two statements."""
    with connection.cursor() as cursor:
        cursor.execute(
            _POSTS,
            {
                "units": [unit.pk for unit in units],
                "day": day,
                "blocks": list(LEADERS),
                "posts": _KEYS,
                "elsewhere": StaffKind.ARMED_FORCES,
            },
        )
        rows = cursor.fetchall()
    people, bodies = _certificates([unit.pk for unit in units])
    posts: dict[int, list[SigningPost]] = defaultdict(list)
    for row in _filled(rows):
        of_agency = row[5] == CLERK
        held = bodies.get((row[0], AGENCY_BODY), []) if of_agency else people.get(row[9] or 0, [])
        posts[row[0]].append(_post(row, held, day, absent=row[9] in absent, of_agency=of_agency))
    for unit in units:
        if not any(post.of_agency for post in posts[unit.pk]):
            posts[unit.pk].append(_without_a_clerk(unit))
    return [UnitStanding(unit, posts[unit.pk]) for unit in units]


def away_on(units: Sequence[Unit], day: date) -> frozenset[int]:
    """Officials of some units for whom a deputy stands in on `day` because they are absent. One statement."""
    held = Delegation.objects.on(day).filter(kind=StandInKind.ABSENCE, unit__in=units)
    return frozenset(
        held.exclude(appointment__account__official=None).values_list("appointment__account__official", flat=True)
    )


def counted(standings: Sequence[UnitStanding]) -> Counter[Cannot | None]:
    """How many posts for each reason; None: well."""
    return Counter(post.why for one in standings for post in one.posts)


def _filled(rows: Sequence[Any]) -> list[Any]:
    """Rows of posts that must sign: an empty place stands only where the law gives a number of seats, and once."""
    return [
        row
        for row in rows
        if (must_sign(row[1], row[2], row[5]) or row[5] == CLERK) and (row[9] or row[8] or row[5] == CLERK)
    ]


def _post(row: Any, held: Sequence[DigitalCertificate], day: date, *, absent: bool, of_agency: bool) -> SigningPost:
    why, best = _best(held, day, absent=absent)
    return SigningPost(
        unit_id=row[0], body_vi=row[3], body_en=row[4], title_vi=row[6], title_en=row[7], official_id=row[9],
        full_name=row[10] or "", why=why if row[9] else Cannot.VACANT, certificate_id=best.pk if best else None,
        valid_to=best.valid_to if best else None, of_agency=of_agency,
    )  # fmt: skip


def _best(
    held: Sequence[DigitalCertificate], day: date, *, absent: bool
) -> tuple[Cannot | None, DigitalCertificate | None]:
    """The certificate that serves, else the newest with what is wrong with it."""
    judged = [(cannot_sign(held_of(one), day, absent=absent), one) for one in held]
    for why, one in judged:
        if why is None or why == Cannot.ABSENT:
            return why, one
    return judged[0] if judged else (Cannot.NONE, None)


def held_of(row: DigitalCertificate) -> Held:
    """What decides of a row."""
    lost = row.device is not None and row.device.lost_on is not None
    return Held(
        row.state, row.valid_from, row.valid_to, device_lost=lost, suspended=row.listed == Listed.HELD,
        untrusted=row.chain in FALSE,
    )  # fmt: skip


def _certificates(
    unit_ids: Sequence[int],
) -> tuple[Mapping[int, list[DigitalCertificate]], Mapping[tuple[int, str], list[DigitalCertificate]]]:
    """Certificates by person and by body, the newest first; those whose request was withdrawn do not count."""
    people: dict[int, list[DigitalCertificate]] = defaultdict(list)
    bodies: dict[tuple[int, str], list[DigitalCertificate]] = defaultdict(list)
    rows = DigitalCertificate.objects.filter(unit_id__in=unit_ids).exclude(state=State.WITHDRAWN)
    for row in rows.select_related("device").defer("subject", "fingerprint", "file").order_by("-pk"):
        if row.official_id:
            people[row.official_id].append(row)
        else:
            bodies[row.unit_id, row.body_key].append(row)
    return people, bodies


def _without_a_clerk(unit: Unit) -> SigningPost:
    """The agency's key of a unit whose organisation has no clerk's post: nobody is there to use it."""
    name, title = (
        bi("Ủy ban nhân dân", "People's Committee"),
        bi("Văn thư (khóa của cơ quan)", "Clerk (the agency's key)"),
    )
    return SigningPost(unit.pk, str(name), str(name), str(title), str(title), None, "", Cannot.VACANT, of_agency=True)
