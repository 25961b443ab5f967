"""Google Cloud Text-to-Speech."""

from __future__ import annotations

from pydantic import Field

from pressroom.calls.providers import Provider
from pressroom.settings import VendorSettings, vendor_variables


class GoogleSettings(VendorSettings):
    model_config = vendor_variables("google")

    sentences_per_minute: int = Field(default=0, ge=0, description="Sentences Google is sent; 0: no limit.")


PROVIDER = Provider(
    name="google",
    package=__name__,
    settings=GoogleSettings,
    kinds={"speech": "speech:SPEECH"},
    models={"speech": "google-tts"},
    rank={"speech": 4},
)
