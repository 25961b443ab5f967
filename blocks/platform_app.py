"""The block for an app that is registered at a platform, in whose name accounts are connected."""

from __future__ import annotations

from prefect.blocks.core import Block
from pydantic import Field, SecretStr, field_validator

from pressroom import publishers
from pressroom.settings import PlatformApp


class PlatformAppBlock(Block):
    """An app at a platform that is published to. Its block name is the platform's: `x`, `linkedin`."""

    _block_type_name = "Platform App"
    _block_type_slug = "pressroom-platform-app"
    _description = "Client id and secret of the app that people allow when they connect a channel."

    platform: str = Field(description="Which platform: x, linkedin, instagram, ...")
    client_id: str = Field(description="The app's id; some platforms call it a key.")
    client_secret: SecretStr = Field(description="The app's secret.")

    @field_validator("platform")
    @classmethod
    def _known(cls, value: str) -> str:
        if value not in publishers.names():
            raise ValueError(f"choose from: {', '.join(publishers.names())}")
        return value

    def app(self) -> PlatformApp:
        return PlatformApp(client_id=self.client_id, client_secret=self.client_secret)
