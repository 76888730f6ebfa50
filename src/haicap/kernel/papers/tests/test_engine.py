"""The typesetter: what goes in comes out, in our fonts, archivable, and the same every time."""

from __future__ import annotations

import io
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pypdfium2
import pytest
import zxingcpp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haicap.kernel.papers import PaperFailed, drawable, qr_svg, render
from haicap.kernel.papers.engine import ROOT
from haicap.kernel.papers.glyphs import UNDRAWABLE, covered

SHEET = Path(__file__).with_name("sheet.typ")
MOMENT = datetime(2025, 9, 3, 0, 45, tzinfo=UTC)

TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
VOWELS = "aăâeêioôơuưy"
VIETNAMESE = "".join(
    sorted(
        {
            unicodedata.normalize("NFC", letter + tone)
            for vowel in VOWELS
            for letter in (vowel, vowel.upper())
            for tone in TONES
        }
        | set("đĐ")
    )
)


def text_of(pdf: bytes) -> str:
    """The text of all pages, as a reader would copy it."""
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def sheet(text: str, heading: str = "Đầu đề") -> bytes:
    """The plain test page with `text`."""
    return render(SHEET, {"heading": heading, "text": text}, made_at=MOMENT)


def fonts_of(pdf: bytes) -> set[str]:
    """The base names of the fonts inside, without the tag of their subset."""
    names = set()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/Font" and "/BaseFont" in item:
                names.add(str(item.BaseFont).lstrip("/").split("+")[-1])
    return names


def test_every_vietnamese_letter_comes_out_in_our_font() -> None:
    assert len(VIETNAMESE) == 146
    pdf = sheet(" ".join(VIETNAMESE))
    found = text_of(pdf)
    assert [letter for letter in VIETNAMESE if found.count(letter) < 3] == []
    assert {name.removesuffix("-Identity-H") for name in fonts_of(pdf)} == {
        "Tinos-Regular",
        "Tinos-Bold",
        "Tinos-Italic",
    }


def test_all_three_styles_can_draw_every_vietnamese_letter_and_the_signs_of_an_office() -> None:
    assert {ord(sign) for sign in VIETNAMESE + "–—…“”‘’«»₫€§°±×½²³•"} <= covered()


def test_the_paper_is_archivable_tagged_and_vietnamese() -> None:
    with pikepdf.open(io.BytesIO(sheet("Chữ"))) as document:
        with document.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["dc:title"] == "Trang thử"
        assert str(document.Root.Lang) == "vi"
        assert document.Root.MarkInfo.Marked
        assert "/StructTreeRoot" in document.Root
        assert str(document.docinfo["/CreationDate"]).startswith("D:20250903004500")


def test_the_same_paper_twice_is_the_same_file() -> None:
    first = sheet("Một lần")
    assert sheet("Hai lần") != first
    assert sheet("Một lần") == first


def test_many_threads_share_one_press() -> None:
    with ThreadPoolExecutor(4) as pool:
        papers = list(pool.map(lambda number: text_of(sheet(f"Hồ sơ số {number}.")), range(12)))
    assert all(f"Hồ sơ số {number}." in paper for number, paper in enumerate(papers))


@pytest.mark.parametrize(
    "text",
    [
        "#let x = 1; #panic()",
        "*đậm* _nghiêng_ $x^2$ `mã` <nhãn> @nhãn",
        "= Đầu đề // chú thích /* và nữa */ \\ # [ ] { }",
        "\"ngoặc\" 'đơn' -- --- ... ~",
        "</svg><script>alert(1)</script>&amp;",
        '{"text": "json"}\\u0041',
    ],
)
def test_what_looks_like_markup_is_printed_as_typed(text: str) -> None:
    assert text_of(sheet(text)).replace("\r\n", " ").count(text) == 3


def test_what_no_font_draws_never_costs_the_paper() -> None:
    found = text_of(sheet("Chị Hoa 😀👩‍👩‍👧 שלום مرحبا 中文\x00\x07\u202e\ud800 hết"))
    assert "Chị Hoa" in found
    assert "hết" in found
    assert UNDRAWABLE in found
    assert "\u202e" not in found


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=80))
def test_no_text_at_all_breaks_the_typesetter(text: str) -> None:
    assert sheet(text, heading="Đầu đề").startswith(b"%PDF")


def test_drawable_keeps_what_it_can() -> None:
    assert drawable("Nguyễn Thị Khuỷnh") == "Nguyễn Thị Khuỷnh"
    assert drawable(unicodedata.normalize("NFD", "Đặng Hoài Ỷ")) == "Đặng Hoài Ỷ"
    assert drawable("ＡＢ１ ﬁ №5") == "AB1 fi No5"
    assert drawable("a\r\nb\tc\u2028d") == "a\nb c\nd"
    assert drawable("a\u200fb\x00c\ufeffd") == "abcd"
    assert drawable("trên\u2003dưới") == "trên dưới"
    assert drawable("x中文y") == f"x{UNDRAWABLE}y"


def test_a_qr_code_reads_back_from_the_paper() -> None:
    address = "https://dichvucong.example.vn/tra-cuu/H52.75-250903-0007?secret=K7PM-4XQD"
    data = {"heading": "QR", "text": "QR", "qr": qr_svg(address)}
    page = pypdfium2.PdfDocument(render(SHEET, data, made_at=MOMENT))[0]
    assert [code.text for code in zxingcpp.read_barcodes(page.render(scale=2).to_pil())] == [address]


def test_a_qr_code_holds_vietnamese_and_refuses_nothing_at_all() -> None:
    svg = qr_svg("Hồ sơ của Đặng Hoài Ỷ", title="Mã <QR>")
    assert svg.startswith("<svg")
    assert "Mã &lt;QR&gt;" in svg
    assert "style=" not in svg
    assert qr_svg("a") == qr_svg("a")
    with pytest.raises(ValueError, match="text"):
        qr_svg("")


def test_a_broken_template_is_named() -> None:
    with pytest.raises(PaperFailed, match=r"broken\.typ"):
        render(SHEET.with_name("broken.typ"), {}, made_at=MOMENT)


def test_a_template_outside_the_package_is_refused() -> None:
    with pytest.raises(PaperFailed, match="inside the package"):
        render(ROOT.parent / "sheet.typ", {}, made_at=MOMENT)


def test_a_paper_needs_a_moment_with_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        render(SHEET, {"heading": "", "text": ""}, made_at=datetime(2025, 9, 3))
