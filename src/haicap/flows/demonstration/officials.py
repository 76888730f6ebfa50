"""Staff records of the demonstration: the province's payroll, post by post, some of them vacant; all people made up."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from random import Random

from haicap.domain.people import queries as people
from haicap.domain.people.blocks import StaffKind
from haicap.domain.people.commands.officials import OfficialFacts, Seat, record_officials
from haicap.domain.people.models import Account, Official, Post
from haicap.domain.people.queries import actor_for
from haicap.domain.units import queries as units
from haicap.domain.units.models import Unit
from haicap.flows.demonstration.figures import CHANGE, PAYROLL, PAYROLL_OF_COMMUNES, PROVINCE, VACANT
from haicap.flows.demonstration.names import Person, draw, person
from haicap.kernel.scope import entered

PAID = (StaffKind.CADRE, StaffKind.CIVIL_SERVANT)  # what the payroll counts
BASE_PAY = 2_340_000  # dong a month, Decree 73/2024/NĐ-CP (general knowledge)
STARTS_AT = (22, 27)
LEADING = ("head", "chair", "secretary", "commissar")
# Which post the demonstration account of a role sits in.
POST_OF_ACCOUNT = {
    "motcua": ("center", "officer"), "chuyenmon": ("culture_social", "officer"), "lanhdao": ("office", "head"),
    "chutich": ("committee", "chair"), "vanthu": ("office", "clerk"), "quantri": ("office", "officer"),
}  # fmt: skip


@dataclass(frozen=True)
class _Chair:
    """One place to be filled: a post, and the number of the place in it."""

    unit: Unit
    post: Post
    number: int


def quotas(province: Unit, communes: Sequence[Unit]) -> Mapping[Unit, int]:
    """How many posts each unit's payroll has: the communes' share told by the press spread evenly, the rest the province's."""
    each, rest = divmod(PAYROLL_OF_COMMUNES, len(communes))
    own = {unit: each + (place < rest) for place, unit in enumerate(communes)}
    return {province: PAYROLL - PAYROLL_OF_COMMUNES, **own}


def places() -> Mapping[Unit, Mapping[str, int]]:
    """The posts of each unit's payroll by block; they sum to `quotas`."""
    province = units.unit_on(PROVINCE, CHANGE)
    communes = list(units.communes_of(PROVINCE, CHANGE).select_related("province"))
    found = _chairs(quotas(province, communes))
    return {unit: Counter(chair.post.body.block for chair in chairs) for unit, chairs in found.items()}


def fill() -> None:
    """Record everybody through the public command, as the province's administrator; does nothing the second time."""
    province = units.unit_on(PROVINCE, CHANGE)
    communes = list(units.communes_of(PROVINCE, CHANGE).select_related("province"))
    actor = actor_for(people.account_named(f"quantri-{PROVINCE}").pk)
    with entered(actor):
        if Official.objects.exists():
            return
        record_officials(actor=actor, people=list(_everybody(quotas(province, communes))))


def _everybody(wanted: Mapping[Unit, int]) -> Iterator[OfficialFacts]:
    accounts = {account.name: account for account in Account.objects.filter(synthetic=True)}
    taken: set[str] = set()
    for unit, chairs in _chairs(wanted).items():
        own = _accounts_of(unit, accounts)
        for chair in chairs:
            rng = draw(unit.code, chair.post.body.key, chair.post.key, chair.number)
            account = own.pop((chair.post.body.key, chair.post.key), None)
            if account is None and chair.post.key not in LEADING and rng.random() < VACANT:
                continue
            yield _facts(chair, account, rng, taken)


def _accounts_of(unit: Unit, accounts: Mapping[str, Account]) -> dict[tuple[str, str], Account]:
    named = {post: accounts.get(f"{word}-{unit.code}") for word, post in POST_OF_ACCOUNT.items()}
    for body in (name for name in accounts if name.startswith("so") and name.endswith(f"-{unit.code}")):
        kind = next((p.body.key for p in _posts((unit,)) if p.body.key.replace("-", "") == body.rsplit("-", 1)[0]), "")
        named[kind, "officer"] = accounts[body]
    return {post: account for post, account in named.items() if account}


def _posts(of: Sequence[Unit]) -> list[Post]:
    rows = Post.objects.on(CHANGE).filter(body__unit__in=of, staff_kind__in=PAID)
    return list(rows.select_related("body").order_by("body__position", "position", "pk"))


def _chairs(wanted: Mapping[Unit, int]) -> Mapping[Unit, list[_Chair]]:
    """The places of each unit: first each post once (or as often as the law says), then more officers in turn."""
    by_unit: dict[int, list[Post]] = defaultdict(list)
    for post in _posts(list(wanted)):
        by_unit[post.body.unit_id].append(post)
    found: dict[Unit, list[_Chair]] = {}
    for unit, quota in wanted.items():
        posts = by_unit[unit.pk]
        first = [_Chair(unit, post, number) for post in posts for number in range(post.seats or 1)]
        officers = [post for post in posts if post.key == "officer"]
        more = itertools.islice(itertools.cycle(officers), max(0, quota - len(first)))
        found[unit] = [*first, *(_Chair(unit, post, 100 + place) for place, post in enumerate(more))][:quota]
    return found


def _facts(chair: _Chair, account: Account | None, rng: Random, taken: set[str]) -> OfficialFacts:
    word = account.name.removesuffix(f"-{chair.unit.code}") if account else ""
    who = _somebody(draw(chair.unit.code, word, "") if account else rng, taken)
    begins = date(min(who.born_on.year + rng.randint(*STARTS_AT), CHANGE.year - 1), rng.randint(1, 12), 1)
    grade = 2.34 + min(3.0, 0.33 * ((CHANGE - begins).days // 1096))
    return OfficialFacts(
        unit=chair.unit, full_name=who.name, staff_kind=chair.post.staff_kind,
        female=who.female, born_on=who.born_on, id_number=who.id_number, phone=who.phone, insured_from=begins,
        salary=round(BASE_PAY * grade), account_id=account.pk if account else None, synthetic=True,
        seat=Seat(chair.post.body.key, chair.post.key, f"{rng.randint(1, 900)}/QĐ-UBND", CHANGE, CHANGE),
    )  # fmt: skip


def _somebody(rng: Random, taken: set[str]) -> Person:
    """A person whose number nobody of the demonstration's staff has yet; the same dice as `staff.official` throws."""
    while True:
        who = person(rng, on=CHANGE, age=(26, 58))
        if who.id_number not in taken:
            taken.add(who.id_number)
            return who
