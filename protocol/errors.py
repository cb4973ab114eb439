"""What can go wrong in the conversation, and whose fault it is.

ProtocolError            `reason` is one of the names below; never data of a payment
|- InvalidMessage          does not follow the schema; whoever handed it over knows whose fault that is
|  |- UnknownMessage         a type that the schema does not have
|  `- MalformedCbor          not even deterministic CBOR
|- LocalProtocolError      we did wrong; the session is as it was before
`- RemoteProtocolError     they did wrong; the session is over
"""

from __future__ import annotations

# RemoteProtocolError.reason
CHECKSUM = "checksum"  # a frame arrived damaged
GAP = "gap"  # a frame is missing, or came twice
TOO_LARGE = "too_large"  # a frame above the bound
FLOOD = "flood"  # more than we granted
BAD_MESSAGE = "bad_message"  # a whole frame, and in it something else than a message
OUT_OF_ORDER = "out_of_order"  # not theirs to say, or not now
WRONG_VERSION = "wrong_version"  # no version in common

# LocalProtocolError.reason: OUT_OF_ORDER, TOO_LARGE, or
NO_CREDIT = "no_credit"  # the peer has not granted another frame yet


class ProtocolError(Exception):
    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason + ": " + detail if detail else reason)
        self.reason = reason


class InvalidMessage(ProtocolError):
    def __init__(self, detail: str) -> None:
        super().__init__(BAD_MESSAGE, detail)


class UnknownMessage(InvalidMessage):
    pass


class MalformedCbor(InvalidMessage):
    pass


class LocalProtocolError(ProtocolError):
    pass


class RemoteProtocolError(ProtocolError):
    pass
