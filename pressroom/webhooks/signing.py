"""Signatures by which a receiver knows that a message is ours, as Standard Webhooks asks for them.

https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
"""

from __future__ import annotations

import base64
import secrets
from datetime import datetime, timedelta
from typing import Protocol

from standardwebhooks.webhooks import Webhook as Signature

from pressroom.model.base import Frozen

SECRET_BYTES = 32
OVERLAP = timedelta(days=1)
"""How long a renewed secret's predecessor signs beside it."""


class Sealer(Protocol):
    """Encrypts what the database must give back."""

    def seal(self, text: str) -> str: ...

    def open(self, sealed: str) -> str: ...


class Secrets(Frozen):
    """The secrets that sign a webhook's messages: the column `webhook.secret`, once opened."""

    current: str
    previous: str = ""
    previous_until: datetime | None = None

    @classmethod
    def fresh(cls) -> Secrets:
        return cls(current=_new())

    @classmethod
    def unsealed(cls, sealer: Sealer, sealed: str) -> Secrets:
        return cls.model_validate_json(sealer.open(sealed))

    def sealed(self, sealer: Sealer) -> str:
        return sealer.seal(self.model_dump_json())

    def renewed(self, now: datetime) -> Secrets:
        """A new secret; the one until now goes on signing for `OVERLAP`, so that receivers can change theirs."""
        return Secrets(current=_new(), previous=self.current, previous_until=now + OVERLAP)

    def headers(self, message_id: str, body: str, now: datetime) -> dict[str, str]:
        """The three headers of a message, signed by every secret that is good at `now`."""
        good = [self.current]
        if self.previous_until and now < self.previous_until:
            good.append(self.previous)
        return {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": " ".join(Signature(secret).sign(message_id, now, body) for secret in good),
        }


def _new() -> str:
    return f"whsec_{base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()}"
