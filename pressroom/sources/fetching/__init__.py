"""Fetches bytes from an address a caller gives, and only from hosts of the public internet.

`fetch(address)` and `ask(request)` are the only door: pages, feeds, pictures and trends come in by it.
"""

from __future__ import annotations

from pressroom.sources.fetching.addresses import shown
from pressroom.sources.fetching.fetch import Answer, Request, ask, fetch
from pressroom.sources.fetching.limits import FetchLimits, Guard

__all__ = ["Answer", "FetchLimits", "Guard", "Request", "ask", "fetch", "shown"]
