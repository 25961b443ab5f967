"""Faces, by OpenCV's detector and a model file that the operator installs: the package contains neither.

OpenCV (the extra `faces`) no longer ships the cascades it once did, and its neural detector reads a YuNet model in the
ONNX format. Without both, crops go by what stands out; skin colours were tried instead, and made crops no better
(benchmarks/crops/README.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from PIL import Image

from pressroom.errors import Misconfigured
from pressroom.media.pictures.subject.finding import FaceFinder
from pressroom.media.pictures.subject.focus import Share

SURE = 0.7
"""Score, 0 to 1, from which something is taken for a face."""

_OVERLAP = 0.3
"""Boxes that share more than this are one face."""


def face_finder(model: Path) -> FaceFinder:
    """A finder of faces by the YuNet model at `model`. The call loads the model: keep the finder.

    Raises:
        Misconfigured: OpenCV is not installed, or the file is no such model. The finder raises it too.
    """
    try:
        import cv2
    except ImportError:
        raise Misconfigured(
            "Finding faces needs OpenCV, which is not installed.",
            hint="Install it with `pip install pressroom[faces]`.",
        ) from None
    with _of_use(model, cv2.error):
        detector = cv2.FaceDetectorYN.create(str(model), "", (320, 320), SURE, _OVERLAP)
    one_at_a_time = Lock()

    def find(image: Image.Image) -> tuple[Share, ...]:
        pixels = np.ascontiguousarray(np.asarray(image.convert("RGB"))[..., ::-1])
        with one_at_a_time, _of_use(model, cv2.error):  # its size is the detector's own state
            detector.setInputSize(image.size)
            _, rows = detector.detect(pixels)
        return tuple(_share(row, image.size) for row in rows) if rows is not None else ()

    return find


@contextmanager
def _of_use(model: Path, error: type[Exception]) -> Iterator[None]:
    try:
        yield
    except error:
        raise Misconfigured(
            f"{model} is no model that faces can be found with.", hint="Give a YuNet model in the ONNX format."
        ) from None


def _share(row: Any, size: tuple[int, int]) -> Share:
    """A found face, as left, upper, width and height in pixels, in shares of the picture and within it."""
    left, upper, wide, high = (float(value) for value in row[:4])
    edges = (left / size[0], upper / size[1], (left + wide) / size[0], (upper + high) / size[1])
    first, second, third, fourth = (min(1.0, max(0.0, edge)) for edge in edges)
    return first, second, third, fourth
