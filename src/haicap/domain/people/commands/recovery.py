"""A lost second factor, taken off by two administrators: one asks with a reason, another one within reach confirms.

One person alone, however trusted, could let themselves into a colleague's account. The database holds the rule too: the function
that takes factors off asks for a request of one and the confirmation of another.
"""

from __future__ import annotations

from django.db import connection

from haicap.domain.people.commands.second_factor import own_account_id
from haicap.domain.people.commands.staffing import Opened, hand_over, unit_of, wholly_ours
from haicap.domain.people.errors import (
    GivenByTheAsker,
    NothingToReset,
    PostRefused,
    ResetExpired,
    ResetUnknown,
    ResetWaits,
    TwoPeople,
)
from haicap.domain.people.models import Account, FactorReset
from haicap.domain.people.queries import with_second_factor
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.rules import GIVEN_LATELY, REASON_LEAST, REASON_MOST, RESET_LIFE, Verdict
from haicap.kernel import clock
from haicap.kernel.access import require
from haicap.kernel.audit.commands import record
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.scope import Actor
from haicap.kernel.text import clean


def ask_for_reset(reach: Reach, account_id: int, *, reason: str) -> FactorReset:
    """Ask for a colleague's second factor to be taken off. Raises as `wholly_ours`, NothingToReset, ResetWaits, PostRefused."""
    account = wholly_ours(reach, account_id)
    reason, now = clean(reason), clock.now()
    if not REASON_LEAST <= len(reason) <= REASON_MOST:
        text = bi("Ghi lý do, {least}–{most} ký tự: mất gì, khi nào, bạn nhận ra người này thế nào.",
                  "Give the reason in {least}–{most} characters: what was lost, when, how you know the person.")  # fmt: skip
        raise PostRefused(problems=[Problem("reason", bi_format(text, least=REASON_LEAST, most=REASON_MOST))])
    if not with_second_factor([account_id]):
        raise NothingToReset
    waiting = FactorReset.objects.select_for_update().filter(account=account, verdict=Verdict.WAITING).first()
    if waiting is not None:
        if waiting.expires_at > now:
            raise ResetWaits
        _decide(reach.actor, waiting, Verdict.WITHDRAWN)  # nobody confirmed it in time: the new one takes its place
    reset = FactorReset.objects.create(
        account=account, unit_id=unit_of(reach, account_id), asked_by_id=own_account_id(reach.actor), asked_at=now,
        reason=reason, expires_at=now + RESET_LIFE,
    )  # fmt: skip
    _tell(reset, "ask", reason=reason)
    return reset


def confirm_reset(reach: Reach, reset_id: int) -> Opened:
    """Confirm another administrator's request: the second factor is off, sessions and tokens end, and a new first password
    is to be handed over. Raises ResetUnknown, ResetExpired, TwoPeople, GivenByTheAsker, and as `wholly_ours`."""
    reset = _waiting(reach, reset_id)
    own = own_account_id(reach.actor)
    require(own not in (reset.asked_by_id, reset.account_id), TwoPeople())
    account = wholly_ours(reach, reset.account_id)
    if reset.expires_at <= clock.now():
        raise ResetExpired
    require(not _given_lately(own, by=reset.asked_by_id), GivenByTheAsker(days=GIVEN_LATELY.days))
    _decide(reach.actor, reset, Verdict.CONFIRMED)
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_reset_second_factor(%s)", [reset.pk])
        require(cursor.fetchone()[0], TwoPeople())
    return hand_over(account)


def refuse_reset(reach: Reach, reset_id: int) -> FactorReset:
    """Say no to a request, or take one's own back. Raises ResetUnknown."""
    reset = _waiting(reach, reset_id)
    require(reset.account_id != reach.actor.account_id, TwoPeople())
    own = reset.asked_by_id == reach.actor.account_id
    _decide(reach.actor, reset, Verdict.WITHDRAWN if own else Verdict.REFUSED)
    return reset


def refuse_own_reset(*, actor: Actor, reset_id: int) -> None:
    """The person of a request says that they did not ask for it. Raises ResetUnknown."""
    rows = FactorReset.objects.select_for_update().filter(verdict=Verdict.WAITING, account_id=own_account_id(actor))
    reset = rows.filter(pk=reset_id).first()
    if reset is None:
        raise ResetUnknown
    _decide(actor, reset, Verdict.REFUSED)


def _waiting(reach: Reach, reset_id: int) -> FactorReset:
    rows = FactorReset.objects.select_for_update().filter(verdict=Verdict.WAITING, unit_id__in=reach.unit_ids)
    reset = rows.filter(pk=reset_id).first()
    if reset is None:
        raise ResetUnknown
    return reset


def _given_lately(account_id: int, *, by: int) -> bool:
    """True where `by` handed the account its password within `GIVEN_LATELY`: whoever opens an account knows its password for
    a while, and could confirm their own request with it."""
    since = clock.now() - GIVEN_LATELY
    return Account.objects.filter(pk=account_id, password_given_by=by, password_given_at__gt=since).exists()


def _decide(actor: Actor, reset: FactorReset, verdict: Verdict) -> None:
    reset.verdict, reset.decided_by_id, reset.decided_at = verdict, actor.account_id, clock.now()
    reset.save(update_fields=["verdict", "decided_by", "decided_at"])
    _tell(reset, {Verdict.CONFIRMED: "confirm", Verdict.REFUSED: "refuse"}.get(verdict, "withdraw"))


def _tell(reset: FactorReset, what: str, **facts: str) -> None:
    data = {"reset": reset.pk, **facts}
    record(f"people:factor_reset:{what}", subject=f"account:{reset.account_id}", unit_id=reset.unit_id, data=data)
