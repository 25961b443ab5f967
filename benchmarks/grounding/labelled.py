"""The labelled sentences: sources, and what was written about each, with the pieces marked that it doesn't say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pressroom.model import Document, Section

HERE = Path(__file__).parent
KINDS = ("number", "date", "name", "link", "quotation")
PHENOMENA = ("identifier", "role", "glued", "equal", "negation", "direction", "counted", "speaker")
"""Kinds of mistakes and of things said in another form, as the sentences of `kinds/` are sorted by."""

_WRONG = re.compile(r"⟦(?P<kind>\w+):(?P<text>[^⟧]+)⟧")


@dataclass(frozen=True)
class Sentence:
    """A sentence about a document. wrong: (kind, text) of each piece of it that the document doesn't say.

    tricky: the same in another form, or something else in nearly the same one.
    """

    document: Document
    text: str
    wrong: tuple[tuple[str, str], ...]
    tricky: bool
    phenomenon: str = ""


def chosen_by() -> list[Sentence]:
    """The sentences that rules and word lists were chosen on."""
    return list(_of("chosen"))


def held_out() -> list[Sentence]:
    """Sentences about other sources, written before the gate was tried on any, and never used for choosing."""
    return list(_of("held_out"))


def of_each_kind(half: str) -> list[Sentence]:
    """The sentences of `kinds/chosen.txt` or `kinds/held_out.txt`, each with its phenomenon."""
    blocks = (HERE / "kinds" / f"{half}.txt").read_text("utf-8").split("= ")[1:]
    return [sentence for block in blocks for sentence in _of_block(block.splitlines())]


def _of_block(lines: list[str]) -> Iterator[Sentence]:
    text = "\n\n".join(line[2:] for line in lines if line.startswith("> "))
    document = Document(source="text", kind="text", sections=(Section(text=text),), language=lines[0])
    for line in lines[1:]:
        phenomenon, marked, sentence = line.partition(": ")
        if not line.startswith("> ") and marked:
            yield _sentence(document, sentence, tricky=True, phenomenon=phenomenon)


def _of(folder: str) -> Iterator[Sentence]:
    for path in sorted((HERE / folder).glob("*.txt")):
        source, _, lines = path.read_text("utf-8").partition("\n---\n")
        document = _document(source)
        for line in lines.splitlines():
            yield _sentence(document, line[2:], tricky=line.startswith("*"))


def _sentence(document: Document, marked: str, *, tricky: bool, phenomenon: str = "") -> Sentence:
    wrong = tuple((match["kind"], match["text"]) for match in _WRONG.finditer(marked))
    return Sentence(document, _WRONG.sub(lambda match: match["text"], marked), wrong, tricky, phenomenon)


def _document(source: str) -> Document:
    head, text = source.split("\n\n", 1)
    fields = dict(line.split(": ", 1) for line in head.splitlines())
    return Document(
        source="text", kind="text", title=fields["title"], sections=(Section(text=text),), language=fields["language"]
    )
