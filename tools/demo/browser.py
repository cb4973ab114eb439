"""The pages that `zinc` serves: demo (till and emulated reader), host (the till alone), reader (the reader alone)."""

from __future__ import annotations

import asyncio
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from host.app import build
from host.pages import pages
from host.settings import Settings
from host.terminal.client import ReaderClient
from host.terminal.errors import TerminalError
from host.web import server
from host.web.shell import View, create_app
from tools import keys
from tools.demo import bench_page
from tools.demo.bench_page import Bench
from tools.demo.stack import SERIAL, Stack
from tools.demo.wallet import WalletCard, wallet
from tools.emulator.emulator import Emulator
from tools.emulator.pcsc import PcscCard

if TYPE_CHECKING:
    from fastapi import FastAPI

    from host.terminal.byte_link import ByteLink


def serve(state: Path, browser: bool) -> None:
    """Until Ctrl-C. `state` keeps the books and the reader's storage."""
    asyncio.run(_demo(state, browser))


def serve_host(state: Path, serial: str | None, acquirer: str, browser: bool = True) -> None:
    asyncio.run(_host(state, serial, acquirer, browser))


def serve_reader(state: Path, link: str, pcsc: str | None, browser: bool) -> None:
    asyncio.run(_reader(state, link, pcsc, browser))


async def _demo(state: Path, browser: bool) -> None:
    async with Stack(state) as stack:
        await stack.terminal.connect()
        bench = Bench(stack.reader, wallet())
        await _until_stopped(pages(stack.app, stack.terminal.trace, bench.build, bench_page.STYLES), browser)


async def _host(state: Path, serial: str | None, acquirer: str, browser: bool) -> None:
    state.mkdir(parents=True, exist_ok=True)
    terminal = ReaderClient(_link(serial))
    app = build(Settings(database=state / "zinc.db", acquirer_url=acquirer), terminal)
    await app.start()
    try:
        with suppress(TerminalError):  # a reader that is not there yet is looked for again at the first payment
            await terminal.connect()
        await _until_stopped(pages(app, terminal.trace), browser)
    finally:
        await terminal.close()
        await app.close()


async def _reader(state: Path, link: str, pcsc: str | None, browser: bool) -> None:
    cards = [_pcsc_card(pcsc)] if pcsc else wallet()
    keys.load(state, SERIAL)
    async with Emulator(link=link, state=state) as reader:
        if link == "serial":
            print(f"serial port: {reader.serial_port}", flush=True)
        bench = Bench(reader, cards).build
        view = View("reader", ("Lecteur", "Reader", "Lezer"), (bench,), bench_page.STYLES)
        await _until_stopped(create_app([view]), browser)


def _link(serial: str | None) -> ByteLink:
    if serial:
        from host.terminal.usb_serial import UsbSerialLink

        return UsbSerialLink(serial)
    from host.terminal.ble import BleLink

    return BleLink()


def _pcsc_card(reader: str) -> WalletCard:
    labels = (f"Carte dans {reader}", f"Card in {reader}", f"Kaart in {reader}")
    return WalletCard("pcsc", "PC/SC", labels, "", None, True, True, PcscCard(reader))


async def _until_stopped(application: FastAPI, browser: bool) -> None:
    """Prints the address first: the socket listens already, so a browser may come at once."""
    listener = server.listen()
    print(server.url(listener), flush=True)
    if browser:
        webbrowser.open(server.url(listener))
    await server.server(application).serve(sockets=[listener])
