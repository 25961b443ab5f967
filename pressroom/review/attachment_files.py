"""The files of attachments: a copy of a picture that was made, or of an upload, fit for its draft's platform."""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Self

from pydantic import Field

from pressroom import platforms
from pressroom.errors import WrongInput
from pressroom.media.films import Film, read_film, without_origin
from pressroom.model import AssetKind, Frozen
from pressroom.store.artifacts import ArtifactStore, Stored
from pressroom.store.desk_tables import Attachment, Upload
from pressroom.store.tables import Asset, Content

if TYPE_CHECKING:
    from pressroom.media.pictures.values import Variant

OFFLINE = "offline"
"""The provider of what is drawn or cut without a model."""

CUT = "cut"
"""The model of pictures that were handed in and cut: photographs, as far as is known."""

PDF = "application/pdf"

KINDS = {"image": AssetKind.PICTURE, "video": AssetKind.FILM, "audio": AssetKind.SOUND}
"""By the first word of a media type."""


SECONDS = 10.0
"""Time that all pictures of one request may take; one takes about 0.2 s."""


class Crop(Frozen):
    """The part of a picture that a post shows, in the ratio of `width` to `height`."""

    width: int = Field(ge=1, le=10_000, description="Of a shape of the platform, pixels.", examples=[1080])
    height: int = Field(ge=1, le=10_000, examples=[1350])
    x: float = Field(default=0.5, ge=0, le=1, description="0 is the left edge, 1 the right one.")
    y: float = Field(default=0.5, ge=0, le=1, description="0 is the upper edge, 1 the lower one.")
    zoom: float = Field(default=1, ge=1, le=8, description="1 is the largest part of this ratio.")


@dataclass(frozen=True)
class Maker:
    """Makes the files of attachments within one request. until: on `time.monotonic`'s clock."""

    store: ArtifactStore
    until: float
    face_model: Path | None = None

    @classmethod
    def for_request(cls, store: ArtifactStore, face_model: Path | None) -> Self:
        """One that starts now. face_model: file of the model that finds faces, which stay in the picture."""
        return cls(store, time.monotonic() + SECONDS, face_model)

    def attachment(
        self, content: Content, origin: Asset | Upload, *, whole: bool, crop: Crop | None = None
    ) -> Attachment:
        """An attachment of `content`, whose file is in the store. whole: a picture is not cut to the platform's shape.

        crop: the part of a picture that a user chose.

        Raises:
            WrongInput: it can't be posted, its file is another than it was, or it takes too long to be cut.
            SourceUnusable: an upload that is no picture that can be used.
        """
        if crop is not None and kind_of(origin) is not AssetKind.PICTURE:
            raise WrongInput(f"{_name(origin)} is no picture, so it can't be cropped.")
        if kind_of(origin) is AssetKind.PICTURE and (crop or not is_fit(origin, content.platform, whole=whole)):
            return self._cut(content, origin, whole=whole, crop=crop)
        return self._copied(content, origin)

    def _cut(self, content: Content, origin: Asset | Upload, *, whole: bool, crop: Crop | None) -> Attachment:
        from pressroom.media.optimize.posting import part_of, picture_for_post  # half a second: Pillow, NumPy

        data, name = _checked(origin, self.store.get(origin.key)), _name(origin)
        if crop is not None:
            shape, at = (crop.width, crop.height), (crop.x, crop.y)
            data = part_of(data, content.platform, name=name, shape=shape, at=at, zoom=crop.zoom)
        made = picture_for_post(
            data,
            content.platform,
            name=name,
            whole=whole or platforms.find(content.platform) is None,
            made=isinstance(origin, Asset) and origin.model != CUT and _takes(content.platform, "image/png"),
            until=self.until,
            face_model=self.face_model,
        )
        key = _key(content, hashlib.sha256(made.data).hexdigest(), made.media_type)
        return _attachment(content, origin, self.store.put(key, made.data), made)

    def _copied(self, content: Content, origin: Asset | Upload) -> Attachment:
        with _on_disk(self.store, origin) as path:
            film, sha256 = _film(origin, path), origin.sha256
            if film:
                without_origin(path, film)
                with path.open("rb") as file:
                    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            key = _key(content, sha256, origin.media_type)
            stored = self.store.put_file(key, path, sha256, origin.media_type)
        return _attachment(content, origin, stored, film)


def _film(origin: Asset | Upload, path: Path) -> Film | None:
    """The head of a film that was uploaded; a film of a run is known already."""
    is_uploaded = isinstance(origin, Upload) and kind_of(origin) is AssetKind.FILM
    return read_film(path, name=_name(origin)) if is_uploaded else None


def is_fit(origin: Asset | Upload, platform: str, *, whole: bool = False) -> bool:
    """True when a picture can be posted as it is; an upload never, since its metadata may tell where it was taken."""
    if isinstance(origin, Upload) or not _takes(platform, origin.media_type, origin.size):
        return False
    known = platforms.find(platform)
    sizes = known.images.sizes if known else ()
    return whole or known is None or origin.purpose == platform or (origin.width, origin.height) in sizes


def _takes(platform: str, media_type: str, size: int = 0) -> bool:
    """True when the platform takes pictures of this type and of so many bytes, as far as that is known."""
    known = platforms.find(platform)
    if known is None:
        return True
    types, most = known.uploads.image_types if known.uploads else (), known.images.most_bytes
    return (not types or media_type in types) and (most is None or size <= most)


def kind_of(origin: Asset | Upload) -> AssetKind:
    """Raises WrongInput for what no platform takes."""
    if isinstance(origin, Asset):
        return AssetKind(origin.kind)
    media_type = origin.media_type.partition(";")[0]
    found = AssetKind.DOCUMENT if media_type == PDF else KINDS.get(media_type.partition("/")[0])
    if found is None:
        raise WrongInput(f"{origin.name} can't be attached: it is {media_type}.", hint="Attach a picture, film or PDF.")
    return found


def _name(origin: Asset | Upload) -> str:
    return origin.name if isinstance(origin, Upload) else PurePosixPath(origin.key).name


def _with_ending(name: str, media_type: str) -> str:
    return f"{PurePosixPath(name).stem}.{media_type.rpartition('/')[2].replace('jpeg', 'jpg')}"


def _key(content: Content, sha256: str, media_type: str) -> str:
    """Of its own, below the draft's folder: the origin may be made again or deleted, what was approved stays."""
    ending = media_type.partition(";")[0].rpartition("/")[2]
    return f"attachments/{content.workspace_id}/{content.id}/{sha256}.{ending}"


def _checked(origin: Asset | Upload, data: bytes) -> bytes:
    if hashlib.sha256(data).hexdigest() != origin.sha256:
        raise _other_file(origin)
    return data


def _other_file(origin: Asset | Upload) -> WrongInput:
    return WrongInput(f"The file of {_name(origin)} is another than it was.", hint="Make it, or hand it in, again.")


@contextmanager
def _on_disk(store: ArtifactStore, origin: Asset | Upload) -> Iterator[Path]:
    """A copy of the file of `origin`, checked, for as long as it is needed; films are large."""
    found = hashlib.sha256()
    with tempfile.NamedTemporaryFile(prefix="pressroom-attachment-") as copy:
        for chunk in store.stream(origin.key):
            found.update(chunk)
            copy.write(chunk)
        copy.flush()
        if found.hexdigest() != origin.sha256:
            raise _other_file(origin)
        yield Path(copy.name)


def _attachment(content: Content, origin: Asset | Upload, stored: Stored, made: Variant | Film | None) -> Attachment:
    """made: a picture that was cut, or the head of a film."""
    asset, seen = (origin, made or origin) if isinstance(origin, Asset) else (None, made)
    lasting = made if isinstance(made, Film) else asset
    media_type = made.media_type if made else origin.media_type
    return Attachment(
        workspace_id=content.workspace_id,
        content_id=content.id,
        position=0,
        kind=kind_of(origin),
        asset_id=asset.id if asset else None,
        upload_id=None if asset else origin.id,
        name=_with_ending(_name(origin), media_type) if media_type != origin.media_type else _name(origin),
        key=stored.key,
        sha256=stored.sha256,
        size=stored.size,
        media_type=media_type,
        width=seen.width if seen else None,
        height=seen.height if seen else None,
        seconds=lasting.seconds if lasting else None,
        alt_text=asset.alt_text if asset else "",
        made_by_ai=asset is not None and asset.provider != OFFLINE,
    )
