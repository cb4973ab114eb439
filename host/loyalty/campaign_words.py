"""What campaigns say: French, English, Dutch."""

from __future__ import annotations

from host.messaging.model import Why
from host.messaging.states import CampaignState, State
from host.web.words import Texts

TEXTS: dict[str, Texts] = {
    "new": ("Nouvelle campagne", "New campaign", "Nieuwe campagne"),
    "campaigns": ("Campagnes", "Campaigns", "Campagnes"),
    "none": ("Aucune campagne encore.", "No campaign yet.", "Nog geen campagne."),
    "none_means": (
        "Écrivez une offre : elle part seulement à ceux qui ont dit oui aux offres par ce moyen.",
        "Write an offer: it leaves only for those who said yes to offers that way.",
        "Schrijf een aanbieding: ze vertrekt alleen naar wie ja zei tegen aanbiedingen langs die weg.",
    ),
    "choose": (
        "Choisissez une campagne, ou écrivez-en une.",
        "Choose a campaign, or write one.",
        "Kies een campagne, of schrijf er een.",
    ),
    "no_gateway": (
        "Aucun envoi réglé pour ce canal : la campagne peut être préparée, mais rien ne partirait (réglages de "
        "l’installation, passerelle SMS ou serveur de courrier).",
        "No way to send by this channel is set: the campaign can be prepared, but nothing would leave (settings of the "
        "installation, SMS gateway or mail server).",
        "Voor dit kanaal is geen verzending ingesteld: de campagne kan worden voorbereid, maar er zou niets vertrekken "
        "(instellingen van de installatie, sms-gateway of mailserver).",
    ),
    # the form
    "name": ("Nom de la campagne (pour vous)", "Name of the campaign (for you)", "Naam van de campagne (voor u)"),
    "named": ("Campagne du {}", "Campaign of {}", "Campagne van {}"),
    "channel": ("Par", "By", "Via"),
    "sms": ("SMS", "SMS", "Sms"),
    "email": ("E-mail", "E-mail", "E-mail"),
    "segment": ("À qui", "To whom", "Aan wie"),
    "segment_all": ("Tous les membres", "All members", "Alle leden"),
    "segment_inactive": (
        "Membres pas venus depuis 90 jours",
        "Members not seen for 90 days",
        "Leden die 90 dagen niet kwamen",
    ),
    "segment_regular": (
        "Membres venus 10 fois ou plus",
        "Members who came 10 times or more",
        "Leden die 10 keer of meer kwamen",
    ),
    "segment_collecting": ("Membres qui ont un solde", "Members with a balance", "Leden met een saldo"),
    "subject": ("Objet", "Subject", "Onderwerp"),
    "text": ("Texte", "Text", "Tekst"),
    "text_means": (
        "{points} devient le solde de chacun. Votre nom et STOP sont ajoutés : la loi les exige.",
        "{points} becomes the balance of each. Your name and STOP are added: the law demands them.",
        "{points} wordt ieders saldo. Uw naam en STOP komen erbij: de wet eist dat.",
    ),
    "when": ("Envoi", "Sending", "Verzending"),
    "at_once": ("Dès que possible", "As soon as possible", "Zo snel mogelijk"),
    "later": ("À une date", "On a date", "Op een datum"),
    "day": ("Jour", "Day", "Dag"),
    "time": ("Heure", "Time", "Uur"),
    "save": ("Garder en brouillon", "Keep as a draft", "Als concept bewaren"),
    "schedule": ("Programmer l’envoi", "Schedule", "Verzending plannen"),
    "fault_text": (
        "Écrivez le texte de l’offre.",
        "Write the text of the offer.",
        "Schrijf de tekst van de aanbieding.",
    ),
    "fault_subject": (
        "Un e-mail a besoin d’un objet.",
        "An e-mail needs a subject.",
        "Een e-mail heeft een onderwerp nodig.",
    ),
    "fault_gap": (
        "Entre accolades, seul {points} est connu.",
        "Between braces only {points} is known.",
        "Tussen accolades is alleen {points} bekend.",
    ),
    "fault_moment": ("Donnez un jour et une heure.", "Give a day and a time.", "Geef een dag en een uur."),
    "fault_nobody": (
        "Personne ne la recevrait : aucun membre de cette liste n’a accepté les offres par ce moyen.",
        "Nobody would get it: no member of this list agreed to offers that way.",
        "Niemand zou ze krijgen: geen lid van deze lijst aanvaardde aanbiedingen langs die weg.",
    ),
    # the preview
    "preview": ("Tel que reçu", "As it is received", "Zoals ontvangen"),
    "preview_none": ("Le message apparaît ici.", "The message appears here.", "Het bericht verschijnt hier."),
    "one_part": ("1 SMS, {} caractères sur {}", "1 SMS, {} of {} characters", "1 sms, {} van {} tekens"),
    "parts": ("{} SMS par personne ({} caractères)", "{} SMS each ({} characters)", "{} sms per persoon ({} tekens)"),
    "costly": (
        "« {} » ramène chaque SMS de 160 à 70 caractères.",
        "“{}” brings each SMS from 160 down to 70 characters.",
        "“{}” brengt elke sms van 160 naar 70 tekens.",
    ),
    "segment_members": ("Membres de la liste", "Members of the list", "Leden van de lijst"),
    "reached": ("La recevront", "Will get it", "Krijgen ze"),
    "reached_means": (
        "ont dit oui, numéro confirmé, moins de {} offres en 30 jours",
        "said yes, number confirmed, fewer than {} offers in 30 days",
        "zeiden ja, nummer bevestigd, minder dan {} aanbiedingen in 30 dagen",
    ),
    "reached_means_email": (
        "ont dit oui et donné une adresse, moins de {} offres en 30 jours",
        "said yes and gave an address, fewer than {} offers in 30 days",
        "zeiden ja en gaven een adres, minder dan {} aanbiedingen in 30 dagen",
    ),
    "cost": ("Coût au plus", "Cost at most", "Kosten hoogstens"),
    "leaves": ("Départ", "Leaves", "Vertrek"),
    "now": ("tout de suite", "at once", "meteen"),
    "on_at": ("{} à {}", "{} at {}", "{} om {}"),
    "later_night": (
        "pas d’offre avant {} ni après {}",
        "no offer before {} or after {}",
        "geen aanbieding vóór {} of na {}",
    ),
    "later_sunday": ("pas d’offre le dimanche", "no offer on Sundays", "geen aanbieding op zondag"),
    "later_holiday": ("pas d’offre un jour férié", "no offer on a public holiday", "geen aanbieding op een feestdag"),
    # one campaign
    "scheduled_for": ("Départ prévu {} à {}", "Leaves {} at {}", "Vertrekt {} om {}"),
    "unschedule": ("Revenir au brouillon", "Back to draft", "Terug naar concept"),
    "cancel": ("Arrêter la campagne", "Stop the campaign", "Campagne stoppen"),
    "cancel_means": (
        "Ce qui n’est pas parti ne partira pas.",
        "What has not left will not leave.",
        "Wat niet vertrokken is, vertrekt niet.",
    ),
    "progress": ("{} sur {} partis", "{} of {} left", "{} van {} vertrokken"),
    "results": ("Résultats", "Results", "Resultaten"),
    "no_results": ("Rien n’est parti encore.", "Nothing has left yet.", "Er is nog niets vertrokken."),
    "stops": ("Ont répondu STOP (7 jours)", "Answered STOP (7 days)", "Antwoordden STOP (7 dagen)"),
    "leaves_link": ("Se sont désinscrits (7 jours)", "Unsubscribed (7 days)", "Schreven zich uit (7 dagen)"),
    "parts_sent": ("SMS facturables", "SMS to be paid", "Te betalen sms’en"),
    "not_sent": ("Pourquoi pas envoyés", "Why not sent", "Waarom niet verzonden"),
    "made": ("écrite le {}", "written on {}", "geschreven op {}"),
}
STATES: dict[CampaignState, Texts] = {
    CampaignState.DRAFT: ("Brouillon", "Draft", "Concept"),
    CampaignState.SCHEDULED: ("Programmée", "Scheduled", "Gepland"),
    CampaignState.QUEUEING: ("En cours", "Under way", "Bezig"),
    CampaignState.QUEUED: ("Partie", "Sent", "Vertrokken"),
    CampaignState.CANCELLED: ("Arrêtée", "Stopped", "Gestopt"),
}
RESULTS: dict[State, Texts] = {
    State.DELIVERED: ("Reçus", "Received", "Ontvangen"),
    State.SENT: (
        "Envoyés, réception non confirmée",
        "Sent, receipt not confirmed",
        "Verzonden, ontvangst niet bevestigd",
    ),
    State.UNKNOWN: ("Sans réponse de l’opérateur", "No answer from the operator", "Geen antwoord van de operator"),
    State.UNDELIVERED: ("Non reçus", "Not received", "Niet ontvangen"),
    State.REFUSED: ("Non envoyés", "Not sent", "Niet verzonden"),
    State.SENDING: ("En cours d’envoi", "Being sent", "Worden verzonden"),
    State.DUE: ("À envoyer", "To be sent", "Te verzenden"),
}
WHYS: dict[Why, Texts] = {
    Why.NO_ADDRESS: ("plus de numéro ou d’adresse", "no number or address any more", "geen nummer of adres meer"),
    Why.NO_CONSENT: ("accord retiré entre-temps", "consent taken back meanwhile", "toestemming intussen ingetrokken"),
    Why.STOPPED: ("ont écrit STOP", "wrote STOP", "schreven STOP"),
    Why.TOO_MANY: ("trop de messages ce jour-là", "too many messages that day", "te veel berichten die dag"),
    Why.NOT_SERVED: (
        "numéro d’un pays non desservi",
        "number of a country not served",
        "nummer van een land buiten dienst",
    ),
    Why.TOO_LATE: ("trop tard pour être utile", "too late to be of use", "te laat om nuttig te zijn"),
    Why.CANCELLED: ("campagne arrêtée", "campaign stopped", "campagne gestopt"),
    Why.REFUSED: ("refusés par l’opérateur", "refused by the operator", "geweigerd door de operator"),
    Why.NO_GATEWAY: ("aucun envoi réglé", "no way to send is set", "geen verzending ingesteld"),
}
