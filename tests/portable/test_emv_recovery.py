"""Each check of Book 2 on certificates and signatures, by a card that fails just that one."""

from __future__ import annotations

from emv.certificates import recovery
from emv.certificates.ca_keys import CaKey
from emv.errors import NotAuthentic
from tests.support.forged_card import (
    CA_KEY,
    CARD,
    CARD_KEY,
    ISSUER,
    ISSUER_KEY,
    PAN,
    TODAY,
    card_certificate,
    dynamic_signature,
    issuer_certificate,
    pin_certificate,
    static_signature,
)

BLOCK_LIES = (
    ({"trailer": 0xBD}, "signature_trailer"),
    ({"header": 0x6B}, "signature_header"),
    ({"form": 9}, "signature_format"),
    ({"hash_algorithm": 2}, "signature_algorithm"),
    ({"digest": bytes(20)}, "signature_hash"),
)
KEY_LIES = (
    ({"key_algorithm": 2}, "key_algorithm"),
    ({"exponent": b"\x05"}, "key_exponent"),
    ({"exponent": b"\x03\x03"}, "key_exponent"),
    ({"exponent_length": 3}, "key_exponent"),
    ({"date": "1126"}, ""),
    ({"date": "1026"}, "certificate_expired"),
    ({"date": "1250"}, "certificate_expired"),
    ({"date": "1349"}, "certificate_date"),
    ({"date": "0049"}, "certificate_date"),
    ({"date": "124A"}, "certificate_date"),
)


def refused(call: object, *arguments: object) -> tuple[str, int]:
    """(rule, the object that it is told of), or "" and 0."""
    try:
        call(*arguments)
    except NotAuthentic as fault:
        return fault.why, fault.tags[0]
    return "", 0


def data(*parts: dict) -> dict[int, bytes]:
    together = {0x5A: PAN, 0x9A: TODAY}
    for part in parts:
        together.update(part)
    return together


def issuer(ca_key: CaKey = CA_KEY, **lies: object) -> str:
    why, tag = refused(recovery.issuer_key, ca_key, data(issuer_certificate(**lies)))
    assert not why or tag == 0x90
    return why


def test_keys_are_recovered() -> None:
    assert recovery.issuer_key(CA_KEY, data(issuer_certificate())) == ISSUER_KEY
    certificate = card_certificate(static_data=b"static")
    assert recovery.icc_key(ISSUER_KEY, data(certificate), [b"sta", b"tic"]) == CARD_KEY
    assert recovery.icc_key(ISSUER_KEY, data(pin_certificate()), [], recovery.PIN_ENCIPHERMENT) == CARD_KEY


def test_exponent_65537() -> None:
    assert recovery.issuer_key(CA_KEY, data(issuer_certificate(exponent=b"\x01\x00\x01")))[1] == b"\x01\x00\x01"


def test_issuer_certificate() -> None:
    """Book 2, 5.3, table 6."""
    for lie, why in BLOCK_LIES + KEY_LIES:
        assert issuer(**lie) == why, lie
    shorter = issuer_certificate()
    shorter[0x90] = shorter[0x90][1:]
    assert refused(recovery.issuer_key, CA_KEY, data(shorter)) == ("signature_length", 0x90)


def test_issuer_identifier() -> None:
    """3 to 8 digits, F behind them."""
    for identifier in ("497FFFFF", "4970FFFF", "4970101F", "49701012"):
        assert issuer(subject=identifier) == "", identifier
    for identifier in ("49FFFFFF", "FFFFFFFF", "498FFFFF", "49701013", "4F701012"):
        assert issuer(subject=identifier) == "issuer_identifier_differs", identifier


def test_revoked_issuer_certificate() -> None:
    revoking = CaKey(CA_KEY.rid, 0xF1, CA_KEY.modulus, b"\x03", None, (b"\x00\x00\x02", b"\x00\x00\x01"))
    assert issuer(revoking) == "certificate_revoked"
    revoking = CaKey(CA_KEY.rid, 0xF1, CA_KEY.modulus, b"\x03", None, (b"\x00\x00\x02",))
    assert issuer(revoking) == ""


def test_length_of_the_issuer_key() -> None:
    """With its remainder it is as long as the certificate says, and no longer than the authority's."""
    full = issuer_certificate()
    missing = data(full)
    del missing[0x92]
    assert refused(recovery.issuer_key, CA_KEY, missing) == ("authentication_data_missing", 0x92)
    assert issuer(key_length=111) == "key_length"
    assert issuer(key_length=129) == "key_length"
    assert issuer(modulus=ISSUER.modulus[:63] + b"\x01") == ""
    assert issuer(modulus=ISSUER.modulus[:62] + b"\x01") == "key_length"


def test_modulus_of_the_issuer_key() -> None:
    assert issuer(modulus=ISSUER.modulus[:-1] + b"\x02") == "key_modulus"
    assert issuer(modulus=b"\x00" + ISSUER.modulus[1:]) == "key_modulus"


def test_card_certificate() -> None:
    """Book 2, 6.4, table 14, and 7.1, table 24: a key for PINs is checked the same way, without static data."""
    for make, tags in ((card_certificate, recovery.ICC), (pin_certificate, recovery.PIN_ENCIPHERMENT)):
        for lie, why in BLOCK_LIES + KEY_LIES:
            found = refused(recovery.icc_key, ISSUER_KEY, data(make(**lie)), [], tags)
            assert found == (why, tags[0] if why else 0), lie
        missing = data(make())
        del missing[tags[2]]
        assert refused(recovery.icc_key, ISSUER_KEY, missing, [], tags) == ("authentication_data_missing", tags[2])
        shorter = make()
        shorter[tags[0]] = shorter[tags[0]][1:]
        assert refused(recovery.icc_key, ISSUER_KEY, data(shorter), [], tags) == ("signature_length", tags[0])
        for lie in ({"key_length": 87}, {"key_length": 113}, {"modulus": CARD.modulus[:62] + b"\x01"}):
            assert refused(recovery.icc_key, ISSUER_KEY, data(make(**lie)), [], tags)[0] == "key_length", lie
        even = make(modulus=CARD.modulus[:-1] + b"\x02")
        assert refused(recovery.icc_key, ISSUER_KEY, data(even), [], tags)[0] == "key_modulus"


def test_account_number_of_the_card_certificate() -> None:
    for subject in ("4970101234567811ffff", "4970101234567810ff00", "ffff4970101234567810", "ff" * 10):
        found = refused(recovery.icc_key, ISSUER_KEY, data(card_certificate(subject=subject)), [])
        assert found == ("certificate_pan_differs", 0x9F46), subject


def test_static_data_of_the_card_certificate() -> None:
    certified = data(card_certificate(static_data=b"static"))
    for static_data in ([], [b"statiC"], [b"static", b"\x3c\x00"]):
        assert refused(recovery.icc_key, ISSUER_KEY, certified, static_data) == ("signature_hash", 0x9F46)


def test_static_signature() -> None:
    """Book 2, 5.4, table 7."""
    assert recovery.static_signature(ISSUER_KEY, {0x93: static_signature(b"data")}, [b"da", b"ta"]) == b"\xda\xc0"
    for lie, why in BLOCK_LIES:
        found = refused(recovery.static_signature, ISSUER_KEY, {0x93: static_signature(b"data", **lie)}, [b"data"])
        assert found == (why, 0x93), lie
    signature = {0x93: static_signature(b"data")}
    assert refused(recovery.static_signature, ISSUER_KEY, signature, [b"datb"]) == ("signature_hash", 0x93)
    signature[0x93] += b"\x00"
    assert refused(recovery.static_signature, ISSUER_KEY, signature, [b"data"]) == ("signature_length", 0x93)


def test_dynamic_signature() -> None:
    """Book 2, 6.5.2, table 17."""
    inside = b"\x02\x11\x22"
    assert recovery.dynamic_signature(CARD_KEY, dynamic_signature(inside, b"number"), b"number") == inside
    for lie, why in BLOCK_LIES:
        signature = dynamic_signature(inside, b"number", **lie)
        assert refused(recovery.dynamic_signature, CARD_KEY, signature, b"number") == (why, 0x9F4B), lie
    signature = dynamic_signature(inside, b"number")
    assert refused(recovery.dynamic_signature, CARD_KEY, signature, b"numbeR") == ("signature_hash", 0x9F4B)
    assert refused(recovery.dynamic_signature, CARD_KEY, signature[:-1], b"number")[0] == "signature_length"
    room = len(CARD.modulus) - 25
    for length, why in ((room, ""), (room + 1, "dynamic_data_length"), (255, "dynamic_data_length")):
        signature = dynamic_signature(inside, b"number", length=length)
        assert refused(recovery.dynamic_signature, CARD_KEY, signature, b"number")[0] == why, length


def test_dynamic_number() -> None:
    """2 to 8 bytes behind their length."""
    for number in (2, 8):
        inside = bytes((number,)) + b"\x11" * number
        assert recovery.dynamic_number(inside + b"more") == b"\x11" * number
    for malformed in (b"", b"\x00", b"\x01\x11", b"\x09" + bytes(9), b"\x08" + bytes(7)):
        assert refused(recovery.dynamic_number, malformed) == ("dynamic_data_length", 0x9F4B), malformed
