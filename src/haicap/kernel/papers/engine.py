"""The typesetter: a template and its data in, an archivable PDF out, without a temporary file or a network.

Data reaches a template only as JSON through `sys.inputs`; it is never put into typst source, so nothing that a citizen
typed can be read as markup. Only the fonts beside this module are used: the paper looks the same on every machine.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst

from haicap.kernel.papers.glyphs import FONTS, drawable

ROOT: Final = Path(__file__).resolve().parents[2]
"""Folder that a template may import from: the package, so `#import "/kernel/papers/layout.typ"` works everywhere."""

STANDARDS: Final[list[typst.PDFStandard]] = ["a-2a", "ua-1"]
RAW: Final = "qr"
"""The key under which a template gets a picture (SVG text), which is not text for a reader and stays untouched."""


class PaperFailed(RuntimeError):
    """A template could not be typeset. That is a fault of the program or its installation, never of the data."""


class _Press:
    """One template, compiled again and again by one reused compiler; one thread at a time."""

    def __init__(self, template: Path) -> None:
        self.template = template
        self.lock = Lock()
        self.compiler = typst.Compiler(
            str(template), root=str(ROOT), font_paths=_fonts(), ignore_system_fonts=True, package_path=str(FONTS)
        )

    def run(self, payload: str, made_at: datetime) -> bytes:
        with self.lock:
            try:
                pages = self.compiler.compile(
                    format="pdf", sys_inputs={"data": payload}, pdf_standards=STANDARDS, timestamp=made_at
                )
            except typst.TypstError as fault:
                raise PaperFailed(f"{self.template.name}: {fault}") from fault
        if not isinstance(pages, bytes):
            raise PaperFailed(f"{self.template.name}: the typesetter gave no document.")
        return pages


def render(template_path: Path, data: Mapping[str, Any], *, made_at: datetime) -> bytes:
    """Sets `data` in the typst template at `template_path` (a file inside the package).

    `data` is JSON-like (mappings, lists, str, int, float, bool, None); its texts are fitted to the fonts first
    (`drawable`), except under a key `qr`, which carries a picture. The template finds it as
    `json(bytes(sys.inputs.data))`. `made_at` is an aware moment: it becomes the file's creation date, so the same data
    at the same moment gives the same bytes.

    Gives a tagged PDF that declares PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1); a template must therefore set
    the document's title and language. Raises `PaperFailed` for a broken template, `ValueError` for a naive moment.

    Measured by hand, one core of a busy two-core machine, texts new each time: receipt slip with QR 20 ms (median of
    300), the other one-page forms 8–12 ms, a register of 40 rows 40 ms; memory stays at 80 MB. The first paper of a
    process costs 40 ms more.
    """
    if made_at.tzinfo is None:
        raise ValueError("The moment of a paper needs a time zone.")
    payload = json.dumps(_fit(data), ensure_ascii=False, separators=(",", ":"))
    return _press(template_path.resolve()).run(payload, made_at.astimezone(UTC).replace(microsecond=0))


def _fit(value: Any, key: str = "") -> Any:
    if isinstance(value, str):
        return value if key == RAW else drawable(value)
    if isinstance(value, Mapping):
        return {name: _fit(item, name) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_fit(item) for item in value]
    return value


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


_presses: dict[Path, _Press] = {}
_presses_lock = Lock()


def _press(template: Path) -> _Press:
    with _presses_lock:
        if template not in _presses:
            if not template.is_relative_to(ROOT):
                raise PaperFailed(f"{template.name}: a template must lie inside the package.")
            _presses[template] = _Press(template)
        return _presses[template]
