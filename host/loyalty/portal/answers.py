"""Pages as they leave: written by a template, with the headers that keep them to themselves, and the cookie."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from host.loyalty.documents import Shop
from host.loyalty.portal.seats import NOBODY, Seat, Seats
from host.loyalty.portal.views import Views
from host.web.words import LANGUAGES

HERE = Path(__file__).parent
ROOT = "/fidelite"
COOKIE = "fidelite"
TABS = (
    ("points", ""),
    ("visits", "/visites"),
    ("profile", "/profil"),
    ("consents", "/accords"),
    ("data", "/donnees"),
)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TRANSPORT = {"Strict-Transport-Security": "max-age=31536000"}
SEE_OTHER = 303


class Answers:
    def __init__(self, seats: Seats, shop: Shop) -> None:
        self._seats = seats
        self._shop = shop
        self._is_secure = shop.page.startswith("https://")
        self._headers = HEADERS | (TRANSPORT if self._is_secure else {})
        self._templates = Environment(
            loader=FileSystemLoader(HERE / "templates"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def page(self, name: str, seat: Seat, views: Views, here: str, status: int = 200, **facts: Any) -> Response:
        """`here`: its address below ROOT, which is asked for again in another language."""
        tab = next((tab for tab, path in TABS if path == here), "")
        known = {
            "title": views.words[tab or "title"] if seat.member_id else views.words["title"],
            "language": views.language,
            "languages": LANGUAGES,
            "shop": self._shop,
            "root": ROOT,
            "here": f"{ROOT}{here}",
            "tabs": TABS,
            "tab": tab,
            "signed_in": seat.member_id != NOBODY,
            "w": views.words,
            "token": lambda: self._token(seat),
            "fault": "",
            "done": "",
        }
        written = self._templates.get_template(f"{name}.html").render(known | facts)
        return self.seated(HTMLResponse(written, status, self._headers), seat)

    def go(self, path: str, seat: Seat) -> Response:
        return self.seated(RedirectResponse(f"{ROOT}{path}", SEE_OTHER, self._headers), seat)

    def document(self, content: dict[str, Any], seat: Seat, name: str) -> Response:
        written = json.dumps(content, ensure_ascii=False, indent=1)
        headers = self._headers | {"Content-Disposition": f'attachment; filename="{name}"'}
        return self.seated(Response(written, 200, headers, "application/json"), seat)

    def style(self) -> Response:
        headers = self._headers | {"Cache-Control": "max-age=3600"}
        return Response((HERE / "portal.css").read_text(), 200, headers, "text/css")

    def seated(self, response: Response, seat: Seat) -> Response:
        """Gone with the browser's session; SameSite=Strict: no other site's link or form brings it."""
        response.set_cookie(
            COOKIE, self._seats.write(seat), path=ROOT, secure=self._is_secure, httponly=True, samesite="strict"
        )
        return response

    def _token(self, seat: Seat) -> Markup:
        return Markup('<input type="hidden" name="token" value="{}">').format(self._seats.form_token(seat))
