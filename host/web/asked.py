"""What the request of a plain page brings: its form, the language that it wants, and where it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import parse_qsl

from fastapi import Request

from host.web.words import LANGUAGES

LONGEST = 16384  # octets of a form
MOST_FIELDS = 32
Form = Mapping[str, str]


async def form_of(request: Request) -> Form | None:
    """None: more than a form of ours has."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST:
            return None
    try:
        return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        return None


def language_of(request: Request) -> str:
    """The one that was chosen, or the first of ours that the browser asks for; else French."""
    accepted = [part.strip()[:2].lower() for part in request.headers.get("accept-language", "").split(",")]
    wished = (request.query_params.get("l", ""), *accepted)
    return next((language for language in wished if language in LANGUAGES), LANGUAGES[0])


def peer_of(request: Request) -> str:
    """An address; empty where there is none, as in a test."""
    return request.client.host if request.client else ""
