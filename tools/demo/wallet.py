"""The cards of the demo as the page draws them; each lives as long as the demo and keeps its PIN tries and counter."""

from __future__ import annotations

from dataclasses import dataclass

from host.web.words import LANGUAGES, Texts
from tools.emulator.card import Card
from tools.simulators.card import SimulatedCard

CARDS: dict[str, Texts] = {  # a file of tools/simulators/cards: what it shows
    "cb_visa_debit": ("Débit", "Debit", "Debet"),
    "cb_mastercard_debit": ("Débit", "Debit", "Debet"),
    "mastercard_credit": ("Crédit", "Credit", "Krediet"),
    "phone_wallet": ("Téléphone", "Phone", "Telefoon"),
    "mastercard_wallet": ("Téléphone", "Phone", "Telefoon"),
    "prepaid": ("Prépayée, 20 €", "Prepaid, €20", "Prepaid, € 20"),
    "declined": ("Compte vide", "Empty account", "Lege rekening"),
    "expired": ("Expirée", "Expired", "Vervallen"),
    "sda_legacy": ("Ancienne", "Old", "Oude kaart"),
}


@dataclass(frozen=True)
class WalletCard:
    """`pin` is test data, so it is printed on the card; None: there is none to type."""

    name: str
    mark: str
    labels: Texts
    last4: str
    pin: str | None
    contact: bool
    contactless: bool
    card: Card

    def label(self, language: str) -> str:
        return self.labels[LANGUAGES.index(language)]


def wallet() -> list[WalletCard]:
    return [_card(name, labels) for name, labels in CARDS.items()]


def _card(name: str, labels: Texts) -> WalletCard:
    card = SimulatedCard.load(name)
    says = card.personalisation
    sides = bool(says.contact), bool(says.contactless)
    return WalletCard(name, says.mark, labels, says.last4, card.pin or None, *sides, card)
