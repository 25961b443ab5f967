"""Product pictures put together without a model: where it is, what is behind it, and its edges."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PIL import Image

from pressroom.errors import CannotCompose, WrongInput
from pressroom.media.cards.colours import contrast
from pressroom.media.photography.asking import photo_request
from pressroom.media.photography.composing import check_composable, composed
from pressroom.media.photography.grounds import STANDS_OUT, rim_colour
from pressroom.media.photography.styles import photo_styles
from tests.pressroom.media.photography.products import bottle, opaque, taken

OFFLINE = tuple(name for name, style in photo_styles().items() if style.composed)


def made(style: str = "solid_background", image: Image.Image | None = None, **changes: Any) -> Any:
    options = {"width": 480, "height": 600, "ground": "#e8e0d0", **changes}
    picture, notes = composed(photo_request(taken(image), style, **options))
    return np.asarray(picture).astype(int), notes


def where_red(pixels: Any) -> tuple[int, int, int, int]:
    red = pixels[..., 0] - pixels[..., 1] > 80
    columns, rows = np.flatnonzero(red.any(axis=0)), np.flatnonzero(red.any(axis=1))
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1


def test_two_styles_need_no_model() -> None:
    assert OFFLINE == ("floating", "solid_background") and len(photo_styles()) == 7


@pytest.mark.parametrize("style", OFFLINE)
@pytest.mark.parametrize("size", [(480, 600), (600, 314), (512, 512), (300, 900)])
def test_the_product_is_whole_and_in_the_middle(style: str, size: tuple[int, int]) -> None:
    pixels, _ = made(style, width=size[0], height=size[1])
    assert pixels.shape == (size[1], size[0], 3)
    left, upper, right, lower = where_red(pixels)
    assert abs(left + right - size[0]) <= 3
    assert (right - left) / (lower - upper) == pytest.approx(176 / 468, rel=0.04)
    spec = photo_styles()[style].composed
    assert spec is not None
    reach = max((right - left) / size[0], (lower - upper) * (1 + spec.lift) / size[1])
    assert reach == pytest.approx(spec.share, abs=0.03)
    assert upper > 0.04 * size[1] and lower < 0.96 * size[1]


@pytest.mark.parametrize("style", OFFLINE)
def test_it_throws_a_soft_shadow_below_and_nowhere_else(style: str) -> None:
    pixels, _ = made(style)
    _, _, _, lower = where_red(pixels)
    middle, edge = pixels[:, 240].sum(axis=1), pixels[:, 10].sum(axis=1)
    darkest = int(np.argmin((middle - edge)[lower + 3 :])) + lower + 3
    assert (middle - edge)[darkest] < -40
    assert (darkest - lower > 15) == (style == "floating"), "the floating one has air below it"
    assert np.abs(np.diff(middle[lower + 6 : 590])).max() < 45, "its edge is soft"
    assert abs(int(middle[-2] - edge[-2])) < 12, "and it ends within the frame"


def test_the_ground_has_the_colour_that_was_asked_for() -> None:
    pixels, notes = made(ground="#3d6b8f", image=bottle(colour="#f0e0c0"))
    assert notes == ()
    corners = pixels[[5, 5, -5, -5], [5, -5, 5, -5]].mean(axis=0)
    assert np.abs(corners - (0x3D, 0x6B, 0x8F)).max() < 20


@pytest.mark.parametrize(
    ("product", "ground"), [("#14213d", "#14213d"), ("#ffffff", "#f8f8f8"), ("#808080", "#7a8a80")]
)
def test_a_product_stands_out_from_its_ground(product: str, ground: str) -> None:
    pixels, notes = made(image=bottle(colour=product), ground=ground)
    rim = rim_colour(bottle(colour=product))
    beside = tuple(round(float(value)) for value in pixels[250, 60:80].mean(axis=0))
    assert contrast(rim, (beside[0], beside[1], beside[2])) > STANDS_OUT - 0.25
    assert any("stand out" in note and ground in note for note in notes)


@pytest.mark.parametrize("behind", ["#ffffff", "#000000", "#00ff00"])
def test_no_fringe_of_the_old_background_is_left(behind: str) -> None:
    """Along a row through the bottle, every pixel lies between the ground's colour and the bottle's."""
    pixels, _ = made(image=bottle(behind=behind), ground="#e0a090")
    clean, _ = made(image=bottle(), ground="#e0a090")
    row = slice(250, 400)
    assert np.abs(pixels[row] - clean[row]).max() <= 14


def test_hidden_colours_under_full_transparency_do_not_show() -> None:
    hidden = bottle(900, 1350)
    plain, _ = made(image=hidden)
    pixels = np.array(hidden)
    pixels[pixels[..., 3] == 0, :3] = (0, 255, 0)
    shown, _ = made(image=Image.fromarray(pixels))
    assert np.abs(plain - shown).max() <= 3


def test_edges_are_soft() -> None:
    pixels, _ = made(image=bottle(900, 1350))
    row = pixels[320, :, 1]
    between = ((row > 60) & (row < 190)).sum()
    assert 2 <= between <= 8


def test_a_small_cut_out_is_not_blown_up() -> None:
    pixels, notes = made(image=bottle(300, 300), width=1600, height=1600)
    _, upper, _, lower = where_red(pixels)
    assert lower - upper < 300 * 0.8 * 2.1
    assert any("Enlarged 2.00 times" in note for note in notes)


def test_the_same_picture_is_the_same_to_the_last_byte() -> None:
    assert (made()[0] == made()[0]).all()


@pytest.mark.parametrize("style", [name for name in photo_styles() if name not in OFFLINE])
def test_the_other_styles_are_refused_with_what_helps(style: str) -> None:
    request = photo_request(taken(), style, width=480, height=600)
    for act in (check_composable, composed):
        with pytest.raises(CannotCompose, match=style) as caught:
            act(request)
        assert "solid_background" in caught.value.hint and "openai" in caught.value.hint


def test_a_photo_without_a_cut_out_is_refused() -> None:
    with pytest.raises(CannotCompose, match="can't be cut out"):
        composed(photo_request(opaque(), "floating", width=480, height=600))


@pytest.mark.parametrize("changes", [{"style": "noir"}, {"width": 0}, {"height": 20_000}])
def test_what_makes_no_sense(changes: dict[str, Any]) -> None:
    with pytest.raises(WrongInput):
        photo_request(taken(), **{"style": "floating", "width": 480, "height": 600, **changes})
