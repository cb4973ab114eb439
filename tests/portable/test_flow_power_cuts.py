"""The power goes at each durable write of each kind of payment: nothing that was promised is lost, nothing is twice."""

from __future__ import annotations

import asyncio

from emv.action import Finish, Send
from emv.outcome import Outcome
from firmware.screens.canvas import Canvas
from tests.support.deadlines import Shorter
from tests.support.power import Mains, fresh_files, until_cut
from tests.support.sale_bench import (
    APPROVED,
    CARD,
    GENERATE_AC,
    ONLINE_CHIP,
    SELECT,
    TAP,
    TAP_ONLINE,
    SaleBench,
    card_data,
)

COVERS = {
    "test_a_sale": ["faults/R-01", "faults/I1", "faults/I6", "faults/I7", "terminal/T-R22"],
    "test_a_refund": ["faults/R-01"],
    "test_a_sale_that_is_voided": ["faults/R-01", "terminal/T-R09"],
    "test_a_reservation": ["faults/R-01", "terminal/T-R11"],
    "test_a_reservation_that_is_completed": ["faults/R-01", "terminal/T-R11"],
    "test_a_reservation_that_is_given_up": ["faults/R-01", "terminal/T-R11"],
}

REFUND_CHIP = [Send(SELECT), card_data, Send(GENERATE_AC), Finish(Outcome("approved", "refund_taken"))]
TORN = (0.0, 0.5, 1.0)  # of a write; tests of the journal tear it at a byte, too
ENDS = {"approved": "approved", "declined": "not_completed", "voided": "cancelled"}


class Story:
    """A payment, and what the merchant does with it afterwards. ids: of its transaction, once it was accepted."""

    def __init__(self, script: list, wishes: dict, then: dict | None = None) -> None:
        self.script = script
        self.wishes = wishes
        self.then = then
        self.ids: list[bytes] = []

    async def tell(self, bench: SaleBench) -> None:
        await self.pay(bench)
        if self.then is not None:
            await self.change(bench)

    async def pay(self, bench: SaleBench) -> None:
        transaction_id = await bench.begun(**self.wishes)
        self.ids.append(transaction_id)
        bench.board.card_reader.put("contact", CARD)
        await bench.hear("online_request")
        await bench.answer(transaction_id, b"00", authorisation_code="123456")
        await bench.hear("result")
        bench.board.card_reader.pull()

    async def change(self, bench: SaleBench) -> dict:
        message = {"transaction_id": self.ids[0]}
        message.update(self.then)
        await bench.say(message)
        return await bench.hear("result")


async def tell_and_cut(story: Story, files: dict, cut: int | None, torn: float) -> Mains:
    storage = Mains(files, cut, torn)
    await until_cut([story.script], storage, story.tell)
    return storage


async def cut_everywhere(make: object) -> int:
    """How many writes there were."""
    files = fresh_files()
    async with SaleBench([TAP_ONLINE], Mains(files)) as bench:
        await bench.sells_next()  # a reader that has been at work
        files = bench.board.storage.files
    whole = await tell_and_cut(make(), files, None, 0.0)
    assert not whole.off.is_set() and whole.heard[-1]["type"] == "result"
    first = 1 if make().then is None else await writes_of_payment(make(), files) + 1
    for cut in range(first, whole.writes + 1):
        for torn in TORN:
            story = make()
            storage = await tell_and_cut(story, files, cut, torn)
            assert storage.off.is_set(), "each write was reached"
            await start_again(story, storage)
    return whole.writes - first + 1


async def writes_of_payment(story: Story, files: dict) -> int:
    """Of one that is changed afterwards: its own cuts are another test's."""
    story.then = None
    return (await tell_and_cut(story, files, None, 0.0)).writes


async def start_again(story: Story, before: Mains) -> None:
    storage = Mains(before.files)
    async with SaleBench([TAP_ONLINE], storage, random_start=100) as bench:
        promised = [message for message in before.heard if message["type"] == "result"]
        if not story.ids:  # the till asks by its own id what became of it
            assert not promised and "approved" not in before.shown[1:], "the first is what became of the sale before"
            await bench.say({"type": "status_query", "request_id": b"request1"})
            answer = await bench.hear_any()
            assert answer["type"] == "status" or answer["why"] == "interrupted_before_online"
        else:
            result = await what_became(bench, story.ids[0])
            assert bench.board.display.shown[0] == ENDS[result["outcome"]]
            assert result["outcome"] == "approved" or "approved" not in before.shown[1:] or story.then is not None
            if promised and story.then is None:
                assert result == promised[-1]
            if story.then is not None and promised:
                await changes_once(bench, story, promised)
        assert (await bench.sell("contactless", TAP, request_id=b"request8"))["outcome"] == "approved"
        counters = [message["ksn"] for message in before.heard + bench.heard if message["type"] == "online_request"]
        assert len(set(counters)) == len(counters), "no counter serves twice"


async def what_became(bench: SaleBench, transaction_id: bytes) -> dict:
    """Always an end, and always the same."""
    answers = []
    for _ in range(2):
        await bench.say({"type": "status_query", "transaction_id": transaction_id})
        answers.append(await bench.hear("result"))
    assert answers[0] == answers[1]
    return answers[0]


async def changes_once(bench: SaleBench, story: Story, promised: list[dict]) -> None:
    """The till that had no answer asks again: what was done is not done again, what was not is done now."""
    present = await what_became(bench, story.ids[0])
    changed = await story.change(bench)
    assert changed == await story.change(bench)
    if present["why"] == changed["why"]:
        assert changed == present, "a change that was kept is answered by what was kept"
    if promised[-1]["why"] == changed["why"]:
        assert changed == promised[-1]


def run(make: object) -> None:
    """Letters are not drawn: a thousand screens would take most of the time, and their names are enough."""
    with Shorter(Canvas, "_glyph", lambda *_: None):
        assert asyncio.run(cut_everywhere(make)) >= 1


def test_a_sale() -> None:
    run(lambda: Story(ONLINE_CHIP + [APPROVED], {}))


def test_a_refund() -> None:
    run(lambda: Story(REFUND_CHIP, {"kind": "refund", "original": b"o" * 16}))


def test_a_sale_that_is_voided() -> None:
    run(lambda: Story(ONLINE_CHIP + [APPROVED], {}, {"type": "void"}))


def test_a_reservation() -> None:
    run(lambda: Story(ONLINE_CHIP + [APPROVED], {"kind": "preauthorisation"}))


def test_a_reservation_that_is_completed() -> None:
    done = {"type": "complete", "amount_minor": 1300}
    run(lambda: Story(ONLINE_CHIP + [APPROVED], {"kind": "preauthorisation"}, done))


def test_a_reservation_that_is_given_up() -> None:
    done = {"type": "complete", "amount_minor": 0}
    run(lambda: Story(ONLINE_CHIP + [APPROVED], {"kind": "preauthorisation"}, done))
