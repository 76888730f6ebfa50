"""The worker's jobs by the clock, each with its words: the list that the worker works through and administrators read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from haicap.domain.people.commands.signing import judge_by_the_clock
from haicap.domain.people.commands.signing.warnings import warn_due
from haicap.domain.people.commands.training.reminders import remind_due
from haicap.flows import growth, housekeeping
from haicap.flows.handing_over.due import hand_over_due
from haicap.flows.reorganisation.notices import carry_out_due
from haicap.flows.retention import past_their_time
from haicap.kernel import clock
from haicap.kernel.audit import commands as audit
from haicap.kernel.errors import NotFound
from haicap.kernel.jobs import commands
from haicap.kernel.jobs.models import Run
from haicap.kernel.language import bi
from haicap.kernel.scope import Actor

GoesOn = Callable[[], bool]


@dataclass(frozen=True)
class Job:
    """`hourly`: at the worker's start, each hour and after midnight; otherwise at its start and after midnight.

    `work` gives figures, which `told` says in words. Every job may run at any time and any number of times: what is not due it
    leaves alone.
    """

    name: str
    label: Any
    what: Any
    told: Any
    hourly: bool
    work: Callable[[GoesOn], dict[str, int]]

    @property
    def rhythm(self) -> Any:
        """How often it runs, in words."""
        return _HOURLY if self.hourly else _DAILY

    def words(self, run: Run) -> str:
        """What a run did, or why it failed, in the reader's language."""
        try:
            return str(self.told).format(**run.figures) if run.outcome == "done" else run.said
        except KeyError:  # of a version that counted something else
            return ", ".join(f"{name} {count}" for name, count in run.figures.items())


_HOURLY = bi("mỗi giờ và sau nửa đêm", "each hour and after midnight")
_DAILY = bi("sau nửa đêm", "after midnight")


def _seal(_: GoesOn) -> dict[str, int]:
    return {"events": housekeeping.seal_past_days(clock.now())}


def _sweep_conversions(_: GoesOn) -> dict[str, int]:
    return {"files": housekeeping.sweep_conversions(clock.now())}


def _sweep_sources(_: GoesOn) -> dict[str, int]:
    return {"sources": housekeeping.sweep_sources()}


def _past_their_time(_: GoesOn) -> dict[str, int]:
    return {"dossiers": past_their_time(clock.now())[0]}


def _carry_out(goes_on: GoesOn) -> dict[str, int]:
    done = list(carry_out_due(goes_on))
    return {"resolutions": len(done), "dossiers": sum(one.told for one in done)}


def _remind(_: GoesOn) -> dict[str, int]:
    return {"training": remind_due(), "certificates": warn_due()}


def _judge_certificates(_: GoesOn) -> dict[str, int]:
    return dict(vars(judge_by_the_clock()))


def _hand_over(goes_on: GoesOn) -> dict[str, int]:
    return dict(vars(hand_over_due(goes_on)))


def _measure(_: GoesOn) -> dict[str, int]:
    return growth.measure()


def _tidy(_: GoesOn) -> dict[str, int]:
    return {**vars(housekeeping.sweep(clock.now())), "runs": commands.forget_old()}


JOBS = (
    Job("seal", bi("Niêm phong vết kiểm toán", "Seal the trail"),
        bi("Niêm phong mọi việc của những ngày đã qua bằng một mã gốc.", "Seals all events of past days under one root."),
        bi("{events} việc được niêm phong", "{events} events sealed"), True, _seal),
    Job("address-files", bi("Xóa tệp địa chỉ hết hạn", "Remove files of addresses"),
        bi("Tệp địa chỉ người dân gửi lên và kết quả được giữ một ngày.", "Files that people sent and their results are kept "
           "for a day."), bi("{files} tệp được xóa", "{files} files removed"), True, _sweep_conversions),
    Job("sources", bi("Quên nguồn truy cập đã lặng", "Forget sources that have rested"),
        bi("Bỏ số đếm của những nơi gửi yêu cầu nay đã lặng.", "Drops what was counted of sources that have rested since."),
        bi("{sources} nguồn", "{sources} sources"), True, _sweep_sources),
    Job("resolutions", bi("Thi hành nghị quyết đến ngày", "Carry out resolutions"),
        bi("Báo cho người nộp hồ sơ biết đơn vị nào nhận việc, lập giấy chứng nhận bảo toàn.",
           "Tells applicants who has their dossiers now, makes the certificate of conservation."),
        bi("{resolutions} nghị quyết, báo về {dossiers} hồ sơ", "{resolutions} resolutions, told of {dossiers} dossiers"),
        True, _carry_out),
    Job("reminders", bi("Nhắc lớp học và chứng thư số", "Remind of classes and certificates"),
        bi("Nhắc một lần: lớp sắp khai giảng, chuyên đề còn thiếu, chứng thư số sắp hết hạn.",
           "Tells once: classes that begin soon, topics that are lacking, certificates that end."),
        bi("{training} việc đào tạo, {certificates} chứng thư", "{training} matters of training, {certificates} certificates"),
        True, _remind),
    Job("certificates", bi("Kiểm tra nơi cấp chứng thư số", "Check issuers of certificates"),
        bi("Đối chiếu mọi chứng thư số với nơi cấp tin cậy và danh sách thu hồi đã nạp.",
           "Holds every certificate against the trusted issuers and the revocation lists that were loaded."),
        bi("{certificates} chứng thư, {changed} có kết quả mới, {revoked} mới bị thu hồi",
           "{certificates} certificates, {changed} with news, {revoked} newly revoked"), False, _judge_certificates),
    Job("hand-over", bi("Bàn giao công việc đến ngày", "Hand work over"),
        bi("Việc của người đã thôi vị trí chuyển cho người kế tiếp, hoặc trả về vị trí.",
           "Work of posts that have ended goes to the successor, or back to the post."),
        bi("{sheets} phiếu bàn giao, {released} hồ sơ trả về vị trí, {tidied} hồ sơ cán bộ được dọn",
           "{sheets} sheets, {released} dossiers given back, {tidied} records tidied"), True, _hand_over),
    Job("retention", bi("Đếm hồ sơ hết hạn lưu giữ", "Count dossiers past their retention"),
        bi("Chỉ báo, không xóa: danh sách ở trang Dữ liệu cá nhân và lưu giữ chờ quyết định.",
           "Tells, removes nothing: the page of personal data and retention lists them for a decision."),
        bi("{dossiers} hồ sơ hết hạn lưu giữ", "{dossiers} dossiers past their retention"), False, _past_their_time),
    Job("sizes", bi("Đo dung lượng", "Measure sizes"),
        bi("Ghi dung lượng của cơ sở dữ liệu, của tệp và số thông điệp chờ gửi trong ngày; giữ 400 ngày.",
           "Notes the day's size of the database and of files, and how many messages wait; kept for 400 days."),
        bi("cơ sở dữ liệu {database} byte, tệp {files} byte, {waiting} thông điệp chờ",
           "database {database} bytes, files {files} bytes, {waiting} messages wait"), False, _measure),
    Job("tidy", bi("Dọn dẹp", "Tidy up"),
        bi("Bỏ trả lời cũ, thông điệp đã đi quá 90 ngày, tệp không gắn vào đâu, lượt xem quá hạn giữ, nhật ký chạy quá 30 "
           "ngày.", "Removes old replies, messages that left 90 days ago, files that hang nowhere, looks past their time, runs "
           "older than 30 days."),
        bi("Bỏ {replies} trả lời, {messages} thông điệp, {loose_files} tệp rời, {orphans} tệp mồ côi, {readings} lượt xem, "
           "{runs} lần chạy",
           "{replies} replies, {messages} messages, {loose_files} loose files, {orphans} orphans, {readings} looks, {runs} "
           "runs removed"),
        False, _tidy),
)  # fmt: skip
BY_NAME = {job.name: job for job in JOBS}


def ask_for(*, actor: Actor, name: str) -> bool:
    """Ask the worker to run a job now; False where that is asked for already. NotFound for a job there is not.

    Who may is the caller's to insist on: the jobs are the installation's, not a unit's.
    """
    if name not in BY_NAME:
        raise NotFound(what=bi("việc nền này", "This job"))
    fresh = commands.ask(name)
    if fresh:
        audit.record("jobs:run:ask", subject=f"job:{name}", unit_id=actor.unit_id)
    return fresh
