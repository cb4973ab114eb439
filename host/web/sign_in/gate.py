"""Before the merchant's space: without an account it is open, then it opens to who is signed in, in each window."""

from __future__ import annotations

from collections.abc import Callable

from nicegui import ui
from starlette.requests import HTTPConnection

from host.web.elements import box, button, text
from host.web.forms import line
from host.web.sign_in.errors import InvalidAddress, KnownAddress
from host.web.sign_in.pages import COOKIE, ROOT
from host.web.sign_in.service import Accounts
from host.web.sign_in.words import TEXTS
from host.web.words import in_language

LOOK_S = 3.0  # between two looks at whether the session has ended


class Gate:
    """`has_mail`: can an account be opened here, by an e-mail?"""

    def __init__(self, accounts: Accounts, has_mail: bool) -> None:
        self._accounts = accounts
        self._has_mail = has_mail

    def is_signed_in(self, connection: HTTPConnection) -> bool:
        return self._accounts.holder(connection.cookies.get(COOKIE, "")) is not None

    def before(self, panel: Callable[[str], None]) -> Callable[[str], None]:
        return lambda language: GuardedPanel(self._accounts, panel, language, self._has_mail).build()


class GuardedPanel:
    """A panel in one browser window."""

    def __init__(self, accounts: Accounts, panel: Callable[[str], None], language: str, has_mail: bool) -> None:
        self._accounts = accounts
        self._panel = panel
        self._language = language
        self._words = in_language(TEXTS, language)
        self._has_mail = has_mail
        self._cookie = ""
        self._shown: str | None = None
        self._address = ""

    def build(self) -> None:
        self._cookie = ui.context.client.request.cookies.get(COOKIE, "")
        self._place = box("guarded")
        self._look()
        ui.timer(LOOK_S, self._look)

    def _look(self) -> None:
        """When it has ended, what was shown is gone, here and in the browser, and its handlers with it."""
        seen = self._state()
        if seen == self._shown:
            return
        self._shown = seen
        self._place.clear()
        with self._place:
            if seen == "closed":
                self._closed()
                return
            self._panel(self._language)
            if seen == "open":
                self._protect()
            else:
                self._signed_in(seen)

    def _state(self) -> str:
        """ "open", "closed", or who is signed in."""
        holder = self._accounts.holder(self._cookie)
        if holder is not None:
            return holder.email
        return "closed" if self._accounts.all() else "open"

    def _closed(self) -> None:
        with box("space-closed", data_space="closed"):
            text(self._words["closed"], tag="h2")
            text(self._words["closed_means"], "soft", "p")
            text(self._words["enter"], "button primary", "a", href=f"{ROOT}?l={self._language}", data_action="enter")

    def _signed_in(self, email: str) -> None:
        with box("space-foot", "form", method="post", action=f"{ROOT}/sortir?l={self._language}"):
            text(self._words["signed_in_as"].format(email), "soft", "span", data_space="signed-in")
            text(self._words["sign_out"], "button quiet", "button", type="submit", data_action="sign-out")

    def _protect(self) -> None:
        if not self._has_mail:
            return
        with box("space-foot", "details", data_space="open"):
            text(self._words["protect"], "", "summary")
            text(self._words["protect_means"], "soft", "p")
            with box("space-open"):
                line(self._words["your_email"], "", self._typed, type="email", data_field="account-email")
                button(self._words["open_account"], self._open, "primary", data_action="open-account")
            self._fault = text("", "space-fault", "p", role="alert")

    def _typed(self, email: str) -> None:
        self._address = email

    def _open(self) -> None:
        try:
            self._accounts.add(self._address, self._language)
        except (InvalidAddress, KnownAddress):
            self._fault.set_text(self._words["invalid_address"])
            return
        self._look()
