"""What the editor of the programme says: French, English, Dutch."""

from __future__ import annotations

from host.loyalty.model import LegalClass
from host.web.words import Texts

TEXTS: dict[str, Texts] = {
    "none": ("Aucun programme en vigueur.", "No programme in force.", "Geen programma van kracht."),
    "none_means": (
        "Partez d’un exemple (1 point par euro, 5 € pour 100 points) et adaptez-le : rien n’est visible des clients "
        "avant la publication.",
        "Begin with an example (1 point a euro, 5 € for 100 points) and change it: clients see nothing before it is "
        "published.",
        "Begin met een voorbeeld (1 punt per euro, € 5 voor 100 punten) en pas het aan: klanten zien niets vóór de "
        "publicatie.",
    ),
    "begin": ("Partir de l’exemple", "Begin with the example", "Met het voorbeeld beginnen"),
    "example_label": ("5 € de remise", "5 € off", "€ 5 korting"),
    "in_force": (
        "En vigueur : version {}, depuis le {}",
        "In force: version {}, since {}",
        "Van kracht: versie {}, sinds {}",
    ),
    "not_in_force": ("Brouillon : rien n’est publié", "Draft: nothing is published", "Concept: niets gepubliceerd"),
    # name
    "identity": ("Le programme", "The programme", "Het programma"),
    "name": ("Nom, affiché sur le lecteur", "Name, shown on the reader", "Naam, op de lezer getoond"),
    "begins": (
        "En vigueur à partir du (vide : tout de suite)",
        "In force from (empty: at once)",
        "Van kracht vanaf (leeg: meteen)",
    ),
    # earnings
    "earnings": ("Ce que gagnent vos clients", "What clients earn", "Wat klanten verdienen"),
    "add_earning": ("Ajouter une façon de gagner", "Add a way to earn", "Manier om te verdienen toevoegen"),
    "remove": ("Retirer", "Remove", "Verwijderen"),
    "counter": ("Gagne", "Earns", "Verdient"),
    "points": ("Points", "Points", "Punten"),
    "visits": ("Visites", "Visits", "Bezoeken"),
    "stamps": ("Tampons", "Stamps", "Stempels"),
    "gives": ("Combien", "How many", "Hoeveel"),
    "basis": ("Pour", "For", "Voor"),
    "basis_amount": ("chaque tranche de", "each full", "elke volle"),
    "basis_visit": ("une visite d’au moins", "a visit of at least", "een bezoek van minstens"),
    "basis_article": ("chaque article de", "each article of", "elk artikel van"),
    "step": ("Montant (€)", "Amount (€)", "Bedrag (€)"),
    "category": ("Catégorie", "Category", "Categorie"),
    "choose_category": ("Choisir…", "Choose…", "Kiezen…"),
    "all_categories": ("Tout le ticket", "The whole ticket", "Het hele ticket"),
    # rewards
    "rewards": ("Récompenses", "Rewards", "Beloningen"),
    "add_reward": ("Ajouter une récompense", "Add a reward", "Beloning toevoegen"),
    "label": ("Nom, imprimé sur le ticket", "Name, printed on the ticket", "Naam, op het ticket gedrukt"),
    "kind": ("Type", "Kind", "Soort"),
    "reduction": ("Remise en euros", "Euros off", "Korting in euro"),
    "coupon": ("Remise en pourcentage", "Percentage off", "Korting in procent"),
    "gift": ("Article offert", "Article given", "Gratis artikel"),
    "threshold": ("À partir de", "From", "Vanaf"),
    "amount": ("Remise (€)", "Off (€)", "Korting (€)"),
    "gift_amount": ("Valeur au plus (€)", "Worth at most (€)", "Waarde hoogstens (€)"),
    "percent": ("Remise (%)", "Off (%)", "Korting (%)"),
    # time
    "time": ("Anniversaire et durée", "Birthday and duration", "Verjaardag en duur"),
    "birthday": ("Cadeau d’anniversaire ({})", "Birthday gift ({})", "Verjaardagsgeschenk ({})"),
    "birthday_means": (
        "Versé le jour de l’anniversaire à qui a donné le sien (jour et mois, jamais l’année). Vide : aucun.",
        "Given on the birthday of those who told theirs (day and month, never the year). Empty: none.",
        "Op de verjaardag van wie die opgaf (dag en maand, nooit het jaar). Leeg: geen.",
    ),
    "expires": ("Valables (jours)", "Valid (days)", "Geldig (dagen)"),
    "expires_means": (
        "Les plus anciens sont dépensés d’abord. Vide : sans limite.",
        "The oldest are spent first. Empty: without end.",
        "De oudste worden eerst besteed. Leeg: onbeperkt.",
    ),
    # conditions
    "conditions": ("Conditions", "Conditions", "Voorwaarden"),
    "conditions_means": (
        "Le client accepte ce résumé sur le lecteur ; le texte complet s’ouvre par le QR code de l’adresse et doit "
        "être à disposition en boutique.",
        "The client accepts this summary on the reader; the full text opens by the QR code of the address, and has to "
        "be available in the shop.",
        "De klant aanvaardt deze samenvatting op de lezer; de volledige tekst opent met de QR-code van het adres en "
        "moet in de winkel beschikbaar zijn.",
    ),
    "version": ("Version", "Version", "Versie"),
    "url": ("Adresse du texte complet", "Address of the full text", "Adres van de volledige tekst"),
    "short_fr": ("Résumé en français", "Summary in French", "Samenvatting in het Frans"),
    "short_en": ("Résumé en anglais", "Summary in English", "Samenvatting in het Engels"),
    "short_nl": ("Résumé en néerlandais", "Summary in Dutch", "Samenvatting in het Nederlands"),
    # law
    "law": ("Catégories d’articles et loi", "Categories of articles and the law", "Artikelcategorieën en de wet"),
    "law_means": (
        "Dites ce qu’est chaque catégorie : la loi s’applique ici à la saisie, puis à chaque vente.",
        "Say what each category is: the law applies here as you type, then at each sale.",
        "Zeg wat elke categorie is: de wet geldt hier bij het invullen en daarna bij elke verkoop.",
    ),
    "legal_class": ("Nature", "Nature", "Aard"),
    "what_law_says": ("Ce que dit la loi", "What the law says", "Wat de wet zegt"),
    "free": ("Pas de limite", "No limit", "Geen grens"),
    "excluded": (
        "Exclu : ne gagne rien, pas de remise",
        "Excluded: earns nothing, nothing off",
        "Uitgesloten: verdient niets, geen korting",
    ),
    "at_most": ("{} au plus du prix", "{} of the price at most", "hoogstens {} van de prijs"),
    "volume": ("et {} des ventes de l’année", "and {} of the year’s sales", "en {} van de jaarverkoop"),
    "since": ("depuis le {}", "since {}", "sinds {}"),
    # faults
    "fault_name": (
        "Donnez un nom de 32 caractères au plus.",
        "Give a name of 32 characters at most.",
        "Geef een naam van hoogstens 32 tekens.",
    ),
    "fault_earnings": (
        "Chaque façon de gagner demande un nombre d’au moins 1 et un montant, ou une catégorie.",
        "Each way to earn needs a number of at least 1, and an amount or a category.",
        "Elke manier om te verdienen vraagt een getal van minstens 1, en een bedrag of een categorie.",
    ),
    "fault_reward_twice": (
        "Deux récompenses sont la même.",
        "Two rewards are the same.",
        "Twee beloningen zijn dezelfde.",
    ),
    "fault_rewards": (
        "Chaque récompense demande un nom (40 caractères), un seuil, une valeur, et un compteur que vos clients "
        "gagnent.",
        "Each reward needs a name (40 characters), a threshold, a value, and a counter that clients earn.",
        "Elke beloning vraagt een naam (40 tekens), een drempel, een waarde en een teller die klanten verdienen.",
    ),
    "fault_numbers": ("Des nombres entiers, ou rien.", "Whole numbers, or nothing.", "Gehele getallen, of niets."),
    "fault_conditions": (
        "Il faut une version (16 caractères) et un résumé en français (300 caractères au plus) ; l’adresse commence "
        "par https:// et a 106 caractères au plus.",
        "A version (16 characters) and a summary in French (300 characters at most) are needed; the address begins "
        "with https:// and has 106 characters at most.",
        "Nodig: een versie (16 tekens) en een samenvatting in het Frans (hoogstens 300 tekens); het adres begint met "
        "https:// en telt hoogstens 106 tekens.",
    ),
    "fault_law": ("Interdit pour « {} » : {}.", "Not allowed for “{}”: {}.", "Niet toegestaan voor “{}”: {}."),
    # preview
    "preview": ("Aperçu sur un ticket", "Preview on a ticket", "Voorbeeld op een ticket"),
    "preview_means": (
        "Composez un panier de votre catalogue : voici ce qu’il rapporte et ce que chaque récompense enlève.",
        "Fill a basket from your catalogue: this is what it earns and what each reward takes off.",
        "Stel een mandje samen uit uw catalogus: dit levert het op, en dit gaat er met elke beloning af.",
    ),
    "less": ("Un {} de moins", "One {} less", "Eén {} minder"),
    "more": ("Un {} de plus", "One {} more", "Eén {} meer"),
    "total": ("Total", "Total", "Totaal"),
    "earns": ("Ce ticket rapporte", "This ticket earns", "Dit ticket levert op"),
    "earns_nothing": ("rien", "nothing", "niets"),
    "with_reward": ("Avec «\u00a0{}\u00a0»", "With “{}”", "Met “{}”"),
    "takes_nothing": ("rien sur ce panier", "nothing on this basket", "niets op dit mandje"),
    "tried": ("Sur les 90 derniers jours", "On the last 90 days", "Over de laatste 90 dagen"),
    "try": ("Essayer", "Try it", "Uitproberen"),
    "tried_visits": ("{} visites de membres, {}", "{} visits of members, {}", "{} bezoeken van leden, {}"),
    "tried_none": (
        "Aucune visite de membre encore : rien à essayer.",
        "No visit of a member yet: nothing to try it on.",
        "Nog geen bezoek van een lid: niets om op te proberen.",
    ),
    "tried_earned": ("Gagnés", "Earned", "Verdiend"),
    "tried_reached": ("{} : atteinte", "{}: reached", "{}: bereikt"),
    "times": ("{} fois", "{} times", "{} keer"),
    "tried_cost": ("Coût des récompenses", "Cost of the rewards", "Kosten van de beloningen"),
    "of_turnover": ("{} de ce chiffre d’affaires", "{} of that turnover", "{} van die omzet"),
    "publish": ("Publier la version {}", "Publish version {}", "Versie {} publiceren"),
    "unchanged": (
        "C’est la version en vigueur : changez quelque chose pour publier la suivante.",
        "This is the version in force: change something to publish the next.",
        "Dit is de versie van kracht: wijzig iets om de volgende te publiceren.",
    ),
    "publish_means": (
        "Les points déjà gagnés restent ; les règles publiées ne changent jamais, une nouvelle version prend la suite.",
        "Points earned already stay; published rules never change, a new version follows.",
        "Verdiende punten blijven; gepubliceerde regels veranderen nooit, een nieuwe versie volgt.",
    ),
    "published": ("Version {} publiée.", "Version {} published.", "Versie {} gepubliceerd."),
    "cannot": ("À corriger avant de publier", "To be put right before publishing", "Te verbeteren vóór de publicatie"),
    # versions
    "versions": ("Versions", "Versions", "Versies"),
    "of_version": ("Version {}", "Version {}", "Versie {}"),
    "from_date": ("à partir du {}", "from {}", "vanaf {}"),
    "ended": ("fin du programme", "end of the programme", "einde van het programma"),
    "current": ("en vigueur", "in force", "van kracht"),
    "take_up": ("Reprendre", "Take up", "Hernemen"),
    "end": ("Arrêter le programme", "End the programme", "Programma stoppen"),
    "end_sure": (
        "Arrêter ? Plus personne ne s’inscrit, rien ne se gagne ni ne se dépense. Les points restent, et un nouveau "
        "programme peut reprendre.",
        "End it? Nobody joins any more, nothing is earned or spent. Points stay, and a new programme can follow.",
        "Stoppen? Niemand schrijft nog in, niets wordt verdiend of besteed. Punten blijven, en een nieuw programma kan "
        "volgen.",
    ),
    "end_yes": ("Arrêter", "End", "Stoppen"),
    "keep": ("Continuer", "Go on", "Doorgaan"),
}
CLASSES: dict[LegalClass, Texts] = {
    LegalClass.ORDINARY: ("Ordinaire", "Ordinary", "Gewoon"),
    LegalClass.FOOD: ("Alimentation", "Food", "Voeding"),
    LegalClass.HYGIENE: ("Hygiène et entretien", "Hygiene and cleaning", "Hygiëne en onderhoud"),
    LegalClass.BOOK: ("Livres", "Books", "Boeken"),
    LegalClass.ALCOHOL: ("Alcool", "Alcohol", "Alcohol"),
    LegalClass.TOBACCO: ("Tabac", "Tobacco", "Tabak"),
    LegalClass.VAPING: ("Vapotage", "Vaping", "Vapen"),
    LegalClass.GAMBLING: ("Jeux d’argent", "Gambling", "Kansspelen"),
    LegalClass.INFANT_FORMULA: ("Lait pour nourrissons", "Infant formula", "Zuigelingenmelk"),
    LegalClass.MEDICINE: ("Médicaments", "Medicines", "Geneesmiddelen"),
}
