"""Secrets: sealing those that must be read again, hashing those that must not, making new ones."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from pressroom.errors import Misconfigured
from pressroom.settings import Settings, private_folder, settings

SHORTEST_KEY = 32
"""Characters of PRESSROOM_SECRET_KEY: it is hashed once, not stretched, so it has to be random and long."""

KEY_FILE = "secret.key"


class Vault:
    """Encrypts what the database keeps. Every process of a desk must have the same secret."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(_derived(secret, "seal")))
        self._marking = _derived(secret, "mark")

    @classmethod
    def from_settings(cls, source: Settings | None = None) -> Vault:
        """With PRESSROOM_SECRET_KEY; without it, with the secret in HOME/secret.key, made on first use.

        Raises:
            Misconfigured: the key is too short, or the file can't be made or read.
        """
        source = source or settings()
        if source.secret_key is None:
            return cls(kept(source.home / KEY_FILE, _SET_IT))
        secret = source.secret_key.get_secret_value()
        if len(secret) < SHORTEST_KEY:
            raise Misconfigured(
                f"PRESSROOM_SECRET_KEY is shorter than {SHORTEST_KEY} characters.",
                hint="Make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'.",
            )
        return cls(secret)

    def seal(self, text: str) -> str:
        """`text` encrypted and signed, as ASCII."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """The plain text of `sealed`.

        Raises:
            Misconfigured: it was sealed with another secret, or is damaged.
        """
        try:
            return self._fernet.decrypt(sealed.encode()).decode()
        except (InvalidToken, UnicodeEncodeError):
            raise Misconfigured(
                "A secret in the database can't be read.",
                hint="PRESSROOM_SECRET_KEY (or HOME/secret.key) is not the one it was written with.",
            ) from None

    def mark(self, text: str) -> str:
        """32 hex digits that only who has the secret can make of `text`: tells ours from a guess."""
        return hmac.new(self._marking, text.encode(), hashlib.sha256).hexdigest()[:32]


def token_hash(token: str) -> str:
    """The hash to store for a token (64 hex digits). Tokens are random and long, so one round is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_token(prefix: str) -> str:
    """A token that can't be guessed (256 bits), as `PREFIX_...`; the prefix lets scanners of leaks know it."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def same(left: str, right: str) -> bool:
    """True when two secrets are equal, in a time that does not reveal where they differ."""
    return hmac.compare_digest(left.encode(), right.encode())


def _derived(secret: str, purpose: str) -> bytes:
    return hmac.new(secret.encode(), f"pressroom {purpose}".encode(), hashlib.sha256).digest()


def kept(file: Path, hint: str, *, prefix: str = "") -> str:
    """The secret in `file`, which its owner alone can read; made on first use, and by one of several processes."""
    try:
        if not file.exists():
            _make(file, prefix)
        secret = file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(f"The secret key in {file} can't be used: {error}.", hint=hint) from None
    if len(secret) < SHORTEST_KEY:
        raise Misconfigured(f"The secret key in {file} is damaged.", hint=hint)
    return secret


_SET_IT = "Set PRESSROOM_SECRET_KEY, or make HOME a folder that can be written."


def _make(file: Path, prefix: str) -> None:
    """Written whole before it has its name, and never over one that is there."""
    private_folder(file.parent)
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")  # for the owner alone: 0600
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as draft:
            draft.write(f"{prefix}{secrets.token_urlsafe(48)}")
        os.link(name, file)
    except FileExistsError:
        pass  # another process was first
    finally:
        Path(name).unlink()
