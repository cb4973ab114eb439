"""What a member's points buy at the till: the law's limits are looked up again at each sale (terminal/LAW-14)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from host.database import Work
from host.loyalty import rules
from host.loyalty.errors import NoProgramme, NotConfirmed, TooFewPoints, UnknownReward
from host.loyalty.law import WHOLE, limit
from host.loyalty.model import NOTHING, Basket, Client, Entry, EntryKind, LegalClass, Programme, Reduction, Reward
from host.loyalty.parts import Parts
from host.loyalty.states import State
from host.money import Money, total

VOLUME = timedelta(days=365)


class Spending:
    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._store = parts.store

    def reduction(self, work: Work, member_id: str, reward_id: str, basket: Basket) -> Reduction:
        """What the reward takes off that basket today. Raises NoProgramme, UnknownReward, UnknownMember, NotConfirmed,
        TooFewPoints, NothingToReduce."""
        programme, reward = self._reward(work, reward_id)
        member = self._member(work, member_id)
        if self._store.points.balances(work, member.id).get(reward.counter, 0) < reward.threshold:
            raise TooFewPoints
        today = self._parts.today()
        return rules.reduction(programme, reward, basket, today, self._room(work, basket, today))

    def spend(self, work: Work, member_id: str, reward_id: str, ticket: str, reference: str) -> Reward:
        """`reference` is that of this use of it: told again it is the same one. Raises as `reduction`; the transaction
        is to be lost then."""
        _, reward = self._reward(work, reward_id)
        member, now = self._member(work, member_id), self._parts.now()
        if self._store.points.find(work, EntryKind.SPENT, reference) is None:
            facts = (reward.counter, member.id, -reward.threshold, now, ticket, reward.label)
            if not self._store.points.spend(work, Entry(EntryKind.SPENT, reference, *facts), member.id):
                raise TooFewPoints
            self._store.clients.save(work, member.rewarded(1).heard(now))
        return reward

    def give_back(self, work: Work, reference: str, at: datetime) -> None:
        """The reward was not used after all. Of what was not spent, nothing."""
        spent = self._store.points.find(work, EntryKind.SPENT, reference)
        if spent is None:
            return
        client = self._store.clients.held(work, spent.member_id)
        facts = (spent.counter, client.id, -spent.points, at, spent.ticket, spent.reward)
        if self._store.points.book(work, Entry(EntryKind.GIVEN_BACK, reference, *facts), client.id):
            self._store.clients.save(work, client.rewarded(-1))

    def give_back_all(self, work: Work, ticket: str, at: datetime) -> None:
        for spent in self._store.points.spent_on(work, ticket):
            self.give_back(work, spent.reference, at)

    def _member(self, work: Work, member_id: str) -> Client:
        member = self._store.clients.held(work, member_id)
        if member.state is not State.MEMBER:
            raise NotConfirmed
        return member

    def _reward(self, work: Work, reward_id: str) -> tuple[Programme, Reward]:
        programme = self._store.programmes.in_force(work, self._parts.now())
        if programme is None:
            raise NoProgramme
        found = [reward for reward in programme.rewards if reward.id == reward_id]
        if not found:
            raise UnknownReward(reward_id)
        return programme, found[0]

    def _room(self, work: Work, basket: Basket, today: date) -> dict[LegalClass, Money]:
        """What the volume of twelve months leaves to be sold with something off, this basket included."""
        sums = self._store.visits.promoted(work, today - VOLUME)
        room = {}
        for legal_class in {item.legal_class for item in basket}:
            volume = limit(legal_class, today).volume
            if volume < WHOLE:
                sold, promoted = sums.get(legal_class, (NOTHING, NOTHING))
                here = total([item.price for item in basket if item.legal_class is legal_class])
                room[legal_class] = (sold + here).share(volume, WHOLE) - promoted
        return room
