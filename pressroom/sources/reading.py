"""One way in for everything that can be repurposed: an address, a path, standard input, pasted text, an upload."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from types import MappingProxyType
from urllib.parse import urlsplit

from pydantic import Field

from pressroom.errors import (
    SourceForbidden,
    SourceNoArticle,
    SourceTooLarge,
    SourceUnreadable,
    SourceUnusable,
    WrongInput,
)
from pressroom.model.base import Frozen
from pressroom.model.documents import Document, Kind
from pressroom.platforms import counting
from pressroom.sources import bounds, feeds, isolation, language, readers, signin
from pressroom.sources.feeds import Feed
from pressroom.sources.fetching import FetchLimits, fetch, shown
from pressroom.sources.fetching.bodies import too_large
from pressroom.sources.fetching.fetch import DEFAULT_LIMITS
from pressroom.sources.fetching.limits import MEGABYTE
from pressroom.sources.files import FILES_HINT, read_file, read_stdin
from pressroom.sources.following import Followed, follow
from pressroom.sources.readers.shared.tidy import one_line
from pressroom.sources.shared.declare import Content
from pressroom.sources.sniffing import sniff

FEWEST_WORDS = 20
MOST_WORDS = 200_000
_LONGEST_WORD = 30
"""Characters a word has at most on average, so that a monstrous text need not be counted."""
_LARGEST: Mapping[Kind, int] = MappingProxyType({"text": 4 * MEGABYTE, "markdown": 4 * MEGABYTE, "html": 8 * MEGABYTE})
"""Bytes beyond which a kind surely has too many words (a page: scripts and pictures inside left aside).

Parsing takes up to a hundred times as much memory: 50 MB of Markdown took 6 GB and 150 s, only to be refused.
"""
_THIN = 100
"""Words below which a page with a field for a password is a page for signing in."""
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://", re.I)


class Failed(Frozen):
    """One entry of a feed that gave no document."""

    source: str = Field(description="Its address, or its title.")
    code: str
    reason: str


class Read(Frozen):
    """A source gives one document; a feed gives several."""

    documents: tuple[Document, ...]
    failures: tuple[Failed, ...] = ()
    notes: tuple[str, ...] = Field(default=(), description="Sentences about the feed as a whole.")


def read(
    source: str,
    *,
    most: int = feeds.MOST,
    stdin: Callable[[], bytes] | None = None,
    limits: FetchLimits = DEFAULT_LIMITS,
    files: bool = True,
) -> Read:
    """Reads `source`: a web address, a path, or `-` for standard input (read by `stdin` where given).

    most: entries taken of a feed, newest first. files: False where `source` comes over the network, so users
    can't read this machine's files.

    Raises:
        SourceUnusable: its subclasses say why. Of a feed, only when not a single entry could be read.
        WrongInput: `most` is less than 1.
    """
    if most < 1:
        raise WrongInput(f"{most} entries of a feed are too few.", hint="Ask for at least one.")
    content = _content(source.strip(), stdin=stdin, limits=limits, files=files)
    found = isolation.look(content, most=most)
    if isinstance(found, Document):
        return Read(documents=(found,))
    followed = follow(found, content, read=document_of, limits=limits)
    return _gathered(followed, content, found.notes)


def read_text(text: str, *, title: str = "") -> Document:
    """Pasted text, plain or Markdown or HTML; `title` goes before one that is found in it."""
    document = document_of(Content(data=text.encode("utf-8", "replace"), source="text", charset="utf-8"))
    return document.model_copy(update={"title": title.strip()}) if title.strip() else document


def read_bytes(data: bytes, *, name: str, limits: FetchLimits = DEFAULT_LIMITS) -> Document:
    """An uploaded file; of `name` only the last part counts."""
    bare = PurePosixPath(name.replace("\\", "/")).name or "upload"
    if len(data) > limits.size:
        raise too_large(bare, limits.size)
    return document_of(Content(data=data, source=bare))


def document_of(content: Content) -> Document:
    """The one document that `content` is, read in a process with limits.

    Raises:
        SourceUnusable: its subclasses; SourceUnreadable for a feed, which is several.
    """
    found = isolation.look(content, most=0)
    assert isinstance(found, Document)
    return found


def looked(content: Content, *, most: int) -> Document | Feed:
    """The document that `content` is, or the `most` newest entries of the feed that it is; read in this process.

    Raises:
        SourceUnusable: its subclasses say why; SourceUnreadable for a feed where `most` is 0.
    """
    kind = sniff(content)
    if kind == "feed" and not most:
        raise SourceUnreadable(f"{shown(content.source)} is a feed, not one document.", hint="Name it by itself.")
    bounds.check(content, kind)
    if kind == "feed":
        return feeds.entries(content, most=most)
    if signin.is_sign_in(content):
        raise signin.needed(content)
    _check_size(content, kind)
    try:
        document = readers.get(kind).read(content)
        words = _words(document)
    except SourceUnusable as error:
        if isinstance(error, SourceNoArticle) and signin.has_password_field(content):
            raise signin.needed(content) from error
        message = error.message.replace(content.source, shown(content.source))  # readers name it as it is
        raise type(error)(message, hint=error.hint) from error
    if kind == "html" and words < _THIN and signin.has_password_field(content):
        raise signin.needed(content)
    return language.settled(_titled(document))


def _titled(document: Document) -> Document:
    """`document`, called by its file's name where it has neither a title nor a heading; never by a path."""
    is_page = document.address is not None and document.kind not in ("pdf", "docx")
    if document.title or is_page or document.source in ("-", "text"):
        return document
    path = urlsplit(document.address).path if document.address else document.source.replace("\\", "/")
    return document.model_copy(update={"title": one_line(PurePosixPath(path).stem)})


def _content(source: str, *, stdin: Callable[[], bytes] | None, limits: FetchLimits, files: bool) -> Content:
    if _ADDRESS.match(source):
        return fetch(source, limits=limits)
    if not files:
        raise SourceForbidden(
            f"{shown(source)} is no web address.", hint=f"It looks like https://example.com/post. {FILES_HINT}"
        )
    if source == "-":
        return read_stdin(stdin, size=limits.size)
    return read_file(source, size=limits.size)


def _check_size(content: Content, kind: Kind) -> None:
    most = _LARGEST.get(kind)
    if most is not None and len(content.data) > most:
        raise too_large(shown(content.source), most)


def _words(document: Document) -> int:
    """How many there are. Raises SourceNoArticle for too few, SourceTooLarge for too many."""
    name, text = shown(document.source), document.text
    words = MOST_WORDS + 1 if len(text) > MOST_WORDS * _LONGEST_WORD else counting.words(text)
    if words > MOST_WORDS:
        raise SourceTooLarge(
            f"{name} has more than {MOST_WORDS:,} words.", hint="Give one chapter of it, or the part that matters."
        )
    if words < FEWEST_WORDS:
        raise SourceNoArticle(
            f"{name} has {words} words of running text, too few to make anything of.",
            hint=f"Name a document with at least {FEWEST_WORDS} words.",
        )
    return words


def _gathered(followed: tuple[Followed, ...], content: Content, notes: tuple[str, ...]) -> Read:
    documents = tuple(each.document for each in followed if each.document is not None)
    failed = [(each.source, each.error) for each in followed if each.error is not None]
    if not documents:
        first = failed[0][1]
        message = f"No entry of the feed {shown(content.source)} could be read; the first: {first.message}"
        raise type(first)(message, hint=first.hint) from first
    newest, *others = documents  # notes on the feed as a whole reach a reviewer with its newest document
    documents = (newest.model_copy(update={"notes": (*newest.notes, *notes)}), *others)
    failures = tuple(Failed(source=source, code=error.code, reason=error.message) for source, error in failed)
    return Read(documents=documents, failures=failures, notes=notes)
