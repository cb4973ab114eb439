"""What is no purchase, and the policies beyond the books, each on and off."""

from __future__ import annotations

from typing import Any

from tests.cards.mastercard import tap as mastercard_tap
from tests.conformance.cases.chip import GENERATE_AC, GPO, INTERNAL, RULES, VERIFY, chip, instead, offline, unsigned
from tests.conformance.cases.cryptograms import ac
from tests.conformance.cases.taps import tap
from tests.conformance.table import Case, case, known, setting, step


def refund(what: str, outcome: str, rule: str, kind: str = "20", **more: Any) -> Case:
    method = {"20": "refund (9C = 20)", "02": "cancellation (9C = 02)"}[kind]
    return case(method, what, "", chip(kind=kind, issuer=None, **more), outcome, rule, "refund")


def zero(what: str, scenario: Any, outcome: str, **expect: Any) -> Case:
    return case("amount of zero", what, "Book B 3.1.1", scenario, outcome, data={"9F02": "000000000000"}, **expect)


KINDS = step(
    "Kinds of transaction",
    refund("AAC given: taken", "approved", "refund_taken"),
    refund("AAC given: taken", "approved", "refund_taken", "02"),
    refund("TC given", "end_application", "cryptogram_above_request", answers={GENERATE_AC: ac("40")}),
    refund("GENERATE AC refused (6985)", "end_application", "cryptogram_refused", answers={GENERATE_AC: "6985"}),
    refund("GPO refused (6A81)", "end_application", "processing_options_refused", answers={GPO: "6A81"}),
    refund("no account number", "end_application", "mandatory_object_missing", "20",
           application={"interchange_profile": bytes.fromhex("1C00")}, answers={RULES: instead("5A08", "5508")}),
    case("refund (9C = 20)", "tapped, kernel 3: as the card says", "", tap(kind="20"), "online", "online_wanted"),
    known("refund (9C = 20)", "tapped, kernel 2: AAC", "Book C-2 S910", "mastercard_refund"),
    case("cash back (9C = 09)", "allowed", "Book 3 10.4.2", unsigned(kind="09", other=250), "approved",
         tvr="8000008000",
         data={"9F03": "000000000250"}),
    known("cash back (9C = 09)", "not allowed", "Book 3 10.4.2", "chip_cash_back_not_allowed"),
    case("cash (9C = 01)", "allowed", "Book 3 10.4.2", unsigned(kind="01"), "approved", tvr="8000008000"),
    known("amount of zero", "chip: the issuer is asked", "", "chip_account_verification"),
    known("amount of zero", "kernel 3: online", "Book B 3.1.1", "contactless_amount_of_zero"),
    zero("kernel CB: online", tap(0, 66), "online"),
    zero("kernel 2: online", mastercard_tap("", "", 0, {}), "online"),
)  # fmt: skip


def token(what: str, outcome: str, rule: str, **more: Any) -> Case:
    more = {"cardholder": {"pin": "1234"}, **more}
    scenario = setting("contact", 0, issuer=None, application={"cvm_list": bytes(8) + bytes.fromhex("0100")}, **more)
    return case("EMV-CAP", what, "EMV-CAP", scenario, outcome, rule, "cap")


TOKENS = step(
    "Kinds of transaction",
    token("PIN right, ARQC, AAC: a token", "approved", "token_made"),
    token("PIN wrong, then right", "approved", "token_made", answers={VERIFY: ["63C2"]}),
    token("no PIN try left", "declined", "pin_try_limit_exceeded", answers={VERIFY: "63C0"}),
    token("PIN bypassed", "declined", "pin_bypassed", cardholder={"pin_entry": "bypass"}),
    token("the card declines", "declined", "card_declines", answers={GENERATE_AC: ac("00")}),
    token("GENERATE AC refused (6985)", "end_application", "cryptogram_refused", answers={GENERATE_AC: "6985"}),
)  # fmt: skip

_FALSE = {INTERNAL: "8003112233" + "9000"}


def policies(*names: str) -> dict[str, Any]:
    return {"terminal": {"policies": list(names)}}


def failed(what: str, outcome: str, rule: str, **more: Any) -> Case:
    """Data authentication fails, and no action code minds."""
    return case("C-10", what, "attacks C-10", offline(answers=_FALSE, **more), outcome, rule, tvr_first="0800000000")


POLICIES = step(
    "Policies beyond the books",
    known("C-04", "off: a list that is not signed, plaintext PIN", "Book 3 10.5",
          "contact_list_not_signed_by_the_book"),
    known("C-04", "on: a list that is not signed, online PIN", "attacks C-04", "contact_policy_c04_list_not_signed",
          rule="policy_no_plaintext_pin"),
    known("C-04", "on: a signed list, plaintext PIN", "attacks C-04", "contact_policy_c04_list_signed"),
    known("C-04", "on: authentication failed, no plaintext PIN", "attacks C-04",
          "contact_policy_c04_authentication_failed",
          rule="policy_no_plaintext_pin"),
    case("C-07", "off: plastic says that it verified its holder, tap of 99,00", "Book C-3 5.7.1.2",
         tap(9900, answers={GPO: lambda said: said.replace(b"\x9f\x6c\x02\x80\x00", b"\x9f\x6c\x02\x00\x80")}),
         "online", "cvm_on_device"),
    case("C-07", "on: online PIN instead", "attacks C-07",
         tap(9900, answers={GPO: lambda said: said.replace(b"\x9f\x6c\x02\x80\x00", b"\x9f\x6c\x02\x00\x80")},
         **policies("C-07")),
         "online", "cvm_online_pin"),
    known("C-09", "off: name of Visa, number of Mastercard", "", "chip_brand_mixed_up_by_the_book"),
    known("C-09", "on: name of Visa, number of Mastercard", "attacks C-09", "chip_brand_mixed_up",
          rule="brand_mixed_up"),
    known("C-09", "on: a true co-badged card", "attacks C-09", "chip_cb_and_visa_under_policy"),
    known("C-09", "on: 5A and 57 differ", "attacks C-09", "chip_cb_and_visa_under_policy", "5A and 57 differ",
          "account_numbers_differ"),
    failed("off: authentication failed, approved offline by the codes", "approved", "offline_accepted"),
    failed("on: declined", "declined", "policy_authentication_failed", **policies("C-10")),
    known("C-10", "on, kernel 2: authority not known", "attacks C-10", "mastercard_authority_unknown_hardened"),
)  # fmt: skip

CASES = KINDS + TOKENS + POLICIES
