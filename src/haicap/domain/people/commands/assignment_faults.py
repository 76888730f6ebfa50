"""What stands against an assignment: by itself, in what the official holds, in who holds the post already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from haicap.domain.people.blocks import AssignmentKind
from haicap.domain.people.commands.staffing import FARTHEST
from haicap.domain.people.limits import secondment_on
from haicap.domain.people.models import Assignment, Official, Post
from haicap.domain.people.rules import LONGEST_NUMBER, roles_in
from haicap.domain.units.models import Unit
from haicap.kernel import vi
from haicap.kernel.errors import Problem
from haicap.kernel.language import bi, bi_format


@dataclass(frozen=True)
class AssignmentFacts:
    """A post as asked for; `valid_to` is the first day out of it again, `role` the access that comes with it ("" for none,
    `USUAL` for what such a post usually has)."""

    unit: Unit
    body_key: str
    post_key: str
    kind: str
    decision_number: str
    decision_date: date
    valid_from: date
    valid_to: date | None = None
    role: str = ""


def assignment_problems(facts: AssignmentFacts, today: date, post: Post | None) -> list[Problem]:
    """What is wrong with an assignment by itself; [] where nothing is. `post`: as it stands on the first day, None for none."""
    found = []
    if post is None:
        text = bi("Đơn vị không có vị trí này vào ngày đó; xem trang Tổ chức.",
                  "The unit has no such post on that day; see its organisation.")  # fmt: skip
        found.append(Problem("post", text))
    elif facts.role and (post.body.agency is None or facts.role not in roles_in(post.body.agency.kind)):
        text = bi("Cơ quan của vị trí này không có vai trò đó trong chương trình.", "This body has no such role.")
        found.append(Problem("role", text))
    if facts.kind not in AssignmentKind.values:
        found.append(Problem("kind", bi("Chọn hình thức.", "Choose how the post is held.")))
    if not 0 < len(facts.decision_number) <= LONGEST_NUMBER:
        text = bi("Ghi số quyết định, không quá 60 ký tự.", "Give the decision's number, 60 characters at most.")
        found.append(Problem("decision_number", text))
    if facts.decision_date > today:
        found.append(
            Problem("decision_date", bi("Ngày quyết định ở tương lai.", "The decision's day is still to come."))
        )
    if facts.valid_from > today + FARTHEST:
        found.append(Problem("valid_from", bi("Ngày này quá xa.", "That day is too far away.")))
    if facts.valid_to is not None and facts.valid_to <= facts.valid_from:
        found.append(
            Problem("last_day", bi("Ngày cuối đứng trước ngày bắt đầu.", "The last day lies before the first."))
        )
    elif facts.kind == AssignmentKind.SECONDMENT and not _is_a_secondment(facts.valid_from, facts.valid_to):
        text = bi(
            "Biệt phái phải có ngày cuối, không quá {n} tháng.", "A secondment has a last day, within {n} months."
        )
        found.append(Problem("last_day", bi_format(text, n=secondment_on(facts.valid_from).months)))
    return found


def _is_a_secondment(begins: date, ends: date | None) -> bool:
    """It ends, and within the months of `data/limits.yaml` after its first day."""
    if ends is None:
        return False
    months = begins.year * 12 + begins.month - 1 + secondment_on(begins).months
    last = (months // 12, months % 12 + 1, begins.day)
    return (ends.year, ends.month, ends.day) <= last


def held_problems(official: Official, facts: AssignmentFacts, post: Post | None) -> list[Problem]:
    """What stands against it in what the official, and others in the post, hold in these days."""
    found = []
    if official.left_on is not None and (facts.valid_to is None or facts.valid_to > official.left_on):
        text = bi("Người này thôi làm việc từ {day}.", "This person leaves on {day}.")
        found.append(Problem("valid_from", bi_format(text, day=vi.date_text(official.left_on))))
    meeting = _meeting(Assignment.objects.filter(official=official), facts)
    same = meeting.filter(unit=facts.unit, body_key=facts.body_key, post_key=facts.post_key).first()
    own = meeting.filter(kind=AssignmentKind.PRIMARY).first() if facts.kind == AssignmentKind.PRIMARY else None
    if same is not None:
        text = bi("Đã giữ vị trí này từ {day}.", "Held since {day} already.")
        found.append(Problem("post", bi_format(text, day=vi.date_text(same.valid_from))))
    elif own is not None:
        text = bi("Đang có vị trí chính thức từ {day}. Hãy cho thôi vị trí đó trước, hoặc chọn kiêm nhiệm, phụ trách.",
                  "There is an own post since {day}. End that one first, or choose concurrent or acting.")  # fmt: skip
        found.append(Problem("kind", bi_format(text, day=vi.date_text(own.valid_from))))
    if post is not None and post.seats is not None and same is None:
        taken = most_at_once(post.seats, facts)
        if taken >= post.seats:
            text = bi("Vị trí này có {n} người theo luật và đã đủ trong những ngày đó. Hãy cho thôi người cũ trước.",
                      "By law {n} hold this post, and they do in these days. End the earlier one first.")  # fmt: skip
            found.append(Problem("post", bi_format(text, n=post.seats)))
    return found


def most_at_once(seats: int, facts: AssignmentFacts) -> int:
    """How many hold the post at once at the most in the days of `facts`. One statement."""
    rows = Assignment.objects.filter(unit=facts.unit, body_key=facts.body_key, post_key=facts.post_key)
    held = list(_meeting(rows, facts).values_list("valid_from", "valid_to"))
    if len(held) < seats:
        return len(held)
    days = {facts.valid_from, *(begins for begins, _ in held if begins > facts.valid_from)}
    return max(sum(begins <= day and (ends is None or ends > day) for begins, ends in held) for day in days)


def _meeting(rows: QuerySet[Assignment], facts: AssignmentFacts) -> QuerySet[Assignment]:
    """Those of `rows` that lie on some of the days of `facts`."""
    found = rows.filter(Q(valid_to=None) | Q(valid_to__gt=facts.valid_from))
    return found if facts.valid_to is None else found.filter(valid_from__lt=facts.valid_to)
