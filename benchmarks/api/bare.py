"""What the desk is measured beside: FastAPI with one route that makes one indexed query, and nothing else."""

from __future__ import annotations

import os
from datetime import date, datetime

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import create_engine, text
from starlette.responses import Response

from pressroom.settings import settings

DATABASE = "BENCHMARK_DATABASE_URL"

NEWEST = text(
    "SELECT id, state, format, platform, day, words, characters, substr(text, 1, 280) AS excerpt, created_at "
    "FROM content WHERE workspace_id = :workspace ORDER BY created_at DESC, id DESC LIMIT 20"
)


class Item(BaseModel):
    id: str
    state: str
    format: str
    platform: str
    day: date
    words: int
    characters: int
    excerpt: str
    created_at: datetime


def create_app() -> FastAPI:
    """The application; the address of the database is in the environment, the pool is as large as the desk's."""
    pool = settings()
    engine = create_engine(os.environ[DATABASE], pool_size=pool.database_pool, max_overflow=pool.database_overflow)
    app = FastAPI()

    @app.get("/rows")
    def rows(workspace: str) -> list[Item]:
        with engine.connect() as connection:
            found = connection.execute(NEWEST, {"workspace": workspace}).mappings()
            return [Item(**row) for row in found]

    @app.get("/nothing")
    async def nothing() -> Response:
        return Response("{}", media_type="application/json")

    return app
