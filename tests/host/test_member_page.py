"""The member's page: signing in, and what each page and form does, without a browser and without script."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Cookies, Response

from host.loyalty.documents import Shop as Facts
from host.loyalty.model import Subject
from host.loyalty.portal.routes import MemberPages
from host.loyalty.portal.seats import SIGNED_IN, Seats
from host.messaging.model import Template
from host.money import NO_BREAK
from tests.host.loyalty_bench import E164, NUMBER, Shop, shop

STRANGER = "06 98 76 54 32"
TOKEN = re.compile(r'name="token" value="([0-9a-f]+)"')
PAGES = ("", "/visites", "/profil", "/accords", "/donnees", "/effacer")
FORMS = ("/code", "/session", "/sortir", "/profil", "/adresse", "/adresse/code", "/carte", "/accords", "/effacer")


class Client:
    """A browser without script, for one application."""

    def __init__(self, app: FastAPI) -> None:
        self.app = app
        self.cookies = Cookies()

    def get(self, url: str, **facts: Any) -> Response:
        return asyncio.run(self._ask("GET", url, facts))

    def post(self, url: str, **facts: Any) -> Response:
        return asyncio.run(self._ask("POST", url, facts))

    async def _ask(self, method: str, url: str, facts: dict[str, Any]) -> Response:
        follow = facts.pop("follow_redirects", True)
        transport = ASGITransport(self.app)
        async with AsyncClient(transport=transport, base_url="https://zinc.example", cookies=self.cookies) as client:
            answer = await client.request(method, url, follow_redirects=follow, **facts)
            self.cookies = client.cookies
        return answer


@dataclass
class Phone:
    """A member's browser, at /fidelite."""

    shop: Shop
    client: Client
    text: str = ""

    @property
    def member(self) -> str:
        """Whose cookie it has."""
        return self.client.cookies["fidelite"].partition(".")[0]

    def get(self, path: str = "", **facts: Any) -> str:
        answer = self.client.get(f"/fidelite{path}", **facts)
        assert answer.status_code == 200, answer.text
        self.text = answer.text
        return self.text

    def post(self, path: str, **form: str) -> int:
        """With the token of the page that was seen last."""
        token = TOKEN.search(self.text)
        answer = self.client.post(f"/fidelite{path}", data={"token": token[1] if token else ""} | form)
        self.text = answer.text
        return answer.status_code

    def sign_in(self, number: str = NUMBER) -> None:
        self.get()
        self.post("/code", number=number)
        self.post("/session", number=number, code=self.shop.messages.last_code())
        assert self.client.get("/fidelite/donnees", follow_redirects=False).status_code == 200


@pytest.fixture
def phone(tmp_path: Path) -> Phone:
    """Of somebody who bought for 24 euros, joined, and has not confirmed the number."""
    zinc = shop(tmp_path)
    zinc.sale(1, 2400)
    zinc.joins(1, ticket="C1-1", sms_offers=False)
    return phone_of(zinc)


def phone_of(zinc: Shop) -> Phone:
    facts = Facts("Café du Zinc", "12, rue de la Gare", "59800 Lille", "000", "https://zinc.example/fidelite", "36180",
                  ZoneInfo("Europe/Paris"))  # fmt: skip
    seats = Seats(lambda: bytes(32), zinc.parts.random)
    application = FastAPI()
    application.include_router(MemberPages(zinc.service, seats, facts, zinc.clock, wrong_after_s=0).router())
    return Phone(zinc, Client(application))


@pytest.mark.covers("services/OP-3", "services/L-12")
def test_the_code_of_the_enrolment_confirms_the_number_and_shows_the_points(phone: Phone) -> None:
    phone.get("/code")
    assert phone.post("/session", number=NUMBER, code=phone.shop.messages.last_code()) == 200
    assert "<b>24</b> points" in phone.text and "Remise fidélité" in phone.text
    assert phone.shop.view(1).confirmed


@pytest.mark.covers("attacks/H-07")
def test_a_number_that_nobody_has_is_answered_as_one_that_somebody_has(phone: Phone) -> None:
    answers = []
    for number in (NUMBER, STRANGER):
        phone.get()
        before = len(phone.shop.messages.sent)
        status = phone.post("/code", number=number)
        asked = TOKEN.sub("", phone.text).replace(f'value="{number}"', "")
        wrong = phone.post("/session", number=number, code="000000")
        answers.append((status, asked, wrong, TOKEN.sub("", phone.text).replace(f'value="{number}"', "")))
        assert len(phone.shop.messages.sent) - before == (number == NUMBER)
    assert answers[0] == answers[1] and answers[0][2] == 400


@pytest.mark.covers("attacks/H-02", "attacks/H-07")
def test_a_code_can_be_tried_five_times(phone: Phone) -> None:
    phone.get("/code")
    code = phone.shop.messages.last_code()
    for _ in range(5):
        assert phone.post("/session", number=NUMBER, code="000000") == 400
    assert phone.post("/session", number=NUMBER, code=code) == 400


@pytest.mark.covers("attacks/H-07")
def test_who_tries_often_from_one_place_hears_no_more_whether_a_code_is_right(phone: Phone) -> None:
    """So a stranger spends few codes of others, and a member is not kept out for long."""
    phone.get("/code")
    for number in range(20):
        assert phone.post("/session", number=f"06 98 76 54 {number:02}", code="000000") == 400
    code = phone.shop.messages.last_code()
    assert phone.post("/session", number=NUMBER, code=code) == 400
    phone.shop.clock.moment += timedelta(minutes=16)
    phone.get("/code")
    assert phone.post("/session", number=NUMBER, code=code) == 200 and "<b>24</b> points" in phone.text


def test_a_wrong_number_is_told_in_plain_words(phone: Phone) -> None:
    phone.get()
    assert phone.post("/code", number="12") == 400 and "numéro de téléphone" in phone.text
    assert phone.post("/code", number="03 20 12 34 56") == 400 and "mobile" in phone.text
    assert 'value="03 20 12 34 56"' in phone.text


@pytest.mark.covers("attacks/H-07")
@pytest.mark.parametrize("path", [*PAGES[1:], "/donnees.json"])
def test_nothing_is_shown_to_who_is_not_signed_in(phone: Phone, path: str) -> None:
    answer = phone.client.get(f"/fidelite{path}", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/fidelite") and not answer.content


@pytest.mark.parametrize("path", FORMS)
def test_no_form_is_taken_without_its_token(phone: Phone, path: str) -> None:
    phone.sign_in()
    phone.get()
    phone.text = ""
    assert phone.post(path, sure="yes", subject="sms_offers", answer="yes", number=NUMBER) == 403
    assert "trop longtemps" in phone.text
    other = phone_of(phone.shop)
    other.get()
    phone.text = other.text
    assert phone.post(path, sure="yes") == 403


def test_a_session_ends_and_cannot_be_made_up(phone: Phone) -> None:
    phone.sign_in()
    cookie = phone.client.cookies["fidelite"]
    _, *rest = cookie.split(".")
    for other in (".".join(["0" * 32, *rest]), cookie[:-1], "", "a.b", "é"):
        answer = phone_of(phone.shop).client.get(
            "/fidelite/donnees", headers={"cookie": f"fidelite={other}".encode()}, follow_redirects=False
        )
        assert answer.status_code == 303
    phone.shop.clock.moment += SIGNED_IN
    assert phone.client.get("/fidelite/donnees", follow_redirects=False).status_code == 303


def test_signing_in_changes_the_cookie_and_signing_out_forgets_who_it_was(phone: Phone) -> None:
    phone.get()
    before = phone.client.cookies["fidelite"]
    phone.sign_in()
    assert phone.client.cookies["fidelite"].split(".")[3] != before.split(".")[3]
    phone.get()
    assert phone.post("/sortir") == 200 and "Recevoir un code" in phone.text
    assert phone.client.cookies["fidelite"].startswith(".fr.")


@pytest.mark.parametrize("path", [*PAGES, "/code", "/reglement", "/style.css", "/nowhere"])
def test_each_page_keeps_itself_to_itself(phone: Phone, path: str) -> None:
    phone.sign_in()
    answer = phone.client.get(f"/fidelite{path}")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "script-src" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["strict-transport-security"]
    assert answer.headers["cache-control"] == ("max-age=3600" if path == "/style.css" else "no-store")
    if path != "/style.css":
        cookie = answer.headers["set-cookie"].lower()
        assert all(word in cookie for word in ("httponly", "samesite=strict", "secure", "path=/fidelite"))
        assert "<script" not in answer.text and not re.search(r'(src|href)="(https?:)?//', answer.text)


@pytest.mark.covers("services/L-12")
@pytest.mark.parametrize("language", ["fr", "en", "nl"])
def test_each_page_is_there_in_each_language(phone: Phone, language: str) -> None:
    phone.sign_in()
    for path in (*PAGES, "/reglement", "/code"):
        assert f'<html lang="{language}">' in phone.get(f"{path}?l={language}")
    assert phone.get()  # the language stays
    assert f'<html lang="{language}">' in phone.text


@pytest.mark.covers("services/L-12")
def test_birthday_and_address_are_kept_and_the_address_is_confirmed(phone: Phone) -> None:
    phone.sign_in()
    phone.get("/profil")
    assert phone.post("/profil", email="a@b.example", day="29", month="2", language="nl") == 200
    assert "Opgeslagen" in phone.text and "a@b.example" in phone.text
    assert phone.shop.messages.sent[-1][2] is Template.EMAIL_CODE
    assert phone.post("/adresse", code="000000") == 400
    assert phone.post("/adresse", code=phone.shop.messages.last_code()) == 200 and "Adres bevestigd" in phone.text
    profile = phone.shop.service.members.profile(phone.member)
    assert (profile.identity.birthday, profile.identity.email_confirmed) == ("02-29", True)


def test_what_cannot_be_is_told_and_stays_typed(phone: Phone) -> None:
    phone.sign_in()
    phone.get("/profil")
    assert phone.post("/profil", email="x@y", day="", month="", language="fr") == 400
    assert "e-mail n’est pas complète" in phone.text and 'value="x@y"' in phone.text
    assert phone.post("/profil", email="", day="31", month="2", language="fr") == 400 and "n’existe pas" in phone.text


@pytest.mark.covers("terminal/LAW-8", "terminal/LAW-13", "services/L-12")
def test_each_consent_is_given_and_taken_back_apart_with_its_proof(phone: Phone) -> None:
    phone.sign_in()
    phone.get("/accords")
    assert phone.post("/accords", subject="sms_offers", answer="yes") == 200
    phone.get("/accords")
    assert phone.post("/accords", subject="email_offers", answer="yes") == 200  # no address is confirmed
    phone.get("/accords")
    phone.post("/accords", subject="sms_offers", answer="yes")  # again: no second proof
    phone.get("/accords")
    phone.post("/accords", subject="sms_offers", answer="no")
    given = phone.shop.service.members.profile(phone.member).consents
    assert [(each.subject, each.answer, each.text, each.channel) for each in given[2:]] == [
        (Subject.SMS_OFFERS, True, "page.sms_offers.1", "page"),
        (Subject.SMS_OFFERS, False, "page.sms_offers.1", "page"),
    ]
    assert "page.sms_offers.1" in phone.text and "reader.sms_offers.1" in phone.text and "sur le lecteur" in phone.text


@pytest.mark.covers("services/L-12", "terminal/LAW-8")
def test_everything_is_downloaded(phone: Phone) -> None:
    phone.sign_in()
    answer = phone.client.get("/fidelite/donnees.json")
    mine = json.loads(answer.text)
    assert "attachment" in answer.headers["content-disposition"]
    assert (mine["number"], mine["visits"][0]["amount_minor"], mine["balances"]) == (E164, 2400, {"points": 24})
    assert "06 12 34 56 78".replace(" ", NO_BREAK) in phone.get("/donnees") and "24,00" in phone.text


@pytest.mark.covers("terminal/LAW-8", "services/L-12")
def test_everything_is_erased_only_by_who_says_so_and_signs_out(phone: Phone) -> None:
    phone.sign_in()
    phone.get("/effacer")
    assert phone.post("/effacer") == 400 and "Cochez" in phone.text
    assert phone.post("/effacer", sure="yes") == 200 and "est effacé" in phone.text and "trois ans" in phone.text
    assert "Recevoir un code" in phone.get()
    assert phone.shop.service.greeting((1).to_bytes(32, "big")) is not None  # the card is asked again: an offer


def test_a_session_of_who_was_erased_elsewhere_shows_nothing(phone: Phone) -> None:
    phone.sign_in()
    other = phone_of(phone.shop)
    other.sign_in()
    other.get("/effacer")
    other.post("/effacer", sure="yes")
    for path in PAGES:
        assert "Recevoir un code" in phone.get(path)


def test_a_card_that_is_lost_is_removed(phone: Phone) -> None:
    phone.sign_in()
    phone.get("/profil")
    card = re.search(r'name="card" value="([^"]+)"', phone.text)
    assert card and phone.post("/carte", card="2020-01-01T00:00:00+00:00") == 200
    assert phone.post("/carte", card=card[1]) == 200 and "Aucune carte" in phone.text


@pytest.mark.covers("services/L-2", "services/L-6")
@pytest.mark.parametrize("language", ["fr", "en", "nl"])
def test_the_conditions_and_the_notice_are_for_everybody(phone: Phone, language: str) -> None:
    text = phone.get(f"/reglement?l={language}")
    for fact in ("Les Amis du Zinc", "2026-11", "Café du Zinc", "Café offert", "36180", "CNIL", "STOP"):
        assert fact in text
    assert phone.get("/reglement/1") and phone.client.get("/fidelite/reglement/9").status_code == 404


def test_names_are_text_and_never_markup(tmp_path: Path) -> None:
    zinc = shop(tmp_path)
    phone = phone_of(zinc)
    phone.get()
    assert phone.post("/code", number='"><b>1') == 400 and "<b>1" not in phone.text


def test_a_form_that_is_too_long_is_not_read(phone: Phone) -> None:
    phone.get()
    assert phone.post("/code", number="0" * 20_000) == 413
    assert phone.client.get("/fidelite/").url.path == "/fidelite"
    assert phone.client.get("/fidelite/nowhere").status_code == 404


def test_codes_are_asked_for_after_the_answer_has_left(phone: Phone) -> None:
    """So that it takes as long for a number that nobody has."""
    phone.get()
    left: list[int] = []
    phone.shop.service.joining = type("Noted", (), {"ask_code": lambda _, typed: left.append(len(sent))})()  # type: ignore
    sent: list[str] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message["type"])

    token = TOKEN.search(phone.text)
    body = f"token={token[1] if token else ''}&number=0612345678".encode()
    cookie = f"fidelite={phone.client.cookies['fidelite']}".encode()
    scope = {"type": "http", "method": "POST", "path": "/fidelite/code", "query_string": b"", "root_path": "",
             "headers": [(b"host", b"zinc.example"), (b"cookie", cookie)], "http_version": "1.1"}  # fmt: skip

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    asyncio.run(phone.client.app(scope, receive, send))  # type: ignore[arg-type]
    assert left == [2], "start and body were sent"
