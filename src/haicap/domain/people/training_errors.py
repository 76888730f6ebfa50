"""What can go wrong with training."""

from haicap.kernel.errors import Invalid, NotFound
from haicap.kernel.language import bi


class ClassUnknown(NotFound):
    """No such class, or not for this caller."""

    code = "people.class_unknown"
    template = bi(
        "Không tìm thấy lớp học này trong phạm vi của bạn.", "This class was not found among those that you see."
    )


class CompletionUnknown(NotFound):
    """No such certificate of completion, or not for this caller."""

    code = "people.completion_unknown"
    template = bi("Không tìm thấy giấy chứng nhận này.", "This certificate was not found.")


class TrainingRefused(Invalid):
    """A class, an enrolment or an attendance with faults; `problems` name each."""

    code = "people.training_refused"
    template = bi("Còn chỗ cần sửa.", "Some answers need correcting.")
