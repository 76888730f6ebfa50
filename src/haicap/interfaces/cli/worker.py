"""`haicap worker`: brings messages out, scans and converts files, seals the trail each day, tidies up."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import time
from datetime import date
from threading import Event
from typing import Any

POLL_S = 2.0  # a look at an index that holds what waits: about 0.1 ms of the database's time
HOUR_S = 3600.0
TROUBLE_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0


def add_parser(commands: Any) -> None:
    """The grammar of `worker`."""
    parser = commands.add_parser(
        "worker", help="tiến trình nền: gửi thông điệp, niêm phong vết / deliver messages, seal the trail",
        description="Delivers the outbox, scans files that no virus scanner saw yet and those it saw long ago, converts files of "
        "addresses that were sent, seals the trail after each midnight of Vietnam, removes what is no longer needed. Several may "
        "run at once. serve "
        "starts one by itself.",
    )  # fmt: skip
    parser.add_argument("--once", action="store_true", help="do what is due now, then end")
    parser.set_defaults(run=run_worker)


def run_worker(args: argparse.Namespace) -> int:
    """Work until SIGTERM or Ctrl-C (what is under way is finished first), or once."""
    from haicap.interfaces.cli import boot
    from haicap.interfaces.cli.main import refuse

    boot.django(process="worker")
    from haicap.kernel.db import health

    if health.missing_migrations("default"):
        return refuse("the database lacks migrations. Run ./haicap migrate, then ./haicap worker.")
    end = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: end.set())
    rounds = Rounds(end)
    if args.once:
        rounds.work()
        return 0
    _keep_working(rounds, end)
    return 0


class Rounds:
    """What a worker does again and again."""

    def __init__(self, end: Event) -> None:
        from haicap.kernel.files.jobs import Waiting

        self.end = end
        self.name = f"{socket.gethostname()}:{os.getpid()}"
        self.beat_at = 0.0
        self.hour_at = 0.0
        self.deliver_at = 0.0
        self.day: date | None = None
        self.scanning = Waiting()

    def work(self) -> None:
        """One round: a beat, what the day asks for, the outbox, files that no scanner saw yet or newer signatures might
        know, files of addresses."""
        from haicap.domain.units.commands.conversion import jobs
        from haicap.kernel.files.jobs import scan_again, scan_waiting

        self.goes_on()
        self._day()
        self._deliver()
        if not scan_waiting(self.scanning, self.goes_on):
            scan_again(self.scanning, self.goes_on)
        jobs.work(self._goes_on_beside_a_file)

    def _deliver(self) -> None:
        from haicap.flows.delivery import deliver_due
        from haicap.interfaces.gateways.webhooks import post

        deliver_due(post, go_on=self.goes_on)
        self.deliver_at = time.monotonic() + POLL_S

    def _goes_on_beside_a_file(self) -> bool:
        """Messages and the day do not wait until a long file is done."""
        if time.monotonic() >= self.deliver_at and not self.end.is_set():
            self._day()
            self._deliver()
        return self.goes_on()

    def goes_on(self) -> bool:
        """False when an end was asked for; says on the way that the worker lives."""
        from haicap.kernel.outbox import commands, rules

        if time.monotonic() >= self.beat_at:
            commands.beat(self.name)
            self.beat_at = time.monotonic() + rules.BEAT.total_seconds()
        return not self.end.is_set()

    def _day(self) -> None:
        """The jobs of the clock: all at the start and after midnight, the hourly ones each hour, and what was asked for.

        A job that finds nothing due does nothing, so an hourly one mends what came too early or failed before.
        """
        from haicap.flows.jobs import BY_NAME, JOBS
        from haicap.kernel import clock
        from haicap.kernel.jobs import commands

        today = clock.today()
        new_day, hour = self.day != today, time.monotonic() >= self.hour_at
        due = [job for job in JOBS if new_day or (hour and job.hourly)]
        if hour or new_day:
            self.hour_at = time.monotonic() + HOUR_S
        due += [BY_NAME[name] for name in commands.take_asked() if name in BY_NAME and BY_NAME[name] not in due]
        for job in due:
            commands.run(job.name, lambda job=job: job.work(self.goes_on), worker=self.name)
        self.day = today


def _keep_working(rounds: Rounds, end: Event) -> None:
    """Round after round; a database that went away is waited for, longer and longer."""
    from django.db import DatabaseError, connection

    pause = TROUBLE_PAUSE_S
    while not end.is_set():
        try:
            rounds.work()
        except DatabaseError as error:
            logging.getLogger("haicap.worker").warning("the database does not answer as it should: %s", error)
            connection.close()
            end.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
            continue
        pause = TROUBLE_PAUSE_S
        end.wait(POLL_S)
