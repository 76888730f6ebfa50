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


class DaysReversed(Invalid):
    """The second day of a comparison does not lie after the first."""

    code = "units.days_reversed"
    template = bi(
        "Ngày sau ({until}) phải muộn hơn ngày trước ({since}). Hãy đổi lại hai ngày.",
        "The later day ({until}) must come after the earlier ({since}). Change the two days.",
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


class AddressMissing(Invalid):
    """No address was given."""

    code = "units.address_missing"
    template = bi(
        "Chưa có địa chỉ. Hãy ghi xã, phường và tỉnh, ví dụ “Xã Chiềng Đen, Thành phố Sơn La, Tỉnh Sơn La”.",
        "There is no address. Write the commune and the province, for example “Xã Chiềng Đen, Thành phố Sơn La, "
        "Tỉnh Sơn La”.",
    )


class AddressTooLong(Invalid):
    """More letters than an address has."""

    code = "units.address_too_long"
    template = bi(
        "Địa chỉ dài quá {most} ký tự. Chỉ cần thôn, xã, huyện, tỉnh.",
        "The address is longer than {most} characters. Hamlet, commune, district and province are enough.",
    )


class AddressUnreadable(Invalid):
    """Control characters, which no address has."""

    code = "units.address_unreadable"
    template = bi(
        "Địa chỉ có ký tự điều khiển không đọc được. Hãy gõ lại bằng chữ thường.",
        "The address holds control characters that cannot be read. Type it again.",
    )


class TooManyAddresses(Invalid):
    """A list longer than one question may be."""

    code = "units.too_many_addresses"
    template = bi(
        "Danh sách có {n} địa chỉ, mỗi lần tối đa {most}. Hãy chia nhỏ, hoặc gửi bằng tệp CSV.",
        "The list has {n} addresses; at most {most} at a time. Split it, or send a CSV file.",
    )


class TableRefused(Invalid):
    """A table of addresses that cannot be read or written; nothing was written."""

    code = "units.table_refused"
    title = bi("Chưa chuyển được tệp", "The file was not converted")


class TableUnreadable(TableRefused):
    """The disk does not give the file."""

    code = "units.table_unreadable"
    template = bi("Không đọc được {file}: {why}.", "{file} cannot be read: {why}.")


class TableEmpty(TableRefused):
    """Not even a line of headings."""

    code = "units.table_empty"
    template = bi(
        "Tệp không có nội dung. Dòng đầu phải là tên cột, ví dụ “address”.",
        "The file is empty. Its first line must name the columns, for example “address”.",
    )


class TableNotCsv(TableRefused):
    """Something else than comma-separated text."""

    code = "units.table_not_csv"
    template = bi(
        "Đây không phải tệp CSV mà là {found}. Trong Excel hãy chọn Lưu thành, kiểu “CSV UTF-8”, rồi gửi tệp ấy.",
        "This is not a CSV file but {found}. In Excel choose Save As, type “CSV UTF-8”, and send that file.",
    )


class TableNotUtf8(TableRefused):
    """Another encoding: windows-1258, TCVN3, VNI."""

    code = "units.table_not_utf8"
    template = bi(
        "Dòng {line} không phải chữ UTF-8 (có lẽ là windows-1258, TCVN3 hoặc VNI). Trong Excel hãy chọn Lưu thành, "
        "kiểu “CSV UTF-8”, rồi gửi tệp ấy.",
        "Line {line} is not UTF-8 text (perhaps windows-1258, TCVN3 or VNI). In Excel choose Save As, type “CSV UTF-8”, "
        "and send that file.",
    )


class TableBroken(TableRefused):
    """A quotation mark that never closes, or a line without end."""

    code = "units.table_broken"
    template = bi(
        "Từ dòng {line} không đọc được thành bảng: {why}. Hãy sửa dòng ấy.",
        "From line {line} on the text is no table: {why}. Mend that line.",
    )


class ColumnMissing(TableRefused):
    """The column of addresses is not there."""

    code = "units.column_missing"
    template = bi(
        "Tệp không có cột “{column}”. Các cột đang có: {found}.",
        "The file has no column “{column}”. Its columns are: {found}.",
    )


class ColumnTwice(TableRefused):
    """Two columns could be meant."""

    code = "units.column_twice"
    template = bi(
        "Tệp có hơn một cột “{column}”. Hãy đổi tên để chỉ còn một.",
        "More than one column is named “{column}”. Rename them so that one is left.",
    )


class TooManyRows(TableRefused):
    """More rows than one file may have here."""

    code = "units.too_many_rows"
    template = bi(
        "Tệp có hơn {most} dòng. Hãy chia thành nhiều tệp.",
        "The file has more than {most} rows. Split it.",
    )


class TargetExists(TableRefused):
    """A file stands where the result would go."""

    code = "units.target_exists"
    template = bi(
        "Đã có {file}. Chọn tên khác, hoặc thêm --force để ghi đè.",
        "{file} exists. Choose another name, or add --force to overwrite it.",
    )


class TargetUnusable(TableRefused):
    """The result cannot be written there."""

    code = "units.target_unusable"
    template = bi("Không ghi được {file}: {why}.", "{file} cannot be written: {why}.")


class ConversionFileMissing(TableRefused):
    """A form without its file."""

    code = "units.conversion_file_missing"
    template = bi("Chưa chọn tệp CSV nào.", "No CSV file was chosen.")


class ConversionTooLarge(TableRefused):
    """More bytes than this installation takes."""

    code = "units.conversion_too_large"
    status = 413
    template = bi(
        "Tệp lớn hơn {most} MB. Hãy chia nhỏ, hoặc bỏ bớt cột không cần.",
        "The file is larger than {most} MB. Split it, or leave out columns.",
    )


class ConversionUnderWay(Conflict):
    """The same browser has a file that is not finished."""

    code = "units.conversion_under_way"
    title = bi("Tệp trước chưa xong", "The earlier file is not finished")
    template = bi(
        "Tệp bạn gửi trước đó chưa xong. Hãy quay lại trang của tệp ấy, đợi xong hoặc xóa nó, rồi gửi tệp mới.",
        "The file you sent before is not finished. Go back to its page, wait or delete it, then send the new one.",
    )


class ConversionsBusy(Conflict):
    """As many files wait, or lie here, as this installation takes."""

    code = "units.conversions_busy"
    status = 503
    title = bi("Đang có nhiều tệp chờ", "Many files are waiting")
    template = bi(
        "Đang có quá nhiều tệp chờ xử lý. Hãy thử lại sau vài phút.",
        "Too many files are waiting. Try again in some minutes.",
    )


class ConversionUnknown(NotFound):
    """There is no such file, or it was removed after its day."""

    code = "units.conversion_unknown"
    template = bi(
        "Không còn tệp này. Tệp và kết quả được xóa sau 24 giờ, hoặc ngay khi bạn bấm xóa.",
        "This file is not here any more. Files and results are removed after 24 hours, or when you delete them.",
    )


class ResolutionFlawed(Invalid):
    """A resolution's file has faults; `problems` names each one by its line. Nothing was changed."""

    code = "units.resolution_flawed"
    template = bi(
        "{file} có {count} lỗi, nên chưa thay đổi gì. Hãy sửa từng dòng rồi chạy lại.",
        "{file} has {count} faults, so nothing was changed. Mend each line and try again.",
    )


class ResolutionUnreadable(Invalid):
    """The file of a resolution could not be opened as UTF-8 text."""

    code = "units.resolution_unreadable"
    template = bi(
        "Không đọc được tệp {file} ({why}). Hãy kiểm tra đường dẫn và lưu tệp dưới dạng UTF-8.",
        "The file {file} cannot be read ({why}). Check the path, and save the file as UTF-8.",
    )


class ResolutionOtherContent(Conflict):
    """The resolution's number was applied before, with other content."""

    code = "units.resolution_other_content"
    template = bi(
        "{number} đã được áp dụng ngày {on} với nội dung khác. Nếu tệp này đúng, hãy hoàn tác (units undo) rồi áp dụng lại; "
        "nếu là văn bản của cơ quan khác, hãy ghi thêm tên cơ quan vào số.",
        "{number} was applied on {on} with other content. If this file is right, undo that one (units undo) and apply again; "
        "if it is another body's document, add the body to the number.",
    )


class ResolutionUnconfirmed(Conflict):
    """The file has one source only and nobody has confirmed it."""

    code = "units.resolution_unconfirmed"
    template = bi(
        "{number} chỉ có một nguồn ({source}). Hãy đối chiếu với văn bản đã công bố, rồi thêm --confirm-uncertain.",
        "{number} rests on one source ({source}). Compare it with the published text, then add --confirm-uncertain.",
    )


class ResolutionNotApplied(NotFound):
    """No resolution of this number is in force."""

    code = "units.resolution_not_applied"
    template = bi(
        "Không có nghị quyết {number} nào đang được áp dụng. Xem ./haicap units resolutions.",
        "No resolution {number} is applied. See ./haicap units resolutions.",
    )


class ResolutionNeeded(Conflict):
    """Something depends on the resolution; `problems` names what."""

    code = "units.resolution_needed"
    template = bi(
        "Không hoàn tác được {number}: còn {count} điều phụ thuộc. Hãy ghi thay đổi bằng một nghị quyết mới.",
        "{number} cannot be undone: {count} things depend on it. Record the change by a new resolution.",
    )


class ResolutionBusy(Conflict):
    """Others are writing records of units just now, so nobody can say that nothing depends on the resolution."""

    code = "units.resolution_busy"
    template = bi(
        "Đang có người ghi hồ sơ nên chưa hoàn tác được {number}. Hãy thử lại sau giây lát, hoặc dừng HaiCap trước.",
        "Records are being written, so {number} cannot be undone now. Try again in a moment, or stop HaiCap first.",
    )


class ResolutionOfFirstLoad(Conflict):
    """The resolution was recorded for units that were loaded before resolutions were kept."""

    code = "units.resolution_of_first_load"
    template = bi(
        "{number} được ghi nhận cho dữ liệu nạp từ trước, không có gì để hoàn tác. Hãy ghi thay đổi bằng một nghị quyết mới.",
        "{number} was noted for units loaded earlier; there is nothing to undo. Record changes by a new resolution.",
    )
