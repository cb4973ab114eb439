"""What the merchant's pages ask of: the domain's services, and of the till what it sells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from host.clock import Clock
from host.loyalty.model import LegalClass
from host.loyalty.service import LoyaltyService
from host.messaging.service import MessagingService
from host.money import Money


class Article(Protocol):
    @property
    def label(self) -> str: ...

    @property
    def category(self) -> str: ...

    @property
    def price(self) -> Money: ...

    @property
    def legal_class(self) -> LegalClass: ...


class Shelf(Protocol):
    """point_of_sale.service.TillService."""

    def articles(self) -> Sequence[Article]: ...

    def classes(self) -> Mapping[str, LegalClass]: ...

    def classify(self, category: str, legal_class: LegalClass) -> None: ...


@dataclass(frozen=True)
class Space:
    loyalty: LoyaltyService
    messages: MessagingService
    shelf: Shelf
    clock: Clock
    zone: ZoneInfo
    paper: Callable[[str, str], str] | None = None  # address of a PDF, by its name and language

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def today(self) -> date:
        return self.local(self.clock.now()).date()
