"""Clients as a table for spreadsheets; what one would take for a formula is made text (attacks/H-08)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from host.loyalty.model import Client, Identity

COLUMNS = ("id", "state", "number", "email", "birthday", "joined_at", "last_visit_at", "visits", "turnover", "rewards")
FORMULAS = ("=", "+", "-", "@", "\t", "\r")


def lines(rows: Iterable[tuple[Client, Identity | None]]) -> Iterator[str]:
    """CSV, a line at a time; nothing of it is kept on the disk."""
    yield _line(COLUMNS)
    for client, identity in rows:
        yield _line(_cells(client, identity))


def neutral(text: str) -> str:
    """What no spreadsheet computes."""
    shown = "".join(character for character in text if character.isprintable())
    return f"'{shown}" if text.startswith(FORMULAS) else shown


def _cells(client: Client, identity: Identity | None) -> list[str]:
    who = [identity.number, identity.email or "", identity.birthday or ""] if identity else ["", "", ""]
    moments = [
        moment.isoformat(timespec="seconds") if moment else "" for moment in (client.joined_at, client.last_visit_at)
    ]
    turnover = f"{client.turnover.amount_minor / 100:.2f}"
    return [client.id, str(client.state), *who, *moments, str(client.visits), turnover, str(client.rewards)]


def _line(cells: Iterable[str]) -> str:
    written = io.StringIO()
    csv.writer(written).writerow([neutral(cell) for cell in cells])
    return written.getvalue()
