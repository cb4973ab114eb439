"""What the posters say: French, English, Dutch (services/L-4, L-14)."""

from __future__ import annotations

from host.web.words import Texts

TEXTS: dict[str, Texts] = {
    "invite": ("Votre fidélité, récompensée", "Your loyalty, rewarded", "Uw trouw beloond"),
    "rewards": ("Vos récompenses", "Your rewards", "Uw beloningen"),
    "join": ("Pour s’inscrire", "How to join", "Zo doet u mee"),
    "step_pay": ("Payez par carte ou téléphone.", "Pay by card or phone.", "Betaal met kaart of telefoon."),
    "step_type": (
        "Tapez votre numéro de mobile sur le lecteur.",
        "Type your mobile number on the reader.",
        "Typ uw mobiele nummer op de lezer.",
    ),
    "step_confirm": (
        "Confirmez par le code reçu par SMS.",
        "Confirm by the code that comes by SMS.",
        "Bevestig met de code uit de sms.",
    ),
    "scan": (
        "À scanner : le règlement, et ce que deviennent vos données.",
        "To scan: the conditions, and what becomes of your data.",
        "Om te scannen: het reglement, en wat er met uw gegevens gebeurt.",
    ),
    "reassure": (
        "Gratuit. Votre numéro n’est ni vendu ni cédé. Vous effacez tout quand vous voulez.",
        "Free. Your number is neither sold nor given away. You erase everything whenever you want.",
        "Gratis. Uw nummer wordt niet verkocht of doorgegeven. U wist alles wanneer u wilt.",
    ),
}
