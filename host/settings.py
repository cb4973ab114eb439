"""Everything about an installation that can be set, in one typed object; variables begin with ZINC_."""

from __future__ import annotations

from datetime import time
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class Merchant(BaseModel):
    """As the receipt names it; `id` as the acquirer does."""

    id: str = "ZINC-0001"
    name: str = "Café du Zinc"
    address: str = "12, rue de la Gare"
    town: str = "59800 Lille"
    siret: str = "000 000 000 00000"
    vat_number: str = "FR00000000000"


class Evening(BaseModel):
    """Of the contract, until signed parameters say otherwise: every evening at `cut_off`, local time in `zone`."""

    contract: str = "ZINC-TEST-1"
    cut_off: time = time(22, 30)
    zone: str = "Europe/Paris"


class Mail(BaseModel):
    """The server by which e-mail leaves; `sender` is the shop's address."""

    host: str
    port: int = 587
    sender: str
    user: str = ""
    password: SecretStr = SecretStr("")
    security: Literal["starttls", "tls", "none"] = "starttls"


class Offers(BaseModel):
    """When offers leave, local time; how many messages a number, and offers a member, may get."""

    opens: time = time(8)
    closes: time = time(20)
    sundays: bool = False
    holidays: bool = False
    region: Literal["Alsace", "Moselle"] | None = None
    messages_a_day: int = 3
    codes_an_hour: int = 3
    offers_a_month: int = 4


class Collecting(BaseModel):
    """Of executors (host/executor.py), which have it in common; limits are those of one acquirer, over all of them."""

    shards_at_once: int = 4  # of this executor: 500 merchants each
    shards_of_an_acquirer: int = 8
    merchants_a_minute: int | None = None
    connections: int = 50  # of this executor to one acquirer


class Settings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="ZINC_", env_nested_delimiter="__", frozen=True)

    database: Path = Path("zinc.db")
    # postgresql://user@host/name: where several processes or hosts write (services/SC-5); unset, the file above
    database_url: str | None = None
    merchant: Merchant = Merchant()
    till: str = "C1"
    poi_id: str = "ZINC-POI-1"
    acquirer_id: str = "ZINC-ACQUIRER"
    acquirer_url: str = "http://127.0.0.1:8600/caaa"
    acquirer_deadline_s: float = 10.0
    acquirer_key: SecretStr = SecretStr("")  # hexadecimal: signs the totals, for an acquirer of ISO 8583 alone
    acquirer_urls: dict[str, str] = {}  # by the acquirer's id, where there are several
    evening: Evening = Evening()
    collected_by_executors: bool = False  # `zinc executor` runs the evenings, on the same PostgreSQL
    collecting: Collecting = Collecting()
    remittances: Path | None = None  # the folder of what was sent to the acquirer; unset: beside the database
    sms_gateway: Path | None = None  # its description, docs/messaging.md; without it no SMS is sent
    mail: Mail | None = None
    offers: Offers = Offers()
    public_url: str = "http://127.0.0.1:8080"  # of this host, as people and gateways reach it from outside
    preauthorisation_days: int = 30  # of the contract: then what is held is given back
    tips: tuple[int, ...] = (5, 10, 15)  # percentages that a cardholder can be offered, four at most
    ask_tip: bool = False  # whether the till begins with that switched on
    language: Literal["fr", "en", "nl"] = "fr"
    # What goes first on a co-badged card until its holder takes another (terminal/LAW-1); "none" shows a list, and
    # unset leaves it to the reader's profile.
    default_brand: Literal["cb", "visa", "mastercard", "none"] | None = None

    @field_validator("public_url")
    @classmethod
    def _beyond_this_machine_by_tls(cls, url: str) -> str:
        """Codes and passwords are typed on its pages."""
        asked = urlsplit(url)
        if asked.scheme != "https" and asked.hostname not in ("127.0.0.1", "localhost"):
            raise ValueError("a public name begins with https://: put a reverse proxy with TLS before the till")
        return url.rstrip("/")

    def url_of(self, acquirer_id: str) -> str:
        return self.acquirer_urls.get(acquirer_id, self.acquirer_url)
