"""The name of a variant: the same picture, platform and options always have the same, and nothing else has it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict

from pressroom.media.pictures.goals import encoder_options, goal_for
from pressroom.media.pictures.values import Options, Wanted

RECIPE = 1
"""Raise it when the same options give other pixels than before: stored variants are then made again."""

_WITHOUT_EFFECT = ("most_megabytes", "most_bytes")
"""Options that change no pixel by themselves; what comes of `most_bytes` is in the goal."""


def variant_key(sha256: str, wanted: Wanted, options: Options) -> str:
    """64 hexadecimal digits for the variant `wanted` of the picture whose bytes have `sha256`.

    The platform's name is not in it, only what it asks for: platforms that ask for the same share one file.
    """
    chosen = {name: value for name, value in asdict(options).items() if name not in _WITHOUT_EFFECT}
    goal = goal_for(wanted.platform, options.format, options.most_bytes, made=options.made)
    told = {
        "recipe": RECIPE,
        "source": sha256,
        "size": [wanted.width, wanted.height],
        "options": chosen,
        "goal": None if goal is None else asdict(goal),
        "encoder": encoder_options(options.format),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
