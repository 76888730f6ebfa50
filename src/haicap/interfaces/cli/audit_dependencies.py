"""`haicap audit dependencies`: every locked package with its hashes and licence, and whether it is what is installed.

Works without a network. It knows of no weakness: it says what there is, for somebody to look up.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import Any

from haicap.kernel.db.home import CHECKOUT

RUNTIME, TESTS = "requirements.lock", "requirements-test.lock"
NOT_OURS = frozenset({"haicap", "pip", "setuptools", "wheel"})  # what a virtual environment brings along
NO_DATABASE = (
    "No vulnerability database was asked: that needs a network. Compare this list with one, for example osv.dev, "
    "before each release."
)
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)")
_MARKER = re.compile(r";\s*(\w+)\s*(==|!=)\s*'([^']*)'\s*\\?$", re.MULTILINE)
_HERE = {
    "sys_platform": sys.platform,
    "implementation_name": sys.implementation.name,
    "platform_python_implementation": platform.python_implementation(),
}
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_LICENCE = re.compile(r"^License :: (?:OSI Approved :: )?(.+)$")


@dataclass(frozen=True)
class Locked:
    """A package as a lock file names it; `wanted`: for this kind of machine too."""

    name: str
    version: str
    hashes: tuple[str, ...]
    wanted: bool = True


@dataclass(frozen=True)
class Installed:
    """A package as it lies in this environment."""

    name: str
    version: str
    licence: str


def add_to(actions: Any) -> argparse.ArgumentParser:
    """The grammar of `audit dependencies`."""
    parser: argparse.ArgumentParser = actions.add_parser(
        "dependencies", help="gói phần mềm và tệp khóa / packages against the lock files",
        description="Lists every locked package with its licence and number of hashes, and ends with status 1 where "
        "another version, a missing or an unlocked package is installed. Asks nobody outside.",
    )  # fmt: skip
    parser.set_defaults(run=run)
    return parser


def read_lock(path: Path) -> dict[str, Locked]:
    """The packages of a lock file by their normalised names; raises OSError where it cannot be read."""
    found: dict[str, Locked] = {}
    for block in re.split(r"\n(?=[A-Za-z0-9])", path.read_text(encoding="utf-8")):
        if named := _LOCKED.match(block):
            name = normalised(named[1])
            found[name] = Locked(name, named[2], tuple(_HASH.findall(block)), _is_wanted(block))
    return found


def _is_wanted(block: str) -> bool:
    """False where the package is for other machines, as `; sys_platform == 'win32'` on Linux."""
    marker = _MARKER.search(block.split("\n", 1)[0])
    if marker is None:
        return True
    name, sign, value = marker.groups()
    return (_HERE.get(name) == value) == (sign == "==")


def normalised(name: str) -> str:
    """A package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, Installed]:
    """What this environment holds, but for what every environment brings along."""
    found = {}
    for one in distributions():
        name = normalised(one.name)
        if name not in NOT_OURS:
            found.setdefault(name, Installed(name, one.version, licence_of(one)))
    return found


def licence_of(one: Distribution) -> str:
    """The licence that a package declares: its expression, else its text's first line, else its classifiers."""
    metadata = one.metadata
    declared = metadata.get("License-Expression") or (metadata.get("License") or "").strip().split("\n")[0][:60]
    if declared:
        return str(declared)
    classified = [match[1] for line in metadata.get_all("Classifier") or [] if (match := _LICENCE.match(line))]
    return ", ".join(classified) or "not declared"


def differences(runtime: Mapping[str, Locked], tests: Mapping[str, Locked], here: Mapping[str, Installed]) -> list[str]:
    """What is not as the lock files say. Packages for tests may be left out, as in production, but not be others."""
    wrong = [
        f"{name} {one.version} is locked and not installed"
        for name, one in runtime.items()
        if one.wanted and name not in here
    ]
    locked = {**tests, **runtime}
    for name, one in sorted(here.items()):
        known = locked.get(name)
        if known is None:
            wrong.append(f"{name} {one.version} is installed and in no lock file")
        elif known.version != one.version:
            wrong.append(f"{name} {one.version} is installed, {known.version} is locked")
    wrong += [f"{name} {one.version} is locked without a hash" for name, one in locked.items() if not one.hashes]
    wrong += [
        f"{name} is locked as {runtime[name].version} and, for tests, as {one.version}"
        for name, one in tests.items()
        if name in runtime and runtime[name].version != one.version
    ]
    return wrong


def run(args: argparse.Namespace) -> int:
    """Print the list and what differs; 1 where something does, 0 where all is as locked."""
    runtime, tests, here = read_lock(CHECKOUT / RUNTIME), read_lock(CHECKOUT / TESTS), installed()
    wrong = differences(runtime, tests, here)
    lines = [_line(one, here.get(name), name in runtime) for name, one in sorted({**tests, **runtime}.items())]
    if args.json:
        told = {"packages": lines, "differences": wrong, "vulnerability_database": None, "note": NO_DATABASE}
        print(json.dumps(told, ensure_ascii=False))
        return 1 if wrong else 0
    for text in _table(lines):
        print(text)
    print(*wrong or [f"installed is what is locked: {len(here)} packages"], sep="\n")
    print(NO_DATABASE)
    return 1 if wrong else 0


def _line(one: Locked, here: Installed | None, runs: bool) -> dict[str, Any]:
    return {
        "name": one.name, "locked": one.version, "installed": here.version if here else None,
        "licence": here.licence if here else None, "hashes": list(one.hashes), "use": "runtime" if runs else "tests",
    }  # fmt: skip


def _table(lines: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for one in lines:
        licence = one["licence"] or "not installed"
        yield f"{one['name']:<28} {one['locked']:<14} {one['use']:<8} {len(one['hashes']):>3} hashes  {licence}"
