"""The media door: addresses under which platforms fetch one file each, for a while, and nothing else.

From a CDN's base address, signed by the artifact store itself, or served by the desk at `/media/...`.
"""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

from pressroom.errors import NotFound
from pressroom.model import Medium
from pressroom.publishers.ledger.claim import Door, no_door
from pressroom.settings import Settings
from pressroom.store.artifacts import ArtifactStore
from pressroom.vault import Vault, same

LIFE = timedelta(hours=24)
"""Platforms fetch at once, and again while they process."""
FROM_STORE = "store"


class Opened(NamedTuple):
    """The file behind an address of the door."""

    key: str
    media_type: str


def door_of(source: Settings, vault: Vault, store: ArtifactStore) -> Door:
    """The door that the settings open; without one every file is refused, with a next step."""
    if source.media_url == FROM_STORE:
        return lambda workspace_id, medium: _from_store(store, workspace_id, medium)
    if source.media_url:
        return lambda _workspace_id, medium: f"{source.media_url.rstrip('/')}/{quote(medium.key)}"
    if source.desk_url or source.social_sandbox:
        return lambda _workspace_id, medium: f"{source.resolved_desk_url}{path_of(vault, medium)}"
    return no_door


def _from_store(store: ArtifactStore, workspace_id: str, medium: Medium) -> str:
    address = store.signed_url(medium.key, int(LIFE.total_seconds()))
    return address if address.startswith("http") else no_door(workspace_id, medium)


def path_of(vault: Vault, medium: Medium, *, now: datetime | None = None) -> str:
    """The path of a file at the desk: signed, ASCII, and good for a day."""
    until = int(((now or datetime.now(UTC)) + LIFE).timestamp())
    said = json.dumps([medium.key, medium.media_type, until]).encode()
    token = base64.urlsafe_b64encode(said).rstrip(b"=").decode()
    ending = medium.media_type.rpartition("/")[2].replace("jpeg", "jpg")
    return f"/media/{token}.{_mark(vault, token)}/file.{ending if ending.isalnum() else 'bin'}"


def opened(vault: Vault, token: str, *, now: datetime | None = None) -> Opened:
    """The file that a token stands for. Raises `NotFound` for one that we did not make, or that is over."""
    said, _, mark = token.partition(".")
    if not mark or not token.isascii() or not same(mark, _mark(vault, said)):
        raise NotFound("There is no such file.")
    key, media_type, until = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
    if (now or datetime.now(UTC)).timestamp() > until:
        raise NotFound("The address of this file is over.")
    return Opened(key, media_type)


def _mark(vault: Vault, token: str) -> str:
    return vault.mark(f"media/{token}")
