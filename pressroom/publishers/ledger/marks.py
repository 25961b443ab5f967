"""Marks in the artifact store that a part was allowed to be sent: what a database from a backup has forgotten.

A mark is written before the first byte of each sending. A row with fewer attempts, by the database, than its mark comes
from a restored backup, or was planned again after one: its platform is asked before anything is sent.
"""

from __future__ import annotations

import json
from datetime import datetime

from pressroom.model import Frozen
from pressroom.store.artifacts import ArtifactStore, NoArtifact
from pressroom.vault import Vault

FOLDER = "publications"


class Mark(Frozen):
    """begun_at and memory: of the part when it was sent, which its platform knows it by. number: of the attempt."""

    publication_id: str
    begun_at: datetime
    armed_at: datetime
    memory: str
    number: int = 1


def mark_key(workspace_id: str, key: str) -> str:
    return f"{FOLDER}/{workspace_id}/{key}.mark"


def write_mark(store: ArtifactStore, vault: Vault, workspace_id: str, key: str, mark: Mark) -> None:
    store.put(mark_key(workspace_id, key), vault.seal(mark.model_dump_json()).encode(), "text/plain")


def read_mark(store: ArtifactStore, vault: Vault, workspace_id: str, key: str) -> Mark | None:
    """The mark of a part; None where it was never sent."""
    try:
        sealed = store.get(mark_key(workspace_id, key)).decode()
    except NoArtifact:
        return None
    return Mark.model_validate(json.loads(vault.open(sealed)))
