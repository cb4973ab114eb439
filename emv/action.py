"""What a step asks of whoever drives the kernel. ARCHITECTURE.md says what the reply to each is."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from emv.outcome import Outcome


class Action:
    pass


class Send(Action):
    """Send `command` to the card; the reply is (data, sw1, sw2), raw: 61xx and 6Cxx are the kernel's work.

    A fourth item is the time that the card took, in units of 100 microseconds (relay resistance); absent is 0.
    The reply None: the card is gone, or silent.
    """

    def __init__(self, command: bytes) -> None:
        self.command = command


class ChooseApplication(Action):
    """Let the cardholder choose among (aid, label); the reply is the index, or None to give up."""

    def __init__(self, candidates: list[tuple[bytes, str]]) -> None:
        self.candidates = candidates


class EnterPin(Action):
    """Ask for the PIN, "online", "offline_plaintext" or "offline_enciphered"; the reply is a PinEntry.

    `tries_left` is what the card says it allows (tag 9F17), or None where it does not say. An enciphered PIN is kept by
    its owner until VerifyPin comes, or the transaction ends.
    """

    def __init__(self, method: str, tries_left: int | None) -> None:
        self.method = method
        self.tries_left = tries_left


class VerifyPin(Action):
    """Encipher the PIN that was entered, and send VERIFY with it (Book 2, 7.2); the reply is a PinEntry.

    `key` is (modulus, exponent); `challenge` 8 bytes of the card; `padding` modulus length - 17 bytes of chance.
    """

    def __init__(self, key: tuple[bytes, bytes], challenge: bytes, padding: bytes) -> None:
        self.key = key
        self.challenge = challenge
        self.padding = padding


class GoOnline(Action):
    """Ask the issuer; the reply is an IssuerAnswer, or None when there is no answer."""


class Finish(Action):
    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome


class PinEntry:
    """How PIN entry ended: "entered", "bypassed" or "unavailable" (no PIN pad, or it does not work).

    For an offline PIN sw1 and sw2 are the card's answer to the VERIFY that the PIN's owner sent: no PIN comes here.
    """

    def __init__(self, status: str, sw1: int = 0, sw2: int = 0) -> None:
        self.status = status
        self.sw1 = sw1
        self.sw2 = sw2


class IssuerAnswer:
    """Tag 8A (2 bytes), tag 91 (8 to 16 bytes) or None, and each template 71 or 72 whole."""

    def __init__(
        self, response_code: bytes, authentication: bytes | None = None, scripts: Sequence[bytes] = ()
    ) -> None:
        self.response_code = response_code
        self.authentication = authentication
        self.scripts = scripts
