"""A small reorganisation of invented communes in Sơn La, on 1 March 2026, with dossiers, a file and people before it.

Xã Cũ Một goes whole to Xã Mới Một. Xã Cũ Hai is divided between Xã Mới Một and Xã Mới Hai, which takes what is not named.
Xã Cũ Ba is empty and goes whole to Xã Mới Hai.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from unittest.mock import patch

from django.db import connections

from haicap.domain.dossiers.commands import decline_at_counter
from haicap.domain.dossiers.queries import intake
from haicap.domain.dossiers.tests.factories import APPLICANT, COMMUNE_POSTS, receipt_for, received
from haicap.domain.people import commands as people
from haicap.domain.people import queries as posts
from haicap.domain.people.models import Agency
from haicap.domain.people.queries import account_named
from haicap.domain.units import rules
from haicap.domain.units.models import Lineage, Resolution, Unit
from haicap.domain.units.queries.addresses import forget_gazetteer
from haicap.kernel import clock
from haicap.kernel.db.provision import WORKER
from haicap.kernel.files.commands import store
from haicap.kernel.scope import Actor, entered

NUMBER = "99/NQ-THU"
THE_DAY = date(2026, 3, 1)
EVE = datetime(2026, 2, 25, 8, 30, tzinfo=clock.ZONE)
SINCE = date(2025, 7, 1)
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OLD_ONE, OLD_TWO, OLD_THREE, NEW_ONE, NEW_TWO, NEWEST = "99901", "99902", "99903", "99911", "99912", "99921"
LATER = date(2026, 6, 1)


@dataclass
class World:
    """The resolution, its units by code, and the dossiers by the code of the unit they were made under."""

    resolution: Resolution
    units: dict[str, Unit]
    accounts: dict[str, int]
    dossiers: dict[str, list[str]] = field(default_factory=dict)

    def actor(self, name: str) -> Actor:
        """Somebody in the posts that they hold at the moment."""
        posts.forget_actors()
        return posts.actor_for(self.accounts[name])

    def ids(self, *codes: str) -> list[int]:
        """The rows of these units; all three that ended where none is named."""
        return [self.units[code].pk for code in codes or (OLD_ONE, OLD_TWO, OLD_THREE)]


def reorganised(*, effective_on: date = THE_DAY, dossiers: bool = True) -> World:
    """Make the world; commits, so it wants a database of its own, asked as the application."""
    resolution = Resolution.objects.using("owner").create(
        number=NUMBER, body="Ủy ban Thường vụ Quốc hội", title="Sắp xếp ba xã thử nghiệm của tỉnh Sơn La",
        adopted_on=effective_on - timedelta(days=15), effective_on=effective_on, digest="ab" * 32, source="thử",
        applied_at=clock.now(), applied_by="quản trị",
    )  # fmt: skip
    units = _units(resolution)
    _lineage(resolution, units)
    accounts = _staff([units[OLD_ONE], units[OLD_TWO], units[NEW_ONE], units[NEW_TWO]])
    with standing_at(EVE):
        world = World(resolution, units, accounts)
        if dossiers:
            _receive(world)
    posts.forget_actors()
    intake.forget()
    forget_gazetteer()
    return world


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """It is `moment` inside the block."""
    with patch.object(clock, "now", lambda: moment):
        posts.forget_actors()
        yield


def _units(resolution: Resolution) -> dict[str, Unit]:
    day = resolution.effective_on
    province = Unit.objects.get(code="14", valid_to=None)
    wanted = {
        OLD_ONE: "Xã Cũ Một",
        OLD_TWO: "Xã Cũ Hai",
        OLD_THREE: "Xã Cũ Ba",
        NEW_ONE: "Xã Mới Một",
        NEW_TWO: "Xã Mới Hai",
    }
    units = {}
    for code, name in wanted.items():
        old = code < NEW_ONE
        units[code] = Unit.objects.using("owner").create(
            code=code, name=name, kind="xa", level="xa", parent_id=province.pk, province_id=province.pk,
            valid_from=SINCE if old else day, valid_to=day if old else None,
            ended_by=resolution if old else None, formed_by=None if old else resolution,
            search=rules.search_text(name, province.name),
        )  # fmt: skip
    return {unit.code: unit for unit in Unit.objects.filter(code__in=wanted).with_parents()}


def _lineage(resolution: Resolution, units: dict[str, Unit]) -> None:
    for old, new, share, residual, hamlets in (
        (OLD_ONE, NEW_ONE, "whole", False, []), (OLD_TWO, NEW_ONE, "part", False, ["Bản Trên"]),
        (OLD_TWO, NEW_TWO, "part", True, []), (OLD_THREE, NEW_TWO, "whole", False, []),
    ):  # fmt: skip
        Lineage.objects.using("owner").create(
            predecessor_id=units[old].pk, successor_id=units[new].pk, share=share, resolution=NUMBER,
            effective_on=resolution.effective_on, hamlets=hamlets, residual=residual, recorded_by=resolution,
        )  # fmt: skip


def _staff(units: list[Unit]) -> dict[str, int]:
    people.establish_agencies([*units, Unit.objects.get(code="14", valid_to=None)])
    agencies = {(agency.unit_id, agency.kind): agency for agency in Agency.objects.filter(unit__in=units)}
    accounts = {}
    for unit in units:
        for role in ("counter", "chair"):
            prefix, kinds = COMMUNE_POSTS[role]
            account = people.open_account(name=f"{prefix}-{unit.code}", full_name="Lò Văn Thử", password_hash="!")
            for kind in kinds:
                people.appoint(account=account, agency=agencies[unit.pk, kind], role=role, valid_from=unit.valid_from)
            accounts[account.name] = account.pk
    return accounts


def _receive(world: World) -> None:
    """Two open dossiers, one closed and a file at Cũ Một; three open ones at Cũ Hai."""
    one, two = world.actor(f"motcua-{OLD_ONE}"), world.actor(f"motcua-{OLD_TWO}")
    with entered(one):
        kept = store(actor=one, stream=iter([PDF]), name="giấy chứng sinh.pdf", at=EVE)
    files = [{"file": kept.digest, "name": "giấy chứng sinh.pdf", "paper": ""}]
    first = received(one, at=EVE, attachments=files).code
    second = received(one, at=EVE).code
    declined = decline_at_counter(actor=one, receipt=receipt_for(unit=OLD_ONE), reason="Không thuộc thẩm quyền", at=EVE)
    world.dossiers[OLD_ONE] = [first, second, declined.code]
    world.dossiers[OLD_TWO] = [
        received(two, at=EVE, applicant=dict(APPLICANT) | {"address": address}).code
        for address in ("Bản Trên, xã Cũ Hai, tỉnh Sơn La", "Bản Dưới, xã Cũ Hai, tỉnh Sơn La", "xã Cũ Hai")
    ]


def move_to(world: World, person: str, code: str, since: date) -> None:
    """Give somebody a post at the committee of another unit."""
    agency = Agency.objects.get(unit=world.units[code], kind="committee")
    people.appoint(account=account_named(person), agency=agency, role="chair", valid_from=since)


def tamper(sql: str, *values: object) -> None:
    """What only the owner of the database could do, past every rule."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql, values)


def ended_again(world: World) -> Resolution:
    """The second generation: Xã Mới Một goes whole to Phường Mới Nhất on 1 June 2026."""
    province = Unit.objects.get(code="14", valid_to=None)
    again = Resolution.objects.using("owner").create(
        number="100/NQ-THU", body="Ủy ban Thường vụ Quốc hội", title="Thành lập phường", adopted_on=LATER,
        effective_on=LATER, digest="cd" * 32, source="thử", applied_at=clock.now(), applied_by="quản trị",
    )  # fmt: skip
    tamper("UPDATE units_unit SET valid_to = %s, ended_by_id = %s WHERE code = %s", LATER, again.pk, NEW_ONE)
    newest = Unit.objects.using("owner").create(
        code=NEWEST, name="Phường Mới Nhất", kind="phuong", level="xa", parent_id=province.pk, province_id=province.pk,
        valid_from=LATER, formed_by=again, search=rules.search_text("Phường Mới Nhất", province.name),
    )  # fmt: skip
    Lineage.objects.using("owner").create(
        predecessor_id=world.units[NEW_ONE].pk, successor_id=newest.pk, share="whole", resolution=again.number,
        effective_on=LATER, recorded_by=again,
    )  # fmt: skip
    forget_gazetteer()
    return Resolution.objects.get(pk=again.pk)


def others_are_done() -> None:
    """Say of every resolution that is there that it was carried out."""
    tamper(
        "SELECT audit_record('resolution:' || id, 'units:reorganisation:carried_out', NULL, '{}') FROM units_resolution"
    )


@contextmanager
def as_the_worker(passwords: dict[str, str]) -> Iterator[None]:
    """Inside the block the database is asked as the worker's role."""
    ours = connections.settings["default"]
    before = {key: ours[key] for key in ("USER", "PASSWORD")}

    def become(login: dict[str, str]) -> None:
        connections["default"].close()
        ours.update(login)
        connections["default"].settings_dict.update(login)

    become({"USER": WORKER, "PASSWORD": passwords[WORKER]})
    try:
        yield
    finally:
        become(before)
