"""Vietnamese words, dates and numbers, held against independent readings of the same rules."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.kernel import vi
from haicap.kernel.language import speaking

ICU_ORDER = Path(__file__).with_name("icu_order.txt").read_text(encoding="utf-8").splitlines()
ANY_TEXT = st.text(max_size=30)
VIETNAMESE = st.text(alphabet="aăâeêioôơuưyđĐÂỬớbcnghtÀảÃáạ '-\u0301\u0323\u031b", max_size=20)


# Folding


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Đặng  Thị Ửng", "dang thi ung"),
        ("Hòa Bình", "hoa binh"),
        ("Hoà Bình", "hoa binh"),
        ("\u0301", ""),
        ("  \u0301 a", "a"),
        ("Phường 1, TP. Thủ Đức", "phuong 1, tp. thu duc"),
        ("İstanbul", "istanbul"),
        ("ＡＢ ﬁ", "ab fi"),
        ("", ""),
    ],
)
def test_fold(typed, folded):
    assert vi.fold(typed) == folded
    assert vi.fold(unicodedata.normalize("NFD", typed)) == folded


@given(ANY_TEXT | VIETNAMESE)
def test_folding_twice_changes_nothing(text):
    assert vi.fold(vi.fold(text)) == vi.fold(text)


@given(VIETNAMESE)
def test_composed_and_decomposed_text_fold_the_same(text):
    assert vi.fold(unicodedata.normalize("NFC", text)) == vi.fold(unicodedata.normalize("NFD", text))
    assert vi.fold(text).isascii()


# Order


def test_the_alphabet():
    alphabet = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert sorted(set(alphabet), key=vi.sort_key) == alphabet


def test_the_tones():
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    assert sorted(set(tones), key=vi.sort_key) == tones


def test_units_stand_in_the_order_of_icu():
    assert len(ICU_ORDER) > 500
    assert sorted(set(ICU_ORDER), key=vi.sort_key) == ICU_ORDER


@given(ANY_TEXT | VIETNAMESE, ANY_TEXT | VIETNAMESE)
def test_only_the_same_text_has_the_same_key(a, b):
    same = unicodedata.normalize("NFC", a) == unicodedata.normalize("NFC", b)
    assert (vi.sort_key(a) == vi.sort_key(b)) == same


def test_people_stand_by_given_name():
    people = ["Trần Văn An", "Nguyễn Văn Ân", "Lê Thị Bé", "Bế Văn Đàn", "Nguyễn Ái Quốc", "Vừ A Dính"]
    assert sorted(people, key=vi.name_sort_key) == [
        "Trần Văn An", "Nguyễn Văn Ân", "Lê Thị Bé", "Vừ A Dính", "Bế Văn Đàn", "Nguyễn Ái Quốc",
    ]  # fmt: skip
    assert sorted(["Trần An", "Lê An", "Lê Văn An", "Đỗ An"], key=vi.name_sort_key) == [
        "Đỗ An", "Lê An", "Lê Văn An", "Trần An",
    ]  # fmt: skip


# Names


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("  NGUYỄN  VĂN   AN ", "Nguyễn Văn An"),
        ("h'hen niê", "H'Hen Niê"),
        ("Y-BHIĂT BKRÔNG", "Y-Bhiăt Bkrông"),
        ("Trần thị Bé", "Trần thị Bé"),
        (unicodedata.normalize("NFD", "ĐẶNG THỊ ỬNG"), "Đặng Thị Ửng"),
        ("", ""),
    ],
)
def test_tidy_name(typed, tidy):
    assert vi.tidy_name(typed) == tidy


@given(ANY_TEXT | VIETNAMESE)
def test_a_tidy_name_is_in_normal_form(text):
    name = vi.tidy_name(text)
    assert unicodedata.is_normalized("NFC", name)
    assert name == " ".join(name.split())


def test_same_name():
    assert vi.same_name("HOÀ  văn", "Hòa Văn")
    assert vi.same_name("Thuý", "Thúy")
    assert vi.same_name(unicodedata.normalize("NFD", "Nguyễn Ửng"), "nguyễn ửng")
    assert not vi.same_name("Hà", "Hạ")
    assert not vi.same_name("An", "Ân")
    assert not vi.same_name("Lý", "Lí")
    assert not vi.same_name("Lê An", "Lê")


# Dates

FRIDAY = datetime(2025, 9, 5, 10, 0, tzinfo=UTC)  # 17:00 in Vietnam


def test_dates_as_people_write_them():
    day = date(2025, 9, 5)
    assert vi.date_text(day) == "05/09/2025"
    assert vi.long_date(day) == "Thứ Sáu, 05/09/2025"
    assert vi.long_date(date(2025, 9, 7)) == "Chủ Nhật, 07/09/2025"
    assert vi.long_date(day, "en") == "Friday 05/09/2025"
    assert vi.legal_date(day) == "ngày 05 tháng 9 năm 2025"
    assert vi.legal_date(date(2026, 1, 10)) == "ngày 10 tháng 01 năm 2026"
    assert vi.legal_date(date(2026, 2, 3)) == "ngày 03 tháng 02 năm 2026"
    assert vi.legal_date(date(2026, 12, 31)) == "ngày 31 tháng 12 năm 2026"


def test_moments_stand_in_the_time_of_vietnam():
    assert vi.moment_text(FRIDAY) == "17 giờ 00 phút, ngày 05 tháng 9 năm 2025"
    assert vi.due_text(FRIDAY) == "Thứ Sáu, 05/09/2025, trước 17:00"
    assert vi.due_text(FRIDAY, "en") == "before 17:00, Friday 05/09/2025"
    for write in (vi.moment_text, vi.due_text):
        with pytest.raises(ValueError, match="time zone"):
            write(FRIDAY.replace(tzinfo=None))


@pytest.mark.parametrize("typed", ["05/09/2025", "5-9-2025", " 5.9.2025 ", "05092025", "2025-09-05"])
def test_a_date_is_read_as_typed(typed):
    assert vi.parse_date(typed) == date(2025, 9, 5)


@given(st.dates())
def test_a_written_date_is_read_back(day):
    assert vi.parse_date(vi.date_text(day)) == day
    assert vi.parse_date(day.isoformat()) == day
    assert vi.parse_date(f"{day.day}-{day.month}-{day.year:04}") == day


@pytest.mark.parametrize("typed", ["", "hôm nay", "5/9/25", "05/09-2025", "2025/09/05", "٠٥/٠٩/٢٠٢٥", "1" * 60])
def test_what_is_no_date_is_refused_with_the_way_out(typed):
    with pytest.raises(ValueError, match="ví dụ 05/09/2025"):
        vi.parse_date(typed)
    with speaking("en"), pytest.raises(ValueError, match="Type day/month/year"):
        vi.parse_date(typed)


@pytest.mark.parametrize("typed", ["31/02/2025", "2025-13-01", "00/01/2025", "01/01/0000"])
def test_a_day_that_does_not_exist_is_refused(typed):
    with pytest.raises(ValueError, match="Không có ngày"):
        vi.parse_date(typed)


# Numbers


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "không"),
        (5, "năm"),
        (10, "mười"),
        (11, "mười một"),
        (14, "mười bốn"),
        (15, "mười lăm"),
        (20, "hai mươi"),
        (21, "hai mươi mốt"),
        (24, "hai mươi tư"),
        (55, "năm mươi lăm"),
        (101, "một trăm linh một"),
        (104, "một trăm linh bốn"),
        (105, "một trăm linh năm"),
        (110, "một trăm mười"),
        (1_005, "một nghìn không trăm linh năm"),
        (1_020, "một nghìn không trăm hai mươi"),
        (20_000, "hai mươi nghìn"),
        (1_005_021, "một triệu không trăm linh năm nghìn không trăm hai mươi mốt"),
        (1_000_000_005, "một tỷ không trăm linh năm"),
        (2_500_000_000_000, "hai nghìn năm trăm tỷ"),
        (-3, "âm ba"),
    ],
)
def test_number_words(number, words):
    assert vi.number_words(number) == words


DIGIT_WORDS = {
    "không": 0, "một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5,
    "sáu": 6, "bảy": 7, "tám": 8, "chín": 9,
}  # fmt: skip


def heard(words: str) -> int:
    """An independent reading of number words: a listener who adds up what is said, unit by unit."""
    spoken = words.split()
    if spoken[0] == "âm":
        return -heard(" ".join(spoken[1:]))
    if "tỷ" in spoken:
        last = len(spoken) - 1 - spoken[::-1].index("tỷ")
        return heard(" ".join(spoken[:last])) * 10**9 + (
            heard(" ".join(spoken[last + 1 :])) if spoken[last + 1 :] else 0
        )
    total = group = 0
    for word in spoken:
        if word in {"triệu", "nghìn"}:
            total, group = total + group * {"triệu": 10**6, "nghìn": 10**3}[word], 0
        elif word == "trăm":
            group *= 100
        elif word == "mươi":
            group += group % 10 * 9
        elif word == "mười":
            group += 10
        elif word != "linh":
            group += DIGIT_WORDS[word]
    return total + group


@given(st.integers(-(10**18) + 1, 10**18 - 1) | st.integers(0, 100_000))
def test_number_words_are_understood(number):
    assert heard(vi.number_words(number)) == number


def test_money():
    assert vi.money_words(20_000) == "Hai mươi nghìn đồng"
    assert vi.money_words(0) == "Không đồng"
    assert vi.money_text(20_000) == "20.000 đ"
    assert vi.money_text(1_234_567) == "1.234.567 đ"
    assert (vi.money_text(1_234_567, "en"), vi.money_text(0, "en")) == ("1,234,567 đ", "0 đ")
    with pytest.raises(ValueError, match="18 digits"):
        vi.number_words(10**18)


# Identity


def test_a_sound_personal_number_tells_its_facts():
    assert vi.id_number_problem("014 190 000 123") is None
    assert vi.read_id_number("014190000123") == vi.IdNumber("014", 1990, True)
    assert vi.read_id_number("001205000123") == vi.IdNumber("001", 2005, False)


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("", "12"),
        ("01419000012a", "12"),
        ("٠١٤١٩٠٠٠٠١٢٣", "12"),
        ("123456789", "cũ"),
        ("0141900001234", "đúng 12"),
        ("000190000123", "cấu trúc"),
        ("014990000123", "cấu trúc"),
    ],
)
def test_a_wrong_personal_number_says_what_to_do(typed, hint):
    assert hint in str(vi.id_number_problem(typed))
    with speaking("en"):
        assert str(vi.id_number_problem(typed)).isascii()
    with pytest.raises(ValueError, match=hint):
        vi.read_id_number(typed)


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("+84912345678", "0912345678"),
        ("0084 912 345 678", "0912345678"),
        ("+84 (0) 912.345.678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0912-345-678", "0912345678"),
        ("0212 3852 123", "02123852123"),
    ],
)
def test_phone(typed, normal):
    assert vi.normal_phone(typed) == normal
    assert vi.phone_problem(typed) is None


@pytest.mark.parametrize("typed", ["", "0112345678", "091234567", "01689123456", "hai", "٠٩١٢٣٤٥٦٧٨"])
def test_a_wrong_phone_says_what_to_do(typed):
    assert "10 chữ số" in str(vi.phone_problem(typed))


@given(ANY_TEXT)
def test_no_text_breaks_the_checks(text):
    vi.id_number_problem(text)
    vi.phone_problem(text)
    vi.same_name(text, text[::-1])
    vi.name_sort_key(text)
