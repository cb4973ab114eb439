"""`python -m tests.screens.sheet [LANGUAGE] [AMOUNT]`: all screens on one sheet, build/screens.png, and the golden file
written anew. Look at the sheet before you commit the golden file."""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parent.parent.parent
GOLDEN = Path(__file__).parent / "golden.json"
COLUMNS = 7
GAP = 10


def image(buffer: bytes) -> Image.Image:
    """4-bit greys, two pixels a byte, as an 8-bit image."""
    picture = Image.new("L", (240, 320))
    picture.putdata([17 * shade for byte in buffer for shade in (byte >> 4, byte & 15)])
    return picture


def digest(buffer: bytes) -> str:
    return hashlib.sha256(buffer).hexdigest()[:16]


def main(language: str, amount_minor: int) -> None:
    from tests.screens.catalogue import SCREENS, draw

    rows = -(-len(SCREENS) // COLUMNS)
    sheet = Image.new("L", (COLUMNS * (240 + GAP) + GAP, rows * (320 + GAP) + GAP), 90)
    golden = {}
    for place, name in enumerate(SCREENS):
        buffer = draw(name, language, amount_minor)
        golden[name] = digest(buffer)
        sheet.paste(image(buffer), (place % COLUMNS * 250 + GAP, place // COLUMNS * 330 + GAP))
    target = ROOT / "build" / "screens.png"
    target.parent.mkdir(exist_ok=True)
    sheet.save(target)
    if (language, amount_minor) == ("fr", 1250):
        GOLDEN.write_text(json.dumps(golden, indent=2) + "\n")


if __name__ == "__main__":
    sys.path.append(str(ROOT / "boards" / "emulator" / "cpython"))
    main(sys.argv[1] if len(sys.argv) > 1 else "fr", int(sys.argv[2]) if len(sys.argv) > 2 else 1250)
