"""Fingerprints add up, whatever the order; another set has another one."""

from __future__ import annotations

import hashlib
from functools import reduce

from hypothesis import given
from hypothesis import strategies as st

from haicap.kernel import multiset

digests = st.lists(st.binary(min_size=1, max_size=8).map(lambda text: hashlib.sha256(text).digest()), max_size=20)


def fingerprint(parts: list[bytes]) -> int:
    return reduce(multiset.total, map(multiset.element, parts), 0)


@given(digests, digests, st.randoms())
def test_the_whole_is_the_sum_of_its_parts_in_any_order(first, second, random):
    mixed = [*first, *second]
    random.shuffle(mixed)
    assert multiset.total(fingerprint(first), fingerprint(second)) == fingerprint(mixed)


@given(digests, digests)
def test_another_set_has_another_fingerprint(first, second):
    assert (fingerprint(first) == fingerprint(second)) == (sorted(first) == sorted(second))


def test_the_numbers_are_those_of_the_documentation():
    digest = hashlib.sha256(b"1").digest()
    assert multiset.element(digest) == int.from_bytes(hashlib.shake_256(digest).digest(256), "big")
    assert multiset.hex_of(0) == "0"
    assert len(multiset.hex_of(1)) == 512
    assert multiset.total(2**2048 - 1, 1) == 0
