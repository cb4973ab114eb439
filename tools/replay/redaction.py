"""A redacted transcript has no RSA block and no account number left: what data authentication gave is then taken from
`expect`, `oda` and the failure bits of the TVR, and account numbers are not compared."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv.errors import NotAuthentic

if TYPE_CHECKING:
    from typing import Any

    from emv.transaction import Transaction

_APPLICATION_CRYPTOGRAM = 0x9F26
_ICC_DYNAMIC_NUMBER = 0x9F4C
_PAN, _TRACK_2 = 0x5A, 0x57
_FAILED = {"sda": 0x40, "dda": 0x08, "cda": 0x04}  # TVR byte 1
_INTERNAL_AUTHENTICATE, _GENERATE_AC, _SIGNED = 0x88, 0xAE, 0x10
_VERIFY, _ENCIPHERED = 0x20, 0x88


class Trust:
    """While it is entered the checks of a redacted file give what the file says that they gave."""

    def __init__(self, file: dict, expect: dict) -> None:
        self._redacted = file.get("redacted", False)
        self._contactless = file["interface"] == "contactless"
        self._expect = expect
        self._commands = [bytes.fromhex(row[0]) for row in file["exchange"]] if self._redacted else []
        self._kept: list[tuple[Any, str, Any]] = []
        self._signatures = 0  # checked so far
        self.note = "data authentication taken from expect.oda: the file is redacted" if self._redacted else None

    def __enter__(self) -> Trust:
        if self._redacted:
            # As loaded now: the kernel may have let go of its modules since this one was imported.
            from emv.certificates import recovery

            self._replace(recovery, "issuer_key", self._key)
            self._replace(recovery, "icc_key", self._key)
            self._replace(recovery, "static_signature", self._code)
            self._replace(recovery, "dynamic_signature", self._dynamic)
            from emv.kernel import application_cryptogram, brand_consistency

            self._replace(brand_consistency, "check", self._compare_brand)
            self._replace(application_cryptogram, "check_signature", self._combined)
            if self._contactless:
                from emv.contactless import kernel_c2_outcome, kernel_c3_decision

                self._replace(kernel_c2_outcome, "_check_relay_resistance", _accept)
                self._replace(kernel_c3_decision, "_check_account_number", _accept)
        return self

    def __exit__(self, *_: object) -> None:
        for module, name, kept in self._kept:
            setattr(module, name, kept)

    def _replace(self, module: Any, name: str, stand_in: Any) -> None:
        self._kept.append((module, name, getattr(module, name)))
        setattr(module, name, stand_in)

    def _compare_brand(self, transaction: Transaction) -> None:
        """A number of nothing but zeros says of no scheme that it is its."""
        if any(transaction.data.get(_PAN, b"")[:2]) or any(transaction.data.get(_TRACK_2, b"")[:2]):
            next(kept for _, name, kept in self._kept if name == "check")(transaction)

    def _has_failed(self) -> bool:
        """By the end of the run: nothing was authenticated, or the bit of the method's failure is set."""
        oda = self._expect.get("oda", "none")
        if oda == "fdda":
            return self._expect.get("outcome", "approved") != "approved"
        tvr = self._expect.get("tvr") or self._expect.get("tvr_first") or "00"
        return oda == "none" or int(tvr[:2], 16) & _FAILED.get(oda, 0) != 0

    def _to_be_signed(self) -> int:
        """Commands that ask the card for a signature: a terminal sends them only once it has the card's key."""
        return len(
            [
                command
                for command in self._commands
                if command[1] == _INTERNAL_AUTHENTICATE or (command[1] == _GENERATE_AC and command[2] & _SIGNED)
            ]
        )

    def _key_length(self) -> int:
        """An enciphered PIN is as long as the key, and its padding was drawn for that."""
        for command in self._commands:
            if command[1] == _VERIFY and command[3] == _ENCIPHERED:
                return command[4]
        return 1

    def _key(self, *_: object) -> tuple[bytes, bytes]:
        if self._has_failed() and self._expect.get("oda") in ("none", "dda", "cda", None) and not self._to_be_signed():
            raise NotAuthentic("signature_hash")
        return bytes(self._key_length()), b"\x03"

    def _check(self) -> None:
        """What failed is the last signature of the run."""
        self._signatures += 1
        if self._has_failed() and self._signatures >= self._to_be_signed():
            raise NotAuthentic("signature_hash")

    def _code(self, *_: object) -> bytes:
        self._check()
        return bytes.fromhex(self._expect.get("data", {}).get("9F45", "0000"))

    def _dynamic(self, *_: object) -> bytes:
        self._check()
        number = bytes.fromhex(self._expect.get("data", {}).get("9F4C", "0000"))
        return bytes((len(number),)) + number

    def _combined(self, transaction: Transaction, *_: object) -> bytes:
        """Cryptogram and ICC dynamic number of a CDA answer are in the signature, which is gone: `expect` has them."""
        self._check()
        number = self._expect.get("data", {}).get("9F4C")
        if number is not None:
            transaction.put(_ICC_DYNAMIC_NUMBER, bytes.fromhex(number))
        if "ac" in self._expect:
            transaction.put(_APPLICATION_CRYPTOGRAM, bytes.fromhex(self._expect["ac"]))
        return b""


def _accept(*_: object) -> None:
    pass
