"""Attachments of drafts: kept in order, read as media, and part of the hash that approvals are bound to."""

from __future__ import annotations

from pressroom.model import AssetKind, Medium
from pressroom.store import contents
from pressroom.store.attachments import attachments_of, media_of, replace_attachments
from pressroom.store.database import Database
from pressroom.store.desk_tables import Attachment
from tests.fixtures.desk import add_run

BODY_HASH = "f9d86028c6e0d64e225186f96acb69338b2c59764df79162107f5c4bb34d1310"
"""Of {"a": 1}, as stored before drafts had media."""


def medium(name: str, alt_text: str = "") -> Medium:
    about = {"key": name, "sha256": name, "media_type": "image/png", "size": 1}
    return Medium(position=0, kind=AssetKind.PICTURE, alt_text=alt_text, **about)


def test_the_hash_without_media_is_that_of_the_body_alone_and_covers_order_and_alternative_texts() -> None:
    body, one, two = {"a": 1}, medium("1"), medium("2")
    assert contents.content_hash(body) == contents.content_hash(body, ()) == BODY_HASH
    said = [(), (one,), (two,), (one, two), (two, one), (one, one), (medium("1", "A cat."), two), (medium("1", "2"),)]
    assert len({contents.content_hash(body, media) for media in said}) == len(said)
    assert contents.content_hash({"a": 2}, (one,)) != contents.content_hash(body, (one,))


def test_attachments_are_replaced_in_order_and_keep_their_ids(database: Database) -> None:
    run = add_run(database, "ours")
    content_id, other = list(run.content.values())[:2]
    about = {"workspace_id": run.workspace_id, "kind": "picture", "media_type": "image/png", "size": 2**33}

    def named(name: str, to: str = content_id) -> Attachment:
        return Attachment(content_id=to, position=0, name=name, key=name, sha256=name, alt_text=f"{name}!", **about)

    with database.write() as session:
        replace_attachments(session, content_id, [named("a"), named("b"), named("c")])
        replace_attachments(session, other, [named("x", other)])
    with database.write() as session:
        a, _, c = attachments_of(session, content_id)
        replace_attachments(session, content_id, [c, a, named("d")])
        ids = [row.id for row in attachments_of(session, content_id)][:2]
        assert ids == [c.id, a.id]
    with database.read() as session:
        found = media_of(session, content_id)
        assert [(one.position, one.name, one.alt_text, one.size) for one in found] == [
            (0, "c", "c!", 2**33), (1, "a", "a!", 2**33), (2, "d", "d!", 2**33),
        ]  # fmt: skip
        assert [one.name for one in media_of(session, other)] == ["x"]
