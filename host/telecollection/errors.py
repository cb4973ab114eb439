"""What can go wrong in telecollection.

TelecollectionError
|- IllegalMove        we did wrong: states.py does not lead there
|- UnknownContract    we did wrong: no such contract, or it is closed
|- NotRejected        we did wrong: only a line that the acquirer rejected is presented again, and once
|- NothingShort       we did wrong: only money that came and was less than is due leaves a fee
|- SealBroken         the copies are not what the reader sealed: refused (attacks/B-16)
|- FileChanged        a batch written again is not the one that was sent: refused
|- MalformedSeal      they did wrong: totals or lines of a seal cannot be read
`- MalformedStatement they did wrong: no camt.053 or camt.054, or one with a DTD
"""

from __future__ import annotations


class TelecollectionError(Exception):
    """Base of all; messages hold no card data."""


class IllegalMove(TelecollectionError):
    pass


class UnknownContract(TelecollectionError):
    pass


class NotRejected(TelecollectionError):
    pass


class NothingShort(TelecollectionError):
    pass


class SealBroken(TelecollectionError):
    """`why` is a key of words: hash, line, copy_missing, copy_differs, chain, fork."""

    def __init__(self, reader: str, number: int, why: str) -> None:
        super().__init__(f"day {number} of {reader}: {why}")
        self.reader = reader
        self.number = number
        self.why = why


class FileChanged(TelecollectionError):
    pass


class MalformedSeal(TelecollectionError):
    pass


class MalformedStatement(TelecollectionError):
    pass
