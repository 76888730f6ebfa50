"""What can go wrong with people and sign-ins."""

from haicap.kernel.errors import Conflict, Denied, Invalid, NotFound
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


class CodeRefused(Denied):
    """The second step's code is wrong or was used before."""

    code = "people.code_refused"
    status = 401
    template = bi(
        "Mã chưa đúng hoặc đã được dùng. Hãy chờ mã kế tiếp trên điện thoại rồi nhập lại.",
        "The code is wrong or was used before. Wait for the next code on your phone and enter it.",
    )


class SecondStepExpired(Denied):
    """The second step was not passed in time, or what it rested on has changed."""

    code = "people.second_step_expired"
    status = 401
    template = bi("Đã quá thời gian nhập mã. Hãy đăng nhập lại từ đầu.", "Time is over. Sign in again from the start.")


class SecondFactorStands(Conflict):
    """The second factor is on already."""

    code = "people.second_factor_stands"
    template = bi("Xác thực hai bước đang bật.", "The second factor is on already.")


class SecondFactorMissing(Conflict):
    """The second factor is off."""

    code = "people.second_factor_missing"
    template = bi("Xác thực hai bước đang tắt.", "The second factor is off.")


class PasswordWrong(Invalid):
    """Whoever is signed in typed another password than their own."""

    code = "people.password_wrong"
    template = bi("Mật khẩu chưa đúng.", "The password is wrong.")


class PasswordLength(Invalid):
    """A new password is too short or too long."""

    code = "people.password_length"
    template = bi("Mật khẩu mới phải có từ {least} đến {most} ký tự.", "A password has {least} to {most} characters.")


class PasswordIsName(Invalid):
    """A new password is the account's name."""

    code = "people.password_is_name"
    template = bi("Mật khẩu không được là tên của bạn.", "The password may not be your name.")


class PasswordsDiffer(Invalid):
    """A new password was not typed the same twice."""

    code = "people.passwords_differ"
    template = bi("Hai lần nhập mật khẩu mới chưa giống nhau.", "The new password differs between its two fields.")


class PassUnknown(NotFound):
    """The caller has no such session or token that is alive."""

    code = "people.pass_unknown"
    template = bi("Phiên hoặc mã truy cập này đã kết thúc.", "This session or token has ended.")


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


class OutOfReach(NotFound):
    """An account, agency or unit that the administrator does not answer for; told as if it were not there."""

    code = "people.out_of_reach"
    template = bi("Không có mục này trong đơn vị bạn quản trị.", "The units that you administer have no such thing.")


class OwnAccount(Denied):
    """Administrators do not change their own posts, password or standing by these pages."""

    code = "people.own_account"
    template = bi(
        "Bạn không thể tự thay đổi tài khoản hoặc vị trí của chính mình. Hãy nhờ một quản trị khác.",
        "You cannot change your own account or posts. Ask another administrator.",
    )


class HeldElsewhere(Denied):
    """The account also holds posts in units that the administrator does not answer for."""

    code = "people.held_elsewhere"
    template = bi(
        "Người này còn giữ vị trí ở đơn vị khác; việc này do quản trị cấp tỉnh làm.",
        "This person also holds a post in another unit; the province's administrator does this.",
    )


class StaffRefused(Invalid):
    """Staff records or assignments with faults; `problems` name each by its place."""

    code = "people.staff_refused"
    template = bi("Hồ sơ cán bộ còn chỗ cần sửa.", "Some answers of the staff records need correcting.")


class PostRefused(Invalid):
    """An appointment, an end of a post or a new account with faults; `problems` name each."""

    code = "people.post_refused"
    template = bi("Còn chỗ cần sửa.", "Some answers need correcting.")
