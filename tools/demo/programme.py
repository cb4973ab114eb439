"""The loyalty programme of the demo's café: what a merchant could have made in the first meeting (services/L-2)."""

from __future__ import annotations

from datetime import UTC, datetime

from host.app import App
from host.loyalty.model import EURO, Basis, Conditions, Counter, Earning, LegalClass, Programme, Reward, RewardKind

CLASSES = {"Alcools": LegalClass.ALCOHOL, "Livres": LegalClass.BOOK, "Épicerie": LegalClass.FOOD}
PROGRAMME = Programme(
    "Les Amis du Zinc",
    (Earning(Counter.POINTS, Basis.AMOUNT, 1, EURO),),
    (Reward("five", RewardKind.REDUCTION, Counter.POINTS, 50, "2,50 € de remise", EURO.share(5, 2)),),
    datetime(2026, 1, 1, tzinfo=UTC),
    Conditions(
        "2026-11",
        {
            "fr": "1 point par euro, alcool exclu. 50 points : 2,50 € de remise. Points valables un an. Votre numéro"
            " sert à vous reconnaître ; vous pouvez tout effacer à tout moment.",
            "en": "1 point per euro, alcohol excluded. 50 points: €2.50 off. Points are valid for a year. Your number"
            " is how we know you; you may erase everything at any time.",
            "nl": "1 punt per euro, zonder alcohol. 50 punten: € 2,50 korting. Punten zijn een jaar geldig. Aan uw"
            " nummer herkennen wij u; u kunt altijd alles wissen.",
        },
        "https://zinc.example/fidelite",
    ),
    expiry_days=365,
)


def publish(app: App) -> None:
    """Unless the merchant has one."""
    if app.loyalty.programmes.current() is None:
        app.till.articles()
        for category, legal_class in CLASSES.items():
            app.till.classify(category, legal_class)
        app.loyalty.programmes.publish(PROGRAMME, app.till.classes())
