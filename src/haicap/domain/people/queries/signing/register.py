"""The register of certificates and of devices, as pages and lists tell it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from haicap.domain.people.models import (
    Assignment,
    Body,
    DeviceHandover,
    DigitalCertificate,
    Official,
    Post,
    SigningDevice,
)
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.signing_rules import IN_FORCE, WARN_DAYS, State
from haicap.domain.people.signing_trust import FALSE, Chain
from haicap.kernel import clock, vi
from haicap.kernel.language import bi

PAGE = 50
SOON, EXPIRED = "sap-het-han", "het-han"
TRUSTED_ONES, UNSURE, FALSE_ONES = "dung-noi-cap", "chua-ro-noi-cap", "khong-tin-cay"
FILTERS = [
    *((state.value, state.label) for state in State),
    (SOON, bi("Hết hạn trong 60 ngày", "Ends within 60 days")),
    (EXPIRED, bi("Đã hết hạn", "Expired")),
    (TRUSTED_ONES, Chain.TRUSTED.label),
    (UNSURE, bi("Chưa rõ nơi cấp", "Issuer not known")),
    (FALSE_ONES, bi("Không tin cậy được nơi cấp", "Issuer cannot be trusted")),
]
_BY_CHAIN = {TRUSTED_ONES: (Chain.TRUSTED,), UNSURE: (Chain.UNCHECKED, Chain.UNKNOWN), FALSE_ONES: FALSE}


@dataclass(frozen=True)
class Wanted:
    """What the register is narrowed to; empty parts narrow nothing."""

    words: str = ""
    unit_id: int = 0
    state: str = ""


def certificates(reach: Reach, wanted: Wanted) -> QuerySet[DigitalCertificate]:
    """Certificates of the administrator's units, the next to end first, with holder, unit and body's name."""
    now = clock.now()
    rows = DigitalCertificate.objects.filter(unit_id__in=reach.unit_ids).select_related("official", "unit", "device")
    if wanted.unit_id:
        rows = rows.filter(unit_id=wanted.unit_id)
    if wanted.state == SOON:
        rows = rows.filter(state=State.ISSUED, valid_to__gt=now, valid_to__lt=now + timedelta(days=max(WARN_DAYS)))
    elif wanted.state == EXPIRED:
        rows = rows.filter(state=State.ISSUED, valid_to__lte=now)
    elif wanted.state in _BY_CHAIN:
        rows = rows.filter(state__in=IN_FORCE, chain__in=_BY_CHAIN[wanted.state])
    elif wanted.state:
        rows = rows.filter(state=wanted.state)
    if wanted.words:
        folded = vi.fold(wanted.words)
        named = [pk for pk, name in Official.objects.filter(unit_id__in=reach.unit_ids).values_list("pk", "full_name")
                 if folded in vi.fold(name)]  # fmt: skip
        rows = rows.filter(Q(official_id__in=named) | Q(serial__icontains=wanted.words))
    return with_names(rows.defer("file")).order_by(F("valid_to").asc(nulls_first=True), "pk")


def with_names(rows: QuerySet[DigitalCertificate]) -> QuerySet[DigitalCertificate]:
    """With `body_name` (for a body's own) and `post_title`, `post_body` (of a person's own post today)."""
    today = clock.today()
    body = Body.objects.on(today).filter(unit_id=OuterRef("unit_id"), key=OuterRef("body_key"))
    held = Assignment.objects.on(today).filter(official_id=OuterRef("official_id")).order_by("-kind", "pk")
    title = Post.objects.on(today).filter(
        body__unit_id=OuterRef("unit_id"), body__key=OuterRef("held_body"), key=OuterRef("held_post")
    )
    own = Body.objects.on(today).filter(unit_id=OuterRef("unit_id"), key=OuterRef("held_body"))
    return rows.annotate(
        body_name=Subquery(body.values("name")[:1]),
        held_body=Subquery(held.values("body_key")[:1]),
        held_post=Subquery(held.values("post_key")[:1]),
    ).annotate(post_title=Subquery(title.values("title")[:1]), post_body=Subquery(own.values("name")[:1]))


def waiting_to_leave(reach: Reach) -> QuerySet[DigitalCertificate]:
    """Requests that were not sent yet, by unit and name: the list that goes to the issuer."""
    rows = DigitalCertificate.objects.filter(unit_id__in=reach.unit_ids, state=State.REQUESTED)
    return with_names(rows.select_related("official", "unit", "device")).order_by(
        "unit__code", "official__full_name", "pk"
    )


def devices(reach: Reach, unit_id: int = 0) -> QuerySet[SigningDevice]:
    """Devices of the administrator's units, with `holder` and `held_since` of whoever has it."""
    now = DeviceHandover.objects.filter(device_id=OuterRef("pk"), valid_to=None)
    rows = SigningDevice.objects.filter(unit_id__in=[unit_id] if unit_id else reach.unit_ids).select_related("unit")
    return rows.annotate(
        holder=Subquery(now.values("official__full_name")[:1]), held_since=Subquery(now.values("valid_from")[:1])
    ).order_by("unit__code", "serial", "pk")


def people_of(unit_id: int) -> list[tuple[str, str]]:
    """Those who serve in a unit, to choose from. One statement."""
    rows: Any = Official.objects.serving().filter(unit_id=unit_id).values_list("pk", "full_name", "id_number")
    found = sorted(rows, key=lambda row: (vi.name_sort_key(row[1]), row[0]))
    return [(str(pk), f"{name} (…{number[-4:]})" if number else name) for pk, name, number in found]
