"""Terminal configuration as data: what the terminal is, which applications it takes, and within which limits.

emv/profile/loader.py makes it of a file that people write, and is where it is checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from emv.certificates.ca_keys import CaKey

_ZERO = bytes(5)


class ContactlessLimits:
    """What pre-processing of a tap asks (Book B, 3.1.1). Amounts in minor units; None is no limit.

    The first three bite at the amount itself, the floor limit above it. `status_check`: one unit of currency goes
    online. `zero_amount`: an amount of zero may be tapped. `extended_selection`: tag 9F29 of the directory is used.
    """

    def __init__(
        self,
        transaction_minor: int | None = None,
        on_device_cvm_minor: int | None = None,
        cvm_minor: int | None = None,
        floor_minor: int | None = None,
        status_check: bool = False,
        zero_amount: bool = True,
        extended_selection: bool = False,
    ) -> None:
        self.transaction_minor = transaction_minor
        self.on_device_cvm_minor = on_device_cvm_minor
        self.cvm_minor = cvm_minor
        self.floor_minor = floor_minor
        self.status_check = status_check
        self.zero_amount = zero_amount
        self.extended_selection = extended_selection


class Parameters:
    """What an acquirer sets, often for many applications at once.

    Amounts in minor units, percentages 0 to 99; None is no limit, no random selection, no bias from a threshold on
    (Book 3, 10.6). `tdol` None is none at all. `data` is terminal data of these applications alone, tag -> value.
    """

    def __init__(
        self,
        floor_limit_minor: int | None = None,
        threshold_minor: int | None = None,
        target_percent: int | None = None,
        max_target_percent: int | None = None,
        tac_default: bytes = _ZERO,
        tac_denial: bytes = _ZERO,
        tac_online: bytes = _ZERO,
        ddol: bytes = b"",
        tdol: bytes | None = None,
        limits: ContactlessLimits | None = None,
        data: dict[int, bytes] | None = None,
    ) -> None:
        self.floor_limit_minor = floor_limit_minor
        self.threshold_minor = threshold_minor
        self.target_percent = target_percent
        self.max_target_percent = max_target_percent
        self.tac_default = tac_default
        self.tac_denial = tac_denial
        self.tac_online = tac_online
        self.ddol = ddol
        self.tdol = tdol
        self.limits = limits or ContactlessLimits()
        self.data = data or {}


class Application:
    """One application that the terminal takes on one interface; `kernel` is None on contact.

    `partial`: a card's longer name that begins with `aid` is this application too (Book 1, 12.3.1).
    """

    def __init__(self, aid: bytes, version: bytes, partial: bool, kernel: int | None, parameters: Parameters) -> None:
        self.aid = aid
        self.version = version
        self.partial = partial
        self.kernel = kernel
        self.parameters = parameters


class Profile:
    """What the kernel is told about its terminal.

    `data`: terminal data, tag -> value. `selection`: "pse" (directory first, then the list) or "aid_list" on
    contact; contactless takes the list too only where `list_after_ppse` says so (Book B has no list).
    `preference`: names in the merchant's order, before the card's own priority. `ask_cardholder`: more than
    one candidate is put to the cardholder. `pin_bypass`: a PIN may be left out. `policies`: hardenings beyond the
    books, named by the attack that they stop. `velocity`: within so many minutes (0: no matter) one card taps so many
    times and for so many minor units without a PIN. `exceptions`: (pan, sequence number or None); `log`: (pan,
    amount_minor).
    """

    def __init__(
        self,
        name: str,
        data: dict[int, bytes],
        applications: list[Application],
        ca_keys: Iterable[CaKey] = (),
        selection: str = "pse",
        list_after_ppse: bool = False,
        preference: tuple[bytes, ...] = (),
        ask_cardholder: bool = False,
        policies: tuple[str, ...] = (),
        exceptions: Sequence[tuple[bytes, bytes | None]] = (),
        log: Sequence[tuple[bytes, int]] = (),
        amount_limit_minor: int = 999999999999,
        currency: int = 0,
        pin_bypass: bool = False,
        velocity: tuple[int, int, int] = (0, 0, 0),
    ) -> None:
        self.name = name
        self.data = data
        self.applications = applications
        self.ca_keys = ca_keys
        self.selection = selection
        self.list_after_ppse = list_after_ppse
        self.preference = preference
        self.ask_cardholder = ask_cardholder
        self.policies = policies
        self.exceptions = exceptions
        self.log = log
        self.amount_limit_minor = amount_limit_minor
        self.currency = currency
        self.pin_bypass = pin_bypass
        self.velocity = velocity

    def contact_applications(self) -> list[Application]:
        return [application for application in self.applications if application.kernel is None]

    def contactless_applications(self) -> list[Application]:
        return [application for application in self.applications if application.kernel is not None]

    def ca_key(self, rid: bytes, index: int) -> CaKey | None:
        for key in self.ca_keys:
            if key.index == index and key.rid == rid:
                return key
        return None
