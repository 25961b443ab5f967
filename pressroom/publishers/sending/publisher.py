"""The interface of a publisher: one class a platform, without state of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict

from pressroom.errors import Misconfigured
from pressroom.model import Medium
from pressroom.model.publishing import (
    Account,
    Approved,
    ApprovedPart,
    Asked,
    Certainty,
    Channel,
    Metrics,
    Problem,
    Reading,
    RemoteRef,
    Sent,
)
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line, Rule


class Options(BaseModel):
    """Publish-time choices of a platform. A field without a default is a person's to choose."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ChannelSettings(BaseModel):
    """Choices that a channel keeps, e.g. a Pinterest board."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class OAuth:
    """OAuth2 by authorization code. authorize: address people are sent to; token: base and path that codes go to.

    extra: further fields of the address people are sent to; token_extra: of each request for a token. refresh:
    `itself` where the access token is what gets a new one, by `Publisher.refresh`. optional: those of `scopes` that
    not every app may ask for.
    """

    authorize: str
    token: str
    scopes: tuple[str, ...]
    separator: str = " "
    pkce: Literal["S256", "hex", ""] = "S256"
    client_auth: Literal["basic", "body"] = "body"
    client_id_field: str = "client_id"
    extra: Mapping[str, str] = field(default_factory=dict)
    token_extra: Mapping[str, str] = field(default_factory=dict)
    refresh: Literal["refresh_token", "itself", "none"] = "refresh_token"
    optional: tuple[str, ...] = ()


@dataclass(frozen=True)
class Password:
    """A name and a secret that the platform's settings page gives, e.g. an app password or an access token.

    asks: (field, label, help) in the order a form shows them; `secret` is the one that is kept sealed.
    server: true where people name the server their account lives on; usual: the most common one.
    """

    asks: tuple[tuple[str, str, str], ...]
    server: bool = False
    usual: str = ""


class Memory(Protocol):
    """A publisher's notes about a part, e.g. an upload session. Sealed, and committed before `put` returns."""

    def get(self, name: str) -> str: ...
    def put(self, **values: str) -> None: ...


class MediaReader(Protocol):
    """The files of a post: read from the artifact store, or fetched by a platform from the media door."""

    def read(self, medium: Medium) -> bytes: ...
    def part(self, medium: Medium, start: int, length: int) -> bytes: ...
    def url(self, medium: Medium) -> str: ...


SETTLES = timedelta(seconds=90)
"""Longer than a request of ours may take, counted from when its answer was given up."""

SENT_AFTER = "sent_after"
"""The engine's own note in a part's memory."""


@dataclass(frozen=True)
class Job:
    """One part to bring out: all that a publisher needs, and nothing that it could change.

    position: among all parts. key: 32 hex digits, always the same for this part; what idempotency rests on. begun_at:
    fixed before the first attempt, for platforms whose posts carry a time. parents: the parts before it that are
    public, the main post first. armed_at: when it was first allowed to be sent. known: remote ids of our other posts.
    unclear_since: when the answer of the last attempt was given up.
    """

    approved: Approved
    channel: Channel
    part: ApprovedPart
    position: int
    key: str
    begun_at: datetime
    line: Line
    memory: Memory
    media: MediaReader
    now: Callable[[], datetime]
    parents: tuple[RemoteRef, ...] = ()
    armed_at: datetime | None = None
    known: frozenset[str] = frozenset()
    unclear_since: datetime | None = None

    @property
    def settled_at(self) -> datetime:
        """From when on a request of ours that got no answer is over at the platform, too."""
        return (self.unclear_since or self.armed_at or self.begun_at) + SETTLES

    @property
    def sent_after(self) -> datetime:
        """The moment before its first attempt by the platform's clock, as far as that is known; by ours otherwise."""
        noted = self.memory.get(SENT_AFTER)
        return datetime.fromisoformat(noted) if noted else self.armed_at or self.begun_at

    @property
    def is_main(self) -> bool:
        """True for the part that carries media, title and options."""
        return self.position == 0

    @property
    def files(self) -> tuple[Medium, ...]:
        return self.approved.media if self.is_main else ()


@dataclass(frozen=True)
class NotYet:
    """The platform is still at a file. seconds: when to look again."""

    seconds: float
    message: str = ""


class Publisher(ABC):
    """One platform. Each method makes as few calls as it can, and retries nothing: the ledger's moves do that.

    All raise `PublishLater`, `PostRefused`, `ChannelUnusable` (nothing is public) and `OutcomeUnclear` (of `send`: it
    may be; elsewhere: the platform could not be asked).

    bases: addresses by name, which calls begin with: `line.post("api:/2/tweets")`. hosts: further hosts that the
    platform's own answers lead to; a leading dot means every subdomain. takes: platforms whose drafts it can send.
    rules: the platform's errors. proof: one sentence on what its `ask` rests on.
    """

    platform: ClassVar[str]
    bases: ClassVar[Mapping[str, str]]
    hosts: ClassVar[tuple[str, ...]] = ()
    takes: ClassVar[tuple[str, ...]] = ()
    connection: ClassVar[OAuth | Password]
    certainty: ClassVar[Certainty]
    proof: ClassVar[str]
    rules: ClassVar[tuple[Rule, ...]] = ()
    options: ClassVar[type[Options]] = Options
    settings: ClassVar[type[ChannelSettings]] = ChannelSettings
    comments: ClassVar[bool] = False
    """True where a first comment can be sent; elsewhere the words stay with the draft."""
    threads: ClassVar[bool] = False
    """True where later posts reply to the first one."""
    thumbnails: ClassVar[bool] = False
    """True where a picture that is attached as well as a film is set as its thumbnail, by a part of that kind."""
    deletes: ClassVar[bool] = True
    cuts_unescaped: ClassVar[bool] = False
    """True where everything after the first sign that was not escaped is silently dropped."""

    @property
    def drafts(self) -> tuple[str, ...]:
        """Platforms whose drafts it can send."""
        return (self.platform, *self.takes)

    def scopes_needed(self, account: Account) -> tuple[str, ...]:
        """The scopes without which nothing can be published as `account`."""
        if not isinstance(self.connection, OAuth):
            return ()
        return tuple(scope for scope in self.connection.scopes if scope not in self.connection.optional)

    def certainty_of(self, channel: Channel) -> Certainty:
        """How surely the platform tells of this channel's posts, where that depends on the kind of its account."""
        return self.certainty

    # Accounts

    def sign_in(self, line: Line, given: Mapping[str, str]) -> Credentials:
        """Credentials from what a `Password` asks for. Raises `ChannelUnusable`."""
        raise Misconfigured(f"{line.title} takes no name and secret.", hint="Connect it in Settings, Channels.")

    def exchange(self, line: Line, credentials: Credentials) -> Credentials:
        """A longer-lived token for the one that the authorization code gave; the same where there is no such thing.

        credentials.extra: `client_id` and `client_secret` of the app, for this call alone: what it returns has neither.
        """
        return credentials

    def refresh(self, line: Line, credentials: Credentials) -> Credentials:
        """New credentials for old ones, by a way of its own; `OAuth.refresh` covers the usual ones."""
        raise Misconfigured(f"The sign-in at {line.title} has no way to be renewed.", hint="Connect it again.")

    @abstractmethod
    def accounts(self, line: Line) -> Sequence[Account]:
        """The accounts that the token may publish to, e.g. a person and the pages they manage."""

    def account_credentials(self, line: Line, account: Account, credentials: Credentials) -> Credentials:
        """The credentials of one of `accounts`, where it has its own, e.g. a page's token."""
        return credentials

    @abstractmethod
    def whoami(self, line: Line, channel: Channel) -> str:
        """The remote id of the account that the token speaks for; for a page, the page's once it is reachable."""

    def choices(self, line: Line, channel: Channel) -> Mapping[str, Sequence[tuple[str, str]]]:
        """(value, label) pairs that a form offers for fields of `settings` and `options`, as the platform has them."""
        return {}

    # Sending

    def check(self, approved: Approved, channel: Channel) -> Iterable[Problem]:
        """Everything that keeps it from the platform and is known before the first byte, beyond `checking.common`."""
        return ()

    def as_sent(self, text: str) -> str:
        """The words exactly as they are sent: escaped where the platform wants it."""
        return text

    def counted(self, text: str) -> str:
        """The words that the platform's limits are held against."""
        return self.as_sent(text)

    def prepare(self, job: Job) -> NotYet | None:
        """Uploads, containers, processing: nothing public. Goes on where an earlier call stopped; None when ready."""
        return None

    @abstractmethod
    def send(self, job: Job) -> Sent:
        """The one call after which the part may be public. Makes exactly one request, on a fresh connection."""

    @abstractmethod
    def ask(self, job: Job) -> Asked:
        """Find out whether the part is out; reads only. Raises `OutcomeUnclear` or `PublishLater` without an answer."""

    @abstractmethod
    def read_back(self, job: Job, ref: RemoteRef) -> Reading | None:
        """The post as the platform shows it; None when it is gone. Reading.text None: this account may not read it."""

    def comparable(self, text: str) -> str:
        """Words in the form in which sent and shown ones are compared."""
        return " ".join(text.split())

    @abstractmethod
    def collect(self, line: Line, channel: Channel, remote_ids: Sequence[str]) -> Sequence[Metrics]:
        """Figures of posts; one that the platform does not answer for is not among them."""

    @abstractmethod
    def delete(self, line: Line, channel: Channel, ref: RemoteRef) -> None:
        """Takes a post down; one that is gone already is fine."""

    def quota(self, line: Line, channel: Channel) -> str:
        """One sentence on what is left of the platform's own quota; empty where it can't be read."""
        return ""


def option(approved: Approved, name: str, default: Any = None) -> Any:
    """A publish-time choice."""
    return approved.options.get(name, default)
