"""Which way leads to the acquirer: its address says so, as the contract tells it (services/TC-4).

https://host/caaa speaks caaa; iso8583s://host:port speaks ISO 8583 in TLS, iso8583://host:port without, where the line
itself is closed to others.
"""

from __future__ import annotations

import ssl
from urllib.parse import urlsplit

import httpx

from host.acquirer.caaa import Parties
from host.acquirer.caaa_link import CaaaLink
from host.acquirer.iso8583_link import Iso8583Link

Link = CaaaLink | Iso8583Link
PLAIN, IN_TLS = "iso8583", "iso8583s"


def link_to(
    url: str,
    parties: Parties,
    deadline_s: float,
    totals_key: bytes = b"",
    transport: httpx.AsyncBaseTransport | None = None,
) -> Link:
    """`transport`: of HTTP connections that several links share. Raises ValueError: no port, or a format whose totals
    are signed, and no key."""
    address = urlsplit(url)
    if address.scheme not in (PLAIN, IN_TLS):
        return CaaaLink(url, parties, deadline_s, transport=transport)
    if not address.hostname or not address.port or len(totals_key) < 16:
        raise ValueError("ISO 8583 wants host, port, and a key of 16 bytes or more for its totals")
    context = ssl.create_default_context() if address.scheme == IN_TLS else None
    return Iso8583Link(address.hostname, address.port, parties, totals_key, deadline_s, context=context)
