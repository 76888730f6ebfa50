"""Who acts, and which units' rows the database shows them.

Every transaction of the application begins with `entered(actor)`: one statement checks that the actor's pass is alive
and sets what row-level security reads. Without it no guarded row is seen and none can be written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import psycopg
from django.db import DatabaseError, connection, transaction

from haicap.kernel.errors import SignInNeeded
from haicap.kernel.readings import Note

PASS_IS_DEAD = "HC401"  # noqa: S105 - an SQLSTATE


@dataclass(frozen=True, slots=True)
class Inheritance:
    """What an officer answers for beside their own posts.

    `homes`: pairs (agency of an ended unit whose one heir theirs is, their own agency that goes on with its work).
    `stands_in`: posts (agency id, role) in which nobody is, and which therefore wait for this officer.
    `shared_unit_ids`, `shared_agency_ids`: of units that were divided, with theirs among the heirs; a province's officers
    see all of their province here, but have no `shared_posts`: those posts in shared agencies that are like their own.
    """

    homes: tuple[tuple[int, int], ...] = ()
    stands_in: frozenset[tuple[int, str]] = frozenset()
    shared_unit_ids: tuple[int, ...] = ()
    shared_agency_ids: tuple[int, ...] = ()
    shared_posts: frozenset[tuple[int, str]] = frozenset()

    def home_of(self, agency_id: int | None) -> int | None:
        """The agency that goes on with the work of `agency_id`; that one itself where it has not ended."""
        return next((own for ended, own in self.homes if ended == agency_id), agency_id)

    def has(self, agency_id: int | None) -> bool:
        """True for an agency of an ended unit whose one heir is the officer's."""
        return any(ended == agency_id for ended, _ in self.homes)


NOTHING = Inheritance()


@dataclass(frozen=True, slots=True)
class Watch:
    """A unit's rows are lent to a guest: to whom (or, for the guest, of which unit), until when; or only asked for."""

    name: str
    until: datetime
    asked: bool = False


@dataclass(frozen=True, slots=True)
class StandsFor:
    """Somebody else's post in which the actor acts for a time, by a decision: what is done in it is told as done for them.

    `prefix`: what stands before the signature (TUQ., KT.); `shared`: the actor holds such a post of their own as well.
    Lent in part: `kinds`, the keys of the kinds of work that it covers (empty for all), and `signing_only`.
    """

    agency_id: int
    role: str
    account_id: int
    name: str
    decision: str
    prefix: str
    shared: bool = False
    kinds: frozenset[str] = frozenset()
    signing_only: bool = False

    @property
    def is_partial(self) -> bool:
        """True where not all of the post's work is lent."""
        return bool(self.kinds) or self.signing_only

    def covers(self, kind: str, *, signing: bool) -> bool:
        """True where the decision lends a piece of work of `kind`, of which what is done now is the `signing` or is not."""
        return kind in (self.kinds or (kind,)) and (signing or not self.signing_only)

    def told(self) -> dict[str, str]:
        """For the data of a move: for whom, by which decision, and how it is signed."""
        return {"name": self.name, "decision": self.decision, "prefix": self.prefix}


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who acts: an account in its posts of the day, a job of the system, or the public.

    `unit_ids`: units whose rows they see (their own and, by lineage, those it is heir of); `agency_ids`: agencies
    whose entries they see; `roles`: pairs (agency id, role); `scopes`: what a token may do, {"*"} for a session;
    `inheritance`: what came to them from units that have ended; `stands_for`: posts of others (also among `roles`) in which
    they act for a time; `stands_in_part`: those of which a part is lent: not among `roles`, they count only `towards` a
    piece of work that the decision covers. `guest`: they see only what units lend them, every view of it is written into
    the trail, and they change nothing but what concerns themselves. `watches`: for a guest what is lent to them, for others
    the guests of their own units.
    """

    name: str
    account_id: int | None = None
    pass_id: int | None = None
    unit_id: int | None = None
    unit_code: str = ""
    unit_name: str = ""
    unit_ids: tuple[int, ...] = ()
    agency_ids: tuple[int, ...] = ()
    roles: frozenset[tuple[int, str]] = frozenset()
    scopes: frozenset[str] = field(default_factory=lambda: frozenset({"*"}))
    inheritance: Inheritance = NOTHING
    stands_for: tuple[StandsFor, ...] = ()
    stands_in_part: tuple[StandsFor, ...] = ()
    guest: bool = False
    watches: tuple[Watch, ...] = ()

    @property
    def is_anonymous(self) -> bool:
        """True for the public."""
        return self.account_id is None and not self.name.startswith("system")

    @property
    def role_names(self) -> frozenset[str]:
        """The roles without their agencies."""
        return frozenset(role for _, role in self.roles)

    def has_role(self, *roles: str, agency_id: int | None = None) -> bool:
        """True where one of `roles` is held (at `agency_id`, if given)."""
        return any(role in roles and agency_id in (None, agency) for agency, role in self.roles)

    def may(self, scope: str) -> bool:
        """True where the pass carries `scope` ("*" carries all)."""
        return "*" in self.scopes or scope in self.scopes

    def acts_for(self, agency_id: int | None, role: str, holder: int | None = None) -> StandsFor | None:
        """For whom the actor acts in a post: for `holder`, whose work it is, where they stand for them; for nobody but
        themselves where the post is their own."""
        lent = [one for one in self.stands_for if (one.agency_id, one.role) == (agency_id, role)]
        named = next((one for one in lent if one.account_id == holder), None)
        return named or next((one for one in lent if not one.shared), None)

    def answers_for(self, holder: int | None, agency_id: int | None, role: str) -> bool:
        """True where work that `holder` has taken in a post is the actor's too, for they stand for them in it."""
        return any((one.account_id, one.agency_id, one.role) == (holder, agency_id, role) for one in self.stands_for)

    def towards(self, kind: str, *, signing: bool) -> Actor:
        """The same actor as they stand to one piece of work: with the posts lent in part that cover it (see `StandsFor`), also
        in the agencies whose work came to these, and without the others."""
        if not self.stands_in_part:
            return self
        lent = tuple(one for one in self.stands_in_part if one.covers(kind, signing=signing))
        posts = {post for one in lent for post in self.posts_of(one)}
        return replace(self, roles=self.roles | posts, stands_for=(*self.stands_for, *lent), stands_in_part=())

    def posts_of(self, lent: StandsFor) -> frozenset[tuple[int, str]]:
        """The lent post, and the same in ended agencies whose work its agency goes on with."""
        came = (ended for ended, own in self.inheritance.homes if own == lent.agency_id)
        return frozenset((agency, lent.role) for agency in (lent.agency_id, *came))

    def with_pass(self, pass_id: int | None, scopes: frozenset[str] | None = None) -> Actor:
        """The same actor, let in by `pass_id`."""
        return replace(self, pass_id=pass_id, scopes=self.scopes if scopes is None else scopes)

    def entry_parameters(self) -> tuple[int | None, int | None, str, int | None, str, str]:
        """The parameters of the SQL function `scope_enter`, in order."""
        return (
            self.pass_id,
            self.account_id,
            self.name,
            self.unit_id,
            "{" + ",".join(map(str, self.unit_ids)) + "}",
            "{" + ",".join(map(str, self.agency_ids)) + "}",
        )


ANONYMOUS = Actor(name="")


def system(name: str) -> Actor:
    """A job of the system, for the trail; it sees what its database role may see."""
    return Actor(name=f"system:{name}")


ENTER = "SELECT scope_enter(%s::bigint, %s::int, %s::text, %s::int, %s::text, %s::text, %s::boolean)"
ENTER_NOTING = ENTER.replace("scope_enter", "readings_enter").replace("::boolean)", "::boolean, %s::jsonb)")


@contextmanager
def entered(actor: Actor, *, read_only: bool = False, note: Note | None = None) -> Iterator[None]:
    """A transaction in which the database shows `actor` their rows and names them in the trail.

    Leaving by an exception rolls back, leaving in peace commits. With `read_only` the database refuses writes, but for
    `note`: what of somebody's record will be looked at is written down first, by the same statement.
    Raises SignInNeeded where the actor's pass has expired or was revoked. Costs one statement.
    """
    outermost = not connection.in_atomic_block
    parameters: list[Any] = [*actor.entry_parameters(), read_only and outermost]
    if note is not None:
        parameters.append(json.dumps(note.as_json(actor.role_names, actor.unit_name), ensure_ascii=False))
    with transaction.atomic():
        with connection.cursor() as cursor:
            try:
                cursor.execute(ENTER if note is None else ENTER_NOTING, parameters)
            except DatabaseError as error:
                raise_if_pass_is_dead(error)
                raise
        yield
        if not outermost:
            with connection.cursor() as cursor:
                cursor.execute("SELECT scope_leave()")


def raise_if_pass_is_dead(error: BaseException) -> None:
    """Raise SignInNeeded where the database refused the pass."""
    cause = error.__cause__ if isinstance(error, DatabaseError) else error
    if isinstance(cause, psycopg.Error) and cause.sqlstate == PASS_IS_DEAD:
        raise SignInNeeded from None
