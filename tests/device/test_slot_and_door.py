"""Card slot, glass, keys, storage and heap of the emulated board, on both runtimes."""

from __future__ import annotations

import asyncio
import threading

import pytest

from tests.device.start import with_reader
from tools.emulator.card import CardGone
from tools.emulator.emulator import Emulator, EmulatorError

RUNTIMES = ("micropython", "cpython")


class AnyCard:
    """Says `answer` to everything; counts its resets."""

    def __init__(self, answer: bytes = b"hi\x90\x00") -> None:
        self.answer = answer
        self.interfaces: list[str] = []

    def power_on(self, interface: str) -> bytes:
        self.interfaces.append(interface)
        return b"\x3b\x00"

    def transmit(self, _: bytes) -> bytes:
        return self.answer


class VanishingCard(AnyCard):
    def transmit(self, _: bytes) -> bytes:
        raise CardGone


class SlowCard(AnyCard):
    """Answers only when let."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = threading.Event()
        self.let = threading.Event()

    def transmit(self, _: bytes) -> bytes:
        self.asked.set()
        self.let.wait(10)
        return self.answer


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_idle_keys_and_cards(runtime: str) -> None:
    async def test(reader: Emulator) -> None:
        assert reader.prompt == "idle"
        await reader.press("1", "OK")
        await reader.shows("key OK")
        assert reader.beeps == ["key", "key"]
        card = AnyCard()
        await reader.insert(card)
        await reader.shows("contact 6869 9000")
        assert reader.lights == 4
        await reader.remove()
        await reader.shows("idle")
        await reader.tap(card)
        await reader.shows("contactless 6869 9000")
        assert card.interfaces == ["contact", "contactless"]
        assert reader.pictures[:3] == ["idle", "key 1", "key OK"]
        assert (reader.screen().size, reader.screen().mode) == ((240, 320), "L")

    with_reader(test, runtime=runtime, link="serial")


def test_status_words_come_raw() -> None:
    async def test(reader: Emulator) -> None:
        await reader.insert(AnyCard(b"\x61\x10"))
        await reader.shows("contact  6110")

    with_reader(test, link="serial")


def test_a_card_pulled_while_asked() -> None:
    async def test(reader: Emulator) -> None:
        await reader.insert(VanishingCard())
        await reader.shows("card_removed")
        await reader.shows("idle")

    with_reader(test, link="serial")


def test_a_card_pulled_before_it_answers_and_its_late_answer() -> None:
    async def test(reader: Emulator) -> None:
        slow = SlowCard()
        await reader.insert(slow)
        await asyncio.to_thread(slow.asked.wait, 5)
        await reader.remove()
        await reader.shows("card_removed")
        await reader.shows("idle")
        await reader.insert(AnyCard())
        slow.let.set()  # what the first card says now is nobody's answer
        await reader.shows("contact 6869 9000")

    with_reader(test, link="serial")


def test_a_silent_card() -> None:
    async def test(reader: Emulator) -> None:
        await reader.tap(AnyCard(b""))
        await reader.shows("card_silent")

    with_reader(test, link="serial", card_timeout_ms=200)


def test_a_card_that_breaks_fails_the_test() -> None:
    class Broken(AnyCard):
        def transmit(self, apdu: bytes) -> bytes:
            raise AssertionError(f"unexpected {apdu.hex()}")

    async def test(reader: Emulator) -> None:
        await reader.insert(Broken())
        with pytest.raises(EmulatorError, match="card broke") as caught:
            await reader.shows("contact 6869 9000")
        assert isinstance(caught.value.__cause__, AssertionError)

    with_reader(test, link="serial")


def test_a_prompt_that_never_comes_is_told_with_the_log() -> None:
    async def test(reader: Emulator) -> None:
        with pytest.raises(EmulatorError, match=r"did not show approved in 0\.1 s: it shows 'idle'"):
            await reader.shows("approved", timeout=0.1)

    with_reader(test, link="serial")


def test_a_reader_that_cannot_start_says_why() -> None:
    async def run() -> None:
        async with Emulator(main="boards.emulator.nothing", link="serial"):
            pass

    with pytest.raises(EmulatorError, match="ImportError"):
        asyncio.run(run())


@pytest.mark.parametrize("runtime", RUNTIMES)
def test_storage_is_given_kept_over_a_power_cut_and_read(runtime: str) -> None:
    async def test(reader: Emulator) -> None:
        await reader.press("MENU", "1")
        await reader.shows("key 1")
        await reader.kill_reader()
        assert reader.prompt == ""
        assert reader.stored("keys") == b"given MENU"
        assert reader.stored("nothing") is None
        await reader.start_reader()
        await reader.press("MENU", "2")
        await reader.shows("key 2")
        await reader.kill_reader()
        assert reader.stored("keys") == b"given MENUMENU"

    with_reader(test, runtime=runtime, link="serial", files={"keys": b"given "})


def test_heap_is_told() -> None:
    async def test(reader: Emulator) -> None:
        first = await reader.heap(watch=True)
        await reader.press("1")
        await reader.shows("key 1")
        second = await reader.heap()
        assert 38_400 < first["used"] < first["used"] + first["free"] < 200 * 1024
        assert second["peak"] >= first["used"]

    with_reader(test, link="serial", heap="192k")


def test_cpython_has_no_bounded_heap() -> None:
    async def test(reader: Emulator) -> None:
        assert await reader.heap() == {"used": 0, "free": 0, "peak": 0}

    with_reader(test, link="serial", runtime="cpython")
