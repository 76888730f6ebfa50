"""An address as somebody asks about it, judged at the door. Pure."""

from __future__ import annotations

import re
from typing import Final

from haicap.domain.units.errors import AddressMissing, AddressTooLong, AddressUnreadable
from haicap.kernel.text import clean, is_storable

LONGEST_ADDRESS: Final = 500
MOST_ADDRESSES: Final = 1_000
_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def address_from(text: str, *, field: str = "address") -> str:
    """One address as somebody wrote it, on one line in NFC. Raises AddressMissing, AddressTooLong, AddressUnreadable."""
    if _CONTROLS.search(text) or not is_storable(text):
        raise AddressUnreadable(field=field)
    if len(text) > LONGEST_ADDRESS:
        raise AddressTooLong(most=LONGEST_ADDRESS, field=field)
    address = " ".join(clean(text).split())
    if not address:
        raise AddressMissing(field=field)
    return address
