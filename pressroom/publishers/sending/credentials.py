"""The secrets of a channel: what a platform gave, until when it holds, and how it is kept."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import Field, SecretStr

from pressroom import redaction
from pressroom.model import Frozen
from pressroom.vault import Vault


class Credentials(Frozen):
    """access: goes along with every call. extra: what else a platform's calls need, e.g. a page's own token.

    expires_at and refresh_expires_at: None where they hold until they are revoked. refresh: None where there is no way
    to a new access token but through a person.
    """

    access: SecretStr
    refresh: SecretStr | None = None
    expires_at: datetime | None = None
    refresh_expires_at: datetime | None = None
    scopes: tuple[str, ...] = ()
    extra: Mapping[str, SecretStr] = Field(default={})

    def model_post_init(self, _context: Any, /) -> None:
        for secret in (self.access, self.refresh, *self.extra.values()):
            if secret is not None:
                redaction.register_secret(secret, passing=True)

    def after(self, answered: Self) -> Self:
        """The credentials once a refresh answered: what it did not name (a refresh token, scopes) stays as it is."""
        kept = {
            name: getattr(self, name)
            for name in ("refresh", "refresh_expires_at", "scopes", "extra")
            if not getattr(answered, name)
        }
        return answered.model_copy(update=kept)

    def seal(self, vault: Vault) -> str:
        plain = self.model_dump(mode="json", exclude={"access", "refresh", "extra"})
        plain["access"] = self.access.get_secret_value()
        plain["refresh"] = self.refresh.get_secret_value() if self.refresh else None
        plain["extra"] = {name: secret.get_secret_value() for name, secret in self.extra.items()}
        return vault.seal(json.dumps(plain))

    @classmethod
    def open(cls, sealed: str, vault: Vault) -> Self:
        """Raises `Misconfigured` when it was sealed with another key."""
        return cls.model_validate_json(vault.open(sealed))
