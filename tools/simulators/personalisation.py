"""What is written into a card at the factory: reads cards/*.toml, lays out data objects and records (EMV Book 3, 7)."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from emv import tlv
from tools.simulators import scheme as schemes
from tools.simulators.cryptogram import MChip20, Visa18
from tools.simulators.rsa import RsaKey

CARDS = Path(__file__).parent / "cards"

_TERMINAL_DATA = "9F0206 9F0306 9F1A02 9505 5F2A02 9A03 9C01 9F3704"
# What each of our cards asks of the terminal
CDOL1 = bytes.fromhex(_TERMINAL_DATA + "9F3501 9F3403")
CDOL2 = bytes.fromhex("910A 8A02" + _TERMINAL_DATA)
_DDOL = bytes.fromhex("9F3704")
PDOL_CONTACTLESS = bytes.fromhex("9F6604" + _TERMINAL_DATA)
_AIP_IS_SIGNED = b"\x82"
_USE_EVERYWHERE = b"\xff\xc0"  # 9F07
_CURRENCY = b"\x09\x78"
_COUNTRY = b"\x02\x50"
_LONGEST_RECORD = 252
_CRYPTOGRAMS = {"visa18": Visa18, "mchip20": MChip20}


@dataclass(frozen=True)
class Application:
    """One application on one interface, as cards/*.toml says it; `profile` bits are those of tag 82."""

    aid: bytes
    label: str
    priority: int
    interchange_profile: bytes
    cryptogram: str
    version: bytes  # 9F08
    cvm_list: bytes
    action_codes: tuple[bytes, ...]  # default, denial, online
    response_format: int  # Book 3, 6.5.5.4: 1 (tag 80) or 2 (tag 77)
    offline_limit_minor: int  # up to here the card approves without its issuer
    form_factor: bytes  # 9F6E: b"" for a plastic card
    cdcvm: bool  # the device itself has verified its holder
    signs_cvm_list: bool = True

    @property
    def scheme(self) -> schemes.Scheme:
        return schemes.of_application(self.aid)

    def may_approve_offline(self, amount_minor: int) -> bool:
        return 0 < amount_minor <= self.offline_limit_minor


@dataclass(frozen=True)
class IssuerAccount:
    """The issuer's side of a card: what its host knows. `taps_without_pin`: so many in a row, None: any number.

    `in_part`: where it has less than is asked for it pays what it has, as prepaid cards do.
    """

    available_minor: int
    taps_without_pin: int | None = None
    in_part: bool = False


@dataclass(frozen=True)
class Personalisation:
    name: str  # of the file
    title: str
    mark: str  # of the schemes, printed on the card
    pan: str
    sequence: str
    effective: str  # YYMMDD
    expiry: str  # YYMMDD
    holder: str
    service_code: str
    language: str
    pin: str
    pin_tries: int
    contact: tuple[Application, ...]
    contactless: tuple[Application, ...]
    account: IssuerAccount
    icc_key: RsaKey | None = field(repr=False)  # None: a card without dynamic authentication
    pin_key: RsaKey | None = field(repr=False)  # None: it deciphers PINs with its icc_key

    @property
    def last4(self) -> str:
        return self.pan[-4:]

    @cached_property
    def track2(self) -> bytes:
        text = f"{self.pan}D{self.expiry[:4]}{self.service_code}0000012300000"
        return bytes.fromhex(text + "F" * (len(text) % 2))

    @property
    def signing_key(self) -> RsaKey:
        """Raises ValueError: a card of static authentication signs nothing."""
        if self.icc_key is None:
            raise ValueError(f"{self.name} has no key")
        return self.icc_key

    def cryptogram(self, application: Application) -> Visa18 | MChip20:
        return _CRYPTOGRAMS[application.cryptogram](application.scheme, self.pan, self.sequence)

    def file_control(self, application: Application, more: bytes = b"") -> bytes:
        """FCI of the application (Book 1, table 45)."""
        proprietary = (
            tlv.encode(0x50, application.label.encode())
            + tlv.encode(0x87, bytes((application.priority,)))
            + more
            + tlv.encode(0x5F2D, self.language.encode())
        )
        return tlv.encode(0x6F, tlv.encode(0x84, application.aid) + tlv.encode(0xA5, proprietary))

    def contact_records(self, application: Application) -> Records:
        """SFI 1 what anybody may read, SFI 2 what is signed, SFI 3 keys and certificates."""
        signed = {
            0x5A: _compressed(self.pan),
            0x5F24: bytes.fromhex(self.expiry),
            0x5F25: bytes.fromhex(self.effective),
            0x5F28: _COUNTRY,
            0x5F34: bytes.fromhex(self.sequence),
            0x8C: CDOL1,
            0x8D: CDOL2,
            0x8E: application.cvm_list,
            0x9F07: _USE_EVERYWHERE,
            0x9F08: application.version,
            0x9F0D: application.action_codes[0],
            0x9F0E: application.action_codes[1],
            0x9F0F: application.action_codes[2],
            0x9F42: _CURRENCY,
            0x9F4A: _AIP_IS_SIGNED,
        }
        public = {0x57: self.track2, 0x5F20: self.holder.encode()}
        if not application.signs_cvm_list:
            public[0x8E] = signed.pop(0x8E)
        static = _objects(signed)
        return Records({1: [_objects(public)], 2: [static], 3: self._keys(application, static)}, signed=2)

    def contactless_records(self, application: Application) -> Records:
        """What goes with an offline authentication; 9F69, which is fresh at each tap, joins the last record."""
        static = _objects(
            {
                0x5A: _compressed(self.pan),
                0x5F24: bytes.fromhex(self.expiry),
                0x5F28: _COUNTRY,
                0x9F07: _USE_EVERYWHERE,
                0x9F4A: _AIP_IS_SIGNED,
            }
        )
        return Records({2: [static], 3: self._keys(application, static)}, signed=2)

    def _keys(self, application: Application, static: bytes) -> list[bytes]:
        """The issuer's certificate is a record by itself: one of 1984 bits leaves no room for anything beside it."""
        scheme = application.scheme
        signed = static + application.interchange_profile
        issuer = schemes.issuer_certificate(scheme, self.pan)
        objects = {tag: value for tag, value in issuer.items() if tag != 0x90}
        if self.icc_key is None:
            objects[0x93] = schemes.static_signature(scheme, signed)
        else:
            objects |= schemes.card_certificate(scheme, self.icc_key, self.pan, signed) | {0x9F49: _DDOL}
        if self.pin_key is not None:
            objects |= schemes.pin_certificate(scheme, self.pin_key, self.pan)
        return [tlv.encode(0x90, issuer[0x90]), *_packed(objects)]


@dataclass(frozen=True)
class Records:
    """Contents of the records, without template 70, by SFI."""

    files: dict[int, list[bytes]]
    signed: int  # the SFI whose records are authenticated

    @property
    def locator(self) -> bytes:
        """Tag 94 (Book 3, 10.2)."""
        return b"".join(
            bytes((sfi << 3, 1, len(records), len(records) if sfi == self.signed else 0))
            for sfi, records in sorted(self.files.items())
        )

    def record(self, sfi: int, number: int) -> bytes | None:
        records = self.files.get(sfi, [])
        return records[number - 1] if 1 <= number <= len(records) else None


def names() -> list[str]:
    """Every card that there is, by the name of its file."""
    return sorted(path.stem for path in CARDS.glob("*.toml"))


def load(name: str) -> Personalisation:
    """The card of cards/NAME.toml."""
    table = tomllib.loads((CARDS / f"{name}.toml").read_text())
    key = table.get("icc_key")
    return Personalisation(
        name=name,
        title=table["title"],
        mark=table["mark"],
        pan=table["pan"].replace(" ", ""),
        sequence=table["sequence"],
        effective=table["effective"],
        expiry=table["expiry"],
        holder=table["holder"],
        service_code=table["service_code"],
        language=table["language"],
        pin=table["pin"],
        pin_tries=table["pin_tries"],
        contact=tuple(_application(row) for row in table.get("contact", [])),
        contactless=tuple(_application(row) for row in table.get("contactless", [])),
        account=IssuerAccount(**table["account"]),
        icc_key=RsaKey.from_table(key) if key else None,
        pin_key=RsaKey.from_table(table["pin_key"]) if "pin_key" in table else None,
    )


def _application(row: dict) -> Application:
    return Application(
        aid=bytes.fromhex(row["aid"]),
        label=row["label"],
        priority=row["priority"],
        interchange_profile=bytes.fromhex(row["interchange_profile"]),
        cryptogram=row["cryptogram"],
        version=bytes.fromhex(row.get("version", "")),
        cvm_list=bytes(8) + bytes.fromhex(row.get("cvm_list", "")),
        action_codes=tuple(bytes.fromhex(code) for code in row.get("action_codes", ())),
        response_format=row.get("response_format", 2),
        offline_limit_minor=row.get("offline_limit_minor", 0),
        form_factor=bytes.fromhex(row.get("form_factor", "")),
        cdcvm=row.get("cdcvm", False),
    )


def _packed(values: dict[int, bytes]) -> list[bytes]:
    """As few records as hold them in this order (255 bytes each, template and length included)."""
    records = [b""]
    for tag, value in values.items():
        encoded = tlv.encode(tag, value)
        if len(records[-1]) + len(encoded) > _LONGEST_RECORD:
            records.append(b"")
        records[-1] += encoded
    return records


def _objects(values: dict[int, bytes]) -> bytes:
    return b"".join(tlv.encode(tag, value) for tag, value in values.items())


def _compressed(digits: str) -> bytes:
    return bytes.fromhex(digits + "F" * (len(digits) % 2))
