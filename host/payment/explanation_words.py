"""What the explanation says around the books' own English terms: French, English, Dutch."""

from __future__ import annotations

from host.web.words import LANGUAGES, Texts

TEXTS: dict[str, Texts] = {
    "none": (
        "Aucune transaction encore. Faites une vente : ses échanges avec la carte et ses décisions s’afficheront ici.",
        "No transaction yet. Make a sale: each exchange with the card and each decision will show here.",
        "Nog geen transactie. Doe een verkoop: elke uitwisseling met de kaart en elke beslissing verschijnt hier.",
    ),
    "no_trace": (
        "Le lecteur n’a pas gardé la trace de cette transaction.",
        "The reader has not kept the trace of this transaction.",
        "De lezer heeft het verloop van deze transactie niet bewaard.",
    ),
    "exchanges": ("Échanges avec la carte", "Exchanges with the card", "Uitwisselingen met de kaart"),
    "registers": ("Bits posés", "Bits set", "Gezette bits"),
    "no_bits": ("Aucun bit posé.", "No bit set.", "Geen enkele bit gezet."),
    "decisions": ("Décisions, étape par étape", "Decisions, step by step", "Beslissingen, stap voor stap"),
    "command": ("Commande", "Command", "Commando"),
    "answer": ("Réponse", "Answer", "Antwoord"),
    "byte": ("octet", "byte", "byte"),
    "bytes": ("octets", "bytes", "bytes"),
    "bit": ("bit", "bit", "bit"),
    "hidden": ("caché par le lecteur", "hidden by the reader", "verborgen door de lezer"),
    "of_terminal": ("terminal", "terminal", "terminal"),
    "of_issuer": ("émetteur", "issuer", "uitgever"),
    "absent": ("absent", "absent", "afwezig"),
    "reserved": ("réservé", "reserved", "gereserveerd"),
    "set_in": ("Posé à l’étape « {} » :", "Set in {}:", "Gezet bij {}:"),
    "not_set": ("Ce bit n’est pas posé.", "This bit is not set.", "Deze bit is niet gezet."),
    "outcome": ("Résultat", "Outcome", "Uitkomst"),
    "no_outcome": ("La transaction n’a pas de fin.", "The transaction has no end.", "De transactie heeft geen einde."),
    "deviation": (
        "Le déroulement quitte le fichier",
        "The run leaves the file",
        "Het verloop verlaat het bestand",
    ),
    "save": ("Enregistrer la trace", "Save the trace", "Verloop opslaan"),
    "milliseconds": ("ms", "ms", "ms"),
    "contact": ("puce", "chip", "chip"),
    "contactless": ("sans contact", "contactless", "contactloos"),
}

REGISTER_NAMES = {0x95: "Terminal Verification Results", 0x9B: "Transaction Status Information"}

OUTCOMES: dict[str, Texts] = {  # Book A, 6.2, and what the till adds
    "approved": ("accepté", "approved", "goedgekeurd"),
    "declined": ("refusé", "declined", "geweigerd"),
    "online": ("à autoriser en ligne", "to be authorised online", "online te autoriseren"),
    "another_interface": ("essayer une autre interface", "try another interface", "andere interface proberen"),
    "another_card": ("présenter une autre carte", "present another card", "andere kaart aanbieden"),
    "end_application": ("fin de l’application", "end application", "einde van de applicatie"),
    "select_next": ("application suivante", "select next", "volgende applicatie"),
    "try_again": ("présenter à nouveau", "try again", "opnieuw proberen"),
    "cancelled": ("annulé", "cancelled", "geannuleerd"),
    "unknown": ("inconnu", "unknown", "onbekend"),
}

STEPS: dict[str, Texts] = {
    "application_selection": ("Choix de l’application", "Application selection", "Keuze van de applicatie"),
    "initiate_processing": ("Début du traitement", "Initiate processing", "Begin van de verwerking"),
    "read_application_data": ("Lecture des données", "Read application data", "Lezen van de gegevens"),
    "offline_data_authentication": (
        "Authentification hors ligne",
        "Offline data authentication",
        "Offline authenticatie",
    ),
    "processing_restrictions": ("Restrictions d’usage", "Processing restrictions", "Gebruiksbeperkingen"),
    "cardholder_verification": ("Vérification du porteur", "Cardholder verification", "Controle van de houder"),
    "terminal_risk_management": ("Gestion du risque", "Terminal risk management", "Risicobeheer"),
    "terminal_action_analysis": ("Décision du terminal", "Terminal action analysis", "Beslissing van de terminal"),
    "card_action_analysis": ("Décision de la carte", "Card action analysis", "Beslissing van de kaart"),
    "online_processing": ("Appel à la banque", "Online processing", "Bevraging van de bank"),
    "completion": ("Fin de la transaction", "Completion", "Afronding"),
    "entry_point": ("Point d’entrée sans contact", "Contactless entry point", "Contactloos startpunt"),
    "issuer_script_processing": ("Scripts de l’émetteur", "Issuer script processing", "Scripts van de uitgever"),
    "refund": ("Remboursement", "Refund", "Terugbetaling"),
    "kernel_c2": ("Noyau sans contact C-2", "Contactless kernel C-2", "Contactloze kernel C-2"),
    "kernel_c2_decision": ("Décision du noyau C-2", "Decision of kernel C-2", "Beslissing van kernel C-2"),
    "kernel_c3": ("Noyau sans contact C-3", "Contactless kernel C-3", "Contactloze kernel C-3"),
    "kernel_c3_decision": ("Décision du noyau C-3", "Decision of kernel C-3", "Beslissing van kernel C-3"),
    "kernel_cb": ("Noyau sans contact CB", "Contactless kernel CB", "Contactloze kernel CB"),
}

STATUS_WORDS: dict[int, Texts] = {  # ISO 7816-4, 5.6
    0x9000: ("fait", "done", "gedaan"),
    0x6283: ("fichier bloqué", "file blocked", "bestand geblokkeerd"),
    0x6300: ("échec de l’authentification", "authentication failed", "authenticatie mislukt"),
    0x6700: ("longueur fausse", "wrong length", "verkeerde lengte"),
    0x6982: ("sécurité non satisfaite", "security status not satisfied", "beveiliging niet voldaan"),
    0x6983: ("code bloqué", "PIN blocked", "pincode geblokkeerd"),
    0x6984: ("données de référence inutilisables", "reference data unusable", "referentiegegevens onbruikbaar"),
    0x6985: ("conditions non remplies", "conditions of use not satisfied", "voorwaarden niet voldaan"),
    0x6A81: ("fonction non gérée", "function not supported", "functie niet ondersteund"),
    0x6A82: ("fichier introuvable", "file not found", "bestand niet gevonden"),
    0x6A83: ("enregistrement introuvable", "record not found", "record niet gevonden"),
    0x6A88: ("donnée introuvable", "data not found", "gegeven niet gevonden"),
    0x6D00: ("commande inconnue", "command unknown", "commando onbekend"),
    0x6E00: ("classe inconnue", "class unknown", "klasse onbekend"),
}
FAMILIES: dict[int, Texts] = {  # by SW1
    0x61: ("encore des octets", "more bytes available", "meer bytes beschikbaar"),
    0x6C: ("Le faux", "wrong Le", "verkeerde Le"),
}
TRIES_LEFT: Texts = ("code faux, essais restants : {}", "wrong PIN, tries left: {}", "foute pincode, pogingen over: {}")


def step(name: str, language: str) -> str:
    """`name` is the step's module in emv/, such as kernel.completion; one that has no words yet is named like it."""
    name = name.rpartition(".")[2]
    return _in(STEPS[name], language) if name in STEPS else name.replace("_", " ").capitalize()


def outcome_words(name: str, language: str) -> str:
    return _in(OUTCOMES[name], language) if name in OUTCOMES else name


def status(sw: int, language: str) -> str:
    if sw & 0xFFF0 == 0x63C0:
        return _in(TRIES_LEFT, language).format(sw & 0x0F)
    texts = STATUS_WORDS.get(sw) or FAMILIES.get(sw >> 8)
    return _in(texts, language) if texts else ""


def _in(texts: Texts, language: str) -> str:
    return texts[LANGUAGES.index(language)]
