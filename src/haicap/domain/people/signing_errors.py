"""What can go wrong with certificates and devices."""

from haicap.kernel.errors import Conflict, Invalid, NotFound
from haicap.kernel.language import bi


class CertificateUnknown(NotFound):
    """No such certificate, or not for this caller."""

    code = "people.certificate_unknown"
    template = bi(
        "Không tìm thấy chứng thư số này trong phạm vi của bạn.",
        "This certificate was not found among those that you see.",
    )


class DeviceUnknown(NotFound):
    """No such device, or not for this caller."""

    code = "people.device_unknown"
    template = bi(
        "Không tìm thấy thiết bị này trong phạm vi của bạn.", "This device was not found among those that you see."
    )


class CertificateMoveRefused(Conflict):
    """The certificate stands where this cannot be done."""

    code = "people.certificate_move_refused"
    template = bi(
        "Chứng thư số đang ở trạng thái “{state}” nên không làm được việc này.",
        "The certificate is “{state}”; this cannot be done.",
    )


class SigningRefused(Invalid):
    """A request, a file or a device with faults; `problems` name each."""

    code = "people.signing_refused"
    template = bi("Còn chỗ cần sửa.", "Some answers need correcting.")


class AnchorUnknown(NotFound):
    """No such issuer among those that are trusted, or another's to keep."""

    code = "people.anchor_unknown"
    template = bi(
        "Không có nơi cấp này trong danh sách tin cậy, hoặc không do bạn giữ.",
        "This issuer is not among the trusted ones, or is not yours to keep.",
    )
