"""Text files that users write, with whatever mark of their encoding an editor has put before the first letter."""

from __future__ import annotations

import codecs
from pathlib import Path

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


def text_of(file: Path) -> str:
    """The file's text in UTF-8, or in UTF-16 where it begins with its mark; without the mark, lines end in `\\n`.

    Raises:
        OSError: the file can't be read. UnicodeDecodeError: it isn't text in these encodings.
    """
    data = file.read_bytes()
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _lines(data[len(mark) :].decode(encoding))
    return _lines(data.decode("utf-8"))


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n")
