"""The home directory: the embedded database, stored files and keys of one installation."""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[4]


def home() -> Path:
    """The directory of this installation: `HAICAP_HOME`, or `.haicap` in the checkout."""
    named = os.environ.get("HAICAP_HOME", "")
    return Path(named).expanduser().resolve() if named else CHECKOUT / ".haicap"


def private_directory(path: Path) -> Path:
    """`path`, made if missing, readable by its owner alone."""
    path.mkdir(parents=True, exist_ok=True)
    path.chmod(0o700)
    return path


def secret(name: str, *, size: int = 48) -> str:
    """The secret `name` of this installation, made at random (`size` bytes) at its first use."""
    path = private_directory(home()) / "keys" / name
    private_directory(path.parent)
    if not path.exists():
        fresh = path.with_name(f".{name}.{os.getpid()}")
        fresh.write_text(secrets.token_urlsafe(size))
        fresh.chmod(0o600)
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)  # the first writer wins, also when two start at once
        fresh.unlink()
    return path.read_text().strip()
