"""What is in a file decides, and whatever pretends is refused with a sentence in both languages."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haicap.kernel.files import rules
from haicap.kernel.files.errors import FileNameFalse, FileRefused, FileTypeRefused, FileUnsafe
from haicap.kernel.files.tests import samples
from haicap.kernel.language import speaking


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (samples.pdf(), rules.PDF, "don.pdf"),
        (samples.picture("PNG"), rules.PNG, "anh.png"),
        (samples.picture("JPEG"), rules.JPEG, "anh.JPEG"),
        (samples.office(samples.WORD), rules.DOCX, "don.docx"),
        (samples.office(samples.EXCEL), rules.XLSX, "bang.xlsx"),
        (samples.pdf(), rules.PDF, "không đuôi"),
    ],
)
def test_true_files_are_taken(content: bytes, kind: rules.FileType, name: str) -> None:
    assert rules.sniff(io.BytesIO(content), name) is kind
    rules.agree(name, kind)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><script>alert(1)</script>", "HTML"),
        (b"  <HTML><body>", "HTML"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "SVG"),
        (b"MZ\x90\x00\x03", "Windows"),
        (b"\x7fELF\x02\x01\x01", ""),
        (b"GIF89a\x01\x00\x01\x00", "GIF"),
        (b"hello", "không rõ"),
        (b"<script>1</script>%PDF-1.4", "HTML"),
        (b"\x89PNG\r\n\x1a\nnot a picture", ""),
        (samples.plain_zip(), "ZIP"),
    ],
)
def test_other_content_is_refused_and_named(content: bytes, words: str) -> None:
    with pytest.raises(FileTypeRefused) as refusal:
        rules.sniff(io.BytesIO(content), "x.pdf")
    assert words in refusal.value.sentence() and "x.pdf" in refusal.value.sentence()
    with speaking("en"):
        assert "cannot be taken" in refusal.value.sentence()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (samples.bomb(), "nén bất thường"),
        (samples.office(**{f"word/{n}.xml": b"" for n in range(2100)}), "nén bất thường"),
        (samples.office(samples.MACROS), "macro"),
        (samples.office(**{"word/vbaProject.bin": b"x"}), "macro"),
        (samples.office()[:60], "hỏng"),
    ],
)
def test_a_document_with_something_in_it_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(FileUnsafe) as refusal:
        rules.sniff(io.BytesIO(content), "x.docx")
    assert why in refusal.value.sentence()


@pytest.mark.parametrize("name", ["don.pdf.exe", "anh.png", "trang.html", "don.docx", "a.svg"])
def test_a_false_ending_is_refused(name: str) -> None:
    with pytest.raises(FileNameFalse):
        rules.agree(name, rules.PDF)


@given(st.binary(max_size=300))
def test_noise_is_never_taken_as_a_document(content: bytes) -> None:
    try:
        kind = rules.sniff(io.BytesIO(content), "x")
    except FileRefused:
        return
    assert content.startswith((b"%PDF-", b"\xff\xd8\xff", b"\x89PNG"))
    assert kind in rules.ACCEPTED


@given(st.text(max_size=400))
def test_a_tidied_name_is_safe_everywhere(name: str) -> None:
    tidied = rules.tidy_name(name)
    assert tidied and len(tidied) <= 150 and not {"/", "\\", "\x00", "\r", "\n"} & set(tidied)
    assert tidied not in {".", ".."} and rules.tidy_name(tidied) == tidied
    tidied.encode()


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\Users\\a\\Giấy khai sinh.pdf", "Giấy khai sinh.pdf"),
        ("đơn", "đơn.pdf"),
        ("x.html", "x.html.pdf"),
        ("a" * 300 + ".pdf", "a" * 146 + ".pdf"),
        ("", "tep.pdf"),
    ],
)
def test_a_name_to_save_under_has_its_true_ending(name: str, saved: str) -> None:
    assert rules.name_to_save(name, rules.PDF.media_type) == saved
