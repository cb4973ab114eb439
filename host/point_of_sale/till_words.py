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
    "tip_switch": ("Proposer un pourboire", "Offer a tip", "Fooi voorstellen"),
    "offline_switch": ("Accepter sans la banque", "Accept without the bank", "Aanvaarden zonder de bank"),
    "offline_means": (
        "Si la banque est injoignable, la carte décide seule. Un refus ultérieur est à votre charge.",
        "When the bank cannot be reached, the card decides alone. A later refusal is your loss.",
        "Als de bank onbereikbaar is, beslist de kaart alleen. Een latere weigering is voor u.",
    ),
    "already_paid": ("Déjà payé", "Paid already", "Al betaald"),
    "rest_due": ("Reste à payer", "Still to pay", "Nog te betalen"),
    "part_paid_means": (
        "Le ticket reste ouvert. Pour y renoncer, annulez la partie payée dans Paiements.",
        "The ticket stays open. To give it up, cancel the paid part under Payments.",
        "Het ticket blijft open. Annuleer het betaalde deel bij Betalingen om ervan af te zien.",
    ),
    "pay_rest": ("Payer le reste", "Pay the rest", "De rest betalen"),
    "refunded": ("REMBOURSÉ", "REFUNDED", "TERUGBETAALD"),
    "question": ("À vous de répondre", "You decide", "U beslist"),
    "ask_partial_amount": (
        "La banque n’accepte qu’une partie du montant",
        "The bank approves only a part of the amount",
        "De bank aanvaardt maar een deel van het bedrag",
    ),
    "ask_signature": (
        "La signature est-elle celle de la carte ?",
        "Is the signature that of the card?",
        "Is de handtekening die van de kaart?",
    ),
    "explain_partial_amount": (
        "Acceptez si le client peut payer le reste autrement. Sinon refusez : rien ne sera débité.",
        "Accept if the customer can pay the rest otherwise. If not, refuse: nothing will be charged.",
        "Aanvaard als de klant de rest anders kan betalen. Weiger anders: er wordt niets afgerekend.",
    ),
    "explain_signature": (
        "Comparez avec le dos de la carte. Si vous refusez, rien ne sera débité.",
        "Compare it with the back of the card. If you refuse, nothing will be charged.",
        "Vergelijk met de achterkant van de kaart. Als u weigert, wordt er niets afgerekend.",
    ),
    "no_partial_amount": ("Refuser", "Refuse", "Weigeren"),
    "yes_partial_amount": ("Accepter la partie", "Accept the part", "Deel aanvaarden"),
    "no_signature": ("Non, refuser", "No, refuse", "Nee, weigeren"),
    "yes_signature": ("Oui, accepter", "Yes, accept", "Ja, aanvaarden"),
    "asked": ("Demandé", "Asked for", "Gevraagd"),
    "accepted": ("Accepté", "Approved", "Aanvaard"),
    "amount_due": ("Montant", "Amount", "Bedrag"),
    "seconds_left": (
        "Sans réponse, refusé dans {} s",
        "Refused without an answer in {} s",
        "Zonder antwoord geweigerd over {} s",
    ),
    "of_which_tip": ("dont pourboire", "of which tip", "waarvan fooi"),
    "held": ("Montant préautorisé", "Pre-authorised amount", "Vooraf geautoriseerd bedrag"),
    "part_of": ("Partie de", "Part of", "Deel van"),
    "was_offline": ("accepté sans la banque", "approved without the bank", "aanvaard zonder de bank"),
}

REFUSALS: dict[str, Texts] = {
    "ticket_closed": (
        "Ce ticket n’est plus modifiable.",
        "This ticket can no longer be changed.",
        "Dit ticket kan niet meer worden gewijzigd.",
    ),
    "amount_changed": (
        "C’est déjà demandé, pour un autre montant. Regardez la liste avant de recommencer.",
        "It was asked for already, with another amount. Look at the list before you try again.",
        "Dit is al gevraagd, voor een ander bedrag. Kijk eerst in de lijst.",
    ),
    "no_amount": ("Tapez un montant, comme 12,50.", "Type an amount, such as 12.50.", "Typ een bedrag, zoals 12,50."),
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
