"""Settings of a server whose clock a test moves: the demonstration's, and `kernel.clock` shifted by what a file says.

Nothing that is delivered knows how to shift the clock; only this module, which a test names, puts its own in its place.
Passes and cookies live by the clocks of the database and of the process, which stay where they are.
"""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from haicap.config.settings.demo import *  # noqa: F403
from haicap.kernel import clock

SHIFT = "HAICAP_TEST_CLOCK"
_true_now = clock.now


def shift_to(path: Path, moment: datetime) -> None:
    """From now on it is `moment` for the servers that read `path`, and time runs on from there."""
    fresh = path.with_suffix(".fresh")
    fresh.write_text(str((moment - _true_now()).total_seconds()), encoding="ascii")
    fresh.replace(path)


def _moved_now() -> datetime:
    return _true_now() + timedelta(seconds=float(Path(os.environ[SHIFT]).read_text(encoding="ascii")))


if SHIFT in os.environ:
    clock.now = _moved_now
