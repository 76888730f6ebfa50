"""What many tests need: a commune with its people in their posts, a valid receipt, a received dossier, signed-in browsers.

Everything goes through the same commands as in an office; names and numbers are invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

import time_machine
from django.test import Client

from haicap.domain.dossiers import commands
from haicap.domain.dossiers.commands import Receipt, Received
from haicap.domain.people import commands as people
from haicap.domain.people import queries as posts
from haicap.domain.people.models import Account, Agency
from haicap.domain.people.web.identity import COOKIE
from haicap.domain.procedures import queries as procedures
from haicap.domain.procedures.rules import Field
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.kernel import clock
from haicap.kernel.entries.models import Entry
from haicap.kernel.scope import Actor, entered

PASSWORD = "mat-khau-thu-nghiem"
BIRTH = "1.001193"
POSTS_SINCE = date(2025, 7, 1)

# The agencies in which a commune's account of a role holds its posts.
COMMUNE_POSTS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "counter": ("motcua", ("center",)),
    "case_officer": ("chuyenmon", ("office", "economy", "culture_social", "police")),
    "head": ("lanhdao", ("office", "economy", "culture_social", "police")),
    "chair": ("chutich", ("committee",)),
    "clerk": ("vanthu", ("office",)),
    "administrator": ("quantri", ("committee",)),
}
NAMES: Mapping[str, str] = {
    "counter": "Lò Thị Ánh", "case_officer": "Đặng Văn Ưng", "head": "Cà Văn Ơn", "chair": "Quàng Thị Phương Thảo",
    "clerk": "Nguyễn Thị Khuỷnh", "administrator": "Tòng Văn Hặc", "operations": "Vì Thị Yến",
    "department": "Hoàng Đức Ỷ",
}  # fmt: skip
APPLICANT: Mapping[str, str] = {
    "name": "Nguyễn Thị Mai", "id_number": "014190001234", "phone": "0912345678", "email": "",
    "address": "Bản Hịa, xã Chiềng Khoong, tỉnh Sơn La",
}  # fmt: skip


@dataclass(frozen=True)
class Staff:
    """A unit and its people: `staff.counter`, `staff.chair` … are actors, as after a sign-in without a session."""

    unit: Unit
    actors: Mapping[str, Actor]

    def __getattr__(self, role: str) -> Actor:
        try:
            return self.actors[role]
        except KeyError:
            raise AttributeError(role) from None

    def client(self, role: str, *, language: str = "vi") -> Client:
        """A browser in which the person with `role` has signed in, by the door that everybody uses."""
        return signed_in(account_name(self.unit, role), language=language)


def account_name(unit: Unit, role: str) -> str:
    """The sign-in name: "motcua-03664"."""
    prefix = COMMUNE_POSTS[role][0] if role in COMMUNE_POSTS else {"operations": "dieuhanh"}.get(role, role)
    return f"{prefix}-{unit.code}"


def staffed_commune(code: str = "03664") -> Staff:
    """The commune of today with `code`, its agencies and one account for each of COMMUNE_POSTS."""
    unit = units.unit_on(code, clock.today())
    province = units.province_of(unit)
    people.establish_agencies([unit, province])
    return _staffed(unit, {role: (kinds, role) for role, (_, kinds) in COMMUNE_POSTS.items()})


def staffed_before(code: str, day: date = date(2025, 6, 27), *, until: date | None = date(2025, 7, 1)) -> Staff:
    """The commune that bore `code` on `day`, with its people in their posts up to, not including, `until`.

    Their accounts begin with "cu-". The actors are those of `day`; of any other day `posts.actor_for` tells.
    """
    unit = units.unit_on(code, day)
    people.establish_agencies([unit, units.province_of(unit)])
    posts_held = {role: (kinds, role) for role, (_, kinds) in COMMUNE_POSTS.items()}
    with time_machine.travel(datetime.combine(day, time(9), clock.ZONE), tick=False):
        return _staffed(unit, posts_held, prefix="cu-", since=unit.valid_from, until=until)


def staffed_province(code: str = "14", departments: tuple[str, ...] = ("so-tu-phap",)) -> Staff:
    """The province with `code`: an operations officer, an administrator, an officer in `departments`."""
    unit = units.unit_on(code, clock.today())
    people.establish_agencies([unit])
    return _staffed(unit, {
        "operations": (("operations",), "operations"),
        "administrator": (("committee",), "administrator"),
        "department": (departments, "department"),
    })  # fmt: skip


def supporting(province: Staff, name: str = "hotro-14") -> Account:
    """Somebody of technical support at a province, signed in by `signed_in(account.name)`; alone they see nothing."""
    account = people.open_account(
        name=name, full_name="Bạc Cầm Hỗ", password_hash=people.hash_password(PASSWORD), synthetic=True
    )
    agency = Agency.objects.get(unit=province.unit, kind="operations")
    people.appoint(account=account, agency=agency, role="support", valid_from=POSTS_SINCE)
    posts.forget_actors()
    return account


def _staffed(
    unit: Unit, wanted: Mapping[str, tuple[tuple[str, ...], str]], *, prefix: str = "", since: date = POSTS_SINCE,
    until: date | None = None,
) -> Staff:  # fmt: skip
    agencies = {agency.kind: agency for agency in Agency.objects.filter(unit=unit)}
    password = people.hash_password(PASSWORD)
    accounts: dict[str, Account] = {}
    for person, (kinds, role) in wanted.items():
        account = people.open_account(
            name=f"{prefix}{account_name(unit, person)}",
            full_name=NAMES[person],
            password_hash=password,
            synthetic=True,
        )
        for kind in kinds:
            people.appoint(account=account, agency=agencies[kind], role=role, valid_from=since, valid_to=until)
        accounts[person] = account
    posts.forget_actors()
    return Staff(unit, {person: posts.actor_for(account.pk) for person, account in accounts.items()})


def signed_in(name: str, *, language: str = "vi") -> Client:
    """A browser that has signed in as `name` with PASSWORD."""
    client = Client()
    answer = client.post("/dang-nhap/", {"name": name, "password": PASSWORD})
    assert COOKIE in client.cookies, answer.content[:500]
    client.cookies["haicap_language"] = language
    return client


def answers_for(procedure: str, *, only_required: bool = True, on: date | None = None) -> dict[str, Any]:
    """Valid answers to the form of `procedure`; optional fields too where `only_required` is False."""
    version = procedures.version_on(procedure, on or clock.today())
    return {field.name: _answer(field) for field in version.fields if field.required or not only_required}


def _answer(field: Field) -> Any:
    if field.choices:
        return field.choices[0].value
    least = field.min if isinstance(field.min, (int, float)) else 1
    by_type: dict[str, Any] = {
        "date": "01/10/2025", "number": max(1, int(least)), "boolean": True, "id_number": "014090123456",
        "phone": "0912345678", "textarea": "Nội dung khai",
    }  # fmt: skip
    text = field.default if isinstance(field.default, str) and field.default else "Lò Văn Bình"
    return by_type.get(field.type, text[: field.max_length or None])


def receipt_for(procedure: str = BIRTH, *, unit: str = "03664", **changes: Any) -> Receipt:
    """A valid receipt of `procedure` at the counter of `unit`; `changes` replace its parts."""
    receipt = Receipt(procedure=procedure, unit=unit, applicant=dict(APPLICANT), form=answers_for(procedure))
    return replace(receipt, **changes)


def received(
    actor: Actor, procedure: str = BIRTH, *, key: str = "", at: datetime | None = None, **changes: Any
) -> Received:
    """A dossier that `actor` has received at their own counter (at the moment `at`, now if not given)."""
    receipt = receipt_for(procedure, unit=actor.unit_code, **changes)
    return commands.receive(actor=actor, receipt=receipt, key=key, at=at)


def moved(actor: Actor, code: str, move: str, **inputs: Any) -> Entry:
    """`actor` makes `move` on the dossier `code`, as in a request of their own."""
    with entered(actor):
        return commands.make_move(actor=actor, code=code, move=move, **inputs)


def resolved(staff: Staff, procedure: str = BIRTH, **changes: Any) -> Received:
    """A dossier of a short procedure that has gone from counter to signature and waits to be returned."""
    got = received(staff.counter, procedure, **changes)
    moved(staff.counter, got.code, "forward")
    moved(staff.case_officer, got.code, "accept_handover")
    moved(staff.case_officer, got.code, "submit_for_signature")
    moved(staff.chair, got.code, "approve", fields={"result_number": "12/2026"})
    return got
