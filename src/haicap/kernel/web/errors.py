"""What can go wrong at the door, whatever is asked for behind it."""

from haicap.kernel.errors import Conflict, Denied, Invalid
from haicap.kernel.language import bi


class KeyReused(Conflict):
    """The same idempotency key came with another request."""

    code = "request.key_reused"
    status = 422
    template = bi(
        "Khóa Idempotency-Key này đã dùng cho một yêu cầu khác. Hãy dùng khóa mới.",
        "This Idempotency-Key was used for another request. Use a new one.",
    )


class KeyUnusable(Invalid):
    """The idempotency key is too long, or has characters that a header should not have."""

    code = "request.key_unusable"
    template = bi(
        "Idempotency-Key dài từ 1 đến 200 ký tự ASCII in được.",
        "An Idempotency-Key has 1 to 200 printable ASCII characters.",
    )


class ScopeMissing(Denied):
    """The token does not carry the scope that the operation asks for."""

    code = "token.scope_missing"
    template = bi(
        "Mã truy cập không có phạm vi “{scope}”. Hãy xin quản trị viên cấp mã có phạm vi này.",
        "The token lacks the scope “{scope}”. Ask an administrator for one that has it.",
    )


class CsrfRefused(Denied):
    """A browser's session was used without the page's CSRF token."""

    code = "request.csrf"
    template = bi(
        "Thiếu mã chống giả mạo (X-CSRFToken). Chương trình nên dùng Authorization: Bearer.",
        "The CSRF token (X-CSRFToken) is missing. Programs use Authorization: Bearer.",
    )
