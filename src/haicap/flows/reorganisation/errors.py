"""What can go wrong with a certificate."""

from __future__ import annotations

from haicap.kernel.errors import Conflict, Denied, Invalid, NotFound
from haicap.kernel.language import bi


class ResolutionUnknown(NotFound):
    """No applied resolution has this number."""

    code = "reorganisation.resolution_unknown"
    template = bi(
        "Không có nghị quyết nào đang được áp dụng mang số “{number}”. Xem: ./haicap units resolutions.",
        "No applied resolution has the number “{number}”. See ./haicap units resolutions.",
    )


class ResolutionNotOne(Conflict):
    """Several applied files carry the number."""

    code = "reorganisation.resolution_not_one"
    template = bi(
        "Có {n} tệp đã áp dụng cùng mang số “{number}”: hãy gọi bằng mã tệp ({ids}).",
        "{n} applied files carry the number “{number}”: name one by its id ({ids}).",
    )


class NotYetInForce(Conflict):
    """The resolution's day lies ahead: nothing has passed to anybody yet."""

    code = "reorganisation.not_yet_in_force"
    template = bi(
        "Nghị quyết {number} có hiệu lực từ {day}: chưa có gì được chuyển giao để chứng nhận.",
        "Resolution {number} takes effect on {day}: nothing has passed yet that could be certified.",
    )


class MomentOutside(Invalid):
    """A certificate states what was so at a moment between the resolution's day and now."""

    code = "reorganisation.moment_outside"
    template = bi(
        "Thời điểm chứng nhận phải từ {first} đến bây giờ.",
        "The certificate's moment must lie between {first} and now.",
    )


class NotConserved(Conflict):
    """What the heirs have is not what the unit held: the certificate cannot be given."""

    code = "reorganisation.not_conserved"
    template = bi(
        "Không bảo toàn: {holding} của {unit} – {what}. Chưa thể cấp giấy chứng nhận; hãy giữ nguyên cơ sở dữ liệu và báo lỗi.",
        "Not conserved: {holding} of {unit}: {what}. No certificate can be given; keep this database and report it.",
    )


class CertificateUnreadable(Invalid):
    """A file that is no certificate of a known version."""

    code = "reorganisation.certificate_unreadable"
    template = bi(
        "“{file}” không phải giấy chứng nhận bảo toàn (JSON) mà bản này đọc được: {why}.",
        "“{file}” is no certificate of conservation (JSON) that this version reads: {why}.",
    )


class CertificateIsTheProvinces(Denied):
    """Somebody of a commune asked for a certificate over all units of the province."""

    code = "reorganisation.certificate_is_the_provinces"
    template = bi(
        "Giấy chứng nhận gồm mọi đơn vị của tỉnh nên do quản trị hoặc trung tâm điều hành cấp tỉnh tải về.",
        "A certificate covers all units of the province: its administrators and its operations center take it.",
    )


class NotAllSeen(Denied):
    """Somebody asked for a certificate over units of which they do not see everything."""

    code = "reorganisation.not_all_seen"
    template = bi(
        "Giấy chứng nhận lập ở đây không trùng với bản đã niêm phong (mã gốc {root}): hãy lập bằng dòng lệnh và kiểm tra.",
        "What was computed here is not what was sealed (root {root}): make the certificate by the command line and check.",
    )


class OtherProvinceNamed(Conflict):
    """A resolution that a page applies or undoes concerns another province."""

    code = "reorganisation.other_province_named"
    template = bi(
        "Nghị quyết này có đơn vị {code} không thuộc tỉnh của bạn. Trang này chỉ nhận thay đổi trong tỉnh; việc của nhiều "
        "tỉnh do người quản trị máy chủ làm bằng ./haicap units.",
        "This resolution names unit {code}, which is not of your province. This page takes changes inside the province only; "
        "what concerns several is done by whoever runs the server, by ./haicap units.",
    )


class NumberNotTyped(Invalid):
    """A resolution was to be applied or undone without its number being typed."""

    code = "reorganisation.number_not_typed"
    template = bi("Gõ đúng số nghị quyết để xác nhận: {number}.", "Type the resolution's number to confirm: {number}.")
