"""Access to a channel's platform: its token, opened and renewed in time, and the line that it goes along.

A refresh is claimed in the row first, so that no two processes use a refresh token, and at most once a minute; its
answer is written before it is used. Only a platform that says so ends a connection: a passing error never does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlmodel import Session, select

from pressroom import platforms, publishers
from pressroom.errors import ChannelUnusable, PublishLater
from pressroom.publishers.sending import oauth
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Exchange, Line, Phase, TokenRefused, plain_refusal
from pressroom.publishers.sending.publisher import OAuth, Publisher
from pressroom.settings import PlatformApp, Settings, settings
from pressroom.store import events
from pressroom.store.database import Database
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow
from pressroom.vault import Vault

SOON = timedelta(minutes=5)
"""A token that ends within this time is renewed before it is used."""
PAUSE = timedelta(seconds=60)
"""Between two refreshes of a channel."""
WARNINGS = (timedelta(days=14), timedelta(days=7), timedelta(days=1))
"""Before the end of a sign-in that only a person can renew."""

SANDBOX_APP = PlatformApp(client_id="app-id", client_secret=SecretStr("app-secret"))


class Access:
    """Lines and tokens of channels. database: one that sees the channels' workspace."""

    def __init__(self, database: Database, vault: Vault, *, source: Settings | None = None) -> None:
        self._database, self._vault = database, vault
        chosen = source or settings()
        self._sandbox = chosen.social_sandbox.rstrip("/")
        self._apps: Mapping[str, PlatformApp] = chosen.platform_apps

    def app(self, platform: str) -> PlatformApp | None:
        """The app registered at a platform; the stand-ins have one of their own."""
        return self._apps.get(platform) or (SANDBOX_APP if self._sandbox else None)

    def line(
        self,
        publisher: Publisher,
        host: str = "",
        credentials: Credentials | None = None,
        journal: Callable[[Exchange], None] | None = None,
    ) -> Line:
        """The way to a platform. host: the server the account lives on, for platforms of many."""
        bases = dict(publisher.bases)
        if self._sandbox:
            bases = {name: f"{self._sandbox}/{publisher.platform}/{name}" for name in bases}
        elif host:
            bases["api"] = host
        return Line(
            title=platforms.title(publisher.platform), bases=bases, hosts=() if self._sandbox else publisher.hosts,
            rules=publisher.rules, read=getattr(publisher, "read_error", plain_refusal), credentials=credentials,
            journal=journal, local=bool(self._sandbox),
        )  # fmt: skip

    def line_of(self, row: ChannelRow, journal: Callable[[Exchange], None] | None = None) -> Line:
        """The line of a channel, with a token that holds for now.

        Raises:
            ChannelUnusable: a person has to act. PublishLater: it can't be renewed just now.
        """
        publisher = publishers.get(row.platform)
        return self.line(publisher, row.host, self.credentials(row), journal)

    def credentials(self, row: ChannelRow) -> Credentials:
        held = Credentials.open(row.credentials, self._vault)
        with self._database.read() as session:
            now = clock(session)
        if held.expires_at is None or held.expires_at > now + SOON or not _can_refresh(row.platform, held):
            return held
        try:
            return self.refresh(row)
        except PublishLater:
            if held.expires_at > now:
                return held  # it still holds: the platform's trouble is not ours yet
            raise

    def refresh(self, row: ChannelRow) -> Credentials:
        """New credentials for a channel's, kept before they are returned.

        Raises:
            ChannelUnusable: the platform ended the connection, which the channel then says. PublishLater: not now.
        """
        claimed, held = self._claim(row.id, row.generation)
        if claimed is None:
            return held
        publisher = publishers.get(row.platform)
        line = self.line(publisher, row.host, held).at(Phase.ACCOUNT)
        try:
            fresh = oauth.refreshed(publisher, line, self.app(row.platform), held)
        except TokenRefused as error:
            raise self._ended(row.id, ChannelUnusable(error.message, reason="token_revoked")) from None
        except ChannelUnusable as error:
            raise self._ended(row.id, error) from None
        self.keep(row.id, fresh)
        return fresh

    def keep(self, channel_id: str, fresh: Credentials) -> None:
        """Write a channel's credentials as those that hold from now on."""
        with self._database.write() as session:
            row = _locked(session, channel_id)
            keep_credentials(row, fresh, self._vault)
            session.add(row)

    def _claim(self, channel_id: str, generation: int) -> tuple[ChannelRow | None, Credentials]:
        """The channel, for this process alone to refresh; None when another process has done it meanwhile."""
        with self._database.write() as session:
            row = _locked(session, channel_id)
            held = Credentials.open(row.credentials, self._vault)
            if row.generation != generation:
                return None, held
            now = clock(session)
            if row.refreshed_at is not None and now < row.refreshed_at + PAUSE:
                left = (row.refreshed_at + PAUSE - now).total_seconds()
                raise PublishLater("The sign-in was renewed less than a minute ago.", retry_after=left)
            row.refreshed_at = now
            session.add(row)
            return row, held

    def _ended(self, channel_id: str, error: ChannelUnusable) -> ChannelUnusable:
        with self._database.write() as session:
            row = _locked(session, channel_id)
            mark_unusable(session, row, error)
        return error


def keep_credentials(row: ChannelRow, fresh: Credentials, vault: Vault) -> None:
    """Put credentials into a channel's row, sealed, with what is known of their life."""
    row.credentials = fresh.seal(vault)
    row.generation += 1
    row.expires_at, row.refresh_expires_at = fresh.expires_at, fresh.refresh_expires_at
    row.refreshable = _can_refresh(row.platform, fresh)
    if fresh.scopes:
        row.scopes = list(fresh.scopes)
    row.state, row.problem_code, row.problem = "connected", "", ""


def mark_unusable(session: Session, row: ChannelRow, error: ChannelUnusable) -> None:
    """The channel says what is wrong with it; people are told once a day."""
    now = clock(session)
    told = row.told_on is not None and row.told_on.date() == now.date() and row.problem_code == error.reason
    row.state, row.problem_code, row.problem = "needs_account", error.reason, str(error)[:1000]
    if not told:
        row.told_on = now
        about = {"channel_id": row.id, "platform": row.platform, "code": error.reason}
        events.emit(session, row.workspace_id, "channel.needs_account", about)
    session.add(row)


def ends_at(row: ChannelRow) -> datetime | None:
    """When a channel's sign-in ends for good without a person; None when it doesn't, or isn't known."""
    return row.refresh_expires_at if row.refreshable else row.expires_at


def warning_due(row: ChannelRow, now: datetime) -> timedelta | None:
    """The warning (14, 7 or 1 days) that is due and was not given; None otherwise."""
    end = ends_at(row)
    if end is None or row.state != "connected":
        return None
    passed = [warning for warning in WARNINGS if now >= end - warning]
    if not passed or (row.told_on is not None and row.told_on >= end - passed[-1]):
        return None
    return passed[-1]


def _can_refresh(platform: str, held: Credentials) -> bool:
    connection = publishers.get(platform).connection
    itself = isinstance(connection, OAuth) and connection.refresh == "itself"
    return itself or held.refresh is not None


def _locked(session: Session, channel_id: str) -> ChannelRow:
    return session.exec(select(ChannelRow).where(ChannelRow.id == channel_id).with_for_update()).one()
