"""A Mastercard in the field, answer by answer, and kernel 2 before any of its steps."""

from __future__ import annotations

from emv.errors import CardFault
from emv.profile import Application, ContactlessLimits, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.support.emv_bench import CLOCK, TableCard, decide, run

AID = "A0000000041010"

PAN = "5413330089601232"

SELECT = "00A4040007" + AID + "00"

CDOL1 = "9F0206" + "9F3704" + "9505"

# 5A, 5F24, 57, 8C, 9F51 (DRDOL 9F37, 9F02), IAC 9F0D to 9F0F
RECORD = (
    "5A08" + PAN + "5F2403491231" + "5713" + PAN + "D4912201" + "0000012300000" + "F"
    + "8E0C" + "0" * 16 + "42031F03" + "8C08" + CDOL1 + "9F5106" + "9F37049F0206"
    + "9F0D050000000000" + "9F0E050000000000" + "9F0F050000000000"
)  # fmt: skip

TERMINAL = {
    0x9F33: "6040C8",
    0x9F35: "22",
    0x9F40: "6000F0A001",
    0x9F1A: "0250",
    0x5F2A: "0978",
    0xDF8117: "20",
    0xDF8118: "40",
    0xDF8119: "08",
    0xDF811B: "A0",
    0xDF811C: "012C",
    0xDF811D: "05",
    0xDF811F: "08",
}

LIMITS = ContactlessLimits(10000, 20000, 5000, 2000)

AAC, TC, ARQC = "00", "40", "80"


def tlv(tag: str, value: str) -> str:
    length = len(value) // 2
    return tag + ("" if length < 128 else "81") + f"{length:02X}" + value


def cryptogram(kind: str, more: str = "") -> str:
    content = "9F2701" + kind + "9F36020007" + "9F2608" + "1122334455667788" + more
    return tlv("77", content) + "9000"


def card(aip: str = "1080", afl: str = "10010100", answer: str = TC, record: str = RECORD, **more: str) -> TableCard:
    """A card of format 2 with one record, `answer` a type of cryptogram; `more` replaces answers by command."""
    directory = tlv("6F", tlv("84", "325041592E5359532E4444463031") + tlv("A5", tlv("BF0C", tlv("61", tlv("4F", AID)))))
    answers = {
        "00A404000E": directory + "9000",
        "00A4040007": tlv("6F", tlv("84", AID) + tlv("A5", tlv("50", "4D43"))) + "9000",
        "80A8": tlv("77", tlv("82", aip) + tlv("94", afl)) + "9000",
        "00B20114": tlv("70", record) + "9000",
        "80AE": cryptogram(answer) if len(answer) == 2 else answer,
    }
    answers.update({key[1:]: value for key, value in more.items()})
    return TableCard(answers)


def transaction(
    amount: int = 1250, kind: int = 0, torn: list | None = None, data: dict | None = None, **more
) -> Transaction:
    limits = more.pop("limits", LIMITS)
    clock = more.pop("clock", CLOCK)
    policies = more.pop("policies", ())
    application = Application(bytes.fromhex(AID), b"\x00\x02", True, 2, Parameters(limits=limits, **more))
    terminal = dict(TERMINAL)
    terminal.update(data or {})
    values = {tag: bytes.fromhex(value) for tag, value in terminal.items()}
    profile = Profile("test", values, [application], policies=policies)
    return Transaction(profile, Request(amount, clock, transaction_type=kind), counted(), torn)


def counted():
    drawn = [0]

    def draw(length: int) -> bytes:
        drawn[0] += 1
        return drawn[0].to_bytes(length, "big")

    return draw


def tapped(to: TableCard, amount: int = 1250, **more) -> tuple:
    """(outcome, transaction)"""
    made = transaction(amount, **more)
    return run(made, to, contactless=True), made


def entered(step: str, data: dict, **more) -> Transaction:
    """Before `step` of kernel 2, with `data` (tag -> hex) from the card."""
    made = transaction(**more)
    made.enter(made.profile.applications[0])
    made.contactless = True
    made.exchange.append((b"", b"\x90\x00"))
    made.bring([(tag, bytes.fromhex(value)) for tag, value in data.items()], 1)
    made.step = "contactless." + step
    return made


def raised(made: Transaction, reply: object = None) -> str:
    try:
        decide(made, reply)
    except CardFault as fault:
        return fault.why
    return ""
