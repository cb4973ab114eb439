"""The merchant's loyalty space in a real browser, after two weeks of a café: figures, clients, programme, campaigns."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from tests.endtoend.loyalty_process import NUMBER
from tests.endtoend.test_browser import Demo, browser, pytestmark, visited  # noqa: F401 fixture, and when to skip
from tests.support.program import running


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    state = tmp_path_factory.mktemp("loyalty")
    with running("tests.endtoend.loyalty_process", str(state)) as url:
        yield url, state


@pytest.fixture
def page(served: tuple[str, Path], browser: webdriver.Chrome, tmp_path: Path) -> Iterator[Demo]:  # noqa: F811
    """A fresh page; afterwards the console is empty."""
    page = Demo(browser, *served, tmp_path)
    with visited(page):
        yield page


def section(page: Demo, name: str) -> None:
    page.click("a[href='#loyalty']")
    page.sees("[data-shown=overview]")
    if name != "overview":  # it would be made anew while its keys are pressed
        page.click(f"[data-section={name}]")
        page.sees(f"[data-shown={name}]")


def write(page: Demo, field: str, typed: str) -> None:
    """Type instead of what is there, and leave the field."""

    def written() -> bool:
        element = page.browser.find_element(By.CSS_SELECTOR, f"[data-field='{field}']")
        element.clear()
        element.send_keys(typed, Keys.TAB)
        return True

    page.until(written, field)


@pytest.mark.covers("services/L-10", "services/L-11")
def test_figures_of_any_range_of_dates(page: Demo) -> None:
    section(page, "overview")
    page.shows("[data-figure=turnover] .figure-value", "€")
    month = page.sees("[data-figure=visits] .figure-value")
    page.click("[data-choice=week]")
    page.until(lambda: page.sees("[data-figure=visits] .figure-value") != month, "another range")
    for figure in ("average_basket", "members_share", "enrolments"):
        assert page.sees(f"[data-figure={figure}] .figure-value") != "0"
    page.click(".chart-table summary")
    assert len(page.browser.find_elements(By.CSS_SELECTOR, ".chart .figures tbody tr")) == 7
    page.click("[data-section=analysis]")
    page.sees(".heat .heat-5")
    assert len(page.browser.find_elements(By.CSS_SELECTOR, ".heat tbody tr")) == 7
    assert len(page.browser.find_elements(By.CSS_SELECTOR, ".share")) == 6
    assert "€" in page.sees("[data-compared=average_basket]")


@pytest.mark.covers("services/L-9")
def test_clients_are_listed_looked_up_exported_and_erased_when_they_ask(page: Demo) -> None:
    section(page, "clients")
    page.click("[data-client]")
    assert "€" in page.sees("[data-worth=average_basket]")
    page.click("[data-choice=members]")
    page.click("[data-action=export-members]")
    page.until(lambda: list(page.downloads.glob("membres-*.csv")), "the export")
    page.sees("[data-exported]")
    write(page, "search", "56 78")
    page.click(".found ~ .client-sheet [data-client]")
    page.shows(".record-name", "56 78")
    page.click("[data-action=erase]")
    page.click("[data-action=keep]")
    page.shows(".record-name", "56 78")


@pytest.mark.covers("services/L-13")
def test_the_programme_is_tried_on_a_basket_held_to_the_law_and_published(page: Demo) -> None:
    section(page, "programme")
    page.shows("[data-preview=earned]", "+8 points")
    page.click("[data-action=try]")
    page.shows(".preview-share", "%")
    page.click("[data-action=add-reward]")
    page.sees("[data-field=kind-r1]")
    write(page, "label-r1", "Vin de fête")
    page.browser.find_element(By.CSS_SELECTOR, "[data-field=kind-r1]").send_keys("Remise en pourcentage")
    page.sees("[data-field=percent-r1]")
    page.browser.find_element(By.CSS_SELECTOR, "[data-field=category-r1]").send_keys("Alcools")
    page.shows("[data-law=alcohol]", "CSP")
    page.shows("[data-listed-fault=law_alcohol]", "CSP")
    assert not page.browser.find_element(By.CSS_SELECTOR, "[data-action=publish]").is_enabled()
    page.browser.find_element(By.CSS_SELECTOR, "[data-field=category-r1]").send_keys("Boutique")
    page.until(lambda: not page.browser.find_elements(By.CSS_SELECTOR, "[data-cannot]"), "nothing to put right")
    page.click("[data-action=publish]")
    page.shows("[data-said=published]", "2")
    page.sees("[data-listed='1']")


@pytest.mark.covers("services/L-12")
def test_a_campaign_is_shown_as_it_is_received_and_waits_for_an_hour_that_is_allowed(page: Demo) -> None:
    section(page, "campaigns")
    page.click("[data-campaign]")
    page.sees("[data-campaign-state=queued] [data-result]")
    page.click("[data-action=new-campaign]")
    write(page, "campaign-text", "Brunch ! Vous avez {points} points.")
    page.shows("[data-sample]", "Café du Zinc : Brunch !")
    page.shows("[data-sample]", "STOP au 36000")
    page.shows("[data-parts='1']", "1 SMS")
    page.click("[data-choice=later]")
    write(page, "day", "11222026")
    write(page, "time", "1100AM")
    page.shows("[data-later]", "dimanche")
    page.click("[data-action=schedule]")
    page.shows("[data-campaign-state=scheduled]", "23")
    page.click("[data-action=cancel-campaign]")
    page.sees("[data-campaign-state=cancelled]")


def test_the_set_up_is_ticked(page: Demo) -> None:
    section(page, "set_up")
    before = page.sees("[data-done]")
    page.click("[data-tick=subscription]")
    page.until(lambda: page.sees("[data-done]") != before, "one step more")


@pytest.mark.covers("services/L-14")
def test_a_member_says_the_number_and_one_key_takes_the_reward_off_the_ticket(page: Demo) -> None:
    page.click("[data-article='8']")
    page.shows(".total-amount", "12,50")
    page.click("[data-action=find-member]")
    write(page, "member-number", "06 00 00 00 00")
    page.sees("[data-member-refusal]")
    write(page, "member-number", NUMBER)
    page.shows("[data-member]", "75 points")
    page.click("[data-reward=five]")
    page.shows(".total-amount", "10,00")
    page.shows("[data-member]", "25 points")
    page.click("[data-action=card]")
    page.shows("[data-end=approved]", "10,00")
    page.shows(".receipt", "2,50 € de remise")
    page.shows("[data-member-paid]", "+10 points")
    page.click("[data-action=new-sale]")


@pytest.mark.parametrize("language", ["en", "nl"])
def test_each_section_is_there_in_each_language(page: Demo, language: str) -> None:
    page.browser.get(f"{page.url}{language}#loyalty")
    for name in ("overview", "analysis", "clients", "programme", "campaigns", "set_up"):
        page.click(f"[data-section={name}]")
        page.sees(f"[data-shown={name}]")
