"""The named messages of protocol/schema/examples, for either runtime. Byte strings stand in hex there."""

from __future__ import annotations

import json
import os

from protocol.generated.messages import BYTES, FIELDS, KINDS

FOLDER = "protocol/schema/examples"

BYTE_FIELDS = [FIELDS[key] for key in range(1, len(FIELDS)) if KINDS[key] == BYTES]


def names() -> list[str]:
    return sorted([name[:-5] for name in os.listdir(FOLDER)])


def load(name: str) -> tuple[dict, bytes]:
    """The message and its encoding."""
    with open(FOLDER + "/" + name + ".json") as file:
        example = json.load(file)
    message = {}
    for field, value in example["message"].items():
        message[field] = bytes.fromhex(value) if field in BYTE_FIELDS else value
    return message, bytes.fromhex(example["cbor"])
