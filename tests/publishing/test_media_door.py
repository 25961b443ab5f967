"""The media door: one file, for a day, by an address that no one can guess."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pressroom.errors import NotFound, PostRefused
from pressroom.model import AssetKind, Medium
from pressroom.publishers.ledger.door import LIFE, door_of, opened, path_of
from pressroom.settings import Settings
from pressroom.store.artifacts import ArtifactStore
from pressroom.vault import Vault

MEDIUM = Medium(position=0, kind=AssetKind.PICTURE, key="attachments/w/ü picture.jpg", sha256="0" * 64,
                media_type="image/jpeg", size=3)  # fmt: skip


def test_an_address_opens_its_file_until_it_is_over_and_no_other_is_taken() -> None:
    vault = Vault("v" * 32)
    path = path_of(vault, MEDIUM)
    assert path.isascii()
    assert path.endswith("/file.jpg")
    token = path.split("/")[2]
    assert opened(vault, token) == (MEDIUM.key, "image/jpeg")
    later = datetime.now(UTC) + LIFE + timedelta(minutes=1)
    for wrong, now in ((token, later), (token[:-1] + "x", None), ("", None), ("a.b", None), ("é.x", None)):
        with pytest.raises(NotFound):
            opened(vault, wrong, now=now)
    with pytest.raises(NotFound):
        opened(Vault("w" * 32), token)


def test_the_door_is_where_the_settings_say(tmp_path: Path) -> None:
    vault, store = Vault("v" * 32), ArtifactStore(str(tmp_path))
    told = {"media_url": "", "desk_url": "", "social_sandbox": ""}
    cdn = door_of(Settings(**{**told, "media_url": "https://cdn.example/x/"}), vault, store)
    assert cdn("w", MEDIUM) == "https://cdn.example/x/attachments/w/%C3%BC%20picture.jpg"
    desk = door_of(Settings(**{**told, "desk_url": "https://desk.example"}), vault, store)
    assert desk("w", MEDIUM).startswith("https://desk.example/media/")
    for closed in (told, {**told, "media_url": "store"}):  # a folder of this machine is no place to fetch from
        with pytest.raises(PostRefused, match="fetches"):
            door_of(Settings(**closed), vault, store)("w", MEDIUM)
