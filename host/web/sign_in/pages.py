"""The pages of signing in, below /commercant: plain ones, without script. A form is taken from these pages alone
(its Origin, and a cookie that is SameSite=Lax). What is answered never depends on whether an account exists."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.background import BackgroundTask

from host.clock import Clock
from host.web.asked import Form, form_of, language_of, peer_of
from host.web.origin import is_own
from host.web.public import is_local
from host.web.sign_in import model
from host.web.sign_in.errors import InvalidAddress, LinkEnded, WeakPassword, WrongPassword
from host.web.sign_in.service import SIGNED_IN, Accounts
from host.web.sign_in.words import TEXTS
from host.web.tries import Tries
from host.web.words import LANGUAGES, in_language

ROOT = "/commercant"
COOKIE = "zinc_merchant"
SPACE = {"fr": "/#loyalty", "en": "/en#loyalty", "nl": "/nl#loyalty"}
BAD_REQUEST, FORBIDDEN, NOT_FOUND, TOO_LARGE, TOO_MANY, SEE_OTHER = 400, 403, 404, 413, 429, 303
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # the link leaves to nobody, and forms say their origin
    "Strict-Transport-Security": "max-age=31536000",  # heard by https alone
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DONE = ("saved", "signed_out")
QUARTER, HOUR = timedelta(minutes=15), timedelta(hours=1)
Page = Callable[[Request, Form], Awaitable[Response]]


class SignInPages:
    """`shop`: its name."""

    def __init__(self, accounts: Accounts, shop: str, clock: Clock) -> None:
        self._accounts = accounts
        self._shop = shop
        self._clock = clock
        self._verifying = asyncio.Semaphore(1)  # argon2 takes 64 MiB each time
        self._tries = {"peer": Tries(20, QUARTER), "account": Tries(10, QUARTER)}
        self._links = {"peer": Tries(10, HOUR), "account": Tries(3, HOUR)}
        here = Path(__file__).parent / "templates"
        self._templates = Environment(
            loader=FileSystemLoader(here), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )

    def router(self) -> APIRouter:
        routes = APIRouter()
        pages = {"": self._home, "/oubli": self._forgotten, "/mot-de-passe": self._choosing}
        forms = {"/session": self._sign_in, "/sortir": self._sign_out, "/oubli": self._ask_link}
        forms |= {"/mot-de-passe": self._choose}
        for method, each in (("GET", pages), ("POST", forms)):
            for path, page in each.items():
                answer = self._taken(page) if method == "POST" else self._shown(page)
                routes.add_api_route(
                    f"{ROOT}{path}", answer, methods=[method], include_in_schema=False, response_model=None
                )
        return routes

    # ---- what comes in ----

    def _shown(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await page(request, request.query_params)

        return answer

    def _taken(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            if not is_own(request.scope):
                return self._page(request, "fault", FORBIDDEN, fault="not_from_here")
            form = await form_of(request)
            return Response(status_code=TOO_LARGE) if form is None else await page(request, form)

        return answer

    def _may(self, tries: dict[str, Tries], request: Request, email: str) -> bool:
        """Counted for who asks, then for the address that is asked about, whether it is anybody's or not."""
        now = self._clock.now()
        return tries["peer"].takes(peer_of(request), now) and tries["account"].takes(_key(request, email), now)

    # ---- signing in and out ----

    async def _home(self, request: Request, query: Form) -> Response:
        if self._accounts.holder(request.cookies.get(COOKIE, "")):
            return self._go(SPACE[language_of(request)])
        done = query.get("fait", "")
        return self._page(request, "sign_in", email="", done=done if done in DONE else "")

    async def _sign_in(self, request: Request, form: Form) -> Response:
        email = form.get("email", "")
        if not self._may(self._tries, request, email):
            return self._page(request, "sign_in", TOO_MANY, email=email, fault="too_many")
        try:
            async with self._verifying:
                cookie = await asyncio.to_thread(self._accounts.sign_in, email, form.get("password", ""))
        except WrongPassword:
            return self._page(request, "sign_in", BAD_REQUEST, email=email, fault="wrong")
        self._tries["account"].forget(_key(request, email))
        self._accounts.sign_out(request.cookies.get(COOKIE, ""))  # whoever was signed in here before
        answer, secure = self._go(SPACE[language_of(request)]), not is_local(request.scope)
        answer.set_cookie(COOKIE, cookie, int(SIGNED_IN.total_seconds()), secure=secure, httponly=True)
        return answer

    async def _sign_out(self, request: Request, _: Form) -> Response:
        self._accounts.sign_out(request.cookies.get(COOKIE, ""))
        answer = self._go(_at("", request, fait="signed_out"))
        answer.delete_cookie(COOKIE, secure=not is_local(request.scope), httponly=True)
        return answer

    # ---- the password ----

    async def _forgotten(self, request: Request, _: Form) -> Response:
        return self._page(request, "forgotten", email="")

    async def _ask_link(self, request: Request, form: Form) -> Response:
        email = form.get("email", "")
        try:
            model.address(email)
        except InvalidAddress:
            return self._page(request, "forgotten", BAD_REQUEST, email=email, fault="invalid_address")
        answer = self._page(request, "sent")
        if self._may(self._links, request, email):
            answer.background = BackgroundTask(self._send_link, email)  # when it has left
        return answer

    async def _send_link(self, email: str) -> None:
        """In a thread, and not waited for: the connection's next answer does not say how long it took."""
        asyncio.get_running_loop().run_in_executor(None, self._accounts.ask_link, email)

    async def _choosing(self, request: Request, query: Form) -> Response:
        return self._choice(request, query.get("j", ""))

    def _choice(self, request: Request, link: str, fault: str = "") -> Response:
        try:
            email = self._accounts.of_link(link).email
        except LinkEnded:
            return self._page(request, "ended", NOT_FOUND)
        status = BAD_REQUEST if fault else 200
        return self._page(request, "password", status, {"j": link}, link=link, email=email, fault=fault)

    async def _choose(self, request: Request, form: Form) -> Response:
        link, password = form.get("j", ""), form.get("password", "")
        if password != form.get("again", ""):
            return self._choice(request, link, "not_the_same")
        try:
            async with self._verifying:
                await asyncio.to_thread(self._accounts.set_password, link, password)
        except (LinkEnded, WeakPassword) as error:
            return self._choice(request, link, getattr(error, "code", ""))
        return self._go(_at("", request, fait="saved"))

    # ---- what leaves ----

    def _page(
        self, request: Request, name: str, status: int = 200, again: Form | None = None, **facts: Any
    ) -> Response:
        """`again`: with what, beside a language, its address is asked for once more."""
        language, words = language_of(request), in_language(TEXTS, language_of(request))
        path = request.url.path if request.method == "GET" or again else ROOT
        known = {
            "title": words["space"],
            "shop": self._shop,
            "w": words,
            "language": language,
            "languages": LANGUAGES,
            "here": lambda other: f"{path}?{urlencode({**(again or {}), 'l': other})}",
            "at": lambda path: _at(path, request),
            "fault": "",
            "done": "",
        }
        written = self._templates.get_template(f"{name}.html").render(known | facts)
        return HTMLResponse(written, status, HEADERS)

    def _go(self, address: str) -> Response:
        return RedirectResponse(address, SEE_OTHER, HEADERS)


def _at(path: str, request: Request, **facts: str) -> str:
    return f"{ROOT}{path}?{urlencode({'l': language_of(request), **facts})}"


def _key(request: Request, email: str) -> str:
    """One for all ways to write an address. Who tries from outside does not lock the till's own machine out."""
    try:
        return f"{is_local(request.scope)} {model.address(email)}"
    except InvalidAddress:
        return ""
