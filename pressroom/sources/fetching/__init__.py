"""Fetches bytes from an address a caller gives, and only from hosts of the public internet.

`fetch(address)` is the only door: pages, feeds and pictures come in by it.
"""

from __future__ import annotations

from pressroom.sources.fetching.addresses import shown
from pressroom.sources.fetching.fetch import fetch
from pressroom.sources.fetching.limits import FetchLimits, Guard

__all__ = ["FetchLimits", "Guard", "fetch", "shown"]
