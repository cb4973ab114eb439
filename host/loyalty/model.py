"""What loyalty speaks of. A client is known by an opaque id; `Identity` alone says who that is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from host.loyalty.states import State, move
from host.money import Money

NOTHING = Money(0)
EURO = Money(100)
Balances = Mapping["Counter", int]


class LegalClass(StrEnum):
    """What the law says of an article's promotion (terminal/LAW-14); law.py has the figures."""

    ORDINARY = "ordinary"
    FOOD = "food"
    HYGIENE = "hygiene"  # and cleaning
    BOOK = "book"
    ALCOHOL = "alcohol"
    TOBACCO = "tobacco"
    VAPING = "vaping"
    GAMBLING = "gambling"
    INFANT_FORMULA = "infant_formula"
    MEDICINE = "medicine"


class Counter(StrEnum):
    """What a client collects."""

    POINTS = "points"
    VISITS = "visits"
    STAMPS = "stamps"


class Basis(StrEnum):
    """What is counted of a basket."""

    AMOUNT = "amount"  # each whole `step` of what was paid
    VISIT = "visit"  # once, when at least `step` was paid
    ARTICLE = "article"  # each article of `category`


class RewardKind(StrEnum):
    REDUCTION = "reduction"  # an amount off the ticket
    COUPON = "coupon"  # a percentage off the ticket, or off a category
    GIFT = "gift"  # one article of a category


@dataclass(frozen=True)
class Earning:
    counter: Counter
    basis: Basis
    gives: int
    step: Money = EURO
    category: str = ""


@dataclass(frozen=True)
class Reward:
    """What `threshold` of a counter buys. `label` is the merchant's own, on screens and tickets."""

    id: str
    kind: RewardKind
    counter: Counter
    threshold: int
    label: str
    amount: Money = NOTHING
    percent: int = 0
    category: str = ""


@dataclass(frozen=True)
class Conditions:
    """`version` 16 characters at most, `short` by language, 300 each; `url` of the full text, 106."""

    version: str
    short: Mapping[str, str] = field(default_factory=dict)
    url: str = ""


@dataclass(frozen=True)
class Programme:
    """One version of it, which is never changed. The one in force is the newest whose `valid_from` has come."""

    name: str  # 32 characters at most
    earnings: tuple[Earning, ...]
    rewards: tuple[Reward, ...]
    valid_from: datetime
    conditions: Conditions | None = None
    birthday_bonus: int = 0  # of the first earning's counter
    expiry_days: int | None = None  # of what is earned; None: never
    active: bool = True  # an end is a version, too
    version: int = 0  # given when it is published

    @property
    def counter(self) -> Counter:
        """What the reader and lists show when there is room for one."""
        return self.earnings[0].counter if self.earnings else Counter.POINTS


@dataclass(frozen=True)
class Item:
    """Articles of one kind in a basket. price: of all of them; paid: what is left of it after discounts."""

    legal_class: LegalClass
    category: str
    quantity: int
    price: Money
    paid: Money


Basket = tuple[Item, ...]


@dataclass(frozen=True)
class Visit:
    """A ticket that was paid. Of `basket` only what may earn is kept: what was bought of medicines or alcohol is not
    ours to know."""

    ticket: str  # the order's reference
    at: datetime
    amount: Money
    basket: Basket
    token: bytes | None = None  # of the card (terminal/LAW-7)
    par: bytes | None = None  # of the card's account (9F24), hashed as the token is


@dataclass(frozen=True)
class Refund:
    """Articles came back: what was paid for them, and what is left of the ticket's basket."""

    at: datetime
    amount: Money
    left: Basket


@dataclass(frozen=True)
class Client:
    """`visits` ... `rewards` are sums over all that was booked, also under ids that were merged into it."""

    id: str
    state: State
    since: datetime
    last_contact_at: datetime
    joined_at: datetime | None = None
    confirmed_at: datetime | None = None
    merged_into: str | None = None
    visits: int = 0
    turnover: Money = NOTHING
    first_visit_at: datetime | None = None
    last_visit_at: datetime | None = None
    rewards: int = 0

    @property
    def confirmed(self) -> bool:
        return self.state is State.MEMBER

    @property
    def average_basket(self) -> Money:
        return self.turnover.share(1, self.visits) if self.visits else Money(0, self.turnover.currency)

    def counting(self, visits: int, amount: Money) -> Client:
        """With a visit more or less, and what was paid or given back."""
        return replace(self, visits=self.visits + visits, turnover=self.turnover + amount)

    def rewarded(self, rewards: int) -> Client:
        return replace(self, rewards=self.rewards + rewards)

    def seen(self, at: datetime) -> Client:
        """It paid then."""
        first = min(self.first_visit_at or at, at)
        last = max(self.last_visit_at or at, at)
        return replace(self, first_visit_at=first, last_visit_at=last).heard(at)

    def heard(self, at: datetime) -> Client:
        """It did something then: what is kept of it is kept from there on."""
        return replace(self, last_contact_at=max(self.last_contact_at, at))

    def with_sums_of(self, other: Client) -> Client:
        """Of whom it is one with from now on."""
        both = replace(self.counting(other.visits, other.turnover), rewards=self.rewards + other.rewards)
        moments = [moment for moment in (other.first_visit_at, other.last_visit_at) if moment]
        for moment in moments:
            both = both.seen(moment)
        return both.heard(other.last_contact_at)

    def without_sums(self) -> Client:
        return replace(self, visits=0, turnover=NOTHING, rewards=0, first_visit_at=None, last_visit_at=None)

    def become(self, state: State, **facts: object) -> Client:
        """Raises IllegalMove."""
        return replace(self, state=move(self.state, state), **facts)  # pyright: ignore[reportArgumentType]


@dataclass(frozen=True)
class Identity:
    """The one row that says who a client is."""

    member_id: str
    number: str = field(repr=False)  # E.164
    language: str
    email: str | None = field(default=None, repr=False)
    birthday: str | None = field(default=None, repr=False)  # MM-DD: nobody needs the year
    email_confirmed: bool = False


class Purpose(StrEnum):
    """What a code was sent for, and proves."""

    CONFIRMATION = "confirmation"  # of an enrolment: the number is theirs
    SIGN_IN = "sign_in"  # the same, once more
    EMAIL = "email"  # the address is theirs


class Subject(StrEnum):
    """What somebody was asked to agree to: each a question of its own (terminal/LAW-12, LAW-13)."""

    CONDITIONS = "conditions"
    SMS_OFFERS = "sms_offers"
    EMAIL_OFFERS = "email_offers"


@dataclass(frozen=True)
class Consent:
    """The proof of an answer, also of no, and of taking it back. `text` names the words that were shown."""

    member_id: str
    subject: Subject
    answer: bool
    text: str  # of the catalogue of prompts, or of the page, with its version
    channel: str  # reader, page, sms, email, till
    language: str
    at: datetime


class EntryKind(StrEnum):
    """Why points came or went. With the ticket (or what else `reference` names) and the counter, it is the key."""

    EARNED = "earned"
    TAKEN_BACK = "taken_back"  # what was earned with it was returned
    SPENT = "spent"
    GIVEN_BACK = "given_back"  # the reward was not used after all
    BIRTHDAY = "birthday"
    EXPIRED = "expired"


@dataclass(frozen=True)
class Entry:
    """Points move between the client and the programme; entries are never changed, and each is booked once."""

    kind: EntryKind
    reference: str
    counter: Counter
    member_id: str
    points: int  # signed: what the client's balance changes by
    at: datetime
    ticket: str = ""
    reward: str = ""  # label of what it bought
    expires_at: datetime | None = None  # of what came


@dataclass(frozen=True)
class Offer:
    """A card that nobody joined with: what its holder is asked on the reader."""

    programme: str
    conditions: Conditions | None


@dataclass(frozen=True)
class MemberView:
    """What the reader and the till show of a member. Not confirmed: no balance and no reward are told."""

    member_id: str
    programme: str
    confirmed: bool
    points: int = 0  # of the programme's counter, what this ticket earns included
    earned: int = 0  # by this ticket
    balances: Balances = field(default_factory=dict)
    rewards: tuple[Reward, ...] = ()  # that the balance buys
    next_reward: Reward | None = None  # the nearest of the others
    counter: Counter = Counter.POINTS  # what `points` and `earned` are of


@dataclass(frozen=True)
class Enrolment:
    """What a cardholder answered on the reader, after the payment of that ticket."""

    ticket: str
    typed: str = field(repr=False)  # a mobile number
    conditions_version: str | None  # that was accepted, where there are conditions
    sms_offers: bool
    language: str
    token: bytes | None = None
    par: bytes | None = None
    basket: Basket = ()  # of the ticket, which may not be booked yet
    channel: str = "reader"


@dataclass(frozen=True)
class Enrolled:
    """The same of a number that is known and of one that is not (attacks/H-07)."""

    member_id: str
    points: int  # of the payment after which it was
    counter: Counter = Counter.POINTS  # what they are


@dataclass(frozen=True)
class Reduction:
    """What a reward takes off items of a basket: (position in the basket, amount), the law's limits applied."""

    reward: Reward
    parts: tuple[tuple[int, Money], ...]


@dataclass(frozen=True)
class Range:
    """Of local dates, both included."""

    first: date
    last: date
