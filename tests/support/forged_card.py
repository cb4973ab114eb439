"""A card whose certificates and signatures are made here, each field as a test wants it (Book 2, tables 2 to 20).

The keys are short, for speed, and test keys: public.
"""

from __future__ import annotations

from hashlib import sha1

from emv.certificates.ca_keys import CaKey
from emv.tlv import encode

RID = bytes.fromhex("A000000003")
PAN = bytes.fromhex("4970101234567810")
TODAY = bytes.fromhex("261121")


class Key:
    """RSA with exponent 3, by modulus and private exponent."""

    def __init__(self, modulus: str, private: str) -> None:
        self.modulus = bytes.fromhex(modulus)
        self._number = int(modulus, 16)
        self._private = int(private, 16)

    def sign(self, block: bytes) -> bytes:
        assert len(block) == len(self.modulus)
        return pow(int.from_bytes(block, "big"), self._private, self._number).to_bytes(len(block), "big")


CA = Key(
    (
        "D271090F94FD81C513C032830A323D942606105C4ABDC3E8EF9527300648CE5A3A8EE6BC47211971510D56D1BBCF4F9E91E2"
        "9BEFAC015E7A17E0E809CA23CF95B5A59D19413F1BA80CAC3813265EDA421F9000CCC1821999B672015F8DD2837BF072846A"
        "7955AFCBB1195F9C15FF5FCBB978332E2DFD8DB7BB78C65D8DB7A5C1"
    ),
    (
        "8C4B5B5FB8A9012E0D2ACC575C217E62C4040AE831D3D7F09FB8C4CAAEDB343C2709EF282F6B664B8B5E39E127DF8A69B697"
        "129FC800E9A6BA95F00686C28A62977D0D19A7BD68B94B6561EDD5ABEB5C96A7D81C74395E373607B48D9F81EC99198ADC38"
        "FE6466E0ED3C488FB1965F846EDF2427DDCA4EE7DC668508ED04DCCB"
    ),
)
ISSUER = Key(
    (
        "B8DA85DBD4568F496E0EAF30FEADAEFD2CBF26B805E59C22BFCA76FB024B196DEFED39DA4895BCB798E28F2520E2742213B1"
        "87E5ACA23D57BE676B08D89DF1DEE3F5111D91E063DD7318641522AF9D0D7236E789180EC86A34DE15295F59B76C23158354"
        "0AC5CA01F8BDDACFF5EF27ED"
    ),
    (
        "7B3C593D3839B4DB9EB474CB5473C9FE1DD4C47AAE9912C1D531A4A756DCBB9E9FF37BE6DB0E7DCFBB41B4C36B41A2C16276"
        "5A991DC17E395AEFFA75C99D307E4F79E98286ABA509D5133F927F0DDCA7C709B5C7D461F142F70845063B844405DAE6B951"
        "9916527F6CD5DAAED4517A6B"
    ),
)
CARD = Key(
    (
        "A3A4921461A4C78C4940478F99CA9F1008D4ACDFAB26A5E1B1B83C89FAA23419907F297D6CC2B6D45D75C6FB40CF3B6EFE7C"
        "36B4771C1A26BC6717B2F5A46382FDB5FF79A2305E46592EA20E079EBD85AD0D0FC5FCDDFE51"
    ),
    (
        "6D186162EBC32FB2DB802FB51131BF6005E31DEA7219C3EBCBD0285BFC6C22BBB5AA1BA8F32C79E2E8F92F5119F23DAD73E6"
        "81F616E621FE5CD515170AE5A095BCEDA766485C00D82877683DB98EEAA971830D2F6E2D1C4B"
    ),
)

CA_KEY = CaKey(RID, 0xF1, CA.modulus, b"\x03")
ISSUER_KEY = (ISSUER.modulus, b"\x03")
CARD_KEY = (CARD.modulus, b"\x03")


def signed(
    signer: Key, content: bytes, more: bytes, header: int = 0x6A, trailer: int = 0xBC, digest: bytes = b""
) -> bytes:
    """`content` padded with BB, its hash with `more` after it, between header and trailer."""
    content += b"\xbb" * (len(signer.modulus) - 22 - len(content))
    digest = digest or sha1(content + more).digest()
    return signer.sign(bytes((header,)) + content + digest + bytes((trailer,)))


def certificate(
    signer: Key,
    key: Key,
    tags: tuple[int, int, int],
    form: int,
    subject: str,
    date: str = "1249",
    hash_algorithm: int = 1,
    key_algorithm: int = 1,
    key_length: int | None = None,
    exponent: bytes = b"\x03",
    exponent_length: int | None = None,
    modulus: bytes | None = None,
    static_data: bytes = b"",
    **more: object,
) -> dict[int, bytes]:
    """Certificate, exponent and remainder under `tags`; every other argument may be a lie."""
    modulus = modulus or key.modulus
    start = bytes((form,)) + bytes.fromhex(subject + date + "000001") + bytes((hash_algorithm, key_algorithm))
    start += bytes((key_length or len(modulus), exponent_length or len(exponent)))
    room = len(signer.modulus) - 22 - len(start)
    remainder = modulus[room:]
    found = {tags[0]: signed(signer, start + modulus[:room], remainder + exponent + static_data, **more)}
    found[tags[1]] = exponent
    if remainder:
        found[tags[2]] = remainder
    return found


def issuer_certificate(**lies: object) -> dict[int, bytes]:
    made = {"form": 2, "subject": "49701012"}
    made.update(lies)
    return certificate(CA, ISSUER, (0x90, 0x9F32, 0x92), **made)


def card_certificate(tags: tuple[int, int, int] = (0x9F46, 0x9F47, 0x9F48), **lies: object) -> dict[int, bytes]:
    made = {"form": 4, "subject": PAN.hex() + "ffff"}
    made.update(lies)
    return certificate(ISSUER, CARD, tags, **made)


def pin_certificate(**lies: object) -> dict[int, bytes]:
    return card_certificate((0x9F2D, 0x9F2E, 0x9F2F), **lies)


def static_signature(static_data: bytes, form: int = 3, hash_algorithm: int = 1, **lies: object) -> bytes:
    return signed(ISSUER, bytes((form, hash_algorithm)) + b"\xda\xc0", static_data, **lies)


def dynamic_signature(
    dynamic_data: bytes,
    terminal_data: bytes,
    form: int = 5,
    hash_algorithm: int = 1,
    length: int | None = None,
    **lies: object,
) -> bytes:
    """`dynamic_data` begins with the ICC dynamic number behind its length."""
    counted = len(dynamic_data) if length is None else length
    return signed(CARD, bytes((form, hash_algorithm, counted)) + dynamic_data, terminal_data, **lies)


def cda_answer(
    listed: bytes, number: bytes, kind: int = 0x40, signed_kind: int | None = None, clear: bytes = b"", **lies: object
) -> bytes:
    """Answer to GENERATE AC with a signature (Book 2, table 19); `listed`: what PDOL and CDOLs have given."""
    before = encode(0x9F27, bytes((kind,))) + encode(0x9F36, b"\x00\x07") + clear
    after = encode(0x9F10, bytes.fromhex("06011203A00000"))
    transaction_hash = lies.pop("transaction_hash", sha1(listed + before + after).digest())
    inside = bytes((kind if signed_kind is None else signed_kind,)) + b"\x22" * 8 + transaction_hash
    signature = dynamic_signature(b"\x04\x01\x02\x03\x04" + inside, number, **lies)
    return encode(0x77, before + encode(0x9F4B, signature) + after)
