"""The simulated acquirer in a thread of the test, with nothing sealed and an issuer that approves all."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.simulators.acquirer.server import AcquirerServer
from tools.simulators.acquirer.simulator import AcquirerSimulator
from tools.simulators.issuer import IssuerAnswer, IssuerRequest
from tools.simulators.key_host import HostKeys

NOW = datetime(2026, 11, 21, 9, 30, 15, tzinfo=UTC)


class OpenKeys(HostKeys):
    """Nothing is sealed; a MAC is good when it is threes."""

    def __init__(self) -> None:
        super().__init__(bytes(16), bytes(8), 1)

    def request_mac_is_good(self, request: Mapping[str, Any]) -> bool:
        return request["mac"] == b"\x33" * 8

    def capture_mac_is_good(self, result: Mapping[str, Any]) -> bool:
        return result["mac"] == b"\x33" * 8

    def seal_mac_is_good(self, serial: str, digest: bytes, mac: bytes) -> bool:
        return mac == b"\x33" * 8

    def open_card(self, sealed: bytes) -> dict[int, bytes]:
        return {0x57: bytes.fromhex("4970101234567890D2812201")}

    def open_pin(self, block: bytes, pan: str) -> str:
        return "1234"


@dataclass
class ApprovesAll:
    asked: list[IssuerRequest] = field(default_factory=list)
    answer: IssuerAnswer = field(
        default_factory=lambda: IssuerAnswer("00", "approved", None, [], "123456", arqc_checked=True, pin_checked=True)
    )

    def authorise(self, request: IssuerRequest) -> IssuerAnswer:
        self.asked.append(request)
        return self.answer

    def release(self, authorisation_code: str) -> None:
        pass


@contextmanager
def acquirer(folder: Path, issuer: Any) -> Iterator[AcquirerServer]:
    simulator = AcquirerSimulator(lambda ksn: OpenKeys(), issuer, lambda: NOW, folder / "acquirer.db")
    server = AcquirerServer(("127.0.0.1", 0), simulator)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        simulator.close()
