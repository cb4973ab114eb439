"""A month in a shop, in a real browser, on a clock that is set forward: a programme from its first day to its figures.

Alice joins, confirms, comes with a second card, uses a reward, brings something back, has a birthday and leaves; Bob
joins and wants no offers; Ursula never confirms; René says no.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By

from host.money import NO_BREAK, Money
from host.web.locale import number, percent
from tests.endtoend.month_shop import Shop
from tests.endtoend.test_browser import browser, pytestmark, visited  # noqa: F401 fixture, and when to skip
from tests.support.program import running

ALICE, ALICES_OTHER, BOB, URSULA, RENE = (
    "cb_visa_debit", "mastercard_credit", "mastercard_wallet", "phone_wallet", "cb_mastercard_debit",
)  # fmt: skip
SOMEBODY = "prepaid"
ALICES_NUMBER, BOBS_NUMBER, URSULAS_NUMBER = "0612345678", "0698765432", "0611223344"
ALICES_PHONE, BOBS_PHONE, ALICES_MAIL = "06 12 34 56 78", "06 98 76 54 32", "alice@exemple.example"
COFFEE, CROISSANT, WINE, CUP, BOOK = "1", "4", "7", "8", "9"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    state = tmp_path_factory.mktemp("month")
    with running("tests.endtoend.month_process", str(state)) as url:
        yield url, state


@pytest.fixture
def shop(served: tuple[str, Path], browser: webdriver.Chrome, tmp_path: Path) -> Iterator[Shop]:  # noqa: F811
    page = Shop(browser, *served, tmp_path)
    with visited(page):
        yield page


@pytest.mark.covers("services/L-6", "services/L-7", "services/L-8", "services/L-9", "services/L-10", "services/L-11")
@pytest.mark.covers("services/L-12", "services/L-13", "services/L-14", "services/OP-3", "terminal/LAW-12")
@pytest.mark.timeout(900)  # a minute; on a busy machine much more
def test_a_month_in_a_shop(shop: Shop) -> None:
    the_programme_is_made(shop)
    clients_join_or_refuse(shop)
    the_week_goes_on(shop)
    a_second_card_joins(shop)
    a_birthday(shop)
    a_campaign(shop)
    a_reward_and_a_return(shop)
    the_figures_are_true(shop)
    who_never_confirmed_is_gone(shop)
    alice_takes_everything_along_and_leaves(shop)


def the_programme_is_made(shop: Shop) -> None:
    """Monday, 2 November."""
    shop.click("a[href='#loyalty']")
    shop.sees("[data-shown=overview]")
    shop.click("[data-action=next-step]")
    shop.sees("[data-shown=programme]")
    shop.click("[data-action=next-step]")
    shop.write("name", "Les Amis du Zinc")
    shop.write("label-r1", "2,50 € de remise")
    shop.write("threshold-r1", "40")
    shop.write("amount-r1", "2,50")
    shop.write("birthday", "15")
    shop.write("version", "2026-11")
    shop.write("short-fr", "1 point par euro, alcool exclu. 40 points : 2,50 € de remise.")
    shop.chooses("class-Alcools", "Alcool")
    shop.shows(".law-limit", "Exclu")
    shop.shows("[data-preview=earned]", "+8 points")
    shop.click("[data-action=publish]")
    shop.shows("[data-said=published]", "1")


def clients_join_or_refuse(shop: Shop) -> None:
    shop.it_is("2026-11-02", "10:00", 0)
    shop.buys(ALICE, CUP, CUP, WINE)
    shop.joins(ALICES_NUMBER, "2", "OK")
    shop.next_client()
    with shop.phone():
        shop.signs_in(ALICES_NUMBER, ALICES_PHONE)
        assert "25" in shop.sees(".balance"), "of the wine nothing"
        shop.opens("fidelite/profil")
        shop.types("day", "8")
        shop.types("month", "novembre")
        shop.types("email", ALICES_MAIL)
        shop.click("form button.primary")
        shop.sees(".notice.good")
        shop.opens("fidelite/accords")
        assert shop.all_of(".question .state") == ["Oui", "Non"]
    shop.members.add(ALICE)

    shop.it_is("2026-11-02", "11:00", 0)
    shop.buys(RENE, CUP)
    shop.at("loyalty_offer")
    shop.press("CANCEL")
    shop.next_client()

    shop.it_is("2026-11-03", "09:00", 1)
    shop.buys(URSULA, CROISSANT)
    shop.joins(URSULAS_NUMBER, "2", "OK")
    shop.next_client()
    shop.members.add(URSULA)

    shop.buys(BOB, CUP)
    shop.joins(BOBS_NUMBER, "OK")
    shop.next_client()
    with shop.phone():
        shop.signs_in(BOBS_NUMBER, BOBS_PHONE)
        shop.click("footer button.link")
        shop.sees("[name=number]")
    shop.members.add(BOB)


def the_week_goes_on(shop: Shop) -> None:
    for day, weekday, time in (("04", 2, "08:30"), ("05", 3, "12:15"), ("06", 4, "17:00")):
        shop.it_is(f"2026-11-{day}", time, weekday)
        for card in (ALICE, BOB, SOMEBODY):
            shop.sells(card, COFFEE, CROISSANT, how="contact" if card == SOMEBODY else "contactless")
    shop.buys(RENE, BOOK)
    shop.at("approved")
    shop.at("idle")
    shop.next_client()


def a_second_card_joins(shop: Shop) -> None:
    shop.it_is("2026-11-07", "10:00", 5)
    shop.buys(ALICES_OTHER, CUP)
    shop.joins(ALICES_NUMBER, "2", "OK")
    shop.next_client()
    with shop.phone():
        shop.signs_in(ALICES_NUMBER, ALICES_PHONE)
        assert "46" in shop.sees(".balance"), "25, three times 3, and 12 of the other card"
    shop.members.add(ALICES_OTHER)


def a_birthday(shop: Shop) -> None:
    """A Sunday: the points come, the message on Monday."""
    shop.it_is("2026-11-08", "11:00", 6)
    with shop.phone():
        shop.asks_for_code(ALICES_NUMBER)
        shop.signs_in(ALICES_NUMBER, ALICES_PHONE)
        shop.until(lambda: shop.opens("fidelite") or "61" in shop.sees(".balance"), "15 points more")
        shop.opens("fidelite/visites")
        assert "Anniversaire" in shop.sees("main")
        assert shop.got_nothing(ALICES_PHONE)
    shop.it_is("2026-11-09", "08:01", 0)
    with shop.phone():
        assert "Joyeux anniversaire" in shop.gets(ALICES_PHONE)


def a_campaign(shop: Shop) -> None:
    """For Armistice Day, on which nothing may leave: it does so the day after, to the one who agreed."""
    shop.section("campaigns")
    shop.click("[data-action=new-campaign]")
    shop.write("campaign-text", "Brunch dimanche ! Vous avez {points} points.")
    shop.shows("[data-sample]", "STOP au 36")
    shop.shows("[data-sum=reached]", "1")
    shop.click("[data-choice=later]")
    shop.write("day", "11112026")
    shop.write("time", "1100AM")
    shop.shows("[data-later]", "férié")
    shop.click("[data-action=schedule]")
    shop.shows("[data-campaign-state=scheduled]", "12")
    shop.it_is("2026-11-11", "11:30", 2)
    with shop.phone():
        assert shop.got_nothing(ALICES_PHONE)
    shop.it_is("2026-11-12", "08:01", 3)
    with shop.phone():
        message = shop.gets(ALICES_PHONE)
        assert message.startswith("Café du Zinc : Brunch dimanche ! Vous avez 61 points.") and "STOP" in message
        assert shop.got_nothing(BOBS_PHONE), "he did not agree"
        shop.click(f"[aria-label='{ALICES_PHONE}'] button")
        assert "plus d'offres" in shop.gets(ALICES_PHONE)
    shop.section("campaigns")
    shop.click("[data-campaign]")
    shop.shows("[data-result=stop]", "1")
    shop.click("[data-action=new-campaign]")
    shop.write("campaign-text", "Encore !")
    shop.sees("[data-fault=fault_nobody]")


def a_reward_and_a_return(shop: Shop) -> None:
    shop.it_is("2026-11-16", "12:30", 0)
    shop.click("a[href='#sale']")
    shop.click(f"[data-article='{CUP}']")
    shop.click("[data-action=find-member]")
    shop.write("member-number", ALICES_NUMBER)
    shop.shows("[data-member]", "61 points")
    shop.click("[data-reward=r1]")
    shop.shows("[data-member]", "21 points")
    shop.pays(ALICE, 1000)
    shop.shows(".receipt", "2,50 € de remise")
    shop.shows("[data-member-paid]", "+10 points")
    shop.next_client()
    shop.it_is("2026-11-17", "12:00", 1)
    bought = shop.sells(ALICE, CUP, CUP)
    alice_has(shop, 56)
    shop.it_is("2026-11-18", "12:00", 2)
    shop.gives_back(ALICE, bought)
    alice_has(shop, 31)


def alice_has(shop: Shop, points: int) -> None:
    """As the till says when she tells her number."""
    shop.click("[data-action=find-member]")
    shop.write("member-number", ALICES_NUMBER)
    shop.shows("[data-member]", f"{points} points")
    shop.click(".member-head button")


def the_figures_are_true(shop: Shop) -> None:
    """As they are counted here, over thirty days."""
    shop.it_is("2026-11-30", "18:00", 0)
    counted = shop.counted
    shop.section("overview")
    shop.shows("[data-figure=visits] .figure-value", number(counted.visits, "fr"))
    shown = {name: shop.sees(f"[data-figure={name}] .figure-value") for name in FIGURES}
    assert shown == {name: read(figure(counted)) for name, figure in FIGURES.items()}
    assert shop.sees("[data-figure=members_now] .figure-value") == "2"
    assert shop.sees("[data-figure=waiting] .figure-value") == "1"
    shop.section("analysis")
    shop.sees("[data-compared=turnover]")
    of_members = (counted.member_visits, counted.member_minor)
    others = (counted.visits - counted.member_visits, counted.minor - counted.member_minor)
    for name, figure in COMPARED.items():
        assert shop.all_of(f"[data-compared={name}] td") == [read(figure(*each)) for each in (of_members, others)], name
    assert heat(shop) == counted.hours
    (gaps,) = [shop.all_of(".shares .share-value:not(.soft)")]
    assert sum(int(each) for each in gaps) == counted.visits
    shop.section("clients")
    shop.click("[data-choice=members]")
    shop.until(lambda: len(shop.browser.find_elements(By.CSS_SELECTOR, "[data-client]")) == 3, "three who joined")


FIGURES = {
    "turnover": lambda counted: Money(counted.minor).text("fr"),
    "visits": lambda counted: number(counted.visits, "fr"),
    "average_basket": lambda counted: Money(counted.minor).share(1, counted.visits).text("fr"),
    "members_share": lambda counted: percent(100 * counted.member_visits / counted.visits, "fr"),
    "enrolments": lambda _: "4",
}
COMPARED = {
    "visits": lambda visits, _: number(visits, "fr"),
    "average_basket": lambda visits, minor: Money(minor).share(1, visits).text("fr"),
    "turnover": lambda _, minor: Money(minor).text("fr"),
}


def read(shown: str) -> str:
    """As the browser tells it."""
    return shown.replace(NO_BREAK, " ")


def heat(shop: Shop) -> dict[tuple[int, int], int]:
    """What the heat map shows, by weekday and hour."""
    hours = [int(each.split()[0]) for each in shop.all_of(".heat thead th")]
    rows = shop.browser.find_elements(By.CSS_SELECTOR, ".heat tbody tr")
    cells = [[cell.text for cell in row.find_elements(By.TAG_NAME, "td")] for row in rows]
    return {(day, hour): int(each) for day, row in enumerate(cells) for hour, each in zip(hours, row) if each}


def who_never_confirmed_is_gone(shop: Shop) -> None:
    """Thirty days after she typed her number."""
    assert identities(shop) == 3
    shop.it_is("2026-12-03", "12:00", 3)
    shop.until(lambda: identities(shop) == 2, "two who confirmed")
    shop.section("overview")
    assert shop.sees("[data-figure=waiting] .figure-value") == "0"


def identities(shop: Shop) -> int:
    with sqlite3.connect(shop.state / "zinc.db") as books:
        return books.execute("SELECT count(*) FROM identity").fetchone()[0]


def alice_takes_everything_along_and_leaves(shop: Shop) -> None:
    with shop.phone():
        shop.asks_for_code(ALICES_NUMBER)
        shop.signs_in(ALICES_NUMBER, ALICES_PHONE)
        shop.opens("fidelite/donnees")
        shop.click("a[download]")
        shop.until(lambda: list(shop.downloads.glob("fidelite.json")), "the download")
        shop.click("a.button.bad")
        shop.click("[name=sure]")
        shop.click("button.bad")
        shop.until(lambda: "effacé" in shop.sees("h1"), "erased")
    told = json.loads((shop.downloads / "fidelite.json").read_text())
    assert told["email"] == ALICES_MAIL and told["birthday"] == "11-08" and told["balances"] == {"points": 31}
    assert len(told["visits"]) == 8 and len(told["cards"]) == 2
    sms = [(each["answer"], each["channel"]) for each in told["consents"] if each["subject"] == "sms_offers"]
    assert sms == [(True, "reader"), (True, "reader"), (False, "sms_stop")]
    assert identities(shop) == 1
    shop.until(lambda: not files_with(shop, ALICES_NUMBER[1:], ALICES_MAIL), "nor is she in a file")


def files_with(shop: Shop, *texts: str) -> list[str]:
    files = [(path.name, path.read_bytes()) for path in shop.state.glob("zinc.db*")]
    return [name for name, content in files if any(text.encode() in content for text in texts)]
