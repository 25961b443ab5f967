"""Google Gemini."""

from __future__ import annotations

from pydantic import Field

from pressroom.calls.providers import Provider, as_read
from pressroom.settings import VendorSettings, vendor_variables


class GeminiSettings(VendorSettings):
    model_config = vendor_variables("gemini")

    model: str = Field(default="gemini-3.5-flash-lite", description="Gemini model for drafts.")
    ideas_model: str = Field(default="", description="Gemini model for ideas; default: PRESSROOM_GEMINI_MODEL.")
    requests_per_minute: int = Field(default=0, ge=0, description="Requests Gemini allows; 0: no limit.")
    tokens_per_minute: int = Field(default=0, ge=0, description="Tokens Gemini allows; 0: no limit.")


PROVIDER = Provider(
    name="gemini",
    package=__name__,
    settings=GeminiSettings,
    kinds={"text": "text:TEXT", "vision": "text:TEXT", "search": "search:SEARCH"},
    rank={"text": 3, "search": 1},  # its searches say most exactly which sentence they are for
    counted=as_read,
)
