"""Whom messages go to: members, and merchants who have an account of the space. Links are written as they leave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from host.clock import Clock
from host.database import Work
from host.loyalty.reach import Reach
from host.loyalty.store import LoyaltyStore
from host.messaging.model import Address, Channel, Kind, Template
from host.messaging.ports import Messages
from host.web.sign_in.links import Links
from host.web.sign_in.model import Account
from host.web.sign_in.service import Send
from host.web.sign_in.store import AccountStore


class Addressees(Reach):
    def __init__(self, store: LoyaltyStore, links: Links, clock: Clock) -> None:
        super().__init__(store, clock)
        self._accounts = AccountStore()
        self._links = links

    def addresses(self, work: Work, channel: Channel, member_ids: Sequence[str]) -> Mapping[str, Address]:
        found = dict(super().addresses(work, channel, member_ids))
        if channel is Channel.EMAIL:
            found |= {each.id: self._merchant(each) for each in self._accounts.among(work, member_ids)}
        return found

    def _merchant(self, account: Account) -> Address:
        values = {"login": account.email, "link": self._links.write(account, self._clock.now())}
        return Address(account.email, account.language, values)


def sender(messages: Messages) -> Send:
    """Of the e-mails of accounts: the first holds until somebody reads it, another is waited for."""

    def send(work: Work, event_id: str, account: Account) -> None:
        kind, template = (Kind.CODE, Template.PASSWORD) if account.password_hash else (Kind.SERVICE, Template.ACCOUNT)
        messages.send(work, event_id, kind, account.id, template, {}, Channel.EMAIL)

    return send
