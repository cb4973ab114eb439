"""The reader's trace read for a person: real exchanges decoded, bits with the decision behind them, secrets hidden."""

from __future__ import annotations

import json
from pathlib import Path

import cbor2
import pytest

from host.payment.card_exchange import Exchange, Node, read
from host.payment.explanation import TSI, TVR, BadTrace, Bit, explain
from host.payment.explanation_words import STEPS, status, step
from host.web.words import LANGUAGES
from tools.generate_tags import rows

CONTACT = Path(__file__).parent.parent / "cards" / "contact_mchip_arqc_then_declined.json"
DECISIONS = [
    ["processing_restrictions", "expired", 0x950240, [0x5F24, 0x9A], 1],
    ["terminal_risk_management", "floor_limit_exceeded", 0x950480, [0x9F02, 0x9F1B], -1],
    ["terminal_risk_management", "risk_management_performed", 0x9B0108, [], -1],
    ["completion", "online_approved", 0, [0x8A], 99],
]
SELECT = (bytes.fromhex("00A4040007A000000004101000"), bytes.fromhex("6F0984 07 A00000000410109000"), 3)
RECORD = (bytes.fromhex("00B2010C00"), bytes.fromhex("70 13 5A 08 0000000000000000 5F24 03 491231 5F30 00 9000"), 5)


OBJECTS = [[0x9F02, bytes.fromhex("000000001250")], [0x9F1B, bytes(4)], [0x9A, bytes.fromhex("261121")]]


def trace(apdus: list, decisions: list, objects: list = ()) -> bytes:
    return cbor2.dumps({"apdus": apdus, "decisions": decisions, "objects": list(objects)})


def recorded() -> tuple[Exchange, ...]:
    rows = json.loads(CONTACT.read_text())["exchange"]
    return read([(bytes.fromhex(row[0]), bytes.fromhex(row[1]), 1) for row in rows])


def named(nodes: tuple[Node, ...], tag: int) -> Node:
    found = [node for node in nodes if node.tag == tag]
    assert found, f"{tag:X} is not there"
    return found[0]


def test_bits_name_the_decision_that_set_them() -> None:
    explanation = explain(trace([SELECT, RECORD], DECISIONS, OBJECTS))
    assert explanation.value(TVR) == bytes.fromhex("0040008000")
    assert explanation.value(TSI) == bytes.fromhex("0800")
    (expired, why), (floor, over) = explanation.setters(TVR).items()
    assert (expired, expired.text("en"), why.apdu) == (Bit(TVR, 2, 7), "Expired application", 1)
    assert (expired.text("fr"), expired.text("nl")) == ("Application expirée", "Applicatie verlopen")
    inputs = [(given.node.name, given.node.meaning, given.apdu) for given in explanation.inputs(why)]
    assert inputs == [("Application Expiration Date", "2049-12-31", 1), ("Transaction Date", "2026-11-21", None)]
    assert (floor, over.rule, over.apdu) == (Bit(TVR, 4, 8), "floor_limit_exceeded", None)


def test_the_floor_limit_bit_is_answered_with_amount_and_limit() -> None:
    explanation = explain(trace([SELECT, RECORD], DECISIONS, OBJECTS))
    over = explanation.setters(TVR)[Bit(TVR, 4, 8)]
    assert [(given.node.name, given.node.meaning) for given in explanation.inputs(over)] == [
        ("Amount Authorised", "12.50"),
        ("Terminal Floor Limit", "0.00"),
    ]


def test_a_register_is_as_it_was_when_it_was_looked_at() -> None:
    decisions = [DECISIONS[0], ["terminal_action_analysis", "online_wanted", 0, [0x95], -1], DECISIONS[1]]
    explanation = explain(trace([SELECT, RECORD], decisions, [[0x95, bytes.fromhex("0040008000")]]))
    (given,) = explanation.inputs(explanation.decisions[1])
    assert given.node.value == bytes.fromhex("0040000000")


def test_a_failed_authentication_is_told_with_the_rule_that_broke() -> None:
    step = "offline_data_authentication"
    decisions = [[step, "signature_hash", 0, [], -1], [step, "authentication_failed", 0x950108, [], -1]]
    explanation = explain(trace([], decisions))
    failed = explanation.setters(TVR)[Bit(TVR, 1, 4)]
    assert [decision.rule for decision in explanation.led_to(failed)] == ["signature_hash"]


def test_decisions_stand_by_step_and_an_apdu_that_is_not_there_is_none() -> None:
    explanation = explain(trace([SELECT, RECORD], DECISIONS))
    assert [(name, len(rows)) for name, rows in explanation.steps()] == [
        ("processing_restrictions", 1),
        ("terminal_risk_management", 2),
        ("completion", 1),
    ]
    assert explanation.decisions[-1].apdu is None


def test_hidden_values_show_their_length_alone() -> None:
    template = read([RECORD])[0].data[0]
    pan = named(template.children, 0x5A)
    assert (pan.hidden, pan.shown, pan.meaning) == (True, "•••• 8", "")
    assert named(template.children, 0x5F24).meaning == "2049-12-31"
    block = read([(bytes.fromhex("00B2011C00"), bytes.fromhex("708183908180") + bytes(128) + b"\x90\x00", 1)])
    assert block[0].data[0].children[0].shown == "•••• 128"


def test_a_pin_in_a_command_is_never_shown() -> None:
    (verify,) = read([(bytes.fromhex("0020008008241234FFFFFFFFFF"), bytes.fromhex("63C2"), 1)])
    assert [node.shown for node in verify.asked] == ["•••• 8"]
    assert verify.shown == "00 20 00 80 08 ••••"
    assert status(verify.sw, "en") == "wrong PIN, tries left: 2"


def test_commands_are_read_by_the_lists_of_the_card() -> None:
    exchanges = recorded()
    first, second = [exchange for exchange in exchanges if exchange.name == "GENERATE AC"]
    assert first.detail == "ARQC"
    assert named(first.asked, 0x9F02).meaning == "10.00"
    assert named(first.asked, 0x9A).meaning == "2012-03-16"
    assert [node.tag for node in second.asked][:3] == [0x91, 0x8A, 0x95]
    assert named(second.asked, 0x8A).meaning == "00"
    assert {exchange.name for exchange in exchanges} >= {"SELECT", "GET PROCESSING OPTIONS", "READ RECORD"}


def test_format_1_gets_the_tags_that_it_leaves_out() -> None:
    gpo = (bytes.fromhex("80A8000002830000"), bytes.fromhex("800A3C0008010200180103019000"), 1)
    (exchange,) = read([gpo])
    assert [(node.tag, node.meaning) for node in exchange.data] == [(0x82, ""), (0x94, "SFI 1: 1–2; SFI 3: 1–3")]


def test_what_is_no_tlv_stays_bytes() -> None:
    (exchange,) = read([(bytes.fromhex("0084000000"), bytes.fromhex("DEADBEEFDEADBEEF9000"), 1)])
    assert (exchange.name, exchange.data, exchange.asked) == ("GET CHALLENGE", (), ())


@pytest.mark.parametrize(
    "bad",
    [
        b"",
        b"\xff",
        cbor2.dumps([]),
        cbor2.dumps({"apdus": []}),
        trace([[b"\x00", b"\x90\x00", 1]], []),
        trace([[b"\x00\xa4\x04\x00", b"", 1]], []),
        trace([], [["step", "rule"]]),
        trace([["text", b"\x90\x00", 1]], []),
        trace([], [["step", "rule", 0, ["9F02"], -1]]),
        trace([], [], [["9F02", b""]]),
        trace([], [], [[0x9F02, 1250]]),
    ],
)
def test_what_is_no_trace_is_refused(bad: bytes) -> None:
    with pytest.raises(BadTrace):
        explain(bad)


def test_every_rule_and_bit_is_told_in_each_language() -> None:
    """French and Dutch are columns of data/rules.csv and bits.csv; an absent one would be told in English."""
    for name in ("rules", "bits"):
        for row in rows(f"{name}.csv"):
            assert row["text"] and row.get("text_fr") and row.get("text_nl"), f"{name}.csv: {row}"


def test_steps_of_the_kernel_have_words() -> None:
    kernel = Path(__file__).parent.parent.parent / "emv" / "kernel"
    modules = {path.stem for path in kernel.glob("*.py")} & set(STEPS)
    assert "terminal_risk_management" in modules
    for language in LANGUAGES:
        assert step("kernel.completion", language) in STEPS["completion"]
    assert step("something_new", "fr") == "Something new"
