"""`haicap audit dependencies` names what is not as the lock files say, and claims nothing that it does not know."""

from __future__ import annotations

import json

from haicap.interfaces.cli import audit_dependencies as dependencies
from haicap.interfaces.cli.audit_dependencies import Installed, Locked
from haicap.interfaces.cli.main import parser
from haicap.kernel.db.home import CHECKOUT

HASH = "a" * 64


def test_the_lock_files_are_read_whole():
    locked = dependencies.read_lock(CHECKOUT / dependencies.RUNTIME)
    text = (CHECKOUT / dependencies.RUNTIME).read_text(encoding="utf-8")
    assert len(locked) == sum("==" in line.split(";")[0] for line in text.splitlines()) > 20
    assert sum(len(one.hashes) for one in locked.values()) == text.count("--hash=sha256:")
    assert locked["django"].version.startswith("5.2")


def test_this_environment_is_what_is_locked(capsys):
    args = parser().parse_args(["audit", "dependencies", "--json"])
    status = args.run(args)
    told = json.loads(capsys.readouterr().out)
    assert (status, told["differences"]) == (0, [])
    assert told["vulnerability_database"] is None
    assert "No vulnerability database was asked" in told["note"]
    assert all(one["hashes"] for one in told["packages"])
    assert {one["name"]: one["licence"] for one in told["packages"]}["django"] == "BSD-3-Clause"


def test_every_kind_of_difference_is_named():
    runtime = {"a": Locked("a", "1", (HASH,)), "b": Locked("b", "1", (HASH,)), "gone": Locked("gone", "1", (HASH,))}
    tests = {"b": Locked("b", "2", (HASH,)), "t": Locked("t", "1", ())}
    here = {"a": Installed("a", "9", "MIT"), "b": Installed("b", "1", "MIT"), "x": Installed("x", "1", "MIT")}
    assert dependencies.differences(runtime, tests, here) == [
        "gone 1 is locked and not installed",
        "a 9 is installed, 1 is locked",
        "x 1 is installed and in no lock file",
        "t 1 is locked without a hash",
        "b is locked as 1 and, for tests, as 2",
    ]


def test_a_difference_ends_with_status_1(monkeypatch, capsys):
    monkeypatch.setattr(dependencies, "installed", lambda: {"x": Installed("x", "1", "MIT")})
    args = parser().parse_args(["audit", "dependencies"])
    assert args.run(args) == 1
    assert "x 1 is installed and in no lock file" in capsys.readouterr().out
