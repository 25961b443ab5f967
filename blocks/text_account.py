"""The block for one account at a provider of texts."""

from __future__ import annotations

from typing import Literal

from prefect.blocks.core import Block
from pydantic import Field, SecretStr

from pressroom.calls.vendors import Account


class TextAccount(Block):
    """An account at a provider of texts. Its block name is its name in a chain."""

    _block_type_name = "Text Account"
    _block_type_slug = "pressroom-text-account"
    _description = "A key, a model and an address at OpenAI, Anthropic or an OpenAI-compatible endpoint."

    provider: Literal["openai", "anthropic", "compatible"] = Field(description="Which plug-in speaks to it.")
    api_key: SecretStr = Field(description="The account's key.")
    model: str = Field(description="Model for drafts.")
    ideas_model: str = Field(default="", description="Model for ideas; default: the model for drafts.")
    base_url: str | None = Field(default=None, description="Address, where it isn't the provider's own.")
    timeout: float = Field(default=30.0, gt=0, description="Seconds one call may take.")
    requests_a_minute: int = Field(default=0, ge=0, description="Requests the provider allows; 0: no limit.")
    tokens_a_minute: int = Field(default=0, ge=0, description="Tokens the provider allows; 0: no limit.")

    def account(self, name: str) -> Account:
        return Account(
            name=name,
            provider=self.provider,
            api_key=self.api_key,
            base_url=self.base_url,
            model=self.model,
            ideas_model=self.ideas_model,
            timeout=self.timeout,
            requests_a_minute=self.requests_a_minute,
            tokens_a_minute=self.tokens_a_minute,
        )
