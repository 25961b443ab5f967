"""ElevenLabs."""

from __future__ import annotations

from pydantic import Field

from pressroom.calls.providers import Provider
from pressroom.settings import VendorSettings, vendor_variables


class ElevenLabsSettings(VendorSettings):
    model_config = vendor_variables("elevenlabs")

    speech_model: str = Field(default="eleven_multilingual_v2", description="ElevenLabs model for speech.")
    sentences_per_minute: int = Field(default=0, ge=0, description="Sentences ElevenLabs is sent; 0: no limit.")


PROVIDER = Provider(
    name="elevenlabs",
    package=__name__,
    settings=ElevenLabsSettings,
    kinds={"speech": "speech:SPEECH"},
    rank={"speech": 1},
)
