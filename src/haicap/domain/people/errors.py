"""What can go wrong with people and sign-ins."""

from haicap.kernel.errors import Denied, Invalid, NotFound
from haicap.kernel.language import bi


class SignInRefused(Denied):
    """Name and password do not belong together; the sentence does not say which is wrong."""

    code = "people.sign_in_refused"
    status = 401
    template = bi(
        "Tên đăng nhập hoặc mật khẩu chưa đúng. Hãy kiểm tra và nhập lại.",
        "The account name or the password is wrong. Check them and try again.",
    )


class SignInPaused(Denied):
    """Too many wrong passwords in a row."""

    code = "people.sign_in_paused"
    status = 429
    template = bi(
        "Đăng nhập sai nhiều lần. Hãy thử lại sau {minutes} phút.",
        "Too many wrong attempts. Try again in {minutes} minutes.",
    )


class AccountUnknown(NotFound):
    """No active account has this name."""

    code = "people.account_unknown"
    template = bi("Không có tài khoản “{name}” đang hoạt động.", "There is no active account “{name}”.")


class TokenUnknown(NotFound):
    """No token has this number."""

    code = "people.token_unknown"
    template = bi("Không có mã truy cập số {id}.", "There is no token number {id}.")


class AgencyUnknown(NotFound):
    """The unit has no agency of this kind on that day."""

    code = "people.agency_unknown"
    template = bi("Đơn vị {unit} chưa có {agency}.", "Unit {unit} has no {agency}.")


class ScopeUnknown(Invalid):
    """A token scope that does not exist."""

    code = "people.scope_unknown"
    template = bi("Không có phạm vi “{scope}”. Các phạm vi: {known}.", "There is no scope “{scope}”. Scopes: {known}.")
