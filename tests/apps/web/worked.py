"""A run of which every page of work has something to show, and pictures that tests hand in."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from pressroom.model import RunStatus, Voice
from pressroom.store import assets, runs
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow
from pressroom.store.tables import Asset, ProviderCall
from pressroom.store.voices import keep_voice
from tests.fixtures.desk import MadeRun
from tests.fixtures.trends import collect_one

CHANNEL = "c" * 32
"""Id of a channel that needs a person."""


@pytest.fixture
def worked(made_run: MadeRun, operators: Database) -> MadeRun:
    """A run with a failure, calls and a picture, a voice, a channel in trouble, and an opportunity."""
    failure = {"idea_position": 1, "idea_title": "Bees", "format": "x_thread", "code": "TIMEOUT", "reason": "Too slow."}
    runs.amend(operators, made_run.id, status=RunStatus.PARTIAL, failures=[failure])
    keep_voice(operators, made_run.workspace_id, Voice(name="house", description="Dry.", samples=("One.",)))
    same = {"workspace_id": made_run.workspace_id, "run_id": made_run.id}
    call = ProviderCall(
        **same, kind="text", purpose="draft", provider="openai", model="m", request_hash="0", status="answered"
    )
    channel = ChannelRow(
        id=CHANNEL, workspace_id=made_run.workspace_id, platform="bluesky", host="https://bsky.social",
        remote_id="did:plc:1", name="mill.example.com", state="needs_account", problem_code="token_revoked",
        problem="Bluesky answers 400 ExpiredToken: Token has been revoked.",
    )  # fmt: skip
    with operators.write() as session:
        session.add_all([call, channel])
    stored = ArtifactStore.from_settings().put(f"ours/2026-01-30/{made_run.id}/x.png", drawn())
    row = Asset(
        **same,
        **stored.model_dump(),
        kind="picture",
        subject_id=made_run.ideas[0],
        purpose="x",
        media_type="image/png",
        width=400,
        height=320,
        alt_text="A quay",
        provider="offline",
        model="cards",
    )
    assets.keep_asset(operators, row)
    collect_one(operators, made_run.workspace_id)
    return made_run


def drawn() -> bytes:
    data = io.BytesIO()
    Image.effect_noise((400, 320), 60).convert("RGB").save(data, "PNG")
    return data.getvalue()
