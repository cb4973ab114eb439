"""The pages of signing in to the merchant's space, without a browser: each form, and who it is not taken from."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from httpx import ASGITransport, AsyncClient, Cookies, Response

from host.web.sign_in.pages import COOKIE, SignInPages
from tests.host.sign_in_bench import EMAIL, PASSWORD, Bench, bench

pytestmark = pytest.mark.covers("services/L-5")
HOST = "https://zinc.example"
PAGES = ("", "/oubli", "/mot-de-passe")
FORMS = ("/session", "/sortir", "/oubli", "/mot-de-passe")
NEW = "un grand crème, merci"


class Browser:
    """One without script, on /commercant; it says where its forms come from, as browsers do."""

    def __init__(self, bench: Bench, peer: str = "192.0.2.1", host: str = HOST, app: FastAPI | None = None) -> None:
        self.bench, self.peer, self.host = bench, peer, host
        self.app = app or FastAPI()
        if app is None:
            self.app.include_router(SignInPages(bench.accounts, "Café <du> Zinc", bench.clock).router())
        self.cookies = Cookies()

    def get(self, path: str = "", **query: str) -> Response:
        return asyncio.run(self._ask("GET", path, params=query or None))

    def post(self, path: str, origin: str | None = None, **form: str) -> Response:
        headers = {"Origin": self.host if origin is None else origin} if origin != "" else {}
        return asyncio.run(self._ask("POST", path, data=form, headers=headers))

    def signs_in(self, email: str = EMAIL, password: str = PASSWORD) -> Response:
        return self.post("/session", email=email, password=password)

    async def _ask(self, method: str, path: str, **facts: Any) -> Response:
        transport = ASGITransport(self.app, client=(self.peer, 50_000))
        async with AsyncClient(transport=transport, base_url=self.host, cookies=self.cookies) as client:
            answer = await client.request(method, f"/commercant{path}", **facts)
            self.cookies = client.cookies
        return answer


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    with bench(f"sqlite:///{tmp_path / 'till.db'}") as made:
        yield Browser(made)


def cookie_of(answer: Response) -> str:
    return answer.headers.get("set-cookie", "")


# ---- the way in ----


def test_from_the_link_to_the_space_and_out_again(browser: Browser) -> None:
    browser.bench.accounts.add(EMAIL)
    page = browser.get("/mot-de-passe", j=browser.bench.token())
    assert page.status_code == 200 and EMAIL in page.text
    saved = browser.post("/mot-de-passe", j=browser.bench.token(), password=PASSWORD, again=PASSWORD)
    assert (saved.status_code, saved.headers["location"]) == (303, "/commercant?l=fr&fait=saved")
    assert "est enregistré" in browser.get(fait="saved").text
    entered = browser.signs_in()
    assert (entered.status_code, entered.headers["location"]) == (303, "/#loyalty")
    assert browser.bench.accounts.holder(browser.cookies[COOKIE])
    assert browser.get().headers["location"] == "/#loyalty"  # there is nothing to sign in to any more
    cookie = browser.cookies[COOKIE]
    left = browser.post("/sortir")
    assert left.headers["location"] == "/commercant?l=fr&fait=signed_out" and COOKIE not in browser.cookies
    assert browser.bench.accounts.holder(cookie) is None


@pytest.mark.parametrize(("language", "space"), [("fr", "/#loyalty"), ("en", "/en#loyalty"), ("nl", "/nl#loyalty")])
def test_a_language_is_kept_all_the_way(browser: Browser, language: str, space: str) -> None:
    browser.bench.member()
    links = set(re.findall(r'(?:href|action)="(/commercant[^"]*)"', browser.get(l=language).text))
    assert {f"/commercant/session?l={language}", f"/commercant/oubli?l={language}"} <= links
    assert browser.post(f"/session?l={language}", email=EMAIL, password=PASSWORD).headers["location"] == space


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["fr", "en", "nl"])
def test_each_page_keeps_to_itself(browser: Browser, path: str, language: str) -> None:
    browser.bench.accounts.add(EMAIL)
    page = browser.get(path, l=language, j=browser.bench.token())
    assert page.status_code == 200 and f'<html lang="{language}">' in page.text
    assert "Café &lt;du&gt; Zinc" in page.text and "<script" not in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["cache-control"] == "no-store" and page.headers["x-frame-options"] == "DENY"
    assert page.headers["strict-transport-security"]
    for other in re.findall(r'href="(/commercant[^"]*l=(?:fr|en|nl))"', page.text):
        assert browser.get(other.replace("&amp;", "&").removeprefix("/commercant")).status_code == 200


def test_the_cookie_is_for_nobody_else(browser: Browser) -> None:
    browser.bench.member()
    said = cookie_of(browser.signs_in())
    assert all(each in said for each in ("HttpOnly", "SameSite=lax", "Secure", "Max-Age=43200", "Path=/"))
    plain = Browser(browser.bench, host="http://127.0.0.1:8080")
    assert "Secure" not in cookie_of(plain.signs_in())


def test_whoever_signs_in_anew_ends_the_session_before(browser: Browser) -> None:
    browser.bench.member()
    browser.signs_in()
    before = browser.cookies[COOKIE]
    browser.signs_in()
    assert browser.cookies[COOKIE] != before and browser.bench.accounts.holder(before) is None


# ---- what nobody learns ----


def test_a_wrong_password_and_a_wrong_address_are_answered_alike(browser: Browser) -> None:
    browser.bench.member()
    known, unknown = (browser.signs_in(email, "pas le bon mot de passe") for email in (EMAIL, "rien@zinc.example"))
    assert known.status_code == unknown.status_code == 400
    assert known.text.replace(EMAIL, "") == unknown.text.replace("rien@zinc.example", "")
    assert "ne vont pas ensemble" in known.text and "pas le bon" not in known.text
    assert cookie_of(known) == cookie_of(unknown) == ""


def test_a_forgotten_password_is_answered_alike_of_any_address(browser: Browser) -> None:
    browser.bench.member()
    browser.bench.sent.clear()
    known, unknown = (browser.post("/oubli", email=email) for email in (EMAIL, "rien@zinc.example"))
    assert known.status_code == unknown.status_code == 200 and known.text == unknown.text
    assert len(browser.bench.sent) == 1
    assert browser.post("/mot-de-passe", j=browser.bench.token(), password=NEW, again=NEW).status_code == 303
    assert browser.signs_in().status_code == 400 and browser.signs_in(password=NEW).status_code == 303


# ---- links ----


def test_a_link_that_was_used_or_is_past_offers_another(browser: Browser) -> None:
    browser.bench.member()
    used = browser.bench.token()
    browser.post("/oubli", email=EMAIL)
    past = browser.bench.token()
    browser.bench.clock.passes(hours=1)
    for link in (used, past, "x", ""):
        shown, tried = (
            browser.get("/mot-de-passe", j=link),
            browser.post("/mot-de-passe", j=link, password=NEW, again=NEW),
        )
        assert shown.status_code == tried.status_code == 404
        assert "ne vaut plus" in tried.text and "/commercant/oubli" in tried.text
    assert browser.signs_in().status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("un mot", "un mot", "Il faut 12 caractères"),
        (EMAIL, EMAIL, "tiré de l’adresse"),
        ("abcabcabcabc", "abcabcabcabc", "se devinent"),
        ("x" * 200, "x" * 200, "128 caractères au plus"),
        (NEW, NEW + "!", "ne sont pas les mêmes"),
    ],
)
def test_a_password_that_will_not_do_is_asked_for_again(browser: Browser, password: str, again: str, said: str) -> None:
    browser.bench.accounts.add(EMAIL)
    answer = browser.post("/mot-de-passe", j=browser.bench.token(), password=password, again=again)
    assert answer.status_code == 400 and said in answer.text
    if password not in EMAIL:
        assert password not in answer.text
    assert browser.post("/mot-de-passe", j=browser.bench.token(), password=NEW, again=NEW).status_code == 303


def test_another_password_signs_everybody_out(browser: Browser) -> None:
    browser.bench.member()
    browser.signs_in()
    browser.post("/oubli", email=EMAIL)
    elsewhere = Browser(browser.bench, "192.0.2.2")
    elsewhere.post("/mot-de-passe", j=browser.bench.token(), password=NEW, again=NEW)
    assert browser.get().status_code == 200  # asked to sign in


def test_a_session_is_over_after_twelve_hours(browser: Browser) -> None:
    browser.bench.member()
    browser.signs_in()
    assert browser.get().status_code == 303
    browser.bench.clock.passes(hours=12)
    assert browser.get().status_code == 200


# ---- how often ----


def test_tries_at_one_account_are_limited_wherever_they_come_from(browser: Browser) -> None:
    browser.bench.member()
    for number in range(10):
        assert browser.signs_in(password=f"pas le bon {number:06}").status_code == 400
    before = browser.bench.hasher.verified
    late = browser.signs_in(email=f" {EMAIL.upper()}")
    assert late.status_code == 429 and "Trop d’essais" in late.text and browser.bench.hasher.verified == before
    unknown = [browser.signs_in("rien@zinc.example", "pas le bon mot") for _ in range(9)]
    assert {answer.status_code for answer in unknown} == {400}  # of nobody's address it is counted the same
    assert Browser(browser.bench, "127.0.0.1", "http://127.0.0.1:8080", browser.app).signs_in().status_code == 303
    assert browser.signs_in().status_code == 429  # it is the till's own machine that is not locked out
    browser.bench.clock.passes(minutes=15)
    assert browser.signs_in().status_code == 303


def test_tries_of_one_peer_are_limited_whatever_they_are_at(browser: Browser) -> None:
    browser.bench.member()
    answers = [browser.signs_in(f"a{number}@zinc.example", "pas le bon mot").status_code for number in range(21)]
    assert answers == [400] * 20 + [429]
    assert browser.signs_in().status_code == 429


def test_who_signs_in_has_all_tries_again(browser: Browser) -> None:
    browser.bench.member()
    for _ in range(2):
        assert [browser.signs_in(password="pas le bon mot").status_code for _ in range(4)] == [400] * 4
        assert browser.signs_in().status_code == 303


def test_links_of_one_account_are_limited_and_nobody_sees_that(browser: Browser) -> None:
    browser.bench.member()
    browser.bench.sent.clear()
    answers = {browser.post("/oubli", email=EMAIL).text for _ in range(5)}
    assert len(answers) == 1 and len(browser.bench.sent) == 3


# ---- forms of somebody else ----


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize("origin", ["", "null", "https://evil.example", "http://127.0.0.1", "https://zinc.example:444"])
def test_a_form_of_another_page_does_nothing(browser: Browser, path: str, origin: str) -> None:
    browser.bench.member()
    browser.signs_in()
    browser.bench.accounts.ask_link(EMAIL)
    cookie, token, sent = browser.cookies[COOKIE], browser.bench.token(), len(browser.bench.sent)
    answer = browser.post(path, origin, email=EMAIL, password=NEW, again=NEW, j=token)
    assert answer.status_code == 403 and cookie_of(answer) == ""
    assert browser.bench.accounts.holder(cookie) and len(browser.bench.sent) == sent
    assert browser.bench.accounts.of_link(token)


@pytest.mark.parametrize("path", FORMS)
def test_a_form_that_is_no_form_is_answered(browser: Browser, path: str) -> None:
    assert browser.post(path).status_code in (303, 400, 404)
    assert browser.post(path, email="x" * 20_000).status_code == 413
    assert browser.post(path, **{f"f{number}": "" for number in range(40)}).status_code == 413
    odd = browser.post(path, email="a\0\ud7ff'\"><b>@x.fr", password="\0", again="\0", j="\0")
    assert odd.status_code in (303, 400, 404) and "<b>@x.fr" not in odd.text
