"""The real pcscd with its two virtual readers, for as long as a test needs it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.emulator.card import Card
from tools.emulator.pcsc import PcscCard
from tools.virtual_card import VirtualCard

READERS = ("Virtual PCD 00 00", "Virtual PCD 00 01")
DEADLINE_S = 60
TRY_S = 0.01
LOCK = Path(tempfile.gettempdir()) / "zinc-tests-pcscd.lock"
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
    """One that runs already is used and left alone. There is one a machine: whoever has it, others wait."""
    with LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if SOCKET.exists():
            yield
        else:
            with _started():
                yield


@contextmanager
def _started() -> Iterator[None]:
    SOCKET.parent.mkdir(exist_ok=True)
    with subprocess.Popen(["pcscd", "--foreground", "--info"], stdout=subprocess.PIPE, text=True) as daemon:
        ready = threading.Event()
        log = threading.Thread(target=_follow, args=(daemon, ready), daemon=True)
        log.start()
        try:
            if not ready.wait(DEADLINE_S):
                raise TimeoutError("pcscd does not become ready")
            _wait_until_served()
            yield
        finally:
            daemon.terminate()
            daemon.wait(DEADLINE_S)
            log.join(DEADLINE_S)


def _follow(daemon: subprocess.Popen, ready: threading.Event) -> None:
    for line in daemon.stdout:
        if "daemon ready" in line:
            ready.set()


def _wait_until_served() -> None:
    """It says that it is ready, and only then makes the socket, which nothing announces: it is tried."""
    from smartcard import scard

    deadline = time.monotonic() + DEADLINE_S
    while (found := scard.SCardEstablishContext(scard.SCARD_SCOPE_USER))[0] != scard.SCARD_S_SUCCESS:
        if time.monotonic() > deadline:
            raise TimeoutError("pcscd does not serve")
        threading.Event().wait(TRY_S)
    scard.SCardReleaseContext(found[1])


@contextmanager
def inserted(card: Card, interface: str = "contact") -> Iterator[PcscCard]:
    """The card is in the first reader, and pcscd, which looks every 0.4 s, has seen it come; at the end, go."""
    seen = PcscCard(READERS[0])
    _wait(seen, present=False)
    with VirtualCard(card, interface):
        _wait(seen, present=True)
        try:
            yield seen
        finally:
            seen.power_off()
    _wait(seen, present=False)


def _wait(seen: PcscCard, present: bool) -> None:
    if not seen.wait(present=present, timeout_s=DEADLINE_S):
        raise TimeoutError(f"pcscd does not see the card {'come' if present else 'go'}")
