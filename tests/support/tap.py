"""A Visa or CB card in the field, answer by answer, and a terminal that takes it."""

from __future__ import annotations

from emv.profile import Application, ContactlessLimits, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.support.emv_bench import CLOCK, TERMINAL, TableCard, run

CB, VISA = "A0000000421010", "A0000000031010"

PPSE = "00A404000E325041592E5359532E4444463031"

PDOL = "9F3818" + "9F6604" + "9F0206" + "9F0306" + "9F1A02" + "5F2A02" + "9A03" + "9C01" + "9F3704"

PDOL = "9F38" + f"{(len(PDOL) - 6) // 2:02X}" + PDOL[6:]

TRACK_2 = "5711" + "4970101234567810D49122010000012300"

ARQC, TC, AAC = "80", "40", "00"


def sized(tag: str, value: str) -> str:
    length = len(value) // 2
    return tag + (f"{length:02X}" if length < 0x80 else f"81{length:02X}") + value


def entry(name: str, priority: str = "01", more: str = "") -> str:
    return sized("61", sized("4F", name) + sized("87", priority) + more)


def directory(*entries: str) -> str:
    inside = sized("BF0C", "".join(entries))
    return sized("6F", sized("84", "325041592E5359532E4444463031") + sized("A5", inside)) + "9000"


def selected(name: str, pdol: str = PDOL) -> str:
    return sized("6F", sized("84", name) + sized("A5", pdol)) + "9000"


def options(kind: str = ARQC, qualifiers: str = "0000", more: str = "", aip: str = "2000") -> str:
    data = TRACK_2 + "8202" + aip + "9F100706011203A00000" + "9F2608" + "11" * 8 + "9F36020007"
    data += "9F2701" + kind if kind else ""
    data += sized("9F6C", qualifiers) if qualifiers else ""
    return sized("77", data + more) + "9000"


def card(gpo: str, **more: str) -> TableCard:
    table = {PPSE: directory(entry(VISA)), "00A4040007" + VISA: selected(VISA), "80A8": gpo}
    for command, answer in more.items():
        table[command] = answer
    return TableCard(table)


def terminal(ttq: str = "36004000", policies: tuple = (), **limits: object) -> Profile:
    data = dict(TERMINAL)
    data[0x9F66] = bytes.fromhex(ttq)
    parameters = Parameters(limits=ContactlessLimits(**limits))
    applications = [Application(bytes.fromhex(aid), b"\x00\x00", True, 3, parameters) for aid in (VISA, CB)]
    return Profile("test", data, applications, policies=policies)


def tapped(scripted: TableCard, profile: Profile = None, amount: int = 1250) -> object:
    transaction = Transaction(profile or terminal(), Request(amount, CLOCK), bytes)
    outcome = run(transaction, scripted, contactless=True)
    outcome.transaction = transaction
    return outcome


def told(outcome: object) -> tuple:
    return outcome.name, outcome.cvm, outcome.start, outcome.ui
