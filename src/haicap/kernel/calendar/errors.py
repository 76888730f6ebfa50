"""What can go wrong with the calendar."""

from haicap.kernel.errors import Invalid
from haicap.kernel.language import bi


class CalendarFileWrong(Invalid):
    """A calendar file has a row that cannot be read."""

    code = "calendar.file_wrong"
    template = bi(
        "Tệp lịch {file}, dòng {line}: {reason}. Hãy sửa dòng này rồi nạp lại; chưa có gì được ghi.",
        "Calendar file {file}, line {line}: {reason}. Correct that line and load again; nothing was written.",
    )


class HoursWrong(Invalid):
    """Opening hours that are not windows in order."""

    code = "calendar.hours_wrong"
    template = bi(
        "Giờ làm việc “{hours}” không hợp lệ. Hãy nhập các khoảng theo thứ tự, ví dụ 07:00–11:30 và 13:30–17:00.",
        "Opening hours “{hours}” are not valid. Give windows in order, for example 07:00–11:30 and 13:30–17:00.",
    )


class DayUnknown(Invalid):
    """A day that is not in the table was to be removed."""

    code = "calendar.day_unknown"
    status = 404
    template = bi("Lịch không có ngày {day}.", "The calendar has no entry for {day}.")


class HoursUnknown(Invalid):
    """A version of the opening hours that is not in the table was to be removed."""

    code = "calendar.hours_unknown"
    status = 404
    template = bi("Không có giờ làm việc riêng từ ngày {day}.", "There are no opening hours of one's own from {day}.")


class MomentUnclear(Invalid):
    """A moment that cannot be read, or that lies outside the years for which deadlines are reckoned."""

    code = "calendar.moment_unclear"
    template = bi(
        "Không hiểu thời điểm “{typed}”. Hãy nhập dạng 2025-08-29T16:59 (giờ Việt Nam), năm từ {first} đến {last}.",
        "“{typed}” is not a moment. Give one like 2025-08-29T16:59 (Vietnam time), years {first} to {last}.",
    )


class TermUnclear(Invalid):
    """A term that no procedure can have."""

    code = "calendar.term_unclear"
    template = bi(
        "Thời hạn “{amount}” không hợp lệ. Số ngày làm việc theo bước 0.25, số giờ không âm; ngày không quá {most}.",
        "“{amount}” is not a term. Working days go in steps of 0.25, hours are not negative; at most {most} days.",
    )
