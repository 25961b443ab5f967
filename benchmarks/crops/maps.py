"""Other ways to say what stands out in a picture, from the literature: what ours was chosen against.

Each takes a small RGB picture and returns a map of rows x columns, larger where more stands out.
"""

from __future__ import annotations

import numpy as np
from PIL import Image

from pressroom.media.pictures.subject.focus import Map
from pressroom.media.pictures.subject.maps import blurred, lab, scaled


def edges(image: Image.Image) -> Map:
    """Gradients of lightness."""
    down, across = np.gradient(at(image, 192)[..., 0])
    return blurred(np.asarray(np.hypot(down, across), dtype=np.float32), 2)


def entropy(image: Image.Image) -> Map:
    """Entropy of 16 levels of grey in each neighbourhood."""
    levels = at(image, 192)[..., 0] // 6.26
    total = np.zeros(levels.shape, dtype=np.float32)
    for level in range(16):
        share = blurred((levels == level).astype(np.float32), 4)
        total -= share * np.log2(share + 1e-6)
    return np.asarray(total - total.min(), dtype=np.float32)


def frequency_tuned(image: Image.Image) -> Map:
    """Achanta and others 2009: the distance of each colour from the mean colour."""
    colours = at(image, 192)
    return _length(blurred(colours, 1) - colours.mean(axis=(0, 1)))


def centre_surround(image: Image.Image) -> Map:
    """After Itti, Koch and Niebur 1998: fine means less coarse means of colour, at four scales."""
    colours = at(image, 192)
    side = min(colours.shape[:2])
    scales = ((1, 0.06), (2, 0.12), (4, 0.24), (8, 0.4))
    total = np.zeros(colours.shape[:2], dtype=np.float32)
    for fine, coarse in scales:
        total += scaled(_length(blurred(colours, fine) - blurred(colours, max(fine + 1, round(coarse * side)))))
    return total


def histogram_contrast(image: Image.Image) -> Map:
    """After Cheng and others 2011: how far a colour is from the picture's other colours, by how much there is."""
    colours = at(image, 128)
    steps = np.clip((colours + np.array([0, 80, 80])) / (100, 160, 160) * 8, 0, 7).astype(int)
    names = (steps * (64, 8, 1)).sum(axis=-1).ravel()
    _, which, counts = np.unique(names, return_inverse=True, return_counts=True)
    means = np.stack([np.bincount(which, channel.ravel()) / counts for channel in np.moveaxis(colours, 2, 0)], axis=1)
    apart = np.linalg.norm(means[:, None] - means[None], axis=-1)
    near = np.exp(-apart / 15) * counts
    contrast = near @ (apart @ (counts / counts.sum())) / near.sum(axis=1)
    return blurred(contrast[which].reshape(steps.shape[:2]).astype(np.float32), 1)


def unlike_the_edges(image: Image.Image) -> Map:
    """How far each colour is from those of the picture's four edges (Mahalanobis), but for the farthest edge."""
    colours = blurred(at(image, 128), 1)
    deep = max(2, round(0.08 * min(colours.shape[:2])))
    edges = (colours[:deep], colours[-deep:], colours[:, :deep], colours[:, -deep:])
    far = np.stack([_from_colours(colours, edge.reshape(-1, 3)) for edge in edges])
    return np.asarray(far.sum(axis=0) - far.max(axis=0), dtype=np.float32)


def at(image: Image.Image, side: int) -> Map:
    """L*a*b* of a copy of at most `side` pixels."""
    small = image.copy()
    small.thumbnail((side, side), Image.Resampling.BOX)
    return lab(small)


def _length(values: Map) -> Map:
    return np.asarray(np.linalg.norm(values, axis=-1), dtype=np.float32)


def _from_colours(colours: Map, edge: Map) -> Map:
    """The distance of each colour from those of an edge, the farthest being 1."""
    spread = np.linalg.inv(np.cov(edge.T) + 20 * np.eye(3))
    away = colours - edge.mean(axis=0)
    far = np.sqrt(np.maximum(0, ((away @ spread) * away).sum(axis=-1)))
    return np.asarray(far / max(float(far.max()), 1e-6), dtype=np.float32)
