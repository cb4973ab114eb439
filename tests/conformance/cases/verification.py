"""Cardholder verification of a chip: every method, every condition, and what becomes of a PIN."""

from __future__ import annotations

from typing import Any

from tests.conformance.cases.chip import RULES, VERIFY, instead, offline
from tests.conformance.table import Case, case, known, step

_PIN = {"cardholder": {"pin": "1234"}}
_ALL = "60F8C8"  # plaintext, online and enciphered PIN, signature, no CVM
_X, _Y = "000003E8", "00001388"  # 10,00 and 50,00
_PADDING = ["00000001", "A5" * (144 - 17), "00000002"]


def rules(cvm_list: str, amount: int = 1250, limits: str = _X + _Y, capabilities: str = _ALL, **more: Any) -> Any:
    application = {"cvm_list": bytes.fromhex(limits + cvm_list)} | more.pop("application", {})
    data = {"9F33": capabilities} | more.pop("data", {})
    return offline(amount, application, data=data, **{**_PIN, **more})


def verified(what: str, cvm_list: str, results: str, tvr: str = "0000000000", rule: str = "", **more: Any) -> Case:
    return case("method", what, "Book 3 10.5", rules(cvm_list, **more), "approved", rule, cvm_results=results, tvr=tvr)


def condition(what: str, code: str, met: bool, **more: Any) -> Case:
    """No CVM under that condition, and nothing behind it."""
    results, tvr = ("1F" + code + "02", "0000000000") if met else ("3F0001", "0000800000")
    setting = rules("1F" + code, **more)
    return case(f"condition {code}", what, "Book 3 C3", setting, "approved", cvm_results=results, tvr=tvr)


def entry(what: str, results: str, tvr: str, cvm_list: str = "41001F00", rule: str = "", **more: Any) -> Case:
    return case(
        "PIN entry", what, "Book 3 10.5.1", rules(cvm_list, **more), "approved", rule, cvm_results=results, tvr=tvr
    )


_CASH = {"kind": "01"}
_BACK = {"kind": "09", "other": 250}
_UNATTENDED = {"data": {"9F35": "25"}}

METHODS = step(
    "Cardholder verification",
    case("AIP byte 1 bit 5 clear", "not performed", "Book 3 10.5",
         rules("1F00", application={"interchange_profile": bytes.fromhex("2C00")}), "approved",
         "verification_not_supported",
         cvm_results="3F0000", tsi="A800"),
    case("CVM list", "absent", "Book 3 10.5", offline(signs=False, answers={RULES: instead("8E0A", "990A")}),
         "approved",
         "cvm_list_missing", cvm_results="3F0000", tvr="A000000000"),
    case("CVM list", "amounts and no rule", "Book 3 10.5", rules(""), "approved", "cvm_list_missing",
         cvm_results="3F0000",
         tvr="2000000000"),
    case("CVM list", "half a rule", "Book 3 7.5", rules("1F001F"), "end_application", "cvm_list_malformed"),
    verified("00: fail", "0000", "000001", "0000800000", "cvm_fails_by_rule"),
    verified("40: fail, and no rule follows it", "40001F00", "400001", "0000800000", "cvm_fails_by_rule"),
    verified("01: plaintext PIN", "0100", "010002", rule="cvm_offline_pin"),
    verified("02: online PIN", "0200", "020000", "0000040000", "online_pin_entered"),
    verified("03: plaintext PIN and signature", "0300", "030000", rule="cvm_offline_pin"),
    verified("04: enciphered PIN", "0400", "040002", rule="cvm_offline_pin", random=_PADDING),
    verified("05: enciphered PIN and signature", "0500", "050000", rule="cvm_offline_pin", random=_PADDING),
    verified("1E: signature", "1E00", "1E0000", rule="cvm_signature"),
    verified("1F: no CVM", "1F00", "1F0002", rule="cvm_none"),
    verified("2F: not known, fail", "2F00", "3F0001", "0000C00000", "cvm_not_recognised"),
    verified("6F: not known, then the next", "6F001F00", "1F0002", "0000400000", "cvm_not_recognised"),
    verified("01 not supported, fail", "0100", "3F0001", "0000900000", "cvm_not_supported", capabilities="6048C8"),
    verified("01 not supported, enciphered is", "0100", "3F0001", "0000800000", "cvm_not_supported",
             capabilities="6018C8"),
    verified("41 not supported, then the next", "41001F00", "1F0002", "0000100000", "cvm_not_supported",
             capabilities="6048C8"),
    verified("02 not supported, fail", "0200", "3F0001", "0000900000", "cvm_not_supported", capabilities="6088C8"),
    verified("04 not supported, plaintext is", "0400", "3F0001", "0000800000", "cvm_not_supported",
             capabilities="6088C8"),
    verified("1E not supported, fail", "1E00", "3F0001", "0000800000", "cvm_not_supported", capabilities="6088C8"),
    verified("1F not supported, fail", "1F00", "3F0001", "0000800000", "cvm_not_supported", capabilities="60F0C8"),
    verified("03 where the terminal takes no signature", "0300", "3F0001", "0000800000", "cvm_not_supported",
             capabilities="6088C8"),
)  # fmt: skip

CONDITIONS = step(
    "Cardholder verification",
    condition("always", "00", True),
    condition("unattended cash, and it is", "01", True, **_CASH, **_UNATTENDED),
    condition("unattended cash, but attended", "01", False, **_CASH),
    condition("unattended cash, but a purchase", "01", False, **_UNATTENDED),
    condition("neither cash nor cash back: a purchase", "02", True),
    condition("neither cash nor cash back: cash", "02", False, **_CASH),
    condition("neither cash nor cash back: cash back", "02", False, **_BACK),
    condition("if the terminal supports the method, and it does", "03", True),
    condition("if the terminal supports the method, and it does not", "03", False, capabilities="60F0C8"),
    condition("attended cash, and it is", "04", True, **_CASH),
    condition("attended cash, but unattended", "04", False, **_CASH, **_UNATTENDED),
    condition("cash back, and it is", "05", True, **_BACK),
    condition("cash back, but a purchase", "05", False),
    condition("under X: one below", "06", True, amount=999),
    condition("under X: X", "06", False, amount=1000),
    condition("over X: X", "07", False, amount=1000),
    condition("over X: one above", "07", True, amount=1001),
    condition("under Y: one below", "08", True, amount=4999),
    condition("under Y: Y", "08", False, amount=5000),
    condition("over Y: Y", "09", False, amount=5000),
    condition("over Y: one above", "09", True, amount=5001, application={"offline_limit_minor": 9999}),
    condition("under X in another currency", "06", False, amount=999, data={"5F2A": "0840"}),
    condition("not known", "0A", False),
    condition("of a scheme", "80", False),
)  # fmt: skip

PINS = step(
    "Cardholder verification",
    entry("right", "410002", "0000000000", rule="cvm_offline_pin"),
    entry("wrong, then right", "410002", "0000000000", rule="pin_wrong", answers={VERIFY: ["63C2"]}),
    entry("wrong until no try is left, then the next rule", "1F0002", "0000200000", rule="pin_try_limit_exceeded",
          answers={VERIFY: ["63C2", "63C1", "63C0"]}),
    entry("wrong until no try is left, no next rule", "010001", "0000A00000", cvm_list="0100",
          answers={VERIFY: ["63C2", "63C1", "63C0"]}),
    entry("blocked before (9F17 = 0): nobody is asked", "1F0002", "0000200000", rule="pin_try_limit_exceeded",
          answers={"80CA9F17": "9F170100" + "9000"}),
    entry("blocked before (VERIFY 6983)", "1F0002", "0000200000", answers={VERIFY: "6983"}),
    entry("blocked before (VERIFY 6984)", "1F0002", "0000200000", answers={VERIFY: "6984"}),
    entry("tries left not told (6A88): asked all the same", "410002", "0000000000", answers={"80CA9F17": "6A88"}),
    entry("a card whose tries do not go down is not asked for ever", "1F0002", "0000000000", rule="pin_not_verified",
          answers={VERIFY: "63C3"}),
    *[
        case("PIN entry", f"VERIFY refused ({word})", "Book 3 8.1", rules("41001F00", answers={VERIFY: word}),
             "end_application", "verify_refused")
        for word in ("6D00", "6985", "6700", "6A86")
    ],
    entry("bypassed, then the next rule", "1F0002", "0000080000", rule="pin_bypassed",
          cardholder={"pin_entry": "bypass"}),
    entry("bypassed, no other PIN is asked for", "1F0002", "0000080000", cvm_list="410042001F00", rule="pin_bypassed",
          cardholder={"pin_entry": "bypass"}),
    entry("bypassed, no next rule", "010001", "0000880000", cvm_list="0100", cardholder={"pin_entry": "bypass"}),
    entry("PIN pad not working", "1F0002", "0000100000", rule="pin_pad_not_working", cardholder={}),
    entry("online PIN, bypassed", "020001", "0000880000", cvm_list="0200", cardholder={"pin_entry": "bypass"}),
    entry("online PIN, PIN pad not working", "020001", "0000900000", cvm_list="0200", cardholder={}),
    known("enciphered PIN", "with the card's own key", "Book 2 7.2", "contact_enciphered_pin"),
    known("enciphered PIN", "with a key for PINs (9F2D); wrong, then right", "Book 2 7.1",
          "contact_enciphered_pin_own_key_wrong_then_right"),
    known("enciphered PIN", "the certificate of its key is false: nobody is asked", "Book 2 7.1",
          "contact_enciphered_pin_own_key_false", rule="pin_key_not_recovered"),
    known("enciphered PIN", "GET CHALLENGE refused", "Book 2 7.2", "contact_enciphered_pin_no_challenge",
          rule="pin_challenge_refused"),
    known("enciphered PIN", "no data authentication, the key is recovered for it alone", "Book 2 7.1",
          "contact_enciphered_pin_without_authentication"),
    case("enciphered PIN", "a challenge of 7 bytes", "Book 2 7.2",
         rules("44001F00", answers={"0084": "01020304050607" + "9000"}),
         "approved", "pin_challenge_refused", cvm_results="1F0002", tvr="0000000000"),
)  # fmt: skip

CASES = METHODS + CONDITIONS + PINS
