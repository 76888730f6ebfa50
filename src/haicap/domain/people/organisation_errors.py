"""What can go wrong with a unit's organisation."""

from haicap.kernel.errors import Conflict, DomainError, Invalid
from haicap.kernel.language import bi


class TemplateUnreadable(DomainError):
    """The template is no YAML file, or too large."""

    code = "people.template_unreadable"
    status = 422
    template = bi("Không đọc được mẫu tổ chức {file}: {why}.", "The template {file} cannot be read: {why}.")


class TemplateInvalid(Invalid):
    """The template has faults; each is named."""

    code = "people.template_invalid"
    template = bi("Mẫu tổ chức {file} chưa đúng.", "The template {file} has faults.")


class OptionalBodyUnknown(Invalid):
    """`--with` names a body that the template does not offer."""

    code = "people.optional_body_unknown"
    template = bi(
        "Mẫu không có cơ quan tùy chọn “{key}”. Có: {known}.",
        "The template has no optional body “{key}”. It has: {known}.",
    )


class OrganisationIsLater(Conflict):
    """Something of the organisation already begins after the day asked for."""

    code = "people.organisation_is_later"
    template = bi(
        "Tổ chức của {unit} đã có thay đổi từ ngày {later}; hãy nạp từ ngày đó trở đi.",
        "The organisation of {unit} already changes on {later}; load it for that day or later.",
    )


class OrganisationMoved(Conflict):
    """What a load would change is no longer what was looked at."""

    code = "people.organisation_moved"
    template = bi(
        "Tệp hoặc tổ chức của các đơn vị đã khác so với lúc xem trước; chưa ghi gì. Hãy xem lại bản xem trước mới dưới đây.",
        "The file or the units' organisation is not what was looked at; nothing was written. Look at the new preview below.",
    )


class PostsAreHeld(Conflict):
    """Posts would end in which people are, and nobody said that this is meant."""

    code = "people.posts_are_held"
    template = bi(
        "{people} người đang giữ vị trí sẽ kết thúc. Hãy đánh dấu rằng bạn đã biết, hoặc sửa mẫu.",
        "{people} people are in posts that would end. Mark that you know, or change the template.",
    )


class DayNotLoadable(Invalid):
    """A day on which no load by page may begin."""

    code = "people.day_not_loadable"
    template = bi(
        "Ngày bắt đầu từ {first} đến {last}. Hãy chọn lại ngày.",
        "The first day lies between {first} and {last}. Choose another day.",
    )


class UnitNotThen(Conflict):
    """The unit does not stand on the day, or the day lies before the two levels of 1 July 2025."""

    code = "people.unit_not_then"
    template = bi(
        "{unit} không tồn tại vào ngày {day}, hoặc mẫu không có tổ chức cho loại đơn vị này vào ngày đó.",
        "{unit} does not stand on {day}, or the template has nothing for its kind on that day.",
    )


class ContactInvalid(Invalid):
    """A telephone number or an address that cannot be one, or nothing to change."""

    code = "people.contact_invalid"
    template = bi("Thông tin liên hệ chưa đúng: {why}", "The contact is not right: {why}")
