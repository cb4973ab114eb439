"""The payment service: each way a payment can go, and what is stored of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from host.acquirer.errors import AcquirerSilent, AcquirerUnreachable, BadAnswer
from host.ledger.model import Account
from host.money import Money
from host.payment.errors import AmountChanged, InvalidAmount, UnknownPayment
from host.payment.icc_data import values
from host.payment.model import Payment
from host.payment.states import Asked, State
from host.terminal import words
from host.terminal.errors import LinkLost, PaymentUnknown, ReaderBusy, ReaderNotFound, ReaderRefused, TerminalError
from tests.host.stand_ins import PAN, TOKEN, TRANSACTION_ID, Acquirer, Reader, chip_sale, ledger_balance, till

pytestmark = pytest.mark.usefixtures("either_engine")

PRICE = Money(1250)


def pay(app: Any, amount: Money = PRICE, order: str = "C1-1") -> Payment:
    return asyncio.run(app.payments.take_payment(amount, order))


def test_an_approved_sale_is_booked_with_the_payment(tmp_path: Path) -> None:
    app = till(tmp_path)
    payment = pay(app)
    assert (payment.state, payment.outcome, payment.asked) == (State.APPROVED, "approved", Asked.APPROVED)
    assert (payment.transaction_id, payment.interface, payment.apdus) == (TRANSACTION_ID, "contact", 12)
    assert payment.arqc_checked
    assert payment.card and payment.card.last4 == PAN[-4:] and payment.card.token == TOKEN
    assert payment.ledger_entry is not None
    assert app.payments.get(payment.request_id) == payment
    assert ledger_balance(app, Account.CARD_RECEIVABLE) == PRICE
    assert ledger_balance(app, Account.SALES) == -PRICE


def test_a_refused_card_is_booked_nowhere(tmp_path: Path) -> None:
    app = till(tmp_path, acquirer=Acquirer(b"51"))
    payment = pay(app)
    assert (payment.state, payment.outcome, payment.ledger_entry) == (State.DECLINED, "declined", None)
    assert ledger_balance(app, Account.SALES) == Money(0)


@pytest.mark.covers("terminal/T-R23", "faults/R-04")
def test_a_double_click_is_one_payment(tmp_path: Path) -> None:
    app = till(tmp_path)

    async def twice() -> list[Payment]:
        return await asyncio.gather(*[app.payments.take_payment(PRICE, "C1-1") for _ in range(3)])

    payments = asyncio.run(twice())
    assert payments[0] == payments[1] == payments[2]
    assert len(app.terminal.asked) == 1
    assert pay(app) == payments[0], "asked again later, it is paid already"
    assert len(app.terminal.asked) == 1


@pytest.mark.covers("faults/R-04")
def test_another_amount_for_the_same_order_is_an_error(tmp_path: Path) -> None:
    app = till(tmp_path)
    pay(app)
    with pytest.raises(AmountChanged):
        pay(app, Money(1251))


def test_after_a_refusal_the_order_can_be_paid_anew(tmp_path: Path) -> None:
    acquirer = Acquirer(b"51")
    app = till(tmp_path, acquirer=acquirer)
    refused = pay(app)
    acquirer.response_code = b"00"
    paid = pay(app)
    assert refused.request_id != paid.request_id
    assert (refused.state, paid.state) == (State.DECLINED, State.APPROVED)


@pytest.mark.parametrize("amount", [Money(0), Money(-1), Money(10**12)])
def test_an_amount_that_no_card_can_be_asked_for_is_refused_before_anything_is_written(
    tmp_path: Path, amount: Money
) -> None:
    app = till(tmp_path)
    with pytest.raises(InvalidAmount) as refusal:
        pay(app, amount)
    assert refusal.value.code in words.ERRORS
    assert app.payments.of_order("C1-1") is None


def test_the_row_is_written_before_the_reader_hears_of_it(tmp_path: Path) -> None:
    seen: list[State] = []

    async def looks_at_the_row(reader: Reader, request_id: bytes) -> dict:
        seen.append(app.payments.get(request_id).state)
        reader.progress("accepted")
        seen.append(app.payments.get(request_id).state)
        return reader.result(request_id, "declined")

    app = till(tmp_path, looks_at_the_row)
    pay(app)
    assert seen == [State.REQUESTED, State.IN_PROGRESS]


def test_the_acquirer_is_asked_only_after_that_is_stored(tmp_path: Path) -> None:
    class Looks(Acquirer):
        async def authorise(self, request: Any) -> Any:
            stored = app.payments.get(app.terminal.asked[0])
            assert (stored.state, stored.asked, stored.transaction_id) == (
                State.AUTHORISING,
                Asked.ASKED,
                TRANSACTION_ID,
            )
            return await super().authorise(request)

    app = till(tmp_path, acquirer=Looks())
    assert pay(app).approved


@pytest.mark.covers("faults/R-02", "faults/R-03")
@pytest.mark.parametrize("error", [AcquirerSilent("10 s"), BadAnswer("500")])
def test_a_silent_or_wrong_acquirer_may_have_approved_so_a_reversal_is_due(tmp_path: Path, error: Exception) -> None:
    app = till(tmp_path, acquirer=Acquirer(error=error))
    payment = pay(app)
    assert app.terminal.answers == [{}], "the reader hears that there is no answer"
    assert (payment.state, payment.outcome, payment.asked) == (State.REVERSAL_DUE, "declined", Asked.ASKED)


def test_an_acquirer_that_was_never_reached_has_nothing_to_reverse(tmp_path: Path) -> None:
    app = till(tmp_path, acquirer=Acquirer(error=AcquirerUnreachable()))
    payment = pay(app)
    assert (payment.state, payment.asked) == (State.DECLINED, Asked.NOT_ASKED)


def test_an_approval_that_the_card_does_not_finish_is_reversed(tmp_path: Path) -> None:
    async def torn(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        return reader.result(request_id, "declined", why="card_removed")

    payment = pay(till(tmp_path, torn))
    assert (payment.state, payment.outcome, payment.why) == (State.REVERSAL_DUE, "declined", "card_removed")


def test_a_reader_cannot_approve_what_the_acquirer_refused(tmp_path: Path) -> None:
    async def lying(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        return reader.result(request_id, "approved")

    app = till(tmp_path, lying, Acquirer(b"05"))
    payment = pay(app)
    assert (payment.state, payment.outcome, payment.ledger_entry) == (State.UNKNOWN, "unknown", None)
    assert payment.why == "approved_against_the_issuer", "and never the reader's 'approved'"


@pytest.mark.parametrize("change", [{"amount_minor": 1}, {"currency": 840}], ids=["another amount", "another currency"])
def test_what_the_card_signed_must_be_what_the_till_asked(tmp_path: Path, change: dict) -> None:
    async def other_amount(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online(**change)
        return reader.result(request_id, "approved", **change)

    app = till(tmp_path, other_amount)
    payment = pay(app)
    assert app.acquirer.asked == []
    assert (payment.state, payment.why) == (State.UNKNOWN, "result_of_another_payment")


@pytest.mark.parametrize(
    "error",
    [
        ReaderNotFound(),
        LinkLost(),
        ReaderBusy({"code": "busy"}),
        ReaderRefused({"code": "amount_above_limit"}),
    ],
)
def test_a_reader_that_never_began_cancels(tmp_path: Path, error: TerminalError) -> None:
    async def refuses(reader: Reader, request_id: bytes) -> dict:
        raise error

    app = till(tmp_path, refuses)
    payment = pay(app)
    assert (payment.state, payment.outcome, payment.why) == (State.CANCELLED, "cancelled", error.code)
    app.terminal.script = chip_sale
    assert pay(app).approved, "the next sale works"


@pytest.mark.covers("terminal/T-R20")
def test_unknown_is_asked_again_by_id(tmp_path: Path) -> None:
    async def cut_after_the_answer(reader: Reader, request_id: bytes) -> dict:
        reader.progress("accepted")
        await reader.go_online()
        reader.result(request_id, "approved")
        raise PaymentUnknown(request_id, TRANSACTION_ID)

    app = till(tmp_path, cut_after_the_answer)
    payment = pay(app)
    assert (payment.state, payment.outcome, payment.ledger_entry) == (State.UNKNOWN, "unknown", None)
    (resolved,) = asyncio.run(app.payments.resolve_unknown())
    assert resolved.approved and resolved.request_id == payment.request_id
    assert ledger_balance(app, Account.SALES) == -PRICE
    assert asyncio.run(app.payments.resolve_unknown()) == []


def test_paying_an_unknown_order_again_asks_and_never_charges(tmp_path: Path) -> None:
    async def cut(reader: Reader, request_id: bytes) -> dict:
        reader.result(request_id, "approved")
        raise PaymentUnknown(request_id, None)

    app = till(tmp_path, cut)
    assert pay(app).state is State.UNKNOWN
    assert pay(app).approved
    assert len(app.terminal.asked) == 1


@pytest.mark.covers("faults/R-16")
@pytest.mark.parametrize("reached", ["requested", "accepted", "online"])
def test_a_host_that_stopped_in_mid_payment_asks_when_it_starts(tmp_path: Path, reached: str) -> None:
    async def host_dies(reader: Reader, request_id: bytes) -> dict:
        if reached != "requested":
            reader.progress("accepted")
        if reached == "online":
            await reader.go_online()
        reader.result(request_id, "approved")
        raise KeyError("the host dies here")

    app = till(tmp_path, host_dies)
    with pytest.raises(KeyError):
        pay(app)
    again = till(tmp_path)
    again.terminal.journal = app.terminal.journal
    asyncio.run(again.start())
    payment = again.payments.of_order("C1-1")
    assert payment and payment.approved and payment.ledger_entry
    assert ledger_balance(again, Account.SALES) == -PRICE


def test_a_payment_that_the_reader_never_heard_of_is_cancelled(tmp_path: Path) -> None:
    async def cut_before_it_arrived(reader: Reader, request_id: bytes) -> dict:
        raise PaymentUnknown(request_id, None)

    app = till(tmp_path, cut_before_it_arrived)
    pay(app)
    (payment,) = asyncio.run(app.payments.resolve_unknown())
    assert (payment.state, payment.why) == (State.CANCELLED, "never_began")


def test_the_reader_is_named_before_it_is_asked(tmp_path: Path) -> None:
    async def looks_at_the_row(reader: Reader, request_id: bytes) -> dict:
        assert app.payments.get(request_id).reader == reader.serial
        return reader.result(request_id, "declined")

    app = till(tmp_path, looks_at_the_row)
    assert pay(app).reader == "ZINC-0001"


@pytest.mark.covers("faults/R-16", "terminal/T-R20")
def test_what_another_reader_does_not_know_means_nothing(tmp_path: Path) -> None:
    async def host_dies_before_it_hears(reader: Reader, request_id: bytes) -> dict:
        reader.result(request_id, "approved")
        raise KeyError("the host dies here")

    app = till(tmp_path, host_dies_before_it_hears)
    with pytest.raises(KeyError):
        pay(app)
    again = till(tmp_path)
    again.terminal.serial = "ZINC-0002"
    for _ in range(2):
        (payment,) = asyncio.run(again.payments.resolve_unknown())
        assert (payment.state, payment.why) == (State.UNKNOWN, "another_reader")
    assert pay(again).state is State.UNKNOWN, "nor may it charge the order"
    again.terminal.serial, again.terminal.journal = "ZINC-0001", app.terminal.journal
    (payment,) = asyncio.run(again.payments.resolve_unknown())
    assert payment.approved
    assert again.terminal.asked == []


def test_a_payment_that_was_put_to_no_reader_can_be_denied_by_any(tmp_path: Path) -> None:
    class Dies(Reader):
        async def connect(self) -> dict:
            raise KeyError("the host dies here")

    app = till(tmp_path)
    app.payments._terminal = Dies(chip_sale)
    with pytest.raises(KeyError):
        pay(app)
    (payment,) = asyncio.run(till(tmp_path).payments.resolve_unknown())
    assert (payment.state, payment.why, payment.reader) == (State.CANCELLED, "never_began", None)


def test_why_an_unknown_payment_cannot_be_known_is_told_anew(tmp_path: Path) -> None:
    async def cut(reader: Reader, request_id: bytes) -> dict:
        raise PaymentUnknown(request_id, None)

    async def silent(**_: Any) -> dict:
        raise LinkLost

    app = till(tmp_path, cut)
    assert pay(app).why == "payment_unknown"
    app.terminal.status = silent
    assert pay(app).why == "link_lost"


def test_another_reader_cannot_cancel_what_one_reader_accepted(tmp_path: Path) -> None:
    async def cut_after_accepted(reader: Reader, request_id: bytes) -> dict:
        reader.progress("accepted")
        raise PaymentUnknown(request_id, None)

    app = till(tmp_path, cut_after_accepted)
    pay(app)
    (payment,) = asyncio.run(app.payments.resolve_unknown())
    assert payment.state is State.UNKNOWN


def test_leaving_the_page_does_not_end_the_payment(tmp_path: Path) -> None:
    shown = asyncio.Event()
    presented = asyncio.Event()

    async def waits_for_the_card(reader: Reader, request_id: bytes) -> dict:
        shown.set()
        await presented.wait()
        return await chip_sale(reader, request_id)

    app = till(tmp_path, waits_for_the_card)

    async def leave_and_come_back() -> Payment:
        page = asyncio.create_task(app.payments.take_payment(PRICE, "C1-1"))
        await shown.wait()
        page.cancel()
        with pytest.raises(asyncio.CancelledError):
            await page
        presented.set()
        return await app.payments.take_payment(PRICE, "C1-1")

    assert asyncio.run(leave_and_come_back()).approved
    assert len(app.terminal.asked) == 1


def test_listeners_hear_the_phases_and_a_broken_one_harms_nobody(tmp_path: Path) -> None:
    app = till(tmp_path)
    heard: list[tuple[str, State]] = []

    def broken(payment: Payment, phase: str) -> None:
        raise RuntimeError("a page that is gone")

    app.payments.listen(broken)
    stop = app.payments.listen(lambda payment, phase: heard.append((phase, payment.state)))
    assert pay(app).approved
    assert heard == [
        ("accepted", State.IN_PROGRESS),
        ("card_presented", State.IN_PROGRESS),
        ("ended", State.APPROVED),
    ]
    stop()
    pay(app, order="C1-2")
    assert len(heard) == 3


@pytest.mark.covers("terminal/LAW-5", "terminal/LAW-7")
def test_of_the_card_only_what_the_host_may_know_is_stored(tmp_path: Path) -> None:
    leaky = bytes.fromhex("5A08" + PAN + "5713" + PAN + "D2512201" + "00" * 7 + "9F4602AABB" + "9F2608A1B2C3D4E5F60718")

    async def says_too_much(reader: Reader, request_id: bytes) -> dict:
        return reader.result(request_id, "approved", icc_data=leaky)

    app = till(tmp_path, says_too_much)
    payment = pay(app)
    assert set(values(payment.icc_data)) == {0x9F26}
    app.database.close()
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("till.db*"))
    for secret in (PAN.encode(), bytes.fromhex(PAN), PAN[:6].encode(), bytes(32)[:16] + b"\x01"):
        assert secret not in stored


async def at_the_end(reader: Reader, request_id: bytes) -> dict:
    return reader.result(request_id, "approved", transaction_id=TRANSACTION_ID)


async def from_the_start(reader: Reader, request_id: bytes) -> dict:
    reader._progress("accepted", TRANSACTION_ID)
    answer = await reader.go_online(transaction_id=TRANSACTION_ID)
    outcome = "approved" if answer.get("response_code") == b"00" else "declined"
    return reader.result(request_id, outcome, transaction_id=TRANSACTION_ID)


async def before_it_was_lost(reader: Reader, request_id: bytes) -> dict:
    reader.result(request_id, "approved", transaction_id=TRANSACTION_ID)
    raise PaymentUnknown(request_id, TRANSACTION_ID)


@pytest.mark.parametrize("repeats", [at_the_end, from_the_start, before_it_was_lost])
def test_the_same_transaction_id_cannot_pay_two_orders(tmp_path: Path, repeats: Any) -> None:
    app = till(tmp_path)
    assert pay(app).transaction_id == TRANSACTION_ID
    app.terminal.script = repeats
    for _ in range(2):  # asked again, the reader says the same
        payment = pay(app, order="C1-2")
        assert (payment.state, payment.why) == (State.UNKNOWN, "id_of_another_payment")
        assert (payment.transaction_id, payment.ledger_entry) == (None, None)
        assert app.payments.get(payment.request_id) == payment
    assert len(app.acquirer.asked) == 1, "nor was the acquirer asked for the second"
    assert ledger_balance(app, Account.CARD_RECEIVABLE) == PRICE
    app.terminal.script = chip_sale
    assert pay(app, order="C1-3").approved, "the next sale works"


def test_an_unknown_id_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UnknownPayment):
        till(tmp_path).payments.get(bytes(8))


def test_two_hosts_cannot_open_the_same_order_twice(tmp_path: Path) -> None:
    app = till(tmp_path)
    pay(app)
    columns = "request_id, order_reference, amount_minor, currency, requested_at, state, asked, icc_data"
    with pytest.raises(IntegrityError, match=r"payment_once_an_order|UNIQUE"), app.database.transaction() as work:
        work.execute(
            text(
                f"INSERT INTO payment ({columns}) SELECT :id, order_reference, amount_minor, currency, requested_at, "
                "'requested', asked, icc_data FROM payment"
            ),
            {"id": b"\xff"},
        )


@pytest.mark.covers("terminal/LAW-1", "terminal/LAW-3")
def test_the_merchants_brand_is_asked_for_and_the_cardholders_kept(tmp_path: Path) -> None:
    async def overridden(reader: Reader, request_id: bytes) -> dict:
        await reader.go_online()
        return reader.result(request_id, "approved", brand="cb", brand_by="cardholder")

    app = till(tmp_path, overridden, default_brand="visa")
    payment = pay(app)
    assert app.terminal.wishes == [{"brand": "visa"}]
    kept = app.payments.get(payment.request_id).card
    assert kept is not None and (kept.brand, kept.brand_by) == ("cb", "cardholder")


def tap_answered(*codes: bytes) -> tuple[Any, Acquirer]:
    """Taps or chips, whatever the till asks for; the acquirer answers one after the other with `codes`."""

    class Answers(Acquirer):
        async def authorise(self, request: Any) -> Any:
            self.response_code = codes[len(self.asked)]
            return await super().authorise(request)

    async def script(reader: Reader, request_id: bytes) -> dict:
        interface = reader.wishes[-1].get("interface", "contactless")
        reader.progress("accepted")
        answer = await reader.go_online(interface=interface)
        soft = answer["response_code"] in (b"1A", b"65")
        outcome, why = ("declined", "chip_and_pin_required") if soft else ("approved", "approved_online")
        return reader.result(request_id, outcome, why=why, interface=interface)

    return script, Answers()


@pytest.mark.covers("terminal/LAW-32")
@pytest.mark.parametrize("code", [b"1A", b"65"])
def test_a_tap_that_the_issuer_wants_by_chip_goes_on_as_another_payment(tmp_path: Path, code: bytes) -> None:
    script, acquirer = tap_answered(code, b"00")
    app = till(tmp_path, script, acquirer)
    payment = pay(app)
    assert payment.approved and payment.interface == "contact"
    assert app.terminal.wishes == [{}, {"interface": "contact"}]
    first, second = app.terminal.asked
    assert payment.request_id == second
    assert app.payments.get(first).state is State.DECLINED
    assert first * 2 != second * 2 == payment.transaction_id, "the acquirer is asked under an id of its own"
    assert ledger_balance(app, Account.CARD_RECEIVABLE) == PRICE


@pytest.mark.covers("terminal/LAW-32")
def test_a_chip_that_the_issuer_refuses_alike_ends_the_sale(tmp_path: Path) -> None:
    script, acquirer = tap_answered(b"65", b"65")
    app = till(tmp_path, script, acquirer)
    assert pay(app).state is State.DECLINED
    assert len(acquirer.asked) == 2
