"""What a member who signed in sees and changes. A change is answered by going on to what it changed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from fastapi.responses import Response

from host.loyalty import telling
from host.loyalty.documents import Shop
from host.loyalty.errors import InvalidProfile, WrongCode
from host.loyalty.members import Profile
from host.loyalty.model import Counter, Subject
from host.loyalty.portal.answers import Answers
from host.loyalty.portal.seats import Seat
from host.loyalty.portal.views import LATEST, shown_number
from host.loyalty.portal.visit import Visit
from host.loyalty.portal.words import CONSENTS
from host.loyalty.service import LoyaltyService
from host.web.words import LANGUAGES

LANGUAGE_NAMES = {"fr": "Français", "en": "English", "nl": "Nederlands"}
BAD_REQUEST = 400
DONE = frozenset({"saved", "email_done", "sent_again", "card_removed"})  # what an address may say that happened


class Account:
    """`nobody`: the seat of who is not signed in, in a language."""

    def __init__(self, loyalty: LoyaltyService, shop: Shop, answers: Answers, nobody: Callable[[str], Seat]) -> None:
        self._loyalty = loyalty
        self._members = loyalty.members
        self._shop = shop
        self._answers = answers
        self._nobody = nobody

    # ---- pages ----

    async def points(self, visit: Visit) -> Response:
        profile, programme, views = self._profile(visit), self._loyalty.programmes.current(), visit.views
        counter = programme.counter if programme else Counter.POINTS
        facts: dict[str, Any] = {"programme": programme, "balances": views.balances(profile, counter), "next_end": ""}
        facts |= {"lines": views.visits(profile.visits[:LATEST]), "nothing": views.words["no_visits"]}
        facts |= {"rewards": views.rewards(profile, programme) if programme else []}
        if programme:
            facts |= {"earnings": views.earnings(programme), "validity": telling.expiry(programme, views.language)}
        return self._page("points", visit, "", **facts)

    async def visits(self, visit: Visit) -> Response:
        profile, views = self._profile(visit), visit.views
        visits, movements = views.visits(profile.visits), views.movements(profile.entries)
        return self._page("visits", visit, "/visites", visits=visits, movements=movements)

    async def profile(self, visit: Visit, fault: str = "", typed: Mapping[str, str] | None = None) -> Response:
        profile, views = self._profile(visit), visit.views
        identity, typed = profile.identity, typed or {}
        month, day = (identity.birthday or "-").split("-")
        facts = {
            "identity": identity,
            "number": shown_number(identity.number),
            "email": typed.get("email", identity.email or ""),
            "birth_day": _whole(typed.get("day", day)),
            "birth_month": _whole(typed.get("month", month)),
            "months": views.months(),
            "language_names": LANGUAGE_NAMES.items(),
            "cards": [(moment.isoformat(), views.moment(moment)) for moment in profile.cards],
            "fault": fault,
        }
        return self._page("profile", visit, "/profil", BAD_REQUEST if fault else 200, **facts)

    async def consents(self, visit: Visit) -> Response:
        profile, views = self._profile(visit), visit.views
        facts = {
            "questions": views.questions(profile, self._shop.name),
            "accepted": views.accepted(profile),
            "proof": views.proof(profile.consents),
        }
        return self._page("consents", visit, "/accords", **facts)

    async def data(self, visit: Visit) -> Response:
        profile, views = self._profile(visit), visit.views
        identity, client, words = profile.identity, profile.client, views.words
        counter = next(iter(profile.balances), Counter.POINTS)
        balances = ", ".join(" ".join(each) for each in views.balances(profile, counter))
        facts = [
            (words["my_number"], shown_number(identity.number)),
            (words["email"], identity.email or words["none"]),
            (words["birthday"], views.birthday(identity.birthday)),
            (words["language"], LANGUAGE_NAMES.get(identity.language, identity.language)),
            (words["joined"], views.moment(client.joined_at)),
            (words["confirmed"], views.moment(client.confirmed_at)),
            (words["cards"], "; ".join(views.moment(moment) for moment in profile.cards) or words["none"]),
            (words["balance"], balances),
        ]
        shown: dict[str, Any] = {"facts": facts, "proof": views.proof(profile.consents)}
        shown |= {"visits": views.visits(profile.visits), "movements": views.movements(profile.entries)}
        return self._page("data", visit, "/donnees", **shown)

    async def download(self, visit: Visit) -> Response:
        return self._answers.document(self._members.download(visit.seat.member_id), visit.seat, "fidelite.json")

    async def erasing(self, visit: Visit, fault: str = "") -> Response:
        profile, programme = self._profile(visit), self._loyalty.programmes.current()
        counter = programme.counter if programme else Counter.POINTS
        balances = visit.views.balances(profile, counter)
        facts = {"balances": balances, "counter": telling.several(counter, visit.views.language), "fault": fault}
        return self._page("erase", visit, "/effacer", BAD_REQUEST if fault else 200, **facts)

    # ---- changes ----

    async def change_profile(self, visit: Visit) -> Response:
        form, language = visit.form, visit.form.get("language", "")
        month, day = _whole(form.get("month", "")), _whole(form.get("day", ""))
        birthday = f"{month:02}-{day:02}" if month or day else None
        wished = language if language in LANGUAGES else visit.seat.language
        try:
            email = form.get("email", "").strip() or None
            self._members.update(visit.seat.member_id, email=email, birthday=birthday, language=wished)
        except InvalidProfile as refused:
            return await self.profile(visit, f"invalid_{refused}", form)
        return self._answers.go(f"/profil?done=saved&l={wished}", visit.seat)

    async def confirm_email(self, visit: Visit) -> Response:
        try:
            self._members.confirm_email(visit.seat.member_id, visit.form.get("code", "").replace(" ", ""))
        except WrongCode:
            return await self.profile(visit, "wrong_code")
        return self._answers.go("/profil?done=email_done", visit.seat)

    async def ask_email_code(self, visit: Visit) -> Response:
        self._members.ask_email_code(visit.seat.member_id)
        return self._answers.go("/profil?done=sent_again", visit.seat)

    async def remove_card(self, visit: Visit) -> Response:
        wanted = visit.form.get("card", "")
        known = {moment.isoformat(): moment for moment in self._profile(visit).cards}
        if wanted in known:
            self._members.remove_card(visit.seat.member_id, known[wanted])
        return self._answers.go("/profil?done=card_removed", visit.seat)

    async def answer(self, visit: Visit) -> Response:
        """To one question; the same answer again is none."""
        asked = [subject for subject in CONSENTS if str(subject) == visit.form.get("subject")]
        answer, profile = visit.form.get("answer") == "yes", self._profile(visit)
        unproven = answer and asked == [Subject.EMAIL_OFFERS] and not profile.identity.email_confirmed
        if asked and not unproven and profile.agreed(asked[0]) != answer:
            facts = (CONSENTS[asked[0]][0], "page", visit.seat.language)
            self._members.consent(visit.seat.member_id, asked[0], answer, *facts)
        return self._answers.go("/accords", visit.seat)

    async def erase(self, visit: Visit) -> Response:
        if visit.form.get("sure") != "yes":
            return await self.erasing(visit, "not_sure")
        await asyncio.to_thread(self._members.erase, visit.seat.member_id)  # it writes files anew
        seat = self._nobody(visit.seat.language)
        return self._answers.page("erased", seat, visit.views, "")

    def _profile(self, visit: Visit) -> Profile:
        return self._members.profile(visit.seat.member_id)

    def _page(self, name: str, visit: Visit, here: str, status: int = 200, **facts: Any) -> Response:
        done = visit.query.get("done", "")
        facts = {"done": done if done in DONE else ""} | facts
        return self._answers.page(name, visit.seat, visit.views, here, status, **facts)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0
