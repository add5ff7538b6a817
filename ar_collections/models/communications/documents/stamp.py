"""Prints sender and page numbers on the pages of a PDF."""

import functools
import io
from dataclasses import dataclass

from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

FONT = "ArStamp"
#: Files of fonts, the first that the machine has is used; the last comes with reportlab.
FONT_FILES = ("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf", "DejaVuSans.ttf", "Vera.ttf")
SIZE = 8.0
LEADING = 10.0
#: Distance to the edges of the page and size of the logo at most, in points.
MARGIN = 34.0
LOGO = (150.0, 48.0)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a document.

    :param lines: name and address; the name is printed on each page, the rest on the first one
    :param contact: line at the foot of each page
    :param logo: image, or empty
    """

    lines: tuple[str, ...]
    contact: str = ""
    logo: bytes = b""


def stamp(content: bytes, sender: Sender) -> bytes:
    """Return the PDF with sender and page numbers, as text that can be searched."""
    _register_font()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    for number, page in enumerate(writer.pages, 1):
        layer = _draw(sender, number, len(writer.pages), float(page.mediabox.width), float(page.mediabox.height))
        page.merge_page(PdfReader(io.BytesIO(layer)).pages[0])
    writer.compress_identical_objects()  # the font, once for all pages
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


@functools.lru_cache(1)
def _register_font() -> None:
    """Make the first available of the fonts known to reportlab."""
    for path in FONT_FILES:
        try:
            pdfmetrics.registerFont(TTFont(FONT, path))
        except TTFError:
            continue
        return


def _draw(sender: Sender, number: int, count: int, width: float, height: float) -> bytes:
    """Return a PDF of one page of that size with the sender and the number of the page."""
    output = io.BytesIO()
    canvas = Canvas(output, pagesize=(width, height))
    canvas.setFont(FONT, SIZE)
    lines = sender.lines if number == 1 else sender.lines[:1]
    for index, line in enumerate(lines):
        canvas.drawString(MARGIN, height - MARGIN - index * LEADING, line)
    if sender.logo and number == 1:
        _draw_logo(canvas, sender.logo, width, height)
    canvas.drawString(MARGIN, MARGIN / 2, sender.contact)
    canvas.drawRightString(width - MARGIN, MARGIN / 2, f"{number} / {count}")
    canvas.save()
    return output.getvalue()


def _draw_logo(canvas: Canvas, logo: bytes, width: float, height: float) -> None:
    """Draw the logo into the upper right corner; one that cannot be read is left out."""
    try:
        image = ImageReader(io.BytesIO(logo))
    except (OSError, ValueError):
        return
    natural_width, natural_height = image.getSize()
    scale = min(LOGO[0] / natural_width, LOGO[1] / natural_height)
    size = natural_width * scale, natural_height * scale
    canvas.drawImage(image, width - MARGIN - size[0], height - MARGIN + SIZE - size[1], *size, mask="auto")
