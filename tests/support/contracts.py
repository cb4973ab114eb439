"""Contracts signed by the test acquirer, for both runtimes: (what is signed, signature) by name.

`python -m tests.support.contracts` signs them anew (CPython): tests/vectors/contracts.json.
"""

from __future__ import annotations

import json

FILE = "tests/vectors/contracts.json"
LIMITS = {"allowed": True, "amount_minor": 5000, "sum_minor": 10000, "count": 3, "age_hours": 24}

TERMS: dict = {
    "online": {},
    "store_and_forward": {"version": 2, "store_and_forward": LIMITS},
    "without_tips": {"version": 3, "tips": False, "completion_percent": 0},
    "of_dollars": {"version": 4, "currency": 840},
    "of_no_hour": {"version": 5, "telecollection": {"time": "24:00", "zone": "Europe/Paris"}},
    "of_no_limit": {"version": 6, "store_and_forward": {"allowed": True}},
    "too_generous": {"version": 7, "completion_percent": 101},
    "of_no_version": {"version": 0},
    "of_tomorrow": {"version": 8, "instalments": 4},
}


def modulus() -> bytes:
    return bytes.fromhex(_load()["modulus"])


def signed(name: str) -> tuple[bytes, bytes]:
    content, signature = _load()["contracts"][name]
    return bytes.fromhex(content), bytes.fromhex(signature)


def _load() -> dict:
    with open(FILE) as file:
        return json.load(file)


def vectors() -> str:
    from tools.simulators import contract

    rows = {}
    for name, terms in TERMS.items():
        content = contract.contract(**terms)
        rows[name] = (content.hex(), contract.sign(content).hex())
    rows["no_contract"] = (b"\x00".hex(), contract.sign(b"\x00").hex())
    rows["no_cbor"] = (b"\xff".hex(), contract.sign(b"\xff").hex())
    return json.dumps({"modulus": contract.modulus().hex(), "contracts": rows}, indent=1) + "\n"


if __name__ == "__main__":
    with open(FILE, "w") as file:
        file.write(vectors())
