"""OpenAI."""

from __future__ import annotations

from pydantic import Field

from pressroom.calls.providers import Provider
from pressroom.settings import VendorSettings, vendor_variables


class OpenAISettings(VendorSettings):
    model_config = vendor_variables("openai")

    model: str = Field(default="gpt-4.1-mini", description="OpenAI model for drafts.")
    ideas_model: str = Field(default="", description="OpenAI model for ideas; default: PRESSROOM_OPENAI_MODEL.")
    image_model: str = Field(default="gpt-image-2", description="OpenAI model for pictures.")
    speech_model: str = Field(default="gpt-4o-mini-tts", description="OpenAI model for speech.")
    requests_per_minute: int = Field(default=0, ge=0, description="Requests OpenAI allows; 0: no limit.")
    tokens_per_minute: int = Field(default=0, ge=0, description="Tokens OpenAI allows; 0: no limit.")
    images_per_minute: int = Field(default=0, ge=0, description="Pictures OpenAI allows; 0: no limit.")
    sentences_per_minute: int = Field(default=0, ge=0, description="Sentences OpenAI is sent; 0: no limit.")


PROVIDER = Provider(
    name="openai",
    package=__name__,
    settings=OpenAISettings,
    kinds={
        "text": "text:TEXT",
        "vision": "text:TEXT",
        "moderation": "text:MODERATION",
        "search": "search:SEARCH",
        "image": "image:IMAGE",
        "edit": "image:EDIT",
        "speech": "speech:SPEECH",
    },
    models={"moderation": "omni-moderation-latest"},
    rank={"text": 1, "search": 2, "image": 1, "speech": 2},
)
