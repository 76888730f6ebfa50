"""`haicap serve`: the web server and one worker, kept running."""

from __future__ import annotations

import argparse
from typing import Any

HIGHEST_PORT = 65535


def add_parser(commands: Any) -> None:
    """The grammar of `serve`."""
    parser = commands.add_parser(
        "serve", help="chạy máy chủ web và tiến trình nền / run the web server and a worker",
        description="Runs the web server and one worker until Ctrl-C; one that dies is started again.",
    )  # fmt: skip
    parser.add_argument("--port", type=port, default=8000, help="the port to listen on (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--workers", type=count, default=0, metavar="N", help="web processes (one a core)")
    parser.set_defaults(run=run_serve)


def run_serve(args: argparse.Namespace) -> int:
    """Serve until told to stop. Refuses a database that was not migrated, and a port in use."""
    # A command loads Django, and what needs it, only when it runs.
    from haicap.interfaces.cli import boot
    from haicap.interfaces.cli.main import refuse
    from haicap.interfaces.cli.processes import PortTaken, refuse_taken_port, serve_forever

    try:
        refuse_taken_port(args.host, args.port)
        boot.django(port=args.port)
        from haicap.interfaces.cli.preparation import prepare_to_serve
        from haicap.kernel.db import health

        missing = health.missing_migrations("default")
        if missing:
            return refuse(f"the database lacks {len(missing)} migrations. Run ./haicap migrate, then ./haicap serve.")
        prepare_to_serve()
        return serve_forever(args.port, args.workers, host=args.host)
    except PortTaken as taken:
        return refuse(str(taken))


def port(text: str) -> int:
    """A port number."""
    number = int(text)
    if not 0 < number <= HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"a port lies between 1 and {HIGHEST_PORT}")
    return number


def count(text: str) -> int:
    """A whole number, one at least."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("give 1 or more")
    return number
