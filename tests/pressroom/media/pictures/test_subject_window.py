"""The crop that keeps the subject."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from pressroom.errors import WrongInput
from pressroom.media.pictures.subject import Box, Focus, Share, crop_box, find_subject

PHOTOS = Path(__file__).parents[3] / "data" / "photos" / "crops"

SHAPES = (1.0, 0.8, 1.91, 2 / 3, 16 / 9, 9 / 16)


def _focus(saliency: np.ndarray | None = None, faces: tuple[Share, ...] = ()) -> Focus:
    if saliency is None:
        return Focus(np.zeros((60, 90), np.float32), faces, (0.5, 0.5), "faces" if faces else "nothing")
    rows, columns = (saliency.sum(axis=axis) for axis in (1, 0))
    middle = [float(np.average((np.arange(len(one)) + 0.5) / len(one), weights=one)) for one in (columns, rows)]
    return Focus((saliency / saliency.sum()).astype(np.float32), faces, (middle[0], middle[1]), "saliency")


def _spot(left: float, upper: float, right: float, lower: float) -> np.ndarray:
    saliency = np.full((60, 90), 0.02)
    saliency[int(upper * 60) : int(lower * 60), int(left * 90) : int(right * 90)] = 1
    return saliency


def _holds(box: Box, left: float, upper: float, right: float, lower: float) -> bool:
    return box[0] <= left + 1e-6 and box[1] <= upper + 1e-6 and box[2] >= right - 1e-6 and box[3] >= lower - 1e-6


SCENES = {
    "mug_on_a_meadow": ((271, 209, 375, 308), 1.0),
    "bottle_on_cloth": ((312, 246, 386, 462), 1.0),
    "figure_at_night": ((268, 88, 405, 352), 0.85),  # in dark trousers before a dark street
}
"""Of each: left, upper, right, lower of its subject, in pixels, and the share of what could be kept that must be."""


@pytest.mark.parametrize("aspect", SHAPES)
@pytest.mark.parametrize("name", SCENES)
def test_the_subject_of_a_scene_is_kept(name: str, aspect: float) -> None:
    subject, least = SCENES[name]
    with Image.open(PHOTOS / f"{name}.jpg") as image:
        box = crop_box(find_subject(image), image.size, aspect)
    possible = min(1, (box[2] - box[0]) / (subject[2] - subject[0])) * min(
        1, (box[3] - box[1]) / (subject[3] - subject[1])
    )
    assert _share_in(box, subject) >= 0.97 * least * possible


def _share_in(box: Box, subject: Box) -> float:
    wide = min(box[2], subject[2]) - max(box[0], subject[0])
    high = min(box[3], subject[3]) - max(box[1], subject[1])
    return max(0.0, wide) * max(0.0, high) / ((subject[2] - subject[0]) * (subject[3] - subject[1]))


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 9000), st.integers(1, 9000), st.floats(0.01, 100), st.integers(0, 9))
def test_a_crop_has_the_shape_and_is_as_large_as_can_be(width: int, height: int, aspect: float, seed: int) -> None:
    random = np.random.default_rng(seed)
    box = crop_box(_focus(random.random((20, 30))), (width, height), aspect)
    assert _holds((0, 0, width, height), *box)
    wide, high = box[2] - box[0], box[3] - box[1]
    assert wide / high == pytest.approx(aspect, rel=1e-6)
    assert wide == pytest.approx(width) or high == pytest.approx(height)


@pytest.mark.parametrize("aspect", SHAPES)
def test_where_nothing_stands_out_the_middle_is_kept(aspect: float) -> None:
    left, upper, right, lower = crop_box(_focus(), (900, 600), aspect)
    assert ((left + right) / 2, (upper + lower) / 2) == pytest.approx((450, 300), abs=2)


def test_the_same_shape_is_the_whole_picture() -> None:
    assert crop_box(_focus(_spot(0, 0, 0.2, 0.2)), (900, 600), 1.5) == pytest.approx((0, 0, 900, 600))


def test_what_stands_out_at_an_edge_is_kept() -> None:
    assert _holds(crop_box(_focus(_spot(0.9, 0.1, 1, 0.3)), (900, 600), 9 / 16), 810, 60, 900, 180)


@pytest.mark.parametrize(("point", "left"), [((0.0, 0.5), 0), ((1.0, 0.5), 300), ((0.4, 0.9), 60)])
def test_a_given_point_is_put_in_the_middle(point: tuple[float, float], left: float) -> None:
    focus = Focus(_focus(_spot(0.8, 0.1, 1, 0.9)).saliency, (), point, "given")
    assert crop_box(focus, (900, 600), 1.0) == pytest.approx((left, 0, left + 600, 600))


@pytest.mark.parametrize("aspect", SHAPES)
@pytest.mark.parametrize("left", [0.0, 0.13, 0.4, 0.66, 0.85])
def test_a_face_is_never_cut_though_more_stands_out_elsewhere(left: float, aspect: float) -> None:
    face = (left, 0.1, left + 0.15, 0.4)
    focus = _focus(_spot(0.9 if left < 0.5 else 0, 0.6, 1, 1), (face,))
    box = crop_box(focus, (900, 600), aspect)
    assert _holds(box, face[0] * 900, face[1] * 600, face[2] * 900, face[3] * 600)


def test_there_is_room_over_a_head() -> None:
    face = (0.4, 0.3, 0.6, 0.5)
    box = crop_box(_focus(_spot(0.3, 0.6, 0.7, 1), (face,)), (600, 900), 1.91)
    assert box[1] <= 0.3 * 900 - 0.4 * 0.2 * 900


def test_of_two_faces_too_far_apart_the_larger_is_kept_whole_and_none_is_cut() -> None:
    large, small = (0.0, 0.2, 0.2, 0.6), (0.9, 0.2, 1.0, 0.4)
    left, _, right, _ = crop_box(_focus(None, (large, small)), (900, 600), 0.8)
    assert left == pytest.approx(0, abs=1e-6)
    assert right <= 0.9 * 900


def test_as_many_faces_as_fit_are_kept() -> None:
    faces = ((0.1, 0.2, 0.2, 0.4), (0.6, 0.2, 0.7, 0.4), (0.8, 0.2, 0.9, 0.4))
    left, _, right, _ = crop_box(_focus(None, faces), (900, 600), 0.8)
    assert left <= 0.6 * 900
    assert right >= 0.9 * 900


def test_of_a_face_larger_than_the_crop_the_most_is_shown() -> None:
    left, _, right, _ = crop_box(_focus(None, ((0.5, 0, 1, 1),)), (900, 600), 9 / 16)
    assert left >= 450
    assert right <= 900


@pytest.mark.parametrize("aspect", [0, -1, float("nan"), float("inf")])
def test_a_shape_that_is_none_is_refused(aspect: float) -> None:
    with pytest.raises(WrongInput, match="can't be cropped"):
        crop_box(_focus(), (900, 600), aspect)


def test_a_size_that_is_none_is_refused() -> None:
    with pytest.raises(WrongInput, match="0 x 600 pixels"):
        crop_box(_focus(), (0, 600), 1)


def test_seen_from_a_crop_faces_and_what_stands_out_move_along() -> None:
    focus = _focus(_spot(0.6, 0.5, 0.8, 1), ((0.5, 0.2, 0.7, 0.4), (0.0, 0.0, 0.1, 0.1)))
    seen = focus.within((0.5, 0.0, 1.0, 1.0))
    assert seen.faces == (pytest.approx((0, 0.2, 0.4, 0.4)),)
    assert float(seen.saliency.sum()) == pytest.approx(1, abs=1e-4)
    assert seen.saliency.shape == (60, 45)
    assert seen.point == pytest.approx((focus.point[0] * 2 - 1, focus.point[1]))


def test_seen_from_where_nothing_stands_out() -> None:
    seen = _focus().within((0.99, 0.99, 1.0, 1.0))
    assert seen.saliency.shape == (1, 1)
    assert not seen.saliency.any()
