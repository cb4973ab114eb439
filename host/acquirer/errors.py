"""What can go wrong when the acquirer is asked. `may_have_approved` decides whether a reversal can be due.

AcquirerError
|- AcquirerUnreachable   they did wrong: not connected, so nothing was asked
|- RequestRefused        we did wrong: the acquirer calls our message invalid and did nothing
|- CancellationDeclined  the acquirer does not cancel: the message is its reason
`- NoUsableAnswer        the request left; what became of it is not known
   |- AcquirerSilent       no answer before the deadline
   |- ConnectionCut        the connection broke in mid answer
   `- BadAnswer            they did wrong: an error of theirs, or the answer to another question
      `- MalformedMessage    not the caaa message that was due

UnwritableLine          they did wrong: a capture record that no batch can hold; its message is the transaction id
"""

from __future__ import annotations


class AcquirerError(Exception):
    """Base of all; messages hold no card data."""

    may_have_approved = False


class AcquirerUnreachable(AcquirerError):
    pass


class RequestRefused(AcquirerError):
    pass


class CancellationDeclined(AcquirerError):
    pass


class NoUsableAnswer(AcquirerError):
    may_have_approved = True


class AcquirerSilent(NoUsableAnswer):
    pass


class ConnectionCut(NoUsableAnswer):
    pass


class BadAnswer(NoUsableAnswer):
    pass


class MalformedMessage(BadAnswer):
    pass


class UnwritableLine(ValueError):
    pass
