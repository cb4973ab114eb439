"""The reader's QR codes are, module for module, those of another encoder."""

from __future__ import annotations

import pytest
from reportlab.graphics.barcode import qrencoder

from firmware.screens.qr_code import LONGEST, qr_code

LOWEST = qrencoder.QRErrorCorrectLevel.L
URL = b"https://fournil.example/f/2026-11?version=3&language=nl&shop=12#top-of-the-page/and-a-little-more-of-the-same-text-"


def by_another(text: bytes, version: int) -> list[list[bool]]:
    """With our mask, which an encoder is free to choose."""
    code = qrencoder.QRCode(version, LOWEST)
    code.addData(qrencoder.QR8bitByte(text))
    code.dataCache = qrencoder.QRCode.createData(version, LOWEST, code.dataList)
    code.makeImpl(False, 0)
    return [[bool(module) for module in row] for row in code.modules]


@pytest.mark.parametrize("length", range(1, LONGEST + 1))
def test_each_length_is_as_another_encoder_has_it(length: int) -> None:
    size, modules = qr_code(URL[:length])
    rows = [[bool(modules[row * size + column]) for column in range(size)] for row in range(size)]
    assert rows == by_another(URL[:length], (size - 17) // 4)
    assert set(modules) == {0, 1}


def test_a_code_is_no_larger_than_it_must_be() -> None:
    sizes = [qr_code(URL[:length])[0] for length in (17, 18, 32, 33, 53, 54, 78, 79, LONGEST)]
    assert sizes == [21, 25, 25, 29, 29, 33, 33, 37, 37]
