"""Units are published: nobody signs in to read them."""

from __future__ import annotations

from haicap.domain.units import access, web
from haicap.kernel.scope import ANONYMOUS


def test_everyone_reads_units() -> None:
    assert access.can_read(ANONYMOUS)
    assert web.find.access == web.unit.access == "public"
