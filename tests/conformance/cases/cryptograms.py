"""Terminal and card action analysis, online processing, issuer authentication, scripts and completion of a chip."""

from __future__ import annotations

from typing import Any

from tests.conformance.cases.chip import EXTERNAL, GENERATE_AC, RULES, as_it_is, chip, instead, offline, says, unsigned
from tests.conformance.table import Case, case, known, step

_NONE = "0000000000"
_NOT_AUTHENTICATED = "8000000000"  # a bit that unsigned cards set
_OFFLINE_ONLY, _ONLINE_ONLY = {"data": {"9F35": "23"}}, {"data": {"9F35": "21"}}
_UNABLE: dict[str, Any] = {"issuer": {"online": False}}
_ISSUER: dict[str, Any] = {"online": True, "8A": "3030", "91": "computed"}
_ABSENT = {"9F0D": "9F7A", "9F0E": "9F79", "9F0F": "9F78"}


def codes(default: str = _NONE, denial: str = _NONE, online: str = _NONE) -> dict[str, Any]:
    return {"action_codes": tuple(bytes.fromhex(code) for code in (default, denial, online))}


def by_issuer(**more: str) -> dict[str, Any]:
    """Action codes of the card (IAC)."""
    return {"application": codes(**more)}


def by_acquirer(**more: str) -> dict[str, Any]:
    """Action codes of the terminal (TAC)."""
    return {"parameters": {f"tac_{name}": code for name, code in more.items()}}


def analysed(method: str, what: str, outcome: str, rule: str, **more: Any) -> Case:
    return case(method, what, "Book 3 10.7", offline(signs=False, **more), outcome, rule)


def without(tag: str) -> dict[str, Any]:
    return {"answers": {RULES: instead(tag + "05", _ABSENT[tag] + "05")}}


ANALYSIS = step(
    "Terminal action analysis",
    analysed("offline", "no code meets the TVR: TC asked for", "approved", "offline_accepted"),
    analysed("denial", "IAC-Denial meets the TVR: AAC asked for", "declined", "denied",
             **by_issuer(denial=_NOT_AUTHENTICATED)),
    analysed("denial", "TAC-Denial meets the TVR: AAC asked for", "declined", "denied",
             **by_acquirer(denial=_NOT_AUTHENTICATED)),
    analysed("denial", "both online and denial codes: denial counts", "declined", "denied",
             **by_acquirer(denial=_NOT_AUTHENTICATED, online=_NOT_AUTHENTICATED)),
    analysed("denial", "no IAC-Denial: as all zeros", "approved", "offline_accepted", **without("9F0E")),
    analysed("online", "IAC-Online meets the TVR: ARQC asked for", "approved", "online_wanted", issuer=_ISSUER,
             **by_issuer(online=_NOT_AUTHENTICATED)),
    analysed("online", "TAC-Online meets the TVR: ARQC asked for", "approved", "online_wanted", issuer=_ISSUER,
             **by_acquirer(online=_NOT_AUTHENTICATED)),
    analysed("online", "no IAC-Online: as all ones", "approved", "online_wanted", issuer=_ISSUER, **without("9F0F")),
    analysed("online", "online-only terminal: ARQC without looking", "approved", "online_wanted", issuer=_ISSUER,
             **_ONLINE_ONLY),
    analysed("offline-only terminal", "no default code meets the TVR: TC asked for", "approved", "default_accepted",
             **_OFFLINE_ONLY),
    analysed("offline-only terminal", "IAC-Default meets the TVR: AAC asked for", "declined", "default_declined",
             **_OFFLINE_ONLY, **by_issuer(default=_NOT_AUTHENTICATED)),
    analysed("offline-only terminal", "TAC-Default meets the TVR: AAC asked for", "declined", "default_declined",
             **_OFFLINE_ONLY, **by_acquirer(default=_NOT_AUTHENTICATED)),
    analysed("offline-only terminal", "no IAC-Default: as all ones", "declined", "default_declined", **_OFFLINE_ONLY,
             **without("9F0D")),
    analysed("offline-only terminal", "TAC-Online does not count", "approved", "default_accepted",
             **_OFFLINE_ONLY, **by_acquirer(online=_NOT_AUTHENTICATED)),
    known("unable to go online", "default codes decline: Z3", "Book 3 10.7", "chip_unable_to_go_online",
          rule="default_declined"),
    known("unable to go online", "default codes accept: Y3", "Book 3 10.7", "contact_wrong_pin_then_right_t0",
          rule="default_accepted"),
    analysed("unable to go online", "TAC-Default meets the TVR", "declined", "default_declined", **_UNABLE,
             **by_acquirer(online=_NOT_AUTHENTICATED, default=_NOT_AUTHENTICATED)),
    analysed("unable to go online", "no IAC-Default: as all ones", "declined", "default_declined", **_UNABLE,
             **by_acquirer(online=_NOT_AUTHENTICATED), **without("9F0D")),
)  # fmt: skip


def ac(kind: str) -> str:
    return "8012" + kind + "0001" + "1122334455667788" + "06011203A00000" + "9000"


def answered(what: str, answer: Any, outcome: str, rule: str = "", paragraph: str = "Book 3 10.8", **more: Any) -> Case:
    """The first GENERATE AC of a terminal that asks for a TC."""
    setting = offline(signs=False, answers={GENERATE_AC: answer}, **more)
    return case("first GENERATE AC", what, paragraph, setting, outcome, rule)


_ASKS_ARQC = by_acquirer(online=_NOT_AUTHENTICATED)
_ASKS_AAC = by_acquirer(denial=_NOT_AUTHENTICATED)

FIRST = step(
    "Card action analysis",
    answered("TC asked for, TC given: Y1", ac("40"), "approved", "card_approves"),
    answered("TC asked for, ARQC given", [ac("80"), ac("40")], "approved", "card_asks_issuer",
             issuer=_ISSUER | {"91": "00" * 8}),
    answered("TC asked for, AAC given: Z1", ac("00"), "declined", "card_declines"),
    answered("ARQC asked for, AAC given", ac("00"), "declined", "card_declines", **_ASKS_ARQC),
    answered("ARQC asked for, TC given", ac("40"), "end_application", "cryptogram_above_request", **_ASKS_ARQC),
    answered("AAC asked for, TC given", ac("40"), "end_application", "cryptogram_above_request", **_ASKS_AAC),
    answered("AAC asked for, ARQC given", ac("80"), "end_application", "cryptogram_above_request", **_ASKS_AAC),
    answered("AAR (C0)", ac("C0"), "end_application", "cryptogram_above_request"),
    answered("format 2", says("771E9F2701409F360200019F260811223344556677889F100706011203A000009000"), "approved",
             "card_approves",
             "Book 3 6.5.5.4"),
    answered("format 2 without cryptogram (9F26)", "77139F2701409F360200019F100706011203A000009000", "end_application",
             "cryptogram_missing", "Book 3 6.5.5.4"),
    answered("format 2 without type (9F27)", "771A9F360200019F260811223344556677889F100706011203A000009000",
             "end_application",
             "cryptogram_missing", "Book 3 6.5.5.4"),
    answered("format 2 without counter (9F36)", "77199F2701409F260811223344556677889F100706011203A000009000",
             "end_application",
             "cryptogram_missing", "Book 3 6.5.5.4"),
    answered("format 2 with 9F34 and 95: not heard", "772D9F2701409F360200019F260811223344556677889F100706011203A00000"
             + "9F34031F0002" + "95050000000000" + "0000" + "9000", "approved", "card_approves", "Book 3 6.5.5.4"),
    answered("format 1 too short", "800A400001112233445566" + "77" + "9000", "end_application", "template_unexpected",
             "Book 3 6.5.5.4"),
    answered("neither format", "7000" + "9000", "end_application", "template_unexpected", "Book 3 6.5.5.4"),
    *[
        answered(f"refused ({word})", word, "end_application", "cryptogram_refused", "Book 3 6.5.5.5")
        for word in ("6985", "6A80", "6700", "6D00", "6283")
    ],
    known("first GENERATE AC", "CDOL1 asks for TDOL's hash, and the card has no TDOL", "Book 3 9.2.2",
          "contact_mchip_arqc_then_declined"),
)  # fmt: skip


def online(method: str, what: str, outcome: str, rule: str = "", paragraph: str = "Book 3 10.9", **more: Any) -> Case:
    issuer = _ISSUER | more.pop("issuer", {})
    expect = {name: more.pop(name) for name in ("tvr", "tsi", "cid", "data") if name in more}
    return case(method, what, paragraph, chip(issuer=issuer, **more), outcome, rule, **expect)


_NO_EXTERNAL: dict[str, Any] = {"application": {"interchange_profile": bytes.fromhex("3800")}}
_PLAIN_TVR = "0000008000"

ONLINE = step(
    "Online processing",
    *[
        online("issuer", f"approves (8A {code})", "approved", "issuer_approves", issuer={"8A": code}, cid="40",
               data={"8A": code})
        for code in ("3030", "3130", "3131")
    ],
    *[
        online("issuer", f"declines (8A {code})", "declined", "issuer_declines", issuer={"8A": code}, cid="00",
               data={"8A": code})
        for code in ("3035", "3531", "5931")
    ],
    case("issuer", "no answer", "Book 3 10.7", chip(**_UNABLE), "declined", "default_declined", data={"8A": "5A33"}),
    online("issuer authentication", "EXTERNAL AUTHENTICATE good", "approved", "issuer_authentication_performed",
           tvr=_PLAIN_TVR, tsi="F800"),
    *[
        online("issuer authentication", f"EXTERNAL AUTHENTICATE {word}", "declined", "issuer_authentication_failed",
               answers={EXTERNAL: word, GENERATE_AC: [as_it_is, ac("00")]}, tvr="0000008040", tsi="F800")
        for word in ("6300", "6985", "6700")
    ],
    online("issuer authentication", "EXTERNAL AUTHENTICATE failed, and the card gives a TC", "approved",
           "issuer_authentication_failed",
           answers={EXTERNAL: "6300", GENERATE_AC: [as_it_is, ac("40")]}, tvr="0000008040"),
    online("issuer authentication", "by CDOL2: the card checks it itself", "approved", tvr=_PLAIN_TVR, tsi="E800",
           **_NO_EXTERNAL),
    online("issuer authentication", "91 of 7 bytes", "declined", "issuer_authentication_failed",
           issuer={"91": "00" * 7}, tvr="0000008040"),
    online("issuer authentication", "91 of 17 bytes", "declined", "issuer_authentication_failed",
           issuer={"91": "00" * 17}, tvr="0000008040"),
    case("issuer authentication", "none (91 absent)", "Book 3 10.9", chip(issuer={"online": True, "8A": "3030"}),
         "declined", tvr=_PLAIN_TVR,
         tsi="E800"),
    known("issuer authentication", "false: the card has the last word", "Book 3 10.9", "chip_issuer_not_authentic"),
)  # fmt: skip


def scripted(what: str, scripts: list[str], tvr: str, tsi: str, results: str, answers: dict | None = None) -> Case:
    setting = chip(issuer=_ISSUER | {"scripts": scripts}, answers={"8424": "9000", **(answers or {})})
    data = {"9F5B": results} if results else {}
    return case("script", what, "Book 3 10.10", setting, "approved", tvr=tvr, tsi=tsi, data=data)


_BEFORE, _AFTER = "71" + "0D" + "9F180400000001" + "860484240000", "72" + "0D" + "9F180400000002" + "860484240000"

SCRIPTS = step(
    "Issuer script processing",
    scripted("71, good", [_BEFORE], _PLAIN_TVR, "FC00", "2000000001"),
    scripted("72, good", [_AFTER], _PLAIN_TVR, "FC00", "2000000002"),
    scripted("71 and 72, good", [_BEFORE, _AFTER], _PLAIN_TVR, "FC00", "20000000012000000002"),
    scripted("71, refused (6A80)", [_BEFORE], "0000008020", "FC00", "1100000001", {"8424": "6A80"}),
    scripted("72, refused (6A80)", [_AFTER], "0000008010", "FC00", "1100000002", {"8424": "6A80"}),
    scripted("71, a warning (6283) is none", [_BEFORE], _PLAIN_TVR, "FC00", "2000000001", {"8424": "6283"}),
    scripted("71 without identifier", ["7106860484240000"], _PLAIN_TVR, "FC00", "2000000000"),
    scripted("71 without command", ["71079F180400000001"], "0000008020", "FC00", "0000000001"),
    scripted("71 that is no TLV", ["7105860484"], "0000008020", "FC00", "0000000000"),
    scripted("71 with a command of 3 bytes", ["7105" + "8603842400"], "0000008020", "FC00", "0000000000"),
    known("script", "of 129 bytes and more: not sent", "Book 3 10.10", "chip_scripts_too_long", rule="script_failed"),
    known("script", "stops at its second command, the next is done", "Book 3 10.10", "chip_scripts_stop_at_a_failure"),
    known("script", "71 good, 72 refused, with CDA", "Book 3 10.10", "contact_cda_with_scripts"),
)  # fmt: skip


def completed(what: str, answer: Any, outcome: str, rule: str, **issuer: str) -> Case:
    setting = unsigned(answers={GENERATE_AC: [as_it_is, answer]}, issuer=_ISSUER | issuer)
    return case("second GENERATE AC", what, "Book 3 10.11", setting, outcome, rule)


COMPLETION = step(
    "Completion",
    completed("TC asked for, TC given", ac("40"), "approved", "card_completes"),
    completed("TC asked for, AAC given", ac("00"), "declined", "card_declines"),
    completed("TC asked for, ARQC given: all but a TC declines", ac("80"), "declined", "card_declines"),
    completed("AAC asked for, AAC given", ac("00"), "declined", "card_declines", **{"8A": "3035"}),
    completed("AAC asked for, TC given", ac("40"), "declined", "cryptogram_above_request", **{"8A": "3035"}),
    completed("refused (6985)", "6985", "end_application", "cryptogram_refused"),
    completed("neither format", "7000" + "9000", "end_application", "template_unexpected"),
    completed("the card is gone", "", "end_application", "card_lost"),
)  # fmt: skip

CASES = ANALYSIS + FIRST + ONLINE + SCRIPTS + COMPLETION
