"""What the check-list of the set-up says: French, English, Dutch."""

from __future__ import annotations

from host.web.words import Texts

TEXTS: dict[str, Texts] = {
    "title": ("Mettre la fidélité en place", "Setting loyalty up", "De klantenkaart opzetten"),
    "means": (
        "Une quinzaine de jours, de la souscription au premier membre.",
        "About two weeks, from the subscription to the first member.",
        "Ongeveer twee weken, van de inschrijving tot het eerste lid.",
    ),
    "done_of": ("{} étapes sur {}", "{} of {} steps", "{} van {} stappen"),
    "all_done": ("Tout est en place.", "All is set up.", "Alles staat klaar."),
    "day": ("jour {}", "day {}", "dag {}"),
    "days": ("jours {} à {}", "days {} to {}", "dag {} tot {}"),
    "on": ("vers le {}", "about {}", "rond {}"),
    "between": ("du {} au {}", "{} to {}", "van {} tot {}"),
    "done_on": ("fait le {}", "done on {}", "gedaan op {}"),
    "late": ("en retard", "late", "te laat"),
    "seen": ("vu par la caisse", "seen by the till", "gezien door de kassa"),
    "tick": ("Fait : {}", "Done: {}", "Gedaan: {}"),
    "go_programme": ("Ouvrir le programme", "Open the programme", "Programma openen"),
    "paper_notice": ("Notice et conditions (PDF)", "Notice and conditions (PDF)", "Nota en voorwaarden (PDF)"),
    "paper_window": ("Affiche de vitrine (PDF)", "Window poster (PDF)", "Affiche voor de etalage (PDF)"),
    "paper_till": ("Affiche de caisse (PDF)", "Till poster (PDF)", "Affiche voor de kassa (PDF)"),
    "subscription": ("Souscription", "Subscription", "Inschrijving"),
    "subscription_means": (
        "Cochez le jour où vous souscrivez : les dates suivantes en découlent.",
        "Tick it on the day of the subscription: the dates below follow.",
        "Vink aan op de dag van de inschrijving: de datums hieronder volgen.",
    ),
    "notice": ("Afficher la notice d’information", "Display the information notice", "De informatienota ophangen"),
    "notice_means": (
        "En boutique, visible de tous : elle dit que les cartes sont reconnues, par qui et pour quoi (RGPD).",
        "In the shop, for all to see: it says that cards are recognised, by whom and what for (GDPR).",
        "In de winkel, zichtbaar voor iedereen: dat kaarten herkend worden, door wie en waarvoor (AVG).",
    ),
    "installation": ("Installation sur le terminal", "Installation on the reader", "Installatie op de lezer"),
    "installation_means": (
        "Le mainteneur appelle et installe à distance en 10 à 15 minutes, à l’heure que vous choisissez ; vous pouvez "
        "appeler avant.",
        "The maintainer calls and installs from afar in 10 to 15 minutes, at the time you choose; you may call before.",
        "De onderhoudsdienst belt en installeert op afstand in 10 tot 15 minuten, wanneer u wilt; u mag eerder bellen.",
    ),
    "meeting": (
        "Rendez-vous avec l’expert marketing",
        "Meeting with the marketing expert",
        "Afspraak met de marketingexpert",
    ),
    "meeting_means": (
        "45 à 60 minutes par téléphone, écran partagé sur ordinateur ou tablette : le programme, les conditions, les "
        "affiches.",
        "45 to 60 minutes by phone, with a shared screen on computer or tablet: programme, conditions, posters.",
        "45 tot 60 minuten telefonisch, met gedeeld scherm op computer of tablet: programma, voorwaarden, affiches.",
    ),
    "programme": ("Publier le programme", "Publish the programme", "Het programma publiceren"),
    "programme_means": (
        "Points, récompenses, anniversaire : essayez-les sur un panier avant de publier.",
        "Points, rewards, birthday: try them on a basket before publishing.",
        "Punten, beloningen, verjaardag: probeer ze uit op een mandje vóór de publicatie.",
    ),
    "conditions": ("Personnaliser les conditions", "Personalise the conditions", "De voorwaarden aanpassen"),
    "conditions_means": (
        "Résumé sur le lecteur, texte complet par QR code, et un exemplaire en boutique.",
        "A summary on the reader, the full text by QR code, and a copy in the shop.",
        "Samenvatting op de lezer, volledige tekst via QR-code, en een exemplaar in de winkel.",
    ),
    "posters": ("Recevoir les deux affiches", "Get the two posters", "De twee affiches ontvangen"),
    "posters_means": (
        "Par e-mail, ou par la poste en 5 jours, comme choisi au rendez-vous.",
        "By e-mail, or by post in 5 days, as chosen at the meeting.",
        "Per e-mail, of met de post in 5 dagen, zoals gekozen tijdens de afspraak.",
    ),
    "placed": ("Poser les affiches", "Put the posters up", "De affiches ophangen"),
    "placed_means": (
        "Une en vitrine, une près de la caisse : là où la plupart de vos clients passent.",
        "One in the window, one near the till: where most of your clients pass.",
        "Eén in de etalage, één bij de kassa: waar de meeste klanten langskomen.",
    ),
    "first_member": ("Premier membre", "First member", "Eerste lid"),
    "first_member_means": (
        "Après un paiement par carte, le lecteur propose l’inscription ; le numéro se confirme par SMS.",
        "After a card payment the reader offers to join; the number is confirmed by SMS.",
        "Na een kaartbetaling stelt de lezer inschrijving voor; het nummer wordt per sms bevestigd.",
    ),
    "advice": ("Faire connaître le programme", "Making the programme known", "Het programma bekendmaken"),
    "advice_till": (
        "Proposez-le à la caisse, au moment de payer.",
        "Offer it at the till, when people pay.",
        "Stel het voor aan de kassa, bij het betalen.",
    ),
    "advice_benefits": (
        "Dites ce que l’on y gagne : remises, coupons, cadeaux.",
        "Say what there is to gain: reductions, coupons, gifts.",
        "Zeg wat er te winnen valt: kortingen, bonnen, geschenken.",
    ),
    "advice_data": (
        "Rassurez : un numéro suffit, il ne sert aux offres que si l’on dit oui, tout s’efface sur demande.",
        "Reassure: a number is enough, it serves offers only for those who say yes, all is erased on request.",
        "Stel gerust: een nummer volstaat, dient alleen voor aanbiedingen na een ja, en alles wordt op verzoek gewist.",
    ),
    "advice_posters": (
        "Laissez les affiches en vitrine et près de la caisse.",
        "Keep the posters in the window and near the till.",
        "Laat de affiches in de etalage en bij de kassa hangen.",
    ),
    "advice_networks": (
        "Parlez-en sur vos réseaux sociaux.",
        "Tell of it on your social networks.",
        "Vertel erover op uw sociale netwerken.",
    ),
    "advice_menu": (
        "Au restaurant, ajoutez une ligne à la carte.",
        "In a restaurant, add a line to the menu.",
        "Zet in een restaurant een regel op de kaart.",
    ),
}
ADVICE = ("till", "benefits", "data", "posters", "networks", "menu")
