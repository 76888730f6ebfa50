"""QR codes as SVG, for a page and for a paper alike."""

from __future__ import annotations

from io import BytesIO

import segno


def qr_svg(text: str, *, title: str = "") -> str:
    """Takes any text (an address, a payment string); gives a self-contained SVG element without a fixed size.

    Error correction is at least M (15 %), so a fold or a stamp over a corner does not spoil it; the quiet zone of four
    modules is inside the picture. The picture is the same for the same text. `title` is read out by a screen reader.
    Raises `ValueError` when the text is empty or longer than a QR code holds (about 2,300 bytes).
    """
    if not text:
        raise ValueError("A QR code needs a text.")
    target = BytesIO()
    code = segno.make_qr(text, error="m", encoding="utf-8" if not text.isascii() else None)
    code.save(
        target,
        kind="svg",
        border=4,
        dark="#000",
        light="#fff",
        xmldecl=False,
        svgns=True,
        omitsize=True,
        title=title or None,
        svgclass=None,
        lineclass=None,
    )
    return target.getvalue().decode("utf-8").strip()
