"""Stability AI."""

from __future__ import annotations

from pydantic import Field

from pressroom.calls.providers import Provider
from pressroom.settings import VendorSettings, vendor_variables


class StabilitySettings(VendorSettings):
    model_config = vendor_variables("stability")

    image_model: str = Field(default="core", description="core, ultra, or a name of the sd3 family.")
    images_per_minute: int = Field(default=0, ge=0, description="Pictures Stability allows; 0: no limit.")


PROVIDER = Provider(
    name="stability",
    package=__name__,
    settings=StabilitySettings,
    kinds={"image": "image:IMAGE", "edit": "image:EDIT"},
    rank={"image": 2},
)
