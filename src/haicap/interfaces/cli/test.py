"""`./haicap test`: every check and every test, browser tests too; installs what they need."""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
from typing import Any

from haicap.kernel.db.home import CHECKOUT

CHROMIUM = "/usr/bin/chromium"
STATIC_CHECKS = (
    ("ruff check", ["-m", "ruff", "check", "."]),
    ("ruff format", ["-m", "ruff", "format", "--check", "."]),
    ("import-linter", ["-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]),
    ("mypy", ["-m", "mypy", "src/haicap/kernel", "src/haicap/domain"]),
    ("djlint", ["-m", "djlint", "src", "--lint", "--quiet"]),
)


def add_parser(commands: argparse._SubParsersAction) -> None:
    """The grammar; what stands behind `test` goes to pytest as it is."""
    commands.add_parser("test", help="every test, browser tests too [pytest arguments]", add_help=False)


def run_tests(arguments: list[str]) -> int:
    """Static checks and all tests; with `arguments` (paths or options of pytest) just those tests."""
    if not _browser_is_there():
        return 1
    os.chdir(CHECKOUT)
    failed = [] if arguments else [name for name, command in STATIC_CHECKS if not _passes(name, command)]
    selection = arguments or ["-n", "2", "--dist", "loadfile"]
    tests = subprocess.run([sys.executable, "-m", "pytest", *selection], check=False).returncode
    for name in failed:
        print(f"haicap: {name} found faults, see above", file=sys.stderr)
    return tests or (1 if failed else 0)


def _passes(name: str, command: list[str]) -> bool:
    print(f"haicap: {name} …", file=sys.stderr)
    return subprocess.run([sys.executable, *command], check=False).returncode == 0


def _browser_is_there() -> bool:
    if shutil.which("chromium") or os.path.exists(CHROMIUM):  # noqa: PTH110 - one look
        return True
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("haicap: installing Debian's chromium for the browser tests …", file=sys.stderr)
        quiet: dict[str, Any] = {"stdout": sys.stderr, "env": {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}}
        subprocess.run(["apt-get", "update", "-qq"], check=False, **quiet)
        if (
            subprocess.run(
                ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"], check=False, **quiet
            ).returncode
            == 0
        ):
            return True
    print(
        "haicap: the browser tests need Chromium. Run: sudo apt install chromium — then ./haicap test again.",
        file=sys.stderr,
    )
    return False
