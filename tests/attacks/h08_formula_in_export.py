"""Attacker: joins, and gives an address that a spreadsheet computes, for the day when the merchant opens the export.

Zinc: in the export a cell that begins as formulas do is text, and nothing that cannot be printed is left in one.
"""

from __future__ import annotations

import csv
from pathlib import Path

from host.loyalty.model import Subject
from tests.attacks.programme import E164, NUMBER, code_of, delivered, join, programme

ADDRESS = "=cmd|'/c'!A1@exemple.example"


async def attack(folder: Path) -> bool:
    async with programme(folder) as (app, inbox):
        join(app, 1)
        (message,) = await delivered(app, inbox, E164)
        member_id = app.loyalty.joining.sign_in(NUMBER, code_of(message))
        app.loyalty.members.update(member_id, email=ADDRESS, birthday=None, language="fr")
        (letter,) = await delivered(app, inbox, ADDRESS)
        app.loyalty.members.confirm_email(member_id, code_of(letter))
        app.loyalty.members.consent(member_id, Subject.EMAIL_OFFERS, True, "page.email_offers.1", "page", "fr")
        cells = [cell for row in csv.reader(app.loyalty.directory.export().splitlines()) for cell in row]
        assert any(ADDRESS in cell for cell in cells), "the export has the address"
        return any(cell.startswith("=") for cell in cells)
