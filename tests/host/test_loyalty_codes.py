"""Codes that prove a number or an address: how many there are at once, and what each is good for."""

from __future__ import annotations

from pathlib import Path

import pytest

from host.loyalty.errors import WrongCode
from host.loyalty.model import Subject
from host.loyalty.parts import CODES_A_DAY
from host.loyalty.reach import Reach
from host.messaging.model import Channel, Template
from tests.host.loyalty_bench import NUMBER, Shop, shop

EMAIL = "camille@exemple.example"


def profile_with_address(folder: Path) -> tuple[Shop, str]:
    zinc = shop(folder)
    zinc.sale(1)
    member = zinc.member(1)
    zinc.service.members.update(member, email=EMAIL, birthday=None, language="fr")
    return zinc, member


@pytest.mark.covers("attacks/H-02", "attacks/H-07")
def test_codes_that_can_be_guessed_at_are_few_however_often_they_are_asked_for(tmp_path: Path) -> None:
    zinc = shop(tmp_path)
    zinc.sale(1)
    zinc.member(1)
    before = len(zinc.messages.sent)
    for _ in range(50):
        zinc.service.joining.ask_code(NUMBER)
        zinc.clock.later(minutes=11)
    assert len(zinc.messages.sent) - before == CODES_A_DAY
    zinc.clock.later(days=1)
    zinc.service.nights.run()
    zinc.service.joining.ask_code(NUMBER)
    assert zinc.service.joining.sign_in(NUMBER, zinc.messages.last_code())


@pytest.mark.covers("services/L-12")
def test_an_address_is_confirmed_by_the_code_that_it_was_sent(tmp_path: Path) -> None:
    zinc, member = profile_with_address(tmp_path)
    members = zinc.service.members
    assert zinc.messages.sent[-1][2] is Template.EMAIL_CODE and not members.profile(member).identity.email_confirmed
    with pytest.raises(WrongCode):
        members.confirm_email(member, "000000")
    members.confirm_email(member, zinc.messages.last_code())
    assert members.profile(member).identity.email_confirmed
    members.update(member, email="other@exemple.example", birthday=None, language="fr")
    assert not members.profile(member).identity.email_confirmed


@pytest.mark.covers("attacks/H-07")
def test_the_code_of_an_address_opens_nothing_else(tmp_path: Path) -> None:
    zinc, member = profile_with_address(tmp_path)
    of_first = zinc.messages.last_code()
    with pytest.raises(WrongCode):
        zinc.service.joining.sign_in(NUMBER, of_first)
    zinc.service.members.update(member, email="other@exemple.example", birthday=None, language="fr")
    with pytest.raises(WrongCode):
        zinc.service.members.confirm_email(member, of_first)


@pytest.mark.covers("terminal/LAW-12")
def test_no_offer_goes_to_an_address_that_nobody_confirmed(tmp_path: Path) -> None:
    zinc, member = profile_with_address(tmp_path)
    reach = Reach(zinc.store, zinc.clock)
    zinc.service.members.consent(member, Subject.EMAIL_OFFERS, True, "page.email_offers.1", "page", "fr")
    with zinc.store.transaction() as work:
        assert reach.consents(work, Channel.EMAIL, [member]) == {}
    zinc.service.members.confirm_email(member, zinc.messages.last_code())
    with zinc.store.transaction() as work:
        assert list(reach.consents(work, Channel.EMAIL, [member])) == [member]


@pytest.mark.covers("attacks/H-07")
def test_nobody_fills_a_letter_box(tmp_path: Path) -> None:
    zinc, member = profile_with_address(tmp_path)
    for number in range(20):
        zinc.service.members.update(member, email=f"a{number}@exemple.example", birthday=None, language="fr")
        zinc.service.members.ask_email_code(member)
    mails = [event for event, _, template in zinc.messages.sent if template is Template.EMAIL_CODE]
    assert len(mails) == CODES_A_DAY
