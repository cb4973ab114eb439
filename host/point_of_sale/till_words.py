"""What the till says to the merchant: French, English, Dutch."""

from __future__ import annotations

from host.payment.states import State
from host.web.words import Texts

TEXTS: dict[str, Texts] = {
    "catalogue": ("Articles", "Articles", "Artikelen"),
    "amount": ("Montant libre", "Free amount", "Vrij bedrag"),
    "add": ("Ajouter", "Add", "Toevoegen"),
    "clear": ("Effacer", "Clear", "Wissen"),
    "ticket": ("Ticket", "Ticket", "Ticket"),
    "empty": (
        "Touchez un article ou tapez un montant.",
        "Touch an article or type an amount.",
        "Raak een artikel aan of typ een bedrag.",
    ),
    "take_back": ("Retirer", "Take back", "Terugnemen"),
    "discount": ("Remise 10 %", "10% discount", "10% korting"),
    "abandon": ("Abandonner", "Abandon", "Afbreken"),
    "vat": ("dont TVA", "incl. VAT", "incl. btw"),
    "total": ("Total", "Total", "Totaal"),
    "card": ("Carte", "Card", "Kaart"),
    "payment": ("Paiement par carte", "Card payment", "Kaartbetaling"),
    "to_pay": ("À payer", "To pay", "Te betalen"),
    "cancel_hint": (
        "Pour annuler : touche rouge du lecteur.",
        "To cancel: the red key of the reader.",
        "Annuleren: de rode toets van de lezer.",
    ),
    "new_sale": ("Nouvelle vente", "New sale", "Nieuwe verkoop"),
    "retry": ("Réessayer", "Try again", "Opnieuw proberen"),
    "ask_again": ("Redemander au lecteur", "Ask the reader again", "Vraag de lezer opnieuw"),
    "back": ("Retour", "Back", "Terug"),
    "explain": (
        "Pourquoi ? Voir la transaction pas à pas",
        "Why? See the transaction step by step",
        "Waarom? Bekijk de transactie stap voor stap",
    ),
    "receipt": ("Ticket de carte", "Receipt", "Bon"),
    "customer": ("Client", "Customer", "Klant"),
    "merchant": ("Commerçant", "Merchant", "Handelaar"),
    "pdf": ("PDF", "PDF", "PDF"),
    "entry": ("Écriture au journal", "Ledger entry", "Boeking"),
    "authorisation": ("Autorisation", "Authorisation", "Autorisatie"),
    "contact": ("puce", "chip", "chip"),
    "contactless": ("sans contact", "contactless", "contactloos"),
    "online_pin": ("code en ligne", "online PIN", "online pincode"),
    "offline_pin": ("code vérifié par la carte", "PIN checked by the card", "pincode door kaart gecontroleerd"),
    "signature": ("signature", "signature", "handtekening"),
    "on_device": ("vérifié par le téléphone", "checked by the phone", "door telefoon gecontroleerd"),
    "none": ("sans code", "no PIN", "zonder pincode"),
}

# each phase of the conversation: while it lasts, and once it is over
PHASES: dict[str, tuple[Texts, Texts]] = {
    "requested": (
        ("Envoi au lecteur…", "Sending to the reader…", "Naar de lezer…"),
        ("Lecteur prêt", "Reader ready", "Lezer gereed"),
    ),
    "accepted": (
        ("Présentez la carte", "Present the card", "Bied de kaart aan"),
        ("Carte présentée", "Card presented", "Kaart aangeboden"),
    ),
    "card_presented": (
        ("Lecture de la carte…", "Reading the card…", "Kaart wordt gelezen…"),
        ("Carte lue", "Card read", "Kaart gelezen"),
    ),
    "pin_entry": (
        ("Le client tape son code", "The customer types the PIN", "De klant typt de pincode"),
        ("Code saisi", "PIN entered", "Pincode ingevoerd"),
    ),
    "going_online": (
        ("Demande d’autorisation…", "Asking for authorisation…", "Autorisatie gevraagd…"),
        ("Autorisation demandée", "Authorisation asked", "Autorisatie gevraagd"),
    ),
    "remove_card": (
        ("Retirez la carte", "Remove the card", "Neem de kaart uit"),
        ("Carte retirée", "Card removed", "Kaart verwijderd"),
    ),
}

# how it ended: the word, and what the merchant does with it
ENDS: dict[State, tuple[Texts, Texts]] = {
    State.APPROVED: (("APPROUVÉ", "APPROVED", "GOEDGEKEURD"), ("", "", "")),
    State.DECLINED: (
        ("REFUSÉ", "DECLINED", "GEWEIGERD"),
        ("Rien n’a été débité.", "Nothing was charged.", "Er is niets afgeschreven."),
    ),
    State.CANCELLED: (
        ("ANNULÉ", "CANCELLED", "GEANNULEERD"),
        ("Rien n’a été débité.", "Nothing was charged.", "Er is niets afgeschreven."),
    ),
    State.REVERSAL_DUE: (
        ("NON PAYÉ", "NOT PAID", "NIET BETAALD"),
        (
            "La banque a pu bloquer le montant : l’annulation lui sera envoyée.",
            "The bank may hold the amount: the reversal will be sent to it.",
            "De bank kan het bedrag vasthouden: de annulering wordt verstuurd.",
        ),
    ),
    State.UNKNOWN: (
        ("INCONNU", "UNKNOWN", "ONBEKEND"),
        (
            "Le lecteur n’a pas dit la fin. Ne faites pas repayer : redemandez-lui.",
            "The reader has not told the end. Do not charge again: ask the reader.",
            "De lezer meldde het einde niet. Reken niet opnieuw af: vraag het de lezer.",
        ),
    ),
}
