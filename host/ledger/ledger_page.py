"""The page that shows the books: the latest entries, each with the accounts that it debits and credits."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, Protocol

from nicegui import ui

from host.ledger.model import Account, Entry, Posting
from host.money import Money
from host.web.elements import box, money, text
from host.web.words import LANGUAGES, Texts, in_language

STYLE = Path(__file__).parent / "ledger.css"
SHOWN = 50  # entries
TEXTS: dict[str, Texts] = {
    "title": ("Dernières écritures", "Latest entries", "Laatste boekingen"),
    "none": ("Aucune écriture encore.", "No entry yet.", "Nog geen boeking."),
    "number": ("N°", "No.", "Nr."),
    "booked": ("Date", "Date", "Datum"),
    "reference": ("Référence", "Reference", "Referentie"),
    "account": ("Compte", "Account", "Rekening"),
    "debit": ("Débit", "Debit", "Debet"),
    "credit": ("Crédit", "Credit", "Credit"),
}
ACCOUNTS: dict[Account, Texts] = {
    Account.CARD_RECEIVABLE: ("Cartes à recevoir", "Cards receivable", "Te ontvangen van kaarten"),
    Account.ACQUIRER_SETTLEMENT: ("Remises acquittées", "Acknowledged remittances", "Bevestigde afdrachten"),
    Account.BANK: ("Banque", "Bank", "Bank"),
    Account.FEES: ("Commissions", "Commissions", "Commissies"),
    Account.DRAWER: ("Espèces rendues", "Cash back", "Opgenomen contant geld"),
    Account.SALES: ("Ventes", "Sales", "Verkopen"),
    Account.TIPS: ("Pourboires", "Tips", "Fooien"),
}
ALWAYS_SHOWN = (Account.CARD_RECEIVABLE, Account.SALES)


class Ledger(Protocol):
    """What the page asks of ledger.service.LedgerService."""

    def recent(self, work: Any, count: int) -> list[tuple[int, Entry]]: ...

    def balance(self, work: Any, account: Account) -> Money: ...


class LedgerPage:
    def __init__(self, ledger: Ledger, transaction: Callable[[], AbstractContextManager[Any]]) -> None:
        self._ledger = ledger
        self._transaction = transaction
        self._views: list[Any] = []

    def build(self, language: str) -> None:
        view = ui.refreshable(lambda: self._content(language))
        view()
        self._views.append(view)
        ui.context.client.on_delete(lambda: self._views.remove(view))

    def follow(self) -> None:
        """Something was booked."""
        for view in self._views:
            view.refresh()

    def _content(self, language: str) -> None:
        words = in_language(TEXTS, language)
        with self._transaction() as work:
            entries = self._ledger.recent(work, SHOWN)
            balances = {account: self._ledger.balance(work, account) for account in Account}
        with box("ledger"):
            with box("balances"):
                for account, balance in balances.items():
                    if not balance and account not in ALWAYS_SHOWN:
                        continue
                    with box("balance"):
                        text(_account(account, language), "soft")
                        side = "debit" if balance.amount_minor >= 0 else "credit"
                        money(balance if side == "debit" else -balance, language, "balance-amount")
                        text(words[side], "soft small-print")
            text(words["title"], tag="h2")
            if entries:
                self._table(entries, words, language)
            else:
                text(words["none"], "soft")

    def _table(self, entries: list[tuple[int, Entry]], words: dict[str, str], language: str) -> None:
        with box("entries", "table"):
            with box(tag="thead"), box(tag="tr"):
                for column in ("number", "booked", "reference", "account", "debit", "credit"):
                    text(words[column], "money" if column in ("number", "debit", "credit") else "", "th")
            for entry_id, entry in entries:
                with box("entry", "tbody", data_entry=str(entry_id)):
                    for place, posting in enumerate(entry.postings):
                        with box(tag="tr"):
                            head = (str(entry_id), f"{entry.booked_at.astimezone():%d/%m/%Y %H:%M}")
                            number, booked = head if place == 0 else ("", "")
                            text(number, "money", "td")
                            text(booked, "moment", "td")
                            text(entry.reference.hex() if place == 0 else "", "code soft", "td")
                            self._posting(posting, language)

    def _posting(self, posting: Posting, language: str) -> None:
        text(_account(posting.account, language), "", "td")
        debit = posting.amount.amount_minor > 0
        shown = (posting.amount if debit else -posting.amount).text(language)
        text(shown if debit else "", "money", "td")
        text("" if debit else shown, "money", "td")


def _account(account: Account, language: str) -> str:
    return ACCOUNTS[account][LANGUAGES.index(language)]
