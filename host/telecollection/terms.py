"""What the signed contract of a reader lets the merchant do (terminal/T-R26, services/OP-1); the reader decides."""

from __future__ import annotations

from sqlalchemy import select

from host.database import Work
from host.telecollection.tables import parameters, readers
from protocol import cbor
from protocol.errors import MalformedCbor


def allows_store_and_forward(work: Work) -> bool:
    """Has any reader here parameters in force that allow it?"""
    in_force = (parameters.c.contract == readers.c.contract) & (parameters.c.version == readers.c.parameters_version)
    query = select(parameters.c.document).join(readers, in_force).where(readers.c.lost_at.is_(None))
    return any(_allows(document) for document in work.scalars(query))


def _allows(document: bytes) -> bool:
    try:
        terms = cbor.decode(document)
    except MalformedCbor:
        return False
    return isinstance(terms, dict) and bool((terms.get("store_and_forward") or {}).get("allowed"))
