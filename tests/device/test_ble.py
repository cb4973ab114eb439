"""The radio: what bleak and the firmware see of each other over the emulated air."""

from __future__ import annotations

import asyncio
import struct

import pytest
from bleak import BleakClient, BleakScanner
from bleak.exc import BleakError

from host.terminal import ble
from host.terminal.errors import LinkLost, ReaderNotFound
from tests.device.start import receive, with_reader
from tools.emulator.emulator import Emulator

BULK = 200_000
READABLE = "7a1c0009-5f0e-4c2b-9d53-2b1f7c6e9a40"  # of tests/device/readable.py
PATTERN = bytes(range(256)) * (BULK // 256 + 1)
RUNTIMES = ("micropython", "cpython")


async def echo(link: ble.BleLink, data: bytes) -> bytes:
    await link.send(b"E" + data)
    return await receive(link, len(data))


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_both_runtimes_answer_over_the_air(runtime: str) -> None:
    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await link.open()
        assert await echo(link, b"hello") == b"hello"
        await link.close()
        await link.close()

    with_reader(test, runtime=runtime)


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_bulk_both_ways_without_loss(runtime: str) -> None:
    """Notifications beyond the radio's buffers are refused with ENOMEM, writes are held until they were taken."""

    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await link.open()
        await link.send(b"S" + struct.pack(">I", BULK))
        got = await receive(link, BULK)
        assert len(got) == BULK
        assert all(got[start : start + 500] == _piece(start) for start in range(0, BULK, 500))
        await link.send(b"C" + struct.pack(">I", BULK))
        await link.send(PATTERN[:BULK])
        assert await receive(link, 4) == b"done"
        await link.close()

    with_reader(test, runtime=runtime)


def _piece(start: int) -> bytes:
    return bytes((start + i) & 0xFF for i in range(500))


def test_a_delayed_air_fills_the_radio_and_loses_nothing() -> None:
    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await link.open()
        await reader.air("delay 30")
        await link.send(b"S" + struct.pack(">I", 30_000))  # 60 notifications, 16 fit
        assert len(await receive(link, 30_000)) == 30_000
        await reader.air("clear")
        assert await echo(link, b"still there") == b"still there"

    with_reader(test)


@pytest.mark.covers("terminal/T-L28")
def test_the_smallest_mtu_carries_the_same() -> None:
    async def test(reader: Emulator) -> None:
        await reader.air("mtu 23")
        await reader.kill_reader()
        await reader.start_reader()
        link = reader.byte_link()
        await link.open()
        assert await echo(link, b"19 bytes, no more..") == b"19 bytes, no more.."
        await link.send(b"S" + struct.pack(">I", 5_000))
        assert len(await receive(link, 5_000)) == 5_000

    with_reader(test)


@pytest.mark.covers("terminal/T-L15")
def test_the_reader_is_found_by_its_service_and_number() -> None:
    async def test(reader: Emulator) -> None:
        adapter = reader.adapter()
        found = await BleakScanner.find_device_by_filter(
            lambda _, said: ble.SERVICE in said.service_uuids, timeout=5, backend=adapter.scanner
        )
        assert found is not None
        assert found.name == "ZINC0001"
        ours = ble.BleLink(serial="ZINC0001", scanner_backend=adapter.scanner, client_backend=adapter.client)
        await ours.open()
        await ours.close()

    with_reader(test)


def test_another_readers_number_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ble, "FIND_S", 0.5)

    async def test(reader: Emulator) -> None:
        adapter = reader.adapter()
        other = ble.BleLink(serial="ZINC0002", scanner_backend=adapter.scanner, client_backend=adapter.client)
        with pytest.raises(ReaderNotFound):
            await other.open()

    with_reader(test)


def test_a_read_is_answered_by_the_firmwares_handler() -> None:
    """The read-request interrupt decides at each read."""

    async def test(reader: Emulator) -> None:
        device = await BleakScanner.find_device_by_filter(
            lambda _, said: ble.SERVICE in said.service_uuids, timeout=5, backend=reader.adapter().scanner
        )
        assert device is not None
        async with BleakClient(device, backend=reader.adapter().client) as client:
            assert client.mtu_size == 515
            assert await client.read_gatt_char(READABLE) == b"read me"
            await client.write_gatt_char(READABLE, b"forbid", response=True)
            with pytest.raises(BleakError, match="READ_NOT_PERMITTED"):
                await client.read_gatt_char(READABLE)

    with_reader(test, "readable")


def test_a_host_that_goes_leaves_the_line_free_for_the_next() -> None:
    async def test(reader: Emulator) -> None:
        for round_ in (b"one", b"two", b"three"):
            link = reader.byte_link()
            await link.open()
            assert await echo(link, round_) == round_
            await link.close()
            assert await link.receive() == b""

    with_reader(test)


def test_a_hosts_process_that_dies_frees_the_reader() -> None:
    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await link.open()
        await reader.adapter().close()
        assert await link.receive() == b""
        with pytest.raises(LinkLost):
            await link.send(b"E")
        again = reader.byte_link()
        await again.open()
        assert await echo(again, b"back") == b"back"

    with_reader(test)


def test_a_reader_that_dies_is_noticed_and_comes_back() -> None:
    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await link.open()
        await reader.kill_reader()
        assert await link.receive() == b""
        with pytest.raises(LinkLost):
            await link.send(b"E")
        await reader.start_reader()
        await link.open()
        assert await echo(link, b"again") == b"again"

    with_reader(test)


def test_a_radio_that_dies_is_noticed_at_both_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ble, "FIND_S", 0.5)

    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await link.open()
        waiting = asyncio.create_task(link.receive())
        await reader.kill_radio()
        assert await waiting == b""
        with pytest.raises(ReaderNotFound):
            await reader.byte_link().open()
        await reader.press("1")  # the reader lives on
        await reader.shows("key 1")

    with_reader(test)


def test_a_link_cut_inside_a_message_ends_for_both() -> None:
    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await link.open()
        await reader.air("cut 20000")
        await link.send(b"S" + struct.pack(">I", BULK))
        got = await receive(link, BULK)
        assert len(got) < 20_000
        await link.close()
        await link.open()
        assert await echo(link, b"new") == b"new"

    with_reader(test)


@pytest.mark.parametrize("after", [1, 60, 200])  # bytes: in the exchange of the MTU, and in the discovery
def test_a_link_cut_while_it_is_made_is_lost(after: int) -> None:
    """And nobody is told that he was cancelled."""

    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await reader.air(f"cut {after}")
        with pytest.raises(LinkLost):
            await link.open()
        await link.open()
        assert await echo(link, b"new") == b"new"

    with_reader(test)


def test_a_dropped_notification_is_a_hole() -> None:
    async def test(reader: Emulator) -> None:
        link = reader.byte_link()
        await link.open()
        await reader.air("drop 1")
        await link.send(b"S" + struct.pack(">I", 2_000))
        assert await receive(link, 1_500) == b"".join(_piece(start) for start in (500, 1000, 1500))

    with_reader(test)
