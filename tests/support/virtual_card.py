"""A simulated card in pcscd's virtual reader: the wire protocol of vsmartcard's vpcd."""

from __future__ import annotations

import socket
import struct
import threading

from tools.emulator.card import Card

PORT = 35963  # the first slot of the packaged reader
POWER_OFF, POWER_ON, RESET, GET_ATR = 0, 1, 2, 4


class VirtualCard:
    """`with VirtualCard(card):` the card is in the virtual reader. It connects to vpcd, and a thread answers."""

    def __init__(self, card: Card, interface: str) -> None:
        self._card = card
        self._interface = interface

    def __enter__(self) -> VirtualCard:
        self._socket = socket.create_connection(("127.0.0.1", PORT), timeout=60)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        atr = self._card.power_on(self._interface)
        while message := self._receive():
            if message == bytes((GET_ATR,)):
                self._send(atr)
            elif message in (bytes((POWER_ON,)), bytes((RESET,))):
                atr = self._card.power_on(self._interface)
            elif len(message) > 1:
                self._send(self._card.transmit(message))

    def _receive(self) -> bytes:
        header = self._read(2)
        return self._read(struct.unpack(">H", header)[0]) if header else b""

    def _read(self, length: int) -> bytes:
        data = b""
        while len(data) < length:
            # vpcd sends length and message apart: without this Linux waits 40 ms before the second
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            piece = self._socket.recv(length - len(data))
            if not piece:
                return b""
            data += piece
        return data

    def _send(self, message: bytes) -> None:
        self._socket.sendall(struct.pack(">H", len(message)) + message)
