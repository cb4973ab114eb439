"""The elements that caaa messages of ISO 20022 share, as far as Zinc writes and reads them, named as the standard does.

A class bears no namespace of its own: it takes that of the Document it stands in. Where messages differ, an element
that is not in one of them is left out of it.
"""

# ruff: noqa: RUF009  what is called gives dataclass fields

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from host.acquirer.xml_elements import element, elements


@dataclass
class Party:
    id: str | None = element("Id")
    type: str | None = element("Tp")  # ACCP acceptor, ACQR acquirer, OPOI originating POI


@dataclass
class Header:
    function: str | None = element("MsgFctn")
    version: str | None = element("PrtcolVrsn")
    exchange_id: int | None = element("XchgId")
    retransmissions: str | None = element("ReTrnsmssnCntr")
    created_at: datetime | None = element("CreDtTm")
    initiating_party: Party | None = element("InitgPty")
    recipient_party: Party | None = element("RcptPty")


@dataclass
class TransferHeader:
    """Of a batch and its answer."""

    download: bool | None = element("DwnldTrf")
    version: str | None = element("FrmtVrsn")
    exchange_id: int | None = element("XchgId")
    created_at: datetime | None = element("CreDtTm")
    initiating_party: Party | None = element("InitgPty")
    recipient_party: Party | None = element("RcptPty")


# ---- CMS: what is sealed, and under which key ----


@dataclass
class Algorithm:
    name: str | None = element("Algo")


@dataclass
class KeyIdentifier:
    key_id: str | None = element("KeyId")
    key_version: str | None = element("KeyVrsn")
    derivation_id: bytes | None = element("DerivtnId")  # DUKPT: the key serial number


@dataclass
class KeyEncryptionKey:
    identifier: KeyIdentifier | None = element("KEKId")
    algorithm: Algorithm | None = element("KeyNcrptnAlgo")


@dataclass
class Recipient:
    key: KeyEncryptionKey | None = element("KEK")


@dataclass
class EncryptedContent:
    type: str | None = element("CnttTp")
    algorithm: Algorithm | None = element("CnttNcrptnAlgo")
    data: bytes | None = element("NcrptdData")


@dataclass
class EnvelopedData:
    recipient: Recipient | None = element("Rcpt")
    content: EncryptedContent | None = element("NcrptdCntt")


@dataclass
class EncapsulatedContent:
    type: str | None = element("CnttTp")


@dataclass
class AuthenticatedData:
    recipient: Recipient | None = element("Rcpt")
    algorithm: Algorithm | None = element("MACAlgo")
    content: EncapsulatedContent | None = element("NcpsltdCntt")
    mac: bytes | None = element("MAC")


@dataclass
class Content:
    type: str | None = element("CnttTp")  # EVLP or AUTH
    enveloped: EnvelopedData | None = element("EnvlpdData")
    authenticated: AuthenticatedData | None = element("AuthntcdData")


# ---- environment: who and which card ----


@dataclass
class Identified:
    id: Party | None = element("Id")


@dataclass
class Merchant:
    id: Party | None = element("Id")
    name: str | None = element("CmonNm")


@dataclass
class Card:
    protected_data: Content | None = element("PrtctdCardData")


@dataclass
class OnlinePin:
    block: Content | None = element("NcrptdPINBlck")
    format: str | None = element("PINFrmt")  # ISO4: ISO 9564-1 format 4


@dataclass
class CardholderAuthentication:
    method: str | None = element("AuthntcnMtd")  # NPIN: online PIN
    online_pin: OnlinePin | None = element("CrdhldrOnLinePIN")


@dataclass
class VerificationResult:
    method: str | None = element("Mtd")  # CRYP: the card's cryptogram
    entity: str | None = element("VrfctnNtty")  # ISSR
    result: str | None = element("Rslt")  # SUCC, FAIL, NOVF


@dataclass
class Cardholder:
    authentication: list[CardholderAuthentication] = elements("Authntcn")
    verification: list[VerificationResult] = elements("TxVrfctnRslt")


@dataclass
class Environment:
    acquirer: Identified | None = element("Acqrr")
    merchant: Merchant | None = element("Mrchnt")
    poi: Identified | None = element("POI")
    card: Card | None = element("Card")
    cardholder: Cardholder | None = element("Crdhldr")


# ---- transaction ----


@dataclass
class PaymentContext:
    card_present: bool | None = element("CardPres")
    cardholder_present: bool | None = element("CrdhldrPres")
    online: bool | None = element("OnLineCntxt")
    entry_mode: str | None = element("CardDataNtryMd")  # CICC chip, ECTL contactless with EMV
    supported_options: list[str] = elements("SpprtdOptn")  # PART: a part of the amount may be approved


@dataclass
class Context:
    payment: PaymentContext | None = element("PmtCntxt")


@dataclass
class TransactionIdentifier:
    at: datetime | None = element("TxDtTm")
    reference: str | None = element("TxRef")  # the reader's transaction id in hexadecimal


@dataclass
class OriginalTransaction:
    identifier: TransactionIdentifier | None = element("TxId")
    type: str | None = element("TxTp")
    additional_services: list[str] = elements("AddtlSvc")


@dataclass
class DetailedAmount:
    cash_back: Decimal | None = element("CshBck")
    gratuity: Decimal | None = element("Grtty")


@dataclass
class Details:
    currency: str | None = element("Ccy")
    total: Decimal | None = element("TtlAmt")
    parts: DetailedAmount | None = element("DtldAmt")
    icc_data: bytes | None = element("ICCRltdData")


@dataclass
class Response:
    result: str | None = element("Rspn")  # APPR, PART, DECL, TECH
    reason: str | None = element("RspnRsn")  # the issuer's response code, tag 8A


@dataclass
class AuthorisationResult:
    response: Response | None = element("RspnToAuthstn")
    code: str | None = element("AuthstnCd")


@dataclass
class Transaction:
    capture: bool | None = element("TxCaptr")
    type: str | None = element("TxTp")  # CRDP card payment, RFND refund, RESA reservation, CAVR card verification
    additional_services: list[str] = elements("AddtlSvc")  # CSHB: with cash back
    service_attribute: str | None = element("SvcAttr")  # IRES: initial reservation
    category_code: str | None = element("MrchntCtgyCd")  # ISO 18245
    identifier: TransactionIdentifier | None = element("TxId")
    original: OriginalTransaction | None = element("OrgnlTx")
    success: bool | None = element("TxSucss")
    reversal: bool | None = element("Rvsl")
    failure_reasons: list[str] = elements("FailrRsn")
    details: Details | None = element("TxDtls")
    answer: str | None = element("Rspn")  # to an advice


@dataclass
class TransactionResponse:
    result: AuthorisationResult | None = element("AuthstnRslt")


@dataclass
class TransactionTotals:
    brand: str | None = element("CardBrnd")
    application: str | None = element("CardPdctPrfl")  # the AID in hexadecimal
    currency: str | None = element("Ccy")
    type: str | None = element("Tp")  # DEBT debits, CRDT credits, DBTR debits that were cancelled
    count: int | None = element("TtlNb")
    sum: Decimal | None = element("CmltvAmt")


@dataclass
class Body:
    environment: Environment | None = element("Envt")
    context: Context | None = element("Cntxt")
    transaction: Transaction | None = element("Tx")
    response: TransactionResponse | None = element("TxRspn")
