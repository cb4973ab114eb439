"""Contactless: entry point, kernel 3, kernel CB."""

from __future__ import annotations

from typing import Any

from emv import tlv
from tests.cards.scenarios import Scenario
from tests.cards.taps import altered, applications
from tests.conformance.table import Case, case, known, setting, step

VISA, CB, MASTERCARD = "A0000000031010", "A0000000421010", "A0000000041010"
PPSE, GPO, VISA_SELECT = "00A404000E", "80A8", "00A4040007" + VISA
_OWN = {3: VISA, 66: CB}
_NAMES = {3: "kernel 3", 66: "kernel CB"}


def tap(amount: int = 1250, kernel: int = 3, limits: dict[str, int] | None = None, **more: Any) -> Scenario:
    """A card without a wish of its own; limits 5000,00, 50,01 and 0 unless told otherwise."""
    more.setdefault("applications", applications((_OWN[kernel], kernel), **limits or {})["applications"])
    qualifiers = more.pop("qualifiers", "34004000")
    return setting("contactless", amount, data={"9F66": qualifiers} | more.pop("data", {}), **more)


def limit(kernel: int, what: str, amount: int, outcome: str, ttq: str = "", **limits: int) -> Case:
    expect: dict[str, Any] = {"data": {"9F66": ttq}} if ttq else {"ui": ["18"]}
    if outcome == "approved":
        setting = tap(amount, kernel, limits, application={"offline_limit_minor": 9999})
    else:
        setting = tap(amount, kernel, limits)
    return case(f"limits, {_NAMES[kernel]}", what, "Book B 3.1.1", setting, outcome, **expect)


def limits(kernel: int) -> list[Case]:
    return [
        limit(kernel, "transaction limit: one below", 4999, "online", "34804000", transaction_limit=5000),
        limit(kernel, "transaction limit: reached", 5000, "another_interface", transaction_limit=5000),
        limit(kernel, "transaction limit: one above", 5001, "another_interface", transaction_limit=5000),
        limit(kernel, "CVM limit 50,01: 50,00", 5000, "online", "34804000", cvm_limit=5001),
        limit(kernel, "CVM limit 50,01: 50,01", 5001, "online", "34C04000", cvm_limit=5001),
        limit(kernel, "CVM limit 50,01: 50,02", 5002, "online", "34C04000", cvm_limit=5001),
        limit(kernel, "floor limit 20,00: 20,01", 2001, "online", "34804000", floor_limit=2000),
    ]


def ppse(what: str, answer: Any, outcome: str, rule: str = "", **expect: Any) -> Case:
    return case("PPSE", what, "Book B 3.3.2", tap(answers={PPSE: answer}), outcome, rule, **expect)


_EMPTY = "6F15840E325041592E5359532E4444463031A503BF0C00" + "9000"
_FULL = "6F81EA840E325041592E5359532E4444463031A581D7BF0C81D3" + "61074F05F000000001" * 23 + "00000000" + "9000"
_LISTED = {"data": {"84": VISA}}

ENTRY = step(
    "Entry point",
    *limits(3),
    limit(3, "floor limit 20,00: 20,00, the card approves", 2000, "approved", "34004000", floor_limit=2000),
    *limits(66),
    case("limits, kernel 3", "amount of zero: online", "Book B 3.1.1", tap(0, limits={"floor_limit": 2000}), "online",
         data={"9F66": "34804000"}),
    case("limits, kernel 3", "amount of zero, offline-only reader", "Book B 3.1.1", tap(0, qualifiers="3C004000"),
         "another_interface", "contactless_not_allowed"),
    ppse("lists Visa and CB, Visa first by its priority", lambda said: said, "online", "application_selected",
         **_LISTED),
    ppse("not there (6A82): list of AIDs, where the profile has one", "6A82", "online", "environment_not_usable",
         **_LISTED),
    ppse("no TLV: list of AIDs, where the profile has one", "6FFF" + "9000", "online", "environment_not_usable",
         **_LISTED),
    ppse("empty", _EMPTY, "another_card", "no_application_left", ui=["1C"]),
    ppse("gone", "", "try_again", "card_lost", start="B", ui=["21"]),
    ppse("23 applications that are not ours, as many as it holds", _FULL, "another_card", "no_application_left",
         ui=["1C"]),
    known("final SELECT", "6A82: the next candidate", "Book B 3.3.3", "contactless_final_selection_fails"),
    case("final SELECT", "PDOL without TTQ: no kernel 3", "Book B 3.3.3.6",
         tap(answers={VISA_SELECT: "6F118407" + VISA + "A5069F38039F3704" + "9000"}), "another_card",
         "qualifiers_not_asked"),
    known("Select Next", "the second application takes it", "Book B 3.3.3", "contactless_next_application"),
    known("Select Next", "none takes it", "Book B 3.3.2.7", "contactless_no_application_takes_it"),
)  # fmt: skip


def options(what: str, word: str, outcome: str, rule: str, **expect: Any) -> Case:
    return case("GPO", what, "Book C-3 5.2.2.2", tap(answers={GPO: word}), outcome, rule, **expect)


def qualified(what: str, card: str, outcome: str, rule: str, amount: int = 5001, qualifiers: str = "34004000",
kernel: int = 3,
              policies: tuple[str, ...] = (), **expect: Any) -> Case:  # fmt: skip
    setting = tap(
        amount, kernel, answers={GPO: altered(card)}, qualifiers=qualifiers, terminal={"policies": list(policies)}
    )
    method = "CTQ and TTQ" + (", policy " + ", ".join(policies) if policies else "")
    return case(method, what, "Book C-3 5.7.1", setting, outcome, rule, **expect)


_SIGNATURE, _BOTH = "32004000", "36004000"
_OFFLINE: dict[str, Any] = {"limits": {"floor_limit": 2000}, "application": {"offline_limit_minor": 1000}}


def without(tag: str) -> Any:
    """The answer to GPO with an object renamed to one that nobody knows."""
    other = {"57": "55", "82": "55", "9F10": "9F7D", "9F26": "9F7C", "9F36": "9F7B", "9F27": "9F7A", "9F6C": "9F79"}[
        tag
    ]
    return lambda said: said.replace(bytes.fromhex(tag), bytes.fromhex(other), 1)


def cash(what: str, control: str, outcome: str, rule: str, card: str = "0000", kind: str = "01") -> Case:
    """Usage control (9F07) and issuer country (5F28) beside the rest."""

    def change(said: bytes) -> bytes:
        start, end = tlv.only(altered(card)(said)[:-2], 0x77)
        more = bytes.fromhex("9F0702" + control + "5F28020250")
        return tlv.encode(0x77, altered(card)(said)[start:end] + more) + b"\x90\x00"

    return case(
        "restrictions", what, "docs/kernel-cb.md", tap(kernel=66, kind=kind, answers={GPO: change}), outcome, rule
    )


KERNEL_3 = step(
    "Kernel 3",
    options("6984: its chip", "6984", "another_interface", "card_asks_other_interface", ui=["1D"]),
    options("6985: the next application, and there is none", "6985", "another_card", "conditions_not_satisfied",
            ui=["1C"]),
    options("6986: see phone", "6986", "try_again", "see_phone", start="B", ui=["20"]),
    *[options(f"{word}: end", word, "another_card", "processing_options_refused", ui=["1C"]) for word in ("6A80",
              "6D00", "6300")],
    options("gone", "", "try_again", "card_lost", start="B", ui=["21"]),
    *[
        case("mandatory objects", f"without {tag}", "Book C-3 5.4.2", tap(answers={GPO: without(tag)}), "another_card",
             "mandatory_object_missing", ui=["1C"])
        for tag in ("9F26", "9F36", "9F10", "57")
    ],
    case("cryptogram type", "no 9F27: from 9F10", "Book C-3 5.4.3", tap(answers={GPO: without("9F27")}), "online",
         "card_asks_issuer"),
    case("cryptogram type", "AAC", "Book C-3 5.4.3", tap(answers={GPO: lambda said: said.replace(b"\x9f\x27\x01\x80",
         b"\x9f\x27\x01\x00")}),
         "declined", "card_declines", ui=["07"]),
    case("cryptogram type", "TC, and no date that it is good to", "Book C-3 5.5.1",
         tap(1000, limits={"floor_limit": 2000}, answers={GPO: lambda said: said.replace(b"\x9f\x27\x01\x80",
         b"\x9f\x27\x01\x40")}),
         "declined", "expired", ui=["07"]),
    qualified("online PIN wanted, reader has it", "8000", "online", "cvm_online_pin"),
    qualified("online PIN wanted, reader has signature alone", "8000", "declined", "verification_failed",
              qualifiers=_SIGNATURE),
    qualified("signature wanted, reader has it", "4000", "online", "cvm_signature", qualifiers=_SIGNATURE),
    qualified("online PIN and signature wanted, reader has both", "C000", "online", "cvm_online_pin", qualifiers=_BOTH),
    qualified("verified on the device", "0080", "online", "cvm_on_device"),
    qualified("nothing wanted above the limit", "0000", "declined", "verification_failed"),
    qualified("nothing wanted below the limit", "0000", "online", "cvm_none", amount=5000),
    qualified("verified on the device, plastic, reader has online PIN", "0080", "online",
              "policy_on_device_not_credible", policies=("C-07",)),
    qualified("verified on the device, plastic, reader has no PIN", "0080", "declined", "policy_on_device_not_credible",
              qualifiers=_SIGNATURE, policies=("C-07",)),
    case("CTQ and TTQ", "no CTQ, above the limit, reader has online PIN", "Book C-3 5.7.1.1",
         tap(5001, answers={GPO: without("9F6C")}),
         "online", "cvm_online_pin"),
    case("CTQ and TTQ", "no CTQ, above the limit, reader has signature", "Book C-3 5.7.1.1",
         tap(5001, answers={GPO: without("9F6C")}, qualifiers=_SIGNATURE), "online", "cvm_signature"),
    case("CTQ and TTQ", "no CTQ, below the limit", "Book C-3 5.7.1.1", tap(answers={GPO: without("9F6C")}), "online",
         "cvm_none"),
    known("CDCVM", "a telephone above the limit", "Book C-3 5.7.1.2", "contactless_wallet_cdcvm", rule="cvm_on_device"),
    case("CDCVM, policy C-07", "a telephone above the limit", "attacks C-07",
         tap(9900, card="phone_wallet", terminal={"policies": ["C-07"]}), "online", "cvm_on_device"),
    known("fDDA", "offline approval", "Book C-3 5.6", "contactless_fdda_offline_approved",
          rule="dynamic_data_authentic"),
    known("fDDA", "signature false: declined", "Book C-3 5.6", "contactless_fdda_offline_approved",
          "one byte of the signature changed: the card asks for nothing else, so declined", "authentication_failed"),
    *[
        known("fDDA", "signature false, the card " + title, "Book C-3 5.6.1", "contactless_fdda_wishes", title)
        for title in ("asks to go online then", "asks for its chip then")
    ],
    *[
        known("fDDA, policy C-10", "signature false, the card " + title, "attacks C-10",
              "contactless_fdda_wishes_under_policy", title,
              "policy_authentication_failed")
        for title in ("asks to go online then", "asks for its chip then")
    ],
    known("fDDA", "of an online transaction", "Book C-3 5.6", "contactless_fdda_online"),
    known("fDDA", "of an online transaction, false: the issuer is told", "Book C-3 5.6", "contactless_fdda_online",
          "a false signature"),
    case("fDDA", "no key of the authority", "Book 2 5.2", tap(900, schemes=(), **_OFFLINE), "declined",
         "ca_key_unknown"),
    case("restrictions", "expired, approved by the card", "Book C-3 5.5.1", tap(900, card="expired", **_OFFLINE),
         "declined", "expired"),
    case("restrictions", "on the exception file, approved by the card", "Book C-3 5.5.1",
         tap(900, terminal={"exceptions": [{"pan": "4970101234567810"}]}, **_OFFLINE), "declined", "on_exception_file"),
    case("restrictions", "cash, online: the issuer judges", "Book C-3 5.5.1.3", tap(kind="01"), "online",
         "online_wanted"),
    known("issuer update", "CTQ byte 2 bit 7: presented again", "Book C-3 5.8.1.2", "contactless_update_of_the_card",
          "CTQ byte 2 bit 7"),
    case("account number", "57 without a separator", "Book C-3 A",
         tap(answers={GPO: lambda said: said.replace(b"\xd4\x91", b"\x04\x91")}),
         "another_card", "account_number_malformed"),
    known("policy C-09", "a number of another scheme", "attacks C-09", "contactless_brand_mixed_up",
          "a number of Mastercard's", "brand_mixed_up"),
)  # fmt: skip

KERNEL_CB = step(
    "Kernel CB",
    known("limits", "50,00 without PIN", "docs/kernel-cb.md", "contactless_cb_without_pin"),
    known("limits", "50,01 with online PIN", "docs/kernel-cb.md", "contactless_cb_online_pin"),
    known("CTQ and TTQ", "nothing wanted above the limit", "docs/kernel-cb.md", "contactless_cb_online_pin",
          "CTQ asks for nothing"),
    qualified("verified on the device", "0080", "online", "cvm_on_device", kernel=66),
    qualified("verified on the device, plastic", "0080", "online", "policy_on_device_not_credible", kernel=66,
              policies=("C-07",)),
    case("cryptogram type", "TC: online all the same", "docs/kernel-cb.md",
         tap(900, 66, {"floor_limit": 2000}, application={"offline_limit_minor": 1000}), "online", "online_wanted",
         oda="none"),
    case("cryptogram type", "AAC", "docs/kernel-cb.md",
         tap(kernel=66, answers={GPO: lambda said: said.replace(b"\x9f\x27\x01\x80", b"\x9f\x27\x01\x00")}),
         "declined", "card_declines"),
    case("restrictions", "on the exception file", "docs/kernel-cb.md",
         tap(kernel=66, terminal={"exceptions": [{"pan": "4970101234567810"}]}), "declined", "on_exception_file"),
    cash("cash allowed", "8000", "online", "online_wanted"),
    cash("cash not allowed", "7FC0", "declined", "service_not_allowed"),
    cash("cash not allowed, CTQ asks for its chip", "7FC0", "another_interface", "service_not_allowed", "0400"),
    cash("cash back not allowed", "FF00", "declined", "service_not_allowed", kind="09"),
    cash("cash back allowed", "0080", "online", "online_wanted", kind="09"),
    case("GPO", "6984: its chip", "docs/kernel-cb.md", tap(kernel=66, answers={GPO: "6984"}), "another_interface",
         "card_asks_other_interface", ui=["1D"]),
    case("GPO", "6986: see phone", "docs/kernel-cb.md", tap(kernel=66, answers={GPO: "6986"}), "try_again",
         "see_phone", ui=["20"]),
)  # fmt: skip

CASES = ENTRY + KERNEL_3 + KERNEL_CB
