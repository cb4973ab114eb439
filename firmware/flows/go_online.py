"""Ask the acquirer through the host, and believe its answer only with its MAC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from emv import tlv
from emv.constant import const
from emv.errors import CardFault
from firmware.flows.field_55 import ONLINE, field_55
from firmware.flows.payment import PARTIAL, PURCHASE
from firmware.secure.card_data import card_data, pan

if TYPE_CHECKING:
    from emv.action import IssuerAnswer
    from firmware.flows.payment import Payment
    from firmware.secure.vault import Vault
    from firmware.terminal import Terminal

ANSWER_TIMEOUT_MS = 25_000
DECLINED = b"05"  # what the card is told of an answer that nobody signed: do not honour
DIVISIBLE = (PURCHASE, "preauthorisation")
_AUTHENTICATION = const(0x91)
SCRIPTS = (0x71, 0x72)


async def go_online(terminal: Terminal, payment: Payment) -> IssuerAnswer | None:
    """None: unable to go online. The payment keeps the answer.

    A card is told the issuer's own code, 10 too: what authenticates the answer is made over it (Book 2, 8.2).
    """
    terminal.journal.went_online(payment.transaction_id)
    payment.asked = True
    request = online_request(payment, terminal.vault)
    answer = await terminal.link.ask(request, "online_answer", ANSWER_TIMEOUT_MS)
    if answer is None or "response_code" not in answer:
        return None
    if not payment.keys.answer_mac_is_good(payment.transaction_id, answer) or not _is_possible(payment, answer):
        payment.answer_is_false = True
        return _issuer_answer(DECLINED, b"")
    payment.answer = answer
    return _issuer_answer(answer["response_code"], answer.get("icc_data", b""))


def _is_possible(payment: Payment, answer: dict) -> bool:
    """A part is less than the whole, and of nothing but what is reserved or bought."""
    if answer["response_code"] != PARTIAL:
        return True
    return payment.kind in DIVISIBLE and 0 < answer.get("authorised_minor", 0) < payment.amount_minor


def online_request(payment: Payment, vault: Vault) -> dict:
    """With the token the host finds the reversal that it owes this card (terminal/T-R21). Raises ReaderFault."""
    request = {
        "type": "online_request",
        "transaction_id": payment.transaction_id,
        "amount_minor": payment.amount_minor,
        "currency": payment.currency,
        "interface": payment.interface,
        "icc_data": field_55(payment.card, ONLINE),
        "ksn": payment.keys.ksn,
        "sealed_card": payment.keys.seal_card(card_data(payment.card.data)),
    }
    request.update(payment.told())
    request["token"], request["token_version"] = vault.token(pan(payment.card.data).encode())
    if payment.pin_block is not None:
        request["pin_block"] = payment.pin_block
    request["mac"] = payment.keys.request_mac(request)
    return request


def _issuer_answer(response_code: bytes, icc_data: bytes) -> IssuerAnswer:
    """Issuer data that is no TLV is left out: the card then has to do without."""
    from emv.action import IssuerAnswer

    authentication = None
    scripts = []
    try:
        for tag, start, end in tlv.children(icc_data):
            if tag == _AUTHENTICATION:
                authentication = icc_data[start:end]
            elif tag in SCRIPTS:
                scripts.append(tlv.encode(tag, icc_data[start:end]))
    except CardFault:
        pass
    return IssuerAnswer(response_code, authentication, scripts)
