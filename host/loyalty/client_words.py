"""What the lists of clients and a client's record say: French, English, Dutch."""

from __future__ import annotations

from host.web.words import Texts

TEXTS: dict[str, Texts] = {
    "lists": ("Listes", "Lists", "Lijsten"),
    "best": ("Meilleurs clients", "Best clients", "Beste klanten"),
    "members": ("Membres", "Members", "Leden"),
    "inactive": ("Clients inactifs", "Inactive clients", "Inactieve klanten"),
    "search": ("Chercher par la fin du numéro", "Search by the end of the number", "Zoek op het einde van het nummer"),
    "search_hint": ("ex. 5678", "e.g. 5678", "bv. 5678"),
    "found_none": (
        "Aucun membre dont le numéro finit par {}.",
        "No member whose number ends in {}.",
        "Geen lid met een nummer dat eindigt op {}.",
    ),
    "found_none_means": (
        "Vérifiez les derniers chiffres avec votre client. Un non-membre n’a pas de numéro : il s’inscrit sur le "
        "lecteur après un paiement par carte.",
        "Check the last digits with your client. A non-member has no number: they join on the reader after a card "
        "payment.",
        "Controleer de laatste cijfers bij uw klant. Een niet-lid heeft geen nummer: inschrijven kan op de lezer na "
        "een kaartbetaling.",
    ),
    "too_short": ("Tapez au moins trois chiffres.", "Type three digits at least.", "Typ minstens drie cijfers."),
    "found": ("Numéros finissant par {}", "Numbers ending in {}", "Nummers eindigend op {}"),
    "clear": ("Effacer la recherche", "Clear the search", "Zoekopdracht wissen"),
    "who": ("Qui", "Who", "Wie"),
    "who_all": ("Tous", "All", "Allen"),
    "who_members": ("Membres", "Members", "Leden"),
    "who_others": ("Non-membres", "Non-members", "Niet-leden"),
    "inactive_means": (
        "Venus au moins une fois, mais pas depuis 90 jours.",
        "Were here at least once, but not for 90 days.",
        "Minstens één keer geweest, maar niet in de laatste 90 dagen.",
    ),
    "best_means": (
        "Par chiffre d’affaires, membres ou non : la carte est reconnue sans que l’on sache qui paie.",
        "By turnover, members or not: the card is recognised without knowing who pays.",
        "Volgens omzet, lid of niet: de kaart wordt herkend zonder te weten wie betaalt.",
    ),
    "members_means": ("Les derniers inscrits d’abord.", "The latest first.", "De recentste eerst."),
    "none_best": ("Aucun client encore.", "No client yet.", "Nog geen klant."),
    "none_members": ("Aucun membre encore.", "No member yet.", "Nog geen lid."),
    "none_inactive": ("Aucun client inactif.", "No inactive client.", "Geen inactieve klant."),
    "none_best_means": (
        "Un client apparaît ici dès qu’il a payé une fois par carte.",
        "A client appears here once they have paid by card.",
        "Een klant verschijnt hier zodra er met de kaart betaald is.",
    ),
    "none_members_means": (
        "Après un paiement par carte, le lecteur propose l’inscription : dites-le à la caisse.",
        "After a card payment the reader offers to join: say so at the till.",
        "Na een kaartbetaling stelt de lezer inschrijving voor: zeg het aan de kassa.",
    ),
    "none_inactive_means": (
        "Tous ceux qui sont venus sont revenus depuis moins de 90 jours.",
        "Everyone who came was back within 90 days.",
        "Iedereen die kwam, is binnen 90 dagen teruggekomen.",
    ),
    "client": ("Client", "Client", "Klant"),
    "visits": ("Visites", "Visits", "Bezoeken"),
    "average_basket": ("Panier moyen", "Average basket", "Gem. besteding"),
    "turnover": ("Total", "Total", "Totaal"),
    "rewards": ("Récompenses", "Rewards", "Beloningen"),
    "last_visit": ("Dernière visite", "Last visit", "Laatste bezoek"),
    "stranger": ("Non-membre", "Non-member", "Niet-lid"),
    "joined": ("Membre, numéro à confirmer", "Member, number to be confirmed", "Lid, nummer te bevestigen"),
    "member": ("Membre", "Member", "Lid"),
    "joined_chip": ("à confirmer", "to be confirmed", "te bevestigen"),
    "more": ("Afficher la suite", "Show more", "Meer tonen"),
    # export
    "export": ("Exporter les membres", "Export members", "Leden exporteren"),
    "export_means": (
        "Fichier CSV : visites, paniers et récompenses de chaque membre. Numéro ou e-mail seulement pour qui a "
        "accepté vos offres par ce moyen (RGPD). Chaque export est noté.",
        "CSV file: visits, baskets and rewards of each member. Number or e-mail only of those who agreed to your "
        "offers that way (GDPR). Each export is noted.",
        "CSV-bestand: bezoeken, bestedingen en beloningen per lid. Nummer of e-mail alleen van wie uw aanbiedingen "
        "langs die weg aanvaardde (AVG). Elke export wordt genoteerd.",
    ),
    "exported": (
        "Dernier export le {} : {} membres, {} numéros, {} e-mails.",
        "Last export on {}: {} members, {} numbers, {} e-mails.",
        "Laatste export op {}: {} leden, {} nummers, {} e-mails.",
    ),
    # one client
    "choose": (
        "Choisissez un client pour voir ses visites et ses points.",
        "Choose a client to see their visits and points.",
        "Kies een klant om bezoeken en punten te zien.",
    ),
    "close": ("Fermer", "Close", "Sluiten"),
    "since": ("Client depuis le {}", "Client since {}", "Klant sinds {}"),
    "joined_on": ("inscrit le {}", "joined on {}", "ingeschreven op {}"),
    "balances": ("Soldes", "Balances", "Saldi"),
    "points": ("Points", "Points", "Punten"),
    "counter_visits": ("Visites comptées", "Visits counted", "Getelde bezoeken"),
    "stamps": ("Tampons", "Stamps", "Stempels"),
    "no_balance": ("Rien encore.", "Nothing yet.", "Nog niets."),
    "offers": ("Offres", "Offers", "Aanbiedingen"),
    "sms_offers": ("SMS", "SMS", "Sms"),
    "email_offers": ("E-mail", "E-mail", "E-mail"),
    "agreed": ("accepté le {}", "agreed on {}", "aanvaard op {}"),
    "refused": ("refusé", "refused", "geweigerd"),
    "not_asked": ("pas demandé", "not asked", "niet gevraagd"),
    "cards": ("Cartes reconnues", "Cards recognised", "Herkende kaarten"),
    "history": ("Historique", "History", "Geschiedenis"),
    "no_history": ("Aucune visite encore.", "No visit yet.", "Nog geen bezoek."),
    "sale": ("Visite", "Visit", "Bezoek"),
    "return": ("Retour d’articles", "Articles returned", "Artikelen teruggebracht"),
    "cancellation": ("Vente annulée", "Sale cancelled", "Verkoop geannuleerd"),
    "earned": ("gagnés", "earned", "verdiend"),
    "taken_back": ("repris", "taken back", "teruggenomen"),
    "spent": ("dépensés", "spent", "besteed"),
    "given_back": ("rendus", "given back", "teruggegeven"),
    "birthday": ("anniversaire", "birthday", "verjaardag"),
    "expired": ("expirés", "expired", "vervallen"),
    "erase": ("Effacer ce membre", "Erase this member", "Dit lid wissen"),
    "erase_sure": (
        "Effacer définitivement le numéro, l’e-mail, les points et les cartes de ce membre ? À faire à sa "
        "demande : rien ne pourra être retrouvé. Les tickets restent, sans lien avec lui.",
        "Erase this member’s number, e-mail, points and cards for good? To be done when they ask for it: nothing can "
        "be found again. Tickets stay, without a link to them.",
        "Nummer, e-mail, punten en kaarten van dit lid definitief wissen? Te doen op verzoek van het lid: niets is "
        "terug te vinden. Tickets blijven, zonder verband met het lid.",
    ),
    "erase_yes": ("Effacer définitivement", "Erase for good", "Definitief wissen"),
    "keep": ("Ne rien effacer", "Keep", "Niets wissen"),
    "erased": (
        "Ce membre est effacé. Sa prochaine carte lue sera celle d’un inconnu.",
        "This member is erased. When their card is read next it is a stranger’s.",
        "Dit lid is gewist. De volgende keer is de kaart die van een onbekende.",
    ),
    "gone": ("Ce client n’est plus là.", "This client is gone.", "Deze klant is er niet meer."),
}
