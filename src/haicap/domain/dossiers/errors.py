"""What can go wrong with a dossier."""

from haicap.kernel.errors import Conflict, Denied, Invalid, NotFound
from haicap.kernel.language import bi


class DossierUnknown(NotFound):
    """No dossier with this code is visible to the caller."""

    code = "dossier.unknown"
    template = bi(
        "Không tìm thấy hồ sơ “{dossier}”. Hãy kiểm tra lại mã trên giấy tiếp nhận.",
        "No dossier “{dossier}” was found. Check the code on the receipt slip.",
    )


class MoveUnknown(NotFound):
    """No move has this name."""

    code = "dossier.move_unknown"
    template = bi("Không có bước xử lý “{move}”.", "There is no move “{move}”.")


class SlipUnknown(NotFound):
    """The dossier has no such paper."""

    code = "dossier.slip_unknown"
    template = bi("Hồ sơ này không có phiếu “{form}”.", "This dossier has no paper “{form}”.")


class StepNotAllowed(Conflict):
    """The dossier's state does not allow this move."""

    code = "dossier.step_not_allowed"
    template = bi(
        "Hồ sơ đang “{state}”, chưa thể “{move}”. Hãy tải lại trang để xem các bước được phép.",
        "The dossier is “{state}”; “{move}” is not possible now. Reload to see what is.",
    )


class NotYours(Denied):
    """The dossier waits for somebody else."""

    code = "dossier.not_yours"
    template = bi(
        "Hồ sơ đang chờ {holder}; tài khoản của bạn chưa thể “{move}”.",
        "The dossier waits for {holder}; your account cannot “{move}”.",
    )


class NotAtWork(Denied):
    """The applicant's data are seen whole only by who works on the dossier."""

    code = "dossier.not_at_work"
    template = bi(
        "Dữ liệu đầy đủ của người nộp chỉ hiện với người đang xử lý hồ sơ này, quầy đã tiếp nhận và lãnh đạo giải quyết. "
        "Nếu cần cho công việc, hãy nhờ họ.",
        "The applicant's full data are for those at work on this dossier: who has it, the counter that received it, who "
        "leads the agency. If your work needs them, ask one of these.",
    )


class NobodyKnown(NotFound):
    """No dossier in the caller's unit names this person."""

    code = "dossier.nobody_known"
    template = bi(
        "Đơn vị của bạn không giữ hồ sơ nào của số định danh này. Hãy kiểm tra lại số trên giấy tờ.",
        "Your unit holds no dossier of this ID number. Check the number on the paper.",
    )


class TakenAlready(Conflict):
    """Another heir of the divided unit was quicker."""

    code = "dossier.taken_already"
    template = bi(
        "Hồ sơ này đã được tiếp nhận lúc {at}, nay đang chờ {holder}.",
        "This dossier was taken over at {at}; it now waits for {holder}.",
    )


class NothingChosen(Invalid):
    """A bulk action without a row."""

    code = "dossier.nothing_chosen"
    template = bi(
        "Chưa đánh dấu hồ sơ nào. Hãy đánh dấu ô ở đầu dòng rồi bấm lại.",
        "No dossier was marked. Mark the boxes at the rows, then press again.",
    )


class MovedOn(Conflict):
    """Somebody has made a move since the caller's page was shown."""

    code = "dossier.moved_on"
    template = bi(
        "{actor} vừa thực hiện “{move}” lúc {at}. Trang của bạn đã cũ: hãy tải lại rồi làm tiếp.",
        "{actor} has just done “{move}” at {at}. Your page is out of date: reload, then go on.",
    )


class SupplementRoundsUsed(Conflict):
    """Decree 63/2010/ND-CP allows two rounds of supplements at most."""

    code = "dossier.supplement_rounds_used"
    template = bi(
        "Hồ sơ đã được yêu cầu bổ sung {rounds} lần; pháp luật chỉ cho phép tối đa {rounds} lần.",
        "This dossier was sent back for supplements {rounds} times, the most that the law allows.",
    )


class ExtendedAlready(Conflict):
    """A deadline may be put off once only."""

    code = "dossier.extended_already"
    template = bi("Hồ sơ chỉ được gia hạn một lần.", "A dossier's deadline may be extended only once.")


class ExtensionTooLate(Conflict):
    """The apology comes before the deadline, or not at all."""

    code = "dossier.extension_too_late"
    template = bi(
        "Phải xin lỗi và gia hạn trước khi hết hạn ({due}).",
        "An extension with an apology must come before the deadline ({due}).",
    )


class ExtensionNotLater(Invalid):
    """The new deadline must lie after the old one."""

    code = "dossier.extension_not_later"
    template = bi(
        "Hạn mới phải sau hạn cũ ({due}) và là ngày làm việc.",
        "The new deadline must lie after {due}, on a working day.",
    )


class CenterUnknown(Conflict):
    """The unit has no service center that could receive."""

    code = "dossier.center_unknown"
    template = bi("{unit} chưa có Trung tâm Phục vụ hành chính công.", "{unit} has no service center yet.")


class UnitNotYours(Denied):
    """A counter receives in its own unit's name."""

    code = "dossier.unit_not_yours"
    template = bi(
        "Bạn chỉ tiếp nhận hồ sơ tại đơn vị của mình ({own}), không phải {unit}.",
        "You receive dossiers at your own unit ({own}), not at {unit}.",
    )


class DossierInvalid(Invalid):
    """The receipt or a move has faults in its input."""

    code = "dossier.invalid"


class ImportDenied(Denied):
    """Bringing in another system's dossiers is an administrator's work."""

    code = "dossier.import_denied"
    template = bi(
        "Chỉ tài khoản quản trị hoặc trung tâm điều hành mới được nhập hồ sơ từ hệ thống cũ.",
        "Only an administrator or the operations center may import another system's dossiers.",
    )


class MappingUnreadable(Invalid):
    """The mapping file cannot be used as it is."""

    code = "dossier.mapping_unreadable"
    template = bi("Không dùng được tệp ánh xạ {file}: {why}.", "The mapping file {file} cannot be used: {why}.")


class SourceUnreadable(Invalid):
    """The file to import cannot be read."""

    code = "dossier.source_unreadable"
    template = bi("Không đọc được tệp {file}: {why}.", "The file {file} cannot be read: {why}.")


class ColumnsMissing(Invalid):
    """The mapping names columns that the file does not have."""

    code = "dossier.columns_missing"
    template = bi(
        "Tệp {file} không có cột: {columns}. Các cột đang có: {found}. Hãy sửa tệp ánh xạ.",
        "{file} has no columns {columns}; it has: {found}. Correct the mapping file.",
    )
