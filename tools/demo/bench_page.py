"""The bench beside the till: the emulated reader with its real picture and keys, cards to insert, tap or pull out."""

from __future__ import annotations

import asyncio
import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from nicegui import ui
from nicegui.element import Element

from host.web.elements import box, button, symbol, text
from host.web.words import Texts, in_language
from tools.demo.wallet import WalletCard
from tools.emulator.card import Card

if TYPE_CHECKING:
    from PIL.Image import Image

STYLES = (Path(__file__).parent / "bench.css",)
SCRIPT = Path(__file__).parent / "bench.js"
KEYS = (
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "7",
    "8",
    "9",
    "",
    "0",
    "",
    "CANCEL",
    "CLEAR",
    "OK",
)  # as firmware/screens/frame.py has it
ICONS = {"CANCEL": "close", "CLEAR": "backspace", "OK": "check"}
ENDS = ("approved", "declined", "cancelled", "not_completed")
AFTER_TAP = (*ENDS, "insert_card", "use_chip", "ask_chip", "present_again", "try_again", "another_card", "see_phone")
TEXTS: dict[str, Texts] = {
    "reader": ("Lecteur émulé", "Emulated reader", "Geëmuleerde lezer"),
    "screen": ("Écran du lecteur", "The reader’s screen", "Scherm van de lezer"),
    "wallet": ("Portefeuille", "Wallet", "Portefeuille"),
    "test_cards": ("cartes de test", "test cards", "testkaarten"),
    "phone": ("Messages", "Messages", "Berichten"),
    "insert": ("Insérer", "Insert", "Insteken"),
    "tap": ("Approcher", "Tap", "Aanhouden"),
    "remove": ("Retirer la carte", "Take the card away", "Kaart wegnemen"),
    "pin": ("Code", "PIN", "Pincode"),
    "no_pin": ("Sans code", "No PIN", "Geen pincode"),
    "chip": ("puce", "chip", "chip"),
    "contactless": ("sans contact", "contactless", "contactloos"),
    "CANCEL": ("Annuler", "Cancel", "Annuleren"),
    "CLEAR": ("Corriger", "Clear", "Corrigeren"),
    "OK": ("Valider", "OK", "OK"),
    "sound": ("Son", "Sound", "Geluid"),
}


class Reader(Protocol):
    """What the page asks of tools.emulator.Emulator."""

    prompt: str
    beeps: list[str]
    lights: int

    def listen(self, listener: Callable[[], None]) -> Callable[[], None]: ...

    def screen(self) -> Image: ...

    async def press(self, *keys: str) -> None: ...

    async def insert(self, card: Card) -> None: ...

    async def tap(self, card: Card) -> None: ...

    async def remove(self) -> None: ...


class Bench:
    """One reader and one wallet, seen by any number of browser windows."""

    def __init__(self, reader: Reader, wallet: list[WalletCard], inbox: str = "") -> None:
        """`inbox`: the address of the page that shows what telephones got, without language."""
        self.reader = reader
        self.inbox = inbox
        self.wallet = wallet
        self.chosen = wallet[0] if wallet else None
        self.presented: tuple[WalletCard, str] | None = None  # the card at the reader, and "insert" or "tap"
        self._views: list[BenchView] = []
        self._leaving: asyncio.Task | None = None
        reader.listen(self._watch)

    def build(self, language: str) -> None:
        """Make the bench in the current page; it follows the reader until the page is left."""
        view = BenchView(self, language)
        stop = self.reader.listen(view.follow)
        self._views.append(view)

        def leave() -> None:
            stop()
            self._views.remove(view)

        ui.context.client.on_delete(leave)

    def choose(self, card: WalletCard) -> None:
        self.chosen = card
        self._redraw()

    async def present(self, how: str) -> None:
        """Insert or tap the chosen card, taking away the one that is there."""
        if self.chosen is None:
            return
        if self.presented:
            await self.reader.remove()
        self.presented = (self.chosen, how)
        self._redraw()
        present = self.reader.insert if how == "insert" else self.reader.tap
        await present(self.chosen.card)

    async def remove(self) -> None:
        if self.presented:
            self.presented = None
            self._redraw()
            await self.reader.remove()

    def _watch(self) -> None:
        """Who taps takes the card back by himself once the reader is done with it."""
        tapped = self.presented is not None and self.presented[1] == "tap"
        if tapped and self.reader.prompt in AFTER_TAP:
            self._leaving = asyncio.create_task(self.remove())

    def _redraw(self) -> None:
        for view in self._views:
            view.redraw()


class BenchView:
    """The bench in one browser window."""

    def __init__(self, bench: Bench, language: str) -> None:
        self._bench = bench
        self._reader = bench.reader
        self._language = language
        self._words = in_language(TEXTS, language)
        self._heard = len(bench.reader.beeps)
        self._shown = ""
        self._slot = ui.refreshable(self._at_reader)
        ui.add_body_html(f"<script>{SCRIPT.read_text()}</script>")
        with box("bench"):
            self._device()
            self._slot()
            self._wallet()
        self.redraw()
        self.follow()

    def follow(self) -> None:
        """Bring picture, lights and tones of the reader to the window."""
        picture = _data_address(self._reader.screen())
        if picture != self._shown:
            self._shown = self._glass.props["src"] = picture
            self._glass.props["data-prompt"] = self._reader.prompt
        self._lights.props["data-lit"] = str(self._reader.lights)
        for tone in self._reader.beeps[self._heard :]:
            self._glass.client.run_javascript(f"zincBeep({tone!r})")
        self._heard = len(self._reader.beeps)

    def _device(self) -> None:
        with box("device", aria_label=self._words["reader"], role="group"):
            with box("device-head"):
                self._lights = box("lights")
                with self._lights:
                    for _ in range(4):
                        box("light")
                symbol("contactless", "field")
                with box("speaker", "button", type="button", aria_label=self._words["sound"], aria_pressed="true"):
                    symbol("volume_up")
            with box("glass"):
                self._glass = box("", "img", alt=self._words["screen"], width="240", height="320")
            with box("keys"):
                for key in KEYS:
                    self._key(key)

    def _key(self, key: str) -> None:
        if not key:
            box("key-gap")
            return
        with box(f"key key-{key}", "button", type="button", aria_label=self._words.get(key, key), data_key=key) as made:
            if key in ICONS:
                symbol(ICONS[key])
            else:
                text(key, tag="span")
        made.on("click", lambda: self._reader.press(key))

    def redraw(self) -> None:
        """Which card is chosen, which is at the reader. Elements stay, so that no click meets one that is gone."""
        chosen, presented = self._bench.chosen, self._bench.presented
        for card, pocket in self._pockets:
            pocket.classes(add="chosen") if card is chosen else pocket.classes(remove="chosen")
            away = presented is not None and presented[0] is card
            pocket.classes(add="away") if away else pocket.classes(remove="away")
            pocket.props["aria-checked"] = str(card is chosen).lower()
        self._insert.props.set_bool("disabled", not (chosen and chosen.contact))
        self._tap.props.set_bool("disabled", not (chosen and chosen.contactless))
        for action in (self._insert, self._tap):
            action.set_visibility(presented is None)
        self._remove.set_visibility(presented is not None)
        self._slot.refresh()

    def _at_reader(self) -> None:
        presented = self._bench.presented
        with box(f"card-slot {presented[1] if presented else ''}"):
            if presented:
                with box("at-reader", data_presented=presented[0].name):
                    self._face(presented[0])

    def _wallet(self) -> None:
        words, bench = self._words, self._bench
        with box("wallet") as made:
            with box("wallet-title"):
                text(words["wallet"], tag="h2")
                if bench.inbox:
                    address = f"{bench.inbox}/{self._language}"
                    text(words["phone"], "", "a", href=address, target="_blank", data_action="inbox")
                else:
                    text(words["test_cards"], "soft")
            with box("pockets", role="radiogroup", aria_label=words["wallet"]):
                self._pockets = [(card, self._pocket(card)) for card in bench.wallet]
            with box("actions"):
                insert, tap = lambda: bench.present("insert"), lambda: bench.present("tap")
                self._insert = button(words["insert"], insert, "", "vertical_align_top", data_action="insert")
                self._tap = button(words["tap"], tap, "", "contactless", data_action="tap")
                self._remove = button(words["remove"], bench.remove, "wide", "eject", data_action="remove")
        made.set_visibility(bool(bench.wallet))  # without one, cards come from a PC/SC reader

    def _pocket(self, card: WalletCard) -> Element:
        with box("pocket", "button", type="button", role="radio", data_card=card.name) as pocket:
            self._face(card)
        pocket.on("click", lambda: self._bench.choose(card))
        return pocket

    def _face(self, card: WalletCard) -> None:
        """The printed side of a card."""
        with box("card", data_mark=card.mark.lower()):
            with box("card-top"):
                text(card.label(self._language), "card-label")
                text(card.mark, "card-mark")
            with box("card-bottom"):
                text(f"•••• {card.last4}", "card-number")
                text(f"{self._words['pin']} {card.pin}" if card.pin else self._words["no_pin"], "card-pin")


def _data_address(picture: Image) -> str:
    """The picture as a PNG in a data: address; sixteen greys take about 2 kB."""
    out = io.BytesIO()
    picture.save(out, "PNG")
    return "data:image/png;base64," + base64.b64encode(out.getvalue()).decode()
