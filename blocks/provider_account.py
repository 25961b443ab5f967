"""The block for one account at a provider, of whatever vendor and kind."""

from __future__ import annotations

from prefect.blocks.core import Block
from pydantic import Field, SecretStr, field_validator

from pressroom.calls import providers
from pressroom.calls.accounts import OWN, PERMITS
from pressroom.calls.providers import Account


class ProviderAccount(Block):
    """An account at a provider of texts, pictures, speech or searches. Its block name is its name in a chain."""

    _block_type_name = "Provider Account"
    _block_type_slug = "pressroom-provider-account"
    _description = "A key, models and an address at any vendor Pressroom knows, or an OpenAI-compatible endpoint."

    provider: str = Field(description="Which vendor: openai, anthropic, gemini, stability, compatible, ...")
    api_key: SecretStr = Field(description="The account's key.")
    model: str = Field(default="", description="Model for drafts.")
    ideas_model: str = Field(default="", description="Model for ideas; default: the model for drafts.")
    image_model: str = Field(default="", description="Model for pictures.")
    speech_model: str = Field(default="", description="Model for speech.")
    base_url: str | None = Field(default=None, description="Address, where it isn't the provider's own.")
    timeout: float = Field(default=30.0, gt=0, description="Seconds one call may take.")
    image_timeout: float = Field(default=120.0, gt=0, description="Seconds one picture may take.")
    speech_timeout: float = Field(default=60.0, gt=0, description="Seconds one spoken sentence may take.")
    requests_a_minute: int = Field(default=0, ge=0, description="Requests the provider allows; 0: no limit.")
    tokens_a_minute: int = Field(default=0, ge=0, description="Tokens the provider allows; 0: no limit.")
    images_a_minute: int = Field(default=0, ge=0, description="Pictures the provider allows; 0: no limit.")
    sentences_a_minute: int = Field(default=0, ge=0, description="Spoken sentences the provider allows; 0: no limit.")

    @field_validator("provider")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in providers.REGISTRY.names:
            raise ValueError(f"choose from: {', '.join(providers.REGISTRY.names)}")
        return value

    def account(self, name: str, kind: str = "text") -> Account:
        part = f"{OWN[kind]}_" if kind in OWN else ""
        permits = PERMITS[OWN[kind]] if part else "requests"
        return Account(
            name=name,
            provider=self.provider,
            api_key=self.api_key,
            base_url=self.base_url,
            model=getattr(self, f"{part}model"),
            ideas_model="" if part else self.ideas_model,
            timeout=getattr(self, f"{part}timeout"),
            requests_a_minute=getattr(self, f"{permits}_a_minute"),
            tokens_a_minute=0 if part else self.tokens_a_minute,
        )
