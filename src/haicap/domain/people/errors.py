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


class PasskeyRefused(Denied):
    """A passkey's answer does not hold: another key, another site, an old or used challenge, a counter that went back.
    The sentence does not say which, nor whether the account exists."""

    code = "people.passkey_refused"
    status = 401
    template = bi(
        "Khóa truy cập này không mở được. Hãy thử lại, hoặc đăng nhập bằng mật khẩu và mã.",
        "This passkey did not open it. Try again, or sign in with password and code.",
    )


class PasskeyUnreadable(Invalid):
    """What came back from the browser is not a new passkey for this site, or the challenge is too old or used."""

    code = "people.passkey_unreadable"
    template = bi(
        "Chưa tạo được khóa truy cập. Hãy làm lại từ đầu.", "The passkey was not made. Start again from the beginning."
    )


class PasskeyStands(Conflict):
    """The device holds a passkey of an account already."""

    code = "people.passkey_stands"
    template = bi("Thiết bị này đã có khóa truy cập.", "This device has a passkey already.")


class PasskeysFull(Conflict):
    """The account has as many passkeys as one may have."""

    code = "people.passkeys_full"
    template = bi(
        "Tài khoản đã có {most} khóa truy cập. Hãy xóa khóa không dùng nữa trước.",
        "The account has {most} passkeys. Remove one that is not used any more first.",
    )


class PasskeyUnknown(NotFound):
    """The caller has no such passkey."""

    code = "people.passkey_unknown"
    template = bi("Không có khóa truy cập này.", "There is no such passkey.")


class PasskeysImpossible(Conflict):
    """The installation's address has no name that passkeys could be bound to."""

    code = "people.passkeys_impossible"
    template = bi(
        "Địa chỉ này không dùng được khóa truy cập. Hãy dùng ứng dụng tạo mã.",
        "Passkeys do not work at this address. Use an authenticator application.",
    )


class FirstStepsOwed(Denied):
    """Somebody who has signed in must first choose a password of their own, or turn a second factor on."""

    code = "people.first_steps_owed"
    template = bi(
        "Trước hết hãy hoàn tất các bước đầu tại /tai-khoan/buoc-dau/.",
        "First complete the steps at /tai-khoan/buoc-dau/.",
    )


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


class PasswordIsOld(Invalid):
    """A new password is the one that it should replace."""

    code = "people.password_is_old"
    template = bi("Mật khẩu mới phải khác mật khẩu hiện tại.", "The new password must differ from the present one.")


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


class NameTaken(Conflict):
    """An account of this sign-in name is there already."""

    code = "people.name_taken"
    template = bi("Tên đăng nhập “{name}” đã có người dùng.", "The sign-in name “{name}” is taken.")


class AdministratorThere(Conflict):
    """The unit has an administrator, who opens accounts by page."""

    code = "people.administrator_there"
    template = bi(
        "{unit} đã có quản trị: {names}. Hãy nhờ họ mở tài khoản tại /quan-tri/nguoi-dung/.",
        "{unit} has an administrator: {names}. Let them open accounts at /quan-tri/nguoi-dung/.",
    )


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


class NothingToReset(Conflict):
    """The account has no second factor that could be lost."""

    code = "people.nothing_to_reset"
    template = bi(
        "Người này chưa bật xác thực hai bước; chỉ cần cấp lại mật khẩu.",
        "This person has no second factor; a new password is enough.",
    )


class ResetWaits(Conflict):
    """A request for this account waits already."""

    code = "people.reset_waits"
    template = bi("Đã có một yêu cầu đang chờ cho người này.", "A request for this person waits already.")


class ResetUnknown(NotFound):
    """No request of this number waits within the administrator's reach."""

    code = "people.reset_unknown"
    template = bi(
        "Không có yêu cầu này, hoặc yêu cầu đã được quyết định.", "There is no such request, or it is decided."
    )


class ResetExpired(Conflict):
    """A request is older than it may be."""

    code = "people.reset_expired"
    template = bi("Yêu cầu đã quá một ngày và hết hiệu lực. Hãy lập lại.", "The request is over a day old. Ask again.")


class TwoPeople(Denied):
    """Who asked for a reset, or is the person of it, does not confirm it."""

    code = "people.two_people"
    template = bi(
        "Phải có hai quản trị khác nhau: người yêu cầu không tự xác nhận, và không ai xác nhận cho chính mình.",
        "Two different administrators are needed: who asks does not confirm, and nobody confirms for themselves.",
    )


class GivenByTheAsker(Denied):
    """Who should confirm has a password that the asker handed them lately: the two might be one."""

    code = "people.given_by_the_asker"
    template = bi(
        "Mật khẩu của bạn do chính người yêu cầu cấp trong {days} ngày qua, nên bạn chưa thể xác nhận. Hãy nhờ quản trị khác.",
        "Who asks gave you your password within the last {days} days, so you cannot confirm. Ask another administrator.",
    )


class SupportRefused(Invalid):
    """What was asked of a unit has faults; each stands at its field."""

    code = "people.support_refused"


class GrantUnknown(NotFound):
    """There is no such support access, or not for this caller."""

    code = "people.grant_unknown"
    template = bi("Không tìm thấy lượt hỗ trợ này.", "This support access was not found.")


class GrantClosed(Conflict):
    """It was answered, ended or lapsed meanwhile, or belongs to another unit's decision."""

    code = "people.grant_closed"
    template = bi(
        "Lượt hỗ trợ này không còn chờ bạn: đã được trả lời, đã kết thúc, quá 24 giờ, hoặc thuộc quyền quản trị đơn vị khác.",
        "This support access does not wait for you: it was answered, has ended, is older than 24 hours, or is for another "
        "unit's administrators.",
    )


class TokenForGuests(Denied):
    """Technical support gets no API token."""

    code = "people.token_for_guests"
    template = bi(
        "Tài khoản hỗ trợ kỹ thuật không được cấp mã truy cập API: mọi lần xem phải qua trang và được ghi lại.",
        "Technical support gets no API token: every view goes through a page and is noted.",
    )


class OnlyTheProvince(Denied):
    """A commune's administrator would give quotas, which the province gives."""

    code = "people.only_the_province"
    template = bi(
        "Biên chế do tỉnh giao: chỉ quản trị của tỉnh nạp được. Hãy gửi tệp cho quản trị của tỉnh.",
        "Quotas are given by the province: its administrator loads them. Send the file to them.",
    )


class CaseUnknown(NotFound):
    """A case of streamlining that is not there, or not for this caller."""

    code = "people.case_unknown"
    template = bi("Không có hồ sơ nghỉ theo sắp xếp này.", "There is no such case of streamlining.")


class CaseRefused(Invalid):
    """A case, quota or service unit with faults; `problems` name each."""

    code = "people.case_refused"
    template = bi("Còn chỗ cần sửa.", "Some answers need correcting.")
