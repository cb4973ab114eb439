"""A real card in a PC/SC reader, as a card of the emulated slot (pyscard; T=0 and T=1)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.emulator.card import CardGone

if TYPE_CHECKING:
    from smartcard.CardConnection import CardConnection


def readers() -> list[str]:
    """Names of the PC/SC readers; none when no PC/SC service runs."""
    from smartcard.pcsc.PCSCExceptions import EstablishContextException
    from smartcard.System import readers as pcsc_readers

    try:
        return [str(reader) for reader in pcsc_readers()]
    except EstablishContextException:
        return []


class PcscCard:
    """The card in the first PC/SC reader whose name contains `reader`; LookupError when there is none."""

    def __init__(self, reader: str) -> None:
        from smartcard.System import readers as pcsc_readers

        found = [candidate for candidate in pcsc_readers() if reader in str(candidate)]
        if not found:
            raise LookupError(f"no PC/SC reader named {reader!r}")
        self._reader = found[0]
        self._connection: CardConnection | None = None

    def power_on(self, interface: str) -> bytes:  # noqa: ARG002
        """`interface` is the PC/SC reader's business: contact and contactless ones look alike."""
        from smartcard.Exceptions import SmartcardException

        self.power_off()
        connection = self._reader.createConnection()
        try:
            connection.connect()
        except SmartcardException as error:
            raise CardGone from error
        self._connection = connection
        return bytes(connection.getATR())

    def transmit(self, apdu: bytes) -> bytes:
        """The raw answer: 61xx and 6Cxx are not followed."""
        from smartcard.Exceptions import SmartcardException

        if self._connection is None:
            raise CardGone
        try:
            data, sw1, sw2 = self._connection.transmit(list(apdu))
        except SmartcardException as error:
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
