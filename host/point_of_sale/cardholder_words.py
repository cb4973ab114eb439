"""What a member reads on the reader of their rewards, in the languages of its catalogue."""

from __future__ import annotations

from host.loyalty.model import Counter, MemberView, Reward

READY = {
    "fr": "À utiliser en caisse : {}",
    "en": "To use at the till: {}",
    "nl": "Te gebruiken aan de kassa: {}",
    "de": "An der Kasse einlösbar: {}",
    "es": "Para usar en caja: {}",
    "it": "Da usare alla cassa: {}",
}
AHEAD = {
    "fr": "Encore {} {} : {}",
    "en": "{} more {}: {}",
    "nl": "Nog {} {}: {}",
    "de": "Noch {} {}: {}",
    "es": "Faltan {} {}: {}",
    "it": "Ancora {} {}: {}",
}
COUNTERS = {
    "fr": {Counter.POINTS: "points", Counter.VISITS: "visites", Counter.STAMPS: "tampons"},
    "en": {Counter.POINTS: "points", Counter.VISITS: "visits", Counter.STAMPS: "stamps"},
    "nl": {Counter.POINTS: "punten", Counter.VISITS: "bezoeken", Counter.STAMPS: "stempels"},
    "de": {Counter.POINTS: "Punkte", Counter.VISITS: "Besuche", Counter.STAMPS: "Stempel"},
    "es": {Counter.POINTS: "puntos", Counter.VISITS: "visitas", Counter.STAMPS: "sellos"},
    "it": {Counter.POINTS: "punti", Counter.VISITS: "visite", Counter.STAMPS: "timbri"},
}
UNCONFIRMED = {
    "fr": "Confirmez votre numéro pour voir et utiliser vos points : suivez notre SMS.",
    "en": "Confirm your number to see and use your points: follow our SMS.",
    "nl": "Bevestig uw nummer om uw punten te zien en te gebruiken: volg onze sms.",
    "de": "Bestätigen Sie Ihre Nummer, um Ihre Punkte zu sehen und zu nutzen: siehe unsere SMS.",
    "es": "Confirme su número para ver y usar sus puntos: siga nuestro SMS.",
    "it": "Confermi il suo numero per vedere e usare i punti: segua il nostro SMS.",
}


def rewards_text(view: MemberView, language: str) -> str:
    """The best that the points buy now, else what they will buy next; of whose number is not confirmed, how to."""
    if not view.confirmed:
        return UNCONFIRMED[language]
    if view.rewards:
        return READY[language].format(view.rewards[-1].label)
    return _ahead(view, view.next_reward, language) if view.next_reward else ""


def _ahead(view: MemberView, reward: Reward, language: str) -> str:
    missing = reward.threshold - view.balances.get(reward.counter, 0)
    return AHEAD[language].format(missing, COUNTERS[language][reward.counter], reward.label)
