"""Quotas against who is there, and the kinds of service units. Pure, but for Django's TextChoices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import TextChoices

from haicap.domain.people.blocks import StaffKind
from haicap.kernel.language import bi

PAID = (StaffKind.CADRE, StaffKind.CIVIL_SERVANT)
"""What a quota without a kind of staff counts."""
MEAN_OF_COMMUNES = 32
"""About how many posts a commune's government has in the mean of a province; a plan, not a limit for one commune."""
MEAN_SOURCE = "Quyết định 759/QĐ-TTg ngày 14/4/2025, Đề án, Phần thứ hai, mục V.1.2.3"
MEAN_CERTAINTY = "B"
LONGEST_NAME, LONGEST_CODE, MOST_SEATS = 200, 40, 30_000


class ServiceField(TextChoices):
    """What a service unit works in."""

    EDUCATION = "education", bi("Giáo dục", "Education")
    HEALTH = "health", bi("Y tế", "Health")
    CULTURE = "culture", bi("Văn hóa, thể thao, truyền thông", "Culture, sports, media")
    AGRICULTURE = "agriculture", bi("Nông nghiệp, môi trường", "Agriculture, environment")
    ECONOMY = "economy", bi("Kinh tế, hạ tầng", "Economy, infrastructure")
    OTHER = "other", bi("Khác", "Other")


class ServiceKind(TextChoices):
    """What a service unit is."""

    SCHOOL = "school", bi("Trường", "School")
    STATION = "station", bi("Trạm", "Station")
    HOSPITAL = "hospital", bi("Bệnh viện", "Hospital")
    CENTER = "center", bi("Trung tâm", "Center")
    BOARD = "board", bi("Ban quản lý", "Management board")
    OTHER = "other", bi("Khác", "Other")


class Ending(TextChoices):
    """How a service unit ended."""

    MERGED = "merged", bi("Sáp nhập, hợp nhất", "Merged")
    DISSOLVED = "dissolved", bi("Giải thể", "Dissolved")


@dataclass(frozen=True)
class Staffing:
    """A quota against who is there; `quota` None where none was given."""

    quota: int | None
    actual: int

    @property
    def vacant(self) -> int:
        """Places that nobody holds."""
        return max(0, (self.quota or 0) - self.actual)

    @property
    def over(self) -> int:
        """How many are there beyond the quota; 0 where no quota was given."""
        return max(0, self.actual - self.quota) if self.quota is not None else 0

    @property
    def state(self) -> str:
        """`none` (no quota), `over`, `vacant` or `full`."""
        if self.quota is None:
            return "none"
        return "over" if self.over else "vacant" if self.vacant else "full"

    @property
    def words(self) -> Any:
        """The state in words."""
        return {
            "none": bi("Chưa giao", "No quota"), "over": bi("Vượt biên chế", "Over quota"),
            "vacant": bi("Còn thiếu", "Vacancies"), "full": bi("Đủ", "Full"),
        }[self.state]  # fmt: skip

    def __add__(self, other: Staffing) -> Staffing:
        given = [one.quota for one in (self, other) if one.quota is not None]
        return Staffing(sum(given) if given else None, self.actual + other.actual)


def month_starts(first: date, last: date, most: int = 24) -> list[date]:
    """The first days of the months from `first`'s to `last`'s, the latest `most` of them."""
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(max(begin, end - most + 1), end + 1)]
