"""What the pages of certificates share."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from haicap.kernel.language import bi

TITLE = bi("Ai chưa ký số được", "Who cannot sign")
REGISTER = bi("Sổ chứng thư số", "Register of certificates")
DEVICES = bi("Thiết bị ký số", "Signing devices")
ISSUERS = bi("Nơi cấp tin cậy", "Trusted issuers")


def crumbs(*further: tuple[Any, str]) -> list[tuple[Any, str]]:
    """The way to a page of this part."""
    home = (bi("Quản trị", "Administration"), reverse("administration"))
    start = [] if further and further[0][0] is TITLE else [(bi("Chữ ký số", "Digital signatures"), reverse("signing"))]
    return [home, *start, *further]
