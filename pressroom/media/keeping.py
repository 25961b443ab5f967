"""Paid pictures and sounds, stored by their content; the ledger's answer names the file, or why it is unusable."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from pressroom.calls.images import Picture
from pressroom.errors import BrokenAnswer, ContentRefused, StoreUnusable
from pressroom.media.pictures.receiving import check, receive
from pressroom.media.pictures.values import EXTENSIONS
from pressroom.model import Answer, Finish, Frozen
from pressroom.store.artifacts import ArtifactStore, NoArtifact

T = TypeVar("T")

PAUSES = (0.5, 1.0, 2.0, 4.0)
"""Seconds between the attempts to write or read what has been paid for."""

NEXT_LINK = float("inf")
"""A picture costs what a hundred texts cost: the account whose picture is unusable isn't asked for another one."""


class Kept(Frozen):
    """The text of a picture's answer in the ledger. `flaw`: why it can't be used; then nothing was kept."""

    key: str = ""
    sha256: str = ""
    media_type: str = ""
    width: int = 0
    height: int = 0
    drawn: bool = False
    notes: tuple[str, ...] = ()
    flaw: str = ""


@dataclass(frozen=True)
class Found:
    """A picture as its maker made it."""

    kept: Kept
    data: bytes


@dataclass(frozen=True)
class Keeper:
    """Keeps pictures under `{workspace}/pictures/`, once each, by the SHA-256 of their bytes; other files likewise."""

    store: ArtifactStore
    workspace: str
    sleep: Callable[[float], None] = time.sleep

    def keep(self, picture: Picture, width: int, height: int) -> Answer:
        """The ledger's answer for `picture`, whose bytes are in the store before the answer is anywhere.

        width, height: the requested pixels. An unusable picture becomes an answer too: it was paid for.
        """
        kept = Kept() if picture.finish is Finish.REFUSAL else self._kept(picture, width, height)
        return Answer(
            text=kept.model_dump_json(),
            finish=picture.finish,
            usage=picture.usage,
            model=picture.model,
            request_id=picture.request_id,
        )

    def find(self, answer: Answer) -> Found:
        """The picture of an answer.

        Raises:
            ContentRefused: the provider withheld it. BrokenAnswer: it was unusable, or is in the store no more.
        """
        if answer.finish is Finish.REFUSAL:
            raise ContentRefused("The provider withheld the picture.")
        try:
            kept = Kept.model_validate_json(answer.text)
        except ValidationError:
            raise BrokenAnswer("The ledger's answer is no picture's.", retry_after=0) from None
        if kept.flaw:
            raise BrokenAnswer(kept.flaw, retry_after=NEXT_LINK)
        return Found(kept, self.fetch(kept.key, kept.sha256, "picture"))

    def put(self, folder: str, extension: str, data: bytes) -> tuple[str, str]:
        """Keep `data` under `{workspace}/{folder}/`; its key, and the SHA-256 of its bytes.

        Raises:
            StoreUnusable: it can't be written, however often.
        """
        sha256 = hashlib.sha256(data).hexdigest()
        key = f"{self.workspace}/{folder}/{sha256}.{extension}"
        self._patiently(lambda: self.store.put(key, data))
        return key, sha256

    def fetch(self, key: str, sha256: str, thing: str) -> bytes:
        """The bytes that were put under `key`. thing: its name in messages.

        Raises:
            BrokenAnswer: it is in the store no more, or other bytes are. StoreUnusable: it can't be read.
        """
        try:
            data = self._patiently(lambda: self.store.get(key))
        except NoArtifact:
            raise BrokenAnswer(f"The {thing} is in the artifact store no more.", retry_after=0) from None
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BrokenAnswer("The artifact store holds other bytes than were put there.", retry_after=0)
        return data

    def _kept(self, picture: Picture, width: int, height: int) -> Kept:
        try:
            taken = receive(picture.data)
            check(taken, width, height)
        except BrokenAnswer as error:
            return Kept(flaw=error.message)
        key, _ = self.put("pictures", EXTENSIONS[taken.media_type], picture.data)
        return Kept(
            key=key,
            sha256=taken.sha256,
            media_type=taken.media_type,
            width=taken.width,
            height=taken.height,
            drawn=picture.drawn,
            notes=picture.notes,
        )

    def _patiently(self, act: Callable[[], T]) -> T:
        for pause in PAUSES:
            try:
                return act()
            except StoreUnusable:
                self.sleep(pause)
        return act()
