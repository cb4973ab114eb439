"""The inbox in a browser: telephones with what they got, and a line to answer by; mailboxes beside them. No script."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader

from host.messaging.gsm import size
from host.web.words import LANGUAGES, Texts, in_language
from tools.simulators.messages.inbox import Arrived, Inbox

HERE = Path(__file__).parent
ZONE = ZoneInfo("Europe/Paris")
MOST = 50  # messages of a telephone
LONGEST = 4096
EVERY_S = 3
TEXTS: dict[str, Texts] = {
    "title": ("Messages reçus", "Messages received", "Ontvangen berichten"),
    "what": (
        "Ce que les téléphones et les boîtes aux lettres de l’essai ont reçu. Rien ne part d’ici vers un vrai numéro.",
        "What the telephones and mailboxes of the trial have got. Nothing leaves from here to a real number.",
        "Wat de telefoons en mailboxen van de proef ontvingen. Niets gaat van hier naar een echt nummer.",
    ),
    "you": ("Vous", "You", "U"),
    "stop": ("Répondre STOP", "Answer STOP", "STOP antwoorden"),
    "none": (
        "Rien encore. Inscrivez-vous sur le lecteur après un paiement : le SMS arrive ici.",
        "Nothing yet. Join on the reader after a payment: the SMS arrives here.",
        "Nog niets. Schrijf u na een betaling in op de lezer: de sms komt hier aan.",
    ),
}


def pages_of(inbox: Inbox) -> APIRouter:
    """/inbox, /inbox/en and /inbox/nl; the page loads itself again every few seconds."""
    routes = APIRouter()
    template = Environment(loader=FileSystemLoader(HERE), autoescape=True).get_template("inbox.html")
    style = (HERE / "inbox.css").read_text()

    @routes.get("/inbox", include_in_schema=False)
    @routes.get("/inbox/{language}", include_in_schema=False)
    async def show(language: str = LANGUAGES[0]) -> HTMLResponse:
        language = language if language in LANGUAGES else LANGUAGES[0]
        words = in_language(TEXTS, language)
        facts = {"words": words, "language": language, "boxes": _boxes(inbox), "style": style, "every_s": EVERY_S}
        return HTMLResponse(template.render(facts), headers={"Cache-Control": "no-store"})

    @routes.post("/inbox", include_in_schema=False)
    @routes.post("/inbox/{language}", include_in_schema=False)
    async def answer(request: Request) -> RedirectResponse:
        told = dict(parse_qsl((await request.body())[:LONGEST].decode("utf-8", "replace")))
        if told.get("to") and told.get("text"):
            inbox.reply(told["to"], told["text"])
        return RedirectResponse(request.url.path, status_code=303)

    return routes


def _boxes(inbox: Inbox) -> list[dict[str, object]]:
    """The one that got something last first."""
    latest = {each.letter.to: each.at for each in inbox.arrived}
    return [_box(to, inbox.of(to)[-MOST:]) for to in sorted(latest, key=lambda to: latest[to], reverse=True)]


def _box(to: str, arrived: list[Arrived]) -> dict[str, object]:
    is_mail = "@" in to
    return {
        "to": to if is_mail else _spaced(to),
        "raw": to,
        "is_mail": is_mail,
        "said": [_said(each) for each in arrived],
    }


def _said(each: Arrived) -> dict[str, object]:
    parts = size(each.letter.text).parts
    return {
        "sender": each.letter.sender,
        "subject": each.letter.subject,
        "text": each.letter.text,
        "at": _clock(each.at),
        "outgoing": each.outgoing,
        "sms": f"{parts} SMS" if "@" not in each.letter.to else "",
    }


def _clock(at: datetime) -> str:
    return at.astimezone(ZONE).strftime("%H:%M")


def _spaced(number: str) -> str:
    """+33612345678 as it is written in France."""
    if not number.startswith("+33"):
        return number
    national = "0" + number[3:]
    return " ".join(national[place : place + 2] for place in range(0, len(national), 2))
