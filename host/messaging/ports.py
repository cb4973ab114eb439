"""What messaging offers the domains above it (Messages), and what it needs of them and of gateways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from host.messaging.model import Address, Channel, Kind, Letter, Report, Template, Values


class Messages(Protocol):
    """service.MessagingService."""

    def send(
        self,
        work: Any,
        event_id: str,
        kind: Kind,
        member_id: str,
        template: Template,
        values: Values,
        channel: Channel = Channel.SMS,
    ) -> None:
        """Queue it in the transaction of what caused it; it leaves after the commit. The same event id again is
        nothing. Raises ValueMissing when `values` are not the template's."""
        ...

    def code(self, event_id: str) -> str:
        """Six digits: what the message of that event says, as {code}. They are derived from the installation's secret,
        so neither the outbox nor anybody's table has them. Whoever checks one minds its age and counts the tries."""
        ...

    def forget(self, work: Any, member_id: str) -> None:
        """The member is erased: what waits is not sent, and no row leads to the number any more."""
        ...


class Members(Protocol):
    """Whom messages go to; loyalty implements it. `work` is the open transaction."""

    def addresses(self, work: Any, channel: Channel, member_ids: Sequence[str]) -> Mapping[str, Address]:
        """Of those that have one, at most some hundreds at a time. A number is E.164."""
        ...

    def consents(self, work: Any, channel: Channel, member_ids: Sequence[str]) -> Mapping[str, datetime]:
        """When those who agree to offers by that channel said so: absent are those who never did, who took it back,
        and those whose number or address is not confirmed yet (attacks/H-07)."""
        ...

    def of_number(self, work: Any, number: str) -> Sequence[str]:
        """The members who have that number, E.164: one, as a rule."""
        ...

    def withdraw(self, work: Any, channel: Channel, member_id: str, at: datetime, how: str) -> None:
        """Take back the consent to offers, with its proof; `how`: "sms_stop" or "email_link". Idempotent."""
        ...

    def segment(self, work: Any, segment: str, after: str, limit: int) -> Sequence[str]:
        """The ids of its members greater than `after`, ascending, `limit` at most. "all" is everyone. Raises KeyError
        for a segment that there is not."""
        ...


class Gateway(Protocol):
    """Of SMS or e-mail."""

    @property
    def repeats(self) -> bool:
        """Does it know an event id again, and send the message once however often it is told to?"""
        ...

    @property
    def can_ask(self) -> bool:
        """Does `ask` lead anywhere?"""
        ...

    async def send(self, letter: Letter) -> str | None:
        """It has it now; its own id of the message, if it gives one. Raises NotTaken, Refused, NoAnswer."""
        ...

    async def ask(self, event_id: str, gateway_id: str | None) -> Report | None:
        """What became of it; None when it does not say. Raises NoAnswer."""
        ...
