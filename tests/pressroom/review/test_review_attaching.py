"""Media of drafts: attached, ordered, described, taken off; every change of them is a change of the draft."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pydantic import ValidationError
from sqlmodel import col, select

from pressroom import platforms
from pressroom.errors import Conflict, MoveRefused, NotFound, SourceUnreadable, WrongInput
from pressroom.media.optimize import posting
from pressroom.model import AssetKind, State
from pressroom.review import editing, moving, reading
from pressroom.review.attaching import AttachmentRequest, attach, detach, reorder, replace, set_alt_text
from pressroom.review.attachment_files import Maker
from pressroom.review.values import ContentDetail
from pressroom.store import contents, uploads
from pressroom.store.account_tables import AuditEvent
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.attachments import media_of
from pressroom.store.database import Database
from pressroom.store.desk_tables import Approval, Attachment, Event, Upload
from pressroom.store.forgetting import purge_uploads, purge_workspaces
from pressroom.store.tables import Artifact, Content, Workspace, utc_now
from pressroom.store.taking_along import take_along
from tests.fixtures.desk import FILM, MadeRun, add_picture, picture_bytes
from tests.pressroom.review.review_desk import ReviewDesk


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "store"))


@pytest.fixture
def maker(store: ArtifactStore) -> Maker:
    return Maker(store, until=time.monotonic() + 60)


def add_upload(database: Database, store: ArtifactStore, made: MadeRun, data: bytes, **columns: Any) -> Upload:
    stored = store.put(f"uploads/{made.workspace_id}/{hashlib.sha256(data).hexdigest()}", data)
    about = {"name": "photo.png", "purpose": "image", "media_type": "image/png", "uploaded_by": "ada", **columns}
    row = Upload(workspace_id=made.workspace_id, key=stored.key, sha256=stored.sha256, size=stored.size, **about)
    with database.write() as session:
        session.add(row)
    return row


def of(*rows: Any, alt_text: str | None = None) -> list[AttachmentRequest]:
    return [
        AttachmentRequest(**{"upload_id" if isinstance(row, Upload) else "asset_id": row.id}, alt_text=alt_text)
        for row in rows
    ]


def names(detail: ContentDetail) -> list[str]:
    return [one.name for one in detail.attachments]


def ids(detail: ContentDetail) -> list[str]:
    return [one.id for one in detail.attachments]


def told(desk: ReviewDesk, table: Any, column: Any) -> list[Any]:
    with desk.database.read() as session:
        return list(session.exec(select(column).order_by(col(table.created_at))).all())


def test_media_are_attached_ordered_described_and_taken_off(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    draft, ours = made_run.draft, (desk.database, desk.editor, made_run.draft)
    a, b, c = (add_picture(operators, store, made_run, name=f"{name}.png") for name in "abc")
    done = attach(desk.database, maker, desk.editor, draft, of(a, b, c), version=1)
    assert (names(done), done.state, done.version) == (["a.png", "b.png", "c.png"], State.GENERATED, 2)
    assert [one.alt_text for one in done.attachments] == [f"What {name}.png shows." for name in "abc"]
    first = done.attachments[0]
    assert (first.position, first.kind, first.width, first.made_by_ai) == (0, AssetKind.PICTURE, 1200, True)
    one, two, three = ids(done)

    hashes = {done.content_hash}
    done = reorder(*ours, [three, one, two], version=2)
    assert names(done) == ["c.png", "a.png", "b.png"]
    hashes.add(done.content_hash)
    done = set_alt_text(*ours, {one: " A \n teapot. "}, version=3)
    assert [each.alt_text for each in done.attachments][1] == "A teapot."
    hashes.add(done.content_hash)
    done = detach(*ours, [three, two], version=4)
    assert (ids(done), [each.position for each in done.attachments], done.version) == ([one], [0], 5)
    assert len(hashes | {done.content_hash}) == 4
    assert detach(*ours, [one], version=5).content_hash == contents.content_hash(done.body)

    assert told(desk, AuditEvent, AuditEvent.action) == ["content.media_changed"] * 5
    assert [data["media"] for data in told(desk, Event, Event.data)] == [3, 3, 3, 1, 0]


def test_each_change_voids_an_approval_and_what_changes_nothing_does_not(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    draft, ours = made_run.draft, (desk.database, desk.editor, made_run.draft)
    a, b = (add_picture(operators, store, made_run, name=f"{name}.png") for name in "ab")
    attach(desk.database, maker, desk.editor, draft, of(a, b), version=1)
    approved = moving.move(desk.database, desk.editor, draft, State.READY, version=2)
    one, two = ids(approved)
    same = [AttachmentRequest(attachment_id=one), *of(b)]
    for unchanged in (
        lambda: replace(desk.database, maker, desk.editor, draft, same, version=3),
        lambda: reorder(*ours, [one, two], version=3),
        lambda: set_alt_text(*ours, {one: approved.attachments[0].alt_text}, version=3),
        lambda: detach(*ours, [], version=3),
    ):
        assert unchanged() == approved

    changes: list[Callable[[int], ContentDetail]] = [
        lambda version: set_alt_text(*ours, {one: "Another."}, version=version),
        lambda version: reorder(*ours, [two, one], version=version),
        lambda version: detach(*ours, [two], version=version),
        lambda version: replace(desk.database, maker, desk.editor, draft, of(b), version=version),
        lambda version: attach(desk.database, maker, desk.editor, draft, of(a), version=version),
    ]
    for change in changes:
        before = reading.get_content(desk.database, desk.editor, draft)
        after = change(before.version)
        assert (before.state, after.state, after.approval) == (State.READY, State.EDITED, None)
        moving.move(desk.database, desk.editor, draft, State.READY)
    because = told(desk, Approval, Approval.voided_because)
    assert because == ["attachments changed"] * 5 + [""]
    assert told(desk, Event, Event.type).count("content.approval_voided") == 5


def test_words_and_media_are_approved_together(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    """New words keep the media, and the hash covers both, whoever writes: an editor, a return, a model."""
    picture = add_picture(operators, store, made_run)
    with_media = attach(desk.database, maker, desk.editor, made_run.draft, of(picture), version=1)
    changed = {**with_media.body, "hook": "Another."}
    edited = editing.edit(desk.database, desk.editor, made_run.draft, changed, version=2)
    assert ids(edited) == ids(with_media)
    assert edited.content_hash not in {with_media.content_hash, contents.content_hash(edited.body)}
    back = editing.revert(desk.database, desk.editor, made_run.draft, 1, version=3)
    assert back.content_hash == with_media.content_hash
    with operators.write() as session:
        again = Content(**{**session.get_one(Content, made_run.draft).model_dump(), "body": changed})
    assert contents.revise(operators, made_run.draft, again, note="").content_hash == edited.content_hash


def test_what_may_not_be_edited_keeps_its_media(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    picture = add_picture(operators, store, made_run)
    draft, wanted = made_run.draft, of(picture)

    def refused(error: type[Exception], match: str, caller: Any = desk.editor, version: int = 1) -> None:
        with pytest.raises(error, match=match):
            attach(desk.database, maker, caller, draft, wanted, version=version)

    refused(MoveRefused, "A viewer may not edit", desk.viewer)
    refused(Conflict, "It is at version 1|at version 1", version=2)
    for state, match in ((State.PUBLISHED, "can't be edited"), (State.REJECTED, "can't be edited")):
        _set(operators, draft, state=state)
        refused(MoveRefused, match)
    _set(operators, draft, state=State.QUARANTINED)
    kept = attach(desk.database, maker, desk.program, draft, wanted, version=1)
    assert kept.state is State.QUARANTINED, "media take nothing out of quarantine"
    _set(operators, draft, deleted_at=utc_now())
    refused(MoveRefused, "was deleted", version=2)
    assert told(desk, AuditEvent, AuditEvent.action) == ["content.media_changed"]


def test_what_is_not_there_or_another_workspaces_is_not_found(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, their_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    theirs = add_picture(operators, store, their_run)
    handed = add_upload(operators, store, their_run, picture_bytes(400, 400))
    gone = add_upload(operators, store, made_run, picture_bytes(500, 400), deleted_at=utc_now())
    requests = [*of(theirs, handed, gone), AttachmentRequest(attachment_id="0" * 32), AttachmentRequest(asset_id="")]
    for one in requests:
        for way in (attach, replace):
            with pytest.raises((NotFound, WrongInput)):
                way(desk.database, maker, desk.editor, made_run.draft, [one], version=1)
    with pytest.raises(NotFound):
        attach(desk.database, maker, desk.editor, their_run.draft, of(theirs), version=1)
    for change in (
        lambda: detach(desk.database, desk.editor, made_run.draft, ["0" * 32], version=1),
        lambda: set_alt_text(desk.database, desk.editor, made_run.draft, {"x": "y"}, version=1),
    ):
        with pytest.raises(NotFound, match="has no attachment"):
            change()
    with pytest.raises(WrongInput, match="each attachment once"):
        reorder(desk.database, desk.editor, made_run.draft, ["x"], version=1)
    assert reading.get_content(desk.database, desk.editor, made_run.draft).version == 1


def test_one_thing_is_named_and_each_attachment_once(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    for wrong in ({}, {"asset_id": "a", "upload_id": "b"}, {"attachment_id": "a", "asset_id": "b"}):
        with pytest.raises(ValidationError, match="exactly one"):
            AttachmentRequest.model_validate(wrong)
    picture = add_picture(operators, store, made_run)
    done = attach(desk.database, maker, desk.editor, made_run.draft, of(picture), version=1)
    twice = [AttachmentRequest(attachment_id=done.attachments[0].id)] * 2
    with pytest.raises(NotFound, match="named twice"):
        replace(desk.database, maker, desk.editor, made_run.draft, twice, version=2)


def test_thirty_five_media_and_not_one_more(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    picture = add_picture(operators, store, made_run)
    full = attach(desk.database, maker, desk.editor, made_run.draft, of(*[picture] * 35), version=1)
    assert len(set(ids(full))) == 35
    for way, count in ((attach, 1), (replace, 36)):
        with pytest.raises(WrongInput, match="36 media are too many") as refused:
            way(desk.database, maker, desk.editor, made_run.draft, of(*[picture] * count), version=2)
        assert "35" in str(refused.value)


def test_an_alternative_text_that_is_too_long_names_the_file_and_the_limit(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    thread = made_run.content[1, "x_thread"]
    picture = add_picture(operators, store, made_run, name="teapot.png", purpose="x")
    most = platforms.get("x").images.alt_characters
    assert most
    with pytest.raises(WrongInput, match=rf"teapot\.png has {most + 1:,} characters; X takes at most {most:,}"):
        attach(desk.database, maker, desk.editor, thread, of(picture, alt_text="x" * (most + 1)), version=1)
    fits = attach(desk.database, maker, desk.editor, thread, of(picture, alt_text="x" * most), version=1)
    with pytest.raises(WrongInput, match="can't be kept"):
        set_alt_text(desk.database, desk.editor, thread, {fits.attachments[0].id: "\x00"}, version=2)


# Files


def test_a_picture_of_another_shape_is_cut_to_the_platform_unless_it_is_to_stay_whole(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    wide = add_picture(
        operators, store, made_run, purpose="thumbnail", data=picture_bytes(900, 300), width=900, height=300
    )
    whole = AttachmentRequest(asset_id=wide.id, whole=True)
    done = attach(desk.database, maker, desk.editor, made_run.draft, [*of(wide), whole], version=1)
    cut, kept = done.attachments
    size = platforms.image_size_for("linkedin", 900, 300)
    assert ((cut.width, cut.height), cut.sha256 == wide.sha256) == (size, False)
    assert (kept.width, kept.height, kept.sha256) == (900, 300, wide.sha256)
    with desk.database.read() as session:
        for medium in media_of(session, made_run.draft):
            data = store.get(medium.key)
            assert hashlib.sha256(data).hexdigest() == medium.sha256
            assert Image.open(BytesIO(data)).size == (medium.width, medium.height)


def test_a_picture_of_a_type_or_weight_that_the_platform_does_not_take_is_saved_again(
    desk: ReviewDesk,
    operators: Database,
    made_run: MadeRun,
    store: ArtifactStore,
    maker: Maker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = picture_bytes(1200, 627)
    names = ("type.png", "weight.png")
    rows = [add_picture(operators, store, made_run, name=name, data=data, model="cut") for name in names]
    known = platforms.get("linkedin")
    assert known.uploads
    only_jpeg = known.uploads.model_copy(update={"image_types": ("image/jpeg",)})
    light = known.images.model_copy(update={"most_bytes": len(data) - 1})
    for row, update in zip(rows, ({"uploads": only_jpeg}, {"images": light}), strict=True):
        strict = known.model_copy(update=update)
        monkeypatch.setattr(platforms, "find", lambda _, strict=strict: strict)
        version = reading.get_content(desk.database, desk.editor, made_run.draft).version
        done = attach(desk.database, maker, desk.editor, made_run.draft, of(row), version=version)
        assert done.attachments[-1].sha256 != row.sha256
    assert done.attachments[0].media_type == "image/jpeg"


def test_a_film_is_attached_as_it_is(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    about = {"kind": AssetKind.FILM, "media_type": "video/mp4", "width": 1080, "height": 1920, "seconds": 31.5}
    film = add_picture(operators, store, made_run, name="film.mp4", data=b"film", **about)
    attach(desk.database, maker, desk.editor, made_run.draft, of(film), version=1)
    with desk.database.read() as session:
        (medium,) = media_of(session, made_run.draft)
    assert (medium.kind, medium.seconds, medium.sha256) == (AssetKind.FILM, 31.5, film.sha256)
    assert store.get(medium.key) == b"film"


def test_an_upload_loses_its_metadata_even_whole_and_a_pdf_stays_as_it_is(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    """An upload loses the place where it was taken."""
    file, exif = BytesIO(), Image.Exif()
    exif[0x010E] = "at home"
    Image.new("RGB", (3000, 1000), "teal").save(file, "JPEG", exif=exif)
    photo = add_upload(operators, store, made_run, file.getvalue(), name="me.jpg", media_type="image/jpeg")
    carousel = add_upload(operators, store, made_run, b"%PDF-1.7", name="c.pdf", media_type="application/pdf")
    wanted = [AttachmentRequest(upload_id=photo.id, whole=True), *of(carousel)]
    done = attach(desk.database, maker, desk.editor, made_run.draft, wanted, version=1)
    picture, pdf = done.attachments
    assert (picture.name, picture.width, picture.height, picture.made_by_ai) == ("me.jpg", 2048, 683, False)
    assert (pdf.kind, pdf.sha256, pdf.width, pdf.upload_id) == (AssetKind.DOCUMENT, carousel.sha256, None, carousel.id)
    with desk.database.read() as session:
        assert b"at home" not in store.get(media_of(session, made_run.draft)[0].key)
    words = add_upload(operators, store, made_run, b"words", name="w.txt", media_type="text/plain")
    with pytest.raises(WrongInput, match=r"w\.txt can't be attached: it is text/plain"):
        attach(desk.database, maker, desk.editor, made_run.draft, of(words), version=2)


def test_an_uploaded_film_is_measured_and_loses_its_metadata(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    data = FILM.read_bytes()
    about = {"name": "me.mov", "purpose": "film", "media_type": "video/quicktime"}
    film = add_upload(operators, store, made_run, data, **about)
    (one,) = attach(desk.database, maker, desk.editor, made_run.draft, of(film), version=1).attachments
    assert (one.kind, one.width, one.height, one.seconds, one.name) == (AssetKind.FILM, 54, 96, 1.5, "me.mov")
    with desk.database.read() as session:
        (medium,) = media_of(session, made_run.draft)
    kept = store.get(medium.key)
    assert (medium.sha256, medium.size) == (hashlib.sha256(kept).hexdigest(), len(data))
    assert b"+48.1371" in data
    assert b"+48.1371" not in kept
    cut_off = add_upload(operators, store, made_run, data[:1000], **about)
    with pytest.raises(SourceUnreadable, match=r"me\.mov is a film without"):
        attach(desk.database, maker, desk.editor, made_run.draft, of(cut_off), version=2)


def test_a_picture_that_takes_long_to_cut_is_left_to_the_command(
    desk: ReviewDesk,
    operators: Database,
    made_run: MadeRun,
    store: ArtifactStore,
    maker: Maker,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photo = add_upload(operators, store, made_run, picture_bytes(400, 400))
    late = Maker(store, until=time.monotonic() - 1)
    monkeypatch.setattr(posting, "QUICK_PIXELS", 400 * 400 - 1)
    for slow in (late, maker):
        with pytest.raises(WrongInput, match=r"photo\.png takes too long") as refused:
            attach(desk.database, slow, desk.editor, made_run.draft, of(photo), version=1)
        assert "pressroom optimize FILE --platform linkedin" in str(refused.value)


def test_a_file_that_is_another_than_it_was_is_refused(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    fit = add_picture(operators, store, made_run, name="fit.png")
    other = add_picture(operators, store, made_run, name="other.png", width=5)
    for row in (fit, other):
        store.put(row.key, b"other bytes")
        with pytest.raises(WrongInput, match=f"The file of {row.key.rpartition('/')[2]} is another"):
            attach(desk.database, maker, desk.editor, made_run.draft, of(row), version=1)


def test_an_attachment_outlives_its_origin(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    photo = add_upload(operators, store, made_run, picture_bytes(400, 400))
    approved = attach(desk.database, maker, desk.editor, made_run.draft, of(photo), version=1)
    uploads.delete_upload(desk.database, desk.editor, photo.id)
    assert purge_uploads(operators, store, utc_now() + timedelta(days=1)) == 1
    left = reading.get_content(desk.database, desk.editor, made_run.draft)
    assert (left.attachments[0].upload_id, left.content_hash) == (None, approved.content_hash)
    with desk.database.read() as session:
        assert store.exists(media_of(session, made_run.draft)[0].key)


# What becomes of them with their draft, and with their workspace


def test_deleted_content_comes_back_with_its_media_and_is_purged_with_them(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker
) -> None:
    picture = add_picture(operators, store, made_run)
    other = made_run.content[2, "linkedin_post"]
    for draft in (made_run.draft, other):
        attach(desk.database, maker, desk.editor, draft, of(picture), version=1)
    moving.move(desk.database, desk.editor, made_run.draft, State.READY)
    moving.delete(desk.database, desk.editor, made_run.draft)
    back = moving.restore(desk.database, desk.editor, made_run.draft)
    assert back.approval
    assert names(back) == ["picture.png"]
    moving.delete(desk.database, desk.editor, made_run.draft)
    files = store.list("attachments")
    assert moving.purge_deleted(operators, utc_now() + timedelta(days=1), remove=store.delete) == 1
    assert [key for key in files if f"/{other}/" in key] == store.list("attachments")
    assert told(desk, Attachment, Attachment.content_id) == [other]
    assert store.exists(picture.key)


def test_a_workspace_takes_its_media_along_and_leaves_none(
    desk: ReviewDesk, operators: Database, made_run: MadeRun, store: ArtifactStore, maker: Maker, tmp_path: Path
) -> None:
    picture = add_picture(operators, store, made_run)
    attach(desk.database, maker, desk.editor, made_run.draft, of(picture), version=1)
    with operators.write() as session:
        home = session.get_one(Workspace, made_run.workspace_id)
        home.deleted_at = utc_now() - timedelta(days=1)
    taken = take_along(operators, store, home, tmp_path / "export.zip", day="2026-11-20")
    assert (taken.rows["attachments"], taken.files, taken.missing) == (1, 2, ())
    assert purge_workspaces(operators, store, utc_now()) == 1
    with operators.read() as session:
        assert session.exec(select(Attachment)).all() == session.exec(select(Artifact)).all() == []
    assert store.list("attachments") == []


def _set(operators: Database, content_id: str, **columns: Any) -> None:
    with operators.write() as session:
        row = session.get_one(Content, content_id)
        for name, value in columns.items():
            setattr(row, name, value)
        session.add(row)
