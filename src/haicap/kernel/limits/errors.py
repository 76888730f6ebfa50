"""The one refusal of this room."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from haicap.kernel import clock
from haicap.kernel.errors import DomainError
from haicap.kernel.language import bi


class TooMany(DomainError):
    """Too many requests from one source; the sentence says how long to wait and until when."""

    code = "request.too_many"
    status = 429
    title = bi("Quá nhiều lần trong một lúc", "Too many requests")
    template = bi(
        "Có quá nhiều yêu cầu từ mạng hoặc thiết bị của bạn. Hãy thử lại sau {wait_vi}, từ {at}. Chưa có gì bị thay đổi.",
        "Too many requests came from your network or device. Try again in {wait_en}, at {at}. Nothing was changed.",
    )

    def __init__(self, *, door: str = "", wait: float = 1.0, now: datetime | None = None) -> None:
        """`wait`: seconds; like every refusal it can be made without facts, for the list of what problems mean."""
        self.door, self.seconds = door, max(1, math.ceil(wait))
        again = (now or clock.now()) + timedelta(seconds=self.seconds)
        vi, en = _told(self.seconds)
        super().__init__(wait_vi=vi, wait_en=en, at=f"{clock.local(again):%H:%M:%S}")

    def headers(self) -> Mapping[str, str]:
        """`Retry-After` in seconds (RFC 9110, 10.2.3)."""
        return {"Retry-After": str(self.seconds)}

    def members(self) -> dict[str, Any]:
        """For programs: how long to wait."""
        return {"retry_after": self.seconds}


def _told(seconds: int) -> tuple[str, str]:
    if seconds < 60:
        return f"{seconds} giây", f"{seconds} second{'s' if seconds > 1 else ''}"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} phút", f"{minutes} minute{'s' if minutes > 1 else ''}"
