"""The demo in a real browser: till, reader and wallet clicked as a person does; receipt, ledger, explanation."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from selenium import webdriver
from selenium.common.exceptions import (
    ElementNotInteractableException,
    NoSuchElementException,
    StaleElementReferenceException,
    TimeoutException,
)
from selenium.webdriver import ActionChains
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

ROOT = Path(__file__).parent.parent.parent
CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
DEADLINE_S, HEARD_S = 60, 7
MOVING = (NoSuchElementException, StaleElementReferenceException, ElementNotInteractableException)
SWITCHES = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1440,900",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # a page that needs anything from outside breaks
)
pytestmark = [
    pytest.mark.needs_apt("chromium"),
    pytest.mark.skipif(not (CHROMIUM and DRIVER), reason="no chromium with its driver"),
]


class Demo:
    """The page, as a person with a mouse sees it."""

    def __init__(self, browser: webdriver.Chrome, url: str, state: Path, downloads: Path) -> None:
        self.browser, self.url, self.state, self.downloads = browser, url, state, downloads

    def until(self, happens: Callable[[], object], what: str) -> None:
        WebDriverWait(self.browser, DEADLINE_S, 0.05, MOVING).until(lambda _: happens(), what)

    def sees(self, selector: str) -> str:
        """Wait for the element: its text."""
        texts: list[str] = []
        self.until(lambda: texts.append(self.browser.find_element(By.CSS_SELECTOR, selector).text) or True, selector)
        return texts[-1]

    def click(self, selector: str) -> None:
        """Once it can be clicked: as soon as a person would see that it can."""

        def clicked() -> bool:
            element = self.browser.find_element(By.CSS_SELECTOR, selector)
            return element.is_enabled() and (element.click() or True)

        self.until(clicked, selector)

    def opens(self, button: str, shown: str) -> None:
        """A part of the page that is made anew at that moment does not hear of a click: then it is clicked again."""
        for _ in range(3):
            self.click(button)
            with suppress(TimeoutException):
                WebDriverWait(self.browser, HEARD_S, 0.05).until(lambda _: self.has(shown))
                return
        raise AssertionError(f"{button} opens no {shown}")

    def has(self, selector: str) -> bool:
        return bool(self.browser.find_elements(By.CSS_SELECTOR, selector))

    def shows(self, selector: str, text: str) -> None:
        self.until(lambda: text in self.browser.find_element(By.CSS_SELECTOR, selector).text, f"{text} in {selector}")

    def fresh(self) -> None:
        self.browser.get(self.url)
        self.sees(".tile")

    def ask_for_card(self, *articles: str) -> None:
        for article in articles:
            self.click(f"[data-article='{article}']")
        self.click("[data-action=card]")
        self.sees("[data-phase=accepted]")

    def present(self, card: str, how: str) -> None:
        self.click(f"[data-card={card}]")
        self.click(f"[data-action={how}]")

    def type_pin(self, pin: str) -> None:
        self.sees("[data-phase=pin_entry]")
        for key in (*pin, "OK"):
            self.click(f"[data-key='{key}']")

    def ledger_entries(self) -> int:
        with sqlite3.connect(self.state / "zinc.db") as books:
            return books.execute("SELECT count(*) FROM ledger_entry").fetchone()[0]


@contextmanager
def visited(page: Demo) -> Iterator[None]:
    """Fresh; afterwards its console is empty."""
    behaviour = {"behavior": "allow", "downloadPath": str(page.downloads)}
    page.browser.execute_cdp_cmd("Browser.setDownloadBehavior", behaviour)
    page.fresh()
    yield
    assert [line["message"] for line in page.browser.get_log("browser") if line["level"] == "SEVERE"] == []


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """The address of `zinc demo` and the folder of its books."""
    state = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "tools.zinc", "demo", "--no-browser", "--state", str(state)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as demo:
        assert demo.stdout is not None
        try:
            url = demo.stdout.readline().strip()
            assert url.startswith("http://127.0.0.1:"), "the demo did not start"
            yield url, state
        finally:
            demo.send_signal(signal.SIGINT)
            try:
                demo.wait(15)
            except subprocess.TimeoutExpired:
                demo.kill()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for switch in (*SWITCHES, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(switch)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options, Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()


def no_card_left(browser: webdriver.Chrome) -> bool:
    """Takes away the one that is there; one that tapped goes by itself."""
    if not browser.find_elements(By.CSS_SELECTOR, ".at-reader"):
        return True
    button = browser.find_element(By.CSS_SELECTOR, "[data-action=remove]")
    if button.is_enabled():
        button.click()
    return False


@pytest.fixture
def demo(served: tuple[str, Path], browser: webdriver.Chrome, tmp_path: Path) -> Iterator[Demo]:
    """A fresh page; afterwards no card is left in the reader and the console is empty."""
    page = Demo(browser, *served, tmp_path)
    with visited(page):
        yield page
        page.until(lambda: no_card_left(browser), "no card in the reader")


def test_chip_and_pin(demo: Demo) -> None:
    before = demo.ledger_entries()
    demo.ask_for_card("8")
    assert "12,50" in demo.sees(".due-amount")
    demo.present("cb_visa_debit", "insert")
    demo.type_pin("1234")
    demo.shows("[data-end=approved]", "APPROUVÉ")
    demo.shows(".receipt", "PAIEMENT APPROUVÉ")
    demo.shows(".receipt", "12,50 €")
    assert "•••• 7810" in demo.sees(".facts")
    assert demo.ledger_entries() == before + 1
    demo.click("[data-ledger-entry]")
    demo.shows(f"[data-entry='{before + 1}']", "12,50 €")
    demo.click("a[href='#sale']")
    _merchant_copy_and_pdf(demo)
    demo.click("[data-action=remove]")
    _explanation(demo)
    demo.click("a[href='#sale']")
    demo.click("[data-action=new-sale]")
    demo.sees(".no-lines")


def _merchant_copy_and_pdf(demo: Demo) -> None:
    demo.click("[data-copy=merchant]")
    demo.shows(".receipt", "TICKET COMMERÇANT")
    demo.click("[data-action=pdf]")
    demo.until(lambda: list(demo.downloads.glob("*-merchant.pdf")), "the PDF")
    (pdf,) = demo.downloads.glob("*-merchant.pdf")
    assert "12,50" in PdfReader(BytesIO(pdf.read_bytes())).pages[0].extract_text()


def _explanation(demo: Demo) -> None:
    """Why is TVR byte 4 bit 8 set? Its rule, its paragraph, the amount it looked at; and a card's data is decoded."""
    demo.click(".facts a[href='#explanation']")
    reason = demo.sees("[data-bit='95.4.8']")
    assert "floor limit" in reason and "Book 3 10.6.1" in reason and "12.50" in reason
    demo.click("[data-bit='9B.1.7'] [data-goto]")
    demo.sees("[data-apdu] details[open] .node")
    texts = [element.text for element in demo.browser.find_elements(By.CSS_SELECTOR, ".exchange-name")]
    assert texts[0] == "SELECT" and "GENERATE AC" in texts


def test_a_tap(demo: Demo) -> None:
    before = demo.ledger_entries()
    demo.ask_for_card("1")
    demo.present("cb_visa_debit", "tap")
    demo.shows("[data-end=approved]", "APPROUVÉ")
    demo.shows(".facts", "sans contact")
    demo.shows(".receipt", "Sans contact")
    assert demo.ledger_entries() == before + 1
    demo.click("[data-action=new-sale]")


def test_a_declined_card_says_why_and_books_nothing(demo: Demo) -> None:
    before = demo.ledger_entries()
    demo.ask_for_card("8")
    demo.present("declined", "insert")
    demo.type_pin("1234")
    demo.shows("[data-end=declined]", "REFUSÉ")
    demo.shows("[data-end=declined]", "Provision insuffisante")
    demo.shows(".receipt", "PAIEMENT REFUSÉ")
    assert demo.ledger_entries() == before
    demo.click("[data-action=remove]")
    demo.click("[data-action=back]")
    demo.click("[data-action=abandon]")
    demo.sees(".no-lines")


def test_cancelled_by_the_red_key_and_from_the_till(demo: Demo) -> None:
    demo.ask_for_card("1")
    demo.click("[data-key=CANCEL]")
    demo.shows("[data-end=cancelled]", "ANNULÉ")
    demo.click("[data-action=retry]")
    demo.sees("[data-phase=accepted]")
    demo.click("[data-action=cancel]")
    demo.shows("[data-end=cancelled]", "ANNULÉ")
    demo.click("[data-action=back]")
    demo.click("[data-action=abandon]")


def test_the_ticket_is_kept_over_a_reload_and_in_each_language(demo: Demo) -> None:
    for key in ("4", "5", "0"):
        demo.click(f"[data-digit='{key}']")
    demo.click("[data-action=add]")
    demo.shows(".total-amount", "4,50 €")
    demo.browser.get(demo.url + "en")
    demo.shows(".total-amount", "€4.50")
    demo.browser.get(demo.url + "nl")
    demo.shows(".pay", "Kaart")
    demo.click("[data-action=abandon]")
    demo.sees(".no-lines")


def test_a_page_that_is_not_there_leads_back(demo: Demo) -> None:
    demo.browser.get(demo.url + "nowhere")
    demo.shows("h1", "404")
    demo.click("a")
    demo.sees(".tile")
    demo.browser.get_log("browser")  # the 404 itself is noted there


def test_nothing_is_served_to_another_name(served: tuple[str, Path]) -> None:
    """A page elsewhere that has its own name point to this machine gets nothing (DNS rebinding)."""
    import httpx

    assert httpx.get(served[0], headers={"Host": "evil.example"}).status_code == 404
    assert "default-src 'self'" in httpx.get(served[0]).headers["content-security-policy"]


def doubly(demo: Demo, selector: str) -> None:
    """As an impatient merchant clicks."""

    def clicked() -> bool:
        element = demo.browser.find_element(By.CSS_SELECTOR, selector)
        ActionChains(demo.browser).double_click(element).perform()
        return True

    demo.until(clicked, selector)


def payments(demo: Demo) -> list[tuple[str, str, int]]:
    """Kind, state, amount of each, in order."""
    with sqlite3.connect(demo.state / "zinc.db") as books:
        return books.execute("SELECT kind, state, amount_minor FROM payment ORDER BY requested_at").fetchall()


@pytest.mark.covers("faults/R-04", "terminal/T-R08", "terminal/T-R09")
def test_double_clicks_a_reload_and_a_second_window_take_and_give_once(demo: Demo) -> None:
    before, entries = len(payments(demo)), demo.ledger_entries()
    demo.click("[data-article='8']")
    demo.sees(".take-back")
    doubly(demo, "[data-action=card]")
    demo.sees("[data-phase=accepted]")
    first = demo.browser.current_window_handle
    demo.browser.switch_to.new_window("tab")
    demo.fresh()
    demo.sees("[data-phase=accepted]")
    demo.present("cb_visa_debit", "tap")
    demo.shows("[data-end=approved]", "12,50")
    demo.browser.switch_to.window(first)
    demo.shows("[data-end=approved]", "12,50")
    demo.fresh()
    demo.shows("[data-end=approved]", "12,50")
    assert payments(demo)[before:] == [("purchase", "approved", 1250)]
    for window in (first, demo.browser.window_handles[-1]):
        demo.browser.switch_to.window(window)
        demo.click("a[href='#payments']")
        demo.opens(f"[data-payment='{last_request(demo)}']", "[data-action=void]")
        demo.opens("[data-action=void]", "[data-action=form-go]")
    for window in demo.browser.window_handles:
        demo.browser.switch_to.window(window)
        if demo.browser.find_elements(By.CSS_SELECTOR, "[data-action=form-go]"):
            doubly(demo, "[data-action=form-go]")
        demo.shows(".payment-sheet [data-end=voided]", "ANNULÉ")
    demo.browser.close()
    demo.browser.switch_to.window(first)
    assert payments(demo)[before:] == [("purchase", "voided", 1250)]
    assert demo.ledger_entries() == entries + 2, "the sale and its cancellation"
    demo.click("a[href='#sale']")
    demo.click("[data-action=new-sale]")


def last_request(demo: Demo) -> str:
    with sqlite3.connect(demo.state / "zinc.db") as books:
        return books.execute("SELECT hex(request_id) FROM payment ORDER BY requested_at DESC").fetchone()[0].lower()


@pytest.mark.covers("terminal/T-R07")
def test_a_part_is_asked_of_the_merchant_who_says_no(demo: Demo) -> None:
    demo.click("[data-article='8']")
    demo.click("[data-article='8']")
    demo.shows(".total-amount", "25,00")
    demo.click("[data-action=card]")
    demo.sees("[data-phase=accepted]")
    demo.present("prepaid", "insert")
    question = demo.sees("[data-question=partial_amount]")
    assert all(part in question for part in ("25,00 €", "20,00 €", "5,00 €", "refusé dans"))
    demo.fresh()
    doubly(demo, "[data-answer=no]")
    demo.shows("[data-end=reversal_due]", "NON PAYÉ")
    demo.click("[data-action=remove]")
    demo.click("[data-action=back]")
    demo.click("[data-action=abandon]")
    demo.sees(".no-lines")


@pytest.mark.covers("terminal/T-R11", "terminal/T-R16", "terminal/LAW-26")
def test_a_reservation_and_its_receipts(demo: Demo) -> None:
    demo.click("a[href='#payments']")
    demo.click("[data-action=preauthorise]")
    demo.click("[data-action=form-go]")
    demo.shows(".payment-sheet .refusal", "Tapez un montant")
    demo.sees("[data-field=amount]")
    demo.browser.find_element(By.CSS_SELECTOR, "[data-field=amount]").send_keys("80,00")
    demo.click("[data-action=form-go]")
    demo.sees(".payment-sheet [data-phase=accepted]")
    demo.present("cb_visa_debit", "insert")
    demo.until(lambda: demo.browser.find_elements(By.CSS_SELECTOR, ".payment-sheet [data-phase=pin_entry]"), "the PIN")
    for key in ("1", "2", "3", "4", "OK"):
        demo.click(f"[data-key='{key}']")
    demo.shows(".payment-sheet [data-end=authorised]", "PRÉAUTORISÉ")
    demo.click("[data-action=remove]")
    demo.click("[data-action=print]")
    demo.shows(".payment-sheet .receipt", "PAS UNE VENTE")
    assert "DUPLICATA" not in demo.sees(".payment-sheet .receipt")
    demo.click("[data-action=form-back]")
    demo.click("[data-action=print]")
    demo.shows(".payment-sheet .receipt", "DUPLICATA")
    demo.click("[data-action=form-back]")
    demo.click("[data-action=give-up]")
    demo.click("[data-action=form-go]")
    demo.sees(".payment-sheet [data-end=reversal_due], .payment-sheet [data-end=reversed]")


@pytest.mark.covers("services/T-9", "terminal/T-R24", "terminal/T-R25")
def test_the_evening_by_hand_once_however_often_it_is_pressed(demo: Demo) -> None:
    demo.ask_for_card("8")
    demo.present("phone_wallet", "tap")
    demo.sees("[data-end=approved]")
    demo.click("a[href='#evening']")
    demo.until(lambda: demo.browser.find_elements(By.CSS_SELECTOR, "[data-action=collect]"), "the button")
    waits = demo.sees("[data-lines]")
    assert waits[0] in "123456789"
    button = demo.browser.find_element(By.CSS_SELECTOR, "[data-action=collect]")
    demo.browser.execute_script("arguments[0].click(); arguments[0].click()", button)
    demo.sees("[data-running]")
    demo.sees("[data-state=acked]")
    demo.shows("[data-lines]", "Aucune opération")
    assert len(demo.browser.find_elements(By.CSS_SELECTOR, "[data-remittance]")) == 1
    demo.opens("[data-remittance]", ".funds")
    demo.shows(".funds", "Fonds attendus le")
    demo.opens("[data-action=ticket]", "[data-ticket]")
    demo.shows("[data-ticket]", "TÉLÉCOLLECTE RÉUSSIE")
    for kind in ("csv", "xml"):
        demo.click(f"[data-action={kind}]")
        demo.until(lambda kind=kind: list(demo.downloads.glob(f"*.{kind}")), kind)
    demo.opens("[data-lose]", ".lose-sure")
    demo.shows(".lose-sure", "rien ne part deux fois")
    demo.click("[data-action=keep-reader]")
