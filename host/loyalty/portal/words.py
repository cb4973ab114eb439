"""What the member's page says: French, English, Dutch.

Names of CONSENTS are kept as proof with each answer: a text that changes gets another number.
"""

from __future__ import annotations

from host.loyalty.model import Subject
from host.web.words import Texts

TEXTS: dict[str, Texts] = {
    "title": ("Ma fidélité", "My loyalty account", "Mijn klantenaccount"),
    "languages": ("Langue", "Language", "Taal"),
    "sections": ("Mon compte", "My account", "Mijn account"),
    # signing in
    "welcome": ("Mon compte fidélité", "My loyalty account", "Mijn klantenaccount"),
    "welcome_means": (
        "Vos points, vos récompenses et vos données, chez {}.",
        "Your points, your rewards and your data, at {}.",
        "Uw punten, uw beloningen en uw gegevens, bij {}.",
    ),
    "number": ("Votre numéro de mobile", "Your mobile number", "Uw mobiele nummer"),
    "number_example": ("06 12 34 56 78", "06 12 34 56 78", "06 12 34 56 78"),
    "get_code": ("Recevoir un code par SMS", "Get a code by SMS", "Code per sms ontvangen"),
    "have_code": ("J’ai déjà un code", "I have a code already", "Ik heb al een code"),
    "have_code_means": (
        "Il est dans le SMS reçu après votre inscription.",
        "It is in the SMS that you got after joining.",
        "Die staat in de sms die u na uw inschrijving kreeg.",
    ),
    "code_sent": (
        "Si ce numéro est celui d’un compte, un code vient de lui être envoyé. Il vaut 10 minutes.",
        "If this number is of an account, a code has just been sent to it. It is good for 10 minutes.",
        "Als dit nummer bij een account hoort, is er net een code naar gestuurd. Die geldt 10 minuten.",
    ),
    "code_late": (
        "Rien reçu ? Vérifiez le numéro ; les SMS d’une journée sont limités.",
        "Nothing came? See whether the number is right; SMS of one day are limited.",
        "Niets ontvangen? Kijk of het nummer klopt; het aantal sms’en per dag is beperkt.",
    ),
    "code": ("Code reçu, 6 chiffres", "Code you got, 6 digits", "Ontvangen code, 6 cijfers"),
    "enter": ("Entrer", "Sign in", "Aanmelden"),
    "other_number": ("Changer de numéro", "Another number", "Ander nummer"),
    "join_how": (
        "Pas encore de compte ? Le lecteur vous le propose après un paiement par carte.",
        "No account yet? The reader offers one after a payment by card.",
        "Nog geen account? De lezer biedt er een aan na een kaartbetaling.",
    ),
    "leave": ("Me déconnecter", "Sign out", "Afmelden"),
    # points
    "points": ("Points", "Points", "Punten"),
    "have": ("Vous avez", "You have", "U heeft"),
    "ready": ("À utiliser", "Ready to use", "Te gebruiken"),
    "ready_means": (
        "Demandez-la à la caisse lors de votre prochain achat.",
        "Ask for it at the till, at your next purchase.",
        "Vraag ernaar aan de kassa bij uw volgende aankoop.",
    ),
    "rewards": ("Récompenses", "Rewards", "Beloningen"),
    "missing": ("encore {}", "{} to go", "nog {}"),
    "how_to_earn": ("Comment gagner", "How to earn", "Hoe u verdient"),
    "validity": ("Ce que vous gagnez : {}.", "What you earn: {}.", "Wat u verdient: {}."),
    "next_end": (
        "Des points expirent le {}.",
        "Some points expire on {}.",
        "Sommige punten vervallen op {}.",
    ),
    "no_programme": (
        "Le programme est arrêté. Vos données restent ici, à voir ou à effacer.",
        "The programme has ended. Your data is still here, to be seen or erased.",
        "Het programma is gestopt. Uw gegevens staan hier nog, om te bekijken of te wissen.",
    ),
    "latest": ("Derniers passages", "Latest visits", "Laatste bezoeken"),
    "all_visits": ("Tous mes passages", "All my visits", "Al mijn bezoeken"),
    # visits
    "visits": ("Passages", "Visits", "Bezoeken"),
    "no_visits": ("Aucun passage enregistré.", "No visit so far.", "Nog geen bezoek."),
    "sale": ("Achat", "Purchase", "Aankoop"),
    "return": ("Retour d’articles", "Return", "Teruggave"),
    "cancellation": ("Annulation", "Cancellation", "Annulering"),
    "movements": ("Mouvements", "Movements", "Bewegingen"),
    "no_movements": ("Aucun mouvement.", "No movement.", "Geen beweging."),
    "earned": ("Gagnés", "Earned", "Verdiend"),
    "taken_back": ("Repris, après un retour", "Taken back, after a return", "Teruggenomen, na een teruggave"),
    "spent": ("Utilisés", "Spent", "Besteed"),
    "given_back": ("Rendus", "Given back", "Teruggegeven"),
    "birthday_entry": ("Anniversaire", "Birthday", "Verjaardag"),
    "expired": ("Expirés", "Expired", "Vervallen"),
    # profile
    "profile": ("Profil", "Profile", "Profiel"),
    "my_number": ("Mobile", "Mobile", "Mobiel"),
    "number_changes": (
        "Nouveau numéro ? Retirez vos cartes ci-dessous, puis inscrivez-vous au lecteur : c’est un autre compte.",
        "A new number? Remove your cards below, then join on the reader: that is another account.",
        "Nieuw nummer? Verwijder hieronder uw kaarten en schrijf u in op de lezer: dat is een ander account.",
    ),
    "birthday": ("Anniversaire", "Birthday", "Verjaardag"),
    "birthday_means": (
        "Facultatif ; le jour et le mois suffisent.",
        "Up to you; day and month are enough.",
        "Vrijblijvend; dag en maand volstaan.",
    ),
    "day": ("Jour", "Day", "Dag"),
    "month": ("Mois", "Month", "Maand"),
    "email": ("E-mail", "E-mail", "E-mail"),
    "email_means": (
        "Facultatif. Nous y envoyons un code pour vérifier qu’elle est à vous.",
        "Up to you. We send a code to it, to see that it is yours.",
        "Vrijblijvend. We sturen er een code naartoe, om te zien dat het van u is.",
    ),
    "language": ("Langue des messages", "Language of messages", "Taal van de berichten"),
    "save": ("Enregistrer", "Save", "Opslaan"),
    "saved": ("C’est enregistré.", "It is saved.", "Opgeslagen."),
    "email_waits": (
        "Votre adresse n’est pas encore confirmée : saisissez le code reçu par e-mail.",
        "Your address is not confirmed yet: type the code that you got by e-mail.",
        "Uw adres is nog niet bevestigd: typ de code die u per e-mail kreeg.",
    ),
    "email_done": ("Adresse confirmée.", "Address confirmed.", "Adres bevestigd."),
    "confirm": ("Confirmer", "Confirm", "Bevestigen"),
    "again": ("Renvoyer le code", "Send the code again", "Code opnieuw sturen"),
    "sent_again": (
        "Le code a été renvoyé, dans la limite de cinq par jour.",
        "The code was sent again, within the limit of five a day.",
        "De code is opnieuw gestuurd, met hoogstens vijf per dag.",
    ),
    "cards": ("Mes cartes", "My cards", "Mijn kaarten"),
    "cards_means": (
        "Reconnues au paiement par une empreinte ; leur numéro n’est pas connu.",
        "Known at the payment by a print; their number is not known.",
        "Bij betaling herkend aan een afdruk; het nummer is niet bekend.",
    ),
    "card_since": ("Carte vue la première fois le {}", "Card first seen on {}", "Kaart voor het eerst gezien op {}"),
    "remove": ("Retirer", "Remove", "Verwijderen"),
    "card_removed": ("La carte est retirée.", "The card is removed.", "De kaart is verwijderd."),
    "no_cards": ("Aucune carte.", "No card.", "Geen kaart."),
    # consents
    "consents": ("Accords", "Consents", "Akkoorden"),
    "consents_means": (
        "Chaque question est à part. Vous changez d’avis quand vous voulez, sans rien perdre de vos points.",
        "Each question is apart. You change your mind whenever you want, and lose none of your points.",
        "Elke vraag staat apart. U verandert van mening wanneer u wilt en verliest geen enkel punt.",
    ),
    "conditions": ("Règlement du programme", "Conditions of the programme", "Reglement van het programma"),
    "conditions_means": (
        "Accepté, il vaut tant que vous avez un compte. Le retirer, c’est effacer le compte.",
        "Once accepted, they hold while you have an account. To withdraw is to erase the account.",
        "Eenmaal aanvaard geldt het zolang u een account heeft. Intrekken is het account wissen.",
    ),
    "yes": ("Oui", "Yes", "Ja"),
    "no": ("Non", "No", "Nee"),
    "give": ("J’accepte", "I agree", "Ik ga akkoord"),
    "withdraw": ("Ne plus accepter", "Withdraw", "Intrekken"),
    "needs_email": (
        "Confirmez d’abord votre e-mail dans votre profil.",
        "Confirm your e-mail address in your profile first.",
        "Bevestig eerst uw e-mailadres in uw profiel.",
    ),
    "proof": ("Preuve de vos réponses", "Proof of your answers", "Bewijs van uw antwoorden"),
    "proof_means": (
        "Chaque réponse est gardée avec sa date, le texte montré et l’endroit où vous l’avez donnée.",
        "Each answer is kept with its date, the text that was shown and where you gave it.",
        "Elk antwoord wordt bewaard met de datum, de getoonde tekst en waar u het gaf.",
    ),
    "text_shown": ("texte {}", "text {}", "tekst {}"),
    "never_asked": ("Jamais demandé", "Never asked", "Nooit gevraagd"),
    "on_reader": ("sur le lecteur", "on the reader", "op de lezer"),
    "on_page": ("sur cette page", "on this page", "op deze pagina"),
    "on_sms_stop": ("par STOP", "by STOP", "met STOP"),
    "on_email_link": ("par le lien d’un e-mail", "by the link of an e-mail", "via de link in een e-mail"),
    "on_till": ("à la caisse", "at the till", "aan de kassa"),
    # data
    "data": ("Données", "Data", "Gegevens"),
    "data_means": (
        "Tout ce qui est enregistré sur vous se trouve ici.",
        "Everything that is kept of you is here.",
        "Alles wat van u bewaard wordt, staat hier.",
    ),
    "download": ("Télécharger tout (JSON)", "Download everything (JSON)", "Alles downloaden (JSON)"),
    "download_means": (
        "Un fichier que d’autres services savent lire.",
        "A file that other services can read.",
        "Een bestand dat andere diensten kunnen lezen.",
    ),
    "joined": ("Inscription", "Joined", "Ingeschreven"),
    "confirmed": ("Numéro confirmé", "Number confirmed", "Nummer bevestigd"),
    "balance": ("Solde", "Balance", "Saldo"),
    "bought": ("Articles", "Articles", "Artikelen"),
    "notice": ("Vos droits", "Your rights", "Uw rechten"),
    "none": ("–", "–", "–"),
    # erasing
    "erase": ("Tout effacer", "Erase everything", "Alles wissen"),
    "erase_go": ("Effacer mon compte…", "Erase my account…", "Mijn account wissen…"),
    "erase_goes": ("Ce qui disparaît, tout de suite", "What goes, at once", "Wat verdwijnt, meteen"),
    "erase_goes_list": (
        "Votre numéro, votre e-mail, votre anniversaire, le lien avec vos cartes, vos {} et vos récompenses. Vos "
        "passages restent des chiffres sans personne.",
        "Your number, your e-mail address, your birthday, the link with your cards, your {} and your rewards. Your "
        "visits remain as figures of nobody.",
        "Uw nummer, uw e-mailadres, uw verjaardag, de link met uw kaarten, uw {} en uw beloningen. Uw bezoeken "
        "blijven als cijfers van niemand.",
    ),
    "erase_stays": ("Ce qui reste, et pourquoi", "What stays, and why", "Wat blijft, en waarom"),
    "erase_stays_list": (
        "Pendant trois ans, une empreinte de votre numéro, illisible sans notre clé : elle prouve vos réponses et, si "
        "vous avez répondu STOP, elle empêche qu’une offre vous soit envoyée.",
        "For three years, a print of your number, which cannot be read without our key: it proves your answers and, "
        "if you answered STOP, keeps offers from being sent to you.",
        "Drie jaar lang een afdruk van uw nummer, onleesbaar zonder onze sleutel: die bewijst uw antwoorden en, als u "
        "STOP antwoordde, houdt die aanbiedingen tegen.",
    ),
    "erase_sure": (
        "Je comprends que c’est définitif.",
        "I understand that this cannot be undone.",
        "Ik begrijp dat dit definitief is.",
    ),
    "keep": ("Garder mon compte", "Keep my account", "Mijn account behouden"),
    "erased": ("Votre compte est effacé.", "Your account is erased.", "Uw account is gewist."),
    "back": ("Retour", "Back", "Terug"),
    # what went wrong
    "invalid_number": (
        "Ce n’est pas un numéro de téléphone. Exemple : 06 12 34 56 78.",
        "This is no telephone number. Example: 06 12 34 56 78.",
        "Dit is geen telefoonnummer. Voorbeeld: 06 12 34 56 78.",
    ),
    "not_a_mobile": (
        "Ce numéro ne reçoit pas de SMS. Tapez un numéro de mobile.",
        "This number gets no SMS. Type a mobile number.",
        "Dit nummer ontvangt geen sms. Typ een mobiel nummer.",
    ),
    "wrong_code": (
        "Ce code n’est pas le bon, ou il est trop ancien. Après cinq essais, demandez-en un autre.",
        "This is not the code, or it is too old. After five tries, ask for another one.",
        "Dit is niet de juiste code, of hij is te oud. Vraag na vijf pogingen een nieuwe aan.",
    ),
    "invalid_email": (
        "Cette adresse e-mail n’est pas complète.",
        "This e-mail address is not complete.",
        "Dit e-mailadres is niet volledig.",
    ),
    "invalid_birthday": ("Ce jour n’existe pas.", "There is no such day.", "Die dag bestaat niet."),
    "not_sure": (
        "Cochez la case pour confirmer.",
        "Tick the box to confirm.",
        "Vink het vakje aan om te bevestigen.",
    ),
    "page_too_old": (
        "Cette page était ouverte depuis trop longtemps. Recommencez, s’il vous plaît.",
        "This page was open for too long. Please try again.",
        "Deze pagina stond te lang open. Probeer opnieuw.",
    ),
    "not_here": ("Cette page n’existe pas.", "This page does not exist.", "Deze pagina bestaat niet."),
    "no_conditions": (
        "Aucun programme en ce moment.",
        "No programme at the moment.",
        "Op dit moment geen programma.",
    ),
}
CONSENTS: dict[Subject, tuple[str, Texts]] = {
    Subject.SMS_OFFERS: (
        "page.sms_offers.1",
        (
            "Recevoir par SMS les offres de {}. Répondre STOP suffit pour arrêter.",
            "Get offers of {} by SMS. To answer STOP is enough to end it.",
            "Aanbiedingen van {} per sms krijgen. STOP antwoorden volstaat om te stoppen.",
        ),
    ),
    Subject.EMAIL_OFFERS: (
        "page.email_offers.1",
        (
            "Recevoir par e-mail les offres de {}. Un lien dans chacun suffit pour arrêter.",
            "Get offers of {} by e-mail. A link in each is enough to end it.",
            "Aanbiedingen van {} per e-mail krijgen. Een link in elk volstaat om te stoppen.",
        ),
    ),
}
SUBJECTS: dict[Subject, Texts] = {
    Subject.CONDITIONS: TEXTS["conditions"],
    Subject.SMS_OFFERS: ("Offres par SMS", "Offers by SMS", "Aanbiedingen per sms"),
    Subject.EMAIL_OFFERS: ("Offres par e-mail", "Offers by e-mail", "Aanbiedingen per e-mail"),
}
