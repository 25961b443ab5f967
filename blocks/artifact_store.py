"""The block for the store that briefs, Data Docs and task results are kept in."""

from __future__ import annotations

import asyncio
from functools import cached_property

from prefect.filesystems import WritableFileSystem
from pydantic import Field, SecretStr

from pressroom.store.artifacts import ArtifactStore

RESULTS = "results"
"""Folder of the store that Prefect's task results lie in."""


class ArtifactStoreBlock(WritableFileSystem):
    """A folder, an S3 bucket, or whatever else fsspec speaks. Also holds Prefect's results: one GET a hit."""

    _block_type_name = "Artifact Store"
    _block_type_slug = "pressroom-artifact-store"
    _description = "fsspec address of Pressroom's artifact store, e.g. s3://bucket/prefix."

    url: str = Field(description="A folder or an fsspec address.")
    options: dict[str, SecretStr] = Field(
        default={}, description="Options for the fsspec driver, such as key and secret."
    )

    @cached_property
    def store(self) -> ArtifactStore:
        return ArtifactStore(self.url, options={name: value.get_secret_value() for name, value in self.options.items()})

    # Prefect asks for results of sync tasks by `read_path(..., _sync=True)`, for those of async ones by `aread_path`.

    def read_path(self, path: str, _sync: bool | None = None) -> bytes:  # type: ignore[override]
        return self.store.get(f"{RESULTS}/{path}")

    def write_path(self, path: str, content: bytes, _sync: bool | None = None) -> None:  # type: ignore[override]
        self.store.put(f"{RESULTS}/{path}", content)

    async def aread_path(self, path: str) -> bytes:
        return await asyncio.to_thread(self.read_path, path)

    async def awrite_path(self, path: str, content: bytes) -> None:
        await asyncio.to_thread(self.write_path, path, content)
