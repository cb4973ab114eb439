"""A transaction's trace as a JSON file: what the till gives away and `zinc explain` reads. Bytes are hexadecimal.

{"zinc_trace": 1, "payment": {...}, "apdus": [[C-APDU, R-APDU, ms]], "objects": {tag: value}, "decisions": [{"step",
"rule", "bit": "95.4.8" or null, "tags", "apdu": index or null}]}
"""

from __future__ import annotations

import json
from typing import Any

from host.payment.card_exchange import read
from host.payment.explanation import BadTrace, Bit, Decision, Explanation
from host.payment.model import Payment

VERSION = 1


def name_of(payment: Payment) -> str:
    return f"zinc-trace-{(payment.transaction_id or b'').hex()}.json"


def text(payment: Payment, explanation: Explanation) -> str:
    file = {
        "zinc_trace": VERSION,
        "payment": {
            "transaction_id": (payment.transaction_id or b"").hex(),
            "interface": payment.interface,
            "amount": payment.amount.text("en"),
            "outcome": payment.outcome,
            "why": payment.why,
        },
        "apdus": [[each.command.hex(), each.response.hex(), each.milliseconds] for each in explanation.exchanges],
        "objects": {f"{tag:X}": value.hex() for tag, value in explanation.objects.items()},
        "decisions": [_row(decision) for decision in explanation.decisions],
    }
    return json.dumps(file, indent=1, ensure_ascii=False) + "\n"


def _row(decision: Decision) -> dict[str, Any]:
    return {
        "step": decision.step,
        "rule": decision.rule,
        "bit": decision.bit and decision.bit.name,
        "tags": [f"{tag:X}" for tag in decision.tags],
        "apdu": decision.apdu,
    }


def explanation(file: dict[str, Any]) -> Explanation:
    """Raises BadTrace."""
    try:
        exchanges = read([(bytes.fromhex(row[0]), bytes.fromhex(row[1]), int(row[2])) for row in file["apdus"]])
        decisions = tuple(_decision(row, len(exchanges)) for row in file["decisions"])
        objects = {int(tag, 16): bytes.fromhex(value) for tag, value in file["objects"].items()}
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise BadTrace(type(error).__name__) from None
    return Explanation(exchanges, decisions, objects)


def _decision(row: dict[str, Any], exchanges: int) -> Decision:
    bit = Bit.named(row["bit"]) if row["bit"] else None
    apdu = row["apdu"] if isinstance(row["apdu"], int) and 0 <= row["apdu"] < exchanges else None
    return Decision(row["step"], row["rule"], bit, tuple(int(tag, 16) for tag in row["tags"]), apdu)
