"""A chain of eyes: the same accounts, policy, ledger, limits and budget as for texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pydantic import BaseModel

from pressroom.calls import vendors as providers
from pressroom.calls.accounts import account_from_settings
from pressroom.calls.chain import AccountChain, links_of
from pressroom.calls.declare import Limiter
from pressroom.calls.health import Health
from pressroom.calls.ledger import CallRecord
from pressroom.calls.links import Link
from pressroom.calls.pictures import pictures_of
from pressroom.calls.retry_policy import RetryPolicy
from pressroom.calls.texts import TextErrand
from pressroom.calls.vendors import Account, TextProvider
from pressroom.errors import BrokenAnswer
from pressroom.media.vision.offline import MODEL, OfflineEyes
from pressroom.model import Answer, Finish, TextRequest
from pressroom.model.vision import Sights
from pressroom.settings import Settings

OFFLINE = "offline"


class VisionLink(Link):
    """An account that is shown pictures."""

    @cached_property
    def paid(self) -> bool:
        return self.account.provider != OFFLINE and providers.get(self.account.provider).paid

    def model(self, request: TextRequest) -> str:
        return MODEL if self.account.provider == OFFLINE else super().model(request)

    def record(self, request: TextRequest, broken: Sequence[Finish], task: str) -> CallRecord:
        """The pictures are known by the hash of what is sent."""
        words = super().record(request, broken, task)
        seen = [image.sha256 for image in pictures_of(request)]
        return replace(words, kind="vision", identity={**words.identity, "pictures": seen})


class VisionChain(AccountChain[VisionLink]):
    """Accounts that are shown pictures."""


@dataclass(frozen=True)
class VisionErrand(TextErrand):
    """The `Errand` of one look at one picture, or at several together."""

    def read(self, answer: Answer) -> BaseModel:
        body = super().read(answer)
        asked = len(pictures_of(self.request))
        if isinstance(body, Sights) and len(body.images) != asked:
            raise BrokenAnswer(f"It says what is in {len(body.images)} pictures, of {asked}.", retry_after=0)
        return body


def vision_chain_of(
    accounts: Sequence[Account],
    policy: RetryPolicy,
    *,
    limiters: Mapping[str, Limiter] | None = None,
    health: Health | None = None,
) -> VisionChain:
    """The chain over those of `accounts` whose provider takes pictures, in their order.

    limiters: by account name; share them with the text chain. health: how the accounts do, to be shared by the
    chains of a process.
    """
    seeing = [one for one in accounts if one.provider == OFFLINE or providers.get(one.provider).sees]
    links = links_of(VisionLink, seeing, _client, limiters, health or Health(policy))
    return VisionChain(links, policy)


def vision_accounts(names: Sequence[str], source: Settings) -> tuple[Account, ...]:
    """The accounts of a chain of these `names`, and after them `offline`, so that every picture gets its words.

    Raises:
        Misconfigured: a name is unknown, or its key is not set.
    """
    complete = names if OFFLINE in names else (*names, OFFLINE)
    return tuple(account_from_settings(name, source) for name in complete)


def _client(account: Account) -> TextProvider:
    return OfflineEyes(account) if account.provider == OFFLINE else providers.get(account.provider).text(account)
