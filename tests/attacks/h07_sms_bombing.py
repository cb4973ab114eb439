"""Attacker: types a stranger's number after payments and on the member's page, so that their telephone rings all day.

Zinc: three messages a day to one number, whoever asks for them and however; the answers tell nothing of it.
"""

from __future__ import annotations

from pathlib import Path

from tests.attacks.programme import E164, NUMBER, delivered, join, programme

TIMES = 10
MOST_A_DAY = 3


async def attack(folder: Path) -> bool:
    async with programme(folder) as (app, inbox):
        for card in range(TIMES):
            join(app, card)
            app.loyalty.joining.ask_code(NUMBER)
            await delivered(app, inbox, E164)
        return len(await delivered(app, inbox, E164)) > MOST_A_DAY
