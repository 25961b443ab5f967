"""The record of content that a reader leaves out or can't read: it becomes the document's notes, or its refusal."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pressroom.errors import SourceUnreadable
from pressroom.platforms import counting

MOST_UNREAD = 0.2
"""Share of a document's words, above which the document is refused because its reader can't read them."""

HIDDEN = "Hidden text"
STRUCK = "Text struck out or deleted"
LETTERS = "Sentences with letters that can't be read"
EQUATIONS = "Equations that can't be written as a line of text"

_LONGEST_SAMPLE = 60
# A replaced character, or a control character or one of a private font that is a part of a word.
_LOST = re.compile(
    r"\ufffd"
    r"|(?<=\w)[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ue000-\uf8ff\U000f0000-\U0010fffd]"
    r"|[\x00-\x08\x0e-\x1f\x7f\ufffe\uffff\ue000-\uf8ff\U000f0000-\U0010fffd](?=\w)"
)
_PRIVATE = re.compile(r"[\ue000-\uf8ff\U000f0000-\U0010fffd]+")
_ENDS = re.compile(r"(?<=[.!?…])(?=[\s\"'”’»)\]])|(?<=[。！？])|(?<=\n)")


def lost_marked(text: str) -> str:
    """`text` with U+FFFD for each letter that can't be read, so that no parser drops it on the way."""
    return _LOST.sub("\ufffd", text)


class Omissions:
    """Lists what a document lacks. `leave_out`: understood, no part of the text. `fail`: not understood.

    `what` is a noun phrase that begins a note: the same phrase makes one note, with the words of all its texts.
    """

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {}
        self._failed: dict[str, int] = {}
        self._sentences: dict[str, None] = {}
        self._signs = 0

    def leave_out(self, what: str, text: str) -> None:
        """Text that belongs to no article: hidden, struck out, a form. White space alone is passed over."""
        if line := " ".join(text.split()):
            self._texts.setdefault(what, []).append(line)

    def fail(self, what: str, text: str) -> None:
        """Text that should be in the document and can't be: its words count against the document."""
        self.leave_out(what, text)
        self._failed[what] = self._failed.get(what, 0) + max(1, counting.words(text))

    def note(self, sentence: str) -> None:
        """A whole sentence for the reviewer; each is there once."""
        if sentence:
            self._sentences[sentence] = None

    def readable(self, text: str) -> str:
        """`text` without the sentences that hold an unreadable letter, and without signs of private fonts."""
        if _LOST.search(text):
            sentences = _ENDS.split(text)
            for sentence in sentences:
                if _LOST.search(sentence):
                    self.fail(LETTERS, lost_marked(sentence))
            text = "".join(sentence for sentence in sentences if not _LOST.search(sentence))
        text, signs = _PRIVATE.subn("", text)
        self._signs += signs
        return text

    def notes(self) -> tuple[str, ...]:
        """One sentence for each kind of omission, in the order they were found, then the whole sentences."""
        signs = f"Signs of a private font: {self._signs:,} left out." if self._signs else ""
        return (*(_note(what, texts) for what, texts in self._texts.items()), *filter(None, [signs]), *self._sentences)

    def check(self, words: int, source: str) -> None:
        """Raises SourceUnreadable if the words not understood are too large a share of `words` and themselves."""
        lost = sum(self._failed.values())
        if lost > MOST_UNREAD * (words + lost):
            worst = max(self._failed, key=lambda what: self._failed[what])
            raise SourceUnreadable(
                f"{lost / (words + lost):.0%} of {source} can't be read. {worst}: {self._failed[worst]:,} words.",
                hint="Save it again in the program that made it, or give its text.",
            )


def _note(what: str, texts: Iterable[str]) -> str:
    joined = " … ".join(texts)
    sample = joined if len(joined) <= _LONGEST_SAMPLE else joined[:_LONGEST_SAMPLE].rpartition(" ")[0] + " …"
    count = counting.words(joined)
    return f"{what}: {count:,} {'word' if count == 1 else 'words'} left out (“{sample.strip()}”)."
