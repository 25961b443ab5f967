"""A draft's carousel: kept, attached where the platform is its own, replaced when the draft says something else."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from sqlmodel import select

from pressroom.errors import MoveRefused, NotFound
from pressroom.model import Brand
from pressroom.review.attachment_files import Maker
from pressroom.review.carousels import make_carousel
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.attachments import attachments_of
from pressroom.store.tables import Asset, Content
from tests.fixtures.desk import MadeRun
from tests.pressroom.review.review_desk import ReviewDesk


def test_a_carousel_is_kept_attached_and_replaced(desk: ReviewDesk, made_run: MadeRun, tmp_path: Path) -> None:
    store = ArtifactStore(str(tmp_path / "store"))
    maker = Maker(store, until=time.monotonic() + 60)
    with desk.database.read() as session:
        drafts = {row.platform: row for row in session.exec(select(Content)).all()}
    draft = drafts["linkedin"]
    about = {"brand": Brand(), "language": "en"}
    made = make_carousel(desk.database, maker, desk.editor, draft.id, where="linkedin", **about)
    [asset] = made.assets
    assert (asset.kind, asset.media_type, made.is_attached) == ("document", "application/pdf", True)
    assert store.get(asset.key).startswith(b"%PDF-1.7")

    def attached() -> tuple[list[str | None], int]:
        with desk.database.read() as session:
            row = session.get(Content, draft.id)
            return [one.asset_id for one in attachments_of(session, draft.id)], row.version if row else 0

    before = attached()
    assert before[0] == [asset.id]
    again = make_carousel(desk.database, maker, desk.editor, draft.id, where="linkedin", **about)
    assert again.assets[0].id == asset.id
    assert attached() == before, "the same draft has the same carousel, and is not changed by it"
    other = make_carousel(
        desk.database, maker, desk.editor, draft.id, where="linkedin", brand=Brand(name="Ada"), language="en"
    )
    assert attached()[0] == [other.assets[0].id] != before[0]

    pictures = make_carousel(desk.database, maker, desk.editor, draft.id, where="instagram", **about)
    assert not pictures.is_attached
    assert {(one.kind, one.width, one.height) for one in pictures.assets} == {("picture", 1080, 1350)}
    assert len(pictures.assets) == len(pictures.carousel.pages)
    assert all(one.alt_text for one in pictures.assets)
    with desk.database.read() as session:
        assert len(session.exec(select(Asset).where(Asset.purpose.like("carousel/%"))).all()) == 2 + len(
            pictures.assets
        )
    with pytest.raises(NotFound):
        make_carousel(desk.database, maker, desk.editor, "0" * 32, where="linkedin", **about)
    with pytest.raises(MoveRefused):
        make_carousel(desk.database, maker, desk.viewer, draft.id, where="linkedin", **about)
