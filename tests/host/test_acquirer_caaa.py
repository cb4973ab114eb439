"""caaa.001 and caaa.002: what we write, python-iso20022 reads as the standard's; what is wrong is never an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from xsdata.formats.dataclass.parsers import XmlParser
from xsdata.formats.dataclass.parsers.config import ParserConfig

from host.acquirer.caaa import Parties, exchange_id
from host.acquirer.caaa_authorisation import read_answer, read_request, write_answer, write_request
from host.acquirer.errors import MalformedMessage
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest
from host.money import Money

NOW = datetime(2026, 11, 21, 9, 30, 15, 250000, tzinfo=UTC)
PARTIES = Parties("ZINC-ACQUIRER", "ZINC-0001", "Café du Zinc", "ZINC-POI-1")
REQUEST = AuthorisationRequest(
    transaction_id=bytes(range(16)),
    amount=Money(1250),
    interface="contact",
    icc_data=bytes.fromhex("9F2608A1B2C3D4E5F60718"),
    ksn=bytes(range(100, 112)),
    sealed_card=b"\x11" * 48,
    pin_block=b"\x22" * 16,
    mac=b"\x33" * 8,
    requested_at=NOW,
)
ANSWER = AuthorisationAnswer(
    REQUEST.transaction_id, True, b"00", "A1B2C3", bytes.fromhex("910A0102030405060708 3030"), b"\x44" * 8, True
)


def strictly(data: bytes, kind: Any) -> Any:
    """As python-iso20022 reads it; an element or value that the standard does not know raises."""
    config = ParserConfig(fail_on_unknown_properties=True, fail_on_converter_warnings=True)
    return XmlParser(config=config).from_bytes(data, kind)


def test_what_is_written_is_read_back() -> None:
    assert read_request(write_request(REQUEST, PARTIES)) == REQUEST
    assert read_answer(write_answer(ANSWER, REQUEST, NOW, PARTIES)) == ANSWER


def test_no_pin_no_code_no_data() -> None:
    bare = replace(REQUEST, pin_block=None, interface="contactless")
    assert read_request(write_request(bare, PARTIES)) == bare
    refused = replace(ANSWER, approved=False, response_code=b"51", authorisation_code=None, icc_data=b"")
    assert read_answer(write_answer(refused, bare, NOW, PARTIES)) == refused


def test_an_independent_reader_finds_the_request_where_the_standard_has_it() -> None:
    from python_iso20022.caaa.caaa_001_001_13.models import Caaa00100113
    from python_iso20022.enums import Algorithm27Code, Algorithm28Code, Pinformat3Code

    request = strictly(write_request(REQUEST, PARTIES), Caaa00100113).accptr_authstn_req
    assert request.hdr.msg_fctn.value == "AUTQ"
    assert request.hdr.xchg_id == exchange_id(REQUEST.transaction_id)
    assert request.hdr.cre_dt_tm.to_datetime() == NOW
    environment, transaction = request.authstn_req.envt, request.authstn_req.tx
    assert environment.mrchnt.cmon_nm == "Café du Zinc"
    card = environment.card.prtctd_card_data
    assert card.cntt_tp.value == "EVLP"
    assert card.envlpd_data.rcpt[0].kek.kekid.derivtn_id == REQUEST.ksn
    assert card.envlpd_data.ncrptd_cntt.ncrptd_data == REQUEST.sealed_card
    assert card.envlpd_data.ncrptd_cntt.cntt_ncrptn_algo.algo is Algorithm28Code.EA2_C
    assert environment.card.plain_card_data is None
    pin = environment.crdhldr.authntcn[0].crdhldr_on_line_pin
    assert pin.pinfrmt is Pinformat3Code.ISO4
    assert pin.ncrptd_pinblck.envlpd_data.ncrptd_cntt.ncrptd_data == REQUEST.pin_block
    assert request.authstn_req.cntxt.pmt_cntxt.card_data_ntry_md.value == "CICC"
    assert transaction.tx_id.tx_ref == REQUEST.transaction_id.hex()
    assert (transaction.tx_dtls.ttl_amt, transaction.tx_dtls.ccy) == (Decimal("12.50"), "EUR")
    assert transaction.tx_dtls.iccrltd_data == REQUEST.icc_data
    assert transaction.tx_captr is False
    assert request.scty_trlr.authntcd_data.mac == REQUEST.mac
    assert request.scty_trlr.authntcd_data.macalgo.algo is Algorithm27Code.CMA1


def test_each_kind_is_read_back_and_stands_where_the_standard_has_it() -> None:
    from python_iso20022.caaa.caaa_001_001_13.models import Caaa00100113

    for kind, cash, service in (("refund", 0, "RFND"), ("verification", 0, "CAVR"), ("cash_back", 500, "CRDP")):
        asked = replace(REQUEST, kind=kind, amount_other_minor=cash)
        written = write_request(asked, PARTIES)
        assert read_request(written) == asked
        transaction = strictly(written, Caaa00100113).accptr_authstn_req.authstn_req.tx
        assert transaction.tx_tp.value == service
        assert [added.value for added in transaction.addtl_svc] == (["CSHB"] if cash else [])
        parts = transaction.tx_dtls.dtld_amt
        assert (parts.csh_bck if parts else None) == (Decimal("5.00") if cash else None)
    with pytest.raises(KeyError):
        write_request(replace(REQUEST, kind="cancellation"), PARTIES)


def test_an_independent_reader_finds_the_answer_where_the_standard_has_it() -> None:
    from python_iso20022.caaa.caaa_002_001_13.models import Caaa00200113

    answer = strictly(write_answer(ANSWER, REQUEST, NOW, PARTIES), Caaa00200113).accptr_authstn_rspn
    result = answer.authstn_rspn.tx_rspn.authstn_rslt
    assert answer.hdr.msg_fctn.value == "AUTP"
    assert (result.rspn_to_authstn.rspn.value, result.rspn_to_authstn.rspn_rsn) == ("APPR", "00")
    assert result.authstn_cd == "A1B2C3"
    assert answer.authstn_rspn.tx.tx_dtls.iccrltd_data == ANSWER.icc_data
    check = answer.authstn_rspn.envt.crdhldr.tx_vrfctn_rslt[0]
    assert (check.mtd.value, check.vrfctn_ntty.value, check.rslt.value) == ("CRYP", "ISSR", "SUCC")
    assert answer.scty_trlr.authntcd_data.mac == ANSWER.mac


GOOD = write_answer(ANSWER, REQUEST, NOW, PARTIES).decode()


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "no XML",
        GOOD[: len(GOOD) // 2],
        "<Document/>",
        "<!DOCTYPE Document [<!ENTITY a 'b'>]>" + GOOD.partition("?>")[2],
        write_request(REQUEST, PARTIES).decode(),
        GOOD.replace("APPR", "PART"),
        GOOD.replace("APPR", "YES"),
        GOOD.replace("<RspnRsn>00", "<RspnRsn>000"),
        GOOD.replace("<RspnRsn>00</RspnRsn>", ""),
        GOOD.replace("<TxRef>00", "<TxRef>xx"),
        GOOD.replace("<MAC>", "<MAC>*"),
        GOOD.replace("SctyTrlr", "Other"),
        GOOD.replace("<RspnRsn>00</RspnRsn>", "<RspnRsn>00</RspnRsn><RspnRsn>00</RspnRsn>"),
        GOOD.replace("<RspnRsn>00", "<RspnRsn><Other/>00"),
        GOOD.replace("xsd:caaa.002.001.13", "xsd:caaa.002.001.12"),
        GOOD.replace("<MAC>", "<MAC>&other;"),
    ],
)
def test_what_is_not_an_answer_is_malformed(bad: str) -> None:
    with pytest.raises(MalformedMessage):
        read_answer(bad.encode())


def test_an_amount_finer_than_a_cent_is_malformed() -> None:
    with pytest.raises(MalformedMessage):
        read_request(write_request(REQUEST, PARTIES).replace(b"12.50", b"12.505"))


def test_no_error_says_what_the_message_held() -> None:
    with pytest.raises(MalformedMessage) as caught:
        read_request(write_request(REQUEST, PARTIES).replace(b"CICC", b"4970101234567890"))
    assert "4970" not in str(caught.value) and caught.value.__cause__ is None
