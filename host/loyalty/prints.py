"""What hangs in the shop, to be printed by the merchant: on the host's own machine alone (host/web/public.py)."""

from __future__ import annotations

from fastapi import APIRouter, Response

from host.loyalty.documents import Shop
from host.loyalty.service import LoyaltyService
from host.web.words import LANGUAGES

PATH = "/loyalty/prints"
NOT_FOUND = 404
NAMES = ("window", "till", "notice")


def address(name: str, language: str) -> str:
    """Of a PDF; `name` is one of NAMES."""
    return f"{PATH}/{name}.{language}.pdf"


def router(loyalty: LoyaltyService, shop: Shop) -> APIRouter:
    routes = APIRouter()

    def printed(name: str, language: str) -> Response:
        """A poster needs a programme in force, a notice does not."""
        from host.loyalty import posters  # reportlab takes a while to import

        programme = loyalty.programmes.current()
        if name not in NAMES or language not in LANGUAGES or (programme is None and name != "notice"):
            return Response(status_code=NOT_FOUND)
        if name == "notice" or programme is None:
            content = posters.notice(programme, shop, language)
        else:
            content = (posters.window if name == "window" else posters.till)(programme, shop, language)
        headers = {"Content-Disposition": f'inline; filename="fidelite-{name}-{language}.pdf"'}
        return Response(content, 200, headers, "application/pdf")

    routes.add_api_route(f"{PATH}/{{name}}.{{language}}.pdf", printed, include_in_schema=False, response_model=None)
    return routes
