"""Units are published: nobody signs in to read them."""

from __future__ import annotations

from haicap.domain.units import access
from haicap.domain.units.web import units as pages
from haicap.kernel.scope import ANONYMOUS


def test_everyone_reads_units() -> None:
    assert access.can_read(ANONYMOUS)
    assert pages.find.access == pages.unit.access == "public"
