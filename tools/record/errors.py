"""What can go wrong while a card is recorded.

RecordingFailed     there is no card, it left, or what it did cannot be written down
`- NotResignable    what the card gave cannot be signed anew
"""

from __future__ import annotations


class RecordingFailed(Exception):
    """The message is for whoever records; nothing of the card is in it."""


class NotResignable(RecordingFailed):
    pass
