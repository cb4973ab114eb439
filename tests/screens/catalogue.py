"""One of each screen, by name: what the golden tests draw and what `python -m tests.screens.sheet` shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firmware.screens import asking, font, last_payment, loyalty, merchant, signature, telling, tipping
from firmware.screens.canvas import Canvas
from firmware.screens.money import amount_text
from firmware.screens.prompts import Prompts
from firmware.screens.qr_code import qr_code
from tests.support.fake_drivers import FakeDisplay, keyed_files
from tests.support.fake_storage import FakeStorage

if TYPE_CHECKING:
    from collections.abc import Callable

EUR = 978
CHALLENGE = "12345678"
PROGRAMME = "Les Amis du Fournil"
CONDITIONS = (
    "1 point par euro, hors alcool et tabac. Points valables un an. Votre numéro sert à vous reconnaître et à rien "
    "d’autre ; vous pouvez tout effacer à tout moment."
)
REWARDS = "Encore 22 points, et un café vous est offert."
TAKEN = ["CB", "Visa", "Mastercard"]
BRANDS = ["CB", "VISA DEBIT", "MASTERCARD DEBIT"]

SCREENS: dict[str, Callable[[Canvas, Prompts, str], None]] = {
    "idle": lambda c, w, a: telling.idle(c, w, True),
    "host_gone": lambda c, w, a: telling.idle(c, w, False),
    "idle_nearly_full": lambda c, w, a: telling.idle(c, w, True, True),
    "host_gone_nearly_full": lambda c, w, a: telling.idle(c, w, False, True),
    "present_card": lambda c, w, a: asking.present_card(c, w, a, True, "present_card", TAKEN, 0),
    "present_card_visa_chosen": lambda c, w, a: asking.present_card(c, w, a, True, "present_card", TAKEN, 1),
    "present_card_no_brand_first": lambda c, w, a: asking.present_card(c, w, a, True, "present_card", TAKEN, -1),
    "present_card_one_brand": lambda c, w, a: asking.present_card(c, w, a, True, "present_card", [], -1),
    "present_again": lambda c, w, a: asking.present_card(c, w, a, True, "present_again", TAKEN, 1),
    "insert_card": lambda c, w, a: asking.present_card(c, w, a, False, "insert_card", TAKEN, 0),
    "use_chip": lambda c, w, a: asking.present_card(c, w, a, False, "use_chip", TAKEN, 0),
    "ask_chip": lambda c, w, a: asking.present_card(c, w, a, False, "ask_chip", TAKEN, 0),
    "try_again": lambda c, w, a: asking.present_card(c, w, a, True, "try_again", TAKEN, 0),
    "another_card": lambda c, w, a: asking.present_card(c, w, a, True, "another_card", TAKEN, 0),
    "see_phone": lambda c, w, a: asking.present_card(c, w, a, True, "see_phone", TAKEN, 0),
    "choose_application": lambda c, w, a: asking.choose_application(c, w, a, BRANDS[:2], False),
    "choose_of_many": lambda c, w, a: asking.choose_application(c, w, a, BRANDS, True),
    "enter_pin": lambda c, w, a: asking.enter_pin(c, w, a, 2, None),
    "enter_pin_again": lambda c, w, a: asking.enter_pin(c, w, a, 12, 2),
    "enter_pin_last_try": lambda c, w, a: asking.enter_pin(c, w, a, 0, 1),
    "enter_pin_or_none": lambda c, w, a: asking.enter_pin(c, w, a, 0, None, may_bypass=True),
    "wait": lambda c, w, a: telling.wait(c, w, a, "wait", True),
    "going_online": lambda c, w, a: telling.wait(c, w, a, "going_online", False),
    "recording": lambda c, w, a: telling.wait(c, w, a, "recording", True),
    "remove_card": lambda c, w, a: telling.remove_card(c, w),
    "one_card_only": lambda c, w, a: telling.remove_card(c, w, "one_card_only"),
    "card_error": lambda c, w, a: telling.card_error(c, w),
    "approved": lambda c, w, a: telling.ended(c, w, "approved", a, [], True),
    "declined": lambda c, w, a: telling.ended(c, w, "declined", a, ["because_funds", "nothing_debited"], True),
    "cancelled": lambda c, w, a: telling.ended(c, w, "cancelled", a, ["because_merchant", "nothing_debited"], False),
    "not_completed": lambda c, w, a: telling.ended(c, w, "not_completed", a, ["because_not_sure"], False),
    "refund": lambda c, w, a: asking.present_card(c, of(w, "refund"), a, True, "present_card", TAKEN, 0),
    "refund_pin": lambda c, w, a: asking.enter_pin(c, of(w, "refund"), a, 0, None),
    "refund_approved": lambda c, w, a: telling.ended(c, of(w, "refund"), "approved", a, [], True),
    "refund_declined": lambda c, w, a: telling.ended(c, of(w, "refund"), "declined", a, ["nothing_debited"], True),
    "cancellation": lambda c, w, a: asking.present_card(c, of(w, "cancellation"), a, True, "present_card", TAKEN, 0),
    "verification": lambda c, w, a: asking.present_card(c, of(w, "verification"), "", True, "present_card", TAKEN, 0),
    "verification_approved": lambda c, w, a: telling.ended(c, of(w, "verification"), "approved", "", [], True),
    "verification_wait": lambda c, w, a: telling.wait(c, of(w, "verification"), "", "going_online", True),
    "confirm_signature": lambda c, w, a: signature.confirm(c, of(w, "signature"), CHALLENGE, ""),
    "confirm_signature_amount": lambda c, w, a: signature.confirm(c, of(w, "signature"), CHALLENGE, a),
    "signature_card": lambda c, w, a: asking.present_card(
        c, of(w, "signature"), CHALLENGE, False, "insert_card", [], -1
    ),
    "signature_pin": lambda c, w, a: asking.enter_pin(c, of(w, "signature"), CHALLENGE, 2, None),
    "signature_pin_amount": lambda c, w, a: asking.enter_pin(c, of(w, "signature"), a, 2, None),
    "signed": lambda c, w, a: signature.response(c, of(w, "signature"), "33720555", True),
    "signed_long": lambda c, w, a: signature.response(c, of(w, "signature"), "8" * 12, False),
    "signature_refused": lambda c, w, a: signature.refused(c, of(w, "signature"), "declined", "because_card", True),
    "signature_cancelled": lambda c, w, a: signature.refused(c, of(w, "signature"), "cancelled", "-", False),
    "signature_broken": lambda c, w, a: signature.refused(
        c, of(w, "signature"), "not_completed", "because_removed", False
    ),
    "tip": lambda c, w, a: tipping.choose(c, of(w, "tip"), a, tips(w, a)),
    "tip_none_offered": lambda c, w, a: tipping.choose(c, of(w, "tip"), a, tips(w, a)[-1:]),
    "tip_typed": lambda c, w, a: tipping.enter(c, of(w, "tip"), a, a, ""),
    "tip_too_much": lambda c, w, a: tipping.enter(c, of(w, "tip"), a, a, of(w, "tip")["most"].format(a)),
    "tip_confirm": lambda c, w, a: tipping.confirm(c, of(w, "tip"), a, a),
    "ask_signature": lambda c, w, a: merchant.ask(c, of(w, "merchant"), "signature", a, True),
    "ask_partial_amount": lambda c, w, a: merchant.ask(c, of(w, "merchant"), "partial_amount", a, False),
    "merchant_code": lambda c, w, a: merchant.enter_code(c, of(w, "merchant"), a, 2, False),
    "merchant_code_wrong": lambda c, w, a: merchant.enter_code(c, of(w, "merchant"), a, 0, True),
    "preauthorisation": lambda c, w, a: asking.present_card(
        c, of(w, "preauthorisation"), a, True, "present_card", TAKEN, 0
    ),
    "preauthorisation_approved": lambda c, w, a: telling.ended(c, of(w, "preauthorisation"), "approved", a, [], True),
    "preauthorisation_ended": lambda c, w, a: telling.ended(
        c, of(w, "preauthorisation"), "not_completed", a, ["because_not_sure"], True
    ),
    "last_approved": lambda c, w, a: last_payment.recall(c, w, "approved", a, []),
    "last_interrupted": lambda c, w, a: last_payment.recall(c, w, "not_completed", a, ["because_not_sure"]),
    "last_voided": lambda c, w, a: last_payment.recall(c, w, "cancelled", a, ["because_merchant", "nothing_debited"]),
    "last_refund": lambda c, w, a: last_payment.recall(
        c, of(w, "refund"), "not_completed", a, ["because_no_answer", "nothing_debited"]
    ),
    "last_preauthorisation": lambda c, w, a: last_payment.recall(
        c, of(w, "preauthorisation"), "cancelled", a, ["because_merchant", "nothing_debited"]
    ),
    "loyalty_offer": lambda c, w, a: loyalty.offer(c, of(w, "loyalty"), PROGRAMME),
    "loyalty_offer_long": lambda c, w, a: loyalty.offer(c, of(w, "loyalty"), "Boulangerie-Pâtisserie Duchemin"),
    "loyalty_member": lambda c, w, a: loyalty.member(c, of(w, "loyalty"), PROGRAMME, 128, "points", REWARDS),
    "loyalty_member_long": lambda c, w, a: loyalty.member(
        c, of(w, "loyalty"), "Boulangerie-Pâtisserie Duchemin", 4294967295, "stamps", (REWARDS * 3)[:120]
    ),
    "loyalty_member_unconfirmed": lambda c, w, a: loyalty.member(
        c, of(w, "loyalty"), PROGRAMME, None, "points", "Confirmez votre numéro : le code est dans votre SMS."
    ),
    "enter_mobile": lambda c, w, a: loyalty.enter_mobile(c, of(w, "loyalty"), "", False),
    "enter_mobile_typed": lambda c, w, a: loyalty.enter_mobile(c, of(w, "loyalty"), "06 12 34 56 78", False),
    "enter_mobile_abroad": lambda c, w, a: loyalty.enter_mobile(c, of(w, "loyalty"), "+32 470 123 456", False),
    "enter_mobile_longest": lambda c, w, a: loyalty.enter_mobile(c, of(w, "loyalty"), "+99 999 999 999 999 9", False),
    "enter_mobile_wrong": lambda c, w, a: loyalty.enter_mobile(c, of(w, "loyalty"), "", True),
    "loyalty_conditions": lambda c, w, a: loyalty.conditions(c, of(w, "loyalty"), CONDITIONS, True),
    "loyalty_conditions_long": lambda c, w, a: loyalty.conditions(c, of(w, "loyalty"), (CONDITIONS * 2)[:300], False),
    "loyalty_full_text": lambda c, w, a: loyalty.full_text(
        c, of(w, "loyalty"), *qr_code(b"https://fournil.example/f/2026-11")
    ),
    "loyalty_full_text_long": lambda c, w, a: loyalty.full_text(c, of(w, "loyalty"), *qr_code(b"https://" + b"x" * 98)),
    "ask_sms": lambda c, w, a: loyalty.ask_sms(c, of(w, "loyalty"), False),
    "ask_sms_yes": lambda c, w, a: loyalty.ask_sms(c, of(w, "loyalty"), True),
    "loyalty_wait": lambda c, w, a: loyalty.wait(c, of(w, "loyalty")),
    "loyalty_joined": lambda c, w, a: loyalty.joined(c, of(w, "loyalty"), 12, "points"),
    "loyalty_joined_without_points": lambda c, w, a: loyalty.joined(c, of(w, "loyalty"), 0, "visits"),
    "loyalty_not_joined": lambda c, w, a: loyalty.not_joined(c, of(w, "loyalty"), "mobile_wrong"),
    "loyalty_not_now": lambda c, w, a: loyalty.not_joined(c, of(w, "loyalty"), "not_now"),
    "loyalty_no_answer": lambda c, w, a: loyalty.not_joined(c, of(w, "loyalty"), "no_answer"),
    "cash_back": lambda c, w, a: asking.present_card(c, of(w, "cash_back"), a, True, "present_card", TAKEN, 0, a),
}


def tips(words: Prompts, amount: str) -> list[tuple[str, str]]:
    """As many as there can be."""
    return [(f"{percent} %", amount) for percent in (5, 10, 15, 100)] + [(of(words, "tip")["other"], "")]


def of(words: Prompts, kind: str) -> Prompts:
    return Prompts(words.language, kind)


class RecordingCanvas(Canvas):
    """texts: (text, left, top, right, bottom) of the letters, without the air around them. covered: by a later box."""

    def __init__(self) -> None:
        super().__init__(FakeDisplay(), FakeStorage(keyed_files()))
        self.texts: list[tuple[str, int, int, int, int]] = []
        self.covered: list[str] = []

    def box(self, x: int, y: int, width: int, height: int, shade: int) -> None:
        for text, left, top, right, bottom in self.texts:
            if left < x + width and x < right and top < y + height and y < bottom:
                self.covered.append(text)
        super().box(x, y, width, height, shade)

    def text(self, x: int, y: int, text: str, face: int = font.TEXT, *shades: int, **more: int) -> None:
        height = self._faces[face].height
        self.texts.append((text, x, y + height // 5, x + self.width(text, face), y + height - height // 5))
        super().text(x, y, text, face, *shades, **more)


def draw(name: str, language: str = "fr", amount_minor: int = 1250) -> bytes:
    """The display's buffer after that screen."""
    display = FakeDisplay()
    canvas = Canvas(display, FakeStorage(keyed_files()))
    SCREENS[name](canvas, Prompts(language), amount_text(amount_minor, EUR, language))
    return bytes(display.buffer)
