"""Rows of sign-ins and their tokens: which sign-in a token belongs to, and how a sign-in ends.

A token is `PREFIX_ID_RANDOM.MARK`. The id finds the row without an index. Only this desk can compute the mark, so it
tells a replaced token from a guess: a guess ends no sign-in.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from pressroom.settings import settings
from pressroom.store.account_tables import SignIn
from pressroom.store.tables import utc_now
from pressroom.vault import Vault, new_token, same

Kind = Literal["page", "api"]
PREFIXES: dict[str, str] = {"page": "prp", "api": "prr"}


def make_token(vault: Vault, kind: str, sign_in_id: str) -> str:
    """A new token of a sign-in, in place of the one before."""
    return f"{new_token(f'{PREFIXES[kind]}_{sign_in_id}')}.{vault.mark(sign_in_id)}"


def is_ours(vault: Vault, token: str, sign_in_id: str) -> bool:
    """True when this desk made the token for that sign-in, now or earlier."""
    return same(token.rpartition(".")[2], vault.mark(sign_in_id))


def row_of(session: Session, kind: str, token: str) -> SignIn | None:
    """The sign-in that `token` claims to belong to; whether it is its good one is still to be looked at."""
    prefix, _, rest = token.partition("_")
    if prefix != PREFIXES[kind] or not token.isascii() or not rest[:32].isalnum():
        return None
    row = session.get(SignIn, rest[:32])
    return row if row is not None and row.kind == kind else None


def is_open(row: SignIn) -> bool:
    return row.revoked_at is None and row.expires_at > utc_now()


def expiry() -> datetime:
    """When a token that is made now is over."""
    return utc_now() + timedelta(days=settings().refresh_days)


def open_of(user_id: str) -> SelectOfScalar[SignIn]:
    """Asks for a user's sign-ins that go on."""
    return select(SignIn).where(
        SignIn.user_id == user_id, col(SignIn.revoked_at).is_(None), SignIn.expires_at > utc_now()
    )


def end(session: Session, row: SignIn, because: str) -> None:
    """Revoke the whole family of tokens of a sign-in."""
    row.revoked_at, row.revoked_because = utc_now(), because
    session.add(row)


def end_all(session: Session, user_id: str, *, keep: str | None, because: str) -> int:
    """Revoke a user's sign-ins but `keep`; how many there were."""
    rows = [row for row in session.exec(open_of(user_id)).all() if row.id != keep]
    for row in rows:
        end(session, row, because)
    return len(rows)
