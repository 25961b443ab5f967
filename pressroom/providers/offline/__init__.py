"""The offline engine: ideas and drafts without a model, from a topic bank and banks of sentences.

What it writes about and how it says it is data: `topics.toml` (extended by the setting `topic_bank`),
`aspects.toml`, `angles.toml`, `sentences.toml`, `words.toml`. A document that is repurposed is quoted instead:
`documents`. The same request has the same answer.
"""

from __future__ import annotations

from pressroom.calls.declare import Provider
from pressroom.providers.offline.engine import OfflineText

PROVIDER = Provider(name="offline", paid=False, text=OfflineText)
