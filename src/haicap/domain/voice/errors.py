"""What can go wrong with denunciations."""

from haicap.kernel.errors import Conflict, Denied, Invalid, NotFound
from haicap.kernel.language import bi


class DenunciationUnknown(NotFound):
    """No such denunciation, or not for this caller."""

    code = "voice.denunciation_unknown"
    template = bi(
        "Không có đơn tố cáo này trong phạm vi của bạn.", "There is no such denunciation among those that you see."
    )


class DenunciationRefused(Invalid):
    """Answers with faults; `problems` name each."""

    code = "voice.denunciation_refused"
    template = bi("Còn chỗ cần sửa.", "Some answers need correcting.")


class NotTheHandler(Denied):
    """Somebody else than the named handler asks who denounces."""

    code = "voice.not_the_handler"
    template = bi(
        "Họ tên, địa chỉ của người tố cáo chỉ mở cho người được giao giải quyết đơn này. Chủ tịch giao bằng quyết định.",
        "Who denounces is shown to the named handler alone. The chair names the handler by a decision.",
    )


class NotYourDenunciation(Denied):
    """Only the handler and the chair carry a denunciation on."""

    code = "voice.not_yours"
    template = bi(
        "Việc này do người được giao giải quyết hoặc Chủ tịch thực hiện.", "The handler or the chair does this."
    )


class DenunciationMoveRefused(Conflict):
    """The denunciation stands where this cannot be done."""

    code = "voice.move_refused"
    template = bi(
        "Đơn đang ở trạng thái “{state}” nên không làm được việc này. Hãy tải lại trang.",
        "The denunciation is “{state}”; this cannot be done. Reload the page.",
    )


class IdentityUnreadable(Conflict):
    """The installation's secret key is another one than when the identity was sealed."""

    code = "voice.identity_unreadable"
    template = bi(
        "Khóa bí mật của hệ thống đã đổi nên không mở được. Hãy nhờ người quản trị máy chủ khôi phục khóa cũ.",
        "The system's secret key has changed, so this cannot be opened. Ask who runs the server to restore the old key.",
    )
