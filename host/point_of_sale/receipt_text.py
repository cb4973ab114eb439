"""A receipt as text, 42 columns wide: the font A of an 80 mm ticket printer."""

from __future__ import annotations

from unicodedata import category

from host.point_of_sale.receipts import Receipt, Row

WIDTH = 42
COLUMNS = (9, 11, 11, 11)


def as_text(receipt: Receipt) -> str:
    return "\n".join(_plain(line) for row in receipt.rows for line in _lines(row)) + "\n"


def _plain(line: str) -> str:
    """Nothing in it is a command to a printer: a card names its applications as it likes (attacks/H-08)."""
    return "".join(character for character in line if category(character)[0] != "C")


def _lines(row: Row) -> list[str]:
    if row.style == "rule":
        return ["-" * WIDTH]
    if row.style in ("pair", "total"):
        return _pair(*row.cells)
    if row.style == "columns":
        return ["".join(_cell(text, index) for index, text in enumerate(row.cells)).rstrip()]
    if row.style == "detail":
        return [f"  {line}" for line in _wrapped(row.cells[0], WIDTH - 2)]
    if row.style == "signature":
        return ["", row.cells[0], "", "", ""]
    text = row.cells[0].upper() if row.style == "title" else row.cells[0]
    if row.style == "banner":
        text = f"*** {text} ***"
    return [line.center(WIDTH).rstrip() for line in _wrapped(text)]


def _pair(left: str, right: str) -> list[str]:
    """Left and right on one line; the left one continues above when they do not fit together."""
    room = WIDTH - len(right) - 1
    *above, last = _wrapped(left, room) if len(left) > room else [left]
    return [*above, f"{last}{right:>{WIDTH - len(last)}}"]


def _cell(text: str, index: int) -> str:
    return f"{text:<{COLUMNS[0]}}" if index == 0 else f"{text:>{COLUMNS[index]}}"


def _wrapped(text: str, width: int = WIDTH) -> list[str]:
    """By words; a word longer than the line is cut."""
    lines = [""]
    for word in text.split(" "):
        while len(word) > width:
            lines.append(word[:width])
            word = word[width:]
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if len(joined) <= width:
            lines[-1] = joined
        else:
            lines.append(word)
    return [line for line in lines if line] or [""]
