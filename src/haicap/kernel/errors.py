"""One small tree of errors: a code for machines, the facts, and a sentence for people in their language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from haicap.kernel.language import bi


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one input: where (`field`, a name or path) and what to do (`message`, bilingual)."""

    field: str
    message: Any

    def as_json(self) -> dict[str, str]:
        """The problem as the API tells it."""
        return {"field": self.field, "message": str(self.message)}


class DomainError(Exception):
    """A request that was understood and refused. Subclasses give `code`, `status` (HTTP) and `template`."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 409
    template: ClassVar[Any] = bi("Yêu cầu không được chấp nhận.", "The request was refused.")
    title: ClassVar[Any] = bi("Không thực hiện được", "Not possible")

    def __init__(self, *, field: str = "", problems: list[Problem] | None = None, **facts: Any) -> None:
        super().__init__(self.code)
        self.field = field
        self.facts = facts
        self.problems = problems or []

    def sentence(self) -> str:
        """What happened and what to do, in the caller's language."""
        return str(self.template).format(**self.facts)

    def members(self) -> dict[str, Any]:
        """Facts that a program or page reads one by one, beside the sentence; most refusals have none."""
        return {}

    def headers(self) -> Mapping[str, str]:
        """What the answer says in its head beside the usual; most refusals nothing."""
        return {}

    def __str__(self) -> str:
        return self.sentence()


class NotFound(DomainError):
    """What was asked for does not exist, or not for this caller."""

    code = "not_found"
    status = 404
    template = bi("Không tìm thấy {what}.", "{what} was not found.")
    title = bi("Không tìm thấy", "Not found")


class Denied(DomainError):
    """The caller may not do this."""

    code = "denied"
    status = 403
    template = bi("Tài khoản của bạn không có quyền thực hiện việc này.", "Your account may not do this.")
    title = bi("Không có quyền", "Not allowed")


class SignInNeeded(Denied):
    """Nobody has signed in, or the sign-in has ended."""

    code = "sign_in_needed"
    status = 401
    template = bi("Hãy đăng nhập rồi thực hiện lại.", "Sign in and try again.")
    title = bi("Cần đăng nhập", "Sign-in needed")


class Conflict(DomainError):
    """The state of things does not allow this now."""

    code = "conflict"
    status = 409


class Invalid(DomainError):
    """Input with faults; `problems` names each one."""

    code = "invalid"
    status = 422
    template = bi(
        "Dữ liệu nhập chưa đúng. Hãy xem từng mục được đánh dấu.", "Some input is wrong. See the marked items."
    )
    title = bi("Dữ liệu chưa đúng", "Invalid input")
