"""Documents from addresses, files, pasted text and feeds.

`read("https://example.com/post")`, `read("notes.md")`, `read("-")`, `read_text(...)`, `read_bytes(..., name=...)`;
`fetching.fetch` gives the bytes of any public address, pictures too.
"""

from __future__ import annotations

from pressroom.sources.fetching import FetchLimits, Guard
from pressroom.sources.reading import Failed, Read, read, read_bytes, read_text

__all__ = ["Failed", "FetchLimits", "Guard", "Read", "read", "read_bytes", "read_text"]
