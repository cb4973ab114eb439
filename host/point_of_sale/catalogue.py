"""What a new till sells before its owner says otherwise: a café's counter. VAT rates in hundredths of 1 %."""

from __future__ import annotations

from host.money import Money

EAT_IN = 1000  # 10 %: food and drink without alcohol, to be consumed at once
STANDARD = 2000  # 20 %
PACKED = 550  # 5,5 %: food that keeps
BOOKS = 550

CATALOGUE = (
    ("Café", "Boissons", Money(180), EAT_IN),
    ("Thé à la menthe", "Boissons", Money(320), EAT_IN),
    ("Jus d’orange", "Boissons", Money(390), EAT_IN),
    ("Croissant", "Viennoiseries", Money(150), EAT_IN),
    ("Pain au chocolat", "Viennoiseries", Money(170), EAT_IN),
    ("Pâtes de fruits 250 g", "Épicerie", Money(690), PACKED),
    ("Verre de bourgogne", "Alcools", Money(550), STANDARD),
    ("Tasse «\u00a0Zinc\u00a0»", "Boutique", Money(1250), STANDARD),
    ("L’Écume des jours", "Livres", Money(790), BOOKS),
)
