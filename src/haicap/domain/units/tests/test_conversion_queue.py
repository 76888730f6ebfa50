"""Files of addresses in the queue: from the sending to the result and to the end of their day, also past a dead worker."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from haicap.domain.units.commands.conversion import jobs
from haicap.domain.units.errors import ConversionUnknown
from haicap.domain.units.models import Conversion
from haicap.domain.units.models.conversions import root
from haicap.domain.units.queries.conversions import conversion_of
from haicap.kernel import clock

WHOLE = "Xã Chiềng Đen, Thành phố Sơn La, Tỉnh Sơn La"  # wholly in Phường Chiềng An today
DIVIDED = "Xã Bính Xá, Huyện Đình Lập, Tỉnh Lạng Sơn"
NONSENSE = "xyz qwerty"
TABLE = f'ma,address\n1,"{WHOLE}"\n2,"{DIVIDED}"\n3,{NONSENSE}\n'


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, server: object, django_db_setup: None) -> Path:
    monkeypatch.setenv("HAICAP_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def text_of(answer: object) -> str:
    return " ".join(answer.content.decode().split())  # type: ignore[attr-defined]


def upload(client: Client, content: str | bytes = TABLE, **fields: str):  # type: ignore[no-untyped-def]
    data = content if isinstance(content, bytes) else content.encode()
    return client.post("/dia-chi/tep/", {**fields, "tep": SimpleUploadedFile("danh sách.csv", data)})


def sent(client: Client, content: str | bytes = TABLE, **fields: str) -> str:
    answer = upload(client, content, **fields)
    assert answer.status_code == 302, text_of(answer)[:2000]
    return re.fullmatch(r"/dia-chi/tep/([\w-]{32})/", answer.headers["Location"])[1]


def test_a_file_from_sending_to_the_result_and_its_end(as_worker: str, own_home: Path) -> None:
    client = Client()
    key = sent(client)
    waiting = text_of(client.get(f"/dia-chi/tep/{key}/"))
    assert "Đang chờ đến lượt" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert client.get(f"/dia-chi/tep/{key}/ket-qua.csv").status_code == 404
    assert jobs.work() == 1
    done = text_of(client.get(f"/dia-chi/tep/{key}/"))
    assert "Đã xong 3 dòng" in done
    assert "2 dòng chưa có một câu trả lời" in done
    assert 'http-equiv="refresh"' not in done
    assert "hx-trigger" not in done
    result = client.get(f"/dia-chi/tep/{key}/ket-qua.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(result.streaming_content).decode())))
    assert [row["status"] for row in rows] == ["exact", "ambiguous", "unknown"]
    report = b"".join(client.get(f"/dia-chi/tep/{key}/bao-cao.csv").streaming_content).decode("utf-8-sig")
    assert [row["row"] for row in csv.DictReader(io.StringIO(report))] == ["3", "4"]
    assert not conversion_of(key).source.exists()
    assert client.post(f"/dia-chi/tep/{key}/xoa/").status_code == 302
    assert client.get(f"/dia-chi/tep/{key}/").status_code == 404
    assert [path.name for path in root().iterdir()] == [jobs.ARRIVING]


def test_htmx_is_told_to_stop_asking(as_worker: str, own_home: Path) -> None:
    client, headers = Client(), {"HX-Request": "true"}
    key = sent(client)
    assert client.get(f"/dia-chi/tep/{key}/", headers=headers).status_code == 200
    jobs.work()
    answer = client.get(f"/dia-chi/tep/{key}/", headers=headers)
    assert (answer.status_code, "<html" in text_of(answer)) == (286, False)
    jobs.forget(key)
    gone = client.get(f"/dia-chi/tep/{key}/", headers=headers)
    assert (gone.status_code, "Không còn tệp này" in text_of(gone)) == (286, True)


def test_a_fault_found_in_the_middle_is_told_in_the_readers_language(as_worker: str, own_home: Path) -> None:
    client = Client()
    key = sent(client, b"address\n" + b"x\n" * 50_000 + b"\xff\n")
    jobs.work()
    assert "Dòng 50002 không phải chữ UTF-8" in text_of(client.get(f"/dia-chi/tep/{key}/"))
    client.cookies["haicap_language"] = "en"
    assert "Line 50002 is not UTF-8" in text_of(client.get(f"/dia-chi/tep/{key}/"))
    assert client.get(f"/dia-chi/tep/{key}/ket-qua.csv").status_code == 404
    assert not conversion_of(key).source.exists()


def test_a_day_later_it_is_gone(as_worker: str, own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = sent(Client())
    jobs.work()
    stray = jobs.incoming()
    stray.write_text("left by a process that died")
    (root() / ("f" * 64)).mkdir()
    assert jobs.sweep(clock.now()) == 0
    assert stray.exists()
    later = clock.now() + timedelta(hours=24, minutes=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(ConversionUnknown):
        conversion_of(key)
    assert jobs.sweep(later) == 1
    assert [path.name for path in root().rglob("*")] == [jobs.ARRIVING]


def test_an_end_in_the_middle_puts_the_file_back(as_worker: str, own_home: Path) -> None:
    key = sent(Client(), "address\n" + "x\n" * 5000)
    calls = iter([True, True, False])
    jobs.work(lambda: next(calls, False))
    left = conversion_of(key)
    assert (left.state, left.attempts, left.taken_until) == ("waiting", 0, None)
    assert jobs.work() == 1
    assert conversion_of(key).rows == 5000


def test_deleting_in_the_middle_stops_the_worker(
    as_worker: str, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "TELL_S", 0)
    key = sent(Client(), "address\n" + "x\n" * 5000)
    steps: list[int] = []

    def go_on() -> bool:
        steps.append(1)
        if len(steps) == 3:
            jobs.forget(key)
        return True

    jobs.work(go_on)
    assert len(steps) < 9
    assert Conversion.objects.count() == 0
    assert [path.name for path in root().iterdir()] == [jobs.ARRIVING]


WORKER = """
import time
from haicap.interfaces.cli import boot
boot.django(process="worker", database=False)
from haicap.domain.units.commands.conversion import jobs
def go_on():
    print("on", flush=True)
    time.sleep(0.02)
    return True
jobs.work(go_on)
"""


def killed_in_the_middle(database: str) -> None:
    """A worker of its own process takes the file that waits, and is killed after its first rows."""
    environment = os.environ | {"HAICAP_PROCESS": "worker", "HAICAP_DATABASE_NAME": database}
    with subprocess.Popen([sys.executable, "-c", WORKER], env=environment, stdout=subprocess.PIPE) as process:
        for _ in range(3):
            assert process.stdout is not None
            assert process.stdout.readline() == b"on\n"
        process.send_signal(signal.SIGKILL)


def lease_runs_out() -> None:
    Conversion.objects.update(taken_until=clock.now() - timedelta(seconds=1))


def test_a_killed_worker_leaves_no_half_result_and_another_begins_again(as_worker: str) -> None:
    """kill -9 in the middle of a file: its lease runs out, the next worker does all of it; after three times no more."""
    key = sent(Client(), "address\n" + f'"{WHOLE}"\n' * 20_000)
    for attempt in (1, 2):
        killed_in_the_middle(as_worker)
        left = conversion_of(key)
        assert (left.state, left.attempts, left.result.exists()) == ("running", attempt, False)
        assert jobs.work() == 0, "its lease has not run out yet"
        lease_runs_out()
    assert jobs.work() == 1
    done = conversion_of(key)
    assert (done.state, done.rows, done.exact) == ("done", 20_000, 20_000)
    assert len(done.result.read_text().splitlines()) == 20_001
    Conversion.objects.update(state="running", attempts=3)
    lease_runs_out()
    assert jobs.work() == 0
    assert "dừng giữa chừng" in conversion_of(key).reason
    jobs.forget(key)
