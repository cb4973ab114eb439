"""The elements of ISO 20022 caaa.001.001.13 and caaa.002.001.13 that Zinc writes and reads, named as the standard does.

A class bears no namespace of its own: it takes that of the Document it stands in, since both messages share most.
"""

# ruff: noqa: RUF009  what is called gives dataclass fields

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from xsdata.models.datatype import XmlDateTime

REQUEST_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:caaa.001.001.13"
ANSWER_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:caaa.002.001.13"


def element(name: str, **metadata: Any) -> Any:
    """A child element that may be absent."""
    return field(default=None, metadata={"name": name, "type": "Element"} | metadata)


def binary(name: str) -> Any:
    return element(name, format="base64")


def elements(name: str) -> Any:
    return field(default_factory=list, metadata={"name": name, "type": "Element"})


@dataclass
class Party:
    id: str | None = element("Id")
    type: str | None = element("Tp")  # ACCP acceptor, ACQR acquirer, OPOI originating POI


@dataclass
class Header:
    function: str | None = element("MsgFctn")  # AUTQ authorisation request, AUTP its response
    version: str | None = element("PrtcolVrsn")
    exchange_id: int | None = element("XchgId")
    created_at: XmlDateTime | None = element("CreDtTm")
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
    derivation_id: bytes | None = binary("DerivtnId")  # DUKPT: the key serial number


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
    data: bytes | None = binary("NcrptdData")


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
    mac: bytes | None = binary("MAC")


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


@dataclass
class Context:
    payment: PaymentContext | None = element("PmtCntxt")


@dataclass
class TransactionIdentifier:
    at: XmlDateTime | None = element("TxDtTm")
    reference: str | None = element("TxRef")  # the reader's transaction id in hexadecimal


@dataclass
class DetailedAmount:
    cash_back: Decimal | None = element("CshBck")


@dataclass
class Details:
    currency: str | None = element("Ccy")
    total: Decimal | None = element("TtlAmt")
    parts: DetailedAmount | None = element("DtldAmt")
    icc_data: bytes | None = binary("ICCRltdData")


@dataclass
class Transaction:
    capture: bool | None = element("TxCaptr")
    type: str | None = element("TxTp")  # CRDP card payment, RFND refund, CAVR card verification; not in an answer
    additional_services: list[str] = elements("AddtlSvc")  # CSHB: with cash back
    identifier: TransactionIdentifier | None = element("TxId")
    details: Details | None = element("TxDtls")


@dataclass
class Response:
    result: str | None = element("Rspn")  # APPR, DECL, TECH
    reason: str | None = element("RspnRsn")  # the issuer's response code, tag 8A


@dataclass
class AuthorisationResult:
    response: Response | None = element("RspnToAuthstn")
    code: str | None = element("AuthstnCd")


@dataclass
class TransactionResponse:
    result: AuthorisationResult | None = element("AuthstnRslt")


# ---- the two messages ----


@dataclass
class RequestBody:
    environment: Environment | None = element("Envt")
    context: Context | None = element("Cntxt")
    transaction: Transaction | None = element("Tx")


@dataclass
class Request:
    header: Header | None = element("Hdr")
    body: RequestBody | None = element("AuthstnReq")
    trailer: Content | None = element("SctyTrlr")


@dataclass
class RequestDocument:
    class Meta:
        name = "Document"
        namespace = REQUEST_NAMESPACE

    request: Request | None = element("AccptrAuthstnReq")


@dataclass
class AnswerBody:
    environment: Environment | None = element("Envt")
    transaction: Transaction | None = element("Tx")
    response: TransactionResponse | None = element("TxRspn")


@dataclass
class Answer:
    header: Header | None = element("Hdr")
    body: AnswerBody | None = element("AuthstnRspn")
    trailer: Content | None = element("SctyTrlr")


@dataclass
class AnswerDocument:
    class Meta:
        name = "Document"
        namespace = ANSWER_NAMESPACE

    answer: Answer | None = element("AccptrAuthstnRspn")
