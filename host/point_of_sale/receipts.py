"""What a receipt says, row by row; receipt_text.py and receipt_pdf.py typeset it.

Customer and merchant copy of the card scheme's rules (EMV Book 4, 11.4); ticket fields of the French till law
(terminal/LAW-24). The number of the card is masked but for its last four digits on both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Literal

from host.money import Money, total
from host.payment.icc_data import values
from host.payment.model import BRANDS, Card, Payment
from host.payment.states import State
from host.point_of_sale.model import Line, LineKind, Ticket, TicketState
from host.point_of_sale.receipt_words import WORDS

Style = Literal[
    "title", "center", "strong", "banner", "pair", "total", "columns", "rule", "small", "detail", "signature"
]

CRYPTOGRAMS = {0x40: "TC", 0x80: "ARQC", 0x00: "AAC"}  # tag 9F27, bits 8 and 7
OUTCOMES = {
    State.APPROVED: "approved",
    State.AUTHORISED: "approved",
    State.DECLINED: "declined",
    State.REVERSAL_DUE: "declined",
    State.REVERSED: "declined",
    State.VOIDED: "voided",
    State.CANCELLED: "cancelled",
}
DOCUMENTS = ("refund", "preauthorisation", "completion", "cancellation")  # beside the receipt of a payment
TVR, TSI, ATC, CVM_RESULTS, CRYPTOGRAM, CID = 0x95, 0x9B, 0x9F36, 0x9F34, 0x9F26, 0x9F27
AID_TAGS = (0x84, 0x4F, 0x9F06)  # DF name, AID of the directory, AID of the terminal


@dataclass(frozen=True)
class Seller:
    """The merchant as receipts name it; `till` and `poi` are numbers of till and reader."""

    name: str
    address: str
    town: str
    siret: str
    vat_number: str
    till: str
    poi: str
    time_zone: tzinfo | None = None  # None: the machine's


@dataclass(frozen=True)
class Row:
    style: Style
    cells: tuple[str, ...] = ()


@dataclass(frozen=True)
class Receipt:
    name: str  # for files: C1-000042-customer
    rows: tuple[Row, ...]


RULE = Row("rule")


def compose(
    ticket: Ticket | None,
    payment: Payment,
    seller: Seller,
    copy: str,
    language: str,
    *,
    payments: Sequence[Payment] = (),
    original: str = "",
    duplicate: bool = False,
) -> Receipt:
    """`copy` is customer or merchant, `language` fr, en or nl. `payments` are all of the order, in order.

    ticket: None of what is no sale. original: of a refund, the number of the ticket that it gives back of.
    """
    words = WORDS[language]
    kind = document(payment)
    rows = [*_head(seller), *([Row("banner", (words["duplicate"],))] if duplicate else [])]
    if ticket is not None and kind == "payment":
        rows += _sale(ticket, payment, _before(payment, payments), seller, words, language)
        name = f"{number(ticket)}-{copy}"
    else:
        rows += _document_head(kind, ticket, payment, original, seller, words)
        name = f"{payment.order_reference}-{kind}-{copy}".replace("/", "-")
    rows += _card(payment, seller, copy, words, language)
    if ticket is not None and kind == "payment":
        rows += _rest(ticket, payment, _before(payment, payments), words, language)
    return Receipt(name, (*rows, *_end(kind, payment, copy, words)))


def document(payment: Payment) -> str:
    """What a receipt of it is now: payment, or one of DOCUMENTS."""
    if payment.state is State.VOIDED:
        return "cancellation"
    if payment.kind == "preauthorisation":
        return "completion" if payment.approved else "preauthorisation"
    return "refund" if payment.kind == "refund" else "payment"


def _sale(
    ticket: Ticket, payment: Payment, before: Money, seller: Seller, words: dict[str, str], language: str
) -> list[Row]:
    return [
        *_ticket_head(ticket, payment, seller, words),
        *[row for line in ticket.lines for row in _line(line, words, language)],
        RULE,
        Row("total", (words["total"], ticket.total.text(language))),
        *([Row("pair", (words["before"], before.text(language)))] if before else []),
        *_vat(ticket, words, language),
        RULE,
    ]


def _before(payment: Payment, payments: Sequence[Payment]) -> Money:
    """What other payments of the order brought earlier, without tips."""
    earlier = [other for other in payments if other.approved and other.requested_at < payment.requested_at]
    return total([goods(other) for other in earlier], payment.amount.currency)


def goods(payment: Payment) -> Money:
    """What an approved payment pays of the goods: without its tip."""
    return payment.paid - Money(payment.tip_minor, payment.amount.currency)


def _rest(ticket: Ticket, payment: Payment, before: Money, words: dict[str, str], language: str) -> list[Row]:
    """What a part leaves to be paid."""
    rest = ticket.total - before - goods(payment)
    if not payment.approved or rest.amount_minor <= 0:
        return []
    return [Row("pair", (words["rest"], rest.text(language)))]


def _document_head(
    kind: str, ticket: Ticket | None, payment: Payment, original: str, seller: Seller, words: dict[str, str]
) -> list[Row]:
    """What is no sale says so first."""
    moment = _moment(payment.ended_at or payment.requested_at, seller)
    of = original or (number(ticket) if ticket else "")
    rows = [Row("banner", (words[kind],)), Row("pair", (payment.order_reference, moment))]
    rows += [Row("pair", (words["of_ticket"], of))] if of else []
    if kind == "refund" and payment.original is None:
        rows.append(Row("small", (words["without_reference"],)))
    return [*rows, RULE]


def number(ticket: Ticket) -> str:
    return f"{ticket.till}-{ticket.number:06d}" if ticket.number else f"{ticket.order_reference}-provisoire"


def _head(seller: Seller) -> list[Row]:
    return [
        Row("title", (seller.name,)),
        Row("center", (seller.address,)),
        Row("center", (seller.town,)),
        Row("small", (f"SIRET {seller.siret}",)),
        Row("small", (f"TVA {seller.vat_number}",)),
        RULE,
    ]


def _ticket_head(ticket: Ticket, payment: Payment, seller: Seller, words: dict[str, str]) -> list[Row]:
    moment = _moment(ticket.paid_at or payment.ended_at or payment.requested_at, seller)
    if ticket.state is not TicketState.PAID:
        paid = "part_paid" if payment.approved else "provisional"
        return [Row("banner", (words[paid],)), Row("pair", (ticket.order_reference, moment)), RULE]
    return [Row("pair", (f"{words['ticket']} {number(ticket)}", moment)), RULE]


def _moment(moment: datetime, seller: Seller) -> str:
    return moment.astimezone(seller.time_zone).strftime("%d/%m/%Y %H:%M:%S")


def _line(line: Line, words: dict[str, str], language: str) -> list[Row]:
    vat = f"{words['vat']} {_rate(line.vat_rate, language)}"
    if line.kind is LineKind.DISCOUNT:
        return [Row("pair", (f"{line.label} – {vat}", line.total.text(language)))]
    label = f"{words['correction']} {line.label}" if line.kind is LineKind.CORRECTION else line.label
    detail = f"{line.quantity} × {line.unit_price.text(language)} – {vat}"
    return [Row("pair", (label, line.total.text(language))), Row("detail", (detail,))]


def _rate(rate: int, language: str) -> str:
    """Hundredths of a percent as text: 20 %, 5,5 %."""
    text = f"{rate / 100:.2f}".rstrip("0").rstrip(".")
    return f"{text}%" if language == "en" else f"{text.replace('.', ',')}\u00a0%"


def _vat(ticket: Ticket, words: dict[str, str], language: str) -> list[Row]:
    rows = [Row("columns", (words["rate"], words["net"], words["vat"], words["gross"]))]
    for part in ticket.vat():
        amounts = (part.net.text(language), part.vat.text(language), part.gross.text(language))
        rows.append(Row("columns", (_rate(part.rate, language), *amounts)))
    return rows


def _card(payment: Payment, seller: Seller, copy: str, words: dict[str, str], language: str) -> list[Row]:
    data = values(payment.icc_data)
    interface = words.get(payment.interface or "", "")
    rows = [Row("pair", (words["card"], interface))]
    if payment.card:
        rows.append(Row("pair", (payment.card.label or "", f"**** {payment.card.last4}")))
        rows += _pairs((words["brand"], _brand(payment.card, words)))
    rows += _pairs(("AID", _first(data, AID_TAGS)), (_cryptogram_name(data, words), _hex(data.get(CRYPTOGRAM))))
    rows += _pairs((words["authorisation"], payment.authorisation_code))
    if copy == "merchant":
        rows += _merchant_data(payment, data, seller, words)
    return rows + _amounts(payment, words, language)


def _amounts(payment: Payment, words: dict[str, str], language: str) -> list[Row]:
    """With the tip, and what was asked for or held, where that is another amount (terminal/T-R06, T-R07, T-R11)."""
    kind = document(payment)
    rows = []
    tip = Money(payment.tip_minor, payment.amount.currency)
    if tip:
        rows.append(Row("pair", (words["goods"], (payment.paid - tip).text(language))))
        rows.append(Row("pair", (words["tip"], tip.text(language))))
    if kind == "completion":
        rows.append(Row("pair", (words["held"], payment.amount.text(language))))
    elif payment.approved and payment.paid != payment.total:
        rows.append(Row("pair", (words["asked"], payment.total.text(language))))
    name = {"preauthorisation": "held", "refund": "given_back"}.get(kind, "amount")
    return [*rows, Row("total", (words[name], payment.paid.text(language)))]


def _brand(card: Card, words: dict[str, str]) -> str:
    """With whose choice it was, where it was the cardholder's (terminal/LAW-3)."""
    name = BRANDS.get(card.brand or "", "")
    return f"{name} – {words['cardholder_choice']}" if card.brand_by == "cardholder" else name


def _merchant_data(payment: Payment, data: dict[int, bytes], seller: Seller, words: dict[str, str]) -> list[Row]:
    code = payment.response_code.decode("ascii", "replace") if payment.response_code else None
    transaction_id = payment.transaction_id.hex().upper() if payment.transaction_id else None
    return [
        *_pairs(
            (words["response"], code),
            ("Terminal", seller.poi),
            ("TVR", _hex(data.get(TVR))),
            ("TSI", _hex(data.get(TSI))),
            ("ATC", _hex(data.get(ATC))),
            ("CVM", _hex(data.get(CVM_RESULTS))),
        ),
        *([Row("small", (f"{words['transaction']} {transaction_id}",))] if transaction_id else []),
    ]


def _cryptogram_name(data: dict[int, bytes], words: dict[str, str]) -> str:
    kind = CRYPTOGRAMS.get(data[CID][0] & 0xC0, "") if data.get(CID) else ""
    return f"{words['cryptogram']} {kind}".strip()


def _end(kind: str, payment: Payment, copy: str, words: dict[str, str]) -> list[Row]:
    outcome = OUTCOMES.get(payment.state, "unknown")
    rows = [Row("strong", (_verdict(kind, outcome, words),))]
    if outcome == "unknown":
        rows.append(Row("center", (words["unknown_advice"],)))
    if outcome == "approved" and kind == "preauthorisation":
        rows.append(Row("center", (words["nothing_charged_yet"],)))
    if outcome == "voided":
        rows.append(Row("center", (words["nothing_charged"],)))
    if outcome == "approved":
        rows += _cardholder_verification(payment, copy, words)
    if outcome == "approved" and payment.offline:
        rows.append(Row("center", (words["offline"],)))
    rows += [RULE, Row("center", (words[copy],))]
    return [*rows, Row("center", (words["thanks"],))] if copy == "customer" else rows


def _verdict(kind: str, outcome: str, words: dict[str, str]) -> str:
    """A refund that is approved is not "payment approved"."""
    return words.get(f"{kind}_{outcome}", words[outcome])


def _cardholder_verification(payment: Payment, copy: str, words: dict[str, str]) -> list[Row]:
    if payment.cvm == "signature":
        return [Row("signature", (words["signature"],))] if copy == "merchant" else []
    return [Row("center", (words[payment.cvm],))] if payment.cvm in ("online_pin", "offline_pin", "on_device") else []


def _pairs(*pairs: tuple[str, str | None]) -> list[Row]:
    return [Row("pair", (name, value)) for name, value in pairs if value]


def _hex(value: bytes | None) -> str | None:
    return value.hex().upper() if value else None


def _first(data: dict[int, bytes], tags: tuple[int, ...]) -> str | None:
    return next((data[tag].hex().upper() for tag in tags if data.get(tag)), None)
