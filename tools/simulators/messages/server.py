"""The stand-in over HTTP: the gateway that gateway.toml describes, and the inbox for people to look at.

`python -m tools.simulators.messages --port 0` prints `ready PORT`. POST /mood for tests: {"mood": "lost"}.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response

from host.messaging.errors import NoAnswer, NotTaken, Refused
from host.messaging.model import Letter
from tools.simulators.messages.inbox import MOODS, Inbox
from tools.simulators.messages.page import pages_of

ANSWERS = {NotTaken: 429, Refused: 422, NoAnswer: 502}


def application(inbox: Inbox) -> FastAPI:
    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    made.include_router(gateway_of(inbox))
    made.include_router(pages_of(inbox))
    return made


def gateway_of(inbox: Inbox) -> APIRouter:
    routes = APIRouter()

    @routes.post("/v1/sms")
    async def send(request: Request) -> Response:
        told = await request.json()
        event_id = request.headers.get("Idempotency-Key") or told["reference"]
        letter = Letter(event_id, told["to"], told["text"], told["from"])
        try:
            gateway_id = await inbox.send(letter)
        except tuple(ANSWERS) as error:
            return Response(status_code=ANSWERS[type(error)])
        return _json({"messages": [{"id": gateway_id}]}, 201)

    @routes.get("/v1/sms/{gateway_id}")
    async def ask(gateway_id: str) -> Response:
        known = any(each.id == gateway_id for each in inbox.arrived)
        return _json({"status": "DELIVRD"}) if known else Response(status_code=404)

    @routes.get("/v1/sms")
    async def all_of_them() -> Response:
        return _json([{"id": each.id, "reference": each.letter.event_id} for each in inbox.arrived])

    @routes.post("/mood")
    async def mood(request: Request) -> Response:
        wanted = (await request.json())["mood"]
        if wanted not in MOODS:
            return Response(status_code=400)
        inbox.mood = wanted
        return _json({})

    return routes


def _json(content: Any, status: int = 200) -> Response:
    return Response(json.dumps(content), status, media_type="application/json")
