"""OpenAI."""

from __future__ import annotations

from pressroom.providers.openai.text import PROVIDER

__all__ = ["PROVIDER"]
