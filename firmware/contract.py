"""What the acquirer's contract allows and when it collects: signed, versioned (terminal/T-R26). docs/contract.md.

Storage file "contract": CBOR list of what was signed and its signature, verified each time it is read. Without one, or
with one that is not good, the reader takes payments online and nothing else is allowed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.errors import ContractRefused
from firmware.secure.key_files import ACQUIRER_KEY, TEST_KEYS
from firmware.secure.rsa_signature import is_good
from protocol import cbor
from protocol.errors import MalformedCbor

if TYPE_CHECKING:
    from typing import Any

    from firmware.drivers.storage import Storage

FILE = "contract"
LONGEST = 512
_MOST = 999_999_999_999

# Numbers: field, least, most
_NUMBERS = (
    ("version", 1, 0xFFFFFFFF),
    ("currency", 1, 999),
    ("completion_percent", 0, 100),
    ("preauthorisation_days", 1, 365),
)
_OFFLINE = (("amount_minor", 1, _MOST), ("sum_minor", 1, _MOST), ("count", 1, 500), ("age_hours", 1, 168))


class Contract:
    """`offline`: amount_minor, sum_minor, count, age_hours of store and forward; None: not allowed.

    `telecollection`: local time "HH:MM" and the name of its zone, or None.
    """

    version = 0
    id = ""
    currency = 0
    completion_percent = 15
    preauthorisation_days = 30
    tips = True
    offline: dict[str, int] | None = None
    telecollection: tuple[str, str] | None = None


def load(storage: Storage) -> Contract:
    """The one in force; that of a reader without a contract when there is none, or none that is good."""
    content = storage.read(FILE)
    if content is None:
        return Contract()
    try:
        signed, signature = cbor.decode(content)
        return opened(storage, signed, signature)
    except (MalformedCbor, ContractRefused, ValueError, TypeError):  # the latter two: no list of two byte strings
        return Contract()


def opened(storage: Storage, signed: bytes, signature: bytes) -> Contract:
    """Raises ContractRefused: bad_signature, or not_allowed for what was signed and is no contract."""
    key = storage.read(ACQUIRER_KEY) or b""
    if len(signed) > LONGEST or not key.startswith(TEST_KEYS) or not is_good(key[len(TEST_KEYS) :], signed, signature):
        raise ContractRefused("bad_signature")
    try:
        return _read(cbor.decode(signed))
    except (MalformedCbor, KeyError, TypeError, ValueError):
        raise ContractRefused("not_allowed") from None


def keep(storage: Storage, signed: bytes, signature: bytes) -> None:
    """Raises OSError; the one before stays then, and when the power is cut."""
    storage.replace(FILE, cbor.encode((signed, signature)))


def is_kept(storage: Storage, signed: bytes, signature: bytes) -> bool:
    return storage.read(FILE) == cbor.encode((signed, signature))


def _read(fields: dict[str, Any]) -> Contract:
    """Raises KeyError, TypeError or ValueError. A field that is not known is of a later firmware, and passed over."""
    contract = Contract()
    for name, value in _numbers(fields, _NUMBERS).items():
        setattr(contract, name, value)
    contract.id = _text(fields["id"], 1, 35)
    contract.tips = fields["tips"] is True
    offline, telecollection = fields["store_and_forward"], fields["telecollection"]
    if offline["allowed"] is True:
        contract.offline = _numbers(offline, _OFFLINE)
    contract.telecollection = (_time(telecollection["time"]), _text(telecollection["zone"], 1, 40))
    return contract


def _numbers(fields: dict[str, Any], table: tuple) -> dict[str, int]:
    read = {}
    for name, least, most in table:
        if not least <= fields[name] <= most:
            raise ValueError(name)
        read[name] = fields[name]
    return read


def _text(value: str, shortest: int, longest: int) -> str:
    if not isinstance(value, str) or not shortest <= len(value) <= longest:
        raise ValueError("text")
    return value


def _time(value: str) -> str:
    hour, minute = _text(value, 5, 5).split(":")
    if not (hour.isdigit() and minute.isdigit() and int(hour) < 24 and int(minute) < 60):
        raise ValueError("time")
    return value
