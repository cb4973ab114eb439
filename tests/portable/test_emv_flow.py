"""A contact transaction from the first command to the outcome: what a card may get wrong on the way (Book 3)."""

from __future__ import annotations

from emv.action import EnterPin, Finish, GoOnline, IssuerAnswer, PinEntry, Send
from emv.errors import FlowFault
from emv.kernel import flow
from emv.profile import Application, Parameters, Profile
from emv.transaction import Request, Transaction
from tests.support.emv_bench import AID, CLOCK, TERMINAL, TableCard, rules, run

COVERS = {
    "test_the_same_object_twice": ["attacks/C-21"],
    "test_objects_of_the_terminal_are_not_heard": ["attacks/C-21"],
    "test_endless_answers_end": ["attacks/C-18"],
    "test_locators": ["attacks/C-18"],
}

CDOL1 = "9F0206" + "9505" + "9F3704" + "9F3403"
CDOL2 = "910A" + "8A02" + "9505"
STATIC = "5A084970101234567810" + "5F2403491231" + "9F0802008C" + "8E0A" + "00" * 8 + "1F00"
GPO, RECORD, FIRST, SECOND, EXTERNAL = "80A8", "00B2", "80AE", "80AE", "0082"


def sized(tag: str, value: str) -> str:
    length = len(value) // 2
    return tag + (f"{length:02X}" if length < 0x80 else f"81{length:02X}") + value


def lists() -> str:
    return sized("8C", CDOL1) + sized("8D", CDOL2)


def generated(kind: str, more: str = "") -> str:
    return sized("77", "9F2701" + kind + "9F36020007" + "9F2608" + "22" * 8 + "9F100706011203A00000" + more) + "9000"


class Card(TableCard):
    """One application; `second` is the answer to the second GENERATE AC."""

    def __init__(self, second: str = "", **more: str) -> None:
        table = {
            "00A40400": sized("6F", sized("84", AID.hex())) + "9000",
            GPO: sized("80", "1C00" + "08010100") + "9000",
            RECORD: sized("70", STATIC + lists()) + "9000",
            FIRST: generated("80"),
            EXTERNAL: "9000",
        }
        table.update(more)
        TableCard.__init__(self, table)
        self.second = second or generated("40")
        self.asked = 0

    def transmit(self, command: bytes) -> tuple:
        if command[:2] == b"\x80\xae":
            self.asked += 1
            if self.asked == 2:
                self.answers[SECOND] = self.second
        return TableCard.transmit(self, command)


APPROVAL = IssuerAnswer(b"00", bytes(8))


def terminal(**more: object) -> Profile:
    parameters = Parameters(tac_online=b"\xff" * 5, tac_default=b"\x00\x00\x00\x80\x00", floor_limit_minor=1000, **more)
    return Profile(
        "test", dict(TERMINAL), [Application(AID, b"\x00\x8c", True, None, parameters)], selection="aid_list"
    )


def paid(card: Card, answer: IssuerAnswer | None = APPROVAL, profile: Profile = None) -> object:
    transaction = Transaction(profile or terminal(), Request(1250, CLOCK), bytes)
    outcome = run(transaction, card, [answer])
    outcome.transaction = transaction
    outcome.asked = len(transaction.asked)
    return outcome


def end(card: Card, **more: object) -> tuple[str, str]:
    outcome = paid(card, **more)
    return outcome.name, outcome.why


def test_approved_online() -> None:
    outcome = paid(Card())
    assert (outcome.name, outcome.why, outcome.asked) == ("approved", "card_completes", 1)
    assert outcome.transaction.data[0x9B].hex() == "7800"


def test_issuer_that_is_not_authentic_leaves_it_to_the_card() -> None:
    outcome = paid(Card(**{EXTERNAL: "6300"}))
    assert outcome.transaction.data[0x95].hex() == "8000008040"
    assert outcome.name == "approved"


def test_declined_by_issuer() -> None:
    card = Card(second=generated("00"))
    assert paid(card, IssuerAnswer(b"05")).name == "declined"
    assert card.commands[-1].startswith("80AE0000")


def test_unable_to_go_online() -> None:
    for answer in (None, IssuerAnswer(b"")):
        outcome = paid(Card(second=generated("00")), answer)
        assert outcome.name == "declined"
        assert outcome.transaction.data[0x8A] == b"Z3"


def test_format_1_and_2_of_processing_options() -> None:
    for answer, why in (
        (sized("77", "82021C00" + "940408010100"), "card_completes"),
        (sized("80", "1C00"), "processing_options_incomplete"),
        (sized("80", "1C00080101"), "afl_malformed"),
        (sized("80", "1C"), "template_unexpected"),
        (sized("77", "82021C00"), "processing_options_incomplete"),
        (sized("70", "82021C00" + "940408010100"), "template_unexpected"),
        (sized("80", "1C0008010100") + "01", "template_unexpected"),
    ):
        assert end(Card(**{GPO: answer + "9000"}))[1] == why, answer


def test_refused_processing_options() -> None:
    assert end(Card(**{GPO: "6985"})) == ("end_application", "no_application_left")
    assert end(Card(**{GPO: "6A81"})) == ("end_application", "processing_options_refused")


def test_locators() -> None:
    for locator in ("00010100", "F8010100", "09010100", "08000100", "08020100", "08010102", "08FFFE00"):
        assert end(Card(**{GPO: sized("80", "1C00" + locator) + "9000"})) == ("end_application", "afl_malformed"), (
            locator
        )


def test_records() -> None:
    for answer, why in (
        ("6A83", "record_not_read"),
        (sized("77", STATIC + lists()) + "9000", "template_unexpected"),
        (sized("70", STATIC + lists()) + "0001" + "9000", "template_unexpected"),
        (sized("70", STATIC) + "9000", "mandatory_object_missing"),
        (sized("70", STATIC + lists() + "5F") + "9000", "tlv_malformed"),
    ):
        assert end(Card(**{RECORD: answer})) == ("end_application", why), answer


def test_padding_around_objects() -> None:
    """Book 3, annex B1: 00 between objects or behind them means nothing."""
    record = sized("70", "00" + STATIC + "0000" + lists() + "00") + "0000" + "9000"
    assert end(Card(**{RECORD: record})) == ("approved", "card_completes")


def test_dates_that_there_are_not() -> None:
    """Book 3, 7.5."""
    for date in ("491331", "490031", "491232", "491200", "4A1231", "4912"):
        expiry = STATIC.replace("5F2403491231", sized("5F24", date))
        record = sized("70", expiry + lists()) + "9000"
        assert end(Card(**{RECORD: record})) == ("end_application", "date_malformed"), date
    record = sized("70", STATIC + sized("5F25", "250132") + lists()) + "9000"
    assert end(Card(**{RECORD: record})) == ("end_application", "date_malformed")


def test_the_same_object_twice() -> None:
    for again in ("5F3401015F340101", "82021C00", "94040801010A"):
        answer = sized("70", STATIC + lists() + again) + "9000"
        assert end(Card(**{RECORD: answer})) == ("end_application", "duplicate_object"), again


def test_objects_of_the_terminal_are_not_heard() -> None:
    """TVR, CVM results, amount, capabilities: what a card says of them changes nothing."""
    smuggled = "9505FFFFFFFFFF" + "9F34031F0002" + "9F0206000000000001" + "9F3303000000" + "8A023030"
    card = Card(**{RECORD: sized("70", STATIC + lists() + smuggled) + "9000"})
    outcome = paid(card)
    assert outcome.name == "approved"
    assert outcome.transaction.data[0x9F02].hex() == "000000001250"
    assert card.commands[4][10:32] == "000000001250" + "8000008000"
    assert rules(outcome.transaction).count("terminal_object_from_card") == 5


def test_a_cryptogram_from_a_record_is_none() -> None:
    record = sized("70", STATIC + lists() + "9F2608" + "33" * 8 + "9F270140") + "9000"
    without = sized("77", "9F270180" + "9F36020007") + "9000"
    assert end(Card(**{RECORD: record, FIRST: without})) == ("end_application", "cryptogram_missing")


def test_answers_to_generate_ac() -> None:
    for answer, why in (
        ("6985", "cryptogram_refused"),
        (sized("77", "9F270180") + "9000", "cryptogram_missing"),
        (sized("80", "8000072222222222222222") + "9000", "card_completes"),
        (sized("80", "80000722222222222222") + "9000", "template_unexpected"),
        (generated("C0"), "cryptogram_above_request"),
    ):
        assert end(Card(**{FIRST: answer}))[1] == why, answer


def test_a_card_may_not_give_more_than_it_was_asked_for() -> None:
    assert end(Card(**{FIRST: generated("40")})) == ("end_application", "cryptogram_above_request")
    assert end(Card(second=generated("40")), answer=IssuerAnswer(b"05")) == ("declined", "card_declines")  # Book 3, 9.3
    assert end(Card(second=generated("80"))) == ("declined", "card_declines")


def test_denied_by_the_terminal() -> None:
    card = Card(**{FIRST: generated("00")})
    outcome = paid(card, profile=terminal(tac_denial=b"\x80\x00\x00\x00\x00"))
    assert (outcome.name, outcome.asked) == ("declined", 0)
    assert card.commands[-1].startswith("80AE00")


def test_get_response_and_wrong_length() -> None:
    record = sized("70", STATIC + lists())
    half = len(record) // 4 * 2
    card = Card(**{RECORD: "6C30", "00B2010C30": record[:half] + "6110", "00C0000010": record[half:] + "9000"})
    assert paid(card).name == "approved"
    assert card.commands[3:6] == ["00B2010C00", "00B2010C30", "00C0000010"]


def t0(card: Card) -> Card:
    """The same card by T=0: each answer with data is fetched, and a false length refused first, GET RESPONSE's too."""
    plain = card.transmit
    kept = []

    def transmit(command: bytes) -> tuple:
        if command[1] == 0xC0:
            due = kept[0]
            if command[4] != len(due[0]):
                card.commands.append(command.hex().upper())
                return b"", 0x6C, len(due[0])
            card.commands.append(command.hex().upper())
            return kept.pop()
        data, sw1, sw2 = plain(command)
        if not data:
            return data, sw1, sw2
        if len(command) == 5 and command[4] != len(data):
            return b"", 0x6C, len(data)
        if len(command) == 5:
            return data, sw1, sw2
        kept.append((data, sw1, sw2))
        return b"", 0x61, max(len(data) - 1, 1)

    card.transmit = transmit
    return card


def test_each_command_by_t0() -> None:
    """SELECT, GPO, READ RECORD, GENERATE AC and EXTERNAL AUTHENTICATE, each with what T=0 adds to it."""
    card = t0(Card())
    outcome = paid(card)
    assert (outcome.name, outcome.why) == ("approved", "card_completes")
    assert [command[2:4] for command in card.commands if command[2:4] not in ("C0", "A4")] == [
        "A8", "B2", "B2", "AE", "82", "AE"
    ]  # fmt: skip


def test_a_false_length_is_for_commands_that_have_one() -> None:
    card = Card(**{EXTERNAL: "6C08"})
    assert paid(card).transaction.data[0x95].hex() == "8000008040"
    assert [command[2:4] for command in card.commands].count("82") == 1


def test_records_of_255_bytes_and_of_files_that_are_the_issuers() -> None:
    filler = "DF0181" + f"{255 - 3 - 4 - len(STATIC + lists()) // 2:02X}"
    long = STATIC + lists() + filler + "00" * (255 - 3 - 4 - len(STATIC + lists()) // 2)
    assert len(long) // 2 == 252
    card = Card(**{RECORD: "7081FC" + long + "9000"})
    assert paid(card).name == "approved"
    two = sized("80", "1C00" + "08010100" + "58010100") + "9000"
    for other in ("5A084970101234567810", "00", "7003950155"):
        card = Card(**{GPO: two, "00B2010C": sized("70", STATIC + lists()) + "9000", "00B2015C": other + "9000"})
        assert paid(card).name == "approved", other


def test_the_terminal_identifier_is_the_name_selected() -> None:
    longer = AID.hex().upper() + "01"
    card = Card(**{"00A40400": sized("6F", sized("84", longer)) + "9000"})
    assert paid(card).transaction.data[0x9F06].hex().upper() == longer


def test_endless_answers_end() -> None:
    assert end(Card(**{GPO: "6110", "00C0": "6110"})) == ("end_application", "too_many_repeats")
    assert end(Card(**{GPO: "6C10"}))[0] == "end_application"
    many = sized("80", "1C00" + "0801FF00" * 20) + "9000"
    assert end(Card(**{GPO: many, RECORD: "7000" + "9000"})) == ("end_application", "too_many_commands")


SCRIPT = "7113" + "9F180400000001" + "860A" + "8424000005" + "0102030405"


def test_scripts_before_and_after() -> None:
    scripts = [bytes.fromhex(SCRIPT), bytes.fromhex("72" + SCRIPT[2:])]
    card = Card(**{"8424": "9000"})
    outcome = paid(card, IssuerAnswer(b"00", None, scripts))
    assert [command[:4] for command in card.commands[-3:]] == ["8424", "80AE", "8424"]
    assert outcome.transaction.data[0x9F5B].hex() == "2000000001" * 2
    assert outcome.transaction.data[0x9B].hex() == "6c00"


def test_a_script_stops_at_the_command_that_fails() -> None:
    command = "86048416000000"[:12]
    script = bytes.fromhex("710C" + "86048424000086048416" + "0000")
    card = Card(**{"8424": "6A80"})
    outcome = paid(card, IssuerAnswer(b"00", None, [script]))
    assert command and "8416" not in [sent[:4] for sent in card.commands]
    assert outcome.transaction.data[0x95].hex() == "8000008020"
    assert outcome.transaction.data[0x9F5B].hex() == "1100000000"
    assert outcome.name == "approved"


def test_scripts_that_are_too_long_are_not_sent() -> None:
    script = bytes.fromhex("71817F" + "867D") + b"\x84\x24\x00\x00\x78" + bytes(120)
    card = Card(**{"8424": "9000"})
    outcome = paid(card, IssuerAnswer(b"00", None, [script]))
    assert "8424" not in [sent[:4] for sent in card.commands]
    assert outcome.transaction.data[0x95].hex() == "8000008020"


def test_after_the_end_there_is_no_more() -> None:
    outcome = paid(Card())
    try:
        flow.advance(outcome.transaction, (b"", 0x90, 0x00))
    except FlowFault:
        return
    raise AssertionError


def test_every_decision_names_its_step() -> None:
    transaction = paid(Card()).transaction
    steps = [entry[0] for entry in transaction.trace]
    assert steps[0] == "kernel.application_selection" and steps[-1] == "kernel.completion"


def test_what_a_command_answers_is_remembered() -> None:
    transaction = paid(Card()).transaction
    lists = [transaction.lists.get(command[:-1]) for command, _ in transaction.exchange if command[1] == 0xAE]
    assert lists == [bytes.fromhex(CDOL1), bytes.fromhex(CDOL2)]


def test_release_forgets_the_steps_and_they_come_back() -> None:
    flow.release()
    assert paid(Card()).name == "approved"


def test_actions_say_what_they_are() -> None:
    for kind in (Send, EnterPin, GoOnline, Finish):
        assert isinstance(kind.__name__, str)
    assert PinEntry("bypassed").sw1 == 0
