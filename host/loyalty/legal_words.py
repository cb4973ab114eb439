"""What the conditions of a programme and the notice on personal data say (GDPR 12 to 14; services/L-2), in French,
English and Dutch. A paragraph is filled by documents.py; NOTICE and CONDITIONS have their order.
"""

from __future__ import annotations

from host.web.words import Texts

NOTICE_TITLE: Texts = ("Vos données et vos droits", "Your data and your rights", "Uw gegevens en uw rechten")
CONDITIONS_TITLE: Texts = ("Règlement du programme", "Conditions of the programme", "Reglement van het programma")
BRIEF: Texts = ("En bref", "In brief", "In het kort")
VERSION: Texts = (
    "{name} – version {version}, en vigueur depuis le {since}.",
    "{name} – version {version}, in force since {since}.",
    "{name} – versie {version}, van kracht sinds {since}.",
)
Section = tuple[Texts, Texts]  # title, paragraph

NOTICE: dict[str, Section] = {
    "controller": (
        ("Qui est responsable", "Who is responsible", "Wie verantwoordelijk is"),
        (
            "{shop}, {address}, {town}. SIRET {siret}. C’est à ce commerce que vous vous adressez pour toute question.",
            "{shop}, {address}, {town}. SIRET {siret}. It is this shop that answers any question of yours.",
            "{shop}, {address}, {town}. SIRET {siret}. Deze winkel beantwoordt al uw vragen.",
        ),
    ),
    "data": (
        ("Ce qui est enregistré", "What is kept", "Wat wordt bewaard"),
        (
            "Votre numéro de mobile ; vos réponses et leur date ; vos passages, leurs montants et vos points ; une "
            "empreinte de votre carte, dont on ne peut pas retrouver le numéro. Si vous le voulez : le jour et le "
            "mois de votre anniversaire, et votre e-mail. Rien n’est retenu des articles que la loi exclut, comme "
            "l’alcool ou les médicaments.",
            "Your mobile number; your answers and their dates; your visits, their amounts and your points; a print of "
            "your card, from which its number cannot be found. If you wish: the day and month of your birthday, and "
            "your e-mail address. Nothing is kept of articles that the law excludes, such as alcohol or medicines.",
            "Uw mobiele nummer; uw antwoorden en hun datum; uw bezoeken, de bedragen en uw punten; een afdruk van uw "
            "kaart, waaruit het nummer niet te achterhalen is. Als u dat wilt: dag en maand van uw verjaardag, en uw "
            "e-mailadres. Van artikelen die de wet uitsluit, zoals alcohol of geneesmiddelen, wordt niets bewaard.",
        ),
    ),
    "purposes": (
        ("Pourquoi", "Why", "Waarom"),
        (
            "Pour tenir votre compte : c’est le programme que vous avez accepté. Pour vous envoyer des offres, par "
            "SMS ou par e-mail, seulement si vous avez dit oui à chacun. Pour connaître la fréquentation du commerce, "
            "y compris par des cartes sans compte, sans savoir qui les porte : c’est son intérêt légitime.",
            "To keep your account: that is the programme you accepted. To send you offers, by SMS or by e-mail, only "
            "if you said yes to each. To know how often the shop is visited, also by cards without an account, "
            "without knowing whose they are: that is its legitimate interest.",
            "Om uw account bij te houden: het programma dat u aanvaardde. Om u aanbiedingen te sturen, per sms of per "
            "e-mail, alleen als u op elk ja zei. Om het bezoek van de winkel te kennen, ook van kaarten zonder "
            "account, zonder te weten van wie: dat is haar gerechtvaardigd belang.",
        ),
    ),
    "duration": (
        ("Combien de temps", "For how long", "Hoe lang"),
        (
            "Trois ans après votre dernier contact : achat, connexion ou réponse. Un numéro qui n’est pas confirmé : "
            "30 jours. Une carte sans compte : 13 mois ; votre refus : 90 jours. Si vous effacez tout, une empreinte "
            "du numéro garde trois ans la preuve de vos réponses, et celle de STOP.",
            "Three years after your last contact: a purchase, a sign-in or an answer. A number that is not confirmed: "
            "30 days. A card without an account: 13 months; your refusal: 90 days. If you erase everything, a print "
            "of the number keeps the proof of your answers for three years, and that of STOP.",
            "Drie jaar na uw laatste contact: aankoop, aanmelding of antwoord. Een nummer dat niet bevestigd is: 30 "
            "dagen. Een kaart zonder account: 13 maanden; uw weigering: 90 dagen. Als u alles wist, bewaart een "
            "afdruk van het nummer drie jaar lang het bewijs van uw antwoorden, en dat van STOP.",
        ),
    ),
    "recipients": (
        ("Qui les voit", "Who sees it", "Wie ze ziet"),
        (
            "Le commerce, et le prestataire qui achemine ses SMS et e-mails. Rien n’est vendu ni cédé.",
            "The shop, and the provider that carries its SMS and e-mails. Nothing is sold or given away.",
            "De winkel, en de dienst die haar sms’en en e-mails bezorgt. Niets wordt verkocht of doorgegeven.",
        ),
    ),
    "rights": (
        ("Vos droits", "Your rights", "Uw rechten"),
        (
            "Voir, corriger, emporter ou effacer vos données, retirer un accord, vous opposer : à tout moment sur "
            "{page}, ou en le demandant au commerce. Pour ne plus recevoir d’offres par SMS, répondez STOP"
            "{stop}. Vous pouvez aussi saisir la CNIL : 3, place de Fontenoy, 75334 Paris Cedex 07, www.cnil.fr.",
            "To see, correct, take along or erase your data, to take back an agreement, to object: at any time at "
            "{page}, or by asking the shop. To receive no more offers by SMS, answer STOP{stop}. You may also "
            "complain to the CNIL: 3, place de Fontenoy, 75334 Paris Cedex 07, www.cnil.fr.",
            "Uw gegevens inzien, verbeteren, meenemen of wissen, een toestemming intrekken, bezwaar maken: op elk "
            "moment op {page}, of door het de winkel te vragen. Geen aanbiedingen per sms meer: antwoord STOP{stop}. "
            "U kunt ook een klacht indienen bij de CNIL: 3, place de Fontenoy, 75334 Paris Cedex 07, www.cnil.fr.",
        ),
    ),
    "free": (
        ("Rien n’est obligatoire", "Nothing is obligatory", "Niets is verplicht"),
        (
            "Payer ne dépend jamais du programme. Sans numéro, il n’y a pas de compte ; l’anniversaire, l’e-mail et "
            "les offres sont facultatifs.",
            "Paying never depends on the programme. Without a number there is no account; birthday, e-mail and offers "
            "are up to you.",
            "Betalen hangt nooit van het programma af. Zonder nummer is er geen account; verjaardag, e-mail en "
            "aanbiedingen zijn vrijblijvend.",
        ),
    ),
}
STOP_AT: Texts = (" (au {})", " (to {})", " (naar {})")

CONDITIONS: dict[str, Section] = {
    "object": (
        ("Le programme", "The programme", "Het programma"),
        (
            "{name} est le programme de fidélité de {shop}, {address}, {town}. Il est gratuit, ouvert à qui a un "
            "numéro de mobile, et n’oblige à rien.",
            "{name} is the loyalty programme of {shop}, {address}, {town}. It is free, open to whoever has a mobile "
            "number, and obliges you to nothing.",
            "{name} is het klantenprogramma van {shop}, {address}, {town}. Het is gratis, staat open voor wie een "
            "mobiel nummer heeft, en verplicht u tot niets.",
        ),
    ),
    "joining": (
        ("S’inscrire", "Joining", "Inschrijven"),
        (
            "Après un paiement par carte, sur le lecteur : vous tapez votre numéro et acceptez ces conditions. Le "
            "compte gagne tout de suite. Un code par SMS confirme que le numéro est à vous ; avant cela rien n’est "
            "montré ni dépensé, et au bout de 30 jours tout est effacé. Plusieurs cartes avec le même numéro font un "
            "seul compte.",
            "After a payment by card, on the reader: you type your number and accept these conditions. The account "
            "earns at once. A code by SMS confirms that the number is yours; before that nothing is shown or spent, "
            "and after 30 days all is erased. Several cards with the same number are one account.",
            "Na een kaartbetaling, op de lezer: u typt uw nummer en aanvaardt deze voorwaarden. Het account verdient "
            "meteen. Een code per sms bevestigt dat het nummer van u is; voordien wordt niets getoond of besteed, en "
            "na 30 dagen wordt alles gewist. Meerdere kaarten met hetzelfde nummer vormen één account.",
        ),
    ),
    "earning": (
        ("Ce que vous gagnez", "What you earn", "Wat u verdient"),
        (
            "Pas sur l’alcool, le tabac, le vapotage, les jeux d’argent, les laits infantiles et les médicaments, que "
            "la loi exclut ; livres, alimentation et hygiène, dans ses limites. Ce qui est rendu ou annulé reprend ce "
            "qu’il avait donné.",
            "Not on alcohol, tobacco, vaping, gambling, infant formula and medicines, which the law excludes; on "
            "books, food and hygiene within its limits. What is returned or cancelled takes back what it gave.",
            "Niet op alcohol, tabak, vapen, kansspelen, zuigelingenmelk en geneesmiddelen, die de wet uitsluit; op "
            "boeken, voeding en hygiëne binnen haar grenzen. Wat wordt teruggebracht of geannuleerd, neemt terug wat "
            "het gaf.",
        ),
    ),
    "rewards": (
        ("Vos récompenses", "Your rewards", "Uw beloningen"),
        (
            "À la caisse, sur l’achat de votre choix, quand votre numéro est confirmé. Elles ne sont ni échangées "
            "contre de l’argent, ni cumulées au-delà du prix.",
            "At the till, on the purchase you choose, once your number is confirmed. They are not exchanged for "
            "money, and take off no more than the price.",
            "Aan de kassa, op de aankoop van uw keuze, zodra uw nummer bevestigd is. Ze worden niet voor geld "
            "geruild en gaan niet boven de prijs.",
        ),
    ),
    "validity": (
        ("Durée", "Duration", "Duur"),
        (
            "Ce que vous gagnez : {expiry}. Le plus ancien est dépensé d’abord.",
            "What you earn: {expiry}. The oldest is spent first.",
            "Wat u verdient: {expiry}. Het oudste wordt eerst besteed.",
        ),
    ),
    "changes": (
        ("Changements et départ", "Changes and leaving", "Wijzigingen en vertrek"),
        (
            "Une nouvelle version est publiée ici avant de valoir ; ce qui est gagné le reste. Vous partez quand vous "
            "voulez, en effaçant votre compte sur {page} : ses points sont alors perdus. Le droit français "
            "s’applique.",
            "A new version is published here before it holds; what is earned stays. You leave whenever you want, by "
            "erasing your account at {page}: its points are lost then. French law applies.",
            "Een nieuwe versie wordt hier gepubliceerd voordat zij geldt; wat verdiend is, blijft. U vertrekt wanneer "
            "u wilt, door uw account op {page} te wissen: de punten zijn dan verloren. Frans recht is van "
            "toepassing.",
        ),
    ),
}
