"""The acquirer's parameters as they come over HTTP: JSON of a version, and of contract and signature in base64."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode

from host.acquirer.errors import MalformedMessage
from host.acquirer.model import Parameters


def write_parameters(parameters: Parameters) -> bytes:
    """What the acquirer's side does."""
    sealed = {name: b64encode(getattr(parameters, name)).decode() for name in ("contract", "signature")}
    return json.dumps({"version": parameters.version} | sealed).encode()


def read_parameters(data: bytes) -> Parameters:
    """Raises MalformedMessage."""
    try:
        table = json.loads(data)
        version, contract, signature = table["version"], table["contract"], table["signature"]
        if type(version) is not int:
            raise ValueError("version")
        return Parameters(version, b64decode(contract, validate=True), b64decode(signature, validate=True))
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise MalformedMessage(type(error).__name__) from None
