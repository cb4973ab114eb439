"""A real card in a PC/SC reader, as a card of the emulated slot (pyscard; T=0 and T=1)."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

from tools.emulator.card import CardGone

if TYPE_CHECKING:
    from smartcard.CardConnection import CardConnection

    from tools.emulator.emulator import Emulator

LOOK_S = 1.0  # how long a thread waits at a time: so long does ending take


def readers() -> list[Any]:
    """The PC/SC readers; none when no PC/SC service runs. Raises LookupError without pyscard."""
    try:
        from smartcard.pcsc.PCSCExceptions import EstablishContextException
        from smartcard.System import readers as pcsc_readers
    except ModuleNotFoundError:
        raise LookupError("PC/SC needs pyscard, which requirements-pcsc.lock has") from None
    try:
        return pcsc_readers()
    except EstablishContextException:
        return []


async def follow(emulator: Emulator, reader: str) -> None:
    """What is put into the PC/SC reader is put into the emulated slot, and pulled with it. Never returns."""
    card = PcscCard(reader)
    try:
        while True:
            while not await asyncio.to_thread(card.wait, present=True, timeout_s=LOOK_S):
                pass
            await emulator.insert(card)
            while not await asyncio.to_thread(card.wait, present=False, timeout_s=LOOK_S):
                pass
            await emulator.remove()
    finally:
        card.power_off()


class PcscCard:
    """The card in the first PC/SC reader whose name contains `reader`; LookupError when there is none."""

    def __init__(self, reader: str) -> None:
        there = readers()
        found = [candidate for candidate in there if reader in str(candidate)]
        if not found:
            raise LookupError(f"no PC/SC reader named {reader!r}; there are: {', '.join(map(str, there)) or 'none'}")
        self._reader = found[0]
        self._connection: CardConnection | None = None

    def wait(self, *, present: bool, timeout_s: float) -> bool:
        """Block until a card is there, or none is; False when that did not happen in time."""
        from smartcard import scard

        deadline = time.monotonic() + timeout_s
        _, context = scard.SCardEstablishContext(scard.SCARD_SCOPE_USER)
        try:
            seen = scard.SCARD_STATE_UNAWARE
            while (left_s := deadline - time.monotonic()) > 0:
                asked = [(str(self._reader), seen)]
                _, states = scard.SCardGetStatusChange(context, int(left_s * 1000), asked)
                seen = states[0][1]
                if bool(seen & scard.SCARD_STATE_PRESENT) is present:
                    return True
            return False
        finally:
            scard.SCardReleaseContext(context)

    def power_on(self, interface: str) -> bytes:  # noqa: ARG002
        """`interface` is the PC/SC reader's business: contact and contactless ones look alike."""
        from smartcard.Exceptions import SmartcardException

        self.power_off()
        self._connection = connection = self._reader.createConnection()
        try:
            connection.connect()
            return bytes(connection.getATR())
        except SmartcardException as error:
            self.power_off()
            raise CardGone from error

    def transmit(self, apdu: bytes) -> bytes:
        """The raw answer: 61xx and 6Cxx are not followed."""
        from smartcard.Exceptions import SmartcardException

        if self._connection is None:
            raise CardGone
        try:
            data, sw1, sw2 = self._connection.transmit(list(apdu))
        except SmartcardException as error:
            self.power_off()
            raise CardGone from error
        return bytes((*data, sw1, sw2))

    def power_off(self) -> None:
        """The next `power_on` then is a cold reset."""
        from smartcard.Exceptions import SmartcardException

        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.release()
            except SmartcardException:
                pass  # the card is gone already
