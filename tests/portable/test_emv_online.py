"""The issuer's answer (Book 3, 10.9 and 10.10): its authentication, its scripts, a card pulled in their midst."""

from __future__ import annotations

from emv.action import GoOnline, IssuerAnswer, Send
from emv.kernel import flow
from tests.support.emv_bench import decide, entered, rules, tvr

ONLINE, SCRIPTS = "kernel.online_processing", "kernel.issuer_script_processing"
DATA = bytes(range(8))

COVERS = {
    "test_nothing_is_approved_offline_where_the_request_forbids_it": ["services/OP-1"],
    "test_store_and_forward_refuses_what_is_too_much_or_not_by_an_enciphered_pin": ["attacks/C-01"],
    "test_scripts_one_after_the_other": ["attacks/C-22"],
    "test_scripts_that_are_none": ["attacks/C-22"],
    "test_scripts_longer_than_128_bytes_together": ["attacks/C-22"],
}


def answered(answer: IssuerAnswer | None, profile: str = "1C00") -> object:
    transaction = entered(ONLINE, {0x82: profile})
    assert isinstance(decide(transaction), GoOnline)
    transaction.first = decide(transaction, answer)
    return transaction


def test_issuer_authentication_by_external_authenticate_or_by_the_second_generate_ac() -> None:
    transaction = answered(IssuerAnswer(b"00", DATA))
    assert transaction.first.command.hex() == "0082000008" + DATA.hex()
    assert transaction.data[0x9B].hex() == "1000"
    assert decide(transaction, (b"", 0x9000)) == "answered"
    assert tvr(transaction) == "0000000000"
    transaction = answered(IssuerAnswer(b"00", DATA), "1800")
    assert (transaction.first, transaction.data[0x91], transaction.data[0x9B].hex()) == ("answered", DATA, "0000")


def test_issuer_authentication_that_fails_is_for_the_card_to_judge() -> None:
    for sw in (0x6300, 0x6985, 0x6700, 0x6D00):
        transaction = answered(IssuerAnswer(b"00", DATA))
        assert decide(transaction, (b"", sw)) == "answered"
        assert (tvr(transaction), transaction.requested) == ("0000000040", 0x40)


def test_issuer_authentication_data_of_a_false_length_is_not_sent() -> None:
    for length in (0, 7, 17, 300):
        transaction = answered(IssuerAnswer(b"00", bytes(length)))
        assert (transaction.first, tvr(transaction)) == ("answered", "0000000040")
        assert 0x91 not in transaction.data


def test_what_is_asked_for_after_each_answer() -> None:
    for code, wanted in (
        (b"00", 0x40),
        (b"10", 0x40),
        (b"11", 0x40),
        (b"05", 0x00),
        (b"51", 0x00),
        (b"\x00\xff", 0x00),
    ):
        transaction = answered(IssuerAnswer(code))
        assert (transaction.first, transaction.requested, transaction.data[0x8A]) == ("answered", wanted, code)


def test_unable_to_go_online() -> None:
    """The default action codes decide; a card without its own wants every bit declined."""
    for issuer, code, wanted in (("0000000000", b"Y3", 0x40), ("0000008000", b"Z3", 0x00)):
        transaction = entered(ONLINE, {0x82: "1C00", 0x9F0D: issuer})
        transaction.put(0x95, bytes.fromhex("0000008000"))
        decide(transaction)
        assert decide(transaction, None) == "unable"
        assert (transaction.data[0x8A], transaction.requested) == (code, wanted)


def without_issuer(offline_minor: int | None, amount: int = 1250, results: str = "440302", **parameters) -> object:
    """Terminal risk management and action analysis, then no answer; the card's own default codes ask for nothing."""
    data = {
        0x82: "1C00",
        0x5A: "4970101234567810",
        0x9F0D: bytes(5).hex(),
        0x9F0E: bytes(5).hex(),
        0x9F0F: "F8F8FCF8F0",
    }
    transaction = entered("kernel.terminal_risk_management", data, amount, **parameters)
    transaction.request.offline_minor = offline_minor
    transaction.enter(transaction.application)
    transaction.bring([(tag, bytes.fromhex(value)) for tag, value in data.items()], 1)
    transaction.put(0x9F34, bytes.fromhex(results))
    for step in ("kernel.terminal_risk_management", "kernel.terminal_action_analysis"):
        transaction.step, transaction.progress = step, None
        assert decide(transaction) == "done"
    transaction.first = transaction.requested
    transaction.step = ONLINE
    decide(transaction)
    assert decide(transaction, None) == "unable"
    return transaction


FRANCE = {"floor_limit_minor": 0, "tac_online": bytes.fromhex("FC78FCF800"), "tac_default": bytes.fromhex("FC78FCF800")}


def test_nothing_is_approved_offline_where_the_request_forbids_it() -> None:
    """With floor limits by which the book would approve at once, too."""
    for limits in (FRANCE, {"floor_limit_minor": 10_000}, {}):
        transaction = without_issuer(0, **limits)
        assert (transaction.first, transaction.requested, transaction.data[0x8A]) == (0x80, 0x00, b"Z3")
        assert rules(transaction)[-1] == "offline_not_allowed"
    by_the_book = without_issuer(None)
    assert (by_the_book.first, by_the_book.requested) == (0x40, 0x40)


def test_store_and_forward_asks_first_and_then_lets_the_card_decide() -> None:
    transaction = without_issuer(5000, **FRANCE)
    assert (transaction.first, transaction.requested, transaction.data[0x8A]) == (0x80, 0x40, b"Y3")
    assert transaction.data[0x9F1B] == (5001).to_bytes(4, "big")
    assert without_issuer(1250, **FRANCE).requested == 0x40


def test_store_and_forward_refuses_what_is_too_much_or_not_by_an_enciphered_pin() -> None:
    for amount, results in ((5001, "440302"), (0, "440302"), (1250, "440301"), (1250, "440300"), (1250, "410302")):
        assert without_issuer(5000, amount, results, **FRANCE).requested == 0x00, (amount, results)
    for results in ("420300", "1E0300", "1F0302", "3F0000", "030302"):
        assert without_issuer(5000, 1250, results, **FRANCE).requested == 0x00, results
    assert without_issuer(5000, 1250, "050302", **FRANCE).requested == 0x40


def run_scripts(scripts: list, words: list, final: str | None = None) -> object:
    """The step to its end; the card answers with these status words."""
    transaction = entered(SCRIPTS, {0x82: "1C00"})
    transaction.scripts = [bytes.fromhex(script) for script in scripts]
    transaction.final = final
    words = list(words)
    transaction.sent = []
    result = decide(transaction)
    while isinstance(result, Send):
        transaction.sent.append(result.command.hex())
        result = decide(transaction, (b"", words.pop(0)))
    transaction.result = result
    assert words == []
    return transaction


TWO = "8604" + "84160001"
THREE = "8605" + "84D2000100"


def script(content: str, template: str = "71") -> str:
    return template + f"{len(content) // 2:02X}" + content


def results(transaction: object) -> str:
    return transaction.data.get(0x9F5B, b"").hex()


def test_scripts_one_after_the_other() -> None:
    both = [script("9F180400000001" + TWO + THREE), script("9F180400000002" + TWO), script(TWO, "72")]
    transaction = run_scripts(both, [0x9000, 0x6985, 0x9000])
    assert transaction.sent == ["84160001", "84d2000100", "84160001"]
    assert (results(transaction), tvr(transaction)) == ("1200000001" + "2000000002", "0000000020")
    assert (transaction.result, transaction.data[0x9B].hex()) == ("before", "0400")
    transaction = run_scripts(both, [0x9000], "approved")
    assert (transaction.result, results(transaction), tvr(transaction)) == ("approved", "2000000000", "0000000000")
    transaction = run_scripts(both, [0x6A80], "declined")
    assert (transaction.result, results(transaction), tvr(transaction)) == ("declined", "1100000000", "0000000010")


def test_warnings_are_no_failures() -> None:
    for word in (0x6200, 0x6283, 0x6300, 0x63C1):
        transaction = run_scripts([script(TWO + THREE)], [word, 0x9000])
        assert (len(transaction.sent), results(transaction)) == (2, "2000000000")


def test_the_number_of_the_command_stops_at_15() -> None:
    transaction = run_scripts([script(TWO * 20)], [0x9000] * 16 + [0x6F00])
    assert results(transaction) == "1f00000000"


def test_scripts_that_are_none() -> None:
    for content in ("", "9F180400000001", "8603841600", "86048416", "9F1804000000", "86FF" + "00" * 4):
        transaction = run_scripts([script(content)], [])
        assert (transaction.sent, transaction.result, tvr(transaction)) == ([], "before", "0000000020"), content
        assert results(transaction)[:2] == "00"


def test_what_a_script_holds_beside_its_commands_is_passed_over() -> None:
    transaction = run_scripts([script("DF0102AABB" + TWO + "9505FFFFFFFFFF")], [0x9000])
    assert (transaction.sent, tvr(transaction)) == (["84160001"], "0000000000")


def test_scripts_longer_than_128_bytes_together() -> None:
    long = script("863C" + "84D2000037" + "00" * 55)
    assert len(long) == 2 * 64
    transaction = run_scripts([long, long], [0x9000, 0x9000])
    assert (len(transaction.sent), results(transaction)) == (2, "2000000000" * 2)
    transaction = run_scripts([long, long, script("")], [])
    assert (transaction.sent, tvr(transaction), results(transaction)) == ([], "0000000020", "0000000000")


def test_a_card_pulled_in_the_midst() -> None:
    """After its last cryptogram what it decided stays; before it there is no end."""
    for final, result, bits in (("approved", "approved", "0000000010"), (None, "torn", "0000000020")):
        transaction = entered(SCRIPTS, {0x82: "1C00"})
        transaction.scripts = [bytes.fromhex(script(TWO + THREE, "72" if final else "71"))]
        transaction.final = final
        decide(transaction)
        assert decide(transaction, (b"", 0)) == result
        assert tvr(transaction) == bits
        assert result in flow.CONTACT[SCRIPTS]
        assert rules(transaction)[-1] == "script_failed"
