"""What the signed contract of a reader lets the merchant do (terminal/T-R26, services/OP-1); the reader decides."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from host.database import Work
from host.telecollection.tables import parameters, readers
from protocol import cbor
from protocol.errors import MalformedCbor


def allows_store_and_forward(work: Work) -> bool:
    """Has any reader here parameters in force that allow it?"""
    return any((terms.get("store_and_forward") or {}).get("allowed") for terms in _in_force(work))


def preauthorisation_days(work: Work) -> int | None:
    """How long one can be completed; the shortest, where readers differ. None: no contract is in force."""
    days = [terms.get("preauthorisation_days") for terms in _in_force(work)]
    return min((each for each in days if isinstance(each, int)), default=None)


def _in_force(work: Work) -> list[dict[str, Any]]:
    in_force = (parameters.c.contract == readers.c.contract) & (parameters.c.version == readers.c.parameters_version)
    query = select(parameters.c.document).join(readers, in_force).where(readers.c.lost_at.is_(None))
    return [terms for terms in map(_read, work.scalars(query)) if isinstance(terms, dict)]


def _read(document: bytes) -> Any:
    try:
        return cbor.decode(document)
    except MalformedCbor:
        return None
