"""Paper: PDF/A from typst templates, and QR codes. What every printed form of the house shares."""

from haicap.kernel.papers.engine import PaperFailed, render
from haicap.kernel.papers.glyphs import drawable
from haicap.kernel.papers.qr import qr_svg

__all__ = ["PaperFailed", "drawable", "qr_svg", "render"]
