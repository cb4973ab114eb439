"""A gateway described in a TOML file, so that another one needs no code: docs/messaging.md shows one line by line.

In `url`, `headers`, `json` and `form` these are filled: $to (E.164), $digits (the same without +), $text, $sender, $id
(ours), $gateway_id (theirs). Values are put into JSON, a form or a URL as such, never into a text that is parsed later.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from string import Template
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from host.messaging.errors import InvalidGatewayFile
from host.messaging.states import State

GAPS = ("to", "digits", "text", "sender", "id", "gateway_id")
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Call(Part):
    url: str
    method: Literal["GET", "POST", "PUT"] = "POST"
    headers: dict[str, str] = Field(default={}, repr=False)
    json_: Any = Field(default=None, alias="json")
    form: dict[str, str] | None = None

    @model_validator(mode="after")
    def _usable(self) -> Call:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("url: https, except on this machine")
        try:
            self.filled(dict.fromkeys(GAPS, ""))
        except KeyError:
            raise ValueError("a gap that nothing fills") from None
        return self

    def filled(self, values: dict[str, str]) -> dict[str, Any]:
        """The arguments of httpx's `request`."""
        quoted = {name: quote(value, safe="") for name, value in values.items()}
        body = {"json": _fill(self.json_, values)} if self.json_ is not None else {}
        if self.form is not None:
            body = {"data": _fill(self.form, values)}
        url = Template(self.url).substitute(quoted)
        return {"method": self.method, "url": url, "headers": _fill(self.headers, values), **body}


class Send(Call):
    """`id`: where in the answer the gateway's id of the message is, such as messages.0.id."""

    id: str = ""
    idempotency_header: str = ""


class Ask(Call):
    method: Literal["GET", "POST", "PUT"] = "GET"
    status: str


class Webhook(Part):
    """Authenticated by `secret`, in a header or a parameter of that name."""

    secret: str = Field(min_length=16, repr=False)
    secret_name: str = "X-Webhook-Secret"


class ReportHook(Webhook):
    """Where each thing is. `reference` is our id, where the gateway gives it back."""

    id: str = ""
    reference: str = ""
    status: str


class InboundHook(Webhook):
    id: str
    number: str
    text: str


class Terms(Part):
    """`price` of one SMS in euros. `stop`: the number to which STOP is sent. Numbers begin with one of `countries`."""

    per_second: float = Field(default=10, gt=0)
    price: str = Field(default="0", pattern=r"^\d+(\.\d+)?$")
    stop: str = ""
    countries: tuple[str, ...] = ("+33",)
    deadline_s: float = Field(default=10, gt=0, le=60)


class GatewayFile(Part):
    name: str
    send: Send
    ask: Ask | None = None
    report: ReportHook | None = None
    inbound: InboundHook | None = None
    statuses: dict[Literal["sent", "delivered", "undelivered"], tuple[str, ...]] = {}
    terms: Terms = Terms()

    def state_of(self, status: Any) -> State | None:
        """None: a word that says nothing final."""
        said = str(status).casefold()
        return next((State(each) for each, words in self.statuses.items() if said in map(str.casefold, words)), None)


def load(path: Path) -> GatewayFile:
    """Raises InvalidGatewayFile, which names the place and never what stands there."""
    try:
        return GatewayFile.model_validate(tomllib.loads(path.read_text()))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidGatewayFile(type(error).__name__) from None
    except ValidationError as error:
        places = [".".join(map(str, each["loc"])) for each in error.errors()]
        raise InvalidGatewayFile(", ".join(places)) from None


def dig(document: Any, path: str) -> Any:
    """What is at a path such as messages.0.id; None when nothing is."""
    for step in path.split(".") if path else ():
        if isinstance(document, list) and step.isdigit() and int(step) < len(document):
            document = document[int(step)]
        elif isinstance(document, dict):
            document = document.get(step)
        else:
            return None
    return document if path else None


def _fill(content: Any, values: dict[str, str]) -> Any:
    if isinstance(content, str):
        return Template(content).substitute(values)
    if isinstance(content, dict):
        return {name: _fill(each, values) for name, each in content.items()}
    return [_fill(each, values) for each in content] if isinstance(content, list) else content
