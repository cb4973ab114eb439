"""What alerts ask of the merchant (docs/telecollection.md): to collect, present again, take another reader."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from host.app import App
from host.payment.states import UNFINISHED
from host.telecollection.model import Alert, AlertKind
from tools.simulation.books import unfinished
from tools.simulation.model import Model
from tools.simulation.shop import CONTRACT, serial

if TYPE_CHECKING:
    from tools.simulation.merchant import Shop

COLLECTED = (AlertKind.READER_ABSENT, AlertKind.DAY_REFUSED, AlertKind.REJECTED)  # after it was heeded
_TRIES = 5  # at a till that dies

Ask = Callable[..., Awaitable[Any]]


class Heeding:
    """`ask(what, about, shop)` gives None where the till refuses or died."""

    def __init__(self, shops: tuple[Shop, ...], ask: Ask, model: Model, tell: Callable[[str, str], None]) -> None:
        self._shops = shops
        self._ask = ask
        self._model = model
        self._tell = tell
        self._readers = len(shops)  # that there ever were
        self._gone: set[str] = set()  # serial numbers of those that are no more

    async def heed(self) -> bool:
        """Was there anything to be done that a collection ends?"""
        await self._write_off()
        alerts: list[Alert] = await self._ask(_alerts, "alerts", self._shops[0]) or []
        found = [alert for alert in alerts if alert.kind in COLLECTED]
        for alert in found:
            self._tell("till", f"alert: {alert.kind} {alert.key} {alert.detail}")
            await self._about(alert)
        return bool(found)

    async def destroyed(self, shop: Shop) -> None:
        """The reader of that counter is no more: another takes its place, and the till is told."""
        old = shop.reader.board.serial
        self._readers += 1
        self._tell("merchant", f"has {old} no more, and takes {serial(self._readers)}")
        self._model.destroyed(self._shops.index(shop))
        shop.reader.switch_off()
        shop.till.stop()  # it keeps to the reader that it met
        shop.reader.renew(serial(self._readers))
        shop.reader.switch_on()
        shop.till.start()
        self._gone.add(old)
        await self._declare(old)

    async def _about(self, alert: Alert) -> None:
        reader, _, number = alert.key.partition(" ")
        if alert.kind is AlertKind.REJECTED:
            await self._present_again()
        elif reader in self._gone:
            await self._declare(reader)
        elif alert.kind is AlertKind.DAY_REFUSED:
            again = number and await self._ask(_doing("present_day_again", reader, int(number)), "day again")
            shop = next((shop for shop in self._shops if shop.reader.board.serial == reader), None)
            if not again and shop is not None and shop.reader.board.rotten:
                await self.destroyed(shop)

    async def _present_again(self) -> None:
        for rejected in await self._ask(_rejected, "rejected") or []:
            self._tell("merchant", f"presents {rejected.line.amount.amount_minor} again: {rejected.line.reason}")
            await self._ask(_doing("present_again", rejected.line.transaction_id), "again")

    async def _declare(self, reader: str) -> None:
        """What was copied is remitted; what was not is listed. Said again, days that were refused since are, too."""
        for _ in range(_TRIES):
            lost = await self._ask(_doing("declare_lost", reader), reader)
            if lost is not None:
                self._tell("till", f"{reader} is lost: {lost.copied} copied, without {', '.join(lost.unknown)}")
                for order in lost.unknown:
                    self._model.listed(await self._ask(_of_order(order), order))
                return

    async def _write_off(self) -> None:
        """What a reader that is no more could not tell is not paid."""
        for payment in await self._ask(unfinished, "unfinished") or []:
            if payment.reader in self._gone and payment.state in UNFINISHED:
                self._tell("merchant", f"writes {payment.order_reference} off")
                self._model.listed(payment)
                await self._ask(_writing_off(payment.request_id), payment.order_reference)


def _doing(name: str, *about: Any) -> Callable[[App], Awaitable[Any]]:
    async def do(app: App) -> Any:
        done = getattr(app.telecollection, name)(*about)
        return True if done is None else done

    return do


async def _alerts(app: App) -> Any:
    return app.telecollection.overview.alerts(CONTRACT.id)


async def _rejected(app: App) -> Any:
    return app.telecollection.overview.rejected(CONTRACT.id)


def _of_order(order: str) -> Callable[[App], Awaitable[Any]]:
    async def ask(app: App) -> Any:
        return app.payments.of_order(order)

    return ask


def _writing_off(request_id: bytes) -> Callable[[App], Awaitable[Any]]:
    async def ask(app: App) -> Any:
        return app.payments.write_off(request_id)

    return ask
