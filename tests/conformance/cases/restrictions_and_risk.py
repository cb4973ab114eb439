"""Processing restrictions and terminal risk management of a chip."""

from __future__ import annotations

from typing import Any

from tests.conformance.cases.chip import RULES, instead, offline, unsigned, with_objects
from tests.conformance.table import Case, case, known, step

_USED = "9F0702FFC0"
_TVR = "8000008000"  # not authenticated, above the floor limit
_LIMITS = "9F140102" + "9F230105"


def usage(what: str, control: str, tvr: str, **transaction: Any) -> Case:
    """TVR byte 2 bit 5 declines: the simulated card's own denial code has it."""
    allowed = tvr == _TVR
    setting = unsigned(answers={RULES: instead(_USED, "9F0702" + control)}, **transaction)
    outcome, rule = ("approved", "") if allowed else ("declined", "service_not_allowed")
    return case("usage control (9F07)", what, "Book 3 10.4.2", setting, outcome, rule, tvr=tvr)


_REFUSED = "8010008000"
_ABROAD = {"data": {"9F1A": "0056"}}
_ATM = {"data": {"9F35": "14", "9F40": "E000F0A001"}}

RESTRICTIONS = step(
    "Processing restrictions",
    case("version (9F08)", "same as the terminal's", "Book 3 10.4.1", unsigned(), "approved", tvr=_TVR),
    case("version (9F08)", "another", "Book 3 10.4.1", unsigned(application={"version": b"\x00\x01"}), "approved",
         "versions_differ", tvr="8080008000"),
    case("version (9F08)", "absent: taken as the same", "Book 3 10.4.1",
         unsigned(answers={RULES: instead("9F08020002", "9F7D020002")}), "approved", tvr=_TVR),
    usage("absent but for the place: attended terminals allowed", "FFC0", _TVR),
    usage("not valid at terminals other than ATMs", "FE00", _REFUSED),
    usage("valid at terminals other than ATMs, in an ATM", "FD00", _REFUSED, kind="01", **_ATM),
    usage("domestic cash allowed", "8100", _TVR, kind="01"),
    usage("domestic cash not allowed", "7FC0", _REFUSED, kind="01"),
    usage("international cash allowed", "4100", _TVR, kind="01", **_ABROAD),
    usage("international cash not allowed", "BFC0", _REFUSED, kind="01", **_ABROAD),
    usage("domestic goods allowed", "2100", _TVR),
    usage("domestic services allowed", "0900", _TVR),
    usage("domestic goods and services not allowed", "D7C0", _REFUSED),
    usage("international goods allowed", "1100", _TVR, **_ABROAD),
    usage("international goods and services not allowed", "EBC0", _REFUSED, **_ABROAD),
    usage("domestic cash back allowed", "2980", _TVR, kind="09", other=250),
    usage("domestic cash back not allowed", "FF40", _REFUSED, kind="09", other=250),
    usage("international cash back allowed", "1540", _TVR, kind="09", other=250, **_ABROAD),
    usage("international cash back not allowed", "FF80", _REFUSED, kind="09", other=250, **_ABROAD),
    known("usage control (9F07)", "purchases, but no cash back", "Book 3 10.4.2", "chip_cash_back_not_allowed"),
    case("dates", "effective today", "Book 3 10.4.3", unsigned(answers={RULES: instead("5F2503240101",
         "5F2503261121")}),
         "approved", tvr=_TVR),
    case("dates", "effective tomorrow", "Book 3 10.4.3", unsigned(answers={RULES: instead("5F2503240101",
         "5F2503261122")}),
         "approved", "not_yet_effective", tvr="8020008000"),
    case("dates", "expires today", "Book 3 10.4.3", unsigned(answers={RULES: instead("5F2403491231", "5F2403261121")}),
         "approved", tvr=_TVR),
    case("dates", "expired yesterday", "Book 3 10.4.3", unsigned(answers={RULES: instead("5F2403491231",
         "5F2403261120")}),
         "approved", "expired", tvr="8040008000"),
    case("dates", "expired in the last century", "Book 4 6.7.3",
         unsigned(answers={RULES: instead("5F2403491231", "5F2403991231")}),
         "approved", "expired", tvr="8040008000"),
)  # fmt: skip


def floor(amount: int, tvr: str, what: str) -> Case:
    return case("floor limit", what, "Book 3 10.6.1", offline(amount, parameters={"floor_limit": 2000}), "approved",
                "floor_limit_exceeded" if tvr == "0000008000" else "", tvr=tvr)  # fmt: skip


def selected(what: str, amount: int, drawn: str, tvr: str, **parameters: int) -> Case:
    setting = offline(
        amount,
        application={"offline_limit_minor": 9999},
        parameters={"floor_limit": 10000, **parameters},
        random=["0A0B0C0D", drawn, "0A0B0C0E"],
    )
    rule = "selected_at_random" if tvr == "0000001000" else ""
    return case("random selection", what, "Book 3 10.6.2", setting, "approved", rule, tvr=tvr)


def velocity(what: str, counter: str, register: str, tvr: str, rule: str = "") -> Case:
    answers = {RULES: with_objects(_LIMITS), "80CA9F36": counter, "80CA9F13": register}
    return case("velocity", what, "Book 3 10.6.3", offline(signs=False, answers=answers), "approved", rule, tvr=tvr)


def told(tag: str, value: str) -> str:
    return f"{tag}02{value}9000"


_BIASED = {"threshold": 5000, "target_percent": 20, "max_target_percent": 60}

RISK = step(
    "Terminal risk management",
    case("AIP byte 1 bit 4 clear", "performed all the same", "Book 3 10.6",
         offline(application={"interchange_profile": bytes.fromhex("3400")}, parameters={"floor_limit": 0}), "approved",
         "risk_management_performed", tvr="0000008000", tsi="E800"),
    floor(1999, "0000000000", "one below"),
    floor(2000, "0000008000", "reached"),
    floor(2001, "0000008000", "one above"),
    known("floor limit", "reached with what the same card paid before", "Book 3 10.6.1",
          "chip_floor_limit_with_earlier_amounts"),
    case("floor limit", "what another card paid does not count", "Book 3 10.6.1",
         offline(parameters={"floor_limit": 2000}, terminal={"log": [{"pan": "4970101234567828", "amount": 1900}]}),
         "approved", tvr="0000000000"),
    selected("below the threshold, 20 percent, draws 20", 1250, "00000013", "0000001000", **_BIASED),
    selected("below the threshold, 20 percent, draws 21", 1250, "00000014", "0000000000", **_BIASED),
    selected("at the threshold, 20 percent, draws 20", 5000, "00000013", "0000001000", **_BIASED),
    known("random selection", "half way to the floor limit, 40 percent, draws 40", "Book 3 10.6.2",
          "chip_selected_at_random"),
    known("random selection", "half way to the floor limit, 40 percent, draws 41", "Book 3 10.6.2",
          "chip_not_selected_at_random"),
    selected("0 percent, draws 1", 1250, "00000000", "0000000000", threshold=5000, target_percent=0,
             max_target_percent=0),
    selected("99 percent, draws 99", 1250, "00000062", "0000001000", threshold=5000, target_percent=99,
             max_target_percent=99),
    velocity("within both limits", told("9F36", "0007"), told("9F13", "0005"), "8000000000"),
    velocity("above the lower limit", told("9F36", "0008"), told("9F13", "0005"), "8000004000", "lower_limit_exceeded"),
    velocity("above both limits", told("9F36", "000B"), told("9F13", "0005"), "8000006000", "upper_limit_exceeded"),
    velocity("counter not above the register", told("9F36", "0005"), told("9F13", "0005"), "8000006000",
             "upper_limit_exceeded"),
    velocity("never online (register 0)", told("9F36", "0001"), told("9F13", "0000"), "8008000000", "new_card"),
    velocity("register not given (6A88)", told("9F36", "0007"), "6A88", "A000006000", "velocity_unknown"),
    velocity("counter not given (6A81)", "6A81", told("9F13", "0005"), "A000006000", "velocity_unknown"),
    velocity("counter malformed", "9F3605" + "9000", told("9F13", "0005"), "A000006000", "velocity_unknown"),
    case("velocity", "one limit alone: not performed", "Book 3 10.6.3",
         offline(signs=False, answers={RULES: with_objects("9F140102")}), "approved", tvr="8000000000"),
    known("exception file", "account number and sequence number listed", "Book 4 6.3.5", "chip_on_exception_file",
          rule="on_exception_file"),
    case("exception file", "account number listed with another sequence number", "Book 4 6.3.5",
         offline(terminal={"exceptions": [{"pan": "4970101234567810", "psn": "01"}]}), "approved", tvr="0000000000"),
    case("exception file", "account number listed alone", "Book 4 6.3.5",
         offline(terminal={"exceptions": [{"pan": "4970101234567810"}]}), "approved", "on_exception_file",
         tvr="1000000000"),
)  # fmt: skip

CASES = RESTRICTIONS + RISK
