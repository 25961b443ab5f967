"""The channel of an account that a platform has named: which account it is, its credentials, and what waited for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from sqlmodel import Session, col, select

from pressroom import platforms
from pressroom.errors import ChannelUnusable, OutcomeUnclear, PublishLater
from pressroom.model import Caller
from pressroom.model.publication_states import PartState
from pressroom.model.publishing import Account
from pressroom.publishers.ledger import planning
from pressroom.publishers.ledger.access import keep_credentials
from pressroom.publishers.sending.credentials import Credentials
from pressroom.publishers.sending.line import Line, TokenRefused
from pressroom.publishers.sending.publisher import Publisher
from pressroom.store import audit, events
from pressroom.store.database import Database
from pressroom.store.owners import clock
from pressroom.store.publishing_tables import ChannelRow, Publication, PublicationPart
from pressroom.vault import Vault

AGAIN = "Connect it again, from Settings, Channels."

T = TypeVar("T")


def ask(call: Callable[[], T], title: str) -> T:
    """The answer of a platform while an account is connected; errors say what that means here."""
    try:
        return call()
    except TokenRefused as error:
        raise ChannelUnusable(error.message, hint="Check the name and the secret.", reason="sign_in") from None
    except (PublishLater, OutcomeUnclear) as error:
        raise PublishLater(error.message, hint="Nothing was connected. Try again in a few minutes.") from None
    except ChannelUnusable as error:
        hint = error.hint if error.hint != ChannelUnusable.next_step else AGAIN
        raise ChannelUnusable(error.message, hint=hint, reason=error.reason) from None
    except (LookupError, TypeError, AttributeError):  # an answer in another form
        raise PublishLater(
            f"{title} answered in another form than expected.", hint="Try again in a few minutes."
        ) from None


def one_of(publisher: Publisher, accounts: Sequence[Account], again: ChannelRow | None) -> Account | None:
    """The one account to connect; None where a person has to choose. Raises `ChannelUnusable` without a fitting one."""
    title = platforms.title(publisher.platform)
    if not accounts:
        raise ChannelUnusable(f"The sign-in leads to no account of {title} that can publish.", reason="no_account")
    if again is None:
        return accounts[0] if len(accounts) == 1 else None
    same = next((one for one in accounts if one.remote_id == again.remote_id), None)
    if same is None:
        names = ", ".join(one.name for one in accounts[:5])
        raise ChannelUnusable(
            f"This is the account {names}; the channel is {again.name}. Nothing was changed.",
            hint=f"Sign in at {title} as {again.name}, or connect {names} as a channel of its own.",
            reason="wrong_account",
        )
    return same


def keep(
    database: Database,
    caller: Caller,
    vault: Vault,
    publisher: Publisher,
    line: Line,
    account: Account,
    credentials: Credentials,
    *,
    host: str = "",
) -> str:
    title = platforms.title(publisher.platform)
    own = ask(lambda: publisher.account_credentials(line.under(credentials), account, credentials), title)
    with database.write() as session:
        return put(session, caller, vault, publisher.platform, account, own, host).id


def put(
    session: Session,
    caller: Caller,
    vault: Vault,
    platform: str,
    account: Account,
    credentials: Credentials,
    host: str,
) -> ChannelRow:
    """The channel of an account with these credentials; one that is there keeps its slots and settings."""
    query = select(ChannelRow).where(
        ChannelRow.platform == platform, ChannelRow.host == host, ChannelRow.remote_id == account.remote_id
    )
    row = session.exec(query.with_for_update()).one_or_none()
    if row is None:
        row = ChannelRow(
            workspace_id=caller.workspace_id, platform=platform, host=host, remote_id=account.remote_id,
            name=account.name, created_by=caller.name,
        )  # fmt: skip
    row.name, row.title, row.avatar, row.kind = account.name, account.title, account.avatar, account.kind
    row.scopes, row.told_on, row.refreshed_at = list(credentials.scopes), None, None
    keep_credentials(row, credentials, vault)
    row.version += 1
    row.updated_at = clock(session)
    session.add(row)
    session.flush()
    _wake(session, row.id)
    about = {"channel_id": row.id, "platform": platform}
    audit.note(session, caller, "channel.connected", subject_kind="channel", subject_id=row.id, details=about)
    events.emit(session, row.workspace_id, "channel.connected", about)
    return row


def _wake(session: Session, channel_id: str) -> None:
    """Publications that waited for the account go on at once."""
    query = select(Publication.id).join(PublicationPart, col(PublicationPart.publication_id) == Publication.id)
    waiting = query.where(Publication.channel_id == channel_id, PublicationPart.state == PartState.NEEDS_ACCOUNT)
    for publication_id in set(session.exec(waiting).all()):
        planning.due(session, publication_id, clock(session))
