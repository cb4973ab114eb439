"""What runs at the reader, as screens show it: its phases, the question to the merchant, the end, the facts."""

from __future__ import annotations

from nicegui import ui

from host.money import Money
from host.payment.model import BRANDS, Payment
from host.payment.states import State
from host.point_of_sale.receipts import document
from host.point_of_sale.till_words import ENDS, REFUSALS, TEXTS
from host.point_of_sale.turn import REQUESTED, Question, Turn
from host.terminal.words import words as reader_words
from host.web.elements import box, button, money, symbol, text
from host.web.words import LANGUAGES, in_language

ICONS = {
    State.APPROVED: "check_circle",
    State.DECLINED: "cancel",
    State.UNKNOWN: "help",
    State.AUTHORISED: "lock_clock",
    State.VOIDED: "undo",
    State.REVERSAL_DUE: "sync_problem",
}
OPEN = frozenset({State.REQUESTED, State.IN_PROGRESS, State.AUTHORISING})


def refusal(code: str, language: str) -> str:
    own = REFUSALS.get(code)
    return own[LANGUAGES.index(language)] if own else reader_words(code, language)


def end_word(payment: Payment, language: str) -> str:
    """Of its state; a refund is not "approved" as a sale is."""
    column = LANGUAGES.index(language)
    if payment.approved and payment.kind == "refund":
        return TEXTS["refunded"][column]
    return ENDS[payment.state][column]


def phases(turn: Turn, language: str) -> None:
    """Nothing, or the question that waits, while there is one."""
    if not turn.phases:
        return
    if turn.question is not None:
        question(turn, turn.question, language)
        return
    words = in_language(TEXTS, language)
    *passed, now = turn.phases
    with box("due"):
        text(words[turn.purpose], "soft")
        money(turn.amount, language, "due-amount")
    with box("phases", "ol", aria_live="polite"):
        for phase in passed:
            with box("phase passed", "li"):
                symbol("check")
                text(_phase(phase, language))
        with box("phase now", "li", data_phase=now):
            box("pulse")
            text(_phase(now, language))


def _phase(phase: str, language: str) -> str:
    return in_language(TEXTS, language)["requested"] if phase == REQUESTED else reader_words(phase, language)


def question(turn: Turn, asked: Question, language: str) -> None:
    """Nobody must answer it by accident: what is asked, the amounts, what follows, and how long it waits."""
    words = in_language(TEXTS, language)
    partial = asked.what == "partial_amount"
    with box("question", role="alertdialog", aria_live="assertive", data_question=asked.what):
        text(words["question"], "question-mark")
        text(words[f"ask_{asked.what}"], "question-title", "h2")
        with box("question-amounts"):
            if partial:
                _figure(words["asked"], asked.asked, language, "was")
                _figure(words["accepted"], asked.offered, language, "is")
                _figure(words["rest_due"], asked.rest, language, "rest")
            else:
                _figure(words["amount_due"], asked.offered, language, "is")
        text(words[f"explain_{asked.what}"], "soft")
        with box("question-answers"):
            button(words[f"no_{asked.what}"], lambda: turn.answer(False), "", "close", data_answer="no")
            button(words[f"yes_{asked.what}"], lambda: turn.answer(True), "primary", "check", data_answer="yes")
        left = text(_left(asked, words), "question-left soft", role="timer")
    ui.run_javascript("document.querySelector('.question')?.scrollIntoView({block: 'nearest'})")
    ui.timer(1.0, lambda: left.set_text(_left(asked, words)))


def _figure(label: str, amount: Money, language: str, kind: str) -> None:
    with box(f"figure figure-{kind}"):
        text(label, "soft small-print")
        money(amount, language, "figure-amount")


def _left(asked: Question, words: dict[str, str]) -> str:
    return words["seconds_left"].format(asked.seconds_left())


def verdict(payment: Payment, language: str) -> None:
    words = in_language(TEXTS, language)
    with box(f"verdict {payment.state}", role="status", data_end=str(payment.state)):
        symbol(ICONS.get(payment.state, "info"))
        with box("verdict-words"):
            text(end_word(payment, language), "verdict-word")
            if payment.state is State.AUTHORISED:
                text(words["only_held"], "verdict-why")
            elif not payment.approved and payment.why:
                text(reader_words(payment.why, language), "verdict-why")
            if payment.state is State.UNKNOWN:
                text(words["do_not_charge"], "verdict-advice")
        money(payment.paid, language, "verdict-amount")


def facts(payment: Payment, language: str, *, explained: bool = True) -> None:
    """explained: the page of explanations shows this one."""
    words, card = in_language(TEXTS, language), payment.card
    about = [f"{card.label or ''} •••• {card.last4}".strip()] if card else []
    if card and card.brand:
        about.append(BRANDS[card.brand] + (f" ({words['cardholder_choice']})" if card.brand_by == "cardholder" else ""))
    about += [words[payment.interface]] if payment.interface else []
    about += [words[payment.cvm]] if payment.approved and payment.cvm else []
    with box("facts", "ul"):
        if about:
            text(" · ".join(about), tag="li")
        for fact in amounts(payment, language):
            text(fact, tag="li")
        if payment.authorisation_code:
            text(f"{words['authorisation']} {payment.authorisation_code}", tag="li")
        if payment.ledger_entry is not None:
            entry = f"{words['entry']} n° {payment.ledger_entry}"
            with box(tag="li"):
                text(entry, tag="a", href="#ledger", data_ledger_entry=str(payment.ledger_entry))
        if explained and payment.transaction_id is not None:
            with box(tag="li"):
                text(words["explain"], tag="a", href="#explanation")


def amounts(payment: Payment, language: str) -> list[str]:
    """The tip, the part, what was held, and that the bank was not asked."""
    words = in_language(TEXTS, language)
    found = []
    if payment.tip_minor:
        found.append(f"{words['of_which_tip']} {Money(payment.tip_minor, payment.amount.currency).text(language)}")
    if document(payment) == "completion":
        found.append(f"{words['held']} {payment.amount.text(language)}")
    elif payment.approved and payment.paid != payment.total:
        found.append(f"{words['part_of']} {payment.total.text(language)}")
    if payment.approved and payment.offline:
        found.append(words["was_offline"])
    return found
