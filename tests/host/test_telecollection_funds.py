"""Money that came: FUNDED by a notice or a statement alone, shortfall and absence are alerts (services/T-9)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from host.acquirer.errors import AcquirerSilent
from host.money import Money
from host.telecollection.errors import MalformedStatement
from host.telecollection.funds import read_funds
from host.telecollection.model import Remittance
from host.telecollection.states import State
from tests.host.telecollection_bench import CONTRACT, Bench

KINDS = {"camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"), "camt.053": ("BkToCstmrStmt", "Stmt")}


def entry(
    text: str, amount: str, *, side: str = "CRDT", status: str = "<Cd>BOOK</Cd>", ref: str = "", inner: str = ""
) -> str:
    servicer = f"<AcctSvcrRef>{ref}</AcctSvcrRef>" if ref else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd><Sts>{status}</Sts>'
        f"<BookgDt><Dt>2026-11-23</Dt></BookgDt>{servicer}<NtryDtls>{inner}"
        f"<TxDtls><RmtInf><Ustrd>REMISE CB {text} FRAIS</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
    )


def statement(*entries: str, kind: str = "camt.054", name: str = "S1") -> bytes:
    message, report = KINDS[kind]
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{kind}.001.08"
    inner = f"<{report}><Id>{name}</Id>{''.join(entries)}</{report}>"
    body = f"<{message}><GrpHdr><MsgId>M</MsgId></GrpHdr>{inner}</{message}>"
    return f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="{namespace}">{body}</Document>'.encode()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def collected(bench: Bench, amount_minor: int = 1250) -> Remittance:
    bench.sale(amount_minor)
    return asyncio.run(bench.evening())


@pytest.mark.covers("services/T-9")
@pytest.mark.parametrize("kind", list(KINDS))
def test_funded_by_a_line_of_the_reference_and_the_amount(bench: Bench, kind: str) -> None:
    remittance = collected(bench)
    assert (remittance.state, remittance.expected_on) == (State.ACKED, date(2026, 11, 23))
    document = statement(
        entry(remittance.reference, "12.50", ref="BANK-1"), entry("LOYER", "700.00", ref="BANK-2"), kind=kind
    )
    imported = bench.service.import_statement(document)
    assert (imported.matched, [funds.amount for funds in imported.unmatched]) == (1, [Money(70000)])
    funded = bench.latest()
    assert (funded.state, funded.funded_minor) == (State.FUNDED, 1250)
    bench.service.import_statement(document)
    assert bench.latest().funded_minor == 1250


def test_notice_and_statement_of_the_same_money_count_once(bench: Bench) -> None:
    remittance = collected(bench)
    for kind in KINDS:
        bench.service.import_statement(statement(entry(remittance.reference, "12.00", ref=kind), kind=kind))
    assert (bench.latest().state, bench.latest().funded_minor) == (State.ACKED, 1200)
    assert bench.alerts() == {"funds_short": 1}
    bench.service.import_statement(statement(entry(remittance.reference, "0.50", ref="rest"), kind="camt.053"))
    assert (bench.latest().state, bench.alerts()) == (State.FUNDED, {})


def test_less_or_more_than_is_due_is_an_alert_and_never_funded(bench: Bench) -> None:
    remittance = collected(bench)
    bench.service.import_statement(statement(entry(remittance.reference, "13.00", ref="1")))
    assert bench.latest().state is State.ACKED
    (alert,) = bench.service.overview.alerts(CONTRACT)
    assert (alert.kind.value, alert.detail) == ("funds_short", "-€0.50")
    bench.service.import_statement(statement(entry(remittance.reference, "0.50", ref="2", side="DBIT")))
    assert bench.latest().state is State.FUNDED


@pytest.mark.covers("services/T-9")
def test_money_that_does_not_come_is_an_alert_that_grows(bench: Bench) -> None:
    async def story() -> None:
        bench.sale()
        await bench.evening()  # Friday; due on Monday
        await bench.evenings(3)
        assert bench.clock.moment.date() == date(2026, 11, 23)
        assert not bench.alerts()
        await bench.evening()
        assert bench.alerts() == {"funds_absent": 1}
        await bench.evening()
        assert bench.alerts() == {"funds_absent": 2}
        first = bench.history()[0]
        bench.service.import_statement(statement(entry(first.reference, "12.50")))
        assert not bench.alerts()

    asyncio.run(story())


def test_the_acquirers_notices_are_fetched_every_evening(bench: Bench) -> None:
    remittance = collected(bench)
    bench.acquirer.notices = [statement(entry(remittance.reference, "12.50"))]
    asyncio.run(bench.evening())
    assert bench.history()[0].state is State.FUNDED


def test_nothing_else_is_funded(bench: Bench) -> None:
    remittance = collected(bench)
    bench.service.import_statement(statement(entry(remittance.reference, "12.50", status="<Cd>PDNG</Cd>")))
    bench.service.import_statement(statement(entry(remittance.reference + "1", "12.50")))
    bench.service.import_statement(statement(entry(f"{remittance.exchange_id + 1}", "12.50")))
    assert bench.latest().state is State.ACKED
    assert bench.latest().funded_minor == 0


def test_an_old_status_without_its_wrapping_is_read(bench: Bench) -> None:
    remittance = collected(bench)
    bench.service.import_statement(statement(entry(remittance.reference, "12.50", status="BOOK")))
    assert bench.latest().state is State.FUNDED


def test_an_entry_of_several_remittances_is_parted_by_its_details(bench: Bench) -> None:
    first = collected(bench, 1000)
    second = collected(bench, 250)
    parts = "".join(
        f'<TxDtls><Refs><EndToEndId>{row.reference}</EndToEndId></Refs><Amt Ccy="EUR">{amount}</Amt></TxDtls>'
        for row, amount in ((first, "10.00"), (second, "2.50"))
    )
    bench.service.import_statement(statement(entry("LOT", "12.50", inner=parts)))
    assert [row.state for row in bench.history()] == [State.FUNDED, State.FUNDED]


def test_money_that_comes_before_the_answer_counts_when_it_is_there(bench: Bench) -> None:
    bench.acquirer.after = [AcquirerSilent("10 s")]
    remittance = collected(bench)
    assert remittance.state is State.UNKNOWN
    bench.service.import_statement(statement(entry(remittance.reference, "12.50")))
    assert bench.latest().state is State.UNKNOWN
    asyncio.run(bench.evening())
    assert bench.history()[0].state is State.FUNDED


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    b"<Document><BkToCstmrStmt>&b;</BkToCstmrStmt></Document>"
)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"\x00\xff",
        b"<Document/>",
        b"<Document><pain.008/></Document>",
        BOMB,
        b'<!DOCTYPE d SYSTEM "file:///etc/passwd"><Document><BkToCstmrStmt/></Document>',
        statement(entry("1", "12.505")),
        statement(entry("1", "-3")),
        statement(entry("1", "NaN")),
        statement(entry("1", "1e30")),
        statement(entry("1", "12.50").replace("EUR", "XXX")),
        statement(entry("1", "12.50").replace("2026-11-23", "23/11/2026")),
        statement(entry("1", "12.50").replace("<BookgDt><Dt>2026-11-23</Dt></BookgDt>", "")),
        b"<a>" * 300,
        b" " * 20_000_001,
    ],
)
def test_a_statement_that_is_none_is_refused(document: bytes) -> None:
    with pytest.raises(MalformedStatement):
        read_funds(document)
