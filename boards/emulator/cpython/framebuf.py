"""MicroPython's `framebuf`, for CPython: the formats and operations that screens use; they have fonts of their own."""

from __future__ import annotations

MONO_VLSB = MVLSB = 0
RGB565 = 1
GS4_HMSB = 2
MONO_HLSB = 3
MONO_HMSB = 4
GS2_HMSB = 5
GS8 = 6

_BITS = {GS4_HMSB: 4, MONO_HLSB: 1, MONO_HMSB: 1, GS2_HMSB: 2, GS8: 8}
_STRIDE_STEP = {GS4_HMSB: 2, MONO_HLSB: 8, MONO_HMSB: 8, GS2_HMSB: 4, GS8: 1}  # pixels in a byte
_LOWEST_FIRST = (MONO_HMSB, GS2_HMSB)  # the leftmost pixel is in the lowest bits


class FrameBuffer:
    def __init__(self, buffer, width: int, height: int, format: int, stride: int = 0) -> None:
        if format not in _BITS or width < 1 or height < 1 or 0 < stride < width:
            raise ValueError
        step = _STRIDE_STEP[format]
        self._buffer, self._width, self._height, self._format = memoryview(buffer), width, height, format
        self._bits = _BITS[format]
        self._row = -(-(stride or width) // step)  # bytes
        if len(self._buffer) < self._row * (height - 1) + -(-width // step):
            raise ValueError

    def pixel(self, x: int, y: int, color: int | None = None) -> int | None:
        if not (0 <= x < self._width and 0 <= y < self._height):
            return None
        if color is None:
            return self._get(x, y)
        self._set(x, y, color)
        return None

    def fill(self, color: int) -> None:
        self.fill_rect(0, 0, self._width, self._height, color)

    def fill_rect(self, x: int, y: int, width: int, height: int, color: int) -> None:
        left, right = max(x, 0), min(x + width, self._width)
        if left >= right:
            return
        per_byte = 8 // self._bits
        first, last = min(-(-left // per_byte) * per_byte, right), max(right // per_byte * per_byte, left)
        columns = [*range(left, first), *range(max(last, first), right)]  # in bytes that are shared with other pixels
        whole = bytes((self._byte_of(color),)) * max((last - first) // per_byte, 0)
        for row in range(max(y, 0), min(y + height, self._height)):
            start = row * self._row + first // per_byte
            self._buffer[start : start + len(whole)] = whole
            for column in columns:
                self._set(column, row, color)

    def _byte_of(self, color: int) -> int:
        color = self._fit(color)
        return sum(color << shift for shift in range(0, 8, self._bits))

    def hline(self, x: int, y: int, width: int, color: int) -> None:
        self.fill_rect(x, y, width, 1, color)

    def vline(self, x: int, y: int, height: int, color: int) -> None:
        self.fill_rect(x, y, 1, height, color)

    def rect(self, x: int, y: int, width: int, height: int, color: int, fill: bool = False) -> None:
        if fill:
            self.fill_rect(x, y, width, height, color)
            return
        self.hline(x, y, width, color)
        self.hline(x, y + height - 1, width, color)
        self.vline(x, y, height, color)
        self.vline(x + width - 1, y, height, color)

    def blit(self, source: FrameBuffer, x: int, y: int, key: int = -1, palette: FrameBuffer | None = None) -> None:
        for row in range(max(0, -y), min(source._height, self._height - y)):
            for column in range(max(0, -x), min(source._width, self._width - x)):
                color = source._get(column, row)
                if palette is not None:
                    color = palette._get(color, 0)
                if color != key:
                    self._set(x + column, y + row, color)

    def scroll(self, right: int, down: int) -> None:
        """Move the picture; what it uncovers keeps its old pixels."""
        before = FrameBuffer(bytes(self._buffer), self._width, self._height, self._format, self._stride())
        self.blit(before, right, down)

    def _stride(self) -> int:
        return self._row * 8 // self._bits

    def _place(self, x: int, y: int) -> tuple[int, int]:
        """The byte, and how far up in it the pixel is."""
        bit = x * self._bits
        shift = bit % 8 if self._format in _LOWEST_FIRST else 8 - self._bits - bit % 8
        return y * self._row + bit // 8, shift

    def _get(self, x: int, y: int) -> int:
        index, shift = self._place(x, y)
        return self._buffer[index] >> shift & (1 << self._bits) - 1

    def _set(self, x: int, y: int, color: int) -> None:
        index, shift = self._place(x, y)
        mask = (1 << self._bits) - 1
        self._buffer[index] = self._buffer[index] & ~(mask << shift) | self._fit(color) << shift

    def _fit(self, color: int) -> int:
        return int(color != 0) if self._bits == 1 else color & (1 << self._bits) - 1
