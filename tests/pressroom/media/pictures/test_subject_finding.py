"""What a picture is of, found by what stands out."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from pressroom.errors import WrongInput
from pressroom.media.pictures.subject import find_subject
from tests.fixtures.measuring import assert_takes_less_than


def _with_ball(x: float, y: float, size: tuple[int, int] = (480, 320)) -> Image.Image:
    image = Image.new("RGB", size, (96, 120, 90))
    at = (x * size[0], y * size[1])
    ImageDraw.Draw(image).ellipse((at[0] - 40, at[1] - 40, at[0] + 40, at[1] + 40), fill=(235, 190, 90))
    noise = np.random.default_rng(3).normal(0, 5, (size[1], size[0], 1))
    grainy = np.clip(np.asarray(image, dtype=np.float32) + noise, 0, 255).astype(np.uint8)
    return Image.fromarray(grainy).filter(ImageFilter.GaussianBlur(0.7))


@pytest.mark.parametrize("place", [(0.2, 0.3), (0.8, 0.7), (0.5, 0.5), (0.85, 0.2)])
def test_the_point_is_where_the_ball_is(place: tuple[float, float]) -> None:
    focus = find_subject(_with_ball(*place))
    assert focus.found == "saliency"
    assert focus.point == pytest.approx(place, abs=0.08)


def test_the_map_sums_to_one_and_is_the_same_again() -> None:
    one, again = find_subject(_with_ball(0.3, 0.6)), find_subject(_with_ball(0.3, 0.6))
    assert float(one.saliency.sum()) == pytest.approx(1, abs=1e-4)
    assert one.saliency.min() >= 0
    assert np.array_equal(one.saliency, again.saliency)


def test_a_map_has_the_pictures_shape() -> None:
    rows, columns = find_subject(_with_ball(0.5, 0.5, (600, 300))).saliency.shape
    assert columns / rows == pytest.approx(2, abs=0.1)


def _noise() -> Image.Image:
    noisy = 128 + np.random.default_rng(1).normal(0, 6, (300, 400, 3))
    return Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8))


@pytest.mark.parametrize(
    "image",
    [Image.new("RGB", (400, 300), "#7a8899"), Image.linear_gradient("L").convert("RGB"), _noise()],
    ids=["one colour", "gradient", "noise"],
)
def test_nothing_stands_out_in_a_flat_picture(image: Image.Image) -> None:
    focus = find_subject(image)
    assert (focus.found, focus.point) == ("nothing", (0.5, 0.5))
    assert not focus.saliency.any()


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (900, 2), (3, 3), (4000, 12)])
def test_strips_and_single_pixels_are_no_trouble(size: tuple[int, int]) -> None:
    image = Image.effect_noise(size, 90).convert("RGB")
    assert np.isfinite(find_subject(image).saliency).all()


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK"])
def test_other_modes_are_looked_at_as_rgb(mode: str) -> None:
    assert find_subject(_with_ball(0.25, 0.5).convert(mode)).point[0] == pytest.approx(0.25, abs=0.1)


def test_a_given_point_wins_over_faces_and_saliency() -> None:
    focus = find_subject(_with_ball(0.2, 0.3), point=(0.9, 0.1), faces=lambda _: ((0.1, 0.1, 0.3, 0.3),))
    assert (focus.point, focus.found) == ((0.9, 0.1), "given")
    assert focus.faces == ((0.1, 0.1, 0.3, 0.3),)


def test_the_largest_face_is_the_first_and_the_point() -> None:
    small, large = (0.1, 0.1, 0.2, 0.2), (0.6, 0.2, 0.9, 0.6)
    focus = find_subject(_with_ball(0.2, 0.3), faces=lambda _: (small, large))
    assert focus.faces == (large, small)
    assert focus.found == "faces"
    assert focus.point == pytest.approx((0.75, 0.4))


@pytest.mark.parametrize("point", [(-0.1, 0.5), (0.5, 1.01), (float("nan"), 0.5)])
def test_a_point_outside_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(WrongInput, match="outside of the picture") as caught:
        find_subject(_with_ball(0.5, 0.5), point=point)
    assert caught.value.hint


def test_it_is_quick() -> None:
    image = _with_ball(0.4, 0.4, (512, 512))
    assert_takes_less_than(0.06, lambda: find_subject(image))
