"""What must lie ready before the web server starts: static files under hashed names, counters at nought."""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

from haicap import __version__
from haicap.interfaces.operations import metrics
from haicap.kernel.db import home

# Packages bring more than any page of ours asks for; compressing it would take most of the time.
NOT_SERVED = ["django_htmx", "redoc.*"]


def prepare_to_serve() -> None:
    """Collect static files where they have changed, and let the counters begin. Django must be up."""
    metrics.clear()
    collect_static()


def collect_static() -> bool:
    """Bring the static files to STATIC_ROOT, hashed and compressed; False where all were there already.

    Takes some seconds the first time; whether anything changed is told by names, sizes and times, in milliseconds.
    """
    if not settings.STATIC_ROOT:
        return False
    target = home.private_directory(Path(settings.STATIC_ROOT))
    stamp = target / ".collected"
    handle = os.open(target / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        now = _fingerprint()
        if stamp.exists() and stamp.read_text() == now:
            return False
        print("haicap: preparing static files (once a version) …", file=sys.stderr, flush=True)
        call_command("collectstatic", interactive=False, verbosity=0, skip_checks=True, ignore_patterns=NOT_SERVED)
        stamp.write_text(now)
    finally:
        os.close(handle)
    return True


def _fingerprint() -> str:
    digest = hashlib.sha256(__version__.encode())
    for line in sorted(_sources()):
        digest.update(line.encode())
    return digest.hexdigest()


def _sources() -> Iterator[str]:
    for finder in get_finders():
        for name, storage in finder.list(NOT_SERVED):
            facts = Path(storage.path(name)).stat()
            yield f"{name}\0{facts.st_size}\0{facts.st_mtime_ns}\n"
