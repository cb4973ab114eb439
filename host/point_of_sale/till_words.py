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
    "cancel": ("Annuler le paiement", "Cancel the payment", "Betaling annuleren"),
    "requested": ("Demande envoyée au lecteur", "Request sent to the reader", "Vraag naar de lezer gestuurd"),
    "do_not_charge": (
        "N’encaissez pas une seconde fois : redemandez au lecteur.",
        "Do not charge again: ask the reader.",
        "Reken niet opnieuw af: vraag het de lezer.",
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
    "cardholder_choice": ("choix du client", "customer’s choice", "keuze van de klant"),
    "none": ("sans code", "no PIN", "zonder pincode"),
}

ENDS: dict[State, Texts] = {
    State.APPROVED: ("APPROUVÉ", "APPROVED", "GOEDGEKEURD"),
    State.DECLINED: ("REFUSÉ", "DECLINED", "GEWEIGERD"),
    State.CANCELLED: ("ANNULÉ", "CANCELLED", "GEANNULEERD"),
    State.REVERSAL_DUE: ("NON PAYÉ", "NOT PAID", "NIET BETAALD"),
    State.REVERSED: ("NON PAYÉ", "NOT PAID", "NIET BETAALD"),
    State.UNKNOWN: ("INCONNU", "UNKNOWN", "ONBEKEND"),
    State.AUTHORISED: ("PRÉAUTORISÉ", "PRE-AUTHORISED", "VOORAF GEAUTORISEERD"),
    State.COMPLETING: ("À CONFIRMER", "TO BE CONFIRMED", "TE BEVESTIGEN"),
    State.VOIDING: ("À CONFIRMER", "TO BE CONFIRMED", "TE BEVESTIGEN"),
    State.VOIDED: ("ANNULÉ", "CANCELLED", "GEANNULEERD"),
}
