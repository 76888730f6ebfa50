"""What can go wrong with administrative units, by name."""

from __future__ import annotations

from haicap.kernel.errors import Conflict, Invalid, NotFound
from haicap.kernel.language import bi


class UnitUnknown(NotFound):
    """No unit ever had this code."""

    code = "units.unknown"
    template = bi(
        "Không có đơn vị hành chính nào mang mã “{unit}”. Mã tỉnh có 2 chữ số, mã huyện cũ có 3, mã xã có 5.",
        "No administrative unit has the code “{unit}”. Provinces have 2 digits, former districts 3, communes 5.",
    )


class UnitClosed(NotFound):
    """The unit existed, but had ended by the day asked for."""

    code = "units.closed"
    template = bi(
        "{name} (mã {unit}) đã kết thúc từ ngày {ended}, nên không còn vào ngày {on}. Xem lịch sử của mã này.",
        "{name} (code {unit}) ended on {ended}, so it did not stand on {on}. See the history of this code.",
    )


class UnitNotYetFormed(NotFound):
    """The unit exists, but was formed after the day asked for."""

    code = "units.not_yet_formed"
    template = bi(
        "{name} (mã {unit}) được thành lập từ ngày {formed}, nên chưa có vào ngày {on}.",
        "{name} (code {unit}) was formed on {formed}, so it did not exist yet on {on}.",
    )


class BeforeRecords(Invalid):
    """The day asked for lies before the first day that the records know."""

    code = "units.before_records"
    template = bi(
        "Ngày {on} nằm trước dữ liệu: dữ liệu bắt đầu từ {first}. Hãy chọn một ngày từ {first} trở đi.",
        "{on} lies before the records, which begin on {first}. Choose a day from {first} on.",
    )


class DateUnreadable(Invalid):
    """The day was not given as YYYY-MM-DD."""

    code = "units.date_unreadable"
    template = bi(
        "“{value}” không phải là một ngày. Hãy viết ngày theo dạng NĂM-THÁNG-NGÀY, ví dụ 2025-07-01.",
        "“{value}” is not a date. Write the day as YEAR-MONTH-DAY, for example 2025-07-01.",
    )


class KindUnknown(Invalid):
    """The kind of unit does not exist."""

    code = "units.kind_unknown"
    template = bi(
        "Không có loại đơn vị “{value}”. Các loại: {known}.",
        "There is no kind of unit “{value}”. Kinds: {known}.",
    )


class CursorUnreadable(Invalid):
    """The cursor of a list was not one that the list gave out."""

    code = "units.cursor_unreadable"
    template = bi(
        "Dấu trang “{value}” không đúng. Hãy đọc lại danh sách từ đầu.",
        "The cursor “{value}” is not valid. Read the list again from its start.",
    )


class NationFlawed(Invalid):
    """The files of the nation's units contradict themselves; nothing was loaded."""

    code = "units.nation_flawed"
    template = bi(
        "Dữ liệu đơn vị hành chính có {count} lỗi, nên chưa nạp gì. Lỗi đầu tiên: {first}",
        "The files of administrative units have {count} faults, so nothing was loaded. The first: {first}",
    )


class NationAlreadyLoaded(Conflict):
    """Other files of the nation's units were loaded before; units are never replaced."""

    code = "units.nation_already_loaded"
    template = bi(
        "Đơn vị hành chính đã được nạp từ bộ dữ liệu khác. Lịch sử không thay thế được; thay đổi cần một nghị quyết.",
        "Units were already loaded from other files. History is never replaced; a change needs a resolution.",
    )
