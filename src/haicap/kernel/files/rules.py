"""Which files are taken in: by what is in them, never by what they are called. No database here."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import puremagic

from haicap.kernel.files.errors import FileNameFalse, FileTypeRefused, FileUnsafe
from haicap.kernel.language import bi
from haicap.kernel.text import clean


@dataclass(frozen=True)
class FileType:
    """An accepted type: its media type, the endings a name may have (the first is given), what people call it."""

    media_type: str
    endings: tuple[str, ...]
    label: Any


PDF: Final = FileType("application/pdf", (".pdf",), bi("tệp PDF", "a PDF file"))
JPEG: Final = FileType("image/jpeg", (".jpg", ".jpeg"), bi("ảnh JPG", "a JPG picture"))
PNG: Final = FileType("image/png", (".png",), bi("ảnh PNG", "a PNG picture"))
DOCX: Final = FileType(
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document", (".docx",), bi("tệp Word", "a Word file")
)
XLSX: Final = FileType(
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (".xlsx",), bi("tệp Excel", "an Excel file")
)
ACCEPTED: Final = (PDF, JPEG, PNG, DOCX, XLSX)
SHOWN_INLINE: Final = frozenset({PDF.media_type, JPEG.media_type, PNG.media_type})
BY_MEDIA_TYPE: Final = {kind.media_type: kind for kind in ACCEPTED}

HEAD_BYTES: Final = 4096
_ZIP: Final = b"PK\x03\x04"
_MOST_PARTS: Final = 2_000
_MOST_UNPACKED: Final = 200 * 2**20
_MOST_RATIO: Final = 100  # deflate reaches 1:1000; a written document stays below 1:30
_NAME_LENGTH: Final = 150

_MAIN_PARTS: Final = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": DOCX,
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": XLSX,
}


def sniff(stream: BinaryIO, name: str) -> FileType:
    """The type of the bytes in `stream` (seekable, read from its start). Raises FileTypeRefused, FileUnsafe.

    A PDF must begin with its mark at the first byte: what stands before it could be read as a page by a browser.
    """
    stream.seek(0)
    head = stream.read(HEAD_BYTES)
    if head.startswith(b"%PDF-"):
        return PDF
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n") and head[12:16] == b"IHDR":
        return PNG
    if head.startswith(_ZIP):
        return _office_type(stream, name)
    raise FileTypeRefused(name=name, found=_guess(head))


def agree(name: str, kind: FileType) -> None:
    """Raise FileNameFalse where the name's ending promises another type than the content is. No ending promises none."""
    ending = Path(name).suffix.lower()
    if ending and ending not in kind.endings:
        raise FileNameFalse(name=name, found=kind.label)


def tidy_name(name: str) -> str:
    """A name that is safe to show and to save under: no folders, no control characters, 150 letters at most."""
    last = " ".join(clean(name.replace("\\", "/").rsplit("/", 1)[-1]).split()).strip(". ")
    if len(last) > _NAME_LENGTH:
        ending = Path(last).suffix[:10]
        last = last[: _NAME_LENGTH - len(ending)] + ending
    return last or "tep"


def name_to_save(name: str, media_type: str) -> str:
    """The tidied name, with the ending of its type where it has none or another."""
    kind = BY_MEDIA_TYPE.get(media_type)
    tidied = tidy_name(name)
    if kind is None or Path(tidied).suffix.lower() in kind.endings:
        return tidied
    return tidied + kind.endings[0]


def _office_type(stream: BinaryIO, name: str) -> FileType:
    """DOCX or XLSX by its table of contents; nothing is unpacked before its announced size has been judged."""
    try:
        with zipfile.ZipFile(stream) as archive:
            parts = archive.infolist()
            _refuse_bomb(parts, name)
            if any(part.flag_bits & 1 for part in parts):
                raise FileUnsafe(name=name, why=bi("tệp đặt mật khẩu", "it is protected by a password"))
            contents = _contents(archive, name)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError) as fault:
        raise FileUnsafe(name=name, why=bi("tệp bị hỏng", "it is damaged")) from fault
    if b"macroEnabled" in contents or any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise FileUnsafe(name=name, why=bi("tệp chứa macro", "it holds macros"))
    for mark, kind in _MAIN_PARTS.items():
        if mark in contents:
            return kind
    raise FileTypeRefused(name=name, found=bi("tệp nén ZIP", "a ZIP archive"))


def _refuse_bomb(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > _MOST_PARTS or unpacked > _MOST_UNPACKED or unpacked > _MOST_RATIO * max(packed, 1) + 2**20:
        raise FileUnsafe(name=name, why=bi("nội dung nén bất thường", "it unpacks to an unreasonable size"))


def _contents(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read("[Content_Types].xml")
    except KeyError:
        raise FileTypeRefused(name=name, found=bi("tệp nén ZIP", "a ZIP archive")) from None


def _guess(head: bytes) -> Any:
    """What the content seems to be, to tell its sender; never used to accept anything."""
    start = head.lstrip()[:300].lower()
    if start.startswith((b"<!doctype html", b"<html", b"<script")) or b"<html" in start:
        return bi("trang HTML", "an HTML page")
    if start.startswith((b"<svg", b"<?xml")):
        return bi("tệp SVG hoặc XML", "an SVG or XML file")
    if start.startswith(b"mz"):
        return bi("chương trình Windows", "a Windows program")
    try:
        return puremagic.from_string(head).lstrip(".").upper() or _UNKNOWN
    except (puremagic.PureError, ValueError):
        return _UNKNOWN


_UNKNOWN: Final = bi("định dạng không rõ", "of an unknown format")
