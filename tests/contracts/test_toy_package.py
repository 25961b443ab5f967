"""The recipes of CONTRIBUTING tried: a package that brings a format and a reader, installed beside the product."""

from __future__ import annotations

import importlib
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from pressroom import formats
from pressroom.calls.accounts import account_from_settings
from pressroom.calls.books import Books
from pressroom.calls.chain import RetryPolicy, chain_of
from pressroom.calls.ledger import Ledger
from pressroom.errors import SourceNoArticle
from pressroom.formats import prompts
from pressroom.model import Assignment, Idea
from pressroom.settings import settings
from pressroom.sources import isolation, readers, reading
from pressroom.writing.drafting import write

WORDS = " ".join(["They fly by moonlight, and few people know it."] * 3)
FILES = {
    "toyroom/__init__.py": "",
    "toyroom/note.py": '''
        """A note on Mastodon's cousin: one sentence and one question."""

        from pydantic import BaseModel, Field

        from pressroom.formats.shared import rules
        from pressroom.formats.shared.declare import Format
        from pressroom.model import Part


        class ToyNote(BaseModel):
            message: str = Field(description="One sentence.")
            closing: str = Field(description="One question to the reader.")


        FORMAT = Format(
            name="toy_note",
            platform="bluesky",
            title="Toy note",
            body=ToyNote,
            rules=(rules.not_blank("message", "closing"), rules.invites(lambda body: body.closing, "closing")),
            parts=lambda body: (Part(label="Note", text=f"{body.message}\\n\\n{body.closing}"),),
            max_output_tokens=200,
            characters=(20, 300),
        )
    ''',
    "toyroom/prompts/toy_note.md": "Write a note of at most {{ platform.limits.post_graphemes.most }} characters.\n",
    "toyroom/wiki.py": '''
        """Pages of a wiki: `= Title =`, then paragraphs."""

        from pressroom.errors import SourceNoArticle
        from pressroom.model.documents import Document, Section
        from pressroom.sources.shared.declare import Content, Reader


        def read(content: Content) -> Document:
            title, _, text = content.data.decode().partition("\\n")
            if not text.strip():
                raise SourceNoArticle(f"{content.source} has a title only.", hint="Write the text below it.")
            return Document(
                source=content.source, kind="wiki", title=title.strip("= "), sections=(Section(text=text.strip()),)
            )


        READER = Reader(kind="wiki", suffixes=(".wiki",), media_types=("text/x-wiki",), read=read)
    ''',
    "toyroom-1.dist-info/METADATA": "Metadata-Version: 2.1\nName: toyroom\nVersion: 1\n",
    "toyroom-1.dist-info/entry_points.txt": """
        [pressroom.formats]
        toy_note = toyroom.note:FORMAT

        [pressroom.sources.readers]
        wiki = toyroom.wiki:READER
    """,
}


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(textwrap.dedent(text))
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.invalidate_caches()
    forget()
    yield
    forget()
    for name in [name for name in sys.modules if name.partition(".")[0] == "toyroom"]:
        del sys.modules[name]


def forget() -> None:
    """Plug-ins are looked for once a process, and a reader's process may have looked already."""
    for registry in (formats.REGISTRY, readers.REGISTRY):
        for name in ("_outside", "names"):
            registry.__dict__.pop(name, None)
        for name in ("toy_note", "wiki"):
            registry._loaded.pop(name, None)
    prompts.load.cache_clear()
    isolation._POOL.close()


@pytest.mark.usefixtures("installed")
def test_a_format_is_written_offline_and_judged_by_its_rules(ledger: Ledger) -> None:
    assert "toy_note" in formats.names()
    idea = Idea(title="Ask the night shift first", description="They know what breaks.", category="technology")
    chain = chain_of([account_from_settings("offline", settings(), "text")], RetryPolicy())

    written = write(Assignment(idea=idea, format="toy_note"), chain, Books(ledger), feedback_rounds=2, temperature=0.7)

    assert (written.violations, [part.label for part in written.parts("toy_note")]) == ((), ["Note"])
    assert "toy_note:" in written.prompt_hash


@pytest.mark.usefixtures("installed")
def test_a_reader_is_found_by_the_ending_of_a_file_in_the_process_that_reads(tmp_path: Path) -> None:
    page = tmp_path / "bees.wiki"
    page.write_text(f"= Night bees =\n{WORDS}\n")
    (document,) = reading.read(str(page)).documents
    assert (document.kind, document.title) == ("wiki", "Night bees")
    assert document.text == WORDS

    page.write_text("= Nothing =\n")
    with pytest.raises(SourceNoArticle, match="title only"):
        reading.read(str(page))
