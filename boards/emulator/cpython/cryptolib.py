"""MicroPython's `cryptolib`, for CPython: AES in ECB and CBC over whole blocks."""

from __future__ import annotations

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

MODE_ECB = 1
MODE_CBC = 2


class aes:
    """One object goes one way: it encrypts or decrypts, and chains over its calls."""

    def __init__(self, key: bytes, mode: int, iv: bytes | None = None) -> None:
        if len(key) not in (16, 32):
            raise ValueError("key")
        if mode not in (MODE_ECB, MODE_CBC):
            raise ValueError("mode")
        if mode == MODE_CBC and (iv is None or len(iv) != 16):
            raise ValueError("IV")
        self._cipher = Cipher(algorithms.AES(bytes(key)), modes.CBC(bytes(iv)) if mode == MODE_CBC else modes.ECB())
        self._encryptor = None
        self._decryptor = None

    def encrypt(self, data, out=None):
        if self._decryptor is not None:
            raise ValueError("can't encrypt & decrypt")
        self._encryptor = self._encryptor or self._cipher.encryptor()
        return _run(self._encryptor, data, out)

    def decrypt(self, data, out=None):
        if self._encryptor is not None:
            raise ValueError("can't encrypt & decrypt")
        self._decryptor = self._decryptor or self._cipher.decryptor()
        return _run(self._decryptor, data, out)


def _run(context, data, out):
    if len(data) % 16:
        raise ValueError("blksize % 16")
    if out is not None and len(out) < len(data):
        raise ValueError("output too small")
    result = context.update(bytes(data))
    if out is None:
        return result
    out[: len(result)] = result
    return out
