"""Google Gemini."""

from __future__ import annotations

from pressroom.providers.gemini.text import PROVIDER

__all__ = ["PROVIDER"]
