"""Azure AI Speech."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from pressroom.calls.providers import Provider
from pressroom.settings import VendorSettings, vendor_variables


class AzureSettings(VendorSettings):
    model_config = vendor_variables("azure")

    region: str = Field(default="", pattern=r"^[a-z0-9]*$", description="Region of the Azure resource: westeurope.")
    sentences_per_minute: int = Field(default=0, ge=0, description="Sentences Azure is sent; 0: no limit.")

    @model_validator(mode="after")
    def _of_region(self) -> Self:
        """The region says the address, where no other is set."""
        if self.region and not self.base_url:
            self.base_url = f"https://{self.region}.tts.speech.microsoft.com"
        return self


PROVIDER = Provider(
    name="azure",
    package=__name__,
    settings=AzureSettings,
    kinds={"speech": "speech:SPEECH"},
    models={"speech": "neural"},
    rank={"speech": 3},
)
