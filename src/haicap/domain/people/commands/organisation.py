"""Giving units their bodies and posts from a template, from a day on; and whom the public calls."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection, transaction

from haicap.domain.people.commands.organisation_changes import Changes, UnitChanges, compare, write
from haicap.domain.people.commands.organisation_template import Template
from haicap.domain.people.commands.posts import establish_agencies
from haicap.domain.people.errors import AgencyUnknown
from haicap.domain.people.models import Agency, Body, Post
from haicap.domain.people.organisation_errors import (
    ContactInvalid,
    OptionalBodyUnknown,
    OrganisationIsLater,
    OrganisationMoved,
    UnitNotThen,
)
from haicap.domain.people.queries import forget_actors
from haicap.domain.people.queries.organisation_loads import LOADED, loads_of
from haicap.domain.people.rules import AgencyKind
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import TWO_LEVELS_FROM, UnitLevel
from haicap.kernel import vi
from haicap.kernel.audit.commands import record
from haicap.kernel.language import bi
from haicap.kernel.text import clean

LONGEST_ADDRESS, LONGEST_PHONE = 300, 60
_PHONE = re.compile(r"\+?[0-9(][0-9 .()-]*(?:(?:\s*[/;,]\s*|\s+máy lẻ\s+)[0-9][0-9 .()-]*)*")
_LEAST_DIGITS = 3  # 115, 1022
_LOCK = 20_250_701  # one load at a time

_EACH = """
SELECT audit_record('unit:' || t.code, 'people:organisation:load', t.id, t.data)
FROM jsonb_to_recordset(%s::jsonb) AS t(id int, code text, data jsonb) ORDER BY t.id
"""


@dataclass
class Loaded:
    """What a load did, or would do: units seen and changed, rows begun, ended and mended, by table.

    `by_unit`: the same in words, of the units that change; `fingerprint`: the same for the same changes.
    """

    units: int = 0
    changed_units: int = 0
    bodies: int = 0
    posts: int = 0
    bodies_ended: int = 0
    posts_ended: int = 0
    mended: int = 0
    dry_run: bool = False
    by_unit: tuple[UnitChanges, ...] = ()
    fingerprint: str = ""

    def figures(self) -> dict[str, int]:
        """The numbers alone."""
        return {name: value for name, value in vars(self).items() if type(value) is int}


def load_organisation(
    units: Iterable[Unit], template: Template, day: date, *, also: Collection[str] = (), dry_run: bool = False,
    seen: str | None = None,
) -> Loaded:  # fmt: skip
    """Let each unit have, from `day` on, the bodies and posts of the template; the second time nothing changes.

    `also`: keys of the template's optional bodies to begin; those that stand already go on. Agencies that a unit lacks
    are established. `seen`: the fingerprint of the preview, where one was looked at. A dozen statements for any number of
    units; with `dry_run` everything is done and rolled back. The trail keeps the template's text where anything changes.
    Raises UnitNotThen, OptionalBodyUnknown, OrganisationIsLater, OrganisationMoved.
    """
    wanted = sorted(units, key=lambda unit: unit.pk)
    _refuse(wanted, template, day, also)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _refuse_later(wanted, day)
        establish_agencies(wanted)
        changes = compare(wanted, template, day, frozenset(also))
        told = _told(wanted, changes, dry_run=dry_run)
        if seen is not None and told.fingerprint != seen:
            raise OrganisationMoved
        write(changes)
        _record(cursor, wanted, told, template, changes, also)
        if dry_run:
            transaction.set_rollback(True)
    forget_actors()  # a rolled-back agency must not stay in memory
    return told


def _told(units: Collection[Unit], changes: Changes, *, dry_run: bool) -> Loaded:
    by_unit = tuple(changes.of(unit) for unit in units if changes.by_unit.get(unit.pk))
    return Loaded(
        len(units), len(by_unit), len(changes.new[Body]), len(changes.new[Post]), len(changes.ended[Body]),
        len(changes.ended[Post]), len(changes.mended[Body]) + len(changes.mended[Post]), dry_run, by_unit,
        changes.fingerprint(),
    )  # fmt: skip


def _record(
    cursor: Any, units: Collection[Unit], told: Loaded, template: Template, changes: Changes, also: Collection[str]
) -> None:
    """One event in the trail of each unit that changed; and the load as a whole, with its text, in the province's."""
    facts = {"template": template.name, "day": str(changes.day)}
    rows = [
        {"id": one.unit.pk, "code": one.unit.code, "data": facts | changes.by_unit[one.unit.pk]} for one in told.by_unit
    ]
    cursor.execute(_EACH, [json.dumps(rows, ensure_ascii=False)])
    provinces = (unit for unit in units if unit.level == UnitLevel.PROVINCE)
    head = next(provinces, None) or (next(iter(units)) if len(units) == 1 else None)
    if head is None or not told.by_unit:
        return
    record(LOADED, subject=loads_of(head.province_code or head.code), unit_id=head.pk, data={
        **facts, "within": head.code, "unit": head.name, "also": sorted(also), "text": template.text, **told.figures(),
    })  # fmt: skip


def _refuse(units: Collection[Unit], template: Template, day: date, also: Collection[str]) -> None:
    for key in also:
        if key not in template.optional_keys:
            raise OptionalBodyUnknown(key=key, known=", ".join(sorted(template.optional_keys)), field="with")
    for unit in units:
        if day < TWO_LEVELS_FROM or not unit.is_on(day) or not template.bodies(unit.kind):
            raise UnitNotThen(unit=unit.shown_name, day=vi.date_text(day))


def _refuse_later(units: Collection[Unit], day: date) -> None:
    """A load before what is already known of later days would leave two truths."""
    ids = [unit.pk for unit in units]
    bodies = Body.objects.filter(unit_id__in=ids, valid_from__gt=day).values_list("unit__name", "valid_from")
    posts = Post.objects.filter(body__unit_id__in=ids, valid_from__gt=day).values_list("body__unit__name", "valid_from")
    for found in (bodies.order_by("-valid_from").first(), posts.order_by("-valid_from").first()):
        if found:
            raise OrganisationIsLater(unit=found[0], later=vi.date_text(found[1]), field="on")


def set_contact(unit: Unit, kind: str, *, phone: str | None = None, address: str | None = None) -> Agency:
    """Enter the telephone and the address of a unit's agency; None leaves one as it is, an empty text takes it away.

    Raises ContactInvalid, AgencyUnknown. The trail keeps what stood before; nothing is recorded where nothing changes.
    """
    facts = {name: clean(text) for name, text in (("phone", phone), ("address", address)) if text is not None}
    if why := _fault(facts):
        raise ContactInvalid(why=why)
    with transaction.atomic():
        agency = Agency.objects.select_for_update().filter(unit=unit, kind=kind).first()
        if agency is None:
            label = AgencyKind(kind).label if kind in AgencyKind.values else kind
            raise AgencyUnknown(unit=unit.shown_name, agency=label, field="kind")
        before = {name: getattr(agency, name) for name in facts}
        if before == facts:
            return agency
        for name, text in facts.items():
            setattr(agency, name, text)
        agency.save(update_fields=list(facts))
        record("people:agency:contact", subject=f"agency:{agency.identifier}", unit_id=unit.pk,
               data={"before": before, "after": facts})  # fmt: skip
    forget_actors()
    return agency


def _fault(facts: Mapping[str, str]) -> Any:
    if not facts:
        return bi("hãy nêu số điện thoại hoặc địa chỉ.", "give a telephone number or an address.")
    phone = facts.get("phone", "")
    if phone and (
        len(phone) > LONGEST_PHONE or not _PHONE.fullmatch(phone) or sum(map(str.isdigit, phone)) < _LEAST_DIGITS
    ):
        return bi(
            "số điện thoại chỉ gồm chữ số, ví dụ 0212 3852 022.",
            "a telephone number has digits, such as 0212 3852 022.",
        )
    if len(facts.get("address", "")) > LONGEST_ADDRESS or "\n" in facts.get("address", ""):
        return bi("địa chỉ là một dòng, không quá 300 ký tự.", "an address is one line of at most 300 characters.")
    return ""
