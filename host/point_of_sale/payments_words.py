"""What the page of payments says: French, English, Dutch."""

from __future__ import annotations

from host.web.words import Texts

TITLE: Texts = ("Paiements", "Payments", "Betalingen")
TEXTS: dict[str, Texts] = {
    "today": ("Aujourd’hui", "Today", "Vandaag"),
    "watch": ("À suivre", "To look after", "Op te volgen"),
    "none": ("Aucun paiement aujourd’hui.", "No payment today.", "Vandaag nog geen betaling."),
    "preauthorise": ("Préautorisation", "Pre-authorisation", "Voorautorisatie"),
    "refund_free": ("Remboursement libre", "Unreferenced refund", "Vrije terugbetaling"),
    "choose": (
        "Choisissez un paiement pour l’annuler, le rembourser ou en réimprimer le ticket.",
        "Choose a payment to cancel it, refund it or print its receipt again.",
        "Kies een betaling om ze te annuleren, terug te betalen of de bon opnieuw af te drukken.",
    ),
    "purchase": ("Vente", "Sale", "Verkoop"),
    "cash_back": ("Vente et espèces", "Sale with cash back", "Verkoop met contant geld"),
    "refund": ("Remboursement", "Refund", "Terugbetaling"),
    "preauthorisation": ("Préautorisation", "Pre-authorisation", "Voorautorisatie"),
    "verification": ("Vérification", "Verification", "Verificatie"),
    "in_progress": ("EN COURS", "IN PROGRESS", "BEZIG"),
    "tip": ("pourboire", "tip", "fooi"),
    "no_card": ("sans carte", "no card", "geen kaart"),
    "refunded_part": ("Déjà remboursé", "Refunded already", "Al terugbetaald"),
    "refundable": ("Reste remboursable", "Still refundable", "Nog terug te betalen"),
    "expires": ("Expire le", "Expires on", "Vervalt op"),
    "closed": (
        "Journée close : ce paiement ne s’annule plus, il se rembourse.",
        "Day closed: this payment is no longer cancelled but refunded.",
        "Dag afgesloten: annuleren kan niet meer, terugbetalen wel.",
    ),
    "owed": (
        "La banque n’a pas encore confirmé ({} essais). On insiste automatiquement.",
        "The bank has not confirmed yet ({} tries). It is repeated automatically.",
        "De bank heeft nog niet bevestigd ({} pogingen). Het wordt automatisch herhaald.",
    ),
    "declined_later": (
        "Accepté sans la banque, puis refusé à la remise : vous n’êtes pas payé.",
        "Approved without the bank, then refused when forwarded: you are not paid.",
        "Aanvaard zonder de bank en bij afdracht geweigerd: u wordt niet betaald.",
    ),
    "declined_chip": ("REFUSÉ À LA REMISE", "REFUSED LATER", "LATER GEWEIGERD"),
    "void": ("Annuler ce paiement", "Cancel this payment", "Deze betaling annuleren"),
    "void_sure": (
        "Annuler {} ? Rien ne sera débité au client.",
        "Cancel {}? The customer will not be charged.",
        "{} annuleren? De klant wordt niet belast.",
    ),
    "void_yes": ("Oui, annuler", "Yes, cancel", "Ja, annuleren"),
    "give_back": ("Rembourser", "Refund", "Terugbetalen"),
    "give_back_means": (
        "Le client présente la carte du paiement. Tout ou partie, jusqu’à {}.",
        "The customer presents the card that paid. All or a part, up to {}.",
        "De klant biedt de kaart van de betaling aan. Alles of een deel, tot {}.",
    ),
    "free_means": (
        "Attention : aucun paiement d’origine n’est vérifié, et l’argent part de votre compte. "
        "Le lecteur demande le code du commerçant.",
        "Careful: no original payment is checked, and the money leaves your account. "
        "The reader asks for the merchant’s code.",
        "Let op: er wordt geen oorspronkelijke betaling gecontroleerd en het geld gaat van uw rekening. "
        "De lezer vraagt de code van de handelaar.",
    ),
    "preauthorise_means": (
        "Le montant est réservé sur la carte ; rien n’est débité. Encaissez ou abandonnez avant l’expiration.",
        "The amount is held on the card; nothing is charged. Complete it or give it up before it expires.",
        "Het bedrag wordt op de kaart gereserveerd; er wordt niets afgerekend. Rond af of geef op voor het vervalt.",
    ),
    "preauthorise_go": ("Réserver", "Hold", "Reserveren"),
    "complete": ("Encaisser", "Complete", "Afrekenen"),
    "complete_means": (
        "Montant final, jusqu’à {} de réservés et la marge du contrat. La carte n’est plus nécessaire.",
        "Final amount, up to the {} held and the contract’s margin. The card is no longer needed.",
        "Eindbedrag, tot de gereserveerde {} en de marge van het contract. De kaart is niet meer nodig.",
    ),
    "give_up": ("Abandonner", "Give up", "Opgeven"),
    "give_up_sure": (
        "Lever la réservation de {} ? Rien ne sera débité.",
        "Release the hold of {}? Nothing will be charged.",
        "De reservering van {} opheffen? Er wordt niets afgerekend.",
    ),
    "give_up_yes": ("Oui, lever", "Yes, release", "Ja, opheffen"),
    "ask_again": ("Redemander l’état", "Ask the state again", "Status opnieuw vragen"),
    "write_off": ("Classer comme non payé", "Settle as not paid", "Als niet betaald afsluiten"),
    "write_off_sure": (
        "Seulement si le lecteur ne reviendra jamais. Ce qui est réservé sera rendu.",
        "Only if the reader never comes back. What is held will be given back.",
        "Alleen als de lezer nooit terugkomt. Wat gereserveerd is wordt teruggegeven.",
    ),
    "write_off_yes": ("Oui, non payé", "Yes, not paid", "Ja, niet betaald"),
    "print": ("Ticket", "Receipt", "Bon"),
    "duplicate_means": (
        "Chaque impression est tracée ; à partir de la deuxième, elle porte DUPLICATA.",
        "Each print is traced; from the second on it says DUPLICATA.",
        "Elke afdruk wordt bijgehouden; vanaf de tweede staat er DUPLICATA op.",
    ),
    "amount": ("Montant", "Amount", "Bedrag"),
    "back": ("Retour", "Back", "Terug"),
    "keep": ("Non", "No", "Nee"),
    "running": ("Opération en cours", "In progress", "Bezig"),
    "cancel": ("Abandonner l’opération", "Give up", "Afbreken"),
}
