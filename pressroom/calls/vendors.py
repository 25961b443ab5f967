"""Providers of text: one plug-in each, found by name; its SDK is imported when it is first used.

`shared` holds what they have in common: the protocol, the requests, the chain, the prices.
"""

from __future__ import annotations

from pressroom.calls.declare import Account, Provider, TextProvider
from pressroom.registry import Registry

REGISTRY: Registry[Provider] = Registry("pressroom.providers", "PROVIDER", Provider)

get = REGISTRY.get

__all__ = ["REGISTRY", "Account", "Provider", "TextProvider", "get"]
