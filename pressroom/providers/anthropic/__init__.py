"""Anthropic."""

from __future__ import annotations

from pressroom.providers.anthropic.text import PROVIDER

__all__ = ["PROVIDER"]
