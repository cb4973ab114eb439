"""The icons of the reader's screens, drawn large and shrunk so that their edges are smooth. White paper, black ink."""

from __future__ import annotations

import math
from collections.abc import Callable

from PIL import Image, ImageDraw

OVERSAMPLING = 8
INK = 0
PAPER = 255
SOFT = 110  # second ink

Drawing = Callable[[ImageDraw.ImageDraw, Callable[[float], int]], None]


def draw(size: int, drawing: Drawing) -> Image.Image:
    """`drawing` gets a pen and a function that turns hundredths of the icon into pixels of the large image."""
    large = Image.new("L", (size * OVERSAMPLING, size * OVERSAMPLING), PAPER)
    drawing(ImageDraw.Draw(large), lambda hundredths: round(hundredths * size * OVERSAMPLING / 100))
    return large.resize((size, size), Image.Resampling.BOX)


def _stroke(pen: ImageDraw.ImageDraw, u: Callable, points: list, width: float, ink: int) -> None:
    pixels = [(u(x), u(y)) for x, y in points]
    pen.line(pixels, fill=ink, width=u(width), joint="curve")
    r = u(width) / 2
    for x, y in (pixels[0], pixels[-1]):
        pen.ellipse((x - r, y - r, x + r, y + r), fill=ink)


def tick(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    pen.ellipse((u(1), u(1), u(99), u(99)), fill=INK)
    _stroke(pen, u, [(27, 52), (44, 69), (75, 35)], 9, PAPER)


def cross(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    pen.ellipse((u(1), u(1), u(99), u(99)), fill=INK)
    _stroke(pen, u, [(33, 33), (67, 67)], 9, PAPER)
    _stroke(pen, u, [(67, 33), (33, 67)], 9, PAPER)


def cancelled(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    pen.ellipse((u(3), u(3), u(97), u(97)), outline=SOFT, width=u(6))
    _stroke(pen, u, [(34, 34), (66, 66)], 8, SOFT)
    _stroke(pen, u, [(66, 34), (34, 66)], 8, SOFT)


def attention(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    pen.ellipse((u(3), u(3), u(97), u(97)), outline=INK, width=u(6))
    _stroke(pen, u, [(50, 28), (50, 55)], 10, INK)
    pen.ellipse((u(44), u(67), u(56), u(79)), fill=INK)


def waves(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    """A field: four arcs, growing."""
    for step in range(4):
        radius = 17 + 19 * step
        box = (u(10 - radius), u(50 - radius), u(10 + radius), u(50 + radius))
        pen.arc(box, -38, 38, fill=INK, width=u(8))


def _card_in_slot(pen: ImageDraw.ImageDraw, u: Callable, tip: float, tail: float) -> None:
    """Upright, chip first, half in the slot; the arrow on it runs from tail to tip."""
    pen.rounded_rectangle((u(21), u(3), u(79), u(96)), u(8), outline=INK, width=u(5), fill=PAPER)
    pen.rounded_rectangle((u(39), u(58), u(61), u(76)), u(3), outline=INK, width=u(4))
    pen.rectangle((0, u(82), u(100), u(100)), fill=PAPER)
    pen.rounded_rectangle((u(2), u(82), u(98), u(92)), u(5), fill=INK)
    back = 10 if tip < tail else -10
    _stroke(pen, u, [(50, tail), (50, tip)], 6, INK)
    _stroke(pen, u, [(40, tip + back), (50, tip), (60, tip + back)], 6, INK)


def insert(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    _card_in_slot(pen, u, 46, 20)


def remove(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    _card_in_slot(pen, u, 20, 46)


def wait(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    for x, ink in ((14, INK), (50, SOFT), (86, 190)):
        pen.ellipse((u(x - 12), u(38), u(x + 12), u(62)), fill=ink)


def digit(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    pen.ellipse((u(8), u(8), u(92), u(92)), fill=INK)


def no_digit(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    pen.ellipse((u(10), u(10), u(90), u(90)), outline=170, width=u(9))


def _key(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    pen.rounded_rectangle((u(2), u(2), u(98), u(98)), u(26), fill=INK)


def key_cancel(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    _key(pen, u)
    _stroke(pen, u, [(33, 33), (67, 67)], 10, PAPER)
    _stroke(pen, u, [(67, 33), (33, 67)], 10, PAPER)


def key_clear(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    _key(pen, u)
    _stroke(pen, u, [(76, 50), (26, 50)], 10, PAPER)
    _stroke(pen, u, [(45, 31), (26, 50), (45, 69)], 10, PAPER)


def key_ok(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    _key(pen, u)
    pen.ellipse((u(27), u(27), u(73), u(73)), outline=PAPER, width=u(10))


def star(pen: ImageDraw.ImageDraw, u: Callable) -> None:
    """Of those who belong: points on two circles by turns, with round corners."""
    points = []
    for step in range(10):
        angle, radius = math.radians(36 * step - 90), 45 if step % 2 == 0 else 20
        points.append((50 + radius * math.cos(angle), 53 + radius * math.sin(angle)))
    pen.polygon([(u(x), u(y)) for x, y in points], fill=INK)
    _stroke(pen, u, [*points, points[0], points[1]], 7, INK)


# the character by which canvas.py names each icon -> (pixels, drawing)
ICONS: dict[str, tuple[int, Drawing]] = {
    "A": (92, tick),
    "D": (92, cross),
    "C": (92, cancelled),
    "!": (92, attention),
    "w": (76, waves),
    "i": (76, insert),
    "r": (92, remove),
    ".": (64, wait),
    "*": (64, star),
    "1": (18, digit),
    "0": (18, no_digit),
    "x": (20, key_cancel),
    "<": (20, key_clear),
    "o": (20, key_ok),
}
