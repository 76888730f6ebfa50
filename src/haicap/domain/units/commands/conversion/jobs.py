"""Files of addresses in a queue: taken in from anybody, converted by the worker, kept for a day, then gone.

A file lies in a directory of its own that no backup copies; the table knows its size, its state and its counts, never
what is in it. The file as it was sent goes as soon as it is converted. A worker that dies lets its lease run out, and the
next one begins the file again: results appear by renaming, so there is never half of one.
"""

from __future__ import annotations

import secrets
import shutil
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from django.db.models import Sum

from haicap.domain.units.commands.conversion.converting import Stopped, Tally, convert
from haicap.domain.units.commands.conversion.reading import Table
from haicap.domain.units.errors import (
    ConversionsBusy,
    ConversionUnderWay,
)
from haicap.domain.units.models import Conversion
from haicap.domain.units.models.conversions import ConversionQuerySet, ConversionState, digest_of, root
from haicap.domain.units.queries.conversions import conversion_of
from haicap.kernel import clock
from haicap.kernel.errors import DomainError
from haicap.kernel.language import LANGUAGES, bi, speaking

MOST_ROWS: Final = 1_000_000
MOST_WAITING: Final = 20
MOST_BYTES_KEPT: Final = 4 * 2**30
KEPT: Final = timedelta(hours=24)
LEASE: Final = timedelta(seconds=60)
MOST_ATTEMPTS: Final = 3
TELL_S: Final = 0.5
ARRIVING: Final = ".arriving"
_QUEUE_LOCK: Final = 1_805
_GAVE_UP: Final = bi(
    "Máy chủ đã dừng giữa chừng nhiều lần khi xử lý tệp này. Hãy chia nhỏ tệp rồi gửi lại.",
    "The server stopped several times in the middle of this file. Split it and send it again.",
)

_TAKE = """
UPDATE units_conversion SET state = 'running', taken_until = now() + make_interval(secs => %s), attempts = attempts + 1,
       bytes_read = 0, rows = 0, exact = 0, ambiguous = 0, unknown = 0
WHERE id = (SELECT id FROM units_conversion
            WHERE state IN ('waiting', 'running') AND (taken_until IS NULL OR taken_until < now()) AND expires_at > now()
            ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
RETURNING id
"""


def incoming() -> Path:
    """A fresh name for a file that is being sent; whoever uses it removes it or hands it to `ask`."""
    waiting = root() / ARRIVING
    waiting.mkdir(mode=0o700, exist_ok=True)
    return waiting / secrets.token_hex(16)


def refuse_if_full(client: str) -> None:
    """Raise ConversionUnderWay where the client's last file is not finished, ConversionsBusy where too many wait.

    Asked before a file is read from the line, and again before it is taken in. Two statements.
    """
    queue = Conversion.objects.unfinished()
    if queue.filter(client=digest_of(client)).exists():
        raise ConversionUnderWay()
    kept = Conversion.objects.aggregate(size=Sum("size"))["size"] or 0
    if queue.count() >= MOST_WAITING or kept >= MOST_BYTES_KEPT:
        raise ConversionsBusy()


def ask(*, arrived: Path, column: str, client: str, language: str) -> str:
    """Put the file that lies at `arrived` into the queue; gives the key by which its sender finds it again.

    `column` empty: the one called like an address. Raises what `Table.open` raises for its first lines, and what
    `refuse_if_full` raises; the file is then left where it is.
    """
    Table.open(arrived, column or None).file.close()
    key, now = secrets.token_urlsafe(24), clock.now()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_QUEUE_LOCK])
        refuse_if_full(client)
        asked = Conversion.objects.create(
            key_digest=digest_of(key), client=digest_of(client), language=language, column=column,
            size=arrived.stat().st_size, asked_at=now, expires_at=now + KEPT,
        )  # fmt: skip
        asked.folder.mkdir(mode=0o700)
        arrived.replace(asked.source)
    return key


def forget(key: str) -> None:
    """Remove a file and its results at once, also while it is being converted. Raises ConversionUnknown."""
    found = conversion_of(key)
    Conversion.objects.filter(id=found.id).delete()
    shutil.rmtree(found.folder, ignore_errors=True)


def work(go_on: Callable[[], bool] = lambda: True) -> int:
    """Convert what waits, oldest first, until nothing does or `go_on` says no; gives how many. The worker's role alone.

    `go_on` is called several times a second, also in the middle of a file: what is cut off is begun again later.
    """
    done = 0
    while go_on() and (taken := _take()) is not None:
        _convert(taken, go_on)
        done += 1
    return done


def sweep(now: datetime) -> int:
    """Remove files whose day has passed, and what lies there without a row; gives how many rows. Worker only."""
    gone = list(Conversion.objects.filter(expires_at__lte=now))
    Conversion.objects.filter(id__in=[one.id for one in gone]).delete()
    for one in gone:
        shutil.rmtree(one.folder, ignore_errors=True)
    limit = (now - KEPT).timestamp()
    known = set(Conversion.objects.values_list("key_digest", flat=True))
    for path in [*root().iterdir(), *(root() / ARRIVING).glob("*")]:
        if path.name not in known and path.name != ARRIVING and path.stat().st_mtime < limit:
            shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    return len(gone)


def _take() -> Conversion | None:
    """The oldest file that nobody works on, for the length of a lease; None where there is none."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_TAKE, [LEASE.total_seconds()])
            row = cursor.fetchone()
        if row is None:
            return None
        taken = Conversion.objects.filter(id=row[0]).first()
        if taken is None:
            continue
        if taken.attempts <= MOST_ATTEMPTS:
            return taken
        _fail(taken, {language: _in(language, _GAVE_UP) for language in LANGUAGES})


def _convert(taken: Conversion, go_on: Callable[[], bool]) -> None:
    watch = _Watch(taken, go_on)
    try:
        with speaking(taken.language):
            tally = convert(
                taken.source, taken.result, taken.report, column=taken.column or None, overwrite=True,
                most_rows=MOST_ROWS, watch=watch,
            )  # fmt: skip
    except Stopped:
        if not Conversion.objects.filter(id=taken.id).exists():
            shutil.rmtree(taken.folder, ignore_errors=True)
        elif not watch.lost:
            _mine(taken).update(state=ConversionState.WAITING, taken_until=None, attempts=taken.attempts - 1)
        return
    except DomainError as refusal:
        _fail(taken, {language: _in(language, refusal) for language in LANGUAGES})
        return
    _mine(taken).update(state=ConversionState.DONE, **_figures(tally))
    taken.source.unlink(missing_ok=True)


class _Watch:
    """Tells the table how far a file is, and renews the lease; asks for an end where the file was taken away."""

    def __init__(self, taken: Conversion, go_on: Callable[[], bool]) -> None:
        self.taken, self.go_on = taken, go_on
        self.tell_at = time.monotonic() + TELL_S
        self.lost = False

    def __call__(self, tally: Tally) -> bool:
        if time.monotonic() >= self.tell_at:
            until = clock.now() + LEASE
            self.lost = not _mine(self.taken).update(taken_until=until, **_figures(tally))
            self.tell_at = time.monotonic() + TELL_S
        return not self.lost and self.go_on()


def _mine(taken: Conversion) -> ConversionQuerySet:
    """The row of `taken`, unless somebody else has begun the file again meanwhile."""
    return Conversion.objects.filter(id=taken.id, state=ConversionState.RUNNING, attempts=taken.attempts)


def _figures(tally: Tally) -> dict[str, float]:
    return dict(vars(tally))


def _fail(taken: Conversion, sentences: dict[str, str]) -> None:
    _mine(taken).update(state=ConversionState.FAILED, failure=sentences)
    taken.source.unlink(missing_ok=True)


def _in(language: str, text: object) -> str:
    with speaking(language):
        return str(text)
