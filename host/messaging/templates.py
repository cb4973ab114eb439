"""What messages say, in the languages of the till. Texts keep to the GSM alphabet, so that one SMS is enough (gsm.py).

A gap is {name}. Some are filled by whoever sends the message, the others here: {shop} names the sender, {page} is where
a member signs in, {code} is derived from the event, {login} and {link} come with a merchant's address. An offer by SMS
begins with its sender's name and ends with how to stop (terminal/LAW-12), one by e-mail with a link; whoever writes the
text cannot leave it out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

from host.messaging.errors import ValueMissing
from host.messaging.model import Channel, Kind, Template, Value, Values

LANGUAGES = ("fr", "en", "nl")
Texts = tuple[str, str, str]  # in the order of LANGUAGES

GIVEN: dict[Template, frozenset[str]] = {  # by the sender
    Template.CONFIRMATION: frozenset(),
    Template.SIGN_IN: frozenset(),
    Template.EMAIL_CODE: frozenset(),
    Template.REWARD: frozenset({"reward"}),
    Template.BIRTHDAY: frozenset({"reward"}),
    Template.CAMPAIGN: frozenset({"campaign"}),
    Template.STOPPED: frozenset(),
    Template.ACCOUNT: frozenset(),
    Template.PASSWORD: frozenset(),
}
TEXTS: dict[Template, Texts] = {
    Template.CONFIRMATION: (
        "{shop} : bienvenue au programme de fidélité. Pour confirmer votre numéro : code {code} sur {page}",
        "{shop}: welcome to the loyalty programme. To confirm your number: code {code} at {page}",
        "{shop}: welkom bij het klantenprogramma. Bevestig uw nummer met code {code} op {page}",
    ),
    Template.SIGN_IN: (
        "{shop} : votre code est {code}, pendant 10 minutes. Ne le donnez à personne.",
        "{shop}: your code is {code}, for 10 minutes. Give it to nobody.",
        "{shop}: uw code is {code}, gedurende 10 minuten. Geef hem aan niemand.",
    ),
    Template.EMAIL_CODE: (
        "Votre code est {code}, pendant 24 heures. Saisissez-le sur {page} pour confirmer cette adresse. Si ce n'est "
        "pas vous, ne faites rien : {shop} ne vous écrira pas.",
        "Your code is {code}, for 24 hours. Type it at {page} to confirm this address. If it was not you, do nothing: "
        "{shop} will not write to you.",
        "Uw code is {code}, gedurende 24 uur. Typ hem op {page} om dit adres te bevestigen. Was u het niet, doe dan "
        "niets: {shop} zal u niet schrijven.",
    ),
    Template.REWARD: (
        "{shop} : vous avez gagné {reward}, pour votre prochain passage !",
        "{shop}: you have earned {reward}. See you next time!",
        "{shop}: u heeft {reward} verdiend. Tot de volgende keer!",
    ),
    Template.BIRTHDAY: (
        "Joyeux anniversaire ! Pour vous : {reward}.",
        "Happy birthday! For you: {reward}.",
        "Gelukkige verjaardag! Voor u: {reward}.",
    ),
    Template.CAMPAIGN: ("{text}", "{text}", "{text}"),
    Template.STOPPED: (
        "{shop} : vous ne recevrez plus d'offres par SMS.",
        "{shop}: you will receive no more offers by SMS.",
        "{shop}: u ontvangt geen aanbiedingen per sms meer.",
    ),
    Template.ACCOUNT: (
        "Votre espace commerçant est ouvert.\n\nVotre identifiant : {login}\nCréez votre mot de passe dans les "
        "7 jours : {link}\n\nCe lien ne sert qu'une fois. Ne le transmettez à personne.",
        "Your merchant space is open.\n\nYour login: {login}\nCreate your password within 7 days: {link}\n\n"
        "This link works once. Pass it on to nobody.",
        "Uw handelaarsruimte is open.\n\nUw login: {login}\nMaak uw wachtwoord aan binnen 7 dagen: {link}\n\n"
        "Deze link werkt één keer. Geef hem aan niemand door.",
    ),
    Template.PASSWORD: (
        "Votre identifiant : {login}\nChoisissez un nouveau mot de passe dans l'heure : {link}\n\nSi vous ne l'avez "
        "pas demandé, ne faites rien : votre mot de passe reste le même.",
        "Your login: {login}\nChoose a new password within an hour: {link}\n\nIf you did not ask for it, do "
        "nothing: your password stays the same.",
        "Uw login: {login}\nKies binnen een uur een nieuw wachtwoord: {link}\n\nHebt u er niet om gevraagd, doe dan "
        "niets: uw wachtwoord blijft hetzelfde.",
    ),
}
SUBJECTS: dict[Template, Texts] = {
    Template.CONFIRMATION: ("Bienvenue chez {shop}", "Welcome to {shop}", "Welkom bij {shop}"),
    Template.SIGN_IN: ("Votre code {shop}", "Your {shop} code", "Uw code van {shop}"),
    Template.EMAIL_CODE: (
        "Confirmez votre adresse : {shop}",
        "Confirm your address: {shop}",
        "Bevestig uw adres: {shop}",
    ),
    Template.REWARD: ("Une récompense vous attend", "A reward is waiting for you", "Er ligt een beloning klaar"),
    Template.BIRTHDAY: ("Joyeux anniversaire", "Happy birthday", "Gelukkige verjaardag"),
    Template.CAMPAIGN: ("{subject}", "{subject}", "{subject}"),
    Template.STOPPED: ("Vos offres", "Your offers", "Uw aanbiedingen"),
    Template.ACCOUNT: (
        "Créez votre mot de passe : espace commerçant {shop}",
        "Create your password: merchant space of {shop}",
        "Maak uw wachtwoord aan: handelaarsruimte {shop}",
    ),
    Template.PASSWORD: (
        "Mot de passe oublié : espace commerçant {shop}",
        "Forgotten password: merchant space of {shop}",
        "Wachtwoord vergeten: handelaarsruimte {shop}",
    ),
}
NAMED: Texts = ("{shop} : {body}", "{shop}: {body}", "{shop}: {body}")
STOP: Texts = ("STOP au {stop}", "STOP: text STOP to {stop}", "STOP: stuur STOP naar {stop}")
LEAVE: Texts = (
    "{shop}. Vous avez accepté nos offres par e-mail. Ne plus en recevoir : {unsubscribe}",
    "{shop}. You agreed to our offers by e-mail. To receive no more: {unsubscribe}",
    "{shop}. U gaf toestemming voor onze aanbiedingen per e-mail. Geen e-mails meer: {unsubscribe}",
)
PERSONAL = frozenset({"points"})  # what a merchant's text may say of its reader


@dataclass(frozen=True)
class House:
    """Who sends, as people know the shop; where members sign in; where STOP goes; where offers by e-mail are left."""

    shop: str
    page: str
    stop: str
    leave: str


def check(template: Template, values: Values) -> None:
    """Raises ValueMissing unless `values` fill the template's gaps, and no others."""
    if values.keys() != GIVEN[template]:
        raise ValueMissing(f"{template}: {', '.join(sorted(values.keys() ^ GIVEN[template]))}")


def check_text(text: str) -> None:
    """Of a merchant: its gaps are PERSONAL ones. Raises ValueMissing."""
    try:
        gaps = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    except ValueError:
        raise ValueMissing("a brace without its other") from None
    if gaps - PERSONAL:
        raise ValueMissing(", ".join(sorted(gaps - PERSONAL)))


def render(template: Template, kind: Kind, channel: Channel, language: str, house: House, values: Values) -> str:
    """The text as it is sent. `values` has what `House` has not: the sender's, code, text, unsubscribe."""
    column = LANGUAGES.index(language) if language in LANGUAGES else 0
    filled: dict[str, Value] = {"shop": house.shop, "page": house.page, "stop": house.stop, **values}
    body = fill(TEXTS[template][column], filled)
    if kind is not Kind.MARKETING:
        return body
    if channel is Channel.EMAIL:
        return f"{body}\n\n-- \n{fill(LEAVE[column], filled)}"
    return f"{fill(NAMED[column], {**filled, 'body': body})}\n{fill(STOP[column], filled)}"


def subject(template: Template, language: str, house: House, values: Values) -> str:
    column = LANGUAGES.index(language) if language in LANGUAGES else 0
    return " ".join(fill(SUBJECTS[template][column], {"shop": house.shop, **values}).split())


def fill(text: str, values: Mapping[str, Value]) -> str:
    """Gaps are names alone: no attribute, no format. What a value holds is never read as a gap. Raises ValueMissing."""
    filled = []
    for literal, name, _, _ in Formatter().parse(text):
        filled.append(literal)
        if name is not None:
            if name not in values:
                raise ValueMissing(name)
            filled.append(str(values[name]))
    return "".join(filled)
