"""The results of a job on pictures: each `results.json`, with links to the files it names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, Field

from apps.api.shown_jobs import API
from pressroom.errors import StoreUnusable
from pressroom.model.results import Results
from pressroom.reports.results import RESULTS_FILE, from_json
from pressroom.store import contents, runs
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.desk_tables import Job

if TYPE_CHECKING:
    from apps.desk.dependencies import Desk

LINK_SECONDS = 3600


class PictureResults(BaseModel):
    """One picture: its results, and where each file that they name is."""

    results: Results
    links: dict[str, str] = Field(description="By file: an address for people who are signed in.")
    signed: dict[str, str] = Field(description="By file: an address for everyone, for an hour; where the store signs.")


class OptimizedResults(BaseModel):
    """The pictures of a job that are finished so far."""

    pictures: list[PictureResults]
    failures: list[dict[str, Any]] = Field(description="Pictures of which nothing was made, with code and reason.")


def results_of(desk: Desk, database: Database, job: Job) -> OptimizedResults:
    """The results of `job` so far; empty while it waits."""
    if job.run_id is None:
        return OptimizedResults(pictures=[], failures=[])
    run = runs.get_run(database, job.run_id)
    keys = [each.key for each in contents.artifacts_of(database, run.id) if each.key.endswith(f"/{RESULTS_FILE}")]
    pictures = [_picture(desk.store, run.id, key) for key in sorted(keys)]
    return OptimizedResults(pictures=pictures, failures=run.failures)


def _picture(store: ArtifactStore, run_id: str, key: str) -> PictureResults:
    results = from_json(store.get(key))
    folder = key.removesuffix(f"/{RESULTS_FILE}")
    below = folder.partition(f"/{run_id}/")[2]
    names = [image.file for one in results.platforms for image in (one.image, *one.more_images) if image]
    return PictureResults(
        results=results,
        links={name: f"{API}/runs/{run_id}/files/{below}/{name}" for name in [RESULTS_FILE, *names]},
        signed={name: address for name in names if (address := _signed(store, f"{folder}/{name}"))},
    )


def _signed(store: ArtifactStore, key: str) -> str:
    """Empty where the store gives no address that others could use."""
    try:
        address = store.signed_url(key, LINK_SECONDS)
    except StoreUnusable:
        return ""
    return address if address.startswith("https://") or address.startswith("http://") else ""
