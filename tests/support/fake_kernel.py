"""A contactless kernel from outside emv, as small as one can be: it asks for the cryptogram and goes online with it."""

from __future__ import annotations

from emv import apdu
from emv.action import Send

NUMBER = 8
ROW = (
    "tests.support.fake_kernel",
    {"tests.support.fake_kernel": {"answered": "online", "refused": "contactless.entry_point"}},
)


def decide(transaction: object, reply: object) -> object:
    if reply is None:
        return Send(apdu.get_processing_options(b""))
    _, sw = reply
    transaction.note("online_wanted" if sw == 0x9000 else "processing_options_refused")
    return "answered" if sw == 0x9000 else "refused"
