"""Is what a draft says in the document it was made from? Numbers, dates, names, links and quotations that are not.

The rules are data, in `rules.toml` and `words.toml` beside this file; `README.md` says what counts as the same.
"""

from pressroom.gates.grounding.checking import ungrounded
from pressroom.gates.grounding.source import Source

__all__ = ["Source", "ungrounded"]
