"""Everything that can go wrong at the reader has plain words, in three languages."""

from __future__ import annotations

import itertools

import pytest

from firmware.flows import reasons
from host.payment.model import Why
from host.payment.store import payments
from host.terminal import errors, words
from protocol.generated.messages import ENUMERATIONS, FIELDS

CODES = ENUMERATIONS[FIELDS.index("code")]
PHASES = ENUMERATIONS[FIELDS.index("phase")]
WHYS = [line.split()[0] for line in reasons.REASONS.split("\n") if line]


def own_codes() -> list[str]:
    classes = [item for item in vars(errors).values() if isinstance(item, type)]
    return [item.code for item in classes if "code" in vars(item) and item is not errors.TerminalError]


def test_each_error_code_has_words() -> None:
    assert set(words.ERRORS) == {*CODES, *own_codes()}


def test_each_reason_of_a_result_has_words() -> None:
    assert set(words.REASONS) == set(WHYS)


def test_each_finding_of_the_till_has_words() -> None:
    assert set(words.FINDINGS) == set(Why)


def test_whatever_a_payment_can_end_with_has_words_and_room_in_its_row() -> None:
    """The reader's reasons, the reader's refusals, what can befall the link, and what the till finds out."""
    whys = {*WHYS, *CODES, *own_codes(), *Why}
    assert whys <= set(words.WORDS)
    assert max(len(why) for why in whys) <= payments.c.why.type.length


def test_each_phase_has_words() -> None:
    assert set(words.PHASES) == set(PHASES)


def test_no_name_means_two_things() -> None:
    for one, other in itertools.combinations((words.ERRORS, words.REASONS, words.FINDINGS, words.PHASES), 2):
        assert all(one[name] == other[name] for name in set(one) & set(other))


@pytest.mark.parametrize("language", words.LANGUAGES)
def test_each_sentence_is_there_and_short(language: str) -> None:
    for name in words.WORDS:
        sentence = words.words(name, language)
        assert 5 < len(sentence) <= 130, name


def test_a_name_of_tomorrow_gets_a_cautious_sentence() -> None:
    assert words.words("of_tomorrow", "en").startswith("An error without a name")
