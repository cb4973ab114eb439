"""Kernel 2: Mastercard tapped. Most cases are transcripts of tests/cards."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from tests.cards.mastercard import offline, tap
from tests.cards.scenarios import Scenario
from tests.conformance.table import Case, case, known, step

GPO = "80A8"


def unnamed(scenario: Scenario) -> Scenario:
    return replace(scenario, name="")


def at(amount: int) -> Scenario:
    """In a reader and with a card that leave all to the card; above 20,00 the floor limit is exceeded."""
    scenario = offline("", "", {})
    transaction = scenario.file["transaction"] | {"amount": amount}
    return replace(scenario, name="", file=scenario.file | {"transaction": transaction})


def limit(what: str, amount: int, outcome: str, rule: str, card: str = "mastercard_credit", **expect: Any) -> Case:
    more: dict[str, Any] = {} if outcome != "another_card" else {"random": []}
    return case(
        "limits", what, "Book C-2 S456.15", unnamed(tap("", "", amount, {}, card=card, **more)), outcome, rule, **expect
    )


def transcript(method: str, paragraph: str, *rows: tuple[str, ...]) -> list[Case]:
    return [known(method, row[0], paragraph, "mastercard_" + row[1], *row[2:]) for row in rows]


def read(what: str, answers: dict[str, Any], outcome: str, rule: str, **expect: Any) -> Case:
    setting = unnamed(offline("", "", {}, application={"interchange_profile": bytes.fromhex("1880")}, answers=answers))
    return case("read", what, "Book C-2 S3", setting, outcome, rule, **expect)


CASES = step(
    "Kernel 2",
    limit("transaction limit 100,00 (DF8124): 100,00", 10000, "online", "online_wanted"),
    limit("transaction limit 100,00 (DF8124): 100,01", 10001, "another_card", "transaction_limit_exceeded", ui=["1C"]),
    limit("limit of devices that verify 200,00 (DF8125): 200,00", 20000, "online", "cvm_on_device",
          "mastercard_wallet"),
    limit("limit of devices that verify 200,00 (DF8125): 200,01", 20001, "another_card", "transaction_limit_exceeded",
          "mastercard_wallet"),
    limit("CVM limit 50,00 (DF8126): 50,00", 5000, "online", "cvm_limit_kept", cvm_results="1F0302",
          data={"9F33": "200808"}),
    limit("CVM limit 50,00 (DF8126): 50,01", 5001, "online", "cvm_limit_exceeded", cvm_results="420300",
          data={"9F33": "204008"}),
    case("limits", "floor limit 20,00 (DF8123): 20,00, the card approves", "Book C-2 S456.15",
         at(2000), "approved", tvr="0000000000"),
    case("limits", "floor limit 20,00 (DF8123): 20,01, told in the TVR", "Book C-2 S456.15",
         at(2001), "approved", "floor_limit_exceeded", tvr="0000008000"),
    *transcript("GPO", "Book C-2 S3.9", ("refused: the next application, and there is none", "options_refused"),
                ("no EMV mode (AIP byte 2 bit 8)", "no_emv_mode", "", "emv_mode_not_supported")),
    read("GPO without AIP", {GPO: "7706940408010100" + "9000"}, "another_card", "processing_options_incomplete"),
    read("GPO without AFL", {GPO: "770482021880" + "9000"}, "another_card", "processing_options_incomplete"),
    read("a record refused (6A83)", {"00B20114": "6A83"}, "another_card", "record_not_read"),
    read("no CDOL1", {"00B20114": lambda said: said.replace(b"\x8c\x1b", b"\x55\x1b")}, "another_card",
         "mandatory_object_missing"),
    *transcript("CVM", "Book C-2 7.5",
                ("on the device, above the limit", "on_device", "", "cvm_on_device"),
                ("on the device, at the limit", "on_device_not_needed", "", "cvm_none"),
                ("on the device, whose authority is not known", "on_device_not_authentic", "",
                "on_device_not_authentic"),
                ("online PIN", "online_pin", "", "cvm_online_pin"),
                ("signature", "signature_approved", "", "cvm_signature")),
    *transcript("CDA", "Book C-2 S910",
                ("online, signature good", "online"),
                ("approved offline, signature good", "offline_approved", "", "cryptogram_authentic"),
                ("signature false", "offline_approved", "a byte of the signature", "authentication_failed"),
                ("signed type is another", "offline_approved",
                "an ARQC by its information byte, a TC by its signature"),
                ("signed counter is another", "offline_approved", "another counter than is signed",
                "transaction_hash_differs"),
                ("not signed where it was asked for", "offline_approved", "no signature where one was asked for",
                "signature_missing"),
                ("authority not known", "authority_unknown", "", "ca_key_unknown"),
                ("none in common, TAC does not mind", "not_authenticated", "", "authentication_not_performed")),
    *transcript("CDA, policy C-10", "attacks C-10",
                ("authority not known", "authority_unknown_hardened", "", "policy_authentication_failed")),
    *transcript("GENERATE AC", "Book C-2 S910",
                ("AAC from plastic: its chip", "card_declines", "", "card_declines"),
                ("AAC from a telephone", "device_declines", "", "card_declines"),
                ("refused (6985)", "offline_approved", "a refusal", "cryptogram_refused"),
                ("the telephone wants its holder's PIN first (DF4B)", "see_phone", "", "see_phone"),
                ("the card leaves: kept for recovery", "card_leaves", "", "card_lost"),
                ("a refund: AAC", "refund")),
    *transcript("relay resistance", "Book C-2 SR1",
                ("in time", "relay_within", "", "relay_resistance_performed"),
                ("late once", "relay_second_time", "", "relay_resistance_repeated"),
                ("late three times", "relay_too_slow", "", "relay_resistance_too_slow"),
                ("in time, but not as card and reader expect", "relay_inaccurate", "", "relay_resistance_inaccurate"),
                ("faster than the card says it can be", "relay_too_fast", "", "relay_resistance_too_fast"),
                ("the signed times are not those said", "relay_not_signed", "", "relay_resistance_differs"),
                ("the card does not know it", "relay_unknown_to_card", "", "relay_resistance_not_performed")),
)  # fmt: skip
