"""`./haicap`: reads the words of the command line and hands on to the command's module.

Nothing heavy is imported before a command is known, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module

from haicap import __version__

# In the order in which --help shows them; each module has add_parser(subparsers).
GROUPS = (
    "demo", "test", "serve", "worker", "migrate", "check", "units", "calendar", "procedures", "competence",
    "organisation", "headcount", "training", "certificates", "dossiers", "audit", "administrator", "token",
    "second_factor", "openid",
    "backup", "bench", "screenshots",
)  # fmt: skip

DONE, REFUSED, USAGE = 0, 1, 2


def parser() -> argparse.ArgumentParser:
    """The whole grammar of the command line."""
    top = argparse.ArgumentParser(
        prog="haicap",
        description="HaiCap: nền tảng cho chính quyền hai cấp · the platform of two-level local government",
    )
    top.add_argument("--version", action="version", version=f"haicap {__version__}")
    commands = top.add_subparsers(title="commands", dest="command", metavar="COMMAND", required=True)
    for group in GROUPS:
        import_module(f"haicap.interfaces.cli.{group}").add_parser(commands)
    return top


def main(words: list[str]) -> int:
    """Run one command; gives the exit status (0 done, 1 refused with one line on stderr, 2 wrong usage)."""
    if words[:1] == ["test"]:  # everything behind it belongs to pytest
        return import_module("haicap.interfaces.cli.test").run_tests(words[1:])
    arguments = parser().parse_args(words)
    try:
        return int(arguments.run(arguments) or DONE)
    except KeyboardInterrupt:
        return refuse("interrupted")
    except BrokenPipeError:
        sys.stderr.close()
        return DONE
    except Exception as error:
        return _explain(error)


def refuse(sentence: str) -> int:
    """Say in one line why a request is refused; gives the exit status for it."""
    print(f"haicap: {' '.join(sentence.split())}", file=sys.stderr)
    return REFUSED


def _explain(error: Exception) -> int:
    """One line for every error; the traceback only where HAICAP_TRACEBACK asks for it."""
    if os.environ.get("HAICAP_TRACEBACK"):
        raise error
    if hasattr(error, "sentence"):
        problems = "; ".join(f"{p.field}: {p.message}" for p in getattr(error, "problems", []))
        return refuse(f"{error.sentence()} {problems}")
    if type(error).__name__ in {"OperationalError", "ProgrammingError"}:
        return refuse(
            f"the database does not answer as it should ({error}). Run ./haicap migrate, or check DATABASE_URL."
        )
    return refuse(f"{type(error).__name__}: {error} (set HAICAP_TRACEBACK=1 to see where)")
