"""The base of a stand-in: routes, accounts, what is public, and the clock it goes by."""

from __future__ import annotations

import inspect
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, unquote
from uuid import uuid4

from sandbox.dialects.shared.forms import FormPart, parts
from sandbox.wire import Request, Response

FALL_HOURS = 48
"""Age of a post after which figures that fall are corrected."""


class Clock:
    """Seconds since 1970; can be set forward."""

    def __init__(self) -> None:
        self.ahead = 0.0

    def now(self) -> float:
        return time.time() + self.ahead

    def moment(self) -> datetime:
        return datetime.fromtimestamp(self.now(), UTC)


@dataclass
class Account:
    """An account at the platform. token: its present access token; extra: what a platform keeps of it."""

    id: str
    name: str
    title: str = ""
    kind: str = ""
    password: str = ""
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass
class Post:
    """Something public, or about to be. kind: `post`, `comment`. visible_at: from when lists show it.

    text: as the platform shows it; raw: as it was sent. files: one entry for each picture or film.
    """

    id: str
    account_id: str
    text: str
    raw: str
    created_at: float
    kind: str = "post"
    parent: str = ""
    files: list[dict[str, Any]] = field(default_factory=list)
    title: str = ""
    link: str = ""
    public: bool = True
    visible_at: float = 0.0
    extra: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One request to a stand-in. path: below the platform's name; found: what the route's pattern names."""

    request: Request
    path: str
    found: Mapping[str, str]
    origin: str
    """Address of the whole server, for addresses in answers."""

    @property
    def query(self) -> dict[str, str]:
        return dict(parse_qsl(self.request.query, keep_blank_values=True))

    @property
    def queries(self) -> dict[str, list[str]]:
        return parse_qs(self.request.query, keep_blank_values=True)

    @property
    def body(self) -> bytes:
        return self.request.body

    @cached_property
    def json(self) -> Any:
        try:
            return json.loads(self.request.body or b"null")
        except ValueError:
            return None

    @cached_property
    def multipart(self) -> list[FormPart]:
        """The fields of a multipart form in their order; empty for another body."""
        return list(parts(self.request)) if "multipart" in self.request.headers.get("content-type", "") else []

    @cached_property
    def form(self) -> dict[str, str]:
        """Plain fields of a form, however it is encoded."""
        if self.multipart:
            return {part.name: part.content.decode() for part in self.multipart if part.filename is None}
        return dict(parse_qsl(self.request.body.decode("utf-8", "replace"), keep_blank_values=True))

    def file(self, name: str) -> FormPart | None:
        return next((part for part in self.multipart if part.name == name and part.filename is not None), None)

    @property
    def token(self) -> str:
        scheme, _, token = self.request.headers.get("authorization", "").partition(" ")
        return token if scheme.casefold() == "bearer" else self.query.get("access_token", "")


Handler = Callable[[Any, Call], Response | Awaitable[Response]]


def route(method: str, path: str) -> Callable[[Handler], Handler]:
    """Declares a method of a stand-in as the answer to `path`, in which `{name}` stands for one segment."""

    def mark(handler: Handler) -> Handler:
        handler.__dict__.setdefault("routes", []).append((method, path))
        return handler

    return mark


def answer(value: Any, status: int = 200, **headers: str) -> Response:
    """A JSON answer; `x_restli_id` is the header `x-restli-id`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(status, b"" if value is None else json.dumps(value, ensure_ascii=False).encode(), named)


class Refuse(Exception):
    """Ends a request with an answer of the platform's own form."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


class Standin:
    """One platform's API. Keeps everything in memory; every method runs on the server's one loop.

    name: of the platform. switches: modes that a test turns on, e.g. `{"trial": True}`.
    """

    name: ClassVar[str]
    title: ClassVar[str] = ""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.accounts: dict[str, Account] = {}
        self.tokens: dict[str, dict[str, Any]] = {}
        self.posts: dict[str, Post] = {}
        self.switches: dict[str, Any] = {}
        self.list_delay = 0.0
        self.counts: dict[str, int] = {}
        self.start()

    def start(self) -> None:
        """Makes the account that everything is tried with."""

    def seed(self) -> dict[str, Any]:
        """An account to publish with: `account` (fields of an `Account`), `credentials`, `host`, `settings`."""
        raise NotImplementedError

    # Requests

    @cached_property
    def _routes(self) -> list[tuple[str, re.Pattern[str], Handler]]:
        found = []
        for _, method in inspect.getmembers(type(self), inspect.isfunction):
            for verb, path in getattr(method, "routes", ()):
                pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(path))
                found.append((verb, re.compile(pattern), method))
        return sorted(found, key=lambda each: (each[1].pattern.count("(?P<"), -len(each[1].pattern)))

    async def handle(self, request: Request, path: str, origin: str) -> Response:
        """Answers a request; a path that the platform does not have gets its `nowhere`."""
        for verb, pattern, handler in self._routes:
            if verb == request.method and (match := pattern.fullmatch(path)):
                found = {name: unquote(text) for name, text in match.groupdict().items()}
                try:
                    answered = handler(self, Call(request, path, found, origin))
                    return await answered if inspect.isawaitable(answered) else answered
                except Refuse as refused:
                    return refused.response
        return self.nowhere(request, path)

    def nowhere(self, request: Request, path: str) -> Response:
        return answer({"message": f"There is nothing at {request.method} {path}.", "code": 404}, 404)

    # Accounts and tokens

    def add_account(self, account: Account) -> Account:
        self.accounts[account.id] = account
        return account

    def grant(self, account_id: str, *, seconds: float | None = None, **more: Any) -> str:
        """A new access token of an account. seconds: its life; None for one that does not end."""
        token = f"{self.name}-access-{uuid4().hex}"
        until = None if seconds is None else self.clock.now() + seconds
        self.tokens[token] = {"account": account_id, "until": until, **more}
        return token

    def account_of(self, token: str) -> Account | None:
        """The account of a token that holds now."""
        held = self.tokens.get(token)
        if held is None or (held["until"] is not None and held["until"] <= self.clock.now()):
            return None
        return self.accounts.get(held["account"])

    def revoke(self, account_id: str = "") -> None:
        """Ends the tokens of one account, or all."""
        self.tokens = {t: held for t, held in self.tokens.items() if account_id and held["account"] != account_id}

    def expire(self) -> None:
        """Makes every access token one whose time is over."""
        for held in self.tokens.values():
            held["until"] = 0.0

    # What is public

    @property
    def public(self) -> int:
        """Posts and comments that readers can see: the truth that tests compare with."""
        return sum(post.public for post in self.posts.values())

    def publish(self, account_id: str, text: str, *, raw: str | None = None, **fields: Any) -> Post:
        """Makes a post public, and counts it. text: as it is shown; raw: as it was sent."""
        post = Post(
            id=fields.pop("id", "") or self.new_id(), account_id=account_id, text=text,
            raw=text if raw is None else raw, created_at=fields.pop("created_at", self.clock.now()),
            visible_at=self.clock.now() + self.list_delay, **fields,
        )  # fmt: skip
        self.posts[post.id] = post
        self.count(post.kind)
        return post

    def grown(self, post: Post, figures: Mapping[str, int]) -> dict[str, int]:
        """Figures of a post as the platform gives them now: `figures` at first, more with its age.

        Switches: `figures_grow` (False: they stay as they were at first), `figures_lag` (seconds that they are
        behind), `figures_fall` (names of those that are corrected downwards after two days), `figures_ended` (names
        of those that are given no more).
        """
        hours = max(0.0, self.clock.now() - self.switches.get("figures_lag", 0.0) - post.created_at) / 3600
        hours *= self.switches.get("figures_grow", True)
        reach = 1 + int(post.id[-6:].encode().hex(), 16) % 7 / 2
        more = {name: int(value * (1 + reach * (1 - 0.96**hours))) for name, value in figures.items()}
        falling = set(self.switches.get("figures_fall", ())) if hours > FALL_HOURS else set()
        ended = set(self.switches.get("figures_ended", ()))
        return {name: value // 2 if name in falling else value for name, value in more.items() if name not in ended}

    def new_id(self) -> str:
        return str(7_000_000_000_000_000_000 + len(self.posts) + int(self.clock.now() * 1000) % 10**12)

    def count(self, what: str, by: int = 1) -> None:
        self.counts[what] = self.counts.get(what, 0) + by

    def listed(self, account_id: str, *, kind: str = "post") -> list[Post]:
        """An account's public posts as a list shows them now, the newest first."""
        now = self.clock.now()
        mine = (post for post in self.posts.values() if post.account_id == account_id and post.public)
        seen = [post for post in mine if post.visible_at <= now and post.kind == kind]
        return sorted(seen, key=lambda post: post.created_at, reverse=True)
