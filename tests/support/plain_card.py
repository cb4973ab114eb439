"""A card without cryptography: it answers as a personalised card does, and its cryptograms are constants.

Enough to drive the real kernel online, on either runtime; tools/simulators has cards whose cryptograms are computed.
"""

from __future__ import annotations

from emv.tlv import encode

OK = b"\x90\x00"
NOT_FOUND = b"\x6a\x82"
AID = bytes.fromhex("A0000000421010")
VISA = bytes.fromhex("A0000000031010")
PPSE = b"2PAY.SYS.DDF01"
PAN = "4970101234567890"
CRYPTOGRAM = bytes.fromhex("A1A2A3A4A5A6A7A8")
APPLICATION_DATA = bytes.fromhex("06011203A00000")

CDOL1 = bytes.fromhex("9F02069F03069F1A0295055F2A029A039C019F37049F35019F45029F4C089F3403")
CDOL2 = bytes.fromhex("8A0291089505")
CVM_ONLINE_PIN = bytes.fromhex("000000000000000002001F00")  # online PIN, always; then none
CVM_OFFLINE_PIN = bytes.fromhex("000000000000000001001F00")
CVM_NONE = bytes.fromhex("00000000000000001F00")


def template(tag: int, *objects: tuple[int, bytes]) -> bytes:
    return encode(tag, b"".join([encode(*item) for item in objects]))


class ChipCard:
    """Called with a command, gives the response. `tries`: of the offline PIN 1234. `second`: CID of the second AC."""

    def __init__(
        self, cvm_list: bytes = CVM_NONE, expiry: str = "301231", second: int = 0x40, cdol1: bytes = CDOL1
    ) -> None:
        self.tries = 3
        self._cvm_list = cvm_list
        self._expiry = bytes.fromhex(expiry)
        self._second = second
        self._cdol1 = cdol1
        self._generated = 0
        self.commands: list[bytes] = []

    def __call__(self, command: bytes) -> bytes:
        self.commands.append(bytes(command))
        answers = {0xA4: self._select, 0xA8: self._options, 0xB2: self._record, 0xAE: self._generate_ac}
        answers.update({0xCA: self._get_data, 0x20: self._verify})
        answer = answers.get(command[1])
        return answer(command) if answer is not None else b"\x6d\x00"

    def _select(self, command: bytes) -> bytes:
        if command[5:-1] != AID:
            return NOT_FOUND
        return template(0x6F, (0x84, AID), (0xA5, encode(0x50, b"CB") + encode(0x87, b"\x01"))) + OK

    def _options(self, command: bytes) -> bytes:
        return template(0x77, (0x82, b"\x18\x00"), (0x94, bytes.fromhex("08010100"))) + OK

    def _record(self, command: bytes) -> bytes:
        return (
            template(
                0x70,
                (0x5A, bytes.fromhex(PAN)),
                (0x5F34, b"\x01"),
                (0x5F24, self._expiry),
                (0x5F28, b"\x02\x50"),
                (0x5F20, b"DUPONT/ANNE"),
                (0x9F07, b"\xff\x00"),
                (0x8C, self._cdol1),
                (0x8D, CDOL2),
                (0x8E, self._cvm_list),
                (0x9F0D, bytes(5)),
                (0x9F0E, bytes(5)),
                (0x9F0F, bytes.fromhex("F8F8FCF8F0")),
            )
            + OK
        )

    def _generate_ac(self, command: bytes) -> bytes:
        self._generated += 1
        information = self._second if self._generated == 2 else command[2] & 0xC0
        return (
            template(
                0x77,
                (0x9F27, bytes((information,))),
                (0x9F36, b"\x00\x2a"),
                (0x9F26, CRYPTOGRAM),
                (0x9F10, APPLICATION_DATA),
            )
            + OK
        )

    def _get_data(self, command: bytes) -> bytes:
        return encode(0x9F17, bytes((self.tries,))) + OK if command[2:4] == b"\x9f\x17" else b"\x6a\x88"

    def _verify(self, command: bytes) -> bytes:
        if command[5:] == bytes.fromhex("241234FFFFFFFFFF"):
            return OK
        self.tries -= 1
        return bytes((0x63, 0xC0 | self.tries)) if self.tries else b"\x69\x83"


class TapCard:
    """Kernel 3, online only. `qualifiers` is tag 9F6C."""

    def __init__(self, qualifiers: bytes = b"\x00\x00") -> None:
        self._qualifiers = qualifiers
        self.commands: list[bytes] = []

    def __call__(self, command: bytes) -> bytes:
        self.commands.append(bytes(command))
        if command[1] == 0xA8:
            return self._options()
        if command[5:-1] == PPSE:
            entry = template(0x61, (0x4F, VISA), (0x50, b"VISA"), (0x87, b"\x01"))
            return template(0x6F, (0x84, PPSE), (0xA5, encode(0xBF0C, entry))) + OK
        if command[5:-1] == VISA:
            pdol = bytes.fromhex("9F66049F02069F03069F1A0295055F2A029A039C019F3704")
            return template(0x6F, (0x84, VISA), (0xA5, encode(0x50, b"VISA") + encode(0x9F38, pdol))) + OK
        return NOT_FOUND

    def _options(self) -> bytes:
        return (
            template(
                0x77,
                (0x82, b"\x00\x00"),
                (0x57, bytes.fromhex(PAN + "D30122011234500000")),
                (0x5F34, b"\x01"),
                (0x9F10, APPLICATION_DATA),
                (0x9F26, CRYPTOGRAM),
                (0x9F27, b"\x80"),
                (0x9F36, b"\x00\x2a"),
                (0x9F6C, self._qualifiers),
            )
            + OK
        )
