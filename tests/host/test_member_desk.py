"""The member at the counter: found by a number, refused with a reason, and gone when they are erased."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from host.app import App
from host.loyalty.model import MemberView
from host.point_of_sale.checkout import Checkout
from host.point_of_sale.member_desk import NOT_FOUND, MemberDesk
from tests.host.loyalty_bench import NUMBER
from tests.host.test_checkout import at_once, paid
from tests.host.test_loyalty_till import counter, member, rich

CUP = 8


def desk_of(app: App) -> tuple[MemberDesk, Checkout]:
    checkout = Checkout(app.till, app.payments, at_once)
    return MemberDesk(checkout, app.till, app.loyalty), checkout


@pytest.mark.parametrize(
    ("typed", "code"), [("12", "invalid_number"), ("01 23 45 67 89", "not_a_mobile"), ("0612345679", NOT_FOUND)]
)
def test_a_number_that_leads_to_nobody_says_why(tmp_path: Path, typed: str, code: str) -> None:
    desk, checkout = desk_of(counter(tmp_path))
    desk.find(typed)
    assert (desk.refusal, checkout.ticket.member_id) == (code, None)


def test_a_reward_comes_off_once_there_is_something_to_take_it_off(tmp_path: Path) -> None:
    app = counter(tmp_path)
    who = rich(app)
    desk, checkout = desk_of(app)
    desk.find(NUMBER)
    desk.use("five")
    assert desk.refusal == "nothing_to_reduce"
    checkout.add_article(next(article for article in checkout.articles if article.id == CUP))
    desk.use("five")
    assert (desk.refusal, checkout.due.amount_minor) == ("", 750)
    desk.use("five")
    assert desk.refusal == "too_few_points"
    desk.forget()
    assert desk.member() is None
    desk.find(NUMBER)
    app.loyalty.members.erase(who)
    assert desk.member() is None


def test_whose_card_paid_is_shown_with_what_the_ticket_earned(tmp_path: Path) -> None:
    app = counter(tmp_path)
    member(app)

    async def sale() -> MemberView | None:
        desk, checkout = desk_of(app)
        checkout.add_article(next(article for article in checkout.articles if article.id == CUP))
        assert desk.paid_by() is None
        await paid(checkout)
        return desk.paid_by()

    found = asyncio.run(sale())
    assert found is not None and (found.earned, found.points) == (12, 12)
