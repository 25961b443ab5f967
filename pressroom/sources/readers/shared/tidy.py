"""Text as people see it: composed characters, one kind of space, nothing invisible that no script needs."""

from __future__ import annotations

import re
import unicodedata

# Written between letters in Persian, Hindi and others, and between emoji: there they change what is read.
_JOINERS = "\u200c\u200d"
_INVISIBLE = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    r"\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_TAGGED_FLAG = re.compile("\U0001f3f4[\U000e0061-\U000e007a\U000e0030-\U000e0039]+\U000e007f")
_IDLE_JOINER = re.compile(rf"(?<![^\x00-\u02ff\s])[{_JOINERS}]+|[{_JOINERS}]+(?![^\x00-\u02ff\s])")
_JOINER_RUN = re.compile(rf"([{_JOINERS}])[{_JOINERS}]+")
LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_BLANK_LINES = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")
_CJK = r"\u3001-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_CJK_BREAK = re.compile(rf"(?<=[{_CJK}])[^\S\n]*\n[^\S\n]*(?=[{_CJK}])")


def visible(text: str) -> str:
    """`text` in NFC, without ligatures or characters that show nothing; joiners stay where letters need them."""
    kept: list[str] = []
    end = 0
    for flag in _TAGGED_FLAG.finditer(text):  # England's, Scotland's and Wales's hold tags that stay
        kept += [_INVISIBLE.sub("", text[end : flag.start()]), flag.group()]
        end = flag.end()
    text = "".join(kept) + _INVISIBLE.sub("", text[end:])
    return unicodedata.normalize("NFC", _IDLE_JOINER.sub("", _JOINER_RUN.sub(r"\1", text))).translate(LIGATURES)


def one_line(text: str) -> str:
    """`text` as one line: line breaks become spaces, or nothing between characters of Chinese and Japanese."""
    return " ".join(_CJK_BREAK.sub("", visible(text)).split())


def shortened(text: str, most: int) -> str:
    """`text`, if it is longer than `most` characters cut between two words, with `…` as its last character."""
    if len(text) <= most:
        return text
    cut = text[:most]
    return f"{(cut.rpartition(' ')[0] or cut[:-1]).rstrip(' ,;:-–—')}…"


def paragraphs(text: str) -> list[str]:
    """The paragraphs of `text`, parted by blank lines, each as one line."""
    blocks = _BLANK_LINES.split(text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2029", "\n\n"))
    return [line for line in map(one_line, blocks) if line]
