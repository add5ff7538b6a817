"""Pictures as small files."""

import io

from PIL import Image

from dev.setup.console import Problem
from dev.setup.paths import ROOT

FOLDER = ROOT / "ar_collections" / "static" / "description"
#: Bytes of a picture at most: the page of the Apps list shows all of them.
LARGEST = 200_000


def write(path, picture, colors=256):
    """Write a picture with a palette, unless the file shows the same already.

    :param Path path: of the PNG file
    :param bytes picture: a PNG
    :param int colors: of the palette; 0 keeps all of them and what is transparent
    :raise Problem: if the file would be too large
    """
    image = Image.open(io.BytesIO(picture))
    if colors:
        image = image.convert("RGB").quantize(colors, dither=Image.Dither.NONE)
    small = io.BytesIO()
    image.save(small, "PNG", optimize=True)
    if len(small.getvalue()) > LARGEST:
        raise Problem(f"{path.name} would have {len(small.getvalue()):,} bytes; at most {LARGEST:,} are allowed.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(small.getvalue())
