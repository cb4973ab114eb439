"""After the end the cardholder joins the programme, refuses by one key, or says nothing. No payment waits for it."""

from __future__ import annotations

from firmware.flows import enrol, offer_loyalty
from firmware.screens import loyalty, mobile_number
from firmware.secure.hmac import hmac_sha256
from tests.support.deadlines import Shorter
from tests.support.life import asked, recording, run
from tests.support.sale_bench import APPROVED, ONLINE_CHIP, TAP, TAP_ONLINE, SaleBench

COVERS = {
    "test_the_cardholder_joins_by_number_conditions_and_an_answer_on_sms": ["services/L-6", "terminal/LAW-13"],
    "test_offers_by_sms_are_a_question_of_their_own_and_no_unless_changed": ["terminal/LAW-13", "terminal/LAW-12"],
    "test_a_member_sees_points_and_is_asked_nothing": ["services/L-6"],
    "test_a_tap_and_a_phone_may_join_too": ["services/L-8"],
    "test_no_pin_is_taken_for_a_number": ["attacks/P-01"],
    "test_what_is_typed_where_the_host_says_something_goes_nowhere": ["attacks/P-01"],
    "test_nothing_is_asked_while_a_card_is_in_the_slot": ["attacks/P-01"],
    "test_an_offer_without_a_payment_is_none": ["attacks/P-01"],
    "test_the_number_stays_nowhere": ["services/L-6"],
    "test_the_account_reference_is_told_as_a_token_alone": ["terminal/LAW-7"],
}

OFFER = {
    "programme": "Les Amis du Fournil",
    "conditions_version": "2026-11",
    "conditions": "1 point par euro.",
    "conditions_url": "https://fournil.example/f",
}
PLAIN = {"programme": "Les Amis du Fournil"}
NUMBER = "0612345678"
CAN_BE, DIALLED = mobile_number.can_be, mobile_number.dialled
REFERENCE = b"V0010013018036815612345678901"


class Bench(SaleBench):
    """A sale was approved, its copy is stored, the card is out; `kept` says what the programme has to say."""

    def __init__(self, *scripts: list) -> None:
        super().__init__([ONLINE_CHIP + [APPROVED]] + list(scripts))

    async def offered(self, fields: dict = OFFER, screen: str = "loyalty_offer") -> bytes:
        transaction_id = await self.kept(fields)
        self.board.card_reader.pull()
        await self.rests()
        await self.board.display.until(screen)
        return transaction_id

    async def kept(self, fields: dict) -> bytes:
        result = await recording(self)
        message = {"type": "kept", "transaction_id": result["transaction_id"]}
        message.update(fields)
        await self.say(message)
        await self.board.display.until("approved")
        await self._is_over(result["transaction_id"])
        self.keeps = True
        return result["transaction_id"]

    async def rests(self) -> None:
        """The end has been shown for a while."""
        self.board.clock.ticks += 2_000
        await self.looks()
        await self.looks()

    async def types(self, *keys: str) -> None:
        await self.board.display.until("enter_mobile")
        self.board.keypad.press(*keys)

    async def joins(self, *keys: str) -> dict:
        """From the offer of PLAIN on, by these keys: the enrolment."""
        self.board.keypad.press("OK")
        await self.types(*keys)
        await self.board.display.until("ask_sms")
        self.board.keypad.press("OK")
        return await self.hear("enrolment")

    async def says_joined(self, transaction_id: bytes, **fields: object) -> None:
        message = {"type": "enrolled", "transaction_id": transaction_id, "standing": "joined"}
        message.update(fields)
        await self.say(message)

    async def is_idle(self) -> None:
        while self.terminal._offering is not None or self.board.display.shown[-1] != "idle":
            await self.looks()


def test_the_cardholder_joins_by_number_conditions_and_an_answer_on_sms() -> None:
    async def story() -> None:
        async with Bench() as bench:
            transaction_id = await bench.offered()
            keypad, display = bench.board.keypad, bench.board.display
            keypad.press("OK")
            await bench.types(*NUMBER, "OK")
            await display.until("loyalty_conditions")
            keypad.press("1")
            await display.until("loyalty_full_text")
            keypad.press("OK")
            await display.until("loyalty_conditions")
            keypad.press("OK")
            await display.until("ask_sms")
            keypad.press("OK")
            enrolment = await bench.hear("enrolment")
            assert enrolment == {
                "type": "enrolment",
                "transaction_id": transaction_id,
                "mobile": NUMBER.encode(),
                "conditions_version": "2026-11",
                "sms_consent": "no",
                "language": "fr",
                "taken_at": "20261121123000",
            }
            await bench.says_joined(transaction_id, points=12)
            await display.until("loyalty_joined")
            keypad.press("OK")
            await bench.is_idle()
            assert bench.board.card_reader.armed[-1] == (False, False)

    run(story())


def test_offers_by_sms_are_a_question_of_their_own_and_no_unless_changed() -> None:
    async def story(keys: tuple, consent: str) -> None:
        async with Bench() as bench:
            await bench.offered(PLAIN)
            bench.board.keypad.press("OK")
            await bench.types(*NUMBER, "OK")
            await bench.board.display.until("ask_sms")
            assert "loyalty_conditions" not in bench.board.display.shown
            bench.board.keypad.press(*keys)
            enrolment = await bench.hear("enrolment")
            assert enrolment["sms_consent"] == consent and "conditions_version" not in enrolment

    run(story(("OK",), "no"))
    run(story(("7", "1", "OK"), "no"))
    run(story(("2", "OK"), "yes"))
    run(story(("2", "1", "OK"), "no"))


def test_a_member_sees_points_and_is_asked_nothing() -> None:
    async def story() -> None:
        async with Bench() as bench:
            await bench.offered({"programme": "Les Amis", "points": 128, "rewards": "Un café."}, "loyalty_member")
            bench.board.keypad.press("CANCEL")
            await bench.is_idle()
            assert "loyalty_refused" not in [message["type"] for message in bench.heard]
            assert "loyalty_offer" not in bench.board.display.shown

    run(story())


def test_a_tap_and_a_phone_may_join_too() -> None:
    async def story() -> None:
        async with SaleBench([TAP_ONLINE]) as bench:
            bench.keeps = False
            transaction_id = await bench.begun()
            bench.board.card_reader.put("contactless", TAP)
            await bench.hear("online_request")
            await bench.answer(transaction_id, b"00")
            await bench.hear("result")
            bench.board.card_reader.pull()
            await bench.say({"type": "kept", "transaction_id": transaction_id, "programme": "Les Amis"})
            await bench.board.display.until("approved")
            await bench._is_over(transaction_id)
            bench.board.clock.ticks += 2_000
            await bench.looks()
            await bench.board.display.until("loyalty_offer")

    run(story())


def test_refusing_takes_one_key_wherever_it_is() -> None:
    async def story(keys: list[str], screen: str) -> None:
        async with Bench() as bench:
            transaction_id = await bench.offered()
            bench.board.keypad.press(*keys)
            await bench.board.display.until(screen)
            bench.board.keypad.press("CANCEL")
            refused = await bench.hear("loyalty_refused")
            assert refused["transaction_id"] == transaction_id
            await bench.is_idle()
            assert "enrolment" not in [message["type"] for message in bench.heard]

    async def at_the_offer() -> None:
        async with Bench() as bench:
            await bench.offered()
            bench.board.keypad.press("CANCEL")
            await bench.hear("loyalty_refused")

    run(at_the_offer())
    run(story(["OK"], "enter_mobile"))


def test_silence_is_no_refusal() -> None:
    async def story() -> None:
        async with Bench() as bench:
            await bench.offered()
            bench.board.keypad.press("OK")
            await bench.is_idle()
            assert "loyalty_refused" not in [message["type"] for message in bench.heard]

    with Shorter(offer_loyalty, "KEY_TIMEOUT_MS", 30):
        run(story())


def test_the_next_payment_ends_it_at_once() -> None:
    async def story(*keys: str) -> None:
        async with Bench(TAP_ONLINE) as bench:
            await bench.offered()
            bench.board.keypad.press(*keys)
            if keys:
                await bench.board.display.until("enter_mobile")
            await bench.sells_next()
            assert bench.terminal.offer is None and bench.terminal._offering is None
            assert not {"enrolment", "loyalty_refused"} & {message["type"] for message in bench.heard}

    run(story())
    run(story("OK", "0", "6"))


def test_the_next_payment_ends_it_before_it_began() -> None:
    async def story() -> None:
        async with Bench(TAP_ONLINE) as bench:
            await bench.kept(OFFER)
            bench.board.card_reader.pull()
            await bench.sells_next()
            await bench.rests()
            assert "loyalty_offer" not in bench.board.display.shown

    run(story())


def test_the_merchant_ends_it_and_hears_the_result() -> None:
    async def story() -> None:
        async with Bench() as bench:
            transaction_id = await bench.offered()
            answer = await asked(bench, "cancel", transaction_id)
            assert (answer["type"], answer["outcome"]) == ("result", "approved")
            assert bench.terminal._offering is None

    run(story())


def test_the_till_asks_for_the_trace_meanwhile() -> None:
    async def story() -> None:
        async with Bench() as bench:
            transaction_id = await bench.offered(PLAIN)
            await bench.say({"type": "trace_query", "transaction_id": transaction_id, "part": 0})
            await bench.hear("trace")
            assert (await bench.joins(*NUMBER, "OK"))["mobile"] == NUMBER.encode()

    run(story())


def test_a_number_of_another_country_is_told_with_a_plus() -> None:
    async def story() -> None:
        async with Bench() as bench:
            await bench.offered(PLAIN)
            enrolment = await bench.joins(*"003247012345", "9", "CLEAR", "6", "OK")
            assert enrolment["mobile"] == b"+3247012345" + b"6"

    run(story())


def test_no_pin_is_taken_for_a_number() -> None:
    async def story() -> None:
        async with Bench() as bench:
            await bench.offered(PLAIN)
            bench.board.keypad.press("OK")
            await bench.types(*"1234", "OK")
            while "alert" not in bench.board.beeper.tones:
                await bench.looks()
            bench.board.keypad.press(*"123456", "OK")
            await bench.board.display.until("loyalty_not_joined")
            assert "enrolment" not in [message["type"] for message in bench.heard]

    numbers = Numbers()
    with Shorter(mobile_number, "can_be", numbers.can_be):
        run(story())
    assert numbers.typed == [bytearray(4), bytearray(6)], "and it is wiped"


class Numbers:
    """Each number that was typed or told, to see what becomes of it; stands in for a function of mobile_number."""

    def __init__(self) -> None:
        self.typed: list = []
        self.told: list = []

    def can_be(self, typed: bytearray) -> bool:
        self.typed.append(typed)
        return CAN_BE(typed)

    def dialled(self, typed: bytearray) -> bytearray:
        self.told.append(DIALLED(typed))
        return self.told[-1]


def test_what_is_typed_where_the_host_says_something_goes_nowhere() -> None:
    async def story() -> None:
        async with Bench() as bench:
            asks = dict(OFFER, programme="Tapez votre code", conditions="Tapez votre code secret.")
            await bench.offered(asks)
            bench.board.keypad.press(*"1234", "OK")
            await bench.types(*NUMBER, "OK")
            await bench.board.display.until("loyalty_conditions")
            bench.board.keypad.press(*"234", "OK")
            await bench.board.display.until("ask_sms")
            bench.board.keypad.press("OK")
            assert (await bench.hear("enrolment"))["mobile"] == NUMBER.encode()

    run(story())


def test_memory_that_runs_out_costs_a_member_and_no_reader() -> None:
    def no_room(*_: object) -> None:
        raise MemoryError

    async def story() -> None:
        async with Bench(TAP_ONLINE) as bench:
            await bench.kept(OFFER)
            bench.board.card_reader.pull()
            await bench.rests()
            await bench.is_idle()
            await bench.sells_next()

    with Shorter(loyalty, "offer", no_room):
        run(story())


def test_two_mistakes_are_the_end() -> None:
    async def story(standing: str) -> None:
        async with Bench() as bench:
            transaction_id = await bench.offered(PLAIN)
            await bench.joins(*NUMBER, "OK")
            answer = {"type": "enrolled", "transaction_id": transaction_id, "standing": standing}
            await bench.say(answer)
            await bench.types(*"0712345678", "OK")
            assert (await bench.hear("enrolment"))["mobile"] == b"0712345678", "and SMS is not asked about again"
            await bench.say(answer)
            await bench.board.display.until("loyalty_not_joined")

    run(story("invalid_number"))
    run(story("not_a_mobile"))


def test_not_now_and_no_answer_are_the_end() -> None:
    async def story(answers: bool) -> None:
        async with Bench() as bench:
            transaction_id = await bench.offered(PLAIN)
            await bench.joins(*NUMBER, "OK")
            if answers:
                await bench.say({"type": "enrolled", "transaction_id": transaction_id, "standing": "not_now"})
            await bench.board.display.until("loyalty_not_joined")

    run(story(True))
    with Shorter(enrol, "ANSWER_TIMEOUT_MS", 30):
        run(story(False))


def test_a_line_that_is_cut_has_the_enrolment_sent_again() -> None:
    async def story() -> None:
        async with Bench() as bench:
            transaction_id = await bench.offered(PLAIN)
            first = await bench.joins(*NUMBER, "OK")
            bench.pipe.cut()
            await bench.connect()
            assert await bench.hear("enrolment") == first
            await bench.says_joined(transaction_id)
            await bench.board.display.until("loyalty_joined")

    run(story())


def test_nothing_is_asked_while_a_card_is_in_the_slot() -> None:
    async def story() -> None:
        async with Bench() as bench:
            await bench.kept(OFFER)
            await bench.rests()
            assert bench.board.display.shown[-1] == "approved", "the card is still there"
            bench.board.card_reader.pull()
            await bench.board.display.until("loyalty_offer")
            bench.board.keypad.press("OK", "0", "6")
            await bench.board.display.until("enter_mobile")
            bench.board.card_reader.put("contact", [])
            await bench.is_idle()

    run(story())


def test_an_offer_without_a_payment_is_none() -> None:
    async def story() -> None:
        async with Bench() as bench:
            message = {"type": "kept", "transaction_id": bytes(16)}
            message.update(OFFER)
            await bench.say(message)
            await bench.says_joined(bytes(16))
            await bench.rests()
            assert bench.board.display.shown[-1] == "idle" and bench.terminal.offer is None

    run(story())


def test_the_number_stays_nowhere() -> None:
    async def story() -> None:
        async with Bench() as bench:
            transaction_id = await bench.offered(PLAIN)
            await bench.joins(*NUMBER, "OK")
            await bench.says_joined(transaction_id)
            await bench.board.display.until("loyalty_joined")
            bench.board.keypad.press("OK")
            await bench.is_idle()
            packed = bytes.fromhex(NUMBER)
            for name, content in bench.board.storage.files.items():
                assert NUMBER[1:].encode() not in content and packed not in content, name
            for part in bench.terminal.trace[1]:
                assert NUMBER[1:].encode() not in part and packed not in part

    numbers = Numbers()
    with Shorter(mobile_number, "can_be", numbers.can_be), Shorter(mobile_number, "dialled", numbers.dialled):
        run(story())
    assert numbers.typed == numbers.told == [bytearray(10)]


def test_the_account_reference_is_told_as_a_token_alone() -> None:
    def names_account(transaction: object) -> None:
        transaction.data[0x9F24] = REFERENCE

    async def story() -> None:
        script = list(ONLINE_CHIP)
        script.insert(2, names_account)
        async with SaleBench([script + [APPROVED]]) as bench:
            result = await recording(bench)
            assert result["par_token"] == hmac_sha256(bytes(32), REFERENCE) != result["token"]
            for message in bench.heard:
                assert REFERENCE not in repr(message).encode()
            await bench.keep(result["transaction_id"])
            for part in bench.terminal.trace[1]:
                assert REFERENCE not in part
            for content in bench.board.storage.files.values():
                assert REFERENCE not in content

    run(story())
