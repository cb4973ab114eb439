"""Reads a QR code as a telephone does once it has its modules (ISO/IEC 18004, 7 and 12): level M, byte mode, versions
1 to 6. A printed code is clean: what corrects errors is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

Modules = list[list[bool]]  # rows from the top, true is dark
BLOCKS = {
    1: (1, 16),
    2: (1, 28),
    3: (1, 44),
    4: (2, 32),
    5: (2, 43),
    6: (4, 27),
}  # of level M, with their data codewords
LEVEL_M, BYTES = 0, 4
FORMAT_MASK = 0x5412
MASKS = (
    lambda i, j: (i + j) % 2,
    lambda i, _: i % 2,
    lambda _, j: j % 3,
    lambda i, j: (i + j) % 3,
    lambda i, j: (i // 2 + j // 3) % 2,
    lambda i, j: i * j % 2 + i * j % 3,
    lambda i, j: (i * j % 2 + i * j % 3) % 2,
    lambda i, j: ((i + j) % 2 + i * j % 3) % 2,
)


def read(modules: Modules) -> bytes:
    version = (len(modules) - 17) // 4
    level, mask = _format(modules)
    assert level == LEVEL_M
    bits = "".join(str(int(modules[i][j] ^ (MASKS[mask](i, j) == 0))) for i, j in _path(len(modules), version))
    blocks, each = BLOCKS[version]
    words = [int(bits[at : at + 8], 2) for at in range(0, 8 * blocks * each, 8)]
    data = bytes(words[block + blocks * at] for block in range(blocks) for at in range(each))
    text = int.from_bytes(data, "big") << 4 & (1 << 8 * len(data)) - 1  # the mode is half a byte
    assert data[0] >> 4 == BYTES
    told = text.to_bytes(len(data), "big")
    return told[1 : 1 + told[0]]


def _format(modules: Modules) -> tuple[int, int]:
    """Level and mask, beside the upper left finder."""
    row = [modules[8][j] for j in (0, 1, 2, 3, 4, 5, 7, 8)]
    column = [modules[i][8] for i in (7, 5, 4, 3, 2, 1, 0)]
    bits = int("".join(str(int(each)) for each in row + column), 2) ^ FORMAT_MASK
    return bits >> 13, bits >> 10 & 7


def _path(size: int, version: int) -> Iterator[tuple[int, int]]:
    """Modules of data, from the lower right, two columns at a time, up and down in turn."""
    for turn, right in enumerate(j for j in (*range(size - 1, 6, -2), 5, 3, 1)):
        rows = range(size) if turn % 2 else range(size - 1, -1, -1)
        for i in rows:
            for j in (right, right - 1):
                if not _is_pattern(i, j, size, version):
                    yield i, j


def _is_pattern(i: int, j: int, size: int, version: int) -> bool:
    finders = (i < 9 and (j < 9 or j >= size - 8)) or (i >= size - 8 and j < 9)
    alignment = version > 1 and abs(i - (size - 7)) < 3 and abs(j - (size - 7)) < 3
    return finders or alignment or 6 in (i, j)
