"""What the demonstration takes from the world: each number once, with where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

# [S29] five press reports of June to October 2025 on the change in Sơn La, Lạng Sơn and Lâm Đồng
PRESS = "S29"

PROVINCE = "14"  # Sơn La
FIRST_DAY, LAST_DAY = date(2025, 1, 1), date(2025, 9, 30)
CHANGE = date(2025, 7, 1)  # two levels since this day: 200 communes became 75
SEED = 20250701


@dataclass(frozen=True)
class Scale:
    """How large the demonstration is. `resolved` counts the national states 7, 9 and 10."""

    name: str
    received: int
    resolved: int
    source: str


SCALES = {
    # Where 75 communes have only some 2,000 dossiers, more of them stay open than in life: every officer finds work.
    "small": Scale("small", received=2_000, resolved=1_600, source="a sample of the full scale"),
    "full": Scale("full", received=88_300, resolved=83_800, source=PRESS),
}

ON_TIME = 0.994  # "over 99 %" [S29]
ONLINE_BEFORE, ONLINE_AFTER = 0.48, 0.81  # the share filed online reached about 81 % [S29]; before the change: assumed
POSTAL = 0.01
CITIZENS = 20

# The payroll of the province after the change: posts in all, and about how many of them in communes [S29].
PAYROLL, PAYROLL_OF_COMMUNES = 5_124, 3_800
VACANT = 0.03  # posts that nobody holds yet: assumed
# Who left by the reorganisation: "over 1,100" civil servants (the exact number is assumed) and 128 public employees [S29].
STREAMLINED, STREAMLINED_EMPLOYEES = 1_104, 128
# Service units before and after [S29]; how many of the difference were merged, the rest dissolved: assumed.
SERVICE_UNITS_BEFORE, SERVICE_UNITS_AFTER, SERVICE_UNITS_MERGED = 715, 688, 24

# Share of the year's intake by month: the press tells the sum only; the growth after the change is assumed.
MONTHS = {1: 6.5, 2: 8.0, 3: 9.0, 4: 9.0, 5: 9.0, 6: 8.5, 7: 14.0, 8: 16.5, 9: 19.5}

# How often a procedure is asked for at a commune (assumed from everyday work: copies and papers of civil status lead).
PROCEDURES = {
    "2.000815": 33.0, "2.000884": 4.0, "1.001193": 9.0, "1.000656": 3.0, "1.000894": 3.0, "1.004873": 8.0,
    "2.000635": 7.0, "1.004859": 3.0, "1.004884": 1.0, "1.004222": 8.0, "1.004194": 5.0, "1.002755": 1.5,
    "1.003197": 0.7, "2.000986": 2.0, "2.002913": 0.6, "1.001699": 1.2, "1.014027": 3.0, "2.000908": 0.6,
    "2.001035": 1.5, "2.001019": 0.2, "1.011607": 0.6, "1.012812": 0.3, "1.001612": 2.5, "2.000720": 0.8,
    "1.001570": 0.3, "1.001266": 0.4, "1.013225": 0.4, "2.001088": 0.4, "1.001653": 0.2, "1.001022": 0.3,
    "1.000689": 0.2, "1.004837": 0.1, "1.014028": 0.2, "2.002516": 0.3, "2.002501": 0.2,
    # at any commune's desk for the province's departments
    "2.001199": 0.4, "2.001583": 0.3, "2.001610": 0.1, "1.004616": 0.2, "2.001955": 0.15, "1.004237": 0.1,
    "2.000205": 0.08, "1.009397": 0.05, "1.005049": 0.05, "2.000648": 0.05, "1.013236": 0.05, "1.002010": 0.03,
}  # fmt: skip

# Shares of the peoples of Sơn La (census of 2019, rounded).
PEOPLES = {
    "Thái": 54.0, "Kinh": 16.5, "Mông": 16.0, "Mường": 7.0, "Xinh Mun": 2.0, "Dao": 1.8, "Khơ Mú": 1.3, "Lào": 0.3,
}  # fmt: skip

# Training: 91 classes "for about 7,000 people" [S29]; by topic as in the packaged list, the shares assumed.
CLASSES_BY_TOPIC = {"chu-ky-so": 24, "mot-cua": 11, "van-ban": 18, "hai-cap": 14, "du-lieu-ca-nhan": 24}
LEARNERS = 6_970
