"""`haicap worker`: brings messages out, scans and converts files, seals the trail each day, tidies up."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import socket
import time
from datetime import date, datetime
from threading import Event
from typing import Any

POLL_S = 2.0  # a look at an index that holds what waits: about 0.1 ms of the database's time
HOUR_S = 3600.0
TROUBLE_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0


def add_parser(commands: Any) -> None:
    """The grammar of `worker`."""
    parser = commands.add_parser(
        "worker", help="tiến trình nền: gửi thông điệp, niêm phong vết / deliver messages, seal the trail",
        description="Delivers the outbox, scans files that no virus scanner saw yet, converts files of addresses that were sent, "
        "seals the trail after each midnight of Vietnam, removes what is no longer needed. Several may run at once. serve "
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
        self.seal_at = 0.0
        self.deliver_at = 0.0
        self.swept_on: date | None = None
        self.scanning = Waiting()

    def work(self) -> None:
        """One round: a beat, what the day asks for, the outbox, files that no scanner saw yet, files of addresses."""
        from haicap.domain.units.commands.conversion import jobs
        from haicap.kernel.files.jobs import scan_waiting

        self.goes_on()
        self._day()
        self._deliver()
        scan_waiting(self.scanning, self.goes_on)
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
        """Seal at the start and after midnight, every hour where the last try came too early or failed; each hour files of
        addresses whose day has passed, sources that have rested, and resolutions whose day has come."""
        from haicap.flows import housekeeping
        from haicap.kernel import clock

        now = clock.now()
        new_day = self.swept_on != now.date()
        if new_day or time.monotonic() >= self.seal_at:
            self.seal_at = time.monotonic() + HOUR_S
            sealed = housekeeping.seal_past_days(now)
            if sealed:
                logging.getLogger("haicap.worker").info("sealed %d events of the trail", sealed)
            housekeeping.sweep_conversions(now)
            housekeeping.sweep_sources()
            self._carry_out()
            self._remind()
            self._hand_over()
        if new_day:
            swept = housekeeping.sweep(now)
            self.swept_on = now.date()
            self._tell_past_their_time(now)
            if any(vars(swept).values()):
                logging.getLogger("haicap.worker").info("removed %s", swept)

    def _tell_past_their_time(self, now: datetime) -> None:
        """Closed dossiers whose retention is over: told, never removed."""
        from haicap.flows.retention import past_their_time

        total, _ = past_their_time(now)
        if total:
            text = "%d dossiers are past their retention; /quan-tri/luu-giu/ lists them for a decision"
            logging.getLogger("haicap.worker").warning(text, total)

    def _carry_out(self) -> None:
        """Resolutions whose day has come: applicants are told who has their dossiers now."""
        from haicap.flows.reorganisation.notices import carry_out_due

        for done in carry_out_due(self.goes_on):
            if done.told:
                logging.getLogger("haicap.worker").info("%s: told of %d open dossiers", done.number, done.told)

    def _remind(self) -> None:
        """Classes that begin soon, topics that are lacking, certificates that end: each is told once."""
        from haicap.domain.people.commands.signing.warnings import warn_due
        from haicap.domain.people.commands.training.reminders import remind_due

        told = remind_due() + warn_due()
        if told:
            logging.getLogger("haicap.worker").info("reminded of %d matters of training and certificates", told)

    def _hand_over(self) -> None:
        """Posts that have ended: their work goes to the successor, or back to the post."""
        from haicap.flows.handing_over.due import hand_over_due

        done = hand_over_due(self.goes_on)
        if any(vars(done).values()):
            logging.getLogger("haicap.worker").info("handed over %s", done)


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
