"""Removing a background by `rembg`, where it is installed and its model is in place: nothing is downloaded unasked."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import Any

from PIL import Image

from pressroom.errors import CannotCompose

MODEL = "u2net"

EDGE = 2048
"""Pixels of the longer edge of what is cut out; the model itself sees 320, and the rest is interpolated."""

_one_at_a_time = Lock()


def check_removal() -> None:
    """Raises `CannotCompose` when backgrounds can't be removed here, with what helps."""
    if find_spec("rembg") is None:
        raise CannotCompose(
            "Background removal is not installed.",
            hint="Give a PNG or WebP whose background is transparent, or `pip install 'pressroom[cutout]'`.",
        )
    if not _model().is_file():
        raise CannotCompose(
            f"Background removal has no model at {_model()}.",
            hint=f"Fetch it once, while online: `rembg d {MODEL}`.",
        )


def without_background(image: Image.Image) -> Image.Image:
    """`image`, RGB, as RGBA with only its main subject left.

    Raises:
        CannotCompose: it can't be done here, or the model can't be used.
    """
    check_removal()
    try:
        with _one_at_a_time:
            rembg: Any = import_module("rembg")
            cut = rembg.remove(image, session=_session())
    except Exception as error:  # a package of others, with a runtime of others below it
        raise CannotCompose(
            f"The background could not be removed ({type(error).__name__}).",
            hint=f"Fetch the model again: `rembg d {MODEL}`.",
        ) from error
    assert isinstance(cut, Image.Image)
    return cut.convert("RGBA")


@lru_cache(maxsize=1)
def _session() -> Any:
    rembg: Any = import_module("rembg")
    return rembg.new_session(MODEL)


def _model() -> Path:
    """Where rembg keeps it."""
    home = os.environ.get("U2NET_HOME") or str(Path(os.environ.get("XDG_DATA_HOME", "~")) / ".u2net")
    return Path(home).expanduser() / f"{MODEL}.onnx"
