"""What a basket earns and what a reward takes off, within the programme and the law. Dates and baskets come in."""

from __future__ import annotations

from collections import Counter as Counts
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction

from host.loyalty.errors import NothingToReduce
from host.loyalty.law import WHOLE, limit
from host.loyalty.model import (
    NOTHING,
    Balances,
    Basis,
    Basket,
    Counter,
    Earning,
    Item,
    LegalClass,
    Programme,
    Reduction,
    Reward,
    RewardKind,
)
from host.money import Money, total

ALL = Fraction(1)
GAPS = (7, 14, 30, 90)  # days since a client's visit before, 0 being the first visit; the last bucket is longer

Room = Mapping[LegalClass, Money]  # what may still be sold with something off, of the classes that have a volume


def birthday_in(birthday: str, year: int) -> date:
    """Of whoever was born on 29 February it is the 28th in other years."""
    month, day = int(birthday[:2]), int(birthday[3:])
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, 2, 28)


def earned(programme: Programme, basket: Basket, day: date) -> dict[Counter, int]:
    """What a basket brings, without the counters that it brings nothing of (terminal/LAW-15)."""
    sums = dict.fromkeys(Counter, 0)
    for earning in programme.earnings:
        sums[earning.counter] += _brought(programme, earning, basket, day)
    return {counter: points for counter, points in sums.items() if points}


def affordable(programme: Programme, balances: Balances) -> tuple[Reward, ...]:
    return tuple(reward for reward in programme.rewards if balances.get(reward.counter, 0) >= reward.threshold)


def next_reward(programme: Programme, balances: Balances) -> Reward | None:
    """Of those that are not reached yet, the one that the least is missing for."""
    missing = [
        (reward.threshold - balances.get(reward.counter, 0), index) for index, reward in enumerate(programme.rewards)
    ]
    ahead = [pair for pair in missing if pair[0] > 0]
    return programme.rewards[min(ahead)[1]] if ahead else None


def rate(programme: Programme, reward: Reward) -> Fraction:
    """What a reward gives back of what was spent to reach it; the whole where that cannot be told."""
    rates = [_rate(earning, reward) for earning in programme.earnings if earning.counter is reward.counter]
    return max(rates, default=ALL)


def earns(programme: Programme, earning: Earning, legal_class: LegalClass, day: date) -> bool:
    """Whether articles of that class count: not those whose law leaves less than the best reward gives back."""
    most = limit(legal_class, day).value
    if most in (0, WHOLE):
        return most == WHOLE
    rewards = [reward for reward in programme.rewards if reward.counter is earning.counter]
    return all(_rate(earning, reward) <= Fraction(most, WHOLE) for reward in rewards)


def reduction(programme: Programme, reward: Reward, basket: Basket, day: date, room: Room) -> Reduction:
    """What the reward takes off each item, within what the law leaves of it. Raises NothingToReduce."""
    if reward.kind is RewardKind.GIFT:
        return _gift(programme, reward, basket, day, room)
    most = [_most(item, day, room) if _meant(reward, item) else NOTHING for item in basket]
    if reward.kind is RewardKind.COUPON:
        wanted = total([item.paid.share(reward.percent, WHOLE) for item, cap in zip(basket, most) if cap])
    else:
        wanted = reward.amount
    return _spread(reward, min(wanted, total(most)), most)


def expiring(expired_by_now: int, debits: int) -> int:
    """The oldest points are spent first: what came with an end that is past, less all that ever went."""
    return max(0, expired_by_now - debits)


def gap_counts(days: Sequence[date]) -> Counts[tuple[date, int]]:
    """Of a client's visits, in order: how many came on a day that long after the one before."""
    before = [None, *days[:-1]]
    return Counts((day, gap((day - last).days if last else None)) for day, last in zip(days, before))


def gap(days: int | None) -> int:
    """The bucket of a visit that came so many days after the client's one before; None: it is the first."""
    return 0 if days is None else 1 + sum(days > most for most in GAPS)


def _brought(programme: Programme, earning: Earning, basket: Basket, day: date) -> int:
    counted = [item for item in basket if earns(programme, earning, item.legal_class, day)]
    if earning.basis is Basis.ARTICLE:
        return earning.gives * sum(item.quantity for item in counted if item.category == earning.category)
    paid = total([item.paid for item in counted])
    if earning.basis is Basis.VISIT:
        return earning.gives if paid >= earning.step and paid else 0
    return earning.gives * max(0, paid.amount_minor // earning.step.amount_minor)


def _rate(earning: Earning, reward: Reward) -> Fraction:
    if reward.kind is RewardKind.COUPON:
        return Fraction(reward.percent, WHOLE)
    times = -(-reward.threshold // earning.gives)
    if earning.basis is Basis.ARTICLE and reward.kind is RewardKind.GIFT and earning.category == reward.category:
        return Fraction(1, times + 1)
    spent = times * earning.step.amount_minor
    if earning.basis is Basis.ARTICLE or not spent or not reward.amount:
        return ALL
    return Fraction(reward.amount.amount_minor, spent)


def _meant(reward: Reward, item: Item) -> bool:
    return item.quantity > 0 and reward.category in ("", item.category)


def _most(item: Item, day: date, room: Room) -> Money:
    """What may still be taken off an item, what is off already included in the limit."""
    most = item.price.amount_minor * limit(item.legal_class, day).value // WHOLE
    left = most - (item.price - item.paid).amount_minor
    if item.paid == item.price and item.price > room.get(item.legal_class, item.price):
        return NOTHING  # the class has had its volume of promotions
    return Money(max(0, min(left, item.paid.amount_minor)))


def _gift(programme: Programme, reward: Reward, basket: Basket, day: date, room: Room) -> Reduction:
    """The dearest article of the category that is not above the gift's value, where it has one."""
    found = []
    for position, item in enumerate(basket):
        bound = limit(item.legal_class, day).value
        one = item.paid.share(1, item.quantity) if item.quantity > 0 else NOTHING
        fits = one and _meant(reward, item) and (not reward.amount or one <= reward.amount)
        has_room = bound == WHOLE or one <= room.get(item.legal_class, one)
        if fits and bound and has_room and rate(programme, reward) <= Fraction(bound, WHOLE):
            found.append((one.amount_minor, -position))
    if not found:
        raise NothingToReduce(reward.id)
    value, position = max(found)
    return Reduction(reward, ((-position, Money(value)),))


def _spread(reward: Reward, amount: Money, most: list[Money]) -> Reduction:
    if not amount > NOTHING:
        raise NothingToReduce(reward.id)
    parts = amount.allocate([cap.amount_minor for cap in most])
    return Reduction(reward, tuple((position, part) for position, part in enumerate(parts) if part))


def kept(basket: Iterable[Item], day: date) -> Basket:
    """What a visit may remember of a basket: nothing of what is excluded."""
    return tuple(item for item in basket if not limit(item.legal_class, day).excluded)
