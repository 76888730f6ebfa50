"""What can go wrong with procedures, by name."""

from __future__ import annotations

from haicap.kernel.errors import Conflict, Denied, Invalid, NotFound
from haicap.kernel.language import bi


class ProcedureUnknown(NotFound):
    """No procedure of the catalogue has this code."""

    code = "procedures.unknown"
    template = bi(
        "Không có thủ tục nào mang mã “{procedure}”. Mã thủ tục có dạng 1.001193; hãy tìm theo tên.",
        "No procedure has the code “{procedure}”. A code looks like 1.001193; search by name.",
    )


class ProcedureNotValid(Conflict):
    """The procedure exists, but has no version on the day asked for."""

    code = "procedures.not_valid"
    template = bi(
        "Thủ tục “{name}” ({procedure}) không có hiệu lực vào ngày {on}. Xem lịch sử phiên bản của thủ tục.",
        "The procedure “{name}” ({procedure}) is not in force on {on}. See its version history.",
    )


class ProcedureNotReceivable(Conflict):
    """The procedure is published, but no dossier may be received yet."""

    code = "procedures.not_receivable"
    template = bi(
        "Chưa tiếp nhận được hồ sơ của thủ tục “{name}” ({procedure}): {reason}",
        "No dossier of “{name}” ({procedure}) can be received yet: {reason}",
    )


class FileUnreadable(Invalid):
    """The file is not a catalogue."""

    code = "procedures.file_unreadable"
    template = bi(
        "Không đọc được tệp “{file}”: {reason} Tệp danh mục là .yaml hoặc .xlsx theo mẫu.",
        "The file “{file}” cannot be read: {reason} A catalogue is .yaml, or .xlsx as in the template.",
    )


class CursorUnreadable(Invalid):
    """The cursor of a list was not one that the list gave out."""

    code = "procedures.cursor_unreadable"
    template = bi(
        "Dấu trang “{value}” không đúng. Hãy đọc lại danh sách từ đầu.",
        "The cursor “{value}” is not valid. Read the list again from its start.",
    )


class FilterUnknown(Invalid):
    """A filter of the list has a value that does not exist."""

    code = "procedures.filter_unknown"
    template = bi("Không có cấp “{value}”. Các cấp: {known}.", "There is no level “{value}”. Levels: {known}.")


class ImportDenied(Denied):
    """Only administrators of a province load procedures."""

    code = "procedures.import_denied"
    template = bi(
        "Chỉ quản trị viên cấp tỉnh được nạp danh mục thủ tục.", "Only a province's administrators load procedures."
    )


class CompetenceUnknown(NotFound):
    """Nobody has entered who decides the procedure."""

    code = "procedures.competence_unknown"
    template = bi(
        "Chưa nhập ai giải quyết thủ tục “{name}” ({procedure}). Quản trị viên cấp tỉnh nạp phần competence của danh mục.",
        "Who decides “{name}” ({procedure}) was not entered yet. A province's administrator loads the catalogue's "
        "competence section.",
    )


class CompetenceNotOn(NotFound):
    """Who decides is known for other days only."""

    code = "procedures.competence_not_on"
    template = bi(
        "Vào ngày {on} không có cơ quan nào giải quyết thủ tục “{name}” ({procedure}). Đã ghi: {known}",
        "On {on} no agency decides “{name}” ({procedure}). Known: {known}",
    )


class PlaceMissing(Invalid):
    """No place was given."""

    code = "procedures.place_missing"
    template = bi(
        "Hãy ghi nơi cần hỏi: địa chỉ, hoặc mã đơn vị hành chính.",
        "Give the place: an address, or the code of an administrative unit.",
    )


class PlaceUnknown(NotFound):
    """The address leads to no unit."""

    code = "procedures.place_unknown"
    template = bi(
        "Không tìm được “{place}” vào ngày {on}. {note}Hãy ghi tên xã, phường và tỉnh, hoặc mã đơn vị.",
        "“{place}” was not found on {on}. {note}Give the commune and the province, or the code of a unit.",
    )


class PlaceTooWide(Invalid):
    """The place holds several units of the level that decides."""

    code = "procedures.place_too_wide"
    template = bi(
        "{place} rộng quá: thủ tục “{name}” do {agencies} giải quyết. Hãy ghi địa chỉ hoặc mã đến tận xã, phường.",
        "{place} is too wide: “{name}” is decided by {agencies}. Give an address or a code down to the commune.",
    )


class PlaceClosed(NotFound):
    """The unit had ended by the day asked for; who has its land is named."""

    code = "procedures.place_closed"
    template = bi("{sentence} Nơi đó nay thuộc: {heirs}.", "{sentence} The place now belongs to: {heirs}.")
