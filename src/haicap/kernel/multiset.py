"""A fingerprint of a set of digests that does not depend on their order and can be added up.

Each digest (SHA-256) is stretched by SHAKE-256 to a number of 2,048 bits; the fingerprint is the sum of these numbers
modulo 2**2048 (the construction AdHash of Bellare and Micciancio, 1997). So the fingerprint of a whole is the sum of
those of its parts, whoever adds them up and in whatever order.

Why 2,048 bits and not the 256 of the digest itself: finding other digests with the same sum is the generalised
birthday problem, which Wagner (2002) solves for n bits in about 2**(2 * sqrt(n)) steps by changing very many items at
once: 2**32 for n = 256, within anybody's reach; about 2**90 for n = 2048, and far more where only hundreds change.
"""

from __future__ import annotations

import hashlib
from typing import Final

BITS: Final = 2048
_BYTES: Final = BITS // 8
_MODULUS: Final = 1 << BITS


def element(digest: bytes) -> int:
    """The number that one digest adds to a sum."""
    return int.from_bytes(hashlib.shake_256(digest).digest(_BYTES), "big")


def total(first: int, second: int) -> int:
    """The fingerprint of two disjoint sets together."""
    return (first + second) % _MODULUS


def hex_of(fingerprint: int) -> str:
    """The fingerprint as text: 512 hexadecimal digits, "0" for nothing."""
    return f"{fingerprint:0{_BYTES * 2}x}" if fingerprint else "0"
