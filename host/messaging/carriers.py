"""What carries messages here: the gateway of a file, a mail server, or stand-ins that were handed in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

from host.group_commit import after_commit
from host.messaging.gateway_file import GatewayFile, Terms, load
from host.messaging.http_gateway import HttpGateway
from host.messaging.limits import Bucket
from host.messaging.model import Channel
from host.messaging.ports import Gateway
from host.messaging.sending import Way
from host.messaging.smtp import Server, SmtpGateway

MAILS_PER_SECOND = 5.0


@dataclass(frozen=True)
class Carriers:
    """`sms` and `mail` are None where there is none. `file` is the description of the gateway of SMS, if it has one."""

    sms: Gateway | None = None
    mail: Gateway | None = None
    file: GatewayFile | None = None

    @property
    def terms(self) -> Terms:
        return self.file.terms if self.file else Terms(per_second=100, stop="36000", price="0.05")

    def ways(self) -> dict[Channel, Way]:
        found = ((Channel.SMS, self.sms, self.terms.per_second), (Channel.EMAIL, self.mail, MAILS_PER_SECOND))
        return {by: Way(after_commit(gateway), _bucket(rate)) for by, gateway, rate in found if gateway is not None}

    async def close(self) -> None:
        if isinstance(self.sms, HttpGateway):
            await self.sms.close()


def carriers(gateway_file: Path | None, server: Server | None) -> Carriers:
    """Raises InvalidGatewayFile."""
    file = load(gateway_file) if gateway_file else None
    return Carriers(HttpGateway(file) if file else None, SmtpGateway(server) if server else None, file)


def _bucket(per_second: float) -> Bucket:
    return Bucket(per_second, max(1, math.floor(per_second)))
