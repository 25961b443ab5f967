"""A draft's carousel: its pages made of what the draft says, kept as assets, and attached where its platform is."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pressroom import formats
from pressroom.errors import RulesBroken
from pressroom.media.carousel import Drawn, check_pages, draw_pages, jpegs, pdf, split
from pressroom.media.carousel.drawing import SIZE
from pressroom.model import AssetKind, Brand, Caller, PartRole
from pressroom.model.carousels import Carousel
from pressroom.review import attaching
from pressroom.review.attaching import AttachmentRequest
from pressroom.review.attachment_files import OFFLINE, PDF, Maker
from pressroom.review.rows import check_kept, content_row
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.assets import keep_asset
from pressroom.store.attachments import attachments_of
from pressroom.store.database import Database
from pressroom.store.tables import Asset, Content

Where = Literal["linkedin", "instagram"]
"""LinkedIn takes a PDF, Instagram takes pictures."""

PURPOSE = "carousel"


@dataclass(frozen=True)
class MadeCarousel:
    """A carousel and its files, in the order of their pages; one PDF, or a picture a page."""

    carousel: Carousel
    assets: tuple[Asset, ...]
    is_attached: bool
    notes: tuple[str, ...] = ()


def make_carousel(
    database: Database, maker: Maker, caller: Caller, content_id: str, *, brand: Brand, language: str, where: Where
) -> MadeCarousel:
    """Make it and keep it; attach it to the draft where that is one of the same platform. A repeat changes nothing.

    Raises:
        NotFound: no such content. WrongInput: the draft has too few sentences. RulesBroken: a page breaks a rule.
        MoveRefused: the draft can't be edited, or was deleted. CannotCompose: a page can't be drawn.
    """
    with database.read() as session:
        row = content_row(session, content_id)
        check_kept(row)
    carousel = split(_texts(row), language=language)
    if broken := check_pages(carousel.pages):
        raise RulesBroken(f"The carousel breaks {len(broken)} rules: {' '.join(broken)}")
    pages, notes = draw_pages(carousel, brand)
    files = _files(carousel, pages, where)
    kept = tuple(_keep(database, maker.store, row, *file) for file in files)
    is_attached = row.platform == where
    if is_attached:
        _attach(database, maker, caller, row, kept)
    return MadeCarousel(carousel, kept, is_attached, notes)


def _texts(row: Content) -> list[str]:
    """A script's spoken sections; of any other draft what is posted."""
    form = formats.get(row.format)
    body = form.body.model_validate(row.body)
    if form.script is not None:
        return [section.words for section in form.script(body).sections]
    return [part.text for part in form.parts(body) if part.role is PartRole.POST]


def _files(carousel: Carousel, pages: list[Drawn], where: Where) -> list[tuple[int, bytes, str, str]]:
    """(number, bytes, media type, alternative text) of each file."""
    drawn, texts = jpegs(pages), [page.text for page in pages]
    if where == "instagram":
        return [
            (at, file, "image/jpeg", text) for at, (file, text) in enumerate(zip(drawn, texts, strict=True), start=1)
        ]
    whole = pdf(drawn, texts, SIZE, title=carousel.pages[0].title, language=carousel.language)
    return [(1, whole, PDF, "\n\n".join(texts))]


def _keep(
    database: Database, store: ArtifactStore, row: Content, number: int, data: bytes, media_type: str, text: str
) -> Asset:
    sha256, ending = hashlib.sha256(data).hexdigest(), media_type.rpartition("/")[2].replace("jpeg", "jpg")
    stored = store.put(f"carousels/{row.workspace_id}/{row.id}/{sha256}.{ending}", data)
    width, height = SIZE
    return keep_asset(
        database,
        Asset(
            workspace_id=row.workspace_id,
            run_id=row.run_id,
            subject_id=row.subject_id,
            kind=AssetKind.DOCUMENT if media_type == PDF else AssetKind.PICTURE,
            purpose=f"{PURPOSE}/{row.id[:8]}/{sha256[:6]}/{number}",
            key=stored.key,
            address=stored.address,
            sha256=sha256,
            size=len(data),
            media_type=media_type,
            width=width,
            height=height,
            alt_text=" ".join(text.split())[: attaching.alt_limit(row.platform)],
            provider=OFFLINE,
            model="cards",
        ),
    )


def _attach(database: Database, maker: Maker, caller: Caller, row: Content, made: Sequence[Asset]) -> None:
    """In place of the carousel that it had; other attachments stay, after it."""
    new = {asset.id for asset in made}
    with database.read() as session:
        version, present = content_row(session, row.id).version, attachments_of(session, row.id)
        kept = [
            one for one in present if one.asset_id not in new and not _is_of_carousel(session.get(Asset, one.asset_id))
        ]
    wanted = [AttachmentRequest(asset_id=asset.id, whole=True) for asset in made]
    others = [AttachmentRequest(attachment_id=one.id) for one in kept]
    attaching.replace(database, maker, caller, row.id, [*wanted, *others], version=version)


def _is_of_carousel(asset: Asset | None) -> bool:
    return asset is not None and asset.purpose.startswith(f"{PURPOSE}/")
