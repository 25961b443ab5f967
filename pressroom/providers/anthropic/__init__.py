"""Anthropic."""

from __future__ import annotations

from pydantic import Field

from pressroom.calls.providers import Provider, as_written
from pressroom.settings import VendorSettings, vendor_variables


class AnthropicSettings(VendorSettings):
    model_config = vendor_variables("anthropic")

    model: str = Field(default="claude-haiku-4-5", description="Anthropic model for drafts.")
    ideas_model: str = Field(default="", description="Anthropic model for ideas; default: PRESSROOM_ANTHROPIC_MODEL.")
    requests_per_minute: int = Field(default=0, ge=0, description="Requests Anthropic allows; 0: no limit.")
    tokens_per_minute: int = Field(default=0, ge=0, description="Tokens Anthropic allows; 0: no limit.")


PROVIDER = Provider(
    name="anthropic",
    package=__name__,
    settings=AnthropicSettings,
    kinds={"text": "text:TEXT", "vision": "text:TEXT", "search": "search:SEARCH"},
    rank={"text": 2, "search": 3},
    counted=as_written,
)
