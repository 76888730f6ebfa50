"""What can go wrong with a subscription."""

from haicap.kernel.errors import Invalid
from haicap.kernel.language import bi


class AddressNotDeliverable(Invalid):
    """A subscription's address is not an absolute http(s) one."""

    code = "outbox.address_not_deliverable"
    template = bi(
        "Địa chỉ “{url}” không dùng được: cần địa chỉ http hoặc https đầy đủ, không kèm mật khẩu.",
        "The address “{url}” cannot be used: give a complete http or https address without a password in it.",
    )
