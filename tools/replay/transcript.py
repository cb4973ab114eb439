"""A transcript file (docs/transcript.md) as what the kernel takes: profile, request, chance. Runs on both runtimes."""

from __future__ import annotations

from emv.certificates.ca_keys import CaKey
from emv.kernel.flow import KERNELS
from emv.profile import Application, ContactlessLimits, Parameters, Profile
from emv.transaction import Request


class NotReplayable(Exception):
    """The file asks for something that this kernel does not have; the message says what."""


def profile(file: dict) -> Profile:
    terminal = file["terminal"]
    contactless = file["interface"] == "contactless"
    # Of a configuration for both interfaces those of this one: contact has no kernel number.
    entries = [entry for entry in terminal["applications"] if (entry.get("kernel") is not None) is contactless]
    listed = [_application(entry, contactless) for entry in entries]
    return Profile(
        "transcript",
        _tags(terminal["data"]),
        listed,
        [ca_key(key) for key in terminal.get("ca_keys", [])],
        selection=terminal.get("selection", "pse"),
        list_after_ppse=True,
        ask_cardholder="choose" in file.get("cardholder", {}),
        policies=tuple(terminal.get("policies", [])),
        exceptions=[(bytes.fromhex(_even(entry["pan"])), _psn(entry)) for entry in terminal.get("exceptions", [])],
        log=[(bytes.fromhex(_even(entry["pan"])), entry["amount"]) for entry in terminal.get("log", [])],
    )


def _even(pan: str) -> str:
    return pan + "F" * (len(pan) % 2)


def _psn(entry: dict) -> bytes | None:
    number = entry.get("psn")
    return None if number is None else bytes.fromhex(number)


def _tags(data: dict) -> dict:
    return {int(tag, 16): bytes.fromhex(value) for tag, value in data.items()}


def ca_key(key: dict) -> CaKey:
    checksum = key.get("sha1")
    return CaKey(
        bytes.fromhex(key["rid"]),
        int(key["index"], 16),
        bytes.fromhex(key["modulus"]),
        bytes.fromhex(key["exponent"]),
        None if checksum is None else bytes.fromhex(checksum),
    )


def _application(entry: dict, contactless: bool) -> Application:
    kernel = entry.get("kernel") if contactless else None
    if contactless and kernel not in KERNELS:
        raise NotReplayable(f"kernel {kernel} not known")
    return Application(
        bytes.fromhex(entry["aid"]),
        bytes.fromhex(entry.get("9F09", "0000")),
        entry.get("partial", contactless),
        kernel,
        _parameters(entry),
    )


def _parameters(entry: dict) -> Parameters:
    limits = entry.get("contactless", {})
    tdol = entry.get("tdol")
    return Parameters(
        entry.get("floor_limit"),
        entry.get("threshold"),
        entry.get("target_percent"),
        entry.get("max_target_percent"),
        bytes.fromhex(entry.get("tac_default", "0000000000")),
        bytes.fromhex(entry.get("tac_denial", "0000000000")),
        bytes.fromhex(entry.get("tac_online", "0000000000")),
        bytes.fromhex(entry.get("ddol", "")),
        None if tdol is None else bytes.fromhex(tdol),
        ContactlessLimits(
            limits.get("transaction_limit"),
            limits.get("on_device_cvm_limit"),
            limits.get("cvm_limit"),
            limits.get("floor_limit"),
        ),
    )


def request(file: dict) -> Request:
    asked = file["transaction"]
    clock = file["terminal"]["clock"]
    counter = asked.get("9F41")
    return Request(
        asked["amount"],
        tuple([int(clock[at : at + length]) for at, length in ((0, 4), (5, 2), (8, 2), (11, 2), (14, 2), (17, 2))]),
        asked.get("amount_other", 0),
        int(asked.get("type", "00"), 16),
        None if counter is None else int(counter),
    )


class Draws:
    """The numbers of `terminal.random`, one for each draw."""

    def __init__(self, listed: list[str]) -> None:
        self._listed = [bytes.fromhex(number) for number in listed]

    def __call__(self, length: int) -> bytes:
        if not self._listed:
            raise NotReplayable(f"a random number of {length} bytes was drawn, none is left")
        number = self._listed.pop(0)
        if len(number) != length:
            raise NotReplayable(f"a random number of {length} bytes was drawn, the next has {len(number)}")
        return number
