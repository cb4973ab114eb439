"""A transcript out of a trace that the till saved: what a payment with the reader leaves behind.

What the reader does not tell cannot be had, and is replaced: numbers and names (zeros, as the reader gives them), RSA
blocks, the PIN, the time of day unless the card asked for it, the cryptogram inside a CDA signature. Issuer scripts
are wrapped anew around the commands that were sent.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from emv import tlv
from host.payment import trace_file
from host.payment.card_exchange import Exchange, flat
from host.payment.explanation import TVR, Explanation
from tools.profiles import france
from tools.record.errors import RecordingFailed
from tools.record.recorder import written_again
from tools.record.terminal import Wanted, ca_key, head
from tools.replay import redaction
from tools.simulators import scheme

NUMBER, DATE, TIME, AMOUNT, KIND = 0x9F37, 0x9A, 0x9F21, 0x9F02, 0x9C
RESPONSE_CODE, AUTHENTICATION, SCRIPT, SCRIPT_COMMAND = 0x8A, 0x91, 0x72, 0x86
SELECT, VERIFY, GENERATE_AC, PIN = 0xA4, 0x20, 0xAE, "0000"
KERNEL_COMMANDS = (0x20, 0x82, 0x84, 0x88, 0xA4, 0xA8, 0xAE, 0xB2, 0xC0, 0xCA, 0xEA)
ENCIPHERED, SIGNATURE, PADDING_LESS, SHORTEST = 0x88, 0x9F4B, 17, 64
UNITS_PER_MS = 10
METHODS = {  # what a decision says of the method of data authentication
    "sda_selected": "sda",
    "card_key_recovered": "cda",
    "cryptogram_authentic": "cda",
    "dynamic_data_authentic": "dda",
}


def of_trace(saved: dict[str, Any]) -> dict[str, Any]:
    """The redacted transcript. Raises RecordingFailed, and BadTrace."""
    explanation = trace_file.explanation(saved)
    interface = saved.get("payment", {}).get("interface")
    if interface not in ("contact", "contactless"):
        raise RecordingFailed("the trace is of no card")
    file = head(france(), _wanted(explanation, interface))
    file["terminal"]["ca_keys"] = [ca_key(each.ca_public_key) for each in scheme.schemes()]
    file["terminal"]["applications"] = _taken(file["terminal"]["applications"], explanation.exchanges)
    file["terminal"]["random"] = _drawn(explanation.exchanges)
    file["issuer"] = _issuer(explanation)
    file["redacted"] = True
    file["source"] = "Written by zinc record from a trace of the reader."
    file["exchange"] = [_row(exchange, _key_length(explanation.exchanges)) for exchange in explanation.exchanges]
    file["expect"] = {"oda": _method(explanation, interface), "tvr": explanation.value(TVR).hex()}
    with redaction.Trust(file, file["expect"]):
        written, _ = written_again(file, lambda _command, response, _transaction: response)
    return written


def _taken(applications: list[dict[str, Any]], exchanges: tuple[Exchange, ...]) -> list[dict[str, Any]]:
    """Those that the reader selected: the merchant's order of them is not in the format. All where it tried a list."""
    selected = [exchange for exchange in exchanges if exchange.command[1] == SELECT]
    if not selected or (selected[0].sw != 0x9000 and selected[0].sw >> 8 != 0x61):
        return applications
    names = [each.command[5 : 5 + each.command[4]].hex().upper() for each in selected[1:]]
    return [row for row in applications if any(name.startswith(row["aid"]) for name in names)] or applications


def _wanted(explanation: Explanation, interface: str) -> Wanted:
    told = explanation.objects
    amount, date, time = told.get(AMOUNT, b"").hex(), told.get(DATE, b"").hex(), _asked(explanation, TIME).hex()
    if not amount or not date:
        raise RecordingFailed("the trace does not say amount and date")
    clock = datetime.strptime(date + (time or "000000"), "%y%m%d%H%M%S")
    verified = any(exchange.command[1] == VERIFY for exchange in explanation.exchanges)
    online = any(decision.rule == "online_pin_entered" for decision in explanation.decisions)
    kind = told.get(KIND, b"\x00").hex()
    return Wanted(interface, int(amount), clock, kind, PIN if verified or online else None)


def _asked(explanation: Explanation, tag: int) -> bytes:
    """What the terminal sent of an object, where a list of the card asked for it."""
    sent = [node.value for exchange in explanation.exchanges for node in exchange.asked if node.tag == tag]
    return explanation.objects.get(tag) or (sent[0] if sent else b"")


def _drawn(exchanges: tuple[Exchange, ...]) -> list[str]:
    """One number for each list that asked for it; the second GENERATE AC repeats the last."""
    drawn: list[str] = []
    generated = 0
    for exchange in exchanges:
        if _is_enciphered(exchange):
            drawn.append("00" * (_key_length(exchanges) - PADDING_LESS))
        generated += exchange.command[1] == GENERATE_AC
        if exchange.command[1] == GENERATE_AC and generated > 1:
            continue
        drawn += [node.value.hex().upper() for node in exchange.asked if node.tag == NUMBER]
    return drawn


def _issuer(explanation: Explanation) -> dict[str, Any]:
    code, data = explanation.objects.get(RESPONSE_CODE, b""), explanation.objects.get(AUTHENTICATION)
    if len(code) != 2 or code[:1] in (b"Y", b"Z"):
        return {"online": False}
    issuer: dict[str, Any] = {"online": True, "8A": code.hex().upper()}
    if data:
        issuer["91"] = data.hex().upper()
    sent = [each.command for each in explanation.exchanges if each.command[1] not in KERNEL_COMMANDS]
    if sent:
        body = b"".join(tlv.encode(SCRIPT_COMMAND, command) for command in sent)
        issuer["scripts"] = [tlv.encode(SCRIPT, body).hex().upper()]
    return issuer


def _method(explanation: Explanation, interface: str) -> str:
    found = [METHODS[decision.rule] for decision in explanation.decisions if decision.rule in METHODS]
    if not found:
        return "none"
    return "fdda" if interface == "contactless" and found[0] == "dda" else found[0]


def _is_enciphered(exchange: Exchange) -> bool:
    return exchange.command[1] == VERIFY and exchange.command[3] == ENCIPHERED


def _key_length(exchanges: tuple[Exchange, ...]) -> int:
    """Of the card's key: as long as what it signed."""
    signed = [node.length for exchange in exchanges for node in flat(exchange.data) if node.tag == SIGNATURE]
    return signed[-1] if signed else SHORTEST


def _row(exchange: Exchange, key_length: int) -> list[Any]:
    """The kernel keeps a VERIFY by its header alone: how long the enciphered PIN was follows from the key."""
    command = exchange.command + (bytes((key_length,)) if _is_enciphered(exchange) else b"")
    return [command.hex().upper(), exchange.response.hex().upper(), exchange.milliseconds * UNITS_PER_MS]
