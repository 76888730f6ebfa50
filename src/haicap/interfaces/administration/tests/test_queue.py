"""The outbox and the jobs for administrators: their own units' messages, never what they say; acts that the trail tells."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from haicap.domain.dossiers.tests.factories import Staff, received, staffed_commune, staffed_province
from haicap.flows.jobs import JOBS
from haicap.kernel.audit import queries as trail
from haicap.kernel.jobs import queries as runs
from haicap.kernel.outbox import rules
from haicap.kernel.outbox.models import Message, Subscription
from haicap.kernel.scope import entered

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

QUEUE, RECEIVERS, JOBS_PAGE = "/quan-tri/hang-doi/", "/quan-tri/hang-doi/noi-nhan/", "/quan-tri/cong-viec/"
ADDRESS = {"name": "Cổng dịch vụ công", "topic_prefix": "dossier.", "url": "https://nhan.example.gov.vn/haicap"}


@pytest.fixture
def staff() -> Staff:
    return staffed_commune()


@pytest.fixture
def admin(staff: Staff) -> Client:
    return staff.client("administrator")


def text_of(answer: Any, status: int = 200) -> str:
    assert answer.status_code == status, answer.content[:500]
    return " ".join(answer.content.decode().split())


def message_of(staff: Staff) -> Message:
    """The one message that a receipt of this commune wrote."""
    code = received(staff.counter).code
    with entered(staff.administrator):
        return Message.objects.get(key__contains=code)


def test_a_message_is_told_without_its_content(staff: Staff, admin: Client) -> None:
    message = message_of(staff)
    listed = text_of(admin.get(QUEUE))
    assert message.topic in listed and message.key in listed and "Chờ gửi" in listed
    one = text_of(admin.get(f"{QUEUE}{message.pk}/"))
    for shown in (listed, one):
        assert "Nguyễn Thị Mai" not in shown and "014190001234" not in shown and '"move"' not in shown
    assert message.key not in text_of(admin.get(QUEUE, {"trang-thai": "given_up"}))
    assert message.key in text_of(admin.get(QUEUE, {"q": message.key[-12:]}))
    assert "Không có thông điệp nào khớp" in text_of(admin.get(QUEUE, {"q": "khong-co"}))


@pytest.mark.parametrize("asked", [{"tiep": "x"}, {"tiep": "9" * 40}, {"trang-thai": "?"}, {"q": "%_\\"}])
def test_odd_questions_do_no_harm(admin: Client, asked: dict[str, str]) -> None:
    assert admin.get(QUEUE, asked).status_code == 200


def test_giving_up_needs_a_reason_and_can_be_taken_back(staff: Staff, admin: Client) -> None:
    message = message_of(staff)
    page = f"{QUEUE}{message.pk}/"
    assert "Ghi lý do thôi gửi" in text_of(admin.post(f"{page}thoi/", {"reason": " "}), 422)
    assert admin.post(f"{page}thoi/", {"reason": "Nơi nhận đã đóng"}).status_code == 302
    shown = text_of(admin.get(page))
    assert "Đã thôi gửi" in shown and "Nơi nhận đã đóng" in shown and "Tòng Văn Hặc" in shown
    assert admin.post(f"{page}thoi/", {"reason": "lần hai"}).status_code == 409
    assert admin.post(f"{page}gui-lai/").status_code == 302
    with entered(staff.administrator):
        again = Message.objects.get(pk=message.pk)
        told = [one.tag for one in trail.latest(f"outbox:{message.pk}")]
    assert (again.done_at, again.given_up_at, again.given_up_reason) == (None, None, "")
    assert told == ["outbox:message:retry", "outbox:message:give_up"]


def test_another_units_message_is_not_there_and_a_provinces_administrator_sees_all(staff: Staff) -> None:
    message = message_of(staff)
    stranger = staffed_commune("03679").client("administrator")
    assert message.key not in text_of(stranger.get(QUEUE))
    for step, posted in (("", None), ("gui-lai/", {}), ("thoi/", {"reason": "x"})):
        address = f"{QUEUE}{message.pk}/{step}"
        answer = stranger.get(address) if posted is None else stranger.post(address, posted)
        assert answer.status_code == 404
    assert message.key in text_of(staffed_province().client("administrator").get(QUEUE))


def test_the_application_cannot_read_what_signs_nor_write_a_messages_content(staff: Staff) -> None:
    message = message_of(staff)
    changed = f"UPDATE outbox_message SET payload = '{{}}' WHERE id = {message.pk}"
    for statement in ("SELECT secret FROM outbox_subscription", changed, "DELETE FROM outbox_message",
                      "DELETE FROM outbox_subscription", "DELETE FROM jobs_run"):  # fmt: skip
        with entered(staff.administrator), pytest.raises(DatabaseError, match="permission denied"):
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_a_receiver_is_added_stopped_and_given_a_new_secret_that_shows_once() -> None:
    admin = staffed_province().client("administrator")
    answer = admin.post(RECEIVERS, ADDRESS)
    shown = text_of(answer)
    assert answer.headers["Cache-Control"] == "no-store"
    secret = re.search(r'<p class="code lead">([^<]+)</p>', shown)
    assert secret and len(secret[1]) >= 40
    listed = text_of(admin.get(RECEIVERS))
    assert ADDRESS["url"] in listed and secret[1] not in listed and "Mọi bước của hồ sơ" in listed
    number = Subscription.objects.values_list("pk", flat=True).get(name=ADDRESS["name"])
    assert admin.post(f"{RECEIVERS}{number}/gui/", {"gui": "0"}).status_code == 302
    assert "Đã dừng" in text_of(admin.get(RECEIVERS))
    renewed = re.search(r'<p class="code lead">([^<]+)</p>', text_of(admin.post(f"{RECEIVERS}{number}/khoa/")))
    assert renewed and renewed[1] != secret[1]
    assert "Đã có nơi nhận tên này" in text_of(admin.post(RECEIVERS, ADDRESS), 422)


@pytest.mark.parametrize("url", [
    "", "ftp://a.gov.vn/", "https://u:p@a.gov.vn/", "http://localhost:5432/", "http://127.0.0.1/", "http://[::1]/",
    "http://169.254.169.254/latest", "http://2130706433/", "http://0.0.0.0/", "https://" + "a" * 600,
])  # fmt: skip
def test_an_address_that_cannot_or_must_not_be_called_is_refused(url: str) -> None:
    admin = staffed_province().client("administrator")
    shown = text_of(admin.post(RECEIVERS, {**ADDRESS, "url": url}), 422)
    assert 'id="id_url_error"' in shown and 'value="Cổng dịch vụ công"' in shown
    assert not Subscription.objects.filter(name=ADDRESS["name"]).exists()


def test_an_address_inside_the_provinces_network_may_be_called() -> None:
    assert not rules.is_of_this_machine("http://10.1.2.3/nhan") and not rules.is_of_this_machine(
        "https://nhan.so.gov.vn"
    )


def test_jobs_tell_their_last_run_and_a_run_can_be_asked_for() -> None:
    admin = staffed_province().client("administrator")
    assert "chưa chạy" in text_of(admin.get(JOBS_PAGE))
    assert admin.post(f"{JOBS_PAGE}tidy/chay/").status_code == 302
    assert "Đã yêu cầu chạy" in text_of(admin.get(f"{JOBS_PAGE}tidy/"))
    assert admin.post(f"{JOBS_PAGE}tidy/chay/").status_code == 302  # asking twice is asking once
    assert runs.asked_for() == {"tidy"}
    assert admin.get(f"{JOBS_PAGE}khong-co/").status_code == 404
    assert admin.post(f"{JOBS_PAGE}khong-co/chay/").status_code == 404


def test_every_job_has_words_and_the_page_costs_the_same_with_many_runs(queries: Any) -> None:
    admin = staffed_province().client("administrator")
    assert all(str(job.label) and str(job.what) and str(job.rhythm) for job in JOBS)
    admin.get(JOBS_PAGE)
    few = queries(lambda: admin.get(JOBS_PAGE))
    assert few <= 9
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("haicap_app",)
    assert queries(lambda: admin.get(JOBS_PAGE)) == few


def test_the_cost_of_the_queue_is_flat(staff: Staff, admin: Client, queries: Any) -> None:
    message_of(staff)
    admin.get(QUEUE)
    few = queries(lambda: admin.get(QUEUE))
    for _ in range(4):
        received(staff.counter)
    admin.get(QUEUE)
    assert queries(lambda: admin.get(QUEUE)) == few <= 10
