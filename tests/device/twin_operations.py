"""The same drawing and ciphering on either runtime: prints what came out, for tests/device/test_twins.py to compare."""

import cryptolib
import framebuf

FORMATS = (
    ("MONO_HLSB", framebuf.MONO_HLSB, 1),
    ("MONO_HMSB", framebuf.MONO_HMSB, 1),
    ("GS2_HMSB", framebuf.GS2_HMSB, 2),
    ("GS4_HMSB", framebuf.GS4_HMSB, 4),
    ("GS8", framebuf.GS8, 8),
)


def say(name: str, value) -> None:
    print(name, value.hex() if isinstance(value, (bytes, bytearray)) else value)


def picture(layout: int, bits: int, width: int, height: int, seed: int):
    """A frame buffer over reproducible noise."""
    buffer = bytearray((-(-width // 8) * 8 * bits // 8) * height)
    for index in range(len(buffer)):
        seed = (seed * 1103515245 + 12345) & 0x7FFFFFFF
        buffer[index] = seed >> 16 & 0xFF
    return buffer, framebuf.FrameBuffer(buffer, width, height, layout)


def draw(name: str, layout: int, bits: int) -> None:
    for width, height in ((8, 4), (13, 7), (24, 5)):
        buffer, frame = picture(layout, bits, width, height, 7)
        say(name + " pixels", bytes([frame.pixel(x, y) for y in range(height) for x in range(width)]))
        frame.pixel(3, 2, 1)
        frame.pixel(-1, 0, 1)
        frame.pixel(width, height, 1)
        say(name + " pixel", buffer)
        frame.fill_rect(-2, 1, 7, 2, 0xFF)
        frame.fill_rect(5, 3, 100, 100, 2)
        frame.fill_rect(1, 1, 0, 3, 1)
        frame.fill_rect(1, 1, -3, 3, 1)
        say(name + " fill_rect", buffer)
        frame.hline(1, 0, 9, 1)
        frame.vline(2, -1, 4, 3)
        frame.rect(0, 0, 6, 4, 5)
        frame.rect(4, 2, 3, 2, 5, True)
        say(name + " lines", buffer)
        frame.scroll(2, -1)
        say(name + " scroll", buffer)
        frame.fill(1)
        say(name + " fill", buffer)


def blit(name: str, layout: int, bits: int) -> None:
    shades = bytearray(range(0x10, 0x18)) + bytearray(8)
    palette = framebuf.FrameBuffer(shades, 16, 1, framebuf.GS4_HMSB)
    for x, y in ((0, 0), (3, 2), (-4, -3), (20, 9), (-30, 0)):
        target, frame = picture(framebuf.GS4_HMSB, 4, 24, 10, 3)
        _, source = picture(layout, bits, 11, 6, 5)
        frame.blit(source, x, y)
        frame.blit(source, y, x, 0)
        if bits <= 4:
            frame.blit(source, x, y, -1, palette)
            frame.blit(source, y + 1, x + 1, 3, palette)
        say(name + " blit", target)


def cipher() -> None:
    key, iv, data = bytes(range(16)), bytes(range(16, 32)), bytes(range(64))
    for length in (16, 32):
        long_key = (key + iv)[:length]
        say("ecb", cryptolib.aes(long_key, 1).encrypt(data))
        say("ecb", cryptolib.aes(long_key, 1).decrypt(data))
        chained = cryptolib.aes(long_key, 2, iv)
        say("cbc", chained.encrypt(data))
        say("cbc goes on", chained.encrypt(data[:16]))
        out = bytearray(64)
        cryptolib.aes(long_key, 2, iv).decrypt(data, out)
        say("cbc into", out)
    refuse("key", lambda: cryptolib.aes(b"short", 1))
    refuse("mode", lambda: cryptolib.aes(key, 9))
    refuse("iv", lambda: cryptolib.aes(key, 2))
    refuse("block", lambda: cryptolib.aes(key, 1).encrypt(b"x"))


def refuse(name: str, call) -> None:
    try:
        call()
        say(name, "accepted")
    except ValueError:
        say(name, "refused")


def main() -> None:
    for name, layout, bits in FORMATS:
        draw(name, layout, bits)
        blit(name, layout, bits)
    cipher()


if __name__ == "__main__":
    main()
