"""What a message may do on its way out: who wants it, how it is signed, when it is tried again. No database here."""

from __future__ import annotations

import hashlib
import hmac
from datetime import timedelta
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

FIRST_WAIT: Final = timedelta(seconds=10)
LONGEST_WAIT: Final = timedelta(hours=1)
PATIENCE: Final = timedelta(seconds=5)
"""How long a subscriber may take to answer."""
LEASE: Final = timedelta(minutes=2)
"""How long a worker that took a message may keep it before another one takes it again."""
MOST_ATTEMPTS: Final = 32_767
"""Where the count of attempts stops growing; the attempts themselves go on."""
BEAT: Final = timedelta(seconds=10)
"""How often a worker says that it lives."""
SILENCE: Final = timedelta(seconds=60)
"""After this long without a beat a worker counts as dead."""

_SOUND: Final = range(200, 300)


def wait_after(attempts: int) -> timedelta:
    """The pause after the `attempts`-th failure: 10 s, doubled each time, an hour at most."""
    doublings = min(max(attempts - 1, 0), 20)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def signature(body: bytes, secret: str) -> str:
    """The value of the header X-HaiCap-Signature: HMAC-SHA-256 of the body under the subscription's secret, in hex."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def wants(topic_prefix: str, topic: str) -> bool:
    """True where a subscription to `topic_prefix` covers `topic`; the empty prefix covers every topic."""
    return topic.startswith(topic_prefix)


def is_deliverable_to(url: str) -> bool:
    """True for an absolute http(s) address without a password in it; nothing else is ever called."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None


def is_of_this_machine(url: str) -> bool:
    """True for an address that means the server itself or its neighbours on the wire (loopback, link-local, none).

    A name that resolves to one is not seen through here.
    """
    host = (urlsplit(url).hostname or "").rstrip(".").lower()
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        address = ip_address(host)
    except ValueError:
        return not any(letter.isalpha() for letter in host)  # 127.1 or 2130706433: an address in disguise
    return address.is_loopback or address.is_link_local or address.is_unspecified or address.is_multicast


def is_acknowledged(status: int) -> bool:
    """Any 2xx takes the message over; a redirect is not followed and counts as a failure."""
    return status in _SOUND
