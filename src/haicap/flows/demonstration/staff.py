"""Accounts of the demonstration: one a role in each of Sơn La's communes, one a department, twenty citizens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from haicap.domain.people.commands import appoint, establish_agencies, hash_password, open_account
from haicap.domain.people.commands.organisation import load_organisation
from haicap.domain.people.commands.organisation_template import read_template
from haicap.domain.people.models import Agency
from haicap.domain.people.queries import forget_actors, names_taken
from haicap.domain.people.rules import AgencyKind, Role
from haicap.domain.units import queries as units
from haicap.flows.demonstration.figures import CHANGE, CITIZENS, FIRST_DAY, PROVINCE
from haicap.flows.demonstration.names import Person, draw, person
from haicap.kernel.db import home

PASSWORD_BYTES = 9
_DIVISIONS = (AgencyKind.OFFICE, AgencyKind.ECONOMY, AgencyKind.CULTURE_SOCIAL, AgencyKind.POLICE)

# The word in the sign-in name, the role, and the agencies in which the one account of a commune holds it.
COMMUNE_POSTS: tuple[tuple[str, Role, tuple[AgencyKind, ...]], ...] = (
    ("motcua", Role.COUNTER, (AgencyKind.CENTER,)),
    ("chuyenmon", Role.CASE_OFFICER, _DIVISIONS),
    ("lanhdao", Role.HEAD, _DIVISIONS),
    ("chutich", Role.CHAIR, (AgencyKind.COMMITTEE,)),
    ("vanthu", Role.CLERK, (AgencyKind.OFFICE,)),
    ("quantri", Role.ADMINISTRATOR, (AgencyKind.COMMITTEE,)),
)
PROVINCE_POSTS: tuple[tuple[str, Role, AgencyKind], ...] = (
    ("dieuhanh", Role.OPERATIONS, AgencyKind.OPERATIONS),
    ("quantri", Role.ADMINISTRATOR, AgencyKind.COMMITTEE),
    ("hotro", Role.SUPPORT, AgencyKind.OPERATIONS),
    *((kind.value.replace("-", ""), Role.DEPARTMENT, kind) for kind in AgencyKind if kind.value.startswith("so-")),
)
WORD_OF_ROLE = {role: word for word, role, _ in COMMUNE_POSTS}


@dataclass(frozen=True)
class Post:
    """One account to be: its sign-in name, whose it is, and its agencies (by unit and kind) with a role."""

    name: str
    full_name: str
    role: Role | None
    agencies: tuple[tuple[int, str], ...]
    valid_from: date


def password() -> str:
    """The one password of all demonstration accounts, made at random once for each home."""
    return home.secret("demo-password", size=PASSWORD_BYTES)


def official(unit_code: str, word: str, era: str = "") -> str:
    """The full name of the official in a post; the same always. `era` tells those of an ended unit apart."""
    return person(draw(unit_code, word, era), on=CHANGE, age=(26, 58)).name


def establish() -> None:
    """Agencies of the province, its communes and the communes before the change; organisation, accounts and posts. Some
    seconds; does nothing the second time."""
    with transaction.atomic():
        earlier, province = units.unit_on(PROVINCE, FIRST_DAY), units.unit_on(PROVINCE, CHANGE)
        now = list(units.communes_of(PROVINCE, CHANGE).select_related("province"))
        before = list(units.communes_of(PROVINCE, FIRST_DAY).select_related("province"))
        establish_agencies([earlier, province, *before, *now])
        load_organisation([province, *now], read_template(), CHANGE)
        posts = [*_province_posts(province.pk), *_commune_posts([(unit.pk, unit.code) for unit in now]), *_citizens()]
        _open_and_appoint(posts)
    forget_actors()


def _province_posts(province_id: int) -> list[Post]:
    return [
        Post(f"{word}-{PROVINCE}", official(PROVINCE, word), role, ((province_id, kind.value),), CHANGE)
        for word, role, kind in PROVINCE_POSTS
    ]


def _commune_posts(communes: list[tuple[int, str]]) -> list[Post]:
    return [
        Post(f"{word}-{code}", official(code, word), role, tuple((pk, kind.value) for kind in kinds), CHANGE)
        for pk, code in communes
        for word, role, kinds in COMMUNE_POSTS
    ]


def _citizens() -> list[Post]:
    return [Post(f"congdan-{number}", citizen(number).name, None, (), FIRST_DAY) for number in range(1, CITIZENS + 1)]


def citizen(number: int) -> Person:
    """The person behind a citizen's demonstration account."""
    return person(draw("citizen", number), on=CHANGE)


def _open_and_appoint(posts: list[Post]) -> None:
    """Accounts that are not there yet, opened and appointed by the commands that every account goes through."""
    there = names_taken([post.name for post in posts])
    secret = hash_password(password())  # once: it is one password, and a hash takes its time on purpose
    wanted = {unit_id for post in posts for unit_id, _ in post.agencies}
    agencies = {(agency.unit_id, agency.kind): agency for agency in Agency.objects.filter(unit_id__in=wanted)}
    for post in posts:
        if post.name in there:
            continue
        account = open_account(name=post.name, full_name=post.full_name, password_hash=secret, synthetic=True)
        for held in post.agencies:
            appoint(account=account, agency=agencies[held], role=post.role, valid_from=post.valid_from)
