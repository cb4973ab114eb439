"""What the pages of signing in say: French, English, Dutch."""

from __future__ import annotations

from host.web.words import Texts

TEXTS: dict[str, Texts] = {
    "space": ("Espace commerçant", "Merchant space", "Handelaarsruimte"),
    "languages": ("Langue", "Language", "Taal"),
    "back": ("Retour à la connexion", "Back to sign-in", "Terug naar aanmelden"),
    # signing in
    "sign_in": ("Se connecter", "Sign in", "Aanmelden"),
    "sign_in_means": (
        "Vos clients, vos campagnes et votre programme de fidélité.",
        "Your clients, your campaigns and your loyalty programme.",
        "Uw klanten, uw campagnes en uw klantenprogramma.",
    ),
    "email": ("Identifiant : votre adresse e-mail", "Login: your e-mail address", "Login: uw e-mailadres"),
    "password": ("Mot de passe", "Password", "Wachtwoord"),
    "enter": ("Se connecter", "Sign in", "Aanmelden"),
    "forgotten": ("Mot de passe oublié ?", "Forgotten your password?", "Wachtwoord vergeten?"),
    "sign_out": ("Se déconnecter", "Sign out", "Afmelden"),
    # forgotten
    "forgotten_title": ("Mot de passe oublié", "Forgotten password", "Wachtwoord vergeten"),
    "forgotten_means": (
        "Nous vous envoyons un lien pour en choisir un nouveau. Il vaut une heure.",
        "We send you a link to choose another one. It is good for an hour.",
        "Wij sturen u een link om een nieuw wachtwoord te kiezen. Hij geldt één uur.",
    ),
    "send_link": ("Recevoir le lien", "Get the link", "Link ontvangen"),
    "sent": ("Regardez vos e-mails", "Look at your e-mail", "Kijk in uw e-mail"),
    "sent_means": (
        "Si cette adresse est celle d’un compte, un lien vient de lui être envoyé.",
        "If this address is that of an account, a link has just been sent to it.",
        "Als dit adres bij een account hoort, is er net een link naar gestuurd.",
    ),
    "sent_late": (
        "Rien reçu ? Vérifiez l’adresse et le dossier des indésirables.",
        "Nothing came? Check the address, and the folder for junk mail.",
        "Niets ontvangen? Controleer het adres en de map met ongewenste e-mail.",
    ),
    # the password
    "choose": ("Votre mot de passe", "Your password", "Uw wachtwoord"),
    "choose_for": ("Pour l’identifiant", "For the login", "Voor de login"),
    "new_password": ("Nouveau mot de passe", "New password", "Nieuw wachtwoord"),
    "rule": (
        "12 caractères ou plus. Une courte phrase convient très bien.",
        "12 characters or more. A short sentence does very well.",
        "12 tekens of meer. Een korte zin is prima.",
    ),
    "again": ("Encore une fois", "Once more", "Nog een keer"),
    "save": ("Enregistrer", "Save", "Opslaan"),
    "saved": (
        "Votre mot de passe est enregistré. Connectez-vous.",
        "Your password is saved. Now sign in.",
        "Uw wachtwoord is opgeslagen. Meld u nu aan.",
    ),
    "signed_out": ("Vous êtes déconnecté.", "You are signed out.", "U bent afgemeld."),
    "link_ended": ("Ce lien ne vaut plus", "This link has ended", "Deze link is verlopen"),
    "link_ended_means": (
        "Il a déjà servi, ou son temps est passé. Demandez-en un autre.",
        "It was used already, or its time is over. Ask for another one.",
        "Hij is al gebruikt, of de tijd is voorbij. Vraag een nieuwe aan.",
    ),
    "ask_another": ("Demander un autre lien", "Ask for another link", "Nieuwe link aanvragen"),
    # faults
    "wrong": (
        "Cet identifiant et ce mot de passe ne vont pas ensemble.",
        "This login and this password do not go together.",
        "Deze login en dit wachtwoord horen niet bij elkaar.",
    ),
    "too_many": (
        "Trop d’essais. Attendez un quart d’heure.",
        "Too many tries. Wait a quarter of an hour.",
        "Te veel pogingen. Wacht een kwartier.",
    ),
    "invalid_address": (
        "Cette adresse e-mail n’est pas complète.",
        "This e-mail address is not complete.",
        "Dit e-mailadres is niet volledig.",
    ),
    "too_short": (
        "Il faut 12 caractères ou plus.",
        "It takes 12 characters or more.",
        "Er zijn minstens 12 tekens nodig.",
    ),
    "too_long": (
        "128 caractères au plus, s’il vous plaît.",
        "128 characters at most, please.",
        "Maximaal 128 tekens, alstublieft.",
    ),
    "is_address": (
        "Un mot de passe tiré de l’adresse se devine. Choisissez-en un autre.",
        "A password taken from the address can be guessed. Choose another one.",
        "Een wachtwoord dat op het adres lijkt, is te raden. Kies een ander.",
    ),
    "repeats": (
        "Les mêmes caractères qui se suivent se devinent. Choisissez-en un autre.",
        "The same characters over and over can be guessed. Choose another one.",
        "Steeds dezelfde tekens zijn te raden. Kies een ander.",
    ),
    "not_the_same": (
        "Les deux saisies ne sont pas les mêmes.",
        "The two are not the same.",
        "De twee zijn niet gelijk.",
    ),
    "not_from_here": (
        "Ce formulaire n’est pas venu de cette page. Rechargez-la.",
        "This form did not come from this page. Load it again.",
        "Dit formulier kwam niet van deze pagina. Laad ze opnieuw.",
    ),
    # beside the space
    "closed": ("L’espace commerçant est fermé", "The merchant space is closed", "De handelaarsruimte is gesloten"),
    "closed_means": (
        "Il montre des données de vos clients. Connectez-vous pour l’ouvrir ; la caisse, elle, reste ouverte.",
        "It shows your clients’ data. Sign in to open it; the till stays open.",
        "Ze toont gegevens van uw klanten. Meld u aan om ze te openen; de kassa blijft open.",
    ),
    "signed_in_as": ("Connecté : {}", "Signed in: {}", "Aangemeld: {}"),
    "protect": (
        "Protéger cet espace par un mot de passe",
        "Protect this space with a password",
        "Deze ruimte met een wachtwoord beveiligen",
    ),
    "protect_means": (
        "Il reste ouvert à qui s’assied à cette caisse jusqu’à ce que vous ouvriez un accès. Un e-mail rappelle "
        "l’identifiant et contient un lien pour créer le mot de passe.",
        "It is open to whoever sits at this till until you open an account. An e-mail recalls the login and holds a "
        "link to create the password.",
        "Ze is open voor wie aan deze kassa zit, tot u een toegang opent. Een e-mail herhaalt de login en bevat een "
        "link om het wachtwoord aan te maken.",
    ),
    "your_email": ("Votre adresse e-mail", "Your e-mail address", "Uw e-mailadres"),
    "open_account": ("Ouvrir l’accès", "Open the account", "Toegang openen"),
}
