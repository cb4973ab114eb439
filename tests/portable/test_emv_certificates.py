"""Keys and signatures of a scheme's test card (the contactless transcript of tests/cards), and each check broken."""

from __future__ import annotations

import json

from emv import tlv
from emv.certificates import recovery
from emv.certificates.ca_keys import CaKey
from emv.errors import NotAuthentic, ProfileFault


def card() -> tuple[CaKey, dict[int, bytes], list[bytes], bytes]:
    """(CA key, data, signed record, answer to GENERATE AC)."""
    with open("tests/cards/contactless_mchip_cda_offline_approved.json") as text:
        file = json.load(text)
    key = file["terminal"]["ca_keys"][0]
    ca_key = CaKey(bytes.fromhex(key["rid"]), 0xEF, bytes.fromhex(key["modulus"]), bytes.fromhex(key["exponent"]))
    data = {0x9A: bytes.fromhex("120315"), 0x9F37: bytes.fromhex("000EEC85")}
    records = [bytes.fromhex(row[1])[:-2] for row in file["exchange"][3:7]]
    for record in records:
        data.update(dict(tlv.objects(record)))
    start, end = tlv.only(records[0], 0x70)
    # Tag 9F4A of this card names the AIP.
    return ca_key, data, [records[0][start:end], b"\x59\x80"], bytes.fromhex(file["exchange"][7][1])[:-2]


def refused(call: object, *arguments: object) -> str:
    try:
        call(*arguments)
    except NotAuthentic as fault:
        return fault.why
    return ""


def changed(data: dict[int, bytes], tag: int, value: bytes) -> dict[int, bytes]:
    altered = dict(data)
    altered[tag] = value
    return altered


def flipped(value: bytes, at: int = 0) -> bytes:
    altered = bytearray(value)
    altered[at] ^= 1
    return bytes(altered)


def test_from_authority_to_card_to_signature() -> None:
    ca_key, data, signed, answer = card()
    issuer = recovery.issuer_key(ca_key, data)
    icc = recovery.icc_key(issuer, data, signed)
    signature = dict(tlv.objects(answer))[0x9F4B]
    dynamic = recovery.dynamic_signature(icc, signature, data[0x9F37])
    assert recovery.dynamic_number(dynamic).hex() == "36df6d9e2104092e"


def test_issuer_certificate_checks() -> None:
    ca_key, data, _, _ = card()
    why = lambda tag, value: refused(recovery.issuer_key, ca_key, changed(data, tag, value))  # noqa: E731
    assert why(0x90, data[0x90][1:]) == "signature_length"
    assert why(0x90, flipped(data[0x90], 100)) == "signature_trailer"
    assert why(0x9F32, b"\x03") == "signature_hash"
    assert why(0x92, b"\x01") == "signature_hash"
    assert why(0x5A, bytes.fromhex("4970101234567810")) == "issuer_identifier_differs"
    assert why(0x9A, bytes.fromhex("491231")) == "certificate_expired"
    assert why(0x9A, bytes.fromhex("120315")) == ""


def test_card_certificate_checks() -> None:
    ca_key, data, signed, _ = card()
    issuer = recovery.issuer_key(ca_key, data)
    why = lambda tag, value: refused(recovery.icc_key, issuer, changed(data, tag, value), signed)  # noqa: E731
    assert why(0x9F46, data[0x9F46][:-1]) == "signature_length"
    assert why(0x9F48, flipped(data[0x9F48])) == "signature_hash"
    assert why(0x9F47, b"\x03") == "signature_hash"
    assert why(0x5A, flipped(data[0x5A])) == "certificate_pan_differs"
    assert refused(recovery.icc_key, issuer, data, [flipped(signed[0], 5)]) == "signature_hash"
    assert refused(recovery.icc_key, issuer, data, []) == "signature_hash"


def test_dynamic_signature_checks() -> None:
    ca_key, data, signed, answer = card()
    icc = recovery.icc_key(recovery.issuer_key(ca_key, data), data, signed)
    signature = dict(tlv.objects(answer))[0x9F4B]
    assert refused(recovery.dynamic_signature, icc, signature, b"\x00\x0e\xec\x86") == "signature_hash"
    assert refused(recovery.dynamic_signature, icc, flipped(signature, 70), data[0x9F37]) == "signature_trailer"
    for malformed in (b"", b"\x01A", b"\x09" + bytes(9), b"\x08" + bytes(7)):
        assert refused(recovery.dynamic_number, malformed) == "dynamic_data_length", malformed


def test_a_ca_key_whose_checksum_fails_is_refused() -> None:
    ca_key, _, _, _ = card()
    good = bytes.fromhex("21766EBB0EE122AFB65D7845B73DB46BAB65427A")
    CaKey(ca_key.rid, 0xEF, ca_key.modulus, ca_key.exponent, good)
    assert key_refused(ca_key.rid, 0xEE, ca_key.modulus, b"\x03", good) == "ca_key_checksum"
    assert key_refused(ca_key.rid, 0xEF, flipped(ca_key.modulus, 9), b"\x03", good) == "ca_key_checksum"


def test_a_ca_key_of_another_exponent_is_refused() -> None:
    ca_key, _, _, _ = card()
    assert key_refused(ca_key.rid, 0xEF, ca_key.modulus, b"\x01") == "ca_key_malformed"


def key_refused(*arguments: object) -> str:
    try:
        CaKey(*arguments)
    except ProfileFault as fault:
        return fault.why
    return ""
