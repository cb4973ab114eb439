"""The merchant's space in a real browser: from the account to the e-mail, the password, and the space that opens."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

from host.messaging.service import LOOK_AFTER
from tests.endtoend.test_browser import MOVING, ROOT, Demo, browser, pytestmark, visited  # noqa: F401 fixture, and when to skip
from tests.support.program import running

EMAIL, PASSWORD, OTHER = "cafe@zinc.example", "un petit noir sans sucre", "un grand crème, merci"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/commercant/mot-de-passe\?j=\S+")


@pytest.fixture
def page(tmp_path: Path, browser: webdriver.Chrome) -> Iterator[Demo]:  # noqa: F811
    """A till that nobody has an account of; afterwards the console is empty."""
    with running("tests.endtoend.sign_in_process", str(tmp_path)) as url:
        demo = Demo(browser, url, tmp_path, tmp_path)
        browser.delete_all_cookies()
        with visited(demo):
            yield demo
        browser.get("about:blank")  # before its till is gone, which it would complain of


def zinc(*command: str) -> None:
    subprocess.run([sys.executable, "-m", "tools.zinc", *command], cwd=ROOT, check=True, capture_output=True)


def link(page: Demo, count: int = 1) -> str:
    """Of the latest e-mail, when there are so many."""
    found: list[str] = []

    def arrived() -> bool:
        page.browser.get(page.url + "inbox")
        found[:] = LINK.findall(page.sees("body"))
        return len(found) == count

    # A till looks every half a minute at what another process, such as `zinc account`, has queued
    WebDriverWait(page.browser, 2 * LOOK_AFTER.seconds, 0.2, MOVING).until(lambda _: arrived(), "the e-mail")
    return found[-1]


def write(page: Demo, name: str, typed: str) -> None:
    page.browser.find_element(By.NAME, name).send_keys(typed)


def choose(page: Demo, address: str, password: str) -> None:
    page.browser.get(address)
    for name in ("password", "again"):
        write(page, name, password)
    page.click("form button")
    page.sees(".said.good")


def sign_in(page: Demo, password: str) -> None:
    write(page, "email", EMAIL)
    write(page, "password", password)
    page.click("form button")


@pytest.mark.covers("services/L-5")
def test_from_the_account_by_the_e_mail_to_the_space_and_out(page: Demo) -> None:
    page.click("a[href='#loyalty']")
    page.sees("[data-space=open]")
    page.sees("[data-shown=overview]")
    zinc("account", "add", EMAIL, "--state", str(page.state))
    page.sees("[data-space=closed]")  # the window that is open sees it, too
    assert page.browser.find_elements(By.CSS_SELECTOR, ".loyalty") == []
    assert "Votre identifiant : " + EMAIL in (link(page) and page.sees("body"))
    choose(page, link(page), PASSWORD)
    sign_in(page, PASSWORD)
    page.shows("[data-space=signed-in]", EMAIL)
    page.sees("[data-shown=overview]")
    page.click("[data-action=sign-out]")
    page.sees(".said.good")
    page.fresh()  # sells, as before
    page.click("a[href='#loyalty']")
    page.click("[data-action=enter]")
    page.sees("#password")


def test_a_page_of_somebody_else_gets_nothing_of_the_till(page: Demo) -> None:
    """DNS rebinding, forms and sockets: what a page that is visited on the till's machine could try."""
    socket = page.url + "_nicegui_ws/socket.io/?EIO=4&transport=polling"
    for address in (page.url, socket):
        assert httpx.get(address, headers={"Host": "evil.example"}).status_code == 404
    assert httpx.get(socket).status_code == 200
    assert httpx.get(socket, headers={"Origin": "https://evil.example"}).status_code == 403
    told = {"to": "+33612345678", "text": "STOP"}
    assert httpx.post(page.url + "inbox", data=told, headers={"Origin": "null"}).status_code == 403
    upgrade = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    opened = page.url + "_nicegui_ws/socket.io/?EIO=4&transport=websocket"
    assert httpx.get(opened, headers=upgrade | {"Origin": "https://evil.example"}).status_code == 403


@pytest.mark.covers("services/L-5")
def test_a_forgotten_password_closes_what_is_open(page: Demo) -> None:
    page.click("a[href='#loyalty']")
    page.click("[data-space=open] summary")
    page.browser.find_element(By.CSS_SELECTOR, "[data-field=account-email]").send_keys(EMAIL, Keys.TAB)
    page.click("[data-action=open-account]")
    page.sees("[data-space=closed]")
    choose(page, link(page), PASSWORD)
    sign_in(page, PASSWORD)
    page.sees("[data-shown=overview]")
    window = page.browser.current_window_handle
    page.browser.switch_to.new_window("tab")
    page.browser.get(page.url + "commercant/oubli")
    write(page, "email", EMAIL)
    page.click("form button")
    choose(page, link(page, 2), OTHER)
    page.browser.close()
    page.browser.switch_to.window(window)
    page.sees("[data-space=closed]")
    page.click("[data-action=enter]")
    sign_in(page, OTHER)
    page.sees("[data-space=signed-in]")
