"""What an administrator does with accounts and posts of their own units, each noted in the trail.

Commune officials are appointed, and relieved, by numbered decisions of whoever may appoint them (Law on Cadres and Civil
Servants 80/2025/QH15): a post carries the number and the day of its decision.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from haicap.domain.people.commands.accounts import hash_password, open_account
from haicap.domain.people.commands.passes import end_passes
from haicap.domain.people.errors import HeldElsewhere, OutOfReach, OwnAccount, PostRefused
from haicap.domain.people.models import Account, Agency, Appointment
from haicap.domain.people.queries import forget_actors, names_taken
from haicap.domain.people.queries.reach import Reach
from haicap.domain.people.rules import (
    LONGEST_FULL_NAME,
    LONGEST_NUMBER,
    SIGN_IN_NAME,
    Role,
    first_password,
    proposed_name,
    roles_in,
)
from haicap.kernel import clock, vi
from haicap.kernel.access import require
from haicap.kernel.audit.commands import record
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format
from haicap.kernel.text import clean

_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('people.accounts'))"
FARTHEST = timedelta(days=20 * 366)


@dataclass(frozen=True)
class PostFacts:
    """An appointment as asked for: `valid_to` is the first day out of the post again, None without an end."""

    agency: Agency
    role: str
    decision_number: str
    decision_date: date
    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True)
class Opened:
    """An account and its first password, which nobody can read again."""

    account: Account
    password: str


def post_problems(facts: PostFacts, today: date) -> list[Problem]:
    """What is wrong with an appointment by itself; [] where nothing is."""
    unit = facts.agency.unit
    found = []
    if facts.role not in roles_in(facts.agency.kind):
        text = bi("{agency} không có vai trò này. Các vai trò: {known}.", "{agency} has no such role. It has: {known}.")
        known = ", ".join(str(role.label) for role in roles_in(facts.agency.kind))
        found.append(Problem("role", bi_format(text, agency=facts.agency.name, known=known)))
    if not facts.decision_number:
        found.append(Problem("decision_number", bi("Ghi số quyết định.", "Give the decision's number.")))
    elif len(facts.decision_number) > LONGEST_NUMBER:
        text = bi("Số quyết định dài quá {n} ký tự.", "The decision's number has over {n} characters.")
        found.append(Problem("decision_number", bi_format(text, n=LONGEST_NUMBER)))
    if facts.decision_date > today:
        found.append(
            Problem("decision_date", bi("Ngày quyết định ở tương lai.", "The decision's day is still to come."))
        )
    if facts.valid_from < unit.valid_from:
        text = bi(
            "{unit} hoạt động từ {day}; ghi ngày từ đó trở đi.", "{unit} stands since {day}; give a day from then on."
        )
        day = vi.date_text(unit.valid_from)
        found.append(Problem("valid_from", bi_format(text, unit=unit.shown_name, day=day)))
    elif facts.valid_from > today + FARTHEST:
        found.append(Problem("valid_from", bi("Ngày này quá xa.", "That day is too far away.")))
    if facts.valid_to is not None and facts.valid_to <= facts.valid_from:
        text = bi("Ngày cuối đứng trước ngày bắt đầu.", "The last day lies before the first.")
        found.append(Problem("last_day", text))
    return found


def overlapping(account_id: int, facts: PostFacts) -> Appointment | None:
    """The appointment by which the account holds the same role in the same agency in some of these days already."""
    same = Appointment.objects.filter(account_id=account_id, agency=facts.agency, role=facts.role)
    meeting = same.filter(Q(valid_to=None) | Q(valid_to__gt=facts.valid_from))
    if facts.valid_to is not None:
        meeting = meeting.filter(valid_from__lt=facts.valid_to)
    return meeting.select_related("agency").first()


def overlap_problem(account_id: int, facts: PostFacts) -> Problem | None:
    """The fault of an appointment to a role in an agency that the account holds in some of these days already."""
    held = overlapping(account_id, facts)
    if held is None:
        return None
    text = bi(
        "Đã giữ vị trí này từ {day}. Hãy cho thôi vị trí cũ trước.", "Held since {day} already. End that post first."
    )
    return Problem("valid_from", bi_format(text, day=vi.date_text(held.valid_from)))


def name_problems(full_name: str, name: str = "") -> list[Problem]:
    """What is wrong with a person's name and, where given, with a sign-in name."""
    found = []
    if not full_name:
        found.append(Problem("full_name", bi("Ghi họ và tên.", "Give the full name.")))
    elif len(full_name) > LONGEST_FULL_NAME:
        text = bi("Họ và tên dài quá {n} ký tự.", "The name has over {n} characters.")
        found.append(Problem("full_name", bi_format(text, n=LONGEST_FULL_NAME)))
    if name and not SIGN_IN_NAME.fullmatch(name):
        text = bi("Tên đăng nhập gồm 3–60 chữ thường không dấu, số, dấu chấm, gạch nối, ví dụ lothianh-03664.",
                  "A sign-in name has 3–60 small letters without accents, digits, dots, hyphens: lothianh-03664.")  # fmt: skip
        found.append(Problem("name", text))
    return found


def free_name(full_name: str, unit_code: str, taken: Collection[str] = ()) -> str:
    """The proposed sign-in name, with a number where it is already somebody's or among `taken`."""
    wanted = proposed_name(full_name, unit_code)
    head, _, code = wanted.rpartition("-")
    used = names_taken(head=head) | set(taken)
    number = 2
    while wanted in used:
        wanted, number = f"{head}{number}-{code}", number + 1
    return wanted


def open_with_post(reach: Reach, *, full_name: str, name: str, facts: PostFacts, same: bool = False) -> Opened:
    """Open an account for a new person in a post; the name is proposed where `name` is empty.

    An account without a post would be nobody's to look after. `same`: open it although a person of that name is
    already there. Raises PostRefused with every fault, OutOfReach.
    """
    reach.must_have(facts.agency)
    one_writer_at_a_time()
    full_name, name = vi.tidy_name(clean(full_name)), clean(name).lower()
    problems = [*name_problems(full_name, name), *post_problems(facts, reach.day)]
    if name and names_taken([name]):
        problems.append(Problem("name", bi("Tên đăng nhập đã có người dùng.", "This sign-in name is taken.")))
    if full_name and not same and (other := namesake(full_name, facts.agency.unit_id)):
        text = bi("Đã có {name} mang họ tên này ở đơn vị. Nếu là người khác, đánh dấu ô bên dưới.",
                  "{name} of this unit bears the same name. If it is another person, tick the box below.")  # fmt: skip
        problems.append(Problem("full_name", bi_format(text, name=other.name)))
    if problems:
        raise PostRefused(problems=problems)
    password = first_password()
    account = create_account(
        reach, name or free_name(full_name, facts.agency.unit.code), full_name, hash_password(password),
        facts.agency.unit_id,
    )  # fmt: skip
    add_post(account, facts)
    return Opened(account, password)


def namesake(full_name: str, unit_id: int) -> Account | None:
    """Somebody of that very name who has or had a post in the unit."""
    there = Account.objects.filter(appointments__agency__unit_id=unit_id).distinct()
    return next((one for one in there if vi.same_name(one.full_name, full_name)), None)


def appoint_by_decision(reach: Reach, account_id: int, facts: PostFacts) -> Appointment:
    """Give an account within reach a further post. Raises OutOfReach, OwnAccount, PostRefused."""
    account = _anothers(reach, account_id)
    reach.must_have(facts.agency)
    problems = post_problems(facts, reach.day)
    if overlap := overlap_problem(account_id, facts):
        problems.append(overlap)
    if problems:
        raise PostRefused(problems=problems)
    post = add_post(account, facts)
    end_passes(account.pk, keep_tokens=True)
    return post


def end_post(
    reach: Reach, account_id: int, post_id: int, last_day: date | None = None, *, withdraw: bool = False
) -> None:
    """Set the last day of a post; `withdraw` takes back one that has not begun. Raises OutOfReach, OwnAccount, PostRefused.

    A post that is over stays as it was; one that ends by today ends the account's sessions and tokens.
    """
    _anothers(reach, account_id)
    post = next((one for one in reach.posts(account_id) if one.row.pk == post_id), None)
    if post is None or not post.may_end:
        raise OutOfReach()
    row = post.row
    if withdraw and row.valid_from > reach.day:
        note_post("people:post:withdraw", row)
        row.delete()
    elif last_day is None:
        raise PostRefused(problems=[Problem("last_day", bi("Ghi ngày cuối giữ vị trí.", "Give the last day in post."))])
    elif last_day < row.valid_from or last_day > reach.day + FARTHEST:
        text = bi("Ngày cuối không được trước ngày bắt đầu, {day}.", "The last day cannot lie before the first, {day}.")
        raise PostRefused(problems=[Problem("last_day", bi_format(text, day=vi.date_text(row.valid_from)))])
    else:
        row.valid_to = last_day + timedelta(days=1)
        row.save(update_fields=["valid_to"])
        note_post("people:post:end", row)
    end_passes(account_id)
    forget_after_commit()


def reset_password(reach: Reach, account_id: int) -> Opened:
    """A new first password in the place of a forgotten one; ends sessions and tokens. Raises as `wholly_ours`."""
    opened = hand_over(wholly_ours(reach, account_id))
    record("people:account:reset_password", subject=_subject(account_id), unit_id=unit_of(reach, account_id))
    return opened


def hand_over(account: Account) -> Opened:
    """Give the account a first password, to be handed to its owner, who must choose another when they sign in.

    Raises HeldElsewhere: the database too refuses it for somebody who serves out of the actor's scope.
    """
    password = first_password()
    with connection.cursor() as cursor:
        cursor.execute("SELECT people_hand_password(%s, %s, %s)", [account.pk, hash_password(password), clock.now()])
        require(cursor.fetchone()[0], HeldElsewhere())
    account.refresh_from_db()
    end_passes(account.pk)
    return Opened(account, password)


def set_active(reach: Reach, account_id: int, active: bool) -> Account:
    """Close an account (sessions and tokens end, posts stay on paper) or open it again. Raises as `wholly_ours`."""
    account = wholly_ours(reach, account_id)
    if account.active != active:
        account.active = active
        account.save(update_fields=["active"])
        tag = "people:account:reopen" if active else "people:account:close"
        record(tag, subject=_subject(account_id), unit_id=unit_of(reach, account_id))
        end_passes(account_id)
        forget_after_commit()
    return account


def create_account(reach: Reach, name: str, full_name: str, password_hash: str, unit_id: int) -> Account:
    """A new account with a first password, noted in the trail of the unit."""
    account = open_account(name=name, full_name=full_name, password_hash=password_hash, first=True)
    record("people:account:open", subject=_subject(account.pk), unit_id=unit_id, data={"name": name})
    return account


def add_post(account: Account, facts: PostFacts) -> Appointment:
    """A post whose facts were judged, noted in the trail of its unit."""
    post = Appointment.objects.create(
        account=account, agency=facts.agency, role=facts.role, valid_from=facts.valid_from, valid_to=facts.valid_to,
        decision_number=facts.decision_number, decision_date=facts.decision_date,
    )  # fmt: skip
    note_post("people:post:appoint", post)
    forget_after_commit()
    return post


def complete_post(post: Appointment, facts: PostFacts) -> None:
    """Add the decision to a post that had none."""
    post.decision_number, post.decision_date = facts.decision_number, facts.decision_date
    post.save(update_fields=["decision_number", "decision_date"])
    note_post("people:post:complete", post)


def one_writer_at_a_time() -> None:
    """Wait until nobody else opens accounts, up to the end of the transaction: proposed names stay free."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME)


def forget_after_commit() -> None:
    """Drop what this process keeps of posts, now and once the change can be seen."""
    forget_actors()
    transaction.on_commit(forget_actors)


def _anothers(reach: Reach, account_id: int) -> Account:
    """The account, locked, where it is within reach and not the administrator's own."""
    account = reach.account(account_id, lock=True)
    require(account.pk != reach.actor.account_id, OwnAccount())
    return account


def wholly_ours(reach: Reach, account_id: int) -> Account:
    """As `_anothers`, and all its posts of today and later are within reach: whoever sets a password holds them all.
    Raises OutOfReach, OwnAccount, HeldElsewhere."""
    account = _anothers(reach, account_id)
    require(not reach.is_held_elsewhere(account_id), HeldElsewhere())
    return account


def unit_of(reach: Reach, account_id: int) -> int:
    """The unit within reach in whose trail an event of the account stands: that of its newest post."""
    return reach.posts(account_id)[0].row.agency.unit_id


def _subject(account_id: int) -> str:
    return f"account:{account_id}"


def note_post(tag: str, post: Appointment) -> None:
    """Tell of an appointment in the trail of its account."""
    data: dict[str, Any] = {
        "agency": post.agency_id, "role": Role(post.role).value, "from": post.valid_from, "to": post.valid_to,
        "decision": post.decision_number, "decided": post.decision_date,
    }  # fmt: skip
    record(tag, subject=_subject(post.account_id), unit_id=post.agency.unit_id, data=data)
