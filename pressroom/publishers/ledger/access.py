"""Access to a channel's platform: its token, opened and renewed in time, and the line that it goes along.

A refresh is claimed in the row first, so that no two processes use a refresh token, and at most once a minute; its
answer is written before it is used. Only a platform that says so ends a connection: a passing error never does.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import SecretStr
from sqlmodel import Session, select

from pressroom import platforms, publishers
from pressroom.errors import ChannelUnusable, Misconfigured, OutcomeUnclear, PublishLater
from pressroom.model.publishing import Account
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
SOON_ITSELF = timedelta(days=14)
"""The same for one that is needed to get its successor, and is lost with its end."""
PAUSE = timedelta(seconds=60)
"""Between two refreshes of a channel."""
WARNINGS = (timedelta(days=14), timedelta(days=7), timedelta(days=1))
"""Before the end of a sign-in that only a person can renew."""

RENEWING = "renewing"
"""Problem code of a connected channel from the claim of a refresh until its answer is kept."""
DOUBTED = "token_doubted"
"""Problem code of a connected channel whose token, which can't be renewed, was answered with a bare 401."""

Apps = Callable[[str], PlatformApp | None]
"""The app registered at a platform, by the platform's name; None without one."""

SANDBOX_APP = PlatformApp(client_id="app-id", client_secret=SecretStr("app-secret"))


class Access:
    """Lines and tokens of channels. database: one that sees the channels' workspace. apps: default: the settings'."""

    def __init__(
        self, database: Database, vault: Vault, *, source: Settings | None = None, apps: Apps | None = None
    ) -> None:
        self._database, self._vault = database, vault
        chosen = source or settings()
        self._sandbox = chosen.social_sandbox.rstrip("/")
        self._apps = apps or chosen.platform_apps.get

    @property
    def sandbox(self) -> str:
        """Address of the stand-ins that are called instead of the platforms; empty where the platforms are."""
        return self._sandbox

    def app(self, platform: str) -> PlatformApp | None:
        """The app registered at a platform; the stand-ins have one of their own."""
        return SANDBOX_APP if self._sandbox else self._apps(platform)

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
        if row.state == "removed":
            raise _removed(row)
        publisher = publishers.get(row.platform)
        return self.line(publisher, row.host, self.credentials(row), journal)

    def credentials(self, row: ChannelRow) -> Credentials:
        held = Credentials.open(row.credentials, self._vault)
        if held.expires_at is None or not _can_refresh(row.platform, held):
            return held
        with self._database.read() as session:
            now = clock(session)
        if held.expires_at > now + (SOON_ITSELF if _renews_itself(row.platform) else SOON):
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
        claim = self._claim(row.id, row.generation)
        if claim.done:
            return claim.held
        publisher = publishers.get(row.platform)
        line = self.line(publisher, row.host, claim.held).at(Phase.ACCOUNT)
        try:
            fresh = oauth.refreshed(publisher, line, self.app(row.platform), claim.held)
        except ChannelUnusable as error:
            raise self._ended(row.id, claim, error) from None
        except PublishLater as error:
            if isinstance(error, TokenRefused) and error.named:
                raise self._ended(row.id, claim, ChannelUnusable(error.message, reason="token_revoked")) from None
            self._give_back(row.id)
            raise PublishLater(error.message, retry_after=error.retry_after) from None
        except Misconfigured:
            self._give_back(row.id)
            raise
        except OutcomeUnclear as error:
            raise PublishLater(f"The sign-in can't be renewed now: {error.message}") from None
        self.keep(row.id, fresh)
        return fresh

    def keep(self, channel_id: str, fresh: Credentials) -> None:
        """Write a channel's credentials as those that hold from now on."""
        with self._database.write() as session:
            row = _locked(session, channel_id)
            keep_credentials(row, fresh, self._vault)
            session.add(row)

    def _claim(self, channel_id: str, generation: int) -> _Claim:
        """Claim the refresh of a channel for this process alone. Raises `PublishLater` within a minute of the last."""
        with self._database.write() as session:
            row = _locked(session, channel_id)
            if row.state == "removed":
                raise _removed(row)
            held = Credentials.open(row.credentials, self._vault)
            if row.generation != generation:
                return _Claim(held, done=True)
            now = clock(session)
            if row.refreshed_at is not None and now < row.refreshed_at + PAUSE:
                left = (row.refreshed_at + PAUSE - now).total_seconds()
                raise PublishLater("The sign-in was renewed less than a minute ago.", retry_after=left)
            claim = _Claim(held, lost_at=row.refreshed_at if row.problem_code == RENEWING else None)
            row.refreshed_at = now
            if row.state == "connected":
                row.problem_code = RENEWING
            session.add(row)
            return claim

    def _give_back(self, channel_id: str) -> None:
        """The platform renewed nothing: the refresh token is as good as before."""
        with self._database.write() as session:
            row = _locked(session, channel_id)
            if row.problem_code == RENEWING:
                row.problem_code = ""
            session.add(row)

    def _ended(self, channel_id: str, claim: _Claim, error: ChannelUnusable) -> ChannelUnusable:
        """The error of a sign-in that is over; it names an earlier refresh whose answer was lost, if that is why."""
        if claim.lost_at is not None and error.reason == "invalid_grant":
            error = ChannelUnusable(
                f"A renewal of the sign-in began at {claim.lost_at:%H:%M} UTC and its answer was lost; the refresh "
                f"token can't be used twice. {error.message}",
                reason="renewal_lost",
            )
        with self._database.write() as session:
            mark_unusable(session, _locked(session, channel_id), error)
        return error


@dataclass(frozen=True)
class _Claim:
    """The right to refresh. held: the credentials at that moment. done: another process has renewed them meanwhile.

    lost_at: when an earlier refresh began whose answer was never kept.
    """

    held: Credentials
    done: bool = False
    lost_at: datetime | None = None


def keep_credentials(row: ChannelRow, fresh: Credentials, vault: Vault) -> None:
    """Put credentials into a channel's row, sealed, with what is known of their life."""
    row.credentials = fresh.seal(vault)
    row.generation += 1
    row.expires_at, row.refresh_expires_at = fresh.expires_at, fresh.refresh_expires_at
    row.refreshable = _can_refresh(row.platform, fresh)
    if fresh.scopes:
        row.scopes = list(fresh.scopes)
    row.state, row.problem_code, row.problem = "connected", "", ""
    if missing := missing_scopes(row):
        row.state, row.problem_code = "needs_account", "scope_missing"
        row.problem = f"The sign-in does not allow: {', '.join(missing)}. Connect it again and allow all that is asked."


def missing_scopes(row: ChannelRow) -> tuple[str, ...]:
    """Scopes that publishing needs and the platform did not grant; empty where it did not say what it granted."""
    account = Account(remote_id=row.remote_id, name=row.name, kind=row.kind)
    needed = publishers.get(row.platform).scopes_needed(account) if row.scopes else ()
    return tuple(scope for scope in needed if scope not in row.scopes)


def mark_doubted(session: Session, row: ChannelRow, error: PublishLater) -> None:
    """The platform refused a token that can't be renewed, by a bare 401: people are told at once, once a day.

    The channel stays connected, as an outage answers 401 as well; `DOUBTED` goes once the platform takes it again.
    """
    now = clock(session)
    told = row.told_on is not None and row.told_on.date() == now.date() and row.problem_code == DOUBTED
    row.problem_code = DOUBTED
    row.problem = f"{error.message} The sign-in has probably ended: only a person can renew it."[:1000]
    if not told:
        row.told_on = now
        about = {"channel_id": row.id, "platform": row.platform, "code": DOUBTED}
        events.emit(session, row.workspace_id, "channel.needs_account", about)
    session.add(row)


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


def trust_again(session: Session, row: ChannelRow) -> None:
    """The platform took the token: what was doubted is true again."""
    if row.problem_code == DOUBTED and row.state == "connected":
        row.problem_code, row.problem = "", ""
        session.add(row)


def ends_at(row: ChannelRow) -> datetime | None:
    """When a channel's sign-in ends for good without a person; None when it doesn't, or isn't known."""
    return row.expires_at if _renews_itself(row.platform) or not row.refreshable else row.refresh_expires_at


def warning_due(row: ChannelRow, now: datetime) -> timedelta | None:
    """The warning (14, 7 or 1 days) that is due and was not given; None otherwise."""
    end = ends_at(row)
    if end is None or row.state != "connected":
        return None
    passed = [warning for warning in WARNINGS if now >= end - warning]
    if not passed or (row.told_on is not None and row.told_on >= end - passed[-1]):
        return None
    return passed[-1]


def _removed(row: ChannelRow) -> ChannelUnusable:
    return ChannelUnusable(f"The channel {row.name} was removed.", hint="Connect it again.", reason="removed")


def _can_refresh(platform: str, held: Credentials) -> bool:
    return _renews_itself(platform) or held.refresh is not None


def _renews_itself(platform: str) -> bool:
    """True where the access token is what gets a new one."""
    connection = publishers.get(platform).connection
    return isinstance(connection, OAuth) and connection.refresh == "itself"


def _locked(session: Session, channel_id: str) -> ChannelRow:
    return session.exec(select(ChannelRow).where(ChannelRow.id == channel_id).with_for_update()).one()
