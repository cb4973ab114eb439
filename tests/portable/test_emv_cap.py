"""EMV-CAP: what two real cards answered, as published with open tools (the account numbers are made up)."""

from __future__ import annotations

from emv import cap
from emv.action import EnterPin, Finish, PinEntry, Send
from emv.cap import token
from emv.errors import FlowFault
from emv.kernel import flow
from emv.profile import Application, Parameters
from tests.support.emv_bench import TableCard, rules

MASTERCARD, VISA, PAYING = "A0000000048002", "A0000000038002", "A0000000041010"
FCI = "6F2E8407A0000000048002A5239F38039F35015F2D026672BF0C159F5501005F2C020056DF0709424B53303536303038" + "9000"
FCI_VISA = "6F388407A0000000038002A52D9F38039F35015F2D026672BF0C1F9F5501005F5502424542034454715F2C020056DF0709"
LISTS = (
    "9F560B0000FF000000000003FFFF8E0A000000000000000001008C1B9F02069F03069F1A0295055F2A029A039C019F37049F4C029F3403"
    "8D1F8A029F02069F03069F1A0295055F2A029A039C019F37049F4C029F3403910A"
)
CARD = {
    "00A4040007" + MASTERCARD: FCI,
    "80A8000003830134": "770E82021000940808010100080404009000",
    "00B2010C00": "703E5A0967030405123456789F5F3401025F25030801015F2403121231571367030405123456789D12122210000022"
    "00009F5F280200569F420209789F4401029000",
    "00B2040C00": "7058" + LISTS + "9000",
    "80CA9F1700": "9F1701039000",
}
# Both GENERATE AC without a challenge; the counter is 5A.
FIRST = "80AE80002200000000000000000000000000008000000000000000000000000000000000010002"
LAST = "80AE00002E5A330000000000000000000000000000800000000000000000000000000000000001000200000000000000000000"
IDENTIFY = {
    FIRST: "77269F2701809F3602005A9F2608513C1201B7DB02A09F100F06015603A4000007000300000100029000",
    LAST: "77269F2701009F3602005A9F2608AB0862BD0B5A7B8C9F100F0601560325A00007010300000100029000",
}
# The same with the challenge 1234; the counter was 59.
RESPOND = {
    "80AE80002200000000000000000000000000008000000000000000000000000012340000010002": "77269F2701809F36020059"
    "9F260894AB83B4EA4FCD879F100F06015603A4000007000300000100029000",
    "80AE00002E5A330000000000000000000000000000800000000000000000000000001234000001000200000000000000000000": "7726"
    "9F2701009F360200599F26086AC5D81B1BDE0C9A9F100F0601560325A00007010300000100029000",
}
VISA_CARD = {
    "00A4040007" + VISA: FCI_VISA + "424B53303536303038" + "9000",
    "80A8000003830134": "770E82021000940808010100100202009000",
    "00B2010C00": "70345A0844541234567890125F34010157131234567890120919D13062010101062800008F5F25030912015F24031306"
    "305F280200569000",
    "00B2021400": "7058" + LISTS + "9000",
    "80CA9F1700": "9F1701039000",
    "80AE80002200000000000000000000000000008000000000000001010100000000000000010002": "77269F2701809F3602004B"
    "9F2608499FC380743A56ED9F100F06025703A4000007000300000100029000",
    "80AE00002E5A330000000000000000000000000000800000000000000101010000000000000001000200000000000000000000": "7726"
    "9F2701009F3602004B9F260806656B99762147A69F100F0602570325200007010300000100029000",
}
RIGHT = PinEntry("entered", 0x90, 0x00)


def card(*tables: dict, **more: str) -> TableCard:
    answers = {}
    for table in tables:
        answers.update(table)
    answers.update(more)
    return TableCard(answers)


def signed(scripted: TableCard, entries: tuple = (RIGHT,), **more: object) -> cap.CapTransaction:
    paying = [Application(bytes.fromhex(PAYING), b"\x00\x02", True, None, Parameters())]
    transaction = cap.CapTransaction(paying, **more)
    entries = list(entries)
    action = cap.begin(transaction)
    while not isinstance(action, Finish):
        if isinstance(action, Send):
            action = flow.advance(transaction, scripted.transmit(action.command))
        else:
            assert isinstance(action, EnterPin) and action.method == "offline_plaintext"
            action = flow.advance(transaction, entries.pop(0))
    transaction.outcome = action.outcome
    return transaction


def test_identify_as_a_real_card() -> None:
    scripted = card(CARD, IDENTIFY)
    transaction = signed(scripted)
    assert (transaction.outcome.name, transaction.outcome.why) == ("approved", "token_made")
    assert transaction.outcome.cvm == "offline_pin"
    assert token.response(transaction) == "23790240"
    assert transaction.signed.hex() == "80" + "005a" + "513c1201b7db02a0" + "06015603a400000700030000010002"
    assert scripted.commands[3:] == [
        "00A4040007" + MASTERCARD + "00",
        "80A800000383013400",
        "00B2010C00",
        "00B2040C00",
        "80CA9F1700",
        FIRST + "00",
        LAST + "00",
    ]


def test_respond_as_a_real_card() -> None:
    assert token.response(signed(card(CARD, RESPOND), challenge="1234")) == "23580039"


def test_visa_as_a_real_card() -> None:
    assert token.response(signed(card(VISA_CARD))) == "19814125"


def test_sign_puts_the_amount_and_the_number() -> None:
    scripted = card(CARD, **{"80AE80": IDENTIFY[FIRST], "80AE00": IDENTIFY[LAST]})
    signed(scripted, challenge="31012345", amount_minor=123456)
    for command in scripted.commands[-2:]:
        assert "000000123456" + "000000000000" in command
        assert "31012345" + "0000" + "010002" in command


def test_the_application_that_pays_stands_in() -> None:
    found = "6F09" + "8407" + PAYING + "9000"
    scripted = card(CARD, IDENTIFY, **{"00A4040007" + MASTERCARD: "6A82", "00A4040007" + PAYING: found})
    scripted.answers["80A80000028300"] = CARD["80A8000003830134"]
    transaction = signed(scripted)
    assert transaction.outcome.name == "approved"
    assert transaction.data[0x9F06].hex().upper() == PAYING


def test_pins_that_are_wrong_bypassed_or_blocked_sign_nothing() -> None:
    for entries, tries in (
        ((PinEntry("entered", 0x63, 0xC2), PinEntry("entered", 0x63, 0xC1), PinEntry("bypassed")), "03"),
        ((PinEntry("entered", 0x69, 0x83),), "03"),
        ((PinEntry("bypassed"),), "03"),
        ((PinEntry("unavailable"),), "03"),
        ((), "00"),
    ):
        scripted = card(CARD, IDENTIFY, **{"80CA9F1700": "9F1701" + tries + "9000"})
        transaction = signed(scripted, entries)
        assert (transaction.outcome.name, transaction.outcome.why) == ("declined", "verification_failed")
        assert not [command for command in scripted.commands if command.startswith("80AE")]
    assert token.response(signed(card(CARD, IDENTIFY), (PinEntry("entered", 0x63, 0xC2), RIGHT))) == "23790240"


def test_a_card_that_makes_no_arqc() -> None:
    refused = IDENTIFY[FIRST].replace("9F270180", "9F270100")
    above = IDENTIFY[FIRST].replace("9F270180", "9F270140")
    for answer, end in (
        (refused, ("declined", "card_declines")),
        (above, ("end_application", "cryptogram_above_request")),
        ("6985", ("end_application", "cryptogram_refused")),
    ):
        transaction = signed(card(CARD, **{"80AE80": answer}))
        assert (transaction.outcome.name, transaction.outcome.why) == end
        assert "token_made" not in rules(transaction)


def test_the_bitmap_chooses_the_bits() -> None:
    for bitmap, message, digits in (
        ("FF", "2A", "42"),
        ("0F0F", "1234", "36"),
        ("8001", "8001", "3"),
        ("FFFF", "01", "1"),
        ("FF", "0102", "1"),
        ("00", "FF", "0"),
    ):
        assert token.compress(bytes.fromhex(bitmap), bytes.fromhex(message)) == digits, (bitmap, message)


def test_sequence_number_and_usual_bitmap() -> None:
    transaction = signed(card(CARD, IDENTIFY))
    del transaction.data[0x9F56]
    # 1, then the counter 5A, then 17 bits of the cryptogram.
    assert token.response(transaction) == str(1 << 25 | 0x5A << 17 | 0x1DB02A0 & 0x1FFFF)
    transaction.data[0x9F55] = b"\x40"
    transaction.data[0x9F56] = b"\xff\xff"
    assert token.response(transaction) == str(0x0280)


def test_challenges() -> None:
    for challenge in ("123456789", "12a4", "-1", "\u0661"):
        assert refused(challenge) == "challenge_malformed", challenge
    assert refused("12345678") == ""


def refused(challenge: str) -> str:
    try:
        cap.CapTransaction([], challenge)
    except FlowFault as fault:
        return fault.why
    return ""
