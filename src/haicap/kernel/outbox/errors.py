"""What can go wrong with a subscription."""

from haicap.kernel.errors import Conflict, Invalid, NotFound
from haicap.kernel.language import bi


class AddressNotDeliverable(Invalid):
    """A subscription's address is not an absolute http(s) one."""

    code = "outbox.address_not_deliverable"
    template = bi(
        "Địa chỉ “{url}” không dùng được: cần địa chỉ http hoặc https đầy đủ, không kèm mật khẩu.",
        "The address “{url}” cannot be used: give a complete http or https address without a password in it.",
    )


class AddressOfThisMachine(Invalid):
    """A subscription that an administrator enters would call the server itself."""

    code = "outbox.address_of_this_machine"
    template = bi(
        "Địa chỉ “{url}” chỉ về chính máy chủ này. Hãy ghi địa chỉ của hệ thống nhận.",
        "The address “{url}” means this server itself. Give the address of the receiving system.",
    )


class MessageUnknown(NotFound):
    """A message that does not exist, or not for this caller."""

    code = "outbox.message_unknown"
    template = bi("Không có thông điệp này ở các đơn vị của bạn.", "There is no such message of your units.")


class MessageHasLeft(Conflict):
    """A message was to be tried again or given up that has left the queue already."""

    code = "outbox.message_has_left"
    template = bi("Thông điệp này đã rời hàng đợi.", "This message has left the queue already.")


class ReasonNeeded(Invalid):
    """A message was to be given up without a reason."""

    code = "outbox.reason_needed"
    template = bi("Ghi lý do thôi gửi.", "Say why it is given up.")


class SubscriptionRefused(Invalid):
    """A subscription with faults; `problems` name each."""

    code = "outbox.subscription_refused"
    template = bi("Còn chỗ cần sửa.", "Some answers need correcting.")


class SubscriptionUnknown(NotFound):
    """A subscription that does not exist."""

    code = "outbox.subscription_unknown"
    template = bi("Không có nơi nhận này.", "There is no such subscription.")
