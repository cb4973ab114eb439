"""What the frame of the loyalty space and its figures say: French, English, Dutch."""

from __future__ import annotations

from host.web.words import Texts

TITLE: Texts = ("Fidélité", "Loyalty", "Klantenkaart")
TEXTS: dict[str, Texts] = {
    "sections": ("Espace fidélité", "Loyalty space", "Klantenkaart"),
    "overview": ("Vue générale", "Overview", "Overzicht"),
    "analysis": ("Analyse", "Analysis", "Analyse"),
    "clients": ("Clients", "Clients", "Klanten"),
    "programme": ("Programme", "Programme", "Programma"),
    "campaigns": ("Campagnes", "Campaigns", "Campagnes"),
    "set_up": ("Mise en place", "Set-up", "Aan de slag"),
    # dates
    "range": ("Période", "Period", "Periode"),
    "range_today": ("Aujourd’hui", "Today", "Vandaag"),
    "range_week": ("7 jours", "7 days", "7 dagen"),
    "range_month": ("30 jours", "30 days", "30 dagen"),
    "range_year": ("Cette année", "This year", "Dit jaar"),
    "range_other": ("Autre", "Other", "Andere"),
    "range_of": ("du {} au {}", "{} to {}", "van {} tot {}"),
    "from": ("Du", "From", "Van"),
    "to": ("Au", "To", "Tot en met"),
    # figures
    "turnover": ("Chiffre d’affaires", "Turnover", "Omzet"),
    "visits": ("Visites", "Visits", "Bezoeken"),
    "average_basket": ("Panier moyen", "Average basket", "Gemiddelde besteding"),
    "members_share": ("Visites de membres", "Visits by members", "Bezoeken van leden"),
    "enrolments": ("Inscriptions", "Enrolments", "Inschrijvingen"),
    "of_members": ("dont membres", "of which members", "waarvan leden"),
    "since_before": (
        "par rapport à la période précédente de même durée",
        "compared with the period of the same length before",
        "vergeleken met de even lange periode ervoor",
    ),
    "no_before": ("Rien avant pour comparer", "Nothing before to compare", "Niets eerder om te vergelijken"),
    "points_more": ("{} pt", "{} pt", "{} pt"),
    "turnover_by_day": ("Chiffre d’affaires par jour", "Turnover by day", "Omzet per dag"),
    "turnover_by_week": ("Chiffre d’affaires par semaine", "Turnover by week", "Omzet per week"),
    "turnover_by_month": ("Chiffre d’affaires par mois", "Turnover by month", "Omzet per maand"),
    "visits_by_hour": ("Visites par heure", "Visits by hour", "Bezoeken per uur"),
    "all_visits": ("Toutes les visites", "All visits", "Alle bezoeken"),
    "all_turnover": ("Total", "Total", "Totaal"),
    "table": ("Voir les chiffres", "Show the figures", "Cijfers tonen"),
    "week_of": ("semaine du {}", "week of {}", "week van {}"),
    "members_now": ("Membres", "Members", "Leden"),
    "members_now_means": (
        "numéro confirmé : ils voient et dépensent leurs points",
        "number confirmed: they see and spend their points",
        "nummer bevestigd: ze zien en besteden hun punten",
    ),
    "waiting": ("En attente", "Waiting", "In afwachting"),
    "waiting_means": (
        "inscrits, numéro pas encore confirmé : effacés au bout de 30 jours sinon",
        "joined, number not confirmed yet: erased after 30 days otherwise",
        "ingeschreven, nummer nog niet bevestigd: anders na 30 dagen gewist",
    ),
    "nothing": ("Aucune visite sur cette période.", "No visit in this period.", "Geen bezoek in deze periode."),
    "nothing_means": (
        "Choisissez une période plus longue, ou prenez un paiement par carte : chaque ticket payé compte une visite.",
        "Choose a longer period, or take a card payment: each paid ticket counts one visit.",
        "Kies een langere periode, of neem een kaartbetaling aan: elk betaald ticket telt als één bezoek.",
    ),
    "no_programme": (
        "Pas encore de programme de fidélité.",
        "No loyalty programme yet.",
        "Nog geen klantenkaartprogramma.",
    ),
    "no_programme_means": (
        "Les visites sont comptées, et le lecteur propose l’inscription, dès qu’un programme est publié.",
        "Visits are counted, and the reader offers to join, as soon as a programme is published.",
        "Bezoeken worden geteld, en de lezer stelt inschrijving voor, zodra een programma gepubliceerd is.",
    ),
    "make_programme": ("Composer le programme", "Make the programme", "Programma opstellen"),
    # analysis
    "enrolments_by_day": ("Inscriptions par jour", "Enrolments by day", "Inschrijvingen per dag"),
    "enrolments_by_week": ("Inscriptions par semaine", "Enrolments by week", "Inschrijvingen per week"),
    "enrolments_by_month": ("Inscriptions par mois", "Enrolments by month", "Inschrijvingen per maand"),
    "traffic": ("Affluence par jour et par heure", "Traffic by weekday and hour", "Drukte per weekdag en uur"),
    "traffic_means": (
        "Nombre de visites ; la case la plus foncée est l’heure la plus chargée.",
        "Number of visits; the darkest cell is the busiest hour.",
        "Aantal bezoeken; het donkerste vak is het drukste uur.",
    ),
    "frequency": ("Fréquence des visites", "Visit frequency", "Bezoekfrequentie"),
    "frequency_means": (
        "Temps écoulé depuis la visite précédente de la même carte.",
        "Time since the visit before of the same card.",
        "Tijd sinds het vorige bezoek met dezelfde kaart.",
    ),
    "gap_0": ("Première visite", "First visit", "Eerste bezoek"),
    "gap_1": ("7 jours au plus", "7 days at most", "Hoogstens 7 dagen"),
    "gap_2": ("8 à 14 jours", "8 to 14 days", "8 tot 14 dagen"),
    "gap_3": ("15 à 30 jours", "15 to 30 days", "15 tot 30 dagen"),
    "gap_4": ("31 à 90 jours", "31 to 90 days", "31 tot 90 dagen"),
    "gap_5": ("Plus de 90 jours", "More than 90 days", "Meer dan 90 dagen"),
    "compared": ("Membres et autres clients", "Members and other clients", "Leden en andere klanten"),
    "members": ("Membres", "Members", "Leden"),
    "others": ("Non-membres", "Non-members", "Niet-leden"),
    "share_of_turnover": ("Part du chiffre d’affaires", "Share of turnover", "Aandeel in de omzet"),
}
