"""Giving units their bodies and posts from a template, from a day on; and whom the public calls.

Rows are dated: what a load changes ends on its day and begins anew. Only a change made on the very day a row began
replaces it. Where nothing but the legal basis, the certainty, the order or the English words differ, the row is mended.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import Model

from haicap.domain.people.commands.organisation_template import BodyPlan, Template
from haicap.domain.people.commands.posts import establish_agencies
from haicap.domain.people.errors import AgencyUnknown
from haicap.domain.people.models import Agency, Body, Post
from haicap.domain.people.organisation_errors import (
    ContactInvalid,
    OptionalBodyUnknown,
    OrganisationIsLater,
    UnitNotThen,
)
from haicap.domain.people.queries import forget_actors
from haicap.domain.people.rules import AgencyKind
from haicap.domain.units.models import Unit
from haicap.domain.units.rules import TWO_LEVELS_FROM
from haicap.kernel import vi
from haicap.kernel.audit.commands import record
from haicap.kernel.language import bi
from haicap.kernel.text import clean

LONGEST_ADDRESS, LONGEST_PHONE = 300, 60
BATCH = 2000
_PHONE = re.compile(r"\+?[0-9(][0-9 .()-]*(?:(?:\s*[/;,]\s*|\s+máy lẻ\s+)[0-9][0-9 .()-]*)*")
_LEAST_DIGITS = 3  # 115, 1022
_LOCK = 20_250_701  # one load at a time

# What makes a row another one, and what may be mended in its place.
_BODY_IS, _BODY_MENDED = ("block", "under", "agency_id", "name"), ("name_en", "position", "certainty", "basis")
_POST_IS, _POST_MENDED = ("title", "staff_kind", "seats", "role"), ("title_en", "position", "certainty")
_RECORD = """
SELECT audit_record('unit:' || t.code, 'people:organisation:load', t.id, t.data)
FROM jsonb_to_recordset(%s::jsonb) AS t(id int, code text, data jsonb) ORDER BY t.id
"""


@dataclass
class Loaded:
    """What a load did, or would do: units seen and changed, rows begun, ended and mended, by table."""

    units: int = 0
    changed_units: int = 0
    bodies: int = 0
    posts: int = 0
    bodies_ended: int = 0
    posts_ended: int = 0
    mended: int = 0
    dry_run: bool = False


@dataclass
class _Changes:
    """What has to be written, gathered over all units."""

    day: date
    new: dict[type[Model], list[Any]] = field(default_factory=lambda: {Body: [], Post: []})
    ended: dict[type[Model], list[Any]] = field(default_factory=lambda: {Body: [], Post: []})
    mended: dict[type[Model], list[Any]] = field(default_factory=lambda: {Body: [], Post: []})
    by_unit: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def begin(self, row: Any, unit_id: int, what: str) -> None:
        self.new[type(row)].append(row)
        self.by_unit[unit_id][f"{what}_begun"] += 1

    def end(self, row: Any, unit_id: int, what: str) -> None:
        self.ended[type(row)].append(row)
        self.by_unit[unit_id][f"{what}_ended"] += 1

    def mend(self, row: Any, facts: Mapping[str, Any], names: Collection[str], unit_id: int) -> None:
        if any(getattr(row, name) != facts[name] for name in names):
            for name in names:
                setattr(row, name, facts[name])
            self.mended[type(row)].append(row)
            self.by_unit[unit_id]["mended"] += 1


def load_organisation(
    units: Iterable[Unit], template: Template, day: date, *, also: Collection[str] = (), dry_run: bool = False
) -> Loaded:
    """Let each unit have, from `day` on, the bodies and posts of the template; the second time nothing changes.

    `also`: keys of the template's optional bodies to begin; those that stand already go on. Agencies that a unit lacks
    are established. Raises UnitNotThen, OptionalBodyUnknown, OrganisationIsLater. A dozen statements for any number of
    units; with `dry_run` everything is done and rolled back.
    """
    wanted = sorted(units, key=lambda unit: unit.pk)
    _refuse(wanted, template, day, also)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        _refuse_later(wanted, day)
        establish_agencies(wanted)
        changes = _compare(wanted, template, day, frozenset(also))
        _write(changes)
        told = [{"id": unit.pk, "code": unit.code, "data": {"template": template.name, "day": str(day)} |
                 changes.by_unit[unit.pk]} for unit in wanted if changes.by_unit.get(unit.pk)]  # fmt: skip
        cursor.execute(_RECORD, [json.dumps(told, ensure_ascii=False)])
        if dry_run:
            transaction.set_rollback(True)
    forget_actors()  # a rolled-back agency must not stay in memory
    return Loaded(
        len(wanted), len(told), len(changes.new[Body]), len(changes.new[Post]), len(changes.ended[Body]),
        len(changes.ended[Post]), len(changes.mended[Body]) + len(changes.mended[Post]), dry_run,
    )  # fmt: skip


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


def _compare(units: Collection[Unit], template: Template, day: date, also: frozenset[str]) -> _Changes:
    ids = [unit.pk for unit in units]
    agencies = {(unit_id, kind): pk for pk, unit_id, kind in
                Agency.objects.filter(unit_id__in=ids).values_list("pk", "unit_id", "kind")}  # fmt: skip
    bodies: dict[int, dict[str, Body]] = defaultdict(dict)
    for body in Body.objects.on(day).filter(unit_id__in=ids):
        bodies[body.unit_id][body.key] = body
    posts: dict[int, dict[str, Post]] = defaultdict(dict)
    for post in Post.objects.on(day).filter(body__unit_id__in=ids):
        posts[post.body_id][post.key] = post
    changes = _Changes(day)
    for unit in units:
        standing = bodies[unit.pk]
        plans = [plan for plan in template.bodies(unit.kind)
                 if not plan.optional or plan.key in also or plan.key in standing]  # fmt: skip
        for place, plan in enumerate(plans):
            agency = agencies.get((unit.pk, plan.agency)) if plan.agency else None
            _body(changes, unit.pk, plan, place, agency, standing.get(plan.key), posts)
        for key in standing.keys() - {plan.key for plan in plans}:
            _end(changes, standing[key], posts)
    return changes


def _body(
    changes: _Changes, unit_id: int, plan: BodyPlan, place: int, agency_id: int | None, standing: Body | None,
    posts: Mapping[int, Mapping[str, Post]],
) -> None:  # fmt: skip
    facts = {
        "block": plan.block, "under": plan.under, "agency_id": agency_id, "name": plan.name, "name_en": plan.name_en,
        "position": place, "certainty": plan.certainty, "basis": plan.basis,
    }  # fmt: skip
    if standing and any(getattr(standing, name) != facts[name] for name in _BODY_IS):
        _end(changes, standing, posts)
        standing = None
    if standing:
        changes.mend(standing, facts, _BODY_MENDED, unit_id)
        held = posts.get(standing.pk, {})
    else:
        standing, held = Body(unit_id=unit_id, key=plan.key, valid_from=changes.day, **facts), {}
        changes.begin(standing, unit_id, "bodies")
    for number, post in enumerate(plan.posts):
        wanted = {"title": post.title, "title_en": post.title_en, "staff_kind": post.staff_kind, "seats": post.seats,
                  "role": post.role, "position": number, "certainty": post.certainty}  # fmt: skip
        there = held.get(post.key)
        if there and all(getattr(there, name) == wanted[name] for name in _POST_IS):
            changes.mend(there, wanted, _POST_MENDED, unit_id)
            continue
        if there:
            changes.end(there, unit_id, "posts")
        changes.begin(Post(body=standing, key=post.key, valid_from=changes.day, **wanted), unit_id, "posts")
    for key in held.keys() - {post.key for post in plan.posts}:
        changes.end(held[key], unit_id, "posts")


def _end(changes: _Changes, body: Body, posts: Mapping[int, Mapping[str, Post]]) -> None:
    """A body ends with all its posts."""
    changes.end(body, body.unit_id, "bodies")
    for post in posts.get(body.pk, {}).values():
        changes.end(post, body.unit_id, "posts")


def _write(changes: _Changes) -> None:
    for model in (Post, Body):  # posts go before their bodies, and come after them
        rows = changes.ended[model]
        fresh = [row.pk for row in rows if row.valid_from == changes.day]
        model.objects.filter(pk__in=fresh).delete()
        model.objects.filter(pk__in=[row.pk for row in rows if row.pk not in set(fresh)]).update(valid_to=changes.day)
    for model, names in ((Body, _BODY_MENDED), (Post, _POST_MENDED)):
        model.objects.bulk_update(changes.mended[model], names, batch_size=BATCH)
        model.objects.bulk_create(changes.new[model], batch_size=BATCH)


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
