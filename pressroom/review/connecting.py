"""Connecting accounts at platforms: the way there and back by OAuth, names with secrets, and the choice of an account.

What a person has begun is a row: its state holds once, in the browser it was begun in, for ten minutes. The row also
keeps, sealed, what is needed between two requests (the PKCE verifier, then the credentials to choose an account for):
a cookie could not be used up, and has no room for the tokens of many pages.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlmodel import Session, select

from pressroom import platforms
from pressroom.errors import ChannelUnusable, WrongInput
from pressroom.model import Caller, Frozen
from pressroom.model.publishing import Account
from pressroom.publishers.ledger.access import Access
from pressroom.publishers.sending import oauth
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line
from pressroom.publishers.sending.publisher import OAuth, Password, Publisher
from pressroom.review.channel_accounts import AGAIN, ask, keep, one_of, put
from pressroom.review.connectable import no_app, publisher_of
from pressroom.review.publications import channel_row
from pressroom.store.database import Database
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow, ChannelSignIn
from pressroom.vault import Vault, token_hash

TEN_MINUTES = timedelta(minutes=10)
MOST_OPEN = 50
"""Connections that a workspace may have begun at the same time."""


class Connected(Frozen):
    """The end of a connection. choices: accounts to choose from, where there are several; channel_id is empty then."""

    channel_id: str = ""
    sign_in_id: str = ""
    choices: tuple[Account, ...] = ()


# By OAuth


def begin(
    database: Database,
    caller: Caller,
    vault: Vault,
    access: Access,
    platform: str,
    *,
    browser: str,
    redirect: str,
    channel_id: str = "",
) -> str:
    """Begin a connection; the address at the platform where the person goes on.

    browser: a secret that only this browser has. redirect: address of our page that the platform sends them back to.

    Raises:
        NotFound: no such platform, or no channel `channel_id` to connect again. Misconfigured: no app is
        set for it. WrongInput: it is connected with a name and a secret.
    """
    publisher = publisher_of(platform)
    if not isinstance(publisher.connection, OAuth):
        raise WrongInput(f"{platforms.title(platform)} is connected with a name and a secret.")
    app = access.app(platform)
    if app is None:
        raise no_app(platform)
    state, verifier = secrets.token_urlsafe(32), oauth.new_verifier()
    with database.write() as session:
        again = _to_connect_again(session, channel_id, platform)
        _check_room(session)
        session.add(
            ChannelSignIn(
                workspace_id=caller.workspace_id, state_hash=token_hash(state), browser=token_hash(browser),
                platform=platform, channel_id=again.id if again else "",
                sealed=vault.seal(json.dumps({"verifier": verifier})), expires_at=clock(session) + TEN_MINUTES,
            )
        )  # fmt: skip
    return oauth.authorize_url(
        publisher, access.line(publisher), app, redirect=redirect, state=state, verifier=verifier
    )


def finish(
    database: Database,
    caller: Caller,
    vault: Vault,
    access: Access,
    platform: str,
    *,
    browser: str,
    redirect: str,
    said: Mapping[str, str],
) -> Connected:
    """Go on with a connection when the platform sends the person back. said: the parameters it sent along.

    Raises:
        WrongInput: the state is not one of ours, was used, is too old, or is another browser's.
        ChannelUnusable: the platform or the person refused, or it is another account than the channel's.
        PublishLater: the platform could not be asked: begin again later.
    """
    begun = _use_state(database, platform, said.get("state", ""), browser)
    title = platforms.title(platform)
    if said.get("error") or not said.get("code"):
        words = " ".join((said.get("error_description") or said.get("error") or "no code came back").split())[:300]
        raise ChannelUnusable(f"{title} did not connect the account: {words}.", hint=AGAIN, reason="sign_in")
    publisher = publisher_of(platform)
    app = access.app(platform)
    if app is None:
        raise no_app(platform)
    verifier = json.loads(vault.open(begun.sealed))["verifier"]
    line = access.line(publisher)
    asked = {"code": said["code"], "redirect": redirect, "verifier": verifier}
    credentials = ask(lambda: oauth.from_code(publisher, line, app, **asked), title)
    return _connect_or_offer(database, caller, vault, publisher, line, credentials, begun)


def choose(
    database: Database,
    caller: Caller,
    vault: Vault,
    access: Access,
    sign_in_id: str,
    remote_id: str,
    *,
    browser: str,
) -> str:
    """Connect one of the accounts that a connection led to; the channel's id.

    Raises:
        WrongInput: the connection is over, another browser's, or led to no such account.
    """
    with database.read() as session:
        begun = session.exec(select(ChannelSignIn).where(ChannelSignIn.id == sign_in_id)).one_or_none()
        if begun is None or begun.browser != token_hash(browser) or begun.expires_at < clock(session):
            raise _state_unknown()
    kept = json.loads(vault.open(begun.sealed))
    accounts = [Account.model_validate(one) for one in kept.get("accounts", ())]
    account = next((one for one in accounts if one.remote_id == remote_id), None)
    if account is None:
        raise WrongInput("It did not lead to this account.", hint=AGAIN)
    publisher = publisher_of(begun.platform)
    credentials = Credentials.open(kept["credentials"], vault)
    channel_id = keep(database, caller, vault, publisher, access.line(publisher), account, credentials)
    with database.write() as session:
        session.delete(session.get_one(ChannelSignIn, sign_in_id))
    return channel_id


def choices_of(database: Database, vault: Vault, sign_in_id: str, *, browser: str) -> tuple[str, tuple[Account, ...]]:
    """The platform and the accounts that a connection led to. Raises `WrongInput` as `choose`."""
    with database.read() as session:
        begun = session.exec(select(ChannelSignIn).where(ChannelSignIn.id == sign_in_id)).one_or_none()
        if begun is None or begun.browser != token_hash(browser) or begun.expires_at < clock(session):
            raise _state_unknown()
    kept = json.loads(vault.open(begun.sealed)).get("accounts", ())
    return begun.platform, tuple(Account.model_validate(one) for one in kept)


# With a name and a secret


def sign_in(
    database: Database,
    caller: Caller,
    vault: Vault,
    access: Access,
    platform: str,
    given: Mapping[str, str],
    *,
    server: str = "",
    channel_id: str = "",
) -> str:
    """Connect an account with what its platform's settings page gives; the channel's id. given: by `Asked.name`.

    Raises:
        NotFound: no such platform or channel. WrongInput: a field is missing, the server is no address, or
        the platform is connected by OAuth. ChannelUnusable: refused, or another account than the channel's.
        PublishLater: the platform could not be asked.
    """
    publisher = publisher_of(platform)
    way, title = publisher.connection, platforms.title(platform)
    if not isinstance(way, Password):
        raise WrongInput(f"{title} is connected on the desk's page alone.", hint="Settings, Channels.")
    if lacking := [label for name, label, _ in way.asks if not given.get(name, "").strip()]:
        raise WrongInput(f"{lacking[0]} is missing.", hint=f"{title} needs: {', '.join(each[1] for each in way.asks)}.")
    with database.read() as session:
        again = _to_connect_again(session, channel_id, platform)
    host = again.host if again else _host(way, server)
    line = access.line(publisher, host)
    credentials = ask(lambda: publisher.sign_in(line, given), title)
    accounts = ask(lambda: publisher.accounts(line.under(credentials)), title)
    account = one_of(publisher, accounts, again)
    if account is None:
        raise WrongInput(f"{title} names {len(accounts)} accounts for this secret, and one is needed.")
    return keep(database, caller, vault, publisher, line, account, credentials, host=host)


def connect_seed(database: Database, caller: Caller, vault: Vault, platform: str, seed: Mapping[str, Any]) -> str:
    """Connect the account of a stand-in's seeds; the channel's id. Raises `WrongInput` for an unknown platform."""
    publisher = publisher_of(platform)
    given = {name: value for name, value in seed["credentials"].items() if name in {"access", "refresh", "extra"}}
    account, settings = Account.model_validate(seed["account"]), seed.get("settings", {})
    credentials = Credentials.model_validate(given)
    with database.write() as session:
        row = put(session, caller, vault, publisher.platform, account, credentials, "")
        row.settings = {**settings, **row.settings}
        session.add(row)
        return row.id


def _state_unknown() -> WrongInput:
    return WrongInput(
        "This connection was not begun in this browser and workspace, was used already, or is older than ten minutes.",
        hint=AGAIN,
    )


def _check_room(session: Session) -> None:
    now = clock(session)
    for old in session.exec(select(ChannelSignIn).where(ChannelSignIn.expires_at < now)).all():
        session.delete(old)
    open_ones = session.exec(select(ChannelSignIn.id).where(ChannelSignIn.expires_at >= now)).all()
    if len(open_ones) >= MOST_OPEN:
        raise WrongInput("Too many connections were begun at the same time.", hint="Wait for ten minutes.")


def _use_state(database: Database, platform: str, state: str, browser: str) -> ChannelSignIn:
    """The connection of a state, which is used up. Raises `WrongInput`."""
    with database.write() as session:
        query = select(ChannelSignIn).where(
            ChannelSignIn.state_hash == token_hash(state), ChannelSignIn.platform == platform
        )
        begun = session.exec(query.with_for_update()).one_or_none()
        good = begun is not None and begun.used_at is None and begun.expires_at >= clock(session)
        if begun is None or not good or begun.browser != token_hash(browser):
            raise _state_unknown()
        begun.used_at = clock(session)
        session.add(begun)
        return begun


def _to_connect_again(session: Session, channel_id: str, platform: str) -> ChannelRow | None:
    if not channel_id:
        return None
    row = channel_row(session, channel_id)
    if row.platform != platform:
        raise WrongInput(f"{row.name} is an account at {platforms.title(row.platform)}.")
    return row


def _host(way: Password, server: str) -> str:
    """The base address of the server that an account lives on; a bare name gets https. Raises `WrongInput`."""
    if not way.server:
        return ""
    given = server.strip() or way.usual
    parts = urlsplit(given if "://" in given else f"https://{given}")
    if parts.scheme != "https" or not parts.hostname or parts.username or parts.query or parts.path.strip("/"):
        raise WrongInput(f"{given[:100]!r} is no address of a server.", hint=f"Write it like {way.usual}.")
    return f"https://{parts.netloc.lower()}"


def _connect_or_offer(
    database: Database,
    caller: Caller,
    vault: Vault,
    publisher: Publisher,
    line: Line,
    credentials: Credentials,
    begun: ChannelSignIn,
) -> Connected:
    """The account that a sign-in led to, connected; or the choice between several, kept for ten minutes."""
    title = platforms.title(publisher.platform)
    accounts = ask(lambda: publisher.accounts(line.under(credentials)), title)
    with database.read() as session:
        again = _to_connect_again(session, begun.channel_id, publisher.platform)
    account = one_of(publisher, accounts, again)
    if account is not None:
        return Connected(channel_id=keep(database, caller, vault, publisher, line, account, credentials))
    kept = {"credentials": credentials.seal(vault), "accounts": [one.model_dump() for one in accounts]}
    with database.write() as session:
        row = session.get_one(ChannelSignIn, begun.id)
        row.sealed, row.expires_at = vault.seal(json.dumps(kept)), clock(session) + TEN_MINUTES
        session.add(row)
    return Connected(sign_in_id=begun.id, choices=tuple(accounts))
