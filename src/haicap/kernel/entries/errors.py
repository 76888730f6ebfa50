"""What can go wrong with an entry's move."""

from haicap.kernel.errors import Conflict
from haicap.kernel.language import bi


class EntryMovedOn(Conflict):
    """Somebody made a move between this caller's look and their own move."""

    code = "entries.moved_on"
    template = bi(
        "Người khác vừa xử lý việc này. Hãy tải lại trang rồi làm tiếp.",
        "Somebody else has just acted on this. Reload the page, then go on.",
    )
