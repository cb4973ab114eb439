"""The simulated acquirer in a thread of the test, with nothing sealed and an issuer that approves all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from host.acquirer.model import AuthorisationRequest
from tools.simulators.acquirer.authoriser import Authoriser, Verdict
from tools.simulators.acquirer.server import AcquirerServer
from tools.simulators.acquirer.store import Store

NOW = datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)


class OpenKeys:
    """Nothing is sealed; the MAC is good when it is threes."""

    def request_mac_is_good(self, request: AuthorisationRequest) -> bool:
        return request.mac == b"\x33" * 8

    def answer_mac(self, transaction_id: bytes, code: bytes, authorisation_code: str, icc_data: bytes) -> bytes:
        return b"\x44" * 8

    def open_card(self, sealed: bytes) -> dict[int, bytes]:
        return {0x5A: bytes.fromhex("4970101234567890")}

    def open_pin(self, block: bytes, pan: str) -> str:
        return "1234"


@dataclass
class ApprovesAll:
    asked: list[Any] = field(default_factory=list)

    def authorise(self, card: dict[int, bytes], request: AuthorisationRequest, pin: str | None) -> Verdict:
        self.asked.append((card, pin))
        return Verdict(b"00", "approved", b"", "123456", True, True, True, "7890")


@contextmanager
def acquirer(folder: Path, issuer: Any) -> Iterator[AcquirerServer]:
    store = Store(folder / "acquirer.db")
    server = AcquirerServer(("127.0.0.1", 0), Authoriser(store, lambda ksn: OpenKeys(), issuer, lambda: NOW))
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        store.close()
