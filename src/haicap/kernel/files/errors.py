"""What can go wrong with a file."""

from haicap.kernel.errors import DomainError, Invalid, NotFound
from haicap.kernel.language import bi


class FileRefused(Invalid):
    """A file that is not taken in; the sentence says what to do instead."""

    code = "files.refused"
    title = bi("Chưa nhận được tệp", "The file was not taken")


class FileMissing(FileRefused):
    """The request carries no file."""

    code = "files.missing"
    template = bi(
        "Chưa chọn tệp nào. Hãy chọn tệp rồi gửi lại.", "No file was chosen. Choose a file and send it again."
    )


class FileEmpty(FileRefused):
    """Nothing in it."""

    code = "files.empty"
    template = bi(
        "Tệp “{name}” không có nội dung. Hãy kiểm tra rồi chọn lại.",
        "The file “{name}” is empty. Check it and choose again.",
    )


class FileTooLarge(FileRefused):
    """More bytes than this installation takes."""

    code = "files.too_large"
    status = 413
    template = bi(
        "Tệp “{name}” lớn hơn {most} MB. Hãy quét ở độ phân giải thấp hơn hoặc chia thành nhiều tệp.",
        "The file “{name}” is larger than {most} MB. Scan it at a lower resolution or split it.",
    )


class FileTypeRefused(FileRefused):
    """What is in it is none of the accepted types."""

    code = "files.type_refused"
    status = 415
    template = bi(
        "Không nhận được tệp “{name}” (nội dung là {found}). Chỉ nhận PDF, ảnh JPG hoặc PNG, Word (.docx), Excel (.xlsx).",
        "The file “{name}” cannot be taken (its content is {found}). PDF, JPG or PNG pictures, Word (.docx) and Excel "
        "(.xlsx) are accepted.",
    )


class FileNameFalse(FileRefused):
    """The name promises another type than the content is."""

    code = "files.name_false"
    status = 415
    template = bi(
        "Tên tệp “{name}” không đúng với nội dung: bên trong là {found}. Hãy lưu lại tệp với đúng định dạng.",
        "The name “{name}” does not fit its content, which is {found}. Save the file again in its true format.",
    )


class FileUnsafe(FileRefused):
    """An accepted type with something in it that is not: macros, a password, a bomb."""

    code = "files.unsafe"
    status = 415
    template = bi(
        "Không nhận được tệp “{name}”: {why}. Hãy lưu lại dưới dạng PDF rồi gửi.",
        "The file “{name}” cannot be taken: {why}. Save it as PDF and send that.",
    )


class StoringNeedsUnit(DomainError):
    """Somebody without a unit has no place to put files."""

    code = "files.needs_unit"
    status = 403
    template = bi(
        "Tài khoản chưa được phân công ở đơn vị nào nên chưa thể tải tệp lên.",
        "The account has no post in any unit, so it cannot upload files.",
    )


class AttachmentUnknown(NotFound):
    """There is no such attachment, or not for this caller."""

    code = "files.attachment_unknown"
    template = bi("Không tìm thấy tệp này.", "This file was not found.")


class BytesMissing(NotFound):
    """The row is there and the bytes are not: the disk has lost something."""

    code = "files.bytes_missing"
    template = bi(
        "Tệp này hiện không đọc được. Hãy báo quản trị hệ thống kèm mã {digest}.",
        "This file cannot be read now. Tell the system's administrator the code {digest}.",
    )


class FileInfected(FileRefused):
    """A virus scanner knows what is in it. It was put out of the way and reported."""

    code = "files.infected"
    template = bi(
        "Tệp “{name}” chứa mã độc ({signature}) nên bị giữ lại và đã báo quản trị viên của đơn vị. Đừng mở tệp này; hãy quét "
        "virus máy đã gửi, rồi gửi một bản sạch.",
        "The file “{name}” holds malware ({signature}). It was kept back and your unit's administrator was told. Do not open "
        "it; scan the computer that it came from, then send a clean copy.",
    )


class AttachmentQuarantined(DomainError):
    """The attachment was found infected after it had been taken in."""

    code = "files.quarantined"
    status = 410
    title = bi("Tệp đã bị cách ly", "The file is in quarantine")
    template = bi(
        "Tệp “{name}” chứa mã độc nên đã bị cách ly, không ai tải về được. Hãy đề nghị người nộp gửi lại bản sạch; quản trị "
        "viên của đơn vị xem được chi tiết.",
        "The file “{name}” holds malware and is in quarantine: nobody can download it. Ask the applicant for a clean copy; "
        "your unit's administrator sees the details.",
    )
