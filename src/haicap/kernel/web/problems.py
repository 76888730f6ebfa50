"""What the API answers instead of what was asked for: problem documents (RFC 9457), in the caller's language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from django.http import HttpResponse
from pydantic import BaseModel

from haicap.kernel.errors import DomainError, Invalid, Problem, SignInNeeded
from haicap.kernel.language import bi, bi_format
from haicap.kernel.text import is_storable

MEDIA_TYPE: Final = "application/problem+json"
TYPES: Final = "/api/problems/"
ERRORS_SHOWN: Final = 100
_PATH_SHOWN: Final = 120


class RequestInvalid(Invalid):
    """The request does not have the shape that the operation asks for."""

    code = "request.invalid"


class BodyUnreadable(Invalid):
    """The body is not JSON at all."""

    code = "request.unreadable"
    status = 400
    template = bi(
        "Nội dung gửi lên không phải JSON hợp lệ (UTF-8). Hãy kiểm tra rồi gửi lại.",
        "The body is not valid JSON (UTF-8). Check it and send it again.",
    )


class BodyTooLarge(Invalid):
    """The body has more bytes than the operation takes."""

    code = "request.too_large"
    status = 413
    template = bi("Nội dung gửi lên quá lớn.", "The body is too large.")
    title = bi("Quá lớn", "Too large")


# What a status says by itself, where no error of a room says more.
STATUSES: Final[Mapping[int, tuple[str, Any, Any]]] = {
    400: ("request.bad", bi("Yêu cầu không đọc được", "Unreadable request"),
          bi("Yêu cầu không đọc được. Hãy kiểm tra địa chỉ và nội dung.", "The request cannot be read. Check it.")),
    401: ("sign_in_needed", SignInNeeded.title, SignInNeeded.template),
    403: ("denied", bi("Không có quyền", "Not allowed"),
          bi("Tài khoản của bạn không có quyền thực hiện việc này.", "Your account may not do this.")),
    404: ("not_found", bi("Không tìm thấy", "Not found"),
          bi("Không có địa chỉ này. Xem danh sách các lời gọi tại /api/v1/docs.",
             "There is no such address. See /api/v1/docs for all calls.")),
    405: ("method_not_allowed", bi("Phương thức không được phép", "Method not allowed"),
          bi("Địa chỉ này không nhận phương thức đó. Xem tiêu đề Allow.",
             "This address does not take that method. See the header Allow.")),
    413: ("request.too_large", BodyTooLarge.title, BodyTooLarge.template),
    500: ("fault", bi("Lỗi ở phía chúng tôi", "A fault of ours"),
          bi("Việc vừa rồi chưa được lưu. Hãy thử lại sau một phút.",
             "Nothing was saved. Try again in a minute.")),
}  # fmt: skip


def problem(
    status: int,
    code: str,
    title: Any,
    detail: Any,
    errors: Iterable[Problem] = (),
    headers: Mapping[str, str] | None = None,
    members: Mapping[str, Any] | None = None,
) -> HttpResponse:
    """A problem document. `type` is stable: it ends in `code`. `errors` name the inputs that are wrong.

    `members`: what this kind of problem tells beside the usual (RFC 9457, 3.2).
    """
    body: dict[str, Any] = {
        "type": TYPES + code, "title": str(title), "status": status, "detail": str(detail), "code": code,
    }  # fmt: skip
    body.update(members or {})
    shown = [one.as_json() for one in list(errors)[:ERRORS_SHOWN]]
    if shown:
        body["errors"] = shown
    answer = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    answer.headers["Cache-Control"] = "no-store"
    if status == 401:
        answer.headers["WWW-Authenticate"] = 'Bearer realm="HaiCap"'
    for name, value in (headers or {}).items():
        answer.headers[name] = value
    return answer


def of_status(status: int, headers: Mapping[str, str] | None = None) -> HttpResponse:
    """The problem document of a bare status."""
    code, title, detail = STATUSES.get(status) or STATUSES[500 if status >= 500 else 400]
    return problem(status, code, title, detail, headers=headers)


def of_error(error: DomainError) -> HttpResponse:
    """The problem document of a refusal."""
    errors = error.problems
    if not errors and error.field:
        errors = [Problem(error.field, error.sentence())]
    return problem(
        error.status,
        error.code,
        error.title,
        error.sentence(),
        errors,
        headers=error.headers(),
        members=error.members(),
    )


_TEXTS: Final[Mapping[str, Any]] = {
    "missing": bi("Còn thiếu mục này.", "This is missing."),
    "extra_forbidden": bi("Không có mục này. Hãy bỏ đi hoặc kiểm tra lại tên.",
                          "There is no such item. Leave it out or check its name."),
    "string_type": bi("Mục này phải là chữ.", "This must be text."),
    "bool": bi("Mục này phải là true hoặc false.", "This must be true or false."),
    "int": bi("Mục này phải là số nguyên.", "This must be a whole number."),
    "list_type": bi("Mục này phải là một danh sách.", "This must be a list."),
    "dict_type": bi("Mục này phải là một đối tượng.", "This must be an object."),
    "model": bi("Mục này phải là một đối tượng.", "This must be an object."),
    "string_too_long": bi("Tối đa {max_length} ký tự.", "At most {max_length} characters."),
    "string_too_short": bi("Ít nhất {min_length} ký tự.", "At least {min_length} characters."),
    "too_long": bi("Tối đa {max_length} mục.", "At most {max_length} items."),
    "greater_than_equal": bi("Ít nhất là {ge}.", "At least {ge}."),
    "less_than_equal": bi("Nhiều nhất là {le}.", "At most {le}."),
}  # fmt: skip
_OTHER: Final = bi("Giá trị không đúng.", "This value is wrong.")
_UNSTORABLE: Final = bi("Có ký tự không lưu được (NUL).", "This holds a character that cannot be kept (NUL).")


def of_pydantic(errors: Sequence[Mapping[str, Any]], *, skip: int = 0) -> DomainError:
    """The refusal for what pydantic found; `skip` parts at the start of each place are left out ("body", "query")."""
    if any(one["type"].startswith("json_") for one in errors):
        return BodyUnreadable()
    return RequestInvalid(problems=[
        Problem(".".join(str(part) for part in one["loc"][skip:])[:_PATH_SHOWN], _sentence(one)) for one in errors
    ])  # fmt: skip


def _sentence(one: Mapping[str, Any]) -> Any:
    kind = one["type"]
    text = _TEXTS.get(kind) or _TEXTS.get(kind.split("_")[0]) or _OTHER
    return bi_format(text, **{name: value for name, value in (one.get("ctx") or {}).items() if name != "error"})


def refuse_unstorable(raw: bytes, value: Any) -> None:
    """Raise RequestInvalid where a text of `value`, read from the JSON `raw`, holds what no table can hold."""
    if b"\\u0000" not in raw and b"\\ud" not in raw and b"\\uD" not in raw:
        return
    values = value.model_dump() if isinstance(value, BaseModel) else value
    wrong = [Problem(where[:_PATH_SHOWN], _UNSTORABLE) for where in _unstorable(values, "")]
    if wrong:
        raise RequestInvalid(problems=wrong)


def _unstorable(value: Any, where: str) -> Iterable[str]:
    if isinstance(value, str):
        if not is_storable(value):
            yield where
    elif isinstance(value, dict):
        for key, inner in value.items():
            if not is_storable(key):
                yield where or "."
            else:
                yield from _unstorable(inner, f"{where}.{key}" if where else key)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _unstorable(inner, f"{where}.{number}" if where else str(number))
