"""What can go wrong with OpenID providers and identities."""

from haicap.kernel.errors import Conflict, Denied, Invalid, NotFound
from haicap.kernel.language import bi


class ProviderUnknown(NotFound):
    """No such OpenID provider, or it was switched off."""

    code = "people.provider_unknown"
    template = bi(
        "Không có, hoặc đã tắt, cách đăng nhập này. Hãy đăng nhập bằng mật khẩu.",
        "There is no such way to sign in, or it is switched off. Sign in with your password.",
    )


class ProviderSilent(Conflict):
    """The provider does not answer, or not with what was asked for."""

    code = "people.provider_silent"
    status = 503
    template = bi(
        "{provider} chưa trả lời. Hãy thử lại sau ít phút, hoặc đăng nhập bằng mật khẩu.",
        "{provider} does not answer. Try again in some minutes, or sign in with your password.",
    )


class ProviderRefused(Denied):
    """What came back from the provider is not to be believed, or is of another sign-in."""

    code = "people.provider_refused"
    status = 401
    template = bi(
        "Không xác nhận được đăng nhập qua {provider}. Hãy bắt đầu lại từ trang này, trong cùng một trình duyệt.",
        "The sign-in through {provider} could not be confirmed. Begin again from this page, in one browser.",
    )


class ProviderCancelled(Denied):
    """Somebody broke the sign-in off at the provider, or the provider refused it there."""

    code = "people.provider_cancelled"
    status = 401
    template = bi(
        "Chưa đăng nhập được: đã dừng ở trang của {provider}.", "Not signed in: it was ended on the page of {provider}."
    )


class AssuranceTooLow(Denied):
    """The provider vouches less than this installation asks for."""

    code = "people.assurance_too_low"
    status = 401
    template = bi(
        "{provider} xác nhận ở mức chưa đủ. Hãy đăng nhập ở đó bằng mức cao hơn, hoặc dùng mật khẩu.",
        "{provider} vouches at too low a level. Sign in there at a higher one, or use your password.",
    )


class IdentityUnlinked(Denied):
    """The provider knows who it is, this installation does not."""

    code = "people.identity_unlinked"
    status = 401
    template = bi(
        "Chưa có tài khoản nào gắn với danh tính này ở {provider}. Hãy đăng nhập bằng mật khẩu rồi liên kết tại trang Tài khoản; "
        "chưa có tài khoản thì hỏi quản trị đơn vị.",
        "No account is linked to this identity at {provider}. Sign in with your password and link it on the page of your "
        "account; without an account ask your unit's administrator.",
    )


class IdentityTaken(Conflict):
    """The identity is another account's, or the account already has one at this provider."""

    code = "people.identity_taken"
    template = bi(
        "Danh tính này đã gắn với tài khoản khác, hoặc tài khoản của bạn đã có một danh tính ở {provider}.",
        "This identity is linked to another account, or yours has one at {provider} already.",
    )


class CitizenUnclear(Denied):
    """The provider did not tell a personal identification number, or no name."""

    code = "people.citizen_unclear"
    status = 401
    template = bi(
        "{provider} chưa cho biết số định danh và họ tên. Hãy đồng ý chia sẻ hai thông tin này khi đăng nhập.",
        "{provider} did not tell the personal identification number and the name. Agree to share both when you sign in.",
    )


class ProviderInvalid(Invalid):
    """A provider that cannot be entered as given."""

    code = "people.provider_invalid"
    template = bi("Chưa ghi được nhà cung cấp: {why}", "The provider cannot be entered: {why}")
