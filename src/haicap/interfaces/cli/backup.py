"""`haicap backup` and `haicap restore`: a complete copy of the installation, and its way back."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any


def add_parser(commands: Any) -> None:
    """The grammar of `backup` and `restore`."""
    backup = commands.add_parser(
        "backup", help="sao lưu toàn bộ / a complete copy",
        description="Copies database, files and keys to a new directory while the server works. The copy holds keys: "
        "keep it as safe as the server.",
    )  # fmt: skip
    backup.set_defaults(run=run_backup)
    restore = commands.add_parser(
        "restore", help="khôi phục từ bản sao / bring a copy back",
        description="Checks every file of the copy, then brings it back into an empty HAICAP_HOME (and, with "
        "DATABASE_URL, into an empty database). All or nothing.",
    )  # fmt: skip
    restore.set_defaults(run=run_restore)
    for parser in (backup, restore):
        parser.add_argument("directory", metavar="DIR", type=Path)


def run_backup(args: argparse.Namespace) -> int:
    """Copy the installation to a directory that does not exist yet."""
    from haicap.interfaces.cli import boot
    from haicap.interfaces.cli.main import refuse
    from haicap.kernel import environment
    from haicap.kernel.db import backup, home

    base = home.home()
    if not base.is_dir():
        return refuse(f"there is no installation in {base}. Set HAICAP_HOME to the one that is to be copied.")
    boot.django()
    try:
        manifest = backup.back_up(args.directory, base=base, conninfo=backup.owner_conninfo(), progress=_say)
    except backup.CopyRefused as refusal:
        return refuse(str(refusal))
    backup.leave_mark(base, args.directory, manifest)
    for name in backup.damaged_files(manifest):
        _say(f"WARNING: {name} is damaged in this installation; its copy is as damaged")
    if environment.is_given("HAICAP_SECRET_KEY"):
        _say("HAICAP_SECRET_KEY comes from outside and is not in the copy: keep it elsewhere")
    print(f"{args.directory}: {len(manifest.files)} files, {manifest.size / 2**20:.1f} MiB, {manifest.made_at}")
    return 0


def run_restore(args: argparse.Namespace) -> int:
    """Bring a copy back. Runs before Django is set up: setting it up would already put keys into the home."""
    from haicap.interfaces.cli.main import refuse
    from haicap.kernel.db import backup, connect, home

    url = connect.owner_url()
    try:
        manifest = backup.restore(args.directory, base=home.home(), url=url, progress=_say)
    except backup.CopyRefused as refusal:
        return refuse(str(refusal))
    print(
        f"restored into {home.home()}: the copy of {manifest.made_at}. Next: ./haicap migrate && ./haicap audit verify"
    )
    return 0


def _say(what: str) -> None:
    print(f"haicap: {what} …" if not what.startswith("WARNING") else f"haicap: {what}", file=sys.stderr, flush=True)
