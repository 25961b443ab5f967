"""The block for the database that content is kept in."""

from __future__ import annotations

from prefect.blocks.core import Block
from pydantic import Field, SecretStr

from pressroom.store.database import Database


class ContentDatabase(Block):
    """Where ideas, drafts and calls are kept: SQLite or PostgreSQL."""

    _block_type_name = "Content Database"
    _block_type_slug = "pressroom-content-database"
    _description = "SQLAlchemy address of Pressroom's database, e.g. postgresql+psycopg://user:password@host/name."

    url: SecretStr = Field(description="SQLAlchemy address, password included.")
    pool: int = Field(default=20, ge=1, description="Connections kept open.")
    overflow: int = Field(default=30, ge=0, description="Connections opened beyond the pool under load.")

    def database(self) -> Database:
        return Database(self.url.get_secret_value(), pool=self.pool, overflow=self.overflow)
