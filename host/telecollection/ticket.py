"""The telecollection's ticket: success or failure, in the merchant's language. Data: whoever prints it lays it out.

Money is announced as received only when it is (FUNDED); before, a ticket names the day on which it is expected.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from host.acquirer.model import Totals
from host.money import CURRENCIES, Money
from host.telecollection.closing_store import Outcome
from host.telecollection.model import Remittance
from host.telecollection.states import State

WORDS: dict[str, tuple[str, str, str]] = {  # French, English, Dutch
    "title": ("TÉLÉCOLLECTE", "TELECOLLECTION", "TELECOLLECTE"),
    "success": ("TÉLÉCOLLECTE RÉUSSIE", "TELECOLLECTION SUCCEEDED", "TELECOLLECTE GESLAAGD"),
    "failure": ("TÉLÉCOLLECTE ÉCHOUÉE", "TELECOLLECTION FAILED", "TELECOLLECTE MISLUKT"),
    "again": ("Nouvel essai automatique", "It is tried again automatically", "Wordt automatisch opnieuw geprobeerd"),
    "day": ("Journée du", "Business day", "Dag van"),
    "remittance": ("Remise n°", "Remittance no.", "Afrekening nr."),
    "lines": ("Opérations", "Transactions", "Verrichtingen"),
    "debits": ("Débits", "Debits", "Debet"),
    "credits": ("Crédits", "Credits", "Credit"),
    "cancellations": ("Annulations", "Cancellations", "Annuleringen"),
    "rejected": ("Opérations rejetées", "Rejected transactions", "Geweigerde verrichtingen"),
    "net": ("NET", "NET", "NETTO"),
    "absent": ("Lecteur absent", "Reader absent", "Lezer afwezig"),
    "refused": ("Journée refusée du lecteur", "Day refused of reader", "Dag geweigerd van lezer"),
    "expected": ("Fonds attendus le", "Money expected on", "Geld verwacht op"),
    "funded": ("Fonds reçus", "Money received", "Geld ontvangen"),
    "out_of_balance": (
        "Totaux différents de ceux de la banque",
        "Totals differ from the bank’s",
        "Totalen verschillen",
    ),
}
LANGUAGES = ("fr", "en", "nl")
WIDTH = 40  # columns
GOOD = frozenset({State.ACKED, State.PARTLY_REJECTED, State.FUNDED})


@dataclass(frozen=True)
class Ticket:
    title: str
    success: bool
    verdict: str
    rows: tuple[tuple[str, str], ...]  # what, and how much


def ticket_of(
    remittance: Remittance, totals: Iterable[Totals], closed: dict[str, Outcome], rejected: int, language: str = "fr"
) -> Ticket:
    """`totals` of the lines that were taken; `closed`: what came of each reader."""
    words = {key: texts[LANGUAGES.index(language)] for key, texts in WORDS.items()}
    success = remittance.state in GOOD and not any(outcome is not Outcome.SEALED for outcome in closed.values())
    rows = [(words["day"], f"{remittance.business_date:%d/%m/%Y}")]
    rows += [(words["remittance"], f"{remittance.reference} / {remittance.sequence}")]
    rows += [(words["lines"], str(remittance.count))]
    rows += [row for total in totals for row in _of_scheme(total, words, language)]
    if rejected:
        rows += [(words["rejected"], str(rejected))]
    rows += [(words["net"], Money(remittance.net_minor, remittance.currency).text(language))]
    rows += [(words[outcome.value], reader) for reader, outcome in closed.items() if outcome is not Outcome.SEALED]
    rows += _outlook(remittance, words)
    return Ticket(words["title"], success, words["success" if success else "failure"], tuple(rows))


def as_text(ticket: Ticket) -> str:
    """For a printer of WIDTH columns; what does not fit beside its name goes below it, on the right."""
    lines = [ticket.title.center(WIDTH), ticket.verdict.center(WIDTH), ""]
    for what, how_much in ticket.rows:
        if len(what) + 1 + len(how_much) > WIDTH:
            lines.append(what)
            what = ""
        lines.append(what + how_much.rjust(WIDTH - len(what)))
    return "\n".join(line.rstrip() for line in lines)


def _of_scheme(total: Totals, words: dict[str, str], language: str) -> list[tuple[str, str]]:
    currency = CURRENCIES[total.currency]
    sides = (
        ("debits", total.debit_count, total.debit_minor),
        ("credits", total.credit_count, total.credit_minor),
        ("cancellations", total.cancellation_count, total.cancellation_minor),
    )
    scheme = f"{total.brand.upper()} {total.aid.hex().upper()}"
    return [
        (f"{scheme} {words[side]}", f"{count} – {Money(minor, currency).text(language)}")
        for side, count, minor in sides
        if count
    ]


def _outlook(remittance: Remittance, words: dict[str, str]) -> list[tuple[str, str]]:
    if remittance.state is State.FUNDED:
        return [(words["funded"], "")]
    if remittance.state is State.OUT_OF_BALANCE:
        return [(words["out_of_balance"], "")]
    if remittance.state not in GOOD:
        return [(words["again"], remittance.why or "")]
    return [(words["expected"], f"{remittance.expected_on:%d/%m/%Y}")] if remittance.expected_on else []
