"""Makers of pictures: one plug-in each, found by name; what it needs to speak is imported when it is first used.

`shared` holds what they have in common: the protocol, and how a model's sizes are chosen.
"""

from __future__ import annotations

from pressroom.media.makers.shared.declare import Editor, ImageEditor, ImageMaker, Maker, Order, Picture
from pressroom.media.makers.shared.edits import EditRequest
from pressroom.registry import Registry

REGISTRY: Registry[Maker] = Registry("pressroom.media.makers", "MAKER", Maker)

get = REGISTRY.get

__all__ = [
    "REGISTRY",
    "EditRequest",
    "Editor",
    "ImageEditor",
    "ImageMaker",
    "Maker",
    "Order",
    "Picture",
    "get",
]
