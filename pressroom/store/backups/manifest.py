"""The description of a backup, which lies next to the encrypted file and holds no content."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, ValidationError

from pressroom.errors import NotFound
from pressroom.model import Frozen
from pressroom.store.artifacts import ArtifactStore

FOLDER = "backups"
FORM = r"^\d{8}T\d{6}Z$"


class Manifest(Frozen):
    """One backup. id: the second it was begun in UTC, `20261130T031500Z`.

    counts: rows by table, as they were in the moment of the backup. policies: row-level security of PostgreSQL.
    sha256, size (bytes): of the encrypted file. files: artifacts that rows name; missing_files: not in the store.
    """

    id: str = Field(pattern=FORM)
    made_at: datetime
    version: str = Field(description="Of Pressroom.")
    kind: str = Field(description="`sqlite` or `postgresql`.")
    server: str = Field(description="Version of the database's program.")
    schema_head: str
    counts: dict[str, int]
    policies: int = 0
    sha256: str
    size: int
    recipients: int = Field(description="How many keys can each open it.")
    files: int = 0
    missing_files: int = 0

    @property
    def rows(self) -> int:
        return sum(self.counts.values())


def key_of(backup: str, name: str) -> str:
    """Where a file of a backup lies: `database.age` or `manifest.json`."""
    return f"{FOLDER}/{backup}/{name}"


def list_backups(store: ArtifactStore) -> list[Manifest]:
    """All whole backups, newest first. One without a manifest was never finished; one of another form is left out."""
    names = [key for key in store.list(FOLDER) if key.endswith("/manifest.json")]
    found = (_read(store, key) for key in sorted(names, reverse=True))
    return [manifest for manifest in found if manifest is not None]


def find(store: ArtifactStore, backup: str = "latest") -> Manifest:
    """Raises NotFound, naming what there is."""
    there = list_backups(store)
    found = there[0] if there and backup == "latest" else next((each for each in there if each.id == backup), None)
    if found is None:
        named = ", ".join(each.id for each in there[:5])
        hint = f"The newest are: {named}." if named else "Make one with `pressroom backup create`."
        raise NotFound(f"There is no backup {backup!r}." if there else "There is no backup yet.", hint=hint)
    return found


def _read(store: ArtifactStore, key: str) -> Manifest | None:
    try:
        return Manifest.model_validate_json(store.get(key))
    except ValidationError:
        return None
