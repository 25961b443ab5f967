"""The threads of a desk's process that send notifications: by e-mail over SMTP, and to chats through Apprise."""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Callable
from dataclasses import replace
from email.headerregistry import Address
from email.utils import parseaddr
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr

from apps.desk.background import Background
from blocks.notifier import Notifier
from pressroom import logs
from pressroom.errors import Misconfigured, PressroomError
from pressroom.review import digests, notifying
from pressroom.review.notifying import CHAT, MAIL, Digest
from pressroom.settings import Settings
from pressroom.store import outbox
from pressroom.store.database import Database
from pressroom.store.outbox import OutboxKind, Outcome, Result
from pressroom.vault import Vault

AT_ONCE = 10
PAUSE_SECONDS = 5.0
SMTP_SECONDS = 20.0
"""How long each answer of the mail server may take."""

PORTS = {"smtp": 587, "smtps": 465}
HINT = "Write it like smtps://USER:PASSWORD@mail.example.com."

_log = logs.get_logger("pressroom.desk")


class Courier(Background):
    """Sends the due messages of one kind, from `start` to `stop`.

    database: one that sees every workspace. Several processes share the work by claims.
    """

    def __init__(
        self, database: Database, kind: OutboxKind, send: Callable[[Digest], Result], *, pause: float = PAUSE_SECONDS
    ) -> None:
        self._database, self._kind, self._send, self._pause = database, kind, send, pause
        super().__init__(f"{kind.name}-courier")

    def _work(self) -> None:
        while not self._ended.wait(self._pause):
            try:
                self.look()
            except PressroomError as error:
                _log.warning("notifications.interrupted", code=error.code, reason=str(error))
            except Exception:
                _log.exception("notifications.broken")  # whatever it is: the thread outlives it

    def look(self) -> int:
        """Send what is due; returns how many messages were sent, or tried."""
        tried = 0
        for claimed in outbox.claim(self._database, self._kind, limit=AT_ONCE):
            if digest := notifying.take(self._database, self._kind, claimed):
                tried += 1
                notifying.finish(self._database, self._kind, claimed, self._result(digest))
        return tried

    def _result(self, digest: Digest) -> Result:
        began = time.monotonic()
        try:
            result = self._send(digest)
        except Exception as error:
            _log.exception("notification.broken", row=digest.id)
            result = Result(Outcome.FAILED, answer=f"It could not be sent: {type(error).__name__}.")
        return replace(result, milliseconds=round(1000 * (time.monotonic() - began)))


def couriers(settings: Settings, database: Database, vault: Vault) -> list[Courier]:
    """The couriers of this desk: for chats, and for e-mail where a mail server is set. Raises `Misconfigured`."""
    desk = settings.resolved_desk_url
    found = [Courier(database, CHAT, ChatSender(vault, desk))]
    if settings.mail_url is not None:
        found.append(Courier(database, MAIL, MailSender.from_settings(settings, vault)))
    return found


class ChatSender:
    """Sends digests to the chats of members. tell: to addresses, a title and a text; True when it was taken."""

    def __init__(self, vault: Vault, desk: str, tell: Callable[[str, str, str], bool] | None = None) -> None:
        self._vault, self._desk, self._tell = vault, desk, tell or _tell

    def __call__(self, digest: Digest) -> Result:
        try:
            address = self._vault.open(digest.chat_address)
        except Misconfigured as error:  # another PRESSROOM_SECRET_KEY than the one it was sealed with
            return Result(Outcome.FAILED, answer=f"The chat's address can't be read. {error.message}")
        words = digests.text_of(digest, self._desk)
        is_taken = self._tell(address, digests.subject_of(digest), words)
        return Result(Outcome.DONE) if is_taken else Result(Outcome.FAILED, answer="The chat did not take it.")


def _tell(address: str, title: str, text: str) -> bool:
    return Notifier(urls=[SecretStr(address)]).tell(title, text)


class MailSender:
    """Sends digests over SMTP. A password is sent over TLS alone.

    url: `smtps://` for TLS from the start, `smtp://` for STARTTLS. desk: the address of the desk, for links.
    """

    def __init__(self, url: str, sender: str, *, desk: str, vault: Vault, seconds: float = SMTP_SECONDS) -> None:
        self._address, self._port = _place(url)
        self._sender, self._desk, self._vault, self._seconds = _checked_sender(sender), desk, vault, seconds

    @classmethod
    def from_settings(cls, settings: Settings, vault: Vault) -> MailSender:
        url = settings.mail_url.get_secret_value() if settings.mail_url else ""
        return cls(url, settings.mail_from, desk=settings.resolved_desk_url, vault=vault)

    def __call__(self, digest: Digest) -> Result:
        off = f"{self._desk}/unsubscribe/{unsubscribe_token(self._vault, digest.workspace_id, digest.user_id)}"
        mail = digests.mail_of(digest, desk=self._desk, sender=self._sender, off=off)
        try:
            with self._connected() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            return _refusal(code, said, Outcome.REFUSED if code >= 500 else Outcome.FAILED)
        except smtplib.SMTPResponseException as error:
            return _refusal(error.smtp_code, error.smtp_error, Outcome.FAILED)
        except (OSError, smtplib.SMTPException) as error:
            return Result(Outcome.FAILED, answer=f"The mail server did not take it: {error or type(error).__name__}.")
        return Result(Outcome.DONE, status=250)

    def _connected(self) -> smtplib.SMTP:
        """A session with the mail server, signed in where there is a user."""
        at, tls = self._address, ssl.create_default_context()
        host, user = at.hostname or "", unquote(at.username or "")
        if at.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, self._port, timeout=self._seconds, context=tls)
        else:
            server = smtplib.SMTP(host, self._port, timeout=self._seconds)
        try:
            server.ehlo_or_helo_if_needed()
            is_safe = at.scheme == "smtps"
            if not is_safe and server.has_extn("starttls"):
                server.starttls(context=tls)
                is_safe = True
            if user and not is_safe:
                raise smtplib.SMTPException("it offers no TLS, so the password is not sent")
            if user:
                server.login(user, unquote(at.password or ""))
        except BaseException:
            server.close()
            raise
        return server


def unsubscribe_token(vault: Vault, workspace_id: str, user_id: str) -> str:
    """The end of the address that ends a member's e-mails about a workspace; only this desk can make it."""
    return f"{workspace_id}.{user_id}.{vault.mark(f'unsubscribe/{workspace_id}/{user_id}')}"


def _place(url: str) -> tuple[SplitResult, int]:
    at = urlsplit(url)
    try:
        port = at.port or PORTS[at.scheme]
    except (KeyError, ValueError):
        raise Misconfigured("PRESSROOM_MAIL_URL is no address of a mail server.", hint=HINT) from None
    if not at.hostname:
        raise Misconfigured("PRESSROOM_MAIL_URL names no host.", hint=HINT)
    return at, port


def _checked_sender(sender: str) -> Address:
    name, address = parseaddr(sender)
    try:
        found = Address(display_name=name, addr_spec=address)
    except (ValueError, IndexError):
        found = None
    if found is None or not found.username or not found.domain:
        hint = "Write it like Pressroom <desk@example.com>."
        raise Misconfigured("PRESSROOM_MAIL_FROM is no e-mail address.", hint=hint)
    return found


def _refusal(code: int, said: bytes | str, outcome: Outcome) -> Result:
    words = said.decode(errors="replace") if isinstance(said, bytes) else said
    return Result(outcome, status=code, answer=f"The mail server answered {code}: {words}")
