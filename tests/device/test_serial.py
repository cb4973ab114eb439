"""The serial line: pyserial at one end of a pty, the firmware's serial link at the other."""

from __future__ import annotations

import struct

import pytest

from host.terminal.errors import LinkLost, ReaderNotFound
from host.terminal.usb_serial import UsbSerialLink
from tests.device.start import receive, with_reader
from tools.emulator.emulator import Emulator

BULK = 200_000


@pytest.mark.parametrize("runtime", ["micropython", "cpython"])
def test_bulk_both_ways_and_the_next_host(runtime: str) -> None:
    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await link.open()
        await link.send(b"S" + struct.pack(">I", BULK))
        got = await receive(link, BULK)
        assert got == b"".join(bytes((start + i) & 0xFF for i in range(500)) for start in range(0, BULK, 500))
        await link.send(b"C" + struct.pack(">I", BULK))
        await link.send(bytes(BULK))
        assert await receive(link, 4) == b"done"
        await link.close()
        await link.close()
        assert await link.receive() == b""
        await link.open()
        await link.send(b"S" + struct.pack(">I", 10))
        assert await receive(link, 10) == bytes(range(10))
        await link.close()

    with_reader(test, runtime=runtime, link="serial")


def test_a_reader_that_dies_hangs_up() -> None:
    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await link.open()
        await reader.kill_reader()
        assert await link.receive() == b""
        with pytest.raises(LinkLost):
            await link.send(b"x")
        await link.close()

    with_reader(test, link="serial")


def test_a_line_that_is_not_there() -> None:
    async def test(_: Emulator) -> None:
        with pytest.raises(ReaderNotFound):
            await UsbSerialLink("/dev/no-such-line").open()

    with_reader(test, link="serial")
