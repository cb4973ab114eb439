"""The routes of the member's page, below /fidelite. Each form brings its token, or is asked for again.

A number that nobody has is answered as one that somebody has (attacks/H-07): the code is asked for after the answer has
left, and a code that is wrong is answered after a while that is always the same. A code is good for few tries; whoever
tries often from one place is answered as if it were wrong, so that nobody spends the codes of others for long.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask

from host.clock import Clock
from host.loyalty.documents import Shop, conditions, notice
from host.loyalty.errors import Refused, UnknownMember, WrongCode
from host.loyalty.joining import mobile
from host.loyalty.portal.account import Account
from host.loyalty.portal.answers import COOKIE, ROOT, Answers
from host.loyalty.portal.seats import NOBODY, Seat, Seats
from host.loyalty.portal.views import Views
from host.loyalty.portal.visit import Visit
from host.loyalty.service import LoyaltyService
from host.web.asked import Form, form_of, language_of, peer_of
from host.web.tries import Tries
from host.web.words import LANGUAGES

WRONG_AFTER_S = 0.4
BAD_REQUEST, FORBIDDEN, NOT_FOUND, TOO_LARGE = 400, 403, 404, 413
Page = Callable[[Visit], Awaitable[Response]]


class MemberPages:
    """`wrong_after_s`: how long after it came a wrong code is answered."""

    def __init__(
        self, loyalty: LoyaltyService, seats: Seats, shop: Shop, clock: Clock, wrong_after_s: float = WRONG_AFTER_S
    ) -> None:
        self._loyalty = loyalty
        self._seats = seats
        self._shop = shop
        self._clock = clock
        self._wrong_after_s = wrong_after_s
        self._tries = Tries(20, timedelta(minutes=15))
        self._answers = Answers(seats, shop)
        self._account = Account(loyalty, shop, self._answers, partial(self._seat, NOBODY))

    def router(self) -> APIRouter:
        routes, account = APIRouter(), self._account
        own = {"/visites": account.visits, "/profil": account.profile, "/accords": account.consents}
        own |= {"/donnees": account.data, "/donnees.json": account.download, "/effacer": account.erasing}
        changes = {"/profil": account.change_profile, "/adresse": account.confirm_email}
        changes |= {"/adresse/code": account.ask_email_code, "/carte": account.remove_card}
        changes |= {"/accords": account.answer, "/effacer": account.erase}
        pages = {"": self._home, "/code": self._typing_code, "/reglement": self._conditions}
        forms = {"/code": self._ask_code, "/session": self._sign_in, "/sortir": self._sign_out}
        for path, page in (pages | {path: self._of_member(page) for path, page in own.items()}).items():
            _add(routes, path, "GET", self._page(page))
        for path, page in (forms | {path: self._of_member(page) for path, page in changes.items()}).items():
            _add(routes, path, "POST", self._form(page))
        _add(routes, "/reglement/{version}", "GET", self._page(self._conditions))
        _add(routes, "/style.css", "GET", self._style)
        _add(routes, "/{other:path}", "GET", self._page(self._not_here))
        return routes

    # ---- who asks ----

    def _page(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            return await page(self._visit(request, {}))

        return answer

    def _form(self, page: Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            form = await form_of(request)
            visit = self._visit(request, form or {})
            if form is None:
                return self._fault(visit, "page_too_old", TOO_LARGE)
            if not self._seats.is_form_token(visit.seat, form.get("token", "")):
                return self._fault(visit, "page_too_old", FORBIDDEN)
            return await page(visit)

        return answer

    def _of_member(self, page: Page) -> Page:
        """Whoever is not signed in, or is gone, is asked to sign in."""

        async def answer(visit: Visit) -> Response:
            try:
                return await page(visit) if visit.seat.member_id else self._answers.go("", visit.seat)
            except UnknownMember:
                return self._answers.go("", self._seat(NOBODY, visit.seat.language))

        return answer

    def _visit(self, request: Request, form: Form) -> Visit:
        seat = self._seats.read(request.cookies.get(COOKIE, ""), self._clock.now())
        seat = seat or self._seat(NOBODY, language_of(request))
        wished = request.query_params.get("l", "")
        seat = replace(seat, language=wished) if wished in LANGUAGES else seat
        query = dict(request.query_params) | dict(request.path_params)
        return Visit(seat, Views(seat.language, self._shop.zone), query, form, peer_of(request))

    def _seat(self, member_id: str, language: str) -> Seat:
        return self._seats.new(member_id, language, self._clock.now())

    # ---- signing in ----

    async def _home(self, visit: Visit) -> Response:
        if visit.seat.member_id:
            return await self._of_member(self._account.points)(visit)
        return self._signing_in(visit)

    def _signing_in(self, visit: Visit, fault: str = "", number: str = "") -> Response:
        status = BAD_REQUEST if fault else 200
        return self._answers.page("sign_in", visit.seat, visit.views, "", status, fault=fault, number=number)

    async def _typing_code(self, visit: Visit) -> Response:
        return self._coding(visit)

    def _coding(self, visit: Visit, fault: str = "", number: str = "", asked: bool = False) -> Response:
        facts, status = {"fault": fault, "number": number, "asked": asked}, BAD_REQUEST if fault else 200
        return self._answers.page("code", visit.seat, visit.views, "/code", status, **facts)

    async def _ask_code(self, visit: Visit) -> Response:
        typed = visit.form.get("number", "")
        try:
            mobile(typed)
        except Refused as refused:
            return self._signing_in(visit, refused.code, typed)
        answer = self._coding(visit, number=typed, asked=True)
        answer.background = BackgroundTask(self._send_code, typed)  # when it has left
        return answer

    async def _send_code(self, number: str) -> None:
        """In a thread, and not waited for: the connection's next answer does not say how long it took."""
        asyncio.get_running_loop().run_in_executor(None, self._loyalty.joining.ask_code, number)

    async def _sign_in(self, visit: Visit) -> Response:
        began_s, number = asyncio.get_running_loop().time(), visit.form.get("number", "")
        try:
            if not self._tries.takes(visit.peer, self._clock.now()):
                raise WrongCode
            member_id = self._loyalty.joining.sign_in(number, visit.form.get("code", "").replace(" ", ""))
            language = self._loyalty.members.profile(member_id).identity.language
        except (WrongCode, UnknownMember):
            passed_s = asyncio.get_running_loop().time() - began_s
            await asyncio.sleep(max(0.0, self._wrong_after_s - passed_s))
            return self._coding(visit, "wrong_code", number)
        self._tries.forget(visit.peer)
        return self._answers.go("", self._seat(member_id, language if language in LANGUAGES else visit.seat.language))

    async def _sign_out(self, visit: Visit) -> Response:
        return self._answers.go("", self._seat(NOBODY, visit.seat.language))

    # ---- for anybody ----

    async def _conditions(self, visit: Visit) -> Response:
        """Of the programme in force, or of the version that is asked for: what somebody accepted stays readable."""
        version, language = visit.query.get("version", ""), visit.seat.language
        current = self._loyalty.programmes.current()
        older = [each for each in self._loyalty.programmes.versions() if str(each.version) == version]
        programme = older[0] if older else current
        if version and not older:
            return await self._not_here(visit)
        found = [(conditions(programme, self._shop, language), "reglement")] if programme else []
        documents = [*found, (notice(self._shop, language), "droits")]
        here = f"/reglement/{version}" if version else "/reglement"
        return self._answers.page("conditions", visit.seat, visit.views, here, documents=documents)

    async def _not_here(self, visit: Visit) -> Response:
        if visit.query.get("other") == "":
            return self._answers.go("", visit.seat)
        return self._fault(visit, "not_here", NOT_FOUND)

    def _fault(self, visit: Visit, fault: str, status: int) -> Response:
        return self._answers.page("fault", visit.seat, visit.views, "", status, fault=fault)

    async def _style(self, _: Request) -> Response:
        return self._answers.style()


def _add(routes: APIRouter, path: str, method: str, answer: Callable[[Request], Awaitable[Response]]) -> None:
    routes.add_api_route(f"{ROOT}{path}", answer, methods=[method], include_in_schema=False, response_model=None)
