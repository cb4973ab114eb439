"""Puts a simulated card into the virtual PC/SC reader of vsmartcard: the wire protocol of its vpcd.

    python -m tools.virtual_card NAME [--interface contactless] [--t0] [--port 35963]

The card connects to vpcd. Each message is two bytes of length and a body; a body of one byte is a control code.
"""

from __future__ import annotations

import argparse
import socket
import threading
from types import TracebackType

from tools.emulator.card import Card
from tools.simulators import personalisation
from tools.simulators.card import SimulatedCard

PORTS = (35963, 35964)  # of the packaged reader's two slots

_POWER_OFF = b"\x00"
_POWER_ON = b"\x01"
_RESET = b"\x02"
_GET_ATR = b"\x04"


class VirtualCard:
    """`with VirtualCard(card, "contact"):` the card is in the reader; a thread answers for it."""

    def __init__(self, card: Card, interface: str, port: int = PORTS[0]) -> None:
        self._card = card
        self._interface = interface
        self._port = port
        self._atr = card.power_on(interface)

    def __enter__(self) -> VirtualCard:
        self._socket = socket.create_connection(("127.0.0.1", self._port), timeout=10)
        self._socket.settimeout(None)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # vpcd went first
        self._thread.join(timeout=10)
        self._socket.close()

    def wait(self) -> None:
        """Until the reader ends the connection."""
        self._thread.join()

    def _serve(self) -> None:
        try:
            while True:
                self._handle(self._read(int.from_bytes(self._read(2), "big")))
        except (EOFError, OSError):
            pass  # the card is out

    def _handle(self, message: bytes) -> None:
        if message in (_POWER_ON, _RESET):
            self._atr = self._card.power_on(self._interface)
        elif message == _GET_ATR:
            self._send(self._atr)
        elif message != _POWER_OFF:
            self._send(self._card.transmit(message))

    def _read(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            # vpcd sends length and body apart, with Nagle: without this Linux holds the acknowledgement for 40 ms
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            piece = self._socket.recv(length - len(data))
            if not piece:
                raise EOFError
            data += piece
        return data

    def _send(self, body: bytes) -> None:
        self._socket.sendall(len(body).to_bytes(2, "big") + body)


def main() -> None:
    parser = argparse.ArgumentParser(prog="virtual_card", description="A simulated card in a virtual PC/SC reader")
    parser.add_argument("name", choices=personalisation.names())
    parser.add_argument("--interface", choices=("contact", "contactless"), default="contact")
    parser.add_argument("--t0", action="store_true", help="speak T=0: 61xx and 6Cxx")
    parser.add_argument("--port", type=int, default=PORTS[0])
    options = parser.parse_args()
    with VirtualCard(SimulatedCard.load(options.name, options.t0), options.interface, options.port) as card:
        card.wait()


if __name__ == "__main__":
    main()
