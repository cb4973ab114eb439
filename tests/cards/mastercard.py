"""Mastercard tapped: what kernel 2 makes of limits, distance, verification, signatures and a card that leaves."""

from __future__ import annotations

from tests.cards.scenarios import Answer, Scenario, changed, file

_MASTERCARD = ("A000000004",)
_ONLINE = {"tac_default": "FC78FCF80C", "tac_denial": "6C00000000", "tac_online": "FC78FCF80C"}
_LIMITS = {"transaction_limit": 10000, "on_device_cvm_limit": 20000, "cvm_limit": 5000, "floor_limit": 0}
_DATA = {"DF8117": "20", "DF8118": "40", "DF8119": "08", "DF811B": "A0", "DF811D": "05", "DF811F": "08"}
_NO_CODES = (bytes(5), bytes(5), bytes(5))
_RELAY = {"DF811B": "B0"}
_RELAY_CARD = {"interchange_profile": bytes.fromhex("1981")}
_FAST_ONLY = "800A" + "A1A2A3A4" + "0100" + "0200" + "0018" + "9000"
# AAC without signature, and the device's wish: PIN required.
_CONFIRM = "771A" + "9F270100" + "9F36020001" + "9F26080000000000000000" + "DF4B03000100" + "9000"


def tap(name: str, title: str, amount: int, expect: dict, card: str = "mastercard_credit", **more: object) -> Scenario:
    """`limits` and `codes` are of the reader, `application` and `answers` of the card, `times` what it takes."""
    of_card = {key: more.pop(key) for key in ("application", "answers", "times", "schemes") if key in more}
    row = {"aid": "A0000000041010", "partial": True, "kernel": 2, "9F09": "0002"}
    row |= more.pop("codes", _ONLINE) | {"contactless": _LIMITS | more.pop("limits", {})}
    data = _DATA | more.pop("data", {})
    more.setdefault("random", ["0A0B0C0D"])
    kind = more.pop("kind", "00")
    written = file("Mastercard tapped: " + title, "contactless", amount, expect, data=data, applications=[row], **more)
    written["transaction"]["type"] = kind
    return Scenario("mastercard_" + name, card, written, **{"schemes": _MASTERCARD, **of_card})


def measured(name: str, title: str, times: list[int], expect: dict, **more: object) -> Scenario:
    """A tap whose distance is measured: `times` are those of EXCHANGE RELAY RESISTANCE DATA."""
    numbers = [f"0000000{at}" for at in range(len(times))]
    return tap(
        "relay_" + name,
        title,
        1250,
        expect,
        application=_RELAY_CARD,
        data=_RELAY,
        times={"80EA": times},
        random=[*numbers, "0A0B0C0D"],
        **more,
    )


def twin(title: str, response: Answer, **expect: object) -> dict:
    return {"title": title, "edits": [{"exchange": -1, "response": response}], "expect": expect}


def offline(name: str, title: str, expect: dict, **more: object) -> Scenario:
    """12,50 in a reader and a card that leave all to the card."""
    application = {"offline_limit_minor": 5000, "action_codes": _NO_CODES} | more.pop("application", {})
    return tap(name, title, 1250, expect, codes={}, limits={"floor_limit": 2000}, application=application, **more)


MASTERCARD = [
    tap(
        "online",
        "50,00 without PIN, online, CDA",
        5000,
        {
            "outcome": "online",
            "start": "none",
            "ui": ["1B"],
            "tvr_first": "0000008000",
            "cvm_results": "1F0302",
            "cid_first": "80",
            "oda": "cda",
            "atc": "0001",
            "data": {"9F33": "2008" + "08", "9F4C": "0000000000000001"},
        },
    ),
    tap(
        "online_pin",
        "50,01 with online PIN",
        5001,
        {"outcome": "online", "tvr": "0000048000", "cvm_results": "420300", "oda": "cda", "data": {"9F33": "204008"}},
    ),
    tap(
        "transaction_limit_exceeded",
        "above the limit another application is looked for, and there is none",
        10001,
        {"outcome": "another_card", "ui": ["1C"]},
        random=[],
    ),
    tap(
        "on_device",
        "a telephone that verifies its holder has a limit of its own",
        10001,
        {"outcome": "online", "tvr": "0000008000", "cvm_results": "010002", "oda": "cda"},
        card="mastercard_wallet",
    ),
    tap(
        "on_device_not_needed",
        "a telephone at the limit up to which nobody need be verified",
        5000,
        {"outcome": "online", "cvm_results": "3F0002"},
        card="mastercard_wallet",
    ),
    tap(
        "on_device_not_authentic",
        "a telephone whose authority is not known: its word on its holder does not count",
        6000,
        {"outcome": "declined", "ui": ["07"], "tvr_first": "0400008000", "cid_first": "00", "cvm_results": "010002"},
        card="mastercard_wallet",
        codes=_ONLINE | {"tac_denial": "0000000000"},
        schemes=(),
    ),
    offline(
        "offline_approved",
        "approved offline, the signature over the cryptogram holds",
        {"outcome": "approved", "ui": ["03"], "tvr": "0000000000", "cid": "40", "oda": "cda"},
        mutations=[
            twin("a byte of the signature", changed(-60), outcome="declined", ui=["07"], tvr="0400000000"),
            twin("an ARQC by its information byte, a TC by its signature", changed(6, 0xC0), outcome="declined"),
            twin("another counter than is signed", changed(11), outcome="declined", tvr="0400000000"),
            twin(
                "no signature where one was asked for",
                "77189F2701409F360200019F260811223344556677889F100101" + "9000",
                outcome="another_card",
            ),
            twin("a refusal", "6985", outcome="another_card", ui=["1C"]),
        ],
    ),
    offline(
        "signature_approved",
        "the holder signs",
        {"outcome": "approved", "ui": ["1A"], "cvm_results": "5E0300"},
        application={"cvm_list": bytes(8) + bytes.fromhex("5E031F03")},
        data={"DF8119": "28"},
    ),
    offline(
        "not_authenticated",
        "no authentication in common, and nobody minds",
        {"outcome": "approved", "tvr": "8000000000", "oda": "none"},
        application={"interchange_profile": bytes.fromhex("1880")},
    ),
    tap(
        "authority_unknown",
        "the key of the authority is not known: no signature is asked for, the issuer decides",
        1250,
        {"outcome": "online", "tvr_first": "0400008000", "cid_first": "80", "oda": "cda"},
        codes=_ONLINE | {"tac_denial": "0000000000"},
        schemes=(),
    ),
    tap(
        "authority_unknown_hardened",
        "policy C-10: what cannot be authenticated is declined, and not by chip",
        1250,
        {"outcome": "declined", "ui": ["07"], "tvr_first": "0400008000", "cid_first": "00"},
        codes=_ONLINE | {"tac_denial": "0000000000"},
        schemes=(),
        terminal={"policies": ["C-10"]},
    ),
    tap(
        "card_declines",
        "the reader wants it declined: a plastic card is tried by chip",
        1250,
        {"outcome": "another_interface", "start": "none", "ui": ["1D"], "cid_first": "00", "oda": "cda"},
        codes=_ONLINE | {"tac_denial": "0000008000"},
    ),
    tap(
        "device_declines",
        "the reader wants it declined: a telephone has no chip to try",
        1250,
        {"outcome": "declined", "ui": ["07"], "cid_first": "00"},
        card="mastercard_wallet",
        codes=_ONLINE | {"tac_denial": "0000008000"},
    ),
    tap(
        "refund",
        "a refund asks for no approval",
        1250,
        {"outcome": "end_application", "ui": ["1E"], "cid_first": "00"},
        kind="20",
        codes=_ONLINE | {"tac_denial": "FFFFFFFFFF"},
    ),
    tap(
        "see_phone",
        "the telephone wants its holder's PIN first",
        1250,
        {"outcome": "try_again", "start": "B", "ui": ["20"]},
        card="mastercard_wallet",
        answers={"80AE": _CONFIRM},
    ),
    tap(
        "no_emv_mode",
        "a card of mag-stripe mode alone",
        1250,
        {"outcome": "another_card", "ui": ["1C"]},
        application={"interchange_profile": bytes.fromhex("1900")},
        random=[],
    ),
    tap(
        "options_refused",
        "the application will not, and there is no other",
        1250,
        {"outcome": "another_card"},
        answers={"80A8": "6985"},
        random=[],
    ),
    tap(
        "card_leaves",
        "the card leaves while it makes its cryptogram",
        1250,
        {"outcome": "try_again", "start": "B", "tvr_first": "0000008000"},
        answers={"80AE": ""},
    ),
    measured("within", "near", [90], {"outcome": "online", "tvr": "0000008002", "data": {"DF8306": "0030"}}),
    measured(
        "second_time",
        "late once, then in time",
        [1200, 90],
        {"outcome": "online", "tvr": "0000008002", "data": {"DF8307": "01", "DF8301": "00000001"}},
    ),
    measured(
        "too_slow",
        "late three times, as when its answers come from far away",
        [1200, 1200, 1200],
        {"outcome": "online", "tvr": "000000800E", "data": {"DF8307": "02"}},
    ),
    measured(
        "inaccurate",
        "not late, but longer than the card says it takes",
        [400],
        {"outcome": "online", "tvr": "000000800A"},
    ),
    tap(
        "relay_too_fast",
        "faster than the card says it can be",
        1250,
        {"outcome": "another_card"},
        application=_RELAY_CARD,
        data=_RELAY,
        answers={"80EA": _FAST_ONLY},
        times={"80EA": [60]},
        random=["00000001"],
    ),
    tap(
        "relay_not_signed",
        "the signed time is not the one that was said: somebody stands between",
        1250,
        {"outcome": "declined", "tvr": "040000800A"},
        application=_RELAY_CARD,
        data=_RELAY,
        answers={"80EA": "800A" + "A1A2A3A4" + "0000" + "7FFF" + "0018" + "9000"},
        times={"80EA": [2000]},
        random=["00000001", "0A0B0C0D"],
    ),
    tap("relay_unknown_to_card", "the reader would measure", 1250, {"tvr": "0000008001"}, data=_RELAY),
]
