"""ISO 8583 as the till writes it, read by the acquirer that was written apart; what neither may let through."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from dataclasses import fields, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from host.acquirer import links
from host.acquirer.caaa_link import CaaaLink
from host.acquirer.errors import AcquirerSilent, BadAnswer, MalformedMessage, RequestRefused, UnwritableLine
from host.acquirer.iso8583 import FIXED, OCTETS, TEXT, Message, pack, unpack
from host.acquirer.iso8583_batch import write_batch
from host.acquirer.iso8583_link import Iso8583Link
from host.acquirer.model import AuthorisationAnswer, AuthorisationRequest, Reconciliation, Totals
from host.app import build
from host.money import Money
from host.settings import Settings
from tests.host.acquirer_links import Server, acquirer, link_to, on
from tests.host.acquirer_thread import ApprovesAll
from tests.host.sealed_days import NOW, PARTIES, VISA, batch, line, offline, request, sealed, transaction_id
from tests.host.stand_ins import Reader, chip_sale
from tools.simulators.acquirer.behaviour import Behaviour
from tools.simulators.iso8583.fields import LAYOUT, read, write
from tools.simulators.iso8583.front import _data_sets
from tools.simulators.iso8583.server import KEY
from tools.simulators.issuer import IssuerAnswer

pytestmark = pytest.mark.covers("services/TC-4")
PAGE = Path(__file__).parents[2] / "docs/iso8583.md"


@pytest.fixture(params=["caaa", "iso8583"])
def server(request: pytest.FixtureRequest, tmp_path: Path, issuer: ApprovesAll) -> Iterator[Server]:
    with acquirer(request.param, tmp_path, issuer) as server:
        yield server


@pytest.fixture
def iso(tmp_path: Path, issuer: ApprovesAll) -> Iterator[Server]:
    with acquirer("iso8583", tmp_path, issuer) as server:
        yield server


def ask(server: Server, asked: AuthorisationRequest) -> AuthorisationAnswer:
    return on(server, lambda link: link.authorise(asked))


# ---- one port, two links ----


@pytest.mark.parametrize("kind", ["purchase", "refund", "preauthorisation", "verification", "cash_back"])
def test_every_kind_is_asked_by_both_links_and_noted_alike(server: Server, kind: str) -> None:
    other = {"amount_other_minor": 250} if kind == "cash_back" else {}
    asked = request(1, kind=kind, pin_block=b"\x22" * 16, **other)
    if other:
        asked = replace(asked, icc_data=asked.icc_data.replace(bytes(6), bytes.fromhex("000000000250"), 1))
    answer = ask(server, asked)
    assert (answer.approved, answer.response_code, answer.authorisation_code) == (True, b"00", "123456")
    assert answer.transaction_id == asked.transaction_id and answer.arqc_checked and answer.mac
    (row,) = server.simulator.store.authorisations()
    assert (row["kind"], row["amount_minor"]) == (kind, 1250)


def test_a_part_is_approved_and_a_refusal_reaches_the_card(server: Server, issuer: ApprovesAll) -> None:
    issuer.answer = IssuerAnswer("10", "part", None, [], "654321", True, True, authorised_minor=700)
    answer = ask(server, request(1))
    assert (answer.approved, answer.authorised, answer.response_code) == (True, Money(700), b"10")
    issuer.answer = IssuerAnswer("51", "no_money", b"\x01" * 8, [bytes.fromhex("7203860184")], None, True, True)
    answer = ask(server, request(2))
    assert (answer.approved, answer.response_code, answer.authorisation_code) == (False, b"51", None)
    assert answer.icc_data == bytes.fromhex("9108" + "01" * 8 + "7203860184")


def test_the_same_question_gets_the_same_answer_and_another_under_its_id_is_refused(server: Server) -> None:
    assert ask(server, request(1)) == ask(server, request(1))
    with pytest.raises(RequestRefused, match=r"409|913"):
        ask(server, request(1, 9900))


def test_lines_with_all_that_a_record_can_hold_are_captured(server: Server, tmp_path: Path) -> None:
    ask(server, request(1))
    ask(server, request(2, 500, "refund", original=transaction_id(9)))
    lines = [line(1), offline(3), line(4, authorisation_code=None, response_code=None)]

    async def use(link: Any) -> Any:
        link.write_batch(batch(sealed(1, lines)), tmp_path / "batch")
        return await link.submit(tmp_path / "batch")

    answer = on(server, use)
    assert (answer.accepted_count, [(each.transaction_id, each.reason) for each in answer.rejected]) == (
        2,
        [(transaction_id(4), "not_authorised")],
    )


# ---- as it is written ----


def test_the_tables_of_both_ends_have_the_same_elements() -> None:
    assert set(FIXED) | set(TEXT) | set(OCTETS) == set(LAYOUT)


def test_what_the_till_writes_the_other_end_reads_and_the_other_way_round() -> None:
    message = Message("1100", {3: "000000", 4: "000000001250", 53: b"\x01" * 12, 55: b"\x9a"}, {"01": "ab", "08": ""})
    told = read(pack(message))
    assert told == {"mti": "1100", 3: "000000", 4: "000000001250", 53: "01" * 12, 55: "9A", "48.01": "ab", "48.08": ""}
    assert unpack(write(told)) == message


def test_a_file_of_the_batch_has_each_record_as_it_was(tmp_path: Path) -> None:
    lines = [line(1, original=transaction_id(7), mac_ksn=b"\x07" * 12, kind="refund"), offline(2), line(3)]
    file = BytesIO()
    write_batch(file, batch(sealed(1, lines)), PARTIES, KEY)
    records, data = [], file.getvalue()
    while data:
        size = 2 + int.from_bytes(data[:2], "big")
        records.append(data[2:size])
        data = data[size:]
    assert [record[:4] for record in records] == [b"1304", b"1220", b"1220", b"1220", b"1520"]
    (told,) = _data_sets(records[:-1])
    assert list(told.lines) == lines
    expected = sealed(1, lines)
    for name in (each.name for each in fields(told) if each.name != "lines"):
        assert getattr(told, name) == getattr(expected, name), name
    again = BytesIO()
    write_batch(again, batch(sealed(1, lines), exchange_id=int(read(records[-1])["48.16"])), PARTIES, KEY)
    assert again.getvalue() == file.getvalue(), "the same batch is the same bytes"


def test_a_line_that_no_record_can_hold_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnwritableLine, match=transaction_id(1).hex()):
        write_batch(BytesIO(), batch(sealed(1, [line(1, icc_data=bytes(256))])), PARTIES, KEY)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data[:-1],
        lambda data: data + b"0",
        lambda data: b"x" + data[1:],
        lambda data: data[:4] + b"zz" + data[6:],
        lambda data: data[:20] + b"A" + data[21:],
        lambda data: data[:4] + b"FFFFFFFFFFFFFFFF" + data[20:],
        lambda data: b"\xff" + data[1:],
        lambda data: b"",
    ],
)
def test_what_is_no_message_is_refused(spoil: Any) -> None:
    data = pack(Message("1110", {3: "000000", 39: "000"}, {"01": "00"}))
    unpack(data)
    with pytest.raises(MalformedMessage):
        unpack(spoil(data))


# ---- totals are signed ----


def test_totals_that_were_changed_on_the_way_are_refused_by_either_end(iso: Server, tmp_path: Path) -> None:
    message = Message("1530", {39: "500"})
    signed = pack(message, KEY)
    assert unpack(signed, KEY).elements[39] == "500"
    for spoiled in (signed.replace(b"500", b"501", 1), signed[:-1] + b"0", pack(message)):
        with pytest.raises(MalformedMessage):
            unpack(spoiled, KEY)
    strange = Iso8583Link("127.0.0.1", int(iso.server_address[1]), PARTIES, bytes(16), 5)
    strange.write_batch(batch(sealed(1, [line(1)])), tmp_path / "batch")
    with pytest.raises(MalformedMessage, match="MAC"):
        asyncio.run(strange.submit(tmp_path / "batch"))
    assert iso.simulator.ledger() == {}, "nothing was taken"


def test_a_file_that_was_changed_on_the_way_is_refused_though_its_totals_are_good(iso: Server, tmp_path: Path) -> None:
    link = link_to(iso, 5)
    link.write_batch(batch(sealed(1, [line(1)])), tmp_path / "batch")
    data = (tmp_path / "batch").read_bytes()
    (tmp_path / "batch").write_bytes(data.replace(b"000000001250", b"000000009950", 1))
    with pytest.raises(RequestRefused, match="916"):
        asyncio.run(link.submit(tmp_path / "batch"))
    assert iso.simulator.ledger() == {}


def test_totals_of_several_schemes_are_compared_row_by_row(iso: Server) -> None:
    rows = (Totals("visa", VISA, "EUR", 1, 1250, 1, 300, 2, 900), Totals("cb", b"\xa0", "EUR", 3, 4))
    assert on(iso, lambda link: link.reconcile(Reconciliation(77, rows))).totals == ()


def test_an_answer_that_ends_too_early_is_no_answer(iso: Server) -> None:
    iso.mood.set(Behaviour("silent", requests=1))
    with pytest.raises(AcquirerSilent):
        on(iso, lambda link: link.authorise(request(1)), 0.3)
    iso.mood.set(Behaviour("other_transaction", requests=1))
    with pytest.raises(BadAnswer):
        ask(iso, request(2, requested_at=NOW))


# ---- its page ----


def test_the_page_names_every_element_and_every_subfield() -> None:
    page = PAGE.read_text()
    told = {int(number) for number in re.findall(r"^\| (\d{1,3}) \|", page, re.MULTILINE)}
    assert told == set(LAYOUT)
    source = "".join(path.read_text() for path in (PAGE.parents[1] / "host/acquirer").glob("iso8583*.py"))
    used = set(re.findall(r'"(\d\d)": |private(?:\.get\(|\[)"(\d\d)"', source))
    told_tags = set(re.findall(r"^\| 48\.(\d\d) \|", page, re.MULTILINE))
    assert {tag for pair in used for tag in pair if tag} == told_tags


@pytest.mark.covers("services/TC-5")
def test_nothing_says_that_cb2a_is_spoken() -> None:
    """CB2A is not public: it is named only where it is said that it is not what this is."""
    root = PAGE.parents[1]
    told = [path for folder in ("host", "docs", "tools") for path in (root / folder).rglob("*") if path.is_file()]
    named = {
        path.relative_to(root).as_posix(): path.read_text(errors="replace")
        for path in [*told, root / "README.md"]
        if path.suffix in (".py", ".md") and "requirements" not in path.parts
    }
    lines = [each for text in named.values() for each in text.splitlines() if "CB2A" in each]
    assert lines and all("not" in each for each in lines)


# ---- which of them ----


def test_the_address_of_the_contract_says_which_link_it_is() -> None:
    assert isinstance(links.link_to("https://acquirer.example/caaa", PARTIES, 5), CaaaLink)
    assert isinstance(links.link_to("iso8583s://acquirer.example:8583", PARTIES, 5, KEY), Iso8583Link)
    for url, key in (("iso8583://acquirer.example", KEY), ("iso8583://acquirer.example:8583", b"")):
        with pytest.raises(ValueError, match="key"):
            links.link_to(url, PARTIES, 5, key)


def test_a_till_whose_settings_say_so_asks_over_iso8583(iso: Server, tmp_path: Path) -> None:
    port = iso.server_address[1]
    settings = Settings(
        database=tmp_path / "till.db", acquirer_url=f"iso8583://127.0.0.1:{port}", acquirer_key=SecretStr(KEY.hex())
    )
    app = build(settings, Reader(chip_sale))
    assert isinstance(app.acquirer, Iso8583Link)
    answer = asyncio.run(app.acquirer.authorise(request(1)))
    app.database.close()
    assert answer.approved
