"""Why a payment ended as it did, in the merchant's words.

Names come from the reader (firmware/flows/reasons.py), from the link (host/terminal/errors.py) and from attempt.py.
"""

from __future__ import annotations

from host.web.words import LANGUAGES, Texts

REASONS: dict[str, Texts] = {
    "declined_by_issuer": (
        "Refusé par la banque du client.",
        "Declined by the customer’s bank.",
        "Geweigerd door de bank van de klant.",
    ),
    "insufficient_funds": ("Provision insuffisante.", "Insufficient funds.", "Onvoldoende saldo."),
    "card_expired": ("Carte expirée.", "Card expired.", "Kaart verlopen."),
    "pin_wrong": ("Code PIN faux.", "Wrong PIN.", "Onjuiste pincode."),
    "pin_blocked": ("Code PIN bloqué.", "PIN blocked.", "Pincode geblokkeerd."),
    "chip_and_pin_required": (
        "La banque demande la puce et le code.",
        "The bank wants chip and PIN.",
        "De bank vraagt chip en pincode.",
    ),
    "declined_by_card": ("Refusé par la carte.", "Declined by the card.", "Geweigerd door de kaart."),
    "card_not_genuine": (
        "L’authenticité de la carte n’est pas prouvée.",
        "The card could not be proven genuine.",
        "De kaart kon niet worden geverifieerd.",
    ),
    "card_not_accepted": ("Carte non acceptée ici.", "Card not accepted here.", "Kaart hier niet aanvaard."),
    "card_unreadable": ("Carte illisible.", "Card unreadable.", "Kaart onleesbaar."),
    "no_answer": ("La banque n’a pas répondu.", "The bank did not answer.", "De bank antwoordde niet."),
    "answer_not_authentic": (
        "La réponse de la banque n’est pas authentique.",
        "The bank’s answer is not authentic.",
        "Het antwoord van de bank is niet authentiek.",
    ),
    "card_removed": ("Carte retirée trop tôt.", "Card removed too early.", "Kaart te vroeg uitgenomen."),
    "card_silent": ("La carte ne répond plus.", "The card went silent.", "De kaart antwoordt niet meer."),
    "card_declined_reversal_owed": (
        "La carte a refusé après l’accord de la banque.",
        "The card declined after the bank approved.",
        "De kaart weigerde na akkoord van de bank.",
    ),
    "card_removed_reversal_owed": (
        "Carte retirée après l’accord de la banque.",
        "Card removed after the bank approved.",
        "Kaart uitgenomen na akkoord van de bank.",
    ),
    "reader_fault_reversal_owed": (
        "Panne du lecteur après l’accord de la banque.",
        "Reader fault after the bank approved.",
        "Lezerfout na akkoord van de bank.",
    ),
    "cardholder_cancelled": ("Annulé par le client.", "Cancelled by the customer.", "Geannuleerd door de klant."),
    "merchant_cancelled": ("Annulé à la caisse.", "Cancelled at the till.", "Geannuleerd aan de kassa."),
    "host_gone": ("Le lecteur avait perdu la caisse.", "The reader had lost the till.", "De lezer was de kassa kwijt."),
    "card_timeout": ("Aucune carte présentée à temps.", "No card presented in time.", "Geen kaart op tijd aangeboden."),
    "card_not_removed": (
        "La carte est restée dans le lecteur.",
        "The card was left in the reader.",
        "De kaart bleef in de lezer.",
    ),
    "pin_timeout": ("Code non saisi à temps.", "PIN not entered in time.", "Pincode niet op tijd ingevoerd."),
    "choice_timeout": ("Aucun choix fait à temps.", "No choice made in time.", "Niet op tijd gekozen."),
    "interrupted_before_online": (
        "Lecteur interrompu avant l’autorisation.",
        "Reader interrupted before authorisation.",
        "Lezer onderbroken vóór autorisatie.",
    ),
    "interrupted_while_online": (
        "Lecteur interrompu pendant l’autorisation.",
        "Reader interrupted during authorisation.",
        "Lezer onderbroken tijdens autorisatie.",
    ),
    "result_not_kept": (
        "Le lecteur n’a pas gardé le résultat.",
        "The reader did not keep the result.",
        "De lezer bewaarde het resultaat niet.",
    ),
    "keys_missing": ("Le lecteur n’a pas de clés.", "The reader has no keys.", "De lezer heeft geen sleutels."),
    "keys_exhausted": (
        "Les clés du lecteur sont épuisées.",
        "The reader’s keys are used up.",
        "De sleutels van de lezer zijn op.",
    ),
    "storage_full": (
        "La mémoire du lecteur est pleine.",
        "The reader’s storage is full.",
        "Het geheugen van de lezer is vol.",
    ),
    "reader_fault": ("Panne du lecteur.", "Reader fault.", "Lezerfout."),
    "reader_not_found": ("Lecteur introuvable.", "Reader not found.", "Lezer niet gevonden."),
    "link_lost": (
        "Liaison avec le lecteur perdue.",
        "Link with the reader lost.",
        "Verbinding met de lezer verbroken.",
    ),
    "reader_timeout": ("Le lecteur ne répond pas.", "The reader does not answer.", "De lezer antwoordt niet."),
    "reader_broken": (
        "Le lecteur répond de façon incompréhensible.",
        "The reader’s answers make no sense.",
        "De lezer antwoordt onbegrijpelijk.",
    ),
    "busy": (
        "Le lecteur est déjà occupé par un paiement.",
        "The reader is busy with another payment.",
        "De lezer is bezig met een andere betaling.",
    ),
    "amount_zero": ("Montant nul.", "Amount is zero.", "Bedrag is nul."),
    "amount_above_limit": (
        "Montant au-dessus de la limite du lecteur.",
        "Amount above the reader’s limit.",
        "Bedrag boven de limiet van de lezer.",
    ),
    "wrong_currency": (
        "Devise inconnue du lecteur.",
        "Currency unknown to the reader.",
        "Valuta onbekend voor de lezer.",
    ),
    "wrong_version": (
        "Lecteur et caisse n’ont pas de version commune.",
        "Reader and till share no version.",
        "Lezer en kassa hebben geen gemeenschappelijke versie.",
    ),
    "never_began": ("Le paiement n’a pas commencé.", "The payment never began.", "De betaling is nooit begonnen."),
    "reader_in_progress": (
        "Le paiement est encore en cours sur le lecteur.",
        "The payment is still running on the reader.",
        "De betaling loopt nog op de lezer.",
    ),
}


def reason(why: str | None, language: str) -> str:
    """The words for `why`; a name that has none yet is shown as it is."""
    texts = REASONS.get(why or "")
    return texts[LANGUAGES.index(language)] if texts else (why or "")
