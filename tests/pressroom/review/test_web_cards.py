"""Cards of links and avatars: fetched once, from public addresses alone, kept as pictures drawn again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path
from threading import Thread

import pytest
from PIL import Image

from apps.desk.avatars import Avatars
from pressroom.errors import NotFound
from pressroom.review import web_cards
from pressroom.sources.fetching import FetchLimits, Guard
from pressroom.store.artifacts import ArtifactStore
from pressroom.store.database import Database
from pressroom.store.publishing_tables import ChannelRow
from tests.fixtures.desk import MadeRun
from tests.fixtures.receivers import LOOPBACK
from tests.pressroom.review.review_desk import ReviewDesk

HERE = FetchLimits(size=2_000_000, total=5, attempts=1, guard=LOOPBACK)
PAGE = """<!doctype html><title>Plain title</title><meta name=description content="About&#10; it">
<meta property="OG:title" content="A <b>title</b> &amp; more"><meta property=og:image content="/picture.png">"""


@pytest.fixture
def desk_url(desk_sqlite_url: str) -> str:
    """Nothing here depends on the database."""
    return desk_sqlite_url


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(str(tmp_path / "store"))


def drawing() -> bytes:
    drawn = BytesIO()
    Image.new("RGB", (800, 400), "#2546a8").save(drawn, "PNG")
    return drawn.getvalue()


@contextmanager
def site(files: dict[str, tuple[str, bytes]]) -> Iterator[tuple[str, list[str]]]:
    """A web site: its address, and the paths that were asked for."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            kind, data = files.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://hooks.example.com:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def test_a_page_is_fetched_once_and_its_picture_drawn_again(desk: ReviewDesk, store: ArtifactStore) -> None:
    home = desk.editor.workspace_id
    picture = drawing()
    files = {
        "/a": ("text/html; charset=utf-8", PAGE.encode()), "/picture.png": ("image/png", picture),
        "/none": ("text/html", b"<p>Nothing is stated."), "/pdf": ("application/pdf", b"%PDF-1.7"),
        "/broken": ("text/html", b"\xff\xfe<html" + bytes(range(256))),
    }  # fmt: skip
    with site(files) as (address, asked):
        for _ in range(2):
            card = web_cards.fetch_card(desk.database, store, home, "page", f"{address}/a", limits=HERE)
        assert asked == ["/a", "/picture.png"]
        assert (card.title, card.description) == ("A <b>title</b> & more", "About it")
        kept = store.get(card.picture_key)
        assert kept != picture
        with Image.open(BytesIO(kept)) as drawn:
            assert (drawn.format, max(drawn.size)) == ("PNG", 640)
        assert web_cards.picture_of(desk.database, card.id).picture_key == card.picture_key
        for path in ("/none", "/pdf", "/broken", "/away"):
            bare = web_cards.fetch_card(desk.database, store, home, "page", address + path, limits=HERE)
            assert (bare.picture_key, bare.description) == ("", "")
            with pytest.raises(NotFound):
                web_cards.picture_of(desk.database, bare.id)


def test_no_address_within_the_network_is_asked(desk: ReviewDesk, store: ArtifactStore) -> None:
    """Neither a page's nor that of the picture it names, nor another place than the web."""
    home, public = desk.editor.workspace_id, FetchLimits(total=2, attempts=1, guard=Guard(resolve=LOOPBACK.resolve))
    inside = "http://10.0.0.7/metadata"
    page = f'<meta property="og:image" content="{inside}"><title>T</title>'.encode()
    files = {"/b": ("text/html", page), "/file": ("text/html", page.replace(inside.encode(), b"file:///etc/passwd"))}
    with site(files) as (address, asked):
        for wrong in (
            f"{address}/a",
            inside,
            "http://127.0.0.1/",
            "file:///etc/passwd",
            "javascript:x",
            "http://[",
        ):
            card = web_cards.fetch_card(desk.database, store, home, "page", wrong, limits=public)
            assert (card.title, card.picture_key) == ("", ""), wrong
        assert asked == []
        for path in files:
            card = web_cards.fetch_card(desk.database, store, home, "page", f"{address}{path}", limits=HERE)
            assert (card.title, card.picture_key) == ("T", "")


def test_avatars_of_accounts_are_fetched_by_the_desk(
    desk: ReviewDesk, store: ArtifactStore, operators: Database, made_run: MadeRun
) -> None:
    with site({"/me.png": ("image/png", drawing()), "/no": ("text/html", b"x")}) as (address, asked):
        with operators.write() as session:
            for number, path in enumerate(("/me.png", "/no")):
                session.add(
                    ChannelRow(
                        workspace_id=made_run.workspace_id,
                        platform="mastodon",
                        remote_id=str(number),
                        name="lakeside",
                        avatar=address + path,
                    )
                )
        avatars = Avatars(operators, store, limits=HERE)
        assert [avatars.look() for _ in range(2)] == [2, 0]
        assert sorted(asked) == ["/me.png", "/no"]
    cards = web_cards.known_cards(
        desk.database, made_run.workspace_id, "avatar", [f"{address}/me.png", f"{address}/no"]
    )
    assert [bool(cards[f"{address}{path}"].picture_key) for path in ("/me.png", "/no")] == [True, False]
    with Image.open(BytesIO(store.get(cards[f"{address}/me.png"].picture_key))) as drawn:
        assert max(drawn.size) == 128
