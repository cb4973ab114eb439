"""The real pcscd with its two virtual readers, for as long as a test needs it."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.simulators.card import SimulatedCard
from tools.virtual_card import PORTS, VirtualCard

SCARD_STATE_EMPTY, SCARD_STATE_PRESENT = 0x10, 0x20
READERS = ("Virtual PCD 00 00", "Virtual PCD 00 01")
DEADLINE_S = 10
SOCKET = Path("/run/pcscd/pcscd.comm")
DRIVER = Path("/usr/lib/pcsc/drivers/serial/libifdvpcd.so")


def missing() -> str:
    """What keeps it from running here, "" for nothing."""
    if not shutil.which("pcscd") or not DRIVER.exists():
        return "pcscd and vsmartcard-vpcd are not installed"
    if not SOCKET.exists() and os.geteuid() != 0:
        return "pcscd is not running, and only root may start it"
    return ""


@contextmanager
def pcscd() -> Iterator[None]:
    """One that runs already is used and left alone."""
    if SOCKET.exists():
        yield
        return
    SOCKET.parent.mkdir(exist_ok=True)
    with subprocess.Popen(["pcscd", "--foreground", "--info"], stdout=subprocess.PIPE, text=True) as daemon:
        ready = threading.Event()
        log = threading.Thread(target=_follow, args=(daemon, ready), daemon=True)
        log.start()
        try:
            if not ready.wait(DEADLINE_S):
                raise TimeoutError("pcscd does not become ready")
            yield
        finally:
            daemon.terminate()
            daemon.wait(DEADLINE_S)
            log.join(DEADLINE_S)


def _follow(daemon: subprocess.Popen, ready: threading.Event) -> None:
    for line in daemon.stdout:
        if "daemon ready" in line:
            ready.set()


@contextmanager
def inserted(card: SimulatedCard, interface: str) -> Iterator[None]:
    """The card is in the first reader, and pcscd, which looks every 0.4 s, has seen it come; at the end, go."""
    with VirtualCard(card, interface, PORTS[0]):
        _wait(SCARD_STATE_PRESENT)
        yield
    _wait(SCARD_STATE_EMPTY)


def _wait(wanted: int) -> None:
    from smartcard import scard

    result, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
    if result != scard.SCARD_S_SUCCESS:
        raise OSError(scard.SCardGetErrorMessage(result))
    try:
        state = scard.SCARD_STATE_UNAWARE
        while not state & wanted:
            result, states = scard.SCardGetStatusChange(context, DEADLINE_S * 1000, [(READERS[0], state)])
            if result != scard.SCARD_S_SUCCESS:
                raise TimeoutError(scard.SCardGetErrorMessage(result))
            state = states[0][1] & ~scard.SCARD_STATE_CHANGED
    finally:
        scard.SCardReleaseContext(context)
