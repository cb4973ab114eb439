"""Prints what a card in a PC/SC reader says of itself: its applications and records, PAN masked, no RSA block."""

from __future__ import annotations

from collections.abc import Iterator

from emv import apdu, dol, tlv
from emv.errors import CardFault
from emv.generated.tags import TAGS
from emv.trace import REDACTED, RSA_BYTES
from firmware.secure.card_data import pan
from firmware.secure.redaction import hide_pan, redact_exchange
from tools import profiles
from tools.emulator.card import Card, CardGone

_DIRECTORIES = (b"2PAY.SYS.DDF01", b"1PAY.SYS.DDF01")
_AID = 0x4F
_PDOL = 0x9F38
_LOCATOR = 0x94
_SHORT_FILE = 0x88
_MOST_RECORDS = 10
_TERMINAL = {0x9F66: bytes.fromhex("36000000"), 0x9F1A: b"\x02\x50", 0x5F2A: b"\x09\x78"}


def read(name: str) -> None:
    """Print the card in the first reader whose name contains `name`, or say why not."""
    from tools.emulator.pcsc import PcscCard

    try:
        card = PcscCard(name)
    except LookupError as error:
        print(error)
        return
    try:
        print("answer to reset", card.power_on("contact").hex(" ").upper())
        for line in describe(card):
            print(line)
    except CardGone:
        print("no card in the reader, or it was taken out")
    finally:
        card.power_off()


def describe(card: Card) -> Iterator[str]:
    """Line by line. The card is powered. Raises CardGone."""
    for aid in _applications(card):
        answer = _ask(card, apdu.select(aid))
        if answer is None:
            continue
        yield f"application {aid.hex().upper()}"
        responses = [answer, *_records(card, answer)]
        digits = _pan_of(responses)
        if digits:
            yield f"  PAN ends in {digits[-4:]}"
        for response in responses:
            yield from _lines(_shown(response, digits))


def _applications(card: Card) -> list[bytes]:
    """What the directories name, then what the terminal knows."""
    found: list[bytes] = []
    for directory in _DIRECTORIES:
        answer = _ask(card, apdu.select(directory))
        if answer is not None:
            objects = [pair for response in (answer, *_directory_records(card, answer)) for pair in _objects(response)]
            found += [value for tag, value in objects if tag == _AID]
    found += [application.aid for application in profiles.france().applications]
    return list(dict.fromkeys(found))


def _directory_records(card: Card, answer: bytes) -> Iterator[bytes]:
    file = dict(_objects(answer)).get(_SHORT_FILE)
    if not file:
        return
    for number in range(1, _MOST_RECORDS + 1):
        record = _ask(card, apdu.read_record(number, file[0]))
        if record is None:
            return
        yield record


def _records(card: Card, selected: bytes) -> Iterator[bytes]:
    """The answer to GET PROCESSING OPTIONS, and the records that it lists."""
    asked = dict(_objects(selected)).get(_PDOL, b"")
    options = _ask(card, apdu.get_processing_options(dol.fill(asked, _TERMINAL)))
    if options is None:
        return
    yield options
    objects = dict(_objects(options))
    locator = objects.get(_LOCATOR, objects.get(0x80, b"")[2:])
    for at in range(0, len(locator) - 3, 4):
        for number in range(locator[at + 1], locator[at + 2] + 1):
            record = _ask(card, apdu.read_record(number, locator[at] >> 3))
            if record is not None:
                yield record


def _ask(card: Card, command: bytes) -> bytes | None:
    """The data of the answer, None when the card refuses."""
    answer = card.transmit(command)
    if answer[-2:-1] == b"\x6c":
        answer = card.transmit(apdu.with_length(command, answer[-1]))
    elif answer[-2:-1] == b"\x61":
        answer = card.transmit(apdu.get_response(answer[-1]))
    return answer[:-2] if answer[-2:] == b"\x90\x00" else None


def _pan_of(responses: list[bytes]) -> str:
    return pan(dict(pair for response in responses for pair in _objects(response)))


def _shown(response: bytes, digits: str) -> bytes:
    _, redacted = redact_exchange(bytes(4), response + b"\x90\x00")
    return (hide_pan([(b"", redacted)], digits)[0][1] if digits else redacted)[:-2]


def _objects(data: bytes) -> list[tuple[int, bytes]]:
    try:
        return tlv.objects(data)
    except CardFault:
        return []


def _lines(response: bytes) -> Iterator[str]:
    for tag, value in _objects(response):
        name = TAGS[tag][0] if tag in TAGS else ""
        hidden = tag in REDACTED or len(value) >= RSA_BYTES
        text = f"({len(value)} bytes, not shown)" if hidden else value.hex().upper()
        yield f"  {tlv.tag_bytes(tag).hex().upper():<6}{name}: {text}"
