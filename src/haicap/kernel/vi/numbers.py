"""Whole numbers and sums of đồng, in figures and in words."""

from __future__ import annotations

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_BILLION = 10**9
LARGEST = 10**18  # exclusive; "tỷ tỷ" is where reading aloud stops being clear


def number_words(number: int) -> str:
    """`number` as it is read aloud: 1 005 021 is "một triệu không trăm linh năm nghìn không trăm hai mươi mốt".

    From -10^18 to 10^18, both exclusive, else ValueError.
    """
    if not -LARGEST < number < LARGEST:
        raise ValueError("a number of more than 18 digits is not written in words")
    if number < 0:
        return "âm " + number_words(-number)
    if number == 0:
        return _DIGITS[0]
    billions, rest = divmod(number, _BILLION)
    words = [number_words(billions), "tỷ"] if billions else []
    return " ".join(words + _below_billion(rest, leading=not billions))


def _below_billion(number: int, *, leading: bool) -> list[str]:
    """The words of up to nine digits; a part behind a larger one names its empty hundreds."""
    words: list[str] = []
    for unit, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        if group := number // unit % 1000:
            words += _below_thousand(group, leading=leading and not words)
            words += [name] if name else []
    return words


def _below_thousand(number: int, *, leading: bool) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    words = [] if leading and not hundreds else [_DIGITS[hundreds], "trăm"]
    if tens > 1:
        words += [_DIGITS[tens], "mươi"]
    elif tens == 1:
        words.append("mười")
    elif words and ones:
        words.append("linh")
    return words + ([_ones(ones, tens)] if ones else [])


def _ones(ones: int, tens: int) -> str:
    """The last digit changes its sound behind the tens: hai mươi mốt, hai mươi tư, mười lăm."""
    if tens > 1 and ones in {1, 4}:
        return {1: "mốt", 4: "tư"}[ones]
    return "lăm" if tens and ones == 5 else _DIGITS[ones]


def money_words(amount: int) -> str:
    """Gives "Hai mươi nghìn đồng" for 20000: the words of a receipt. Range as `number_words`."""
    words = number_words(amount)
    return f"{words[0].upper()}{words[1:]} đồng"


def money_text(amount: int, language: str = "vi") -> str:
    """Gives "20.000 đ" for 20000, as papers and Vietnamese pages write it; "20,000 đ" in English ("en")."""
    text = f"{amount:,}"
    return f"{text if language == 'en' else text.replace(',', '.')} đ"
