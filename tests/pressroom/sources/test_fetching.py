"""What a fetch gives and refuses, over real HTTP: limits, redirects, passing failures, answers."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from pressroom.errors import (
    SourceForbidden,
    SourceNeedsLogin,
    SourceNotFound,
    SourceTooLarge,
    SourceUnreachable,
    SourceUnreadable,
    SourceUnusable,
)
from pressroom.sources.fetching import Request, ask, fetch
from tests.pressroom.sources.outside import Handler, Outside, answer, hang_up, limits, page, redirect

MEGABYTE = 1024 * 1024


def test_bytes_and_what_was_declared(outside: Outside) -> None:
    address = outside.on("/a", page(b"\xe4", media_type='Text/HTML; Charset="ISO-8859-1"'))
    content = fetch(address, limits=limits())
    assert (content.data, content.media_type, content.charset) == (b"\xe4", "text/html", "iso-8859-1")
    assert content.source == content.address == address


def test_says_honestly_who_asks(outside: Outside) -> None:
    fetch(outside.on("/a", page("x")), limits=limits())
    [heard] = outside.heard
    assert heard["User-Agent"].startswith("Pressroom/")
    assert heard["Host"] == f"127.0.0.1:{outside.server_port}"
    assert not {"Cookie", "Authorization", "Referer"} & set(heard)


def test_no_proxy_of_the_environment(outside: Outside, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetch(outside.on("/a", page("here")), limits=limits()).data == b"here"


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(outside: Outside, status: int) -> None:
    outside.on("/new", page("here"))
    content = fetch(outside.on("/old", redirect("new?x=1#part", status)), limits=limits())
    assert content.data == b"here"
    assert content.address == outside.at("/new?x=1")


def test_a_redirect_in_other_letters(outside: Outside) -> None:
    outside.on("/b%C3%BCcher%20hier", page("here"))
    location = "/bücher hier".encode().decode("latin-1")
    assert fetch(outside.on("/old", redirect(location)), limits=limits()).data == b"here"


def test_five_redirects_and_no_sixth(outside: Outside) -> None:
    for step in range(6):
        outside.on(f"/{step}", redirect(f"/{step + 1}"))
    outside.on("/6", page("here"))
    assert fetch(outside.at("/1"), limits=limits()).data == b"here"
    with pytest.raises(SourceUnreachable, match="more than 5 times"):
        fetch(outside.at("/0"), limits=limits())


@pytest.mark.parametrize("location", ["", "http://[::1"])
def test_a_redirect_to_nowhere(outside: Outside, location: str) -> None:
    with pytest.raises(SourceUnreachable, match="without saying which"):
        fetch(outside.on("/a", redirect(location)), limits=limits())


@pytest.mark.parametrize(
    ("status", "error", "asked"),
    [
        (400, SourceUnreachable, 1),
        (401, SourceNeedsLogin, 1),
        (403, SourceForbidden, 1),
        (404, SourceNotFound, 1),
        (410, SourceNotFound, 1),
        (429, SourceUnreachable, 3),
        (451, SourceForbidden, 1),
        (500, SourceUnreachable, 3),
        (501, SourceUnreachable, 1),
        (503, SourceUnreachable, 3),
        (304, SourceUnreachable, 1),
        (599, SourceUnreachable, 3),
    ],
)
def test_statuses(outside: Outside, status: int, error: type[SourceUnusable], asked: int) -> None:
    address = outside.on("/a", page("no", status=status)) + "?key=hidden"
    with pytest.raises(error) as refused:
        fetch(address, limits=limits())
    assert len(outside.asked) == asked
    assert refused.value.code == error.code
    assert "/a?key=***" in str(refused.value)
    assert "hidden" not in str(refused.value)
    assert refused.value.hint


def test_a_passing_failure_passes(outside: Outside) -> None:
    address = outside.on("/a", page("no", status=503), hang_up, page("here"))
    assert fetch(address, limits=limits()).data == b"here"


def test_retry_after_is_waited_for(outside: Outside) -> None:
    address = outside.on("/a", page("no", status=429, Retry_After="1"), page("here"))
    begun = time.monotonic()
    assert fetch(address, limits=limits()).data == b"here"
    assert time.monotonic() - begun >= 1


@pytest.mark.parametrize(
    "after", ["3600", format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)], ids=["seconds", "date"]
)
def test_not_longer_than_the_total(outside: Outside, after: str) -> None:
    address = outside.on("/a", page("no", status=503, Retry_After=after), page("here"))
    with pytest.raises(SourceUnreachable, match="503"):
        fetch(address, limits=limits(total=2.0))
    assert len(outside.asked) == 1


def test_a_broken_line(outside: Outside) -> None:
    with pytest.raises(SourceUnreachable, match="broke before everything was here"):
        fetch(outside.on("/a", hang_up), limits=limits())
    assert len(outside.asked) == 3


def test_nobody_listens() -> None:
    server = Outside()
    server.shutdown()
    server.server_close()
    with pytest.raises(SourceUnreachable, match="can't be reached"):
        fetch(server.at("/"), limits=limits())


def test_what_is_no_http(outside: Outside) -> None:
    def greet(handler: Handler) -> None:
        handler.wfile.write(b"220 mail.example ESMTP\r\n")
        handler.close_connection = True

    with pytest.raises(SourceUnreachable):
        fetch(outside.on("/a", greet), limits=limits())


@pytest.mark.parametrize("trickled", ["body", "headers"])
def test_a_trickle_ends_with_the_total(outside: Outside, trickled: str) -> None:
    stopped = threading.Event()

    def trickle(handler: Handler) -> None:
        if trickled == "body":
            handler.send_response(200)
            handler.end_headers()
        else:
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not stopped.wait(0.05):
            handler.wfile.write(b"x")

    begun = time.monotonic()
    with pytest.raises(SourceUnreachable, match="in time"):
        fetch(outside.on("/a", trickle), limits=limits(total=0.6))
    stopped.set()
    assert 0.5 < time.monotonic() - begun < 1.2


def test_silence_ends_with_the_read_time(outside: Outside) -> None:
    stopped = threading.Event()
    address = outside.on("/a", lambda handler: bool(stopped.wait(3)) and None)
    begun = time.monotonic()
    with pytest.raises(SourceUnreachable, match="in time"):
        fetch(address, limits=limits(read=0.2, attempts=2))
    stopped.set()
    assert time.monotonic() - begun < 1
    assert len(outside.asked) == 2


def test_too_large_by_its_own_word(outside: Outside) -> None:
    with pytest.raises(SourceTooLarge, match="larger than 1 MB"):
        fetch(outside.on("/a", answer(b"", 200, {"Content-Length": "83886080"})), limits=limits(size=MEGABYTE))


def test_too_large_without_a_word(outside: Outside) -> None:
    sent = []

    def pour(handler: Handler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(500):
            handler.wfile.write(b"x" * 100_000)
            sent.append(100_000)

    with pytest.raises(SourceTooLarge):
        fetch(outside.on("/a", pour), limits=limits(size=MEGABYTE))
    time.sleep(0.1)
    assert sum(sent) < 20 * MEGABYTE  # what the socket's buffers took


def test_exactly_as_large_as_may_be(outside: Outside) -> None:
    body = b"x" * MEGABYTE
    packed = page(gzip.compress(body), Content_Encoding="gzip")
    assert fetch(outside.on("/a", page(body)), limits=limits(size=MEGABYTE)).data == body
    assert fetch(outside.on("/b", packed), limits=limits(size=MEGABYTE)).data == body
    with pytest.raises(SourceTooLarge):
        fetch(outside.at("/b"), limits=limits(size=MEGABYTE - 1))


def test_a_bomb_is_not_unpacked(outside: Outside) -> None:
    import tracemalloc

    bomb = gzip.compress(b"\0" * (100 * MEGABYTE), 1)
    address = outside.on("/a", page(bomb, Content_Encoding="gzip"))
    tracemalloc.start()
    with pytest.raises(SourceTooLarge):
        fetch(address, limits=limits(size=5 * MEGABYTE))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 15 * MEGABYTE


def _raw(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(b"hello ", mtime=0) + gzip.compress(b"there", mtime=0)),
        ("x-gzip", gzip.compress(b"hello there", mtime=0) + b"\0\0padding"),
        ("deflate", zlib.compress(b"hello there")),
        ("deflate", _raw(b"hello there")),
        ("identity", b"hello there"),
    ],
)
def test_unpacked(outside: Outside, encoding: str, packed: bytes) -> None:
    assert fetch(outside.on("/a", page(packed, Content_Encoding=encoding)), limits=limits()).data == b"hello there"


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "zstd"])
def test_packed_as_nobody_asked(outside: Outside, encoding: str) -> None:
    with pytest.raises(SourceUnreadable, match="not asked for"):
        fetch(outside.on("/a", page(b"x", Content_Encoding=encoding)), limits=limits())


def test_packed_badly(outside: Outside) -> None:
    with pytest.raises(SourceUnreadable, match="can't be unpacked"):
        fetch(outside.on("/a", page(b"plain words", Content_Encoding="gzip")), limits=limits())
    with pytest.raises(SourceUnreachable, match="broke off"):
        fetch(outside.on("/b", page(gzip.compress(b"words" * 99)[:-12], Content_Encoding="gzip")), limits=limits())


def test_from_many_threads(outside: Outside) -> None:
    from concurrent.futures import ThreadPoolExecutor

    addresses = [outside.on(f"/{n}", page(f"page {n}")) for n in range(24)]
    with ThreadPoolExecutor(12) as pool:
        found = list(pool.map(lambda address: fetch(address, limits=limits()).data.decode(), addresses))
    assert found == [f"page {n}" for n in range(24)]


def test_credentials_stay_with_their_own_origin_when_it_redirects(outside: Outside) -> None:
    """Another port is another origin; the conditional header goes along, so that moved feeds are still asked by it."""
    other = Outside()
    other.on("/new", page("", status=304))
    outside.on("/old", redirect(other.at("/new")))
    outside.on("/near", redirect("/old"))
    asked = Request(outside.at("/near"), {"If-None-Match": '"a"'}, {"Authorization": "Bearer hush"})
    answer = ask(asked, limits=limits())
    assert (answer.status, answer.data, answer.address) == (304, b"", other.at("/new"))
    assert [each["Authorization"] for each in outside.heard] == ["Bearer hush"] * 2
    assert ["Authorization" in each for each in other.heard] == [False]
    assert other.heard[0]["If-None-Match"] == '"a"'
    assert "hush" not in repr(asked)
    other.shutdown()
    other.server_close()
