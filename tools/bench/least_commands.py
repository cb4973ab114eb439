"""How few commands a transaction can do with: counted from what the card answered, not from what it was asked.

Each row says why it cannot be left out. A kernel that asks twice, or for what nobody needs, has more commands.
"""

from __future__ import annotations

from emv.transaction import Transaction

_READ_RECORD, _GET_PROCESSING_OPTIONS = 0xB2, 0xA8
_OFFLINE_PLAINTEXT, _OFFLINE_ENCIPHERED = (1, 3), (4, 5)


def least(transaction: Transaction) -> dict[str, int]:
    """Reason -> commands. Of a transaction whose card was taken at its first choice, and that came to its end."""
    needed = {
        "directory (Book 1, 12.2; Book B, 3.3.2)": 1,
        "SELECT of the application (Book 1, 12.4; Book B, 3.3.3)": 1,
        "GET PROCESSING OPTIONS (Book 3, 10.1)": 1,
        "records that the AFL lists (Book 3, 10.2)": _records_listed(transaction.data.get(0x94, b"")),
    }
    needed.update(_tap(transaction) if transaction.contactless else _chip(transaction))
    return {reason: commands for reason, commands in needed.items() if commands}


def _tap(transaction: Transaction) -> dict[str, int]:
    """Kernels of Visa and CB have their cryptogram with the processing options (Book C-3, 5.2.2)."""
    if transaction.application is None or transaction.application.kernel != 2:
        return {}
    return {
        "relay resistance (Book C-2, 3.10)": int(transaction.has_bit(0x82, 2, 0x01)),
        "GENERATE AC (Book C-2, 6)": 1,
    }


def _chip(transaction: Transaction) -> dict[str, int]:
    data = transaction.data
    method = data[0x9F34][0] & 0x3F
    offline_pin = method in _OFFLINE_PLAINTEXT or method in _OFFLINE_ENCIPHERED
    online = transaction.cid_first == 0x80
    return {
        "records of the directory, up to 6A83 (Book 1, 12.3.2)": _directory_records(transaction) + 1,
        "INTERNAL AUTHENTICATE (Book 2, 6.5)": int(transaction.oda == "dda"),
        "counters for velocity checking (Book 3, 10.6.3)": 2 if 0x9F14 in data and 0x9F23 in data else 0,
        "tries left, told to the cardholder (Book 3, 10.5.1)": int(offline_pin),
        "GET CHALLENGE (Book 2, 7.2)": int(method in _OFFLINE_ENCIPHERED),
        "VERIFY (Book 3, 10.5.1)": int(offline_pin),
        "first GENERATE AC (Book 3, 10.8)": 1,
        "EXTERNAL AUTHENTICATE (Book 3, 10.9)": int(0x91 in data and transaction.has_bit(0x82, 1, 0x04)),
        "second GENERATE AC (Book 3, 10.11)": int(online),
    }


def _records_listed(afl: bytes) -> int:
    return sum(afl[at + 2] - afl[at + 1] + 1 for at in range(0, len(afl), 4))


def _directory_records(transaction: Transaction) -> int:
    """Different ones that the card has."""
    records = set()
    for command, answer in transaction.exchange:
        if command[1] == _GET_PROCESSING_OPTIONS:
            break
        if command[1] == _READ_RECORD and answer[-2:] == b"\x90\x00":
            records.add(command[:4])
    return len(records)
