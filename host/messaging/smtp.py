"""E-mail by SMTP (RFC 5321), in a thread: a server takes a message with its answer to the end of the data.

What fails before the data was not sent; an answer to the data that is lost leaves it in doubt. The Message-ID is the
event's, so that mailboxes know a message again. Bodies are plain text: none is ever read as HTML (attacks/H-08).
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr

from host.messaging.errors import NoAnswer, NotTaken, Refused
from host.messaging.model import Letter, Report

UNAVAILABLE = range(400, 500)


@dataclass(frozen=True)
class Server:
    """`security`: "tls" from the start, "starttls", or "none", which only this machine may be."""

    host: str
    port: int
    sender: str  # an e-mail address
    user: str = ""
    password: str = field(default="", repr=False)
    security: str = "starttls"
    deadline_s: float = 15.0


class SmtpGateway:
    """ports.Gateway."""

    repeats = False
    can_ask = False

    def __init__(self, server: Server) -> None:
        if server.security == "none" and server.host not in ("127.0.0.1", "localhost"):
            raise ValueError("e-mail leaves this machine only enciphered")
        self._server = server

    async def send(self, letter: Letter) -> str | None:
        """As ports.Gateway says."""
        await asyncio.to_thread(self._send, letter)
        return None

    async def ask(self, event_id: str, gateway_id: str | None) -> Report | None:  # noqa: ARG002
        return None

    def _send(self, letter: Letter) -> None:
        try:
            message = compose(letter, self._server.sender)
        except ValueError:
            raise Refused("an address or a subject that cannot be written") from None
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(type(error).__name__) from None
        try:
            self._hand_over(connection, letter.to, message)
        finally:
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        server, context = self._server, ssl.create_default_context()
        if server.security == "tls":
            connection = smtplib.SMTP_SSL(server.host, server.port, timeout=server.deadline_s, context=context)
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.deadline_s)
        if server.security == "starttls":
            connection.starttls(context=context)
        if server.user:
            connection.login(server.user, server.password)
        return connection

    def _hand_over(self, connection: smtplib.SMTP, to: str, message: EmailMessage) -> None:
        try:
            connection.ehlo_or_helo_if_needed()
            _expect(connection.mail(self._server.sender))
            _expect(connection.rcpt(to))
        except (OSError, smtplib.SMTPException) as error:
            raise NotTaken(type(error).__name__) from None
        try:
            answer = connection.data(message.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:  # it does not want the data at all
            _expect((error.smtp_code, b""))
            raise NotTaken(str(error.smtp_code)) from None
        except (OSError, smtplib.SMTPException) as error:
            raise NoAnswer(type(error).__name__) from None
        _expect(answer)


def compose(letter: Letter, sender: str) -> EmailMessage:
    """Raises ValueError for a line break where none may be."""
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((letter.sender, sender))
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Message-ID"] = f"<{letter.event_id.replace(':', '.')}@{sender.rpartition('@')[2]}>"
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    return message


def _expect(answer: tuple[int, bytes]) -> None:
    """RFC 5321, 4.2.1: 2yz is yes, 4yz not now, 5yz never."""
    if answer[0] in UNAVAILABLE:
        raise NotTaken(str(answer[0]))
    if answer[0] >= 500:
        raise Refused(str(answer[0]))
