"""What the till says of members: French, English, Dutch."""

from __future__ import annotations

from host.loyalty.model import Counter
from host.web.words import Texts

TEXTS: dict[str, Texts] = {
    "find": ("Membre ?", "Member?", "Lid?"),
    "number": ("Numéro de mobile du membre", "Member’s mobile number", "Mobiel nummer van het lid"),
    "close": ("Fermer", "Close", "Sluiten"),
    "forget": ("Retirer le membre", "Take the member off", "Lid weghalen"),
    "member": ("Membre", "Member", "Lid"),
    "to_confirm": ("Membre, numéro à confirmer", "Member, number to be confirmed", "Lid, nummer te bevestigen"),
    "still": ("Encore {} {} : {}", "{} {} more: {}", "Nog {} {}: {}"),
    "earned": ("+{} {} avec ce ticket", "+{} {} by this ticket", "+{} {} met dit ticket"),
    "next_time": ("À proposer : {}", "To be offered: {}", "Aan te bieden: {}"),
    "not_found": (
        "Aucun membre confirmé n’a ce numéro.",
        "No confirmed member has this number.",
        "Geen bevestigd lid heeft dit nummer.",
    ),
}
COUNTERS: dict[Counter, Texts] = {
    Counter.POINTS: ("points", "points", "punten"),
    Counter.VISITS: ("visites", "visits", "bezoeken"),
    Counter.STAMPS: ("tampons", "stamps", "stempels"),
}
