"""What can go wrong in the reader.

ReaderError
|- CardError          they did wrong: the card
|  |- CardRemoved       pulled out or left the field
|  `- CardSilent        no answer in time
|- LinkLost           they did wrong: the host is gone
|- ContractRefused    they did wrong: not signed, older than the one in force, or no contract
|- Abandoned          the cardholder or the merchant pressed CANCEL, or nobody did anything in time
`- ReaderFault        we did wrong: keys missing, journal corrupt, storage full
"""

from __future__ import annotations


class ReaderError(Exception):
    """Base of all; `why` is a name of the result's reasons, never data of a card."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class CardError(ReaderError):
    pass


class CardRemoved(CardError):
    def __init__(self) -> None:
        super().__init__("card_removed")


class CardSilent(CardError):
    def __init__(self) -> None:
        super().__init__("card_silent")


class LinkLost(ReaderError):
    def __init__(self) -> None:
        super().__init__("host_gone")


class ContractRefused(ReaderError):
    """`why` is an error code of the protocol."""


class Abandoned(ReaderError):
    pass


class ReaderFault(ReaderError):
    pass
