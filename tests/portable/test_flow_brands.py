"""Brands of co-badged cards, languages, and what a tap that did not pay leads to, with a scripted kernel."""

from __future__ import annotations

import asyncio

from emv.action import ChooseApplication, Finish, Send
from emv.outcome import Outcome
from emv.profile import Application, Parameters, Profile
from firmware.flows import brands
from firmware.flows.payment import Payment
from firmware.flows.take_payment import next_try
from tests.support.sale_bench import (
    APPROVED,
    CARD,
    EUR,
    ONLINE_CHIP,
    PAN,
    REQUEST_ID,
    SELECT,
    TAP,
    TAP_ONLINE,
    SaleBench,
    card_data,
)

COVERS = {
    "test_a_key_takes_another_brand_than_the_merchants": ["terminal/LAW-1", "terminal/LAW-3", "terminal/LAW-4"],
    "test_without_a_preselection_there_is_a_list": ["terminal/LAW-2"],
    "test_after_a_choice_a_tap_is_asked_for_again": ["terminal/LAW-4"],
    "test_language_of_the_card_on_each_screen": ["terminal/T-R17"],
}

CB = bytes.fromhex("A0000000421010")
VISA = bytes.fromhex("A0000000031010")
MASTERCARD = bytes.fromhex("A0000000041010")


def profile(*preference: bytes, ask_cardholder: bool = False) -> Profile:
    applications = [Application(aid, b"\x00\x02", True, None, Parameters()) for aid in (CB, VISA, MASTERCARD)]
    return Profile("test 1", {}, applications, preference=preference, ask_cardholder=ask_cardholder, currency=EUR)


def payment(default_brand: str = "", chosen: bytes = b"") -> Payment:
    made = Payment(bytes(16), REQUEST_ID, 1250, EUR, object())
    made.default_brand = default_brand
    made.chosen = chosen
    return made


def test_who_has_a_brand_go_first() -> None:
    cb_first = profile(CB)
    rows = (
        (cb_first, payment(), "cb", b"\xa0\x00\x00\x00\x42"),
        (cb_first, payment("visa"), "visa", b"\xa0\x00\x00\x00\x03"),
        (cb_first, payment("none"), "", None),
        (cb_first, payment("none", VISA), "", VISA),
        (cb_first, payment("visa", MASTERCARD), "visa", MASTERCARD),
        (profile(), payment(), "", None),
        (profile(CB, ask_cardholder=True), payment(), "", None),
    )
    for terminal, asked, default, preferred in rows:
        assert brands.default(terminal, asked) == default
        assert brands.preferred(terminal, asked) == preferred


def test_what_is_offered_is_what_the_terminal_takes() -> None:
    assert brands.shown(profile(VISA), payment()) == (["CB", "Visa", "Mastercard"], 1)
    assert brands.shown(profile(), payment()) == (["CB", "Visa", "Mastercard"], -1)
    alone = Profile("test 1", {}, profile().applications[:1])
    assert brands.shown(alone, payment()) == ([], -1)
    pressed = payment()
    assert not brands.choose(alone, pressed, "1")
    for key in ("0", "4", "OK", "MENU", "CLEAR"):
        assert not brands.choose(profile(), pressed, key)
    assert brands.choose(profile(), pressed, "3") and brands.brand_of(pressed.chosen) == "mastercard"


def carries(aid: bytes) -> object:
    """A script's item: the card's application is that of the brand."""

    def set_name(transaction: object) -> None:
        card_data(transaction)
        transaction.data[0x84] = aid

    return set_name


async def sold(bench: SaleBench, keys: tuple, interface: str, default: str = "") -> dict:
    await bench.say(take_payment(default))
    accepted = await bench.hear("progress")
    await bench.board.display.until("present_card")
    for key in keys:
        bench.board.keypad.press(key)
        await bench.board.display.until("present_card")
    bench.board.card_reader.put(interface, CARD if interface == "contact" else TAP)
    await bench.hear("online_request")
    await bench.answer(accepted["transaction_id"], b"00")
    return await bench.hear("result")


def take_payment(default: str) -> dict:
    message = {"type": "take_payment", "request_id": REQUEST_ID, "amount_minor": 1250, "currency": EUR}
    if default:
        message["brand"] = default
    return message


def test_a_key_takes_another_brand_than_the_merchants() -> None:
    rows = (  # the till's word, keys, the card's application, what the result says
        ("", (), CB, ("cb", "merchant")),
        ("", ("2",), VISA, ("visa", "cardholder")),
        ("visa", (), VISA, ("visa", "merchant")),
        ("visa", ("1",), CB, ("cb", "cardholder")),
        ("visa", ("1", "3", "2"), VISA, ("visa", "cardholder")),
        ("", ("3",), CB, ("cb", "merchant")),  # it carries no Mastercard
    )

    async def sale(interface: str) -> None:
        for default, keys, aid, told in rows:
            script = ONLINE_CHIP + [APPROVED] if interface == "contact" else TAP_ONLINE
            script = [carries(aid) if item is card_data else item for item in script]
            async with SaleBench([script], profile=profile(CB)) as bench:
                result = await sold(bench, keys, interface, default)
                assert (result["brand"], result["brand_by"]) == told, (default, keys)
                request = bench.kernel.transactions[0].request
                wanted = {"1": CB, "2": VISA, "3": MASTERCARD}[keys[-1]] if keys else VISA if default else CB
                assert request.preferred_aid == wanted[:5] and not request.choose

    asyncio.run(sale("contact"))
    asyncio.run(sale("contactless"))


def test_without_a_preselection_there_is_a_list() -> None:
    choose = ChooseApplication([(CB, "CB"), (VISA, "VISA DEBIT")])

    async def sale() -> None:
        async with SaleBench([[choose, carries(VISA)] + ONLINE_CHIP[2:3] + [APPROVED]], profile=profile()) as bench:
            await bench.begun()
            bench.board.card_reader.put("contact", CARD[1:])
            await bench.board.display.until("choose_application")
            assert bench.kernel.transactions[0].request.choose
            bench.board.keypad.press("2")
            result = await bench.hear("result")
            assert (result["brand"], result["brand_by"]) == ("visa", "cardholder")
            assert bench.kernel.replies[0] == 1

    asyncio.run(sale())


def test_after_a_choice_a_tap_is_asked_for_again() -> None:
    choose = ChooseApplication([(CB, "CB"), (VISA, "VISA DEBIT")])
    second = [carries(VISA) if item is card_data else item for item in TAP_ONLINE]

    async def sale() -> None:
        async with SaleBench([[Send(SELECT), choose], second], profile=profile()) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contactless", TAP)
            await bench.board.display.until("choose_application")
            bench.board.keypad.press("2")
            await bench.board.display.until("present_again")
            assert bench.board.card_reader.armed[-1] != (False, False)
            bench.board.card_reader.put("contactless", TAP)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            result = await bench.hear("result")
            assert (result["brand"], result["brand_by"]) == ("visa", "cardholder")
            assert bench.kernel.transactions[1].request.preferred_aid == VISA

    asyncio.run(sale())


def test_the_choice_is_in_the_journal() -> None:
    async def sale() -> None:
        script = [carries(VISA) if item is card_data else item for item in TAP_ONLINE]
        async with SaleBench([script], profile=profile(CB)) as bench:
            result = await sold(bench, ("2",), "contactless")
            await bench.say({"type": "status_query", "request_id": REQUEST_ID})
            kept = await bench.hear("result")
            assert kept == result and kept["brand_by"] == "cardholder"
            assert VISA in kept["icc_data"]

    asyncio.run(sale())


def test_what_comes_after_each_outcome() -> None:
    rows = (
        (Outcome("approved", ""), "contactless", None),
        (Outcome("declined", "", ui=("07",)), "contactless", None),
        (Outcome("online", "", ui=("1B",)), "contactless", None),
        (Outcome("another_interface", "", ui=("18",)), "contactless", (False, "use_chip")),
        (Outcome("another_interface", "", ui=("1D",)), "contactless", (False, "use_chip")),
        (Outcome("another_card", "", ui=("1C",)), "contactless", (True, "another_card")),
        (Outcome("try_again", "", start="B", restart_ui=("21",)), "contactless", (True, "try_again")),
        (Outcome("try_again", "", start="B", ui=("20",), restart_ui=("21",)), "contactless", (True, "see_phone")),
        (Outcome("select_next", "", start="C"), "contactless", (True, "try_again")),
        (Outcome("end_application", "", start="B", ui=("20",)), "contactless", (True, "see_phone")),
        (Outcome("end_application", "", ui=("0F",)), "contactless", None),
        (Outcome("end_application", ""), "contact", None),
        (Outcome("another_card", ""), "contact", None),
        (Outcome("try_again", "", start="B"), "contact", (True, "try_again")),
    )
    for outcome, interface, following in rows:
        assert next_try(outcome, interface) == following, outcome.name


def again(outcome: Outcome) -> list:
    return [Send(SELECT), Finish(outcome)]


def test_see_phone_then_another_card_then_paid() -> None:
    scripts = [
        again(Outcome("try_again", "", start="B", ui=("20",), restart_ui=("21",), field_off_ms=1)),
        again(Outcome("another_card", "", ui=("1C",))),
        TAP_ONLINE,
    ]

    async def sale() -> None:
        async with SaleBench(scripts) as bench:
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contactless", TAP + TAP)
            await bench.board.display.until("see_phone")  # it stays in the field, which goes off for a while
            await bench.board.display.until("another_card")
            assert (False, False) in bench.board.card_reader.armed
            bench.board.card_reader.put("contactless", TAP)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            assert (await bench.hear("result"))["why"] == "approved_online"

    asyncio.run(sale())


def test_a_card_that_is_not_taken_leaves_the_sale_open_for_another() -> None:
    async def sale() -> None:
        async with SaleBench([again(Outcome("another_card", "", ui=("1C",)))] * 4) as bench:
            await bench.begun()
            for _ in range(3):
                bench.board.card_reader.put("contactless", TAP)
                await bench.board.display.until("another_card")
            bench.board.card_reader.put("contactless", TAP)
            result = await bench.hear("result")
            assert (result["outcome"], result["why"]) == ("declined", "card_not_accepted")

    asyncio.run(sale())


def test_language_of_the_card_on_each_screen() -> None:
    def spanish(transaction: object) -> None:
        transaction.data[0x5F2D] = b"esfr"

    async def sale() -> None:
        first = [Send(SELECT), spanish, Finish(Outcome("another_interface", "", ui=("18",)))]
        async with SaleBench([first, ONLINE_CHIP + [APPROVED], TAP_ONLINE]) as bench:
            transaction_id = await bench.begun()
            assert bench.terminal.words.language == "fr"
            bench.board.card_reader.put("contactless", TAP)
            await bench.board.display.until("use_chip")
            assert bench.terminal.words.language == "es"
            bench.board.card_reader.put("contact", CARD)  # another card, which says no language
            await bench.hear("online_request")
            assert bench.terminal.words.language == "fr"
            await bench.answer(transaction_id, b"00")
            await bench.hear("result")

    asyncio.run(sale())


def test_the_next_sale_begins_in_the_merchants_language() -> None:
    def dutch(transaction: object) -> None:
        transaction.data[0x5F2D] = b"nl"

    async def sale() -> None:
        async with SaleBench([[Send(SELECT), dutch] + TAP_ONLINE[1:], TAP_ONLINE]) as bench:
            await bench.sell("contactless", TAP)
            assert bench.terminal.words.language == "nl"
            await bench.begun(1250, b"request2")
            assert bench.terminal.words.language == "fr"

    asyncio.run(sale())


def test_a_till_that_was_told_so_asks_for_the_chip_alone() -> None:
    async def sale() -> None:
        async with SaleBench([ONLINE_CHIP + [APPROVED]]) as bench:
            message = take_payment("")
            message["interface"] = "contact"
            await bench.say(message)
            transaction_id = (await bench.hear("progress"))["transaction_id"]
            await bench.board.display.until("ask_chip")
            bench.board.card_reader.put("contact", CARD)
            await bench.hear("online_request")
            assert (True, True) not in bench.board.card_reader.armed
            await bench.answer(transaction_id, b"00")
            result = await bench.hear("result")
            assert (result["why"], result["last4"]) == ("approved_online", PAN[-4:])

    asyncio.run(sale())
