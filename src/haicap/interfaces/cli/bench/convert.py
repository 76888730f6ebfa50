"""`bench convert`: addresses a second in one process, fresh ones all the time, beside a public converter where installed."""

from __future__ import annotations

import importlib.util
import random
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from haicap.interfaces.cli import boot
from haicap.interfaces.cli.bench.stage import NotMeasurable

PEER = "vietnamadminunits"
BATCH = 5_000
WARM_UP_BATCHES = 4
SEED = 2025
STREETS = (
    "Nguyễn Trãi",
    "Lê Lợi",
    "Trần Phú",
    "Hai Bà Trưng",
    "đường số",
    "Quang Trung",
    "Lý Thường Kiệt",
    "Hùng Vương",
)
HAMLETS = ("thôn", "bản", "ấp", "tổ", "khu phố", "xóm", "số nhà", "tổ dân phố")
SHORT = (("Phường ", "P."), ("Xã ", "X. "), ("Thị trấn ", "TT. "), ("Huyện ", "H. "), ("Quận ", "Q."), ("Thị xã ", "TX. "),
         ("Thành phố ", "TP. "), ("Tỉnh ", ""))  # fmt: skip


def measure(*, seconds: int, clients: int) -> dict[str, Any]:
    """Addresses resolved a second, each a random old commune with a street, written clean or spoiled. `clients` is unused.

    Every address is made for the measurement and asked once; making them is not timed, nor are the first 20,000. The peer
    gets addresses of the same kinds for a third of the time, and finds nothing on the web; `peer_per_second` is null where
    it is missing.
    """
    boot.django()
    from haicap.domain.units.queries import addresses  # Django is loaded only when a command runs

    communes = _communes()
    if not communes:
        raise NotMeasurable(why="there are no units of 30 June 2025; run ./haicap demo --no-serve first")
    started = time.perf_counter()
    resolve = addresses.resolver().resolve
    ready = time.perf_counter() - started
    ours = _rate(resolve, _batches(communes), seconds=seconds, warm_up=WARM_UP_BATCHES)
    peer = _peer()
    theirs = _rate(peer, _batches(communes, size=100), seconds=max(1, seconds // 3)) if peer else None
    return {
        "per_second": round(ours, 1),
        "peer_per_second": round(theirs, 1) if theirs else None,
        "ratio": round(ours / theirs, 1) if theirs else None,
        "ready_seconds": round(ready, 3),
        "seconds": seconds,
    }


def _rate(ask: Callable[[str], object], batches: Iterator[Sequence[str]], *, seconds: float, warm_up: int = 0) -> float:
    """Addresses a second over batches, until so many seconds were spent on asking; the first batches are not timed."""
    for _ in range(warm_up):
        for address in next(batches):
            ask(address)
    done, spent = 0, 0.0
    while spent < seconds:
        batch = next(batches)
        started = time.perf_counter()
        for address in batch:
            ask(address)
        spent += time.perf_counter() - started
        done += len(batch)
    return done / spent


def _peer() -> Callable[[str], object] | None:
    """The public converter's function, refused the network; None where it is not installed, which is said."""
    if importlib.util.find_spec(PEER) is None:
        print(f"haicap: {PEER} is not installed, so there is no peer to measure beside", file=sys.stderr)
        return None
    convert = importlib.import_module(PEER).convert_address
    geocoders = importlib.import_module("geopy.geocoders")
    geocoders.ArcGIS.geocode = lambda *_, **__: None

    def ask(address: str) -> object:
        try:
            return convert(address)
        except Exception:  # the peer has no errors of its own to name; an address it fails on still took its time
            return None

    return ask


def _communes() -> list[tuple[str, str, str]]:
    """The communes of 30 June 2025 as they were written: commune, district, province."""
    from datetime import date

    from haicap.domain.units.models import Unit

    units = Unit.objects.on(date(2025, 6, 30)).of_level("xa").select_related("parent", "province")
    return [(one.name, one.parent.name, one.province.name) for one in units if one.parent and one.province]


def _batches(communes: Sequence[tuple[str, str, str]], *, size: int = BATCH) -> Iterator[list[str]]:
    chance = random.Random(SEED)  # noqa: S311 - no secret
    while True:
        yield [_written(chance, list(chance.choice(communes))) for _ in range(size)]


def _written(chance: random.Random, names: list[str]) -> str:
    """An address in one of the ways people write: half of them clean, the others each with one thing wrong."""
    street = f"{chance.randint(1, 400)} {chance.choice(STREETS)}"
    if chance.random() < 0.4:
        street = f"{chance.choice(HAMLETS)} {chance.randint(1, 30)}"
    style = chance.random()
    if style < 0.05:
        names[0] = _misspelt(chance, names[0])
    elif style < 0.10:
        del names[1]
    elif style < 0.20:
        names = [_shortened(name) for name in names]
    text = " ".join([street, *names]) if 0.20 <= style < 0.27 else ", ".join([street, *names])
    if 0.27 <= style < 0.37:
        return _plain(text)
    if 0.37 <= style < 0.45:
        return text.upper()
    if 0.45 <= style < 0.5:
        return unicodedata.normalize("NFD", text)
    return text


def _shortened(name: str) -> str:
    for word, short in SHORT:
        if name.startswith(word):
            return short + name.removeprefix(word)
    return name


def _misspelt(chance: random.Random, name: str) -> str:
    place = chance.randrange(len(name) // 2, len(name))
    return name[:place] + name[place + 1 :]


def _plain(text: str) -> str:
    spread = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(mark for mark in spread if not unicodedata.combining(mark))
