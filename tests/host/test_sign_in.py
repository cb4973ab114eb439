"""Accounts of the merchant's space: how a password is made, which are good, and when links and sessions end."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest
from sqlalchemy import text

from host.database import Database
from host.web.sign_in import model
from host.web.sign_in.errors import InvalidAddress, KnownAddress, LinkEnded, WeakPassword, WrongPassword
from host.web.tries import KEYS, Tries
from tests.host.sign_in_bench import EMAIL, PASSWORD, Bench, Clock

pytestmark = pytest.mark.covers("services/L-5")


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)


# ---- what is typed ----


@pytest.mark.parametrize("typed", [EMAIL, " Cafe@Zinc.Example ", "ｃａｆｅ@zinc.example"])
def test_one_address_however_it_is_written(typed: str) -> None:
    assert model.address(typed) == EMAIL


@pytest.mark.parametrize("typed", ["", "cafe", "cafe@", "@zinc.fr", "cafe@zinc", "a b@c.fr", "a@b@c.fr", "a@b..fr",
                                   "a\n@b.fr", "a\0@b.fr", "a" * 65 + "@b.fr", "a@" + "b" * 260 + ".fr"])  # fmt: skip
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(InvalidAddress):
        model.address(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("court", "too_short"),
        ("a" * 129, "too_long"),
        ("e" * 12, "repeats"),
        ("abcabcabcabc", "repeats"),
        ("123456789012", "repeats"),
        ("zyxwvutsrqpo", "repeats"),
        (EMAIL, "is_address"),
        ("Cafe@Zinc.Example1", "is_address"),
        ("cafecafecafe12", "is_address"),
    ],
)
def test_passwords_that_anybody_would_guess(typed: str, code: str) -> None:
    with pytest.raises(WeakPassword) as refused:
        model.good_password(typed, EMAIL)
    assert refused.value.code == code and typed not in str(refused.value)


@pytest.mark.parametrize(
    "typed", [PASSWORD, "correct horse battery", "mot de passe où l’été", "Tr0ub4dor&3xy", "🐝" * 3 + "abcdefgjk"]
)
def test_length_is_all_that_is_asked_of_a_password(typed: str) -> None:
    assert model.good_password(typed, EMAIL) == model.written(typed)


def test_an_accent_is_the_same_from_any_keyboard(bench: Bench) -> None:
    bench.member(password="un cafe\u0301 tre\u0300s serre\u0301")
    assert bench.accounts.sign_in(EMAIL, "un café très serré")


# ---- the link ----


def test_an_account_is_made_and_its_link_makes_the_password(bench: Bench) -> None:
    bench.accounts.add(" CAFE@zinc.example")
    assert bench.accounts.of_link(bench.token()).email == EMAIL
    bench.clock.passes(days=6, hours=23)
    bench.accounts.set_password(bench.token(), PASSWORD)
    cookie = bench.accounts.sign_in(EMAIL, PASSWORD)
    holder = bench.accounts.holder(cookie)
    assert holder is not None and holder.email == EMAIL


def test_an_address_has_one_account(bench: Bench) -> None:
    bench.accounts.add(EMAIL)
    with pytest.raises(KnownAddress):
        bench.accounts.add(EMAIL.upper())
    assert len(bench.sent) == len(bench.accounts.all()) == 1


def test_a_link_is_used_once(bench: Bench) -> None:
    bench.accounts.add(EMAIL)
    bench.accounts.ask_link(EMAIL)
    first = bench.token()
    bench.accounts.set_password(first, PASSWORD)
    for link in (first, bench.token()):  # the other one was of the same password, or of none
        with pytest.raises(LinkEnded):
            bench.accounts.set_password(link, "et un autre pour la route")
    assert bench.accounts.sign_in(EMAIL, PASSWORD)


def test_a_link_ends_by_itself(bench: Bench) -> None:
    bench.accounts.add(EMAIL)
    created = bench.token()
    bench.clock.passes(days=7)
    with pytest.raises(LinkEnded):
        bench.accounts.of_link(created)
    bench.accounts.ask_link(EMAIL)
    bench.accounts.set_password(bench.token(), PASSWORD)
    bench.accounts.ask_link(EMAIL)
    bench.clock.passes(minutes=59)
    assert bench.accounts.of_link(bench.token())
    bench.clock.passes(minutes=1)
    with pytest.raises(LinkEnded):
        bench.accounts.set_password(bench.token(), PASSWORD)


@pytest.mark.parametrize("link", ["", "x", "x.y", "é", "WyJhIiwwLDk5OTk5OTk5OTk5XQ.AAAA"])
def test_a_link_of_somebody_else_is_none(bench: Bench, link: str) -> None:
    bench.accounts.add(EMAIL)
    for changed in (link, bench.token()[:-2] + link[:2], bench.token()[1:]):
        with pytest.raises(LinkEnded):
            bench.accounts.of_link(changed)


def test_a_weak_password_leaves_the_link_as_it_was(bench: Bench) -> None:
    bench.accounts.add(EMAIL)
    with pytest.raises(WeakPassword):
        bench.accounts.set_password(bench.token(), "court")
    bench.accounts.set_password(bench.token(), PASSWORD)


# ---- sessions ----


def test_who_does_not_know_the_password_stays_out(bench: Bench) -> None:
    bench.member()
    for email, typed in ((EMAIL, PASSWORD[:-1]), (EMAIL, ""), ("autre@zinc.example", PASSWORD), ("", "")):
        with pytest.raises(WrongPassword):
            bench.accounts.sign_in(email, typed)


def test_each_try_costs_one_verification_whoever_it_is(bench: Bench) -> None:
    bench.member()
    bench.accounts.add("neuf@zinc.example")  # without a password yet
    for email in (EMAIL, "neuf@zinc.example", "autre@zinc.example", "", "x" * 10_000):
        before = bench.hasher.verified
        with pytest.raises(WrongPassword):
            bench.accounts.sign_in(email, "pas le bon mot de passe" * 1000)
        assert bench.hasher.verified == before + 1


def test_a_session_ends_after_a_day_of_work(bench: Bench) -> None:
    bench.member()
    cookie = bench.accounts.sign_in(EMAIL, PASSWORD)
    bench.clock.passes(hours=11, minutes=59)
    assert bench.accounts.holder(cookie)
    bench.clock.passes(minutes=1)
    assert bench.accounts.holder(cookie) is None


def test_signing_out_ends_the_session_itself_and_no_other(bench: Bench) -> None:
    bench.member()
    here, elsewhere = (bench.accounts.sign_in(EMAIL, PASSWORD) for _ in range(2))
    bench.accounts.sign_out(here)
    assert bench.accounts.holder(here) is None and bench.accounts.holder(elsewhere)
    assert bench.accounts.holder("") is bench.accounts.holder("é") is None


def test_another_password_ends_every_session(bench: Bench) -> None:
    bench.member()
    cookies = [bench.accounts.sign_in(EMAIL, PASSWORD) for _ in range(2)]
    bench.accounts.ask_link(EMAIL)
    bench.accounts.set_password(bench.token(), "un grand crème, merci")
    assert [bench.accounts.holder(cookie) for cookie in cookies] == [None, None]
    with pytest.raises(WrongPassword):
        bench.accounts.sign_in(EMAIL, PASSWORD)


def test_a_password_that_changes_while_it_is_verified_opens_nothing(bench: Bench) -> None:
    bench.member()
    bench.accounts.ask_link(EMAIL)
    verify = bench.hasher.verify

    def slowly(known: str, password: str) -> bool:
        found = verify(known, password)
        bench.accounts.set_password(bench.token(), "un grand crème, merci")
        return found

    bench.hasher.verify = slowly  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(WrongPassword):
        bench.accounts.sign_in(EMAIL, PASSWORD)


def test_a_removed_account_takes_its_sessions_and_links_with_it(bench: Bench) -> None:
    bench.member()
    cookie = bench.accounts.sign_in(EMAIL, PASSWORD)
    bench.accounts.ask_link(EMAIL)
    assert bench.accounts.remove(EMAIL) and not bench.accounts.remove(EMAIL)
    assert bench.accounts.holder(cookie) is None and bench.accounts.all() == []
    with pytest.raises(LinkEnded):
        bench.accounts.of_link(bench.token())


# ---- secrets ----


def test_a_password_is_nowhere_but_in_its_hash(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bench.member()
    cookie = bench.accounts.sign_in(EMAIL, PASSWORD)
    with pytest.raises(WrongPassword):
        bench.accounts.sign_in(EMAIL, "pas le bon mot de passe")
    (account,) = bench.accounts.all()
    assert account.password_hash and account.password_hash.startswith("$argon2id$")
    with bench.database.transaction() as work:
        rows = str([work.execute(text(f"SELECT * FROM merchant_{name}")).all() for name in ("account", "session")])
    seen = caplog.text + repr(account) + rows
    assert PASSWORD not in seen and "pas le bon" not in seen and cookie not in seen
    assert EMAIL not in caplog.text + repr(account)


def test_who_signs_in_and_who_does_not_is_noted_by_id(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    account = bench.member()
    bench.accounts.sign_in(EMAIL, PASSWORD)
    for email in (EMAIL, "autre@zinc.example"):
        with pytest.raises(WrongPassword):
            bench.accounts.sign_in(email, "pas le bon mot de passe")
    said = [record.getMessage() for record in caplog.records if record.name == "host.web.sign_in.service"]
    assert said == [
        f"account {account.id} made",
        f"account {account.id}: password set",
        f"account {account.id} signed in",
        f"sign-in refused, account {account.id}",
        "sign-in refused",
    ]


# ---- how often ----


def test_tries_are_counted_by_key_for_a_while() -> None:
    clock = Clock()
    tries = Tries(2, timedelta(hours=1))
    assert [tries.takes("a", clock.now()) for _ in range(3)] == [True, True, False]
    assert tries.takes("b", clock.now())
    clock.passes(minutes=59)
    assert not tries.takes("a", clock.now())
    clock.passes(minutes=1)
    assert tries.takes("a", clock.now())
    tries.forget("b")
    assert [tries.takes("b", clock.now()) for _ in range(2)] == [True, True]


def test_what_tries_remember_has_a_bound() -> None:
    clock = Clock()
    tries = Tries(1, timedelta(hours=1))
    for number in range(KEYS + 1):
        tries.takes(str(number), clock.now())
    assert tries.takes("0", clock.now()) and not tries.takes(str(KEYS), clock.now())
