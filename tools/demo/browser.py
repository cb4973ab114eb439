"""The pages that `zinc` serves: demo (till and emulated reader), host (the till alone), reader (the reader alone)."""

from __future__ import annotations

import asyncio
import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from host.app import build, engine_of
from host.pages import pages
from host.settings import Settings
from host.terminal.client import ReaderClient
from host.terminal.errors import TerminalError
from host.web import server
from host.web.shell import View, create_app
from tools import keys
from tools.demo import bench_page, programme
from tools.demo.bench_page import Bench
from tools.demo.stack import SERIAL, Stack
from tools.demo.wallet import wallet
from tools.emulator.emulator import Emulator
from tools.emulator.pcsc import follow
from tools.micropython import best_runtime
from tools.simulators.messages.page import pages_of

if TYPE_CHECKING:
    from fastapi import FastAPI

    from host.terminal.byte_link import ByteLink


def serve(state: Path, browser: bool) -> None:
    """Until Ctrl-C. `state` keeps the books and the reader's storage."""
    asyncio.run(_demo(state, browser))


def serve_host(state: Path, serial: str | None, acquirer: str, browser: bool) -> None:
    asyncio.run(_host(state, serial, acquirer, browser))


def serve_reader(state: Path, link: str, pcsc: str | None, browser: bool) -> None:
    asyncio.run(_reader(state, link, pcsc, browser))


async def _demo(state: Path, browser: bool) -> None:
    async with Stack(state, durable=True) as stack:
        programme.publish(stack.app)
        await stack.terminal.connect()
        bench = Bench(stack.reader, wallet(), "/inbox")
        inbox = pages_of(stack.inbox)
        page = pages(stack.app, stack.terminal.trace, bench.build, bench_page.STYLES, (inbox,))
        await _until_stopped(page, browser)


async def _host(state: Path, serial: str | None, acquirer: str, browser: bool) -> None:
    state.mkdir(parents=True, exist_ok=True)
    terminal = ReaderClient(link_to(serial))
    settings = Settings(database=state / "zinc.db", acquirer_url=acquirer)
    app = build(settings, terminal, jobs=engine_of(settings))
    await app.start()
    try:
        with suppress(TerminalError):  # a reader that is not there yet is looked for again at the first payment
            await terminal.connect()
        await _until_stopped(pages(app, terminal.trace), browser)
    finally:
        await terminal.close()
        await app.close()


async def _reader(state: Path, link: str, pcsc: str | None, browser: bool) -> None:
    keys.load(state, SERIAL, best_runtime())
    async with Emulator(runtime=best_runtime(), link=link, state=state, serial_number=SERIAL) as reader:
        if link == "serial":
            print(f"serial port: {reader.serial_port}", flush=True)
        bench = Bench(reader, [] if pcsc else wallet()).build
        view = View("reader", ("Lecteur", "Reader", "Lezer"), (bench,), bench_page.STYLES)
        following = asyncio.create_task(follow(reader, pcsc)) if pcsc else None
        try:
            await _until_stopped(create_app([view]), browser)
        finally:
            if following:
                following.cancel()


def link_to(serial: str | None) -> ByteLink:
    """By its serial port, or by Bluetooth LE."""
    if serial:
        from host.terminal.usb_serial import UsbSerialLink

        return UsbSerialLink(serial)
    from host.terminal.ble import BleLink

    return BleLink()


async def _until_stopped(application: FastAPI, browser: bool) -> None:
    """Prints the address first: the socket listens already, so a browser may come at once."""
    listener = server.listen()
    print(server.url(listener), flush=True)
    if browser:
        webbrowser.open(server.url(listener))
    await server.server(application).serve(sockets=[listener])
