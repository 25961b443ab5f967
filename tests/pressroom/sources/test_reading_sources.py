"""One way in: addresses, files, standard input, pasted text, uploads, feeds; and every bad one with its own code."""

from __future__ import annotations

import html
import os
from pathlib import Path

import pytest

from pressroom import sources
from pressroom.errors import (
    SourceEmpty,
    SourceForbidden,
    SourceNeedsLogin,
    SourceNoArticle,
    SourceNotFound,
    SourceTooLarge,
    SourceUnreachable,
    SourceUnreadable,
    SourceUnusable,
    WrongInput,
)
from pressroom.model import Document
from pressroom.sources import reading
from tests.pressroom.sources.outside import Outside, article, limits, page, redirect

WORDS = "For eleven years we baked 120 loaves a day and threw away 19 of them, until somebody wrote it down. "
LOGIN = "<!doctype html><title>Sign in</title><form><input name=user><input type='password' name=p></form>"


def one(source: str, **options: object) -> Document:
    [document] = sources.read(source, limits=limits(), **options).documents  # type: ignore[arg-type]
    return document


def test_a_page(outside: Outside) -> None:
    document = one(outside.on("/post", page(article())))
    assert document.kind == "html"
    assert document.title == "Why our bakery stopped guessing"
    assert "Marta Ruiz" in document.text
    assert document.language == "en"


def test_markdown_from_the_web(outside: Outside) -> None:
    document = one(outside.on("/post.md", page(f"# Bread\n\n{WORDS * 3}", media_type="text/plain")))
    assert (document.kind, document.title) == ("markdown", "Bread")


def test_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "notes.txt").write_text(WORDS * 3)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert one("~/notes.txt").text == one(str(tmp_path / "notes.txt")).text
    assert one("~/notes.txt").source == "~/notes.txt"


def test_a_file_without_a_title_is_called_by_its_name_and_never_by_its_path(tmp_path: Path) -> None:
    (tmp_path / "cold brakes.txt").write_text(WORDS * 3)
    assert one(str(tmp_path / "cold brakes.txt")).title == "cold brakes"
    assert sources.read_bytes((WORDS * 3).encode(), name="C:\\Users\\ann\\cold brakes.txt").title == "cold brakes"


def test_standard_input() -> None:
    document = one("-", stdin=f"# Bread\n\n{WORDS * 3}".encode)
    assert (document.source, document.title) == ("-", "Bread")


def test_pasted_text() -> None:
    assert sources.read_text(WORDS * 3, title=" Bread ").title == "Bread"
    assert sources.read_text(f"# Loaves\n\n{WORDS * 3}").title == "Loaves"
    assert sources.read_text(WORDS * 3).source == "text"


def test_an_upload() -> None:
    document = sources.read_bytes(f"# Bread\n\n{WORDS * 3}".encode(), name="C:\\posts\\bread.md")
    assert (document.source, document.kind) == ("bread.md", "markdown")
    with pytest.raises(SourceTooLarge):
        sources.read_bytes(b"x" * 101, name="a.md", limits=limits(size=100))


@pytest.mark.parametrize(
    ("data", "name", "error"),
    [
        (b"", "empty.md", SourceEmpty),
        (b"\n \n", "blank.txt", SourceEmpty),
        (bytes(range(256)) * 50, "binary.md", SourceUnreadable),
        (b"Only words.", "text.pdf", SourceUnreadable),
        (b"%PDF-1.7\nbroken", "broken.pdf", SourceUnreadable),
        (b"PK\x03\x04broken", "broken.docx", SourceUnreadable),
        (b"Too few words.", "short.txt", SourceNoArticle),
        (b"<!doctype html><nav><a href=/>Home</a></nav>", "menu.html", SourceNoArticle),
        (b"word " * 200_001, "long.txt", SourceTooLarge),
        ("日".encode() * 200_001, "long.txt", SourceTooLarge),
    ],
)
def test_bad_files(tmp_path: Path, data: bytes, name: str, error: type[SourceUnusable]) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(error) as refused:
        one(str(tmp_path / name))
    assert type(refused.value) is error
    assert refused.value.hint
    with pytest.raises(error):
        sources.read_bytes(data, name=name)


def test_20_words_are_enough() -> None:
    assert sources.read_text("Twenty words " * 10).text
    with pytest.raises(SourceNoArticle, match="19 words"):
        sources.read_text("Twenty words " * 9 + "one")


def test_200_000_words_are_not_too_many() -> None:
    assert sources.read_text("Word word word word word word word word.\n\n" * 25_000).kind == "text"


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFound):
        one(str(tmp_path / "missing.md"))
    with pytest.raises(SourceNotFound, match=r"https://blog\.example/post"):
        one("blog.example/post")
    with pytest.raises(SourceNotFound):
        one("a\0b")
    with pytest.raises(SourceNotFound):
        one("~nobody-of-that-name/a.md")


def test_neither_folders_nor_pipes(tmp_path: Path) -> None:
    with pytest.raises(SourceUnreadable, match="folder"):
        one(str(tmp_path))
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceUnreadable, match="pipe"):
        one(str(tmp_path / "pipe"))
    with pytest.raises(SourceUnreadable, match="device"):
        one("/dev/zero")


def test_a_file_of_80_megabytes(tmp_path: Path) -> None:
    with (tmp_path / "large.txt").open("wb") as file:
        file.truncate(80 * 1024 * 1024)
    with pytest.raises(SourceTooLarge, match="larger than 50 MB"):
        one(str(tmp_path / "large.txt"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_nobody_may_read(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(WORDS)
    (tmp_path / "secret.md").chmod(0)
    with pytest.raises(SourceForbidden):
        one(str(tmp_path / "secret.md"))


@pytest.mark.parametrize(
    "source", ["file:///etc/passwd", "ftp://blog.example/", "http://127.0.0.1/", "http://localhost/"]
)
def test_addresses_never_fetched(source: str) -> None:
    with pytest.raises(SourceForbidden):
        sources.read(source)


@pytest.mark.parametrize("source", ["/etc/hosts", "-", "~/notes.md", "README.md"])
def test_no_files_for_the_network(source: str) -> None:
    with pytest.raises(SourceForbidden, match="no web address"):
        sources.read(source, files=False)


def test_a_private_address_behind_a_redirect(outside: Outside) -> None:
    with pytest.raises(SourceForbidden, match=r"192\.168\.0\.1/, where http://127\.0\.0\.1:\d+/post leads, is not"):
        one(outside.on("/post", redirect("http://192.168.0.1/")))


@pytest.mark.parametrize("where", ["/login?next=/post", "/users/sign_in", "/wp-login.php", "/sso/saml2/start"])
def test_a_redirect_to_a_sign_in(outside: Outside, where: str) -> None:
    outside.on(where.partition("?")[0], page("<!doctype html><script>draw()</script>"))
    with pytest.raises(SourceNeedsLogin):
        one(outside.on("/post", redirect(where)))


def test_a_form_in_place_of_the_page(outside: Outside) -> None:
    with pytest.raises(SourceNeedsLogin):
        one(outside.on("/post", page(LOGIN)))
    wordy = LOGIN.replace(
        "<form>", f"<p>{'Members read on after they have signed in, it costs nothing at all. ' * 4}<form>"
    )
    with pytest.raises(SourceNeedsLogin):
        one(outside.on("/post", page(wordy)))


def test_a_page_about_signing_in_is_a_page(outside: Outside) -> None:
    form = "<header><form><input type=password></form></header>"
    assert one(outside.on("/post", page(article().replace("<body>", f"<body>{form}")))).title
    assert one(outside.on("/login-pages-that-work", page(article()))).title
    outside.on("/login", page(article()))
    assert one(outside.at("/login")).title


def test_messages_keep_the_secrets_of_an_address(outside: Outside) -> None:
    address = outside.on("/post", page("<!doctype html><nav>Home</nav>")) + "?signature=hidden"
    with pytest.raises(SourceNoArticle) as refused:
        one(address)
    assert "hidden" not in str(refused.value)


def feed(outside: Outside, *items: tuple[str, str]) -> str:
    text = "".join(
        f"<item><title>Entry {number}</title><link>{link}</link><description>{words}</description>"
        f"<pubDate>Mon, {20 - number} Jan 2025 08:00:00 GMT</pubDate></item>"
        for number, (link, words) in enumerate(items, 1)
    )
    return outside.on("/feed", page(f'<rss version="2.0"><channel>{text}</channel></rss>', media_type="text/xml"))


def test_a_feed_is_several_documents(outside: Outside) -> None:
    links = [outside.on(f"/{n}", page(article(f"Loaves, part {n}"))) for n in range(3)]
    found = sources.read(feed(outside, *((link, "") for link in links)), limits=limits())
    assert [document.title for document in found.documents] == ["Loaves, part 0", "Loaves, part 1", "Loaves, part 2"]
    assert [document.source for document in found.documents] == links
    assert found.failures == found.notes == ()


def test_an_entry_that_fails_stops_no_other(outside: Outside) -> None:
    good = outside.on("/good", page(article()))
    missing = outside.at("/missing") + "?key=hidden"
    inner = "http://10.0.0.1/"
    found = sources.read(feed(outside, (missing, "Short."), (good, ""), (inner, "")), limits=limits())
    assert [document.source for document in found.documents] == [good]
    assert [(failed.code, failed.source) for failed in found.failures] == [
        ("SOURCE_NOT_FOUND", outside.at("/missing") + "?key=***"),
        ("SOURCE_FORBIDDEN", inner),
    ]
    assert "hidden" not in repr(found.failures)


def test_the_feeds_own_text_stands_in(outside: Outside) -> None:
    own = html.escape(article().partition("</h1>")[2].partition("</article>")[0])
    found = sources.read(feed(outside, (outside.at("/missing"), own), ("", own)), limits=limits())
    first, second = found.documents
    assert "Marta Ruiz" in first.text
    assert first.title == "Entry 1"
    assert str(first.date) == "2025-01-19"
    assert any("the feed's own text" in note for note in first.notes)
    assert not any("the feed's own text" in note for note in second.notes)


def test_only_so_many_pages_are_asked_for(outside: Outside) -> None:
    links = [(outside.on(f"/{n}", page(article())), "") for n in range(5)]
    found = sources.read(feed(outside, *links), most=2, limits=limits())
    assert len(found.documents) == 2
    assert len(outside.asked) == 3
    assert found.notes == ("The feed has 5 entries: the newest 2 were taken.",)


def test_a_feed_of_nothing_that_can_be_read(outside: Outside) -> None:
    with pytest.raises(SourceNotFound, match="No entry of the feed"):
        sources.read(feed(outside, (outside.at("/a"), ""), (outside.at("/b"), "")), limits=limits())
    with pytest.raises(SourceUnreadable, match="No entry of the feed"):  # a feed of itself
        sources.read(feed(outside, (outside.at("/feed"), "")), limits=limits())


def test_an_uploaded_feed_is_not_one_document() -> None:
    with pytest.raises(SourceUnreadable, match="is a feed"):
        sources.read_bytes(b'<rss version="2.0"></rss>', name="feed.xml")


def test_a_server_that_is_down(outside: Outside) -> None:
    with pytest.raises(SourceUnreachable) as refused:
        one(outside.on("/post", page("no", status=503)))
    assert refused.value.code == "SOURCE_UNREACHABLE"


def test_at_least_one_entry() -> None:
    with pytest.raises(WrongInput):
        sources.read("-", most=0, stdin=lambda: b"")


def test_limits_are_what_the_documentation_says() -> None:
    assert (reading.FEWEST_WORDS, reading.MOST_WORDS) == (20, 200_000)


@pytest.mark.parametrize(("name", "megabytes"), [("a.md", 5), ("a.txt", 5), ("a.html", 9)])
def test_what_surely_has_too_many_words_is_not_parsed(
    name: str, megabytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(kind: str) -> None:
        raise AssertionError(f"the reader of {kind} was asked")

    monkeypatch.setattr(reading.readers, "get", never)
    start = b"<!doctype html>" if name == "a.html" else b""
    with pytest.raises(SourceTooLarge):
        sources.read_bytes(start + b"words " * (megabytes * 1024 * 1024 // 6), name=name)
