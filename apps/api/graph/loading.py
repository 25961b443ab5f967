"""One request's connections: what several fields ask for singly is read from the database together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from anyio import to_thread
from strawberry.dataloader import DataLoader
from strawberry.types import Info as StrawberryInfo

from pressroom.model import Caller
from pressroom.review import batches
from pressroom.store.database import Database

T = TypeVar("T")
MOST_AT_ONCE = 500
"""Ids in one query."""


async def apart(act: Callable[..., T], *arguments: Any, **options: Any) -> T:
    """`act` in a worker thread: the database is asked by plain calls."""
    return await to_thread.run_sync(partial(act, *arguments, **options))


@dataclass
class Context:
    """The caller of one request, the database as the caller may see it, and what was loaded for it so far."""

    database: Database
    caller: Caller
    ideas: DataLoader[str, Any] = field(init=False)
    content_of_ideas: DataLoader[str, Any] = field(init=False)
    publications: DataLoader[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.ideas = self._loader(batches.ideas, None)
        self.content_of_ideas = self._loader(batches.content_of_ideas, ())
        self.publications = self._loader(batches.publications_of_content, ())

    def _loader(self, read: Callable[..., dict[str, Any]], missing: Any) -> DataLoader[str, Any]:
        async def load(ids: list[str]) -> list[Any]:
            found = await apart(read, self.database, ids)
            return [found.get(each, missing) for each in ids]

        return DataLoader(load_fn=load, max_batch_size=MOST_AT_ONCE)


Info = StrawberryInfo[Context, None]
