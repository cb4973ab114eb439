"""The page of the evening: what waits to be collected, the button and how far it is, what needs a look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from nicegui import ui

from host.acquirer.model import Totals
from host.clock import Clock
from host.money import Money
from host.telecollection import totals
from host.telecollection.errors import TelecollectionError
from host.telecollection.model import Alert, Contract, LostReader, Phase, Progress, Remittance
from host.telecollection.page_words import ALERTS, PHASES, TEXTS
from host.telecollection.remittance_panel import RemittancePanel
from host.telecollection.schedule import next_cut_off
from host.telecollection.service import TelecollectionService
from host.web.elements import box, button, money, symbol, text
from host.web.words import LANGUAGES, in_language

STYLE = Path(__file__).parent / "telecollection.css"
LOOK_S = 3.0  # between two looks at what no run in this process tells: another till's, funds
NEARLY_FULL = 80  # percent: the reader says so too, and refuses sales when there is no room for one more
STEPS = [phase for phase in Phase if phase is not Phase.ENDED]


class TelecollectionPage:
    """One contract's evening, seen by any number of browser windows."""

    def __init__(self, service: TelecollectionService, clock: Clock, used: Callable[[], int]) -> None:
        """used: percent of the journal of the reader that is connected here."""
        self.service = service
        self.used = used
        self.clock = clock
        self.running: Progress | None = None
        self._views: list[TelecollectionView] = []
        service.watch(self._watch)

    def build(self, language: str) -> None:
        view = TelecollectionView(self, language)
        self._views.append(view)
        ui.context.client.on_delete(lambda: self._views.remove(view))
        ui.timer(LOOK_S, view.look)

    def follow(self) -> None:
        """A payment ended, or a run did."""
        for view in list(self._views):
            view.follow()

    async def collect(self, contract: Contract) -> None:
        """Pressed twice is once. Raises TelecollectionError."""
        if self.running is not None:
            return
        self._show(Progress(Phase.CLOSING, 0, 1))
        try:
            await self.service.collect_now(contract.id)
        except BaseException:
            self._show(None)
            raise

    def _watch(self, _remittance_id: int, progress: Progress) -> None:
        self._show(None if progress.phase is Phase.ENDED else progress)

    def _show(self, progress: Progress | None) -> None:
        began_or_ended = (self.running is None) is not (progress is None)
        self.running = progress
        if began_or_ended:
            self.follow()
        else:
            for view in list(self._views):
                view.advance()


class TelecollectionView:
    def __init__(self, page: TelecollectionPage, language: str) -> None:
        self._page = page
        self._language = language
        self._words = in_language(TEXTS, language)
        self._problem = ""
        self._losing: str | None = None  # the reader about which one is asked
        self._lost: LostReader | None = None
        self._shown: tuple[list[Remittance], list[Alert]] = ([], [])
        with box("evening"):
            with box("evening-now"):
                self._now = ui.refreshable(self._make)
                self._now()
            with box("evening-past"):
                self.panel = RemittancePanel(page.service, language, self.follow)

    def follow(self) -> None:
        self._now.refresh()
        self.panel.refresh()

    def look(self) -> None:
        """Draw again only what has changed: a click must not meet an element that was just replaced."""
        contract = self._contract()
        overview = self._page.service.overview
        if contract and (overview.history(contract.id), overview.alerts(contract.id)) != self._shown:
            self.follow()

    def advance(self) -> None:
        running = self._page.running
        if running is not None:
            self._bar.style(f"width: {percent(running)}%")
            self._step.set_text(self._phase(running))

    def _contract(self) -> Contract | None:
        return next(iter(self._page.service.overview.contracts()), None)

    def _make(self) -> None:
        contract, overview = self._contract(), self._page.service.overview
        if contract is None:
            return
        history, alerts = overview.history(contract.id), overview.alerts(contract.id)
        self._shown = history, alerts
        self._batch(contract)
        if alerts:
            text(self._words["alerts"], tag="h2")
            with box("alerts", "ul"):
                for alert in alerts:
                    self._alert(alert)
        self._readers(contract)

    # ---- what waits ----

    def _batch(self, contract: Contract) -> None:
        days = [self._page.service.overview.today(serial) for serial in contract.readers]
        rows = totals.joined(row for _, day in days for row in day)
        with box("batch"):
            with box("batch-head"):
                with box():
                    text(self._words["today"], tag="h2")
                    text(self._lines(sum(count for count, _ in days)), "soft", data_lines=str(sum(c for c, _ in days)))
                money(Money(totals.net_minor(rows), contract.currency), self._language, "batch-net")
            if rows:
                self._table(rows)
                text(self._words["cancelled_later"], "soft small-print")
            if rows and self._page.used() >= NEARLY_FULL:  # it was so when the reader connected
                text(self._words["nearly_full"].format(self._page.used()), "notice", role="status")
            if self._problem:
                text(self._words[self._problem], "refusal", role="alert")
            self._run(contract)

    def _run(self, contract: Contract) -> None:
        """The button, or in its place how far the run is."""
        running = self._page.running
        if running is not None:
            with box("progress", role="status", data_running="true"):
                with box("progress-step"):
                    box("pulse")
                    self._step = text(self._phase(running))
                with box("progress-track"):
                    self._bar = box("progress-bar").style(f"width: {percent(running)}%")
            return
        if not contract.active:
            text(self._words["closed"], "refusal")
            return
        button(self._words["collect"], self._collect, "primary collect", "send_money", data_action="collect")
        text(self._when(contract), "soft next-cut-off")

    async def _collect(self) -> None:
        contract = self._contract()
        self._problem = ""
        if contract is not None:
            try:
                await self._page.collect(contract)
            except TelecollectionError:
                self._problem = "failed"
                self.follow()

    def _when(self, contract: Contract) -> str:
        zone = ZoneInfo(contract.zone)
        now = self._page.clock.now().astimezone(zone)
        due = next_cut_off(contract, now).astimezone(zone)
        return self._words["next"].format(self._day(due, now), f"{due:%H:%M}")

    def _day(self, due: datetime, now: datetime) -> str:
        if due.date() == now.date():
            return self._words["is_today"]
        return self._words["is_tomorrow"] if due.date() - now.date() == timedelta(1) else f"{due:%d/%m}"

    def _lines(self, count: int) -> str:
        return self._words[f"lines_{count}" if count < 2 else "lines"].format(count)

    def _phase(self, progress: Progress) -> str:
        word = PHASES[progress.phase][LANGUAGES.index(self._language)]
        if progress.phase is Phase.WRITING:
            return f"{word} ({progress.done})"
        return f"{word} ({progress.done + 1}/{progress.of})" if progress.of > 1 else word

    def _table(self, rows: tuple[Totals, ...]) -> None:
        with box("schemes", "table"):
            with box(tag="thead"), box(tag="tr"):
                for column in ("scheme", "debits", "credits", "cancellations"):
                    text(self._words[column], "" if column == "scheme" else "money", "th", scope="col")
            with box(tag="tbody"):
                for row in rows:
                    with box(tag="tr"):
                        text(row.brand.upper(), "", "th", scope="row")
                        self._side(row.debit_count, row.debit_minor, row.currency)
                        self._side(row.credit_count, row.credit_minor, row.currency)
                        text("–", "money soft", "td")

    def _side(self, count: int, minor: int, currency: str) -> None:
        with box("money", "td"):
            if not count:
                text("–", "soft")
                return
            text(Money(minor, totals.CURRENCIES[currency]).text(self._language))
            text(f"× {count}", "soft small-print")

    # ---- what needs attention ----

    def _alert(self, alert: Alert) -> None:
        words = ALERTS[alert.kind][LANGUAGES.index(self._language)]
        with box("alert", "li", data_alert=alert.kind.value):
            symbol("warning")
            text(words.format(key=alert.key, detail=alert.detail or "–"))
            if alert.grows > 1:
                text(self._words["evenings"].format(alert.grows), "chip declined")

    def _readers(self, contract: Contract) -> None:
        if not contract.readers:
            return
        text(self._words["readers"], tag="h2")
        with box("reader-rows", "ul"):
            for serial in contract.readers:
                with box("reader-row", "li"):
                    symbol("contactless", "soft")
                    text(serial)
                    button(self._words["lose"], self._asks(serial), "quiet small", data_lose=serial)
        if self._lost:
            told = (self._lost.reader, self._lost.copied, len(self._lost.unknown))
            text(self._words["lost"].format(*told), "notice", role="status")
        if self._losing:
            self._sure(self._losing)

    def _sure(self, serial: str) -> None:
        with box("lose-sure", role="alertdialog"):
            text(self._words["lose_sure"].format(serial))
            with box("lose-answers"):
                button(self._words["keep"], self._asks(None), data_action="keep-reader")
                button(self._words["lose_yes"], lambda: self._lose(serial), "danger", data_action="lose-reader")

    def _asks(self, serial: str | None) -> Callable[[], None]:
        def ask() -> None:
            self._losing, self._lost = serial, None
            self._now.refresh()

        return ask

    def _lose(self, serial: str) -> None:
        self._losing, self._lost = None, self._page.service.declare_lost(serial)
        self.follow()


def percent(progress: Progress) -> int:
    """Each phase is one part of the way; readers and their days are parts of it."""
    within = progress.done / progress.of if progress.of and progress.phase is not Phase.WRITING else 0.5
    return round(100 * (STEPS.index(progress.phase) + min(within, 1)) / len(STEPS))
