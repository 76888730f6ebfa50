"""What can stand in the way of a demonstration."""

from haicap.kernel.errors import Conflict, Denied
from haicap.kernel.language import bi


class OtherScaleThere(Conflict):
    """A demonstration of another size stands here already."""

    code = "demonstration.other_scale"
    template = bi(
        "Ở đây đã có bản trình diễn cỡ “{there}”. Chạy lại với --reset --scale {wanted} để làm bản mới.",
        "A demonstration of scale “{there}” stands here. Run again with --reset --scale {wanted} to make a new one.",
    )


class NotADemonstration(Denied):
    """The database holds something else: it is neither filled nor emptied for a demonstration."""

    code = "demonstration.not_one"
    template = bi(
        "Cơ sở dữ liệu này đang có tài khoản hoặc hồ sơ thật, không phải bản trình diễn: không ghi, không xóa gì cả. "
        "Hãy chọn HAICAP_HOME hoặc DATABASE_URL khác.",
        "This database holds real accounts or dossiers and is no demonstration: nothing was written or removed. "
        "Choose another HAICAP_HOME or DATABASE_URL.",
    )


class DemonstrationBroken(Conflict):
    """The import did not bring in everything that was planned."""

    code = "demonstration.broken"
    template = bi(
        "Không tạo đủ hồ sơ trình diễn ({refused} dòng bị từ chối: {first}). Chạy lại lệnh này để làm tiếp.",
        "Not every dossier of the demonstration was made ({refused} rows refused: {first}). Run this again to go on.",
    )
