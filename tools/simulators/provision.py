"""What a key loading room does to an emulated reader: TEST KEYS into its storage, none of which it shares."""

from __future__ import annotations

import hmac
from hashlib import sha256

import cbor2

from firmware.checked import checked
from firmware.secure import merchant_code
from firmware.secure.key_files import ACQUIRER_KEY, TEST_KEYS
from tools.simulators import contract, scheme
from tools.simulators.key_host import COUNTER_BITS, KEY_DERIVATION, AcquirerKeys, acquirer_keys, derived

MERCHANT_CODE = "123456"  # of test readers: the merchant types it on the reader before a refund of no sale


def reader_files(serial: str) -> dict[str, bytes]:
    """The storage files of a reader just loaded, as firmware/secure reads them, and "ca_keys".

    They belong into a reader once: loaded again, its counter would start again (attacks/P-05).
    """
    keys = acquirer_keys()
    return {
        "keys": TEST_KEYS + bytes((keys.token_key_version,)) + keys.token_key,
        "dukpt": checked(_dukpt_state(keys, key_id(keys, serial))),
        "ca_keys": ca_keys(),
        ACQUIRER_KEY: TEST_KEYS + contract.modulus(),
        merchant_code.FILE: _merchant_code(keys, sha256(serial.encode()).digest()[:16]),
    }


def key_id(keys: AcquirerKeys, serial: str) -> bytes:
    """Initial key id of the reader: the base key's id and four bytes that are the reader's own."""
    return keys.base_derivation_key_id + sha256(serial.encode()).digest()[:4]


def ca_keys() -> bytes:
    """CBOR list of {rid, index, modulus, exponent, checksum} of the simulated schemes."""
    return cbor2.dumps(
        [
            {
                "rid": key.rid,
                "index": key.index,
                "modulus": key.modulus,
                "exponent": key.exponent,
                "checksum": key.checksum,
            }
            for key in (row.ca_public_key for row in scheme.schemes())
        ],
        canonical=True,
    )


def _merchant_code(keys: AcquirerKeys, salt: bytes) -> bytes:
    """Of MERCHANT_CODE; written apart from firmware/secure/merchant_code.py."""
    key = hmac.digest(keys.token_key, b"merchant code", "sha256")
    value = hmac.digest(key, salt + bytes(int(digit) for digit in MERCHANT_CODE), "sha256")
    for _ in range(1000):
        value = hmac.digest(key, value, "sha256")
    return TEST_KEYS + salt + value


def _dukpt_state(keys: AcquirerKeys, identifier: bytes) -> bytes:
    """Initial key id, first counter, registers. The initial key itself stays outside (X9.24-3, Load Initial Key)."""
    initial = keys.initial_key(identifier)
    registers = (derived(initial, KEY_DERIVATION, identifier, 1 << bit) for bit in range(COUNTER_BITS))
    return identifier + (1).to_bytes(4, "big") + b"".join(registers)
