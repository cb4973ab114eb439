"""What the page of the evening says: French, English, Dutch."""

from __future__ import annotations

from host.telecollection.model import AlertKind, Phase
from host.telecollection.states import State
from host.web.words import Texts

TITLE: Texts = ("Télécollecte", "Collection", "Telecollecte")
TEXTS: dict[str, Texts] = {
    "today": ("À remettre", "To be collected", "Af te dragen"),
    "lines_0": ("Aucune opération", "No transaction", "Geen verrichting"),
    "lines_1": ("1 opération", "1 transaction", "1 verrichting"),
    "lines": ("{} opérations", "{} transactions", "{} verrichtingen"),
    "next": ("Collecte automatique {} à {}", "Collected automatically {} at {}", "Automatische afdracht {} om {}"),
    "is_today": ("aujourd’hui", "today", "vandaag"),
    "is_tomorrow": ("demain", "tomorrow", "morgen"),
    "closed": ("Contrat clos : rien n’est collecté.", "Contract closed: nothing is collected.",
               "Contract gesloten: er wordt niets afgedragen."),
    "collect": ("Collecter maintenant", "Collect now", "Nu afdragen"),
    "scheme": ("Réseau", "Scheme", "Netwerk"),
    "debits": ("Débits", "Debits", "Debet"),
    "credits": ("Crédits", "Credits", "Credit"),
    "cancellations": ("Annulations", "Cancellations", "Annuleringen"),
    "cancelled_later": (
        "Les annulations sont comptées par le lecteur quand il clôt sa journée.",
        "Cancellations are counted by the reader as it closes its day.",
        "Annuleringen telt de lezer wanneer hij zijn dag afsluit.",
    ),
    "alerts": ("À surveiller", "To look after", "Op te volgen"),
    "evenings": ("{} soirs", "{} evenings", "{} avonden"),
    "rejected": ("Opérations rejetées", "Rejected transactions", "Geweigerde verrichtingen"),
    "refused_day": ("Journée {} du lecteur {}", "Day {} of reader {}", "Dag {} van lezer {}"),
    "again": ("Représenter", "Present again", "Opnieuw aanbieden"),
    "history": ("Remises", "Remittances", "Afdrachten"),
    "none": ("Aucune remise encore.", "No remittance yet.", "Nog geen afdracht."),
    "nothing": ("RIEN À REMETTRE", "NOTHING TO SEND", "NIETS AF TE DRAGEN"),
    "expected": ("Fonds attendus le {}", "Money expected on {}", "Geld verwacht op {}"),
    "funded": ("Fonds reçus", "Money received", "Geld ontvangen"),
    "short": ("Reçu {} sur {}", "Received {} of {}", "{} van {} ontvangen"),
    "ticket": ("Ticket", "Ticket", "Bon"),
    "readers": ("Lecteurs", "Readers", "Lezers"),
    "lose": ("Déclarer perdu", "Declare lost", "Verloren melden"),
    "lose_sure": (
        "Déclarer le lecteur {} perdu ? Ses opérations copiées dans cette caisse partiront avec la prochaine collecte, "
        "sans son sceau. Celles qui n’ont jamais été copiées ne pourront pas être payées : elles seront listées. S’il "
        "revient, sa journée est comparée et rien ne part deux fois.",
        "Declare reader {} lost? Its transactions that this till has copied go with the next collection, without its "
        "seal. Those that were never copied cannot be paid: they will be listed. If it comes back, its day is compared "
        "and nothing goes twice.",
        "Lezer {} verloren melden? De verrichtingen die deze kassa gekopieerd heeft gaan mee met de volgende afdracht, "
        "zonder zijn zegel. Wat nooit gekopieerd is, kan niet betaald worden en wordt opgelijst. Komt hij terug, dan "
        "wordt zijn dag vergeleken en gaat niets twee keer.",
    ),
    "lose_yes": ("Oui, il est perdu", "Yes, it is lost", "Ja, hij is verloren"),
    "keep": ("Non", "No", "Nee"),
    "lost": ("Lecteur {} perdu : {} à remettre, {} sans copie.",
             "Reader {} lost: {} to be collected, {} without a copy.",
             "Lezer {} verloren: {} af te dragen, {} zonder kopie."),
    "nearly_full": (
        "La mémoire du lecteur est pleine à {} %. Collectez maintenant, ou il refusera bientôt les ventes.",
        "The reader’s memory is {} % full. Collect now, or it will soon refuse sales.",
        "Het geheugen van de lezer is {} % vol. Draag nu af, anders weigert hij weldra verkopen.",
    ),
    "failed": ("La collecte n’a pas pu commencer. Réessayez.", "The collection could not begin. Try again.",
               "De afdracht kon niet beginnen. Probeer opnieuw."),
    "changed": (
        "Ce fichier n’est plus celui qui a été envoyé.",
        "This file is no longer what was sent.",
        "Dit bestand is niet meer wat verzonden werd.",
    ),
}  # fmt: skip
STATES: dict[State, Texts] = {
    State.OPEN: ("CLÔTURE EN COURS", "CLOSING", "AFSLUITING BEZIG"),
    State.SEALED: ("PRÊTE À PARTIR", "READY TO LEAVE", "KLAAR VOOR VERZENDING"),
    State.SENT: ("ENVOYÉE", "SENT", "VERZONDEN"),
    State.UNKNOWN: ("SANS RÉPONSE", "NOT ANSWERED", "GEEN ANTWOORD"),
    State.ACKED: ("ACCEPTÉE", "ACCEPTED", "AANVAARD"),
    State.PARTLY_REJECTED: ("EN PARTIE REJETÉE", "PARTLY REJECTED", "DEELS GEWEIGERD"),
    State.REJECTED: ("REJETÉE", "REJECTED", "GEWEIGERD"),
    State.OUT_OF_BALANCE: ("TOTAUX DIFFÉRENTS", "TOTALS DIFFER", "TOTALEN VERSCHILLEN"),
    State.FUNDED: ("PAYÉE", "PAID", "BETAALD"),
}
MEANS: dict[State, Texts] = {
    State.OPEN: (
        "Les lecteurs closent leur journée.",
        "The readers are closing their day.",
        "De lezers sluiten hun dag af.",
    ),
    State.SEALED: (
        "La remise est scellée et part vers la banque.",
        "The remittance is sealed and leaves for the bank.",
        "De afdracht is verzegeld en vertrekt naar de bank.",
    ),
    State.SENT: (
        "Envoyée à la banque ; on attend sa réponse.",
        "Sent to the bank; its answer is awaited.",
        "Naar de bank verzonden; we wachten op antwoord.",
    ),
    State.UNKNOWN: (
        "La banque n’a pas répondu. La même remise repart automatiquement, sans risque de doublon.",
        "The bank has not answered. The same remittance is sent again by itself; it cannot count twice.",
        "De bank heeft niet geantwoord. Dezelfde afdracht vertrekt vanzelf opnieuw en kan niet dubbel tellen.",
    ),
    State.ACKED: (
        "La banque a pris toutes les opérations.",
        "The bank took all transactions.",
        "De bank heeft alle verrichtingen aanvaard.",
    ),
    State.PARTLY_REJECTED: (
        "La banque a rejeté une partie des opérations : à vous de décider.",
        "The bank rejected some transactions: it is for you to decide.",
        "De bank heeft een deel van de verrichtingen geweigerd: aan u om te beslissen.",
    ),
    State.REJECTED: (
        "La banque n’a rien pris.",
        "The bank took none of it.",
        "De bank heeft niets aanvaard.",
    ),
    State.OUT_OF_BALANCE: (
        "Les totaux de la banque ne sont pas ceux de cette caisse. Ils sont redemandés.",
        "The bank’s totals are not those of this till. They are asked for again.",
        "De totalen van de bank zijn niet die van deze kassa. Ze worden opnieuw gevraagd.",
    ),
    State.FUNDED: (
        "L’argent est sur votre compte.",
        "The money is on your account.",
        "Het geld staat op uw rekening.",
    ),
}
PHASES: dict[Phase, Texts] = {
    Phase.CLOSING: ("Le lecteur clôt sa journée", "The reader closes its day", "De lezer sluit zijn dag af"),
    Phase.WRITING: ("La remise est écrite", "The remittance is written", "De afdracht wordt opgemaakt"),
    Phase.SENDING: ("Envoi à la banque", "Sending to the bank", "Verzending naar de bank"),
    Phase.RECONCILING: ("Comparaison des totaux", "Comparing totals", "Totalen vergelijken"),
    Phase.ACKNOWLEDGING: ("Le lecteur note l’accord", "The reader notes it", "De lezer noteert het akkoord"),
    Phase.PARAMETERS: ("Paramètres du lecteur", "Parameters of the reader", "Parameters van de lezer"),
    Phase.ENDED: ("Terminé", "Done", "Klaar"),
}
ALERTS: dict[str, Texts] = {  # by AlertKind
    AlertKind.READER_ABSENT: (
        "Le lecteur {key} n’a pas répondu : sa journée partira avec la prochaine collecte.",
        "Reader {key} did not answer: its day goes with the next collection.",
        "Lezer {key} heeft niet geantwoord: zijn dag gaat mee met de volgende afdracht.",
    ),
    AlertKind.DAY_REFUSED: (
        "La journée du lecteur {key} n’est pas celle qu’il a scellée ({detail}). Elle est retenue.",
        "The day of reader {key} is not what it sealed ({detail}). It is held back.",
        "De dag van lezer {key} is niet wat hij verzegelde ({detail}). Ze wordt tegengehouden.",
    ),
    AlertKind.NOT_ANSWERED: (
        "La banque ne répond pas ({detail}). La remise repart automatiquement.",
        "The bank does not answer ({detail}). The remittance is sent again by itself.",
        "De bank antwoordt niet ({detail}). De afdracht vertrekt vanzelf opnieuw.",
    ),
    AlertKind.CONTRACT_REFUSED: (
        "La banque refuse le contrat {key} ({detail}). Appelez-la.",
        "The bank refuses contract {key} ({detail}). Call it.",
        "De bank weigert contract {key} ({detail}). Bel haar op.",
    ),
    AlertKind.REJECTED: (
        "La remise {key} a des opérations rejetées.",
        "Remittance {key} has rejected transactions.",
        "Afdracht {key} heeft geweigerde verrichtingen.",
    ),
    AlertKind.OUT_OF_BALANCE: (
        "Remise {key} : les totaux de la banque diffèrent.",
        "Remittance {key}: the bank’s totals differ.",
        "Afdracht {key}: de totalen van de bank verschillen.",
    ),
    AlertKind.PARAMETERS_FAILED: (
        "Les paramètres de {key} n’ont pas pu être mis à jour ({detail}). Les paiements n’en souffrent pas.",
        "The parameters of {key} could not be updated ({detail}). Payments do not suffer from it.",
        "De parameters van {key} konden niet worden bijgewerkt ({detail}). Betalingen lijden er niet onder.",
    ),
    AlertKind.SEAL_DIFFERS: (
        "Le lecteur {key}, déclaré perdu, est revenu avec une autre journée que celle remise ({detail}).",
        "Reader {key}, declared lost, came back with another day than was sent ({detail}).",
        "Lezer {key}, verloren gemeld, kwam terug met een andere dag dan afgedragen ({detail}).",
    ),
    AlertKind.LINES_LOST: (
        "Paiements du lecteur perdu {key} dont il n’y a pas de copie : {detail}.",
        "Payments of the lost reader {key} of which there is no copy: {detail}.",
        "Betalingen van de verloren lezer {key} zonder kopie: {detail}.",
    ),
    AlertKind.FUNDS_ABSENT: (
        "L’argent de la remise {key} n’est pas arrivé ({detail}).",
        "The money of remittance {key} has not come ({detail}).",
        "Het geld van afdracht {key} is niet aangekomen ({detail}).",
    ),
    AlertKind.FUNDS_SHORT: (
        "L’argent de la remise {key} n’est pas le compte (écart {detail}).",
        "The money of remittance {key} is not what is due (difference {detail}).",
        "Het geld van afdracht {key} klopt niet (verschil {detail}).",
    ),
    "books_differ": (
        "Remise {key} : les écritures de la caisse ne donnent pas les mêmes totaux ({detail}).",
        "Remittance {key}: the till’s books come to other totals ({detail}).",
        "Afdracht {key}: de boekingen van de kassa geven andere totalen ({detail}).",
    ),
}
