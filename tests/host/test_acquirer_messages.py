"""caaa.003 to 012: what we write is read back, and by python-iso20022 strictly; what is wrong is malformed."""

from __future__ import annotations

import importlib
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from random import Random
from typing import Any

import pytest

from host.acquirer.caaa_advice import read_advice, read_advice_answer, write_advice, write_advice_answer
from host.acquirer.caaa_authorisation import read_answer, read_request, write_answer, write_request
from host.acquirer.caaa_batch import line_bytes
from host.acquirer.caaa_batch_answer import DataSetAnswer, read_batch_answer, write_batch_answer
from host.acquirer.caaa_batch_reader import read_batch
from host.acquirer.caaa_reconciliation import (
    read_reconciliation,
    read_reconciliation_answer,
    write_reconciliation,
    write_reconciliation_answer,
)
from host.acquirer.errors import MalformedMessage, UnwritableLine
from host.acquirer.model import (
    Advice,
    AdviceAnswer,
    AdviceKind,
    AuthorisationAnswer,
    BatchAnswer,
    Parameters,
    Reason,
    Reconciliation,
    RejectedLine,
    Totals,
)
from host.acquirer.parameters import read_parameters, write_parameters
from host.money import Money
from tests.host.sealed_days import NOW, PARTIES, VISA, batch, copies, line, offline, request, sealed, written
from tests.host.test_acquirer_caaa import strictly

REVERSAL = Advice(AdviceKind.REVERSAL, bytes(range(16)), Money(1250), NOW, Reason.NO_ANSWER)
CANCELLATION = replace(REVERSAL, kind=AdviceKind.CANCELLATION, reason=Reason.CUSTOMER_CANCELLED)
TOTALS = (Totals("visa", VISA, "EUR", 2, 2500, 1, 100, 1, 50), Totals("none", b"", "EUR", 1, 7))
LINES = [
    line(1),
    line(2, kind="cash_back", amount_other_minor=500),
    line(3, kind="refund", original=bytes(range(16)), interface="contactless"),
    line(4, kind="preauthorisation", mac_ksn=bytes(range(12))),
    offline(5),
    line(6, response_code=None, authorisation_code=None, icc_data=b""),
]
REJECTED = RejectedLine(bytes(16), "duplicate")
ANSWERS = [
    DataSetAnswer("a", TOTALS, ((3, REJECTED),)),
    DataSetAnswer("b", refused="chain"),
]


def by_the_standard(data: bytes, number: str) -> Any:
    """As python-iso20022 reads it."""
    module = importlib.import_module(f"python_iso20022.caaa.caaa_{number}.models")
    return strictly(data, getattr(module, f"Caaa{number.replace('_', '')}"))


def test_each_reversal_is_read_back_and_is_the_standards() -> None:
    for reason in Reason:
        for repeated in (False, True):
            told = replace(REVERSAL, reason=reason, repeated=repeated, transaction_kind="preauthorisation")
            data = write_advice(told, PARTIES)
            assert read_advice(data) == told
            message = by_the_standard(data, "003_001_13").accptr_cmpltn_advc
            assert message.hdr.re_trnsmssn_cntr == ("1" if repeated else None)
            assert message.cmpltn_advc.tx.rvsl is True and message.cmpltn_advc.tx.tx_captr is False
            assert message.cmpltn_advc.tx.tx_id.tx_ref == told.transaction_id.hex()
    codes = {
        replace(REVERSAL, reason=reason): write_advice(replace(REVERSAL, reason=reason), PARTIES) for reason in Reason
    }
    assert len(set(codes.values())) == len(Reason)


@pytest.mark.covers("terminal/T-R21")
def test_a_repetition_differs_by_its_mark_alone() -> None:
    once, again = (write_advice(replace(REVERSAL, repeated=repeated), PARTIES) for repeated in (False, True))
    assert again.replace(b"<ReTrnsmssnCntr>1</ReTrnsmssnCntr>", b"") == once


def test_a_cancellation_is_asked_for_then_told() -> None:
    asked, told = write_advice(CANCELLATION, PARTIES), write_advice(replace(CANCELLATION, repeated=True), PARTIES)
    assert read_advice(asked) == CANCELLATION
    assert read_advice(told) == replace(CANCELLATION, repeated=True)
    request = by_the_standard(asked, "005_001_13").accptr_cxl_req
    advice = by_the_standard(told, "007_001_13").accptr_cxl_advc
    assert (request.hdr.msg_fctn.value, advice.hdr.msg_fctn.value) == ("CCAQ", "CCAV")
    assert request.hdr.xchg_id != advice.hdr.xchg_id
    assert request.cxl_req.tx.orgnl_tx.tx_id.tx_ref == CANCELLATION.transaction_id.hex()
    assert (advice.cxl_advc.tx.tx_sucss, advice.cxl_advc.tx.tx_dtls.ttl_amt) == (True, Decimal("12.50"))


def test_a_completion_is_no_reversal() -> None:
    told = replace(REVERSAL, kind=AdviceKind.COMPLETION, reason=Reason.MALFUNCTION)
    data = write_advice(told, PARTIES)
    assert read_advice(data) == told
    assert by_the_standard(data, "003_001_13").accptr_cmpltn_advc.cmpltn_advc.tx.tx_captr is True


@pytest.mark.parametrize(
    ("advice", "reason", "number", "function"),
    [
        (REVERSAL, None, "004_001_12", "RVRR"),
        (CANCELLATION, "00", "006_001_12", "CCAP"),
        (replace(CANCELLATION, repeated=True), None, "008_001_12", "CCAK"),
    ],
)
def test_each_answer_is_read_back_and_is_the_standards(
    advice: Advice, reason: str | None, number: str, function: str
) -> None:
    for accepted in (True, False):
        answer = AdviceAnswer(advice.transaction_id, accepted, reason)
        data = write_advice_answer(answer, advice, NOW, PARTIES)
        assert read_advice_answer(data, advice) == answer
        (message,) = [part for part in vars(by_the_standard(data, number)).values() if part]
        assert message.hdr.msg_fctn.value == function


@pytest.mark.covers("services/TC-4", "services/TC-6")
def test_a_batch_is_read_back_and_is_the_standards() -> None:
    day, more = sealed(12, LINES), copies(13, [line(7)])
    data = written(batch(day, more, exchange_id=10**17))
    again = read_batch(BytesIO(data))
    assert (again.exchange_id, again.created_at) == (10**17, NOW)
    for written_set, read_set in zip((day, more), again.data_sets, strict=True):
        assert replace(read_set, lines=list(read_set.lines)) == written_set
    message = by_the_standard(data, "011_001_13").accptr_btch_trf
    assert message.hdr.dwnld_trf is False and message.scty_trlr is None
    first, second = message.btch_trf.data_set
    assert (first.data_set_id.nm, first.data_set_id.tp.value, first.data_set_initr.id) == (
        "ZINC-0001/12",
        "TXCP",
        "ZINC-0001",
    )
    assert [sums.tp.value for sums in first.tx_ttls] == ["DEBT", "CRDT"]
    transactions = [transaction.cmpltn.tx for transaction in first.tx]
    assert [each.tx_tp.value for each in transactions] == ["CRDP", "CRDP", "RFND", "RESA", "CRDP", "CRDP"]
    assert all(each.tx_captr for each in transactions)
    assert transactions[2].orgnl_tx.tx_id.tx_ref == bytes(range(16)).hex()
    assert [each.cmpltn.cntxt.pmt_cntxt.on_line_cntxt for each in first.tx] == [True] * 4 + [False, True]
    details = transactions[3].tx_dtls
    mac = details.addtl_inf[0].prtctd_val.authntcd_data
    assert (mac.mac, mac.rcpt[0].kek.kekid.derivtn_id) == (LINES[3].mac, LINES[3].mac_ksn)
    card = first.tx[3].cmpltn.envt.card.prtctd_card_data.envlpd_data
    assert (card.ncrptd_cntt.ncrptd_data, card.rcpt[0].kek.kekid.derivtn_id) == (LINES[3].sealed_card, LINES[3].ksn)
    assert details.iccrltd_data == LINES[3].icc_data
    assert second.tx[0].cmpltn.tx_seq_cntr == "1"


def test_the_same_batch_is_the_same_bytes_and_an_empty_day_has_totals_of_nothing() -> None:
    of = batch(sealed(1, []))
    assert written(of) == written(of)
    (day,) = read_batch(BytesIO(written(of))).data_sets
    assert (day.count, day.totals, list(day.lines)) == (0, (), [])
    assert by_the_standard(written(of), "011_001_13").accptr_btch_trf.btch_trf.data_set[0].tx_ttls[0].ttl_nb == 0


def test_lines_that_nobody_looks_at_are_passed_over() -> None:
    data = written(batch(copies(1, LINES, id="a"), copies(2, LINES, id="b")))
    assert [day.id for day in read_batch(BytesIO(data)).data_sets] == ["a", "b"]


@pytest.mark.parametrize(
    "change",
    [
        {"authorisation_code": "1<2"},
        {"authorisation_code": "12\x0034"},
        {"response_code": b"\xff\xfe"},
        {"taken_at": "20261120"},
        {"taken_at": "2026112018301x"},
        {"interface": "magnetic"},
        {"kind": "cancellation"},
    ],
)
def test_a_record_that_no_batch_can_hold_is_named(change: dict[str, Any]) -> None:
    with pytest.raises(UnwritableLine, match=line(1).transaction_id.hex()):
        line_bytes(1, line(1, **change))


def test_answer_and_reconciliation_are_read_back_and_are_the_standards() -> None:
    data = write_batch_answer(77, ANSWERS, NOW, PARTIES)
    assert read_batch_answer(data) == BatchAnswer(77, 4, (REJECTED,), (("b", "chain"),))
    sets = by_the_standard(data, "012_001_12").accptr_btch_trf_rspn.btch_trf_rspn.data_set
    assert [each.data_set_rslt.rspn.value for each in sets] == ["PART", "DECL"]
    assert (sets[0].rjctd_tx[0].tx_seq_cntr, sets[0].rmv_data_set, sets[1].rmv_data_set) == ("3", True, False)
    ours = Reconciliation(77, TOTALS)
    asked = write_reconciliation(ours, NOW, PARTIES)
    answered = write_reconciliation_answer(ours, balanced=False, at=NOW, parties=PARTIES)
    assert read_reconciliation(asked) == read_reconciliation_answer(answered) == ours
    assert by_the_standard(asked, "009_001_12").accptr_rcncltn_req.rcncltn_req.tx.rcncltn_id == "77"
    response = by_the_standard(answered, "010_001_11").accptr_rcncltn_rspn.rcncltn_rspn
    assert response.tx_rspn.rspn.value == "DECL" and len(response.tx.tx_ttls) == 4


@pytest.mark.covers("terminal/T-R07", "terminal/T-R11")
def test_kinds_of_authorisation_are_where_the_standard_has_them() -> None:
    asked = [
        request(1, kind="preauthorisation"),
        request(2, kind="refund", original=bytes(range(16))),
        request(3, tip_minor=150),
        request(4, kind="cash_back", amount_other_minor=500, tip_minor=1),
    ]
    transactions = []
    for each in asked:
        data = write_request(each, PARTIES)
        assert read_request(data) == each
        body = by_the_standard(data, "001_001_13").accptr_authstn_req.authstn_req
        options = [option.value for option in body.cntxt.pmt_cntxt.spprtd_optn]
        assert options == (["PART"] if each.kind == "purchase" else [])
        transactions.append(body.tx)
    assert (transactions[0].tx_tp.value, transactions[0].svc_attr.value) == ("RESA", "IRES")
    assert transactions[1].orgnl_tx.tx_id.tx_ref == bytes(range(16)).hex()
    assert transactions[2].tx_dtls.dtld_amt.grtty == Decimal("1.50")


@pytest.mark.covers("terminal/T-R07")
def test_a_part_of_the_amount_is_approved_and_nothing_else_is_one() -> None:
    asked = request(1)
    part = AuthorisationAnswer(asked.transaction_id, True, b"10", "123456", b"", bytes(8), True, Money(1000))
    data = write_answer(part, asked, NOW, PARTIES)
    assert read_answer(data) == part
    response = by_the_standard(data, "002_001_13").accptr_authstn_rspn.authstn_rspn
    assert (response.tx_rspn.authstn_rslt.rspn_to_authstn.rspn.value, response.tx.tx_dtls.ttl_amt) == ("PART", 10)
    for word, code in ((b"APPR", b"10"), (b"PART", b"00"), (b"DECL", b"10")):
        with pytest.raises(MalformedMessage):
            read_answer(data.replace(b"PART", word).replace(b">10<", b">" + code + b"<"))


READERS = {
    "reversal": (write_advice(REVERSAL, PARTIES), read_advice),
    "cancellation": (write_advice(CANCELLATION, PARTIES), read_advice),
    "reversal's answer": (
        write_advice_answer(AdviceAnswer(bytes(16), True), REVERSAL, NOW, PARTIES),
        lambda data: read_advice_answer(data, REVERSAL),
    ),
    "cancellation's answer": (
        write_advice_answer(AdviceAnswer(bytes(16), True, "00"), CANCELLATION, NOW, PARTIES),
        lambda data: read_advice_answer(data, CANCELLATION),
    ),
    "batch": (
        written(batch(sealed(1, LINES))),
        lambda data: [list(data_set.lines) for data_set in read_batch(BytesIO(data)).data_sets],
    ),
    "batch's answer": (write_batch_answer(77, ANSWERS, NOW, PARTIES), read_batch_answer),
    "reconciliation": (write_reconciliation(Reconciliation(77, TOTALS), NOW, PARTIES), read_reconciliation),
    "parameters": (write_parameters(Parameters(3, b"contract", b"signature")), read_parameters),
}


@pytest.mark.covers("faults/FM-4")
@pytest.mark.parametrize("name", READERS)
def test_whatever_comes_is_read_or_malformed(name: str) -> None:
    """Bytes changed, left out, doubled; cut anywhere. Nothing but MalformedMessage is raised."""
    good, read = READERS[name]
    read(good)
    chance = Random(name)
    for _ in range(300):
        at, length = chance.randrange(len(good)), chance.randrange(1, 30)
        piece = good[at : at + length]
        with_it = chance.choice([b"", piece + piece, chance.randbytes(3), b"<", b"9", b"-", b"\x00", b"&a;"])
        bad = good[:at] + with_it + good[at + length :]
        with suppress(MalformedMessage):
            read(bad if chance.random() < 0.8 else good[:at])


@pytest.mark.parametrize("name", [name for name in READERS if name != "parameters"])
def test_entities_are_no_part_of_it(name: str) -> None:
    good, read = READERS[name]
    with pytest.raises(MalformedMessage):
        read(good.replace(b"<Document", b"<!DOCTYPE Document [<!ENTITY a 'b'>]><Document", 1))
