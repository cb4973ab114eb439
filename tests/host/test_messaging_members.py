"""Messages to loyalty's own members: joined on the reader, confirmed by the code of the SMS, out of offers by STOP."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest

from host.database import Database
from host.loyalty.model import Subject
from host.loyalty.reach import Reach
from host.loyalty.service import LoyaltyService
from host.messaging.carriers import Carriers
from host.messaging.limits import Limits
from host.messaging.model import Channel, Inbound
from host.messaging.quiet import Hours
from host.messaging.service import MessagingService
from host.messaging.store import MessageStore
from host.messaging.writing import Policy
from tests.host.loyalty_bench import E164, NUMBER, Shop
from tests.host.messaging_bench import HOUSE
from tools.simulators.messages.inbox import Inbox


class TellingShop(Shop):
    """A shop whose messages leave."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.clock.moment = self.clock.moment.replace(day=23)  # a Monday
        self.inbox = Inbox(self.clock.now)
        self.telling = MessagingService(
            MessageStore(database),
            Reach(self.store, self.clock),
            Carriers(self.inbox).ways(),
            Policy(HOUSE, Limits()),
            Hours(),
            self.timers,
            self.clock,
            self.messages.secret,
        )
        self.inbox.on_reply = lambda number, said, told: self.telling.receive(Inbound(told, number, said))
        self.service = LoyaltyService(replace(self.parts, messages=self.telling))

    async def run(self) -> list[str]:
        """What arrived meanwhile."""
        before = len(self.inbox.arrived)
        self.clock.later(seconds=1)
        await self.timers.run_due(self.clock.now())
        await self.telling.run_due(self.clock.now())
        return [each.letter.text for each in self.inbox.arrived[before:]]


@pytest.mark.covers("services/L-6", "services/L-12", "attacks/H-07", "terminal/LAW-12")
def test_from_the_reader_to_stop(database: Database) -> None:
    async def story() -> None:
        shop = TellingShop(database)
        ticket = shop.sale(1)
        shop.joins(1, ticket, sms_offers=True)
        (confirmation,) = await shop.run()
        found = re.search(r"code (\d{6})", confirmation)
        assert found is not None

        campaigns = shop.telling.campaigns
        offer = campaigns.draft("Samedi", Channel.SMS, "all", "-10 %, {points} points")
        assert campaigns.preview(offer).reached == 0  # not confirmed: it may be somebody else's number
        member = shop.service.joining.sign_in(NUMBER, found[1])
        assert campaigns.preview(offer).reached == 1

        campaigns.schedule(offer.id)
        (said,) = await shop.run()
        assert said == "Café du Zinc : -10 %, 12 points\nSTOP au 36180"

        shop.inbox.reply(E164, "stop")
        assert [each for each in await shop.run() if each != "stop"] == [
            "Café du Zinc : vous ne recevrez plus d'offres par SMS."
        ]
        with shop.store.transaction() as work:
            (*_, last) = shop.store.given(work, [member])[member]
        assert (last.subject, last.answer, last.channel) == (Subject.SMS_OFFERS, False, "sms_stop")
        shop.clock.later(days=1)
        assert campaigns.preview(campaigns.draft("Lundi", Channel.SMS, "all", "-10 %")).reached == 0

    asyncio.run(story())


@pytest.mark.covers("attacks/H-07")
def test_a_number_that_somebody_types_over_and_over_gets_three_messages(database: Database) -> None:
    async def story() -> None:
        shop = TellingShop(database)
        arrived = 0
        for card in range(1, 8):
            shop.joins(card, shop.sale(card))
            arrived += len(await shop.run())
            shop.service.joining.ask_code(NUMBER)
            arrived += len(await shop.run())
        assert arrived == 3
        shop.clock.moment += timedelta(days=1)
        shop.service.joining.ask_code(NUMBER)
        assert len(await shop.run()) == 1

    asyncio.run(story())


def test_a_segment_that_there_is_not(database: Database) -> None:
    with pytest.raises(KeyError):
        TellingShop(database).telling.campaigns.draft("?", Channel.SMS, "nobody", "x")
