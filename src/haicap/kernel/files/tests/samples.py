"""Small true files of each accepted type, and some that only pretend."""

from __future__ import annotations

import io
import zipfile

from PIL import Image

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


def pdf(text: str = "x") -> bytes:
    """The beginning of a PDF is enough here."""
    return b"%PDF-1.7\n1 0 obj<</Title(" + text.encode() + b")>>endobj\ntrailer<<>>\n%%EOF"


def picture(kind: str = "PNG") -> bytes:
    """A picture of 3 by 2 points."""
    target = io.BytesIO()
    Image.new("RGB", (3, 2), "red").save(target, kind)
    return target.getvalue()


def office(main: str = WORD, **more: bytes) -> bytes:
    """A document in Office's package; `more` are further parts by name."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        types = f'<Types><Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
        parts = {"[Content_Types].xml": types, "word/document.xml": "<w:document/>", **more}
        for name, content in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED
            )  # no moment in it: the same each time
    return target.getvalue()


def plain_zip() -> bytes:
    """An archive that is no document."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(zipfile.ZipInfo("a.txt"), "x")
    return target.getvalue()


def bomb() -> bytes:
    """A document of some kilobytes that unpacks to 64 MB."""
    return office(**{"word/media/x.bin": b"\0" * (64 * 2**20)})
