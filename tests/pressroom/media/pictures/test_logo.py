"""A logo on a picture: where it goes, which one, and whether it can be seen there."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageChops, ImageDraw
from pydantic import ValidationError

from pressroom.errors import WrongInput
from pressroom.media.pictures.logo import LogoOptions, place_logo
from pressroom.media.pictures.logo_contrast import contrast
from pressroom.media.pictures.logo_opening import Logo
from pressroom.media.pictures.subject import Focus

PHOTOS = Path(__file__).parents[3] / "data" / "photos" / "crops"


def _ring(colour: str, size: tuple[int, int] = (200, 100)) -> Logo:
    image = Image.new("RGBA", size)
    ImageDraw.Draw(image).ellipse((0, 0, size[0] - 1, size[1] - 1), fill=colour)
    return Logo(image)


def _flat(colour: str, size: tuple[int, int] = (1000, 800)) -> Image.Image:
    return Image.new("RGB", size, colour)


def _focus(faces: tuple[tuple[float, float, float, float], ...] = ()) -> Focus:
    return Focus(np.zeros((10, 12), np.float32), faces, (0.5, 0.5), "nothing")


@pytest.mark.parametrize(
    ("place", "corner"),
    [
        ("lower_right", (808, 684)),
        ("lower_left", (32, 684)),
        ("upper_right", (808, 32)),
        ("upper_left", (32, 32)),
        ("centre", (420, 358)),
    ],
)
def test_it_goes_where_it_is_told_to(place: str, corner: tuple[int, int]) -> None:
    picture = _flat("#101010")
    placed = place_logo(picture, [_ring("white")], LogoOptions(place=place, scale=0.2, margin=0.04))
    left, upper = corner
    upper = {684: 800 - 32 - 80, 358: 360}.get(upper, upper)
    assert placed.box == (left, upper, left + 160, upper + 80)
    assert ImageChops.difference(placed.image, picture).getbbox() == placed.box
    assert placed.notes == ()


def test_the_picture_given_is_not_changed() -> None:
    picture = _flat("#101010")
    place_logo(picture, [_ring("white")], LogoOptions(place="centre"))
    assert picture.getcolors() == [(800_000, (16, 16, 16))]


@pytest.mark.parametrize("opacity", [0.25, 0.5])
def test_opacity_mixes_as_a_browser_does(opacity: float) -> None:
    placed = place_logo(_flat("black"), [_ring("white")], LogoOptions(place="centre", opacity=opacity))
    assert placed.image.getpixel((500, 400))[0] == pytest.approx(255 * opacity, abs=1)


def test_scaled_edges_have_no_fringe() -> None:
    """What is transparent is black underneath, as most tools save it; none of it may show."""
    placed = place_logo(_flat("white"), [_ring("#ff0000", (1999, 1001))], LogoOptions(place="centre", plate=False))
    colours = np.asarray(placed.image).reshape(-1, 3)
    assert colours[:, 0].min() >= 253


@pytest.mark.parametrize(("ground", "which"), [("#f4f4f0", 1), ("#101820", 0), ("#d0a040", 1)])
def test_of_two_the_one_that_is_seen_better_is_taken(ground: str, which: int) -> None:
    placed = place_logo(_flat(ground), [_ring("white"), _ring("#181818")], LogoOptions(place="lower_left"))
    assert placed.chosen == which
    assert placed.contrast > 3


def test_low_contrast_is_noted_and_a_plate_helps() -> None:
    picture = _flat("#eeeeee")
    bare = place_logo(picture, [_ring("white")], LogoOptions(place="centre"))
    assert any("contrast of 1." in note for note in bare.notes)
    helped = place_logo(picture, [_ring("white")], LogoOptions(place="centre", plate=True))
    under = helped.image.getpixel((helped.box.left - 3, 400))
    assert under[0] < 160
    assert any("plate was laid" in note for note in helped.notes)


def test_a_plate_is_left_out_where_it_is_not_needed() -> None:
    options = LogoOptions(place="centre", plate=True)
    placed = place_logo(_flat("black"), [_ring("white")], options)
    assert ImageChops.difference(placed.image, _flat("black")).getbbox() == placed.box


def test_a_plate_may_reach_over_the_edge() -> None:
    placed = place_logo(_flat("white"), [_ring("white")], LogoOptions(place="upper_left", margin=0, plate=True))
    assert placed.image.size == (1000, 800)


def test_transparent_parts_do_not_count_for_contrast() -> None:
    dot = Image.new("RGBA", (100, 100))
    dot.paste("white", (40, 40, 60, 60))
    assert contrast(Image.new("RGB", (100, 100), "black"), dot) == pytest.approx(21, abs=0.01)


def test_the_calmest_corner_is_found() -> None:
    picture = _flat("#305070")
    random = np.random.default_rng(5)
    for corner in ((0, 0), (500, 0), (500, 400)):
        patch = Image.fromarray(random.integers(0, 255, (400, 500, 3), dtype=np.uint8))
        picture.paste(patch, corner)
    placed = place_logo(picture, [_ring("white")])
    assert placed.box.left < 200
    assert placed.box.upper > 500


def test_no_corner_with_a_face_is_taken_if_another_is_left() -> None:
    faces = ((0.75, 0.7, 1.0, 1.0), (0.0, 0.7, 0.2, 1.0), (0.7, 0.0, 1.0, 0.2))
    placed = place_logo(_flat("#305070"), [_ring("white")], focus=_focus(faces))
    assert placed.box[:2] == (32, 32)
    assert placed.notes == ()


def test_covering_a_face_is_noted() -> None:
    options = LogoOptions(place="lower_right")
    placed = place_logo(_flat("#305070"), [_ring("white")], options, focus=_focus(((0.8, 0.8, 1.0, 1.0),)))
    assert "The logo covers a part of a face." in placed.notes


def test_auto_stays_off_the_subject_of_a_scene() -> None:
    with Image.open(PHOTOS / "bottle_on_cloth.jpg") as image:
        placed = place_logo(image, [_ring("white")], LogoOptions(place="auto", scale=0.3))
    assert not (placed.box.right > 312 and placed.box.lower > 246)


def test_tiles_cover_the_whole_picture_evenly_and_faintly() -> None:
    picture = _flat("#204060")
    placed = place_logo(picture, [_ring("white")], LogoOptions(place="tiled", scale=0.12))
    assert placed.box == (0, 0, 1000, 800)
    changed = np.asarray(ImageChops.difference(placed.image, picture).convert("L")) > 8
    quarters = [part.mean() for half in np.array_split(changed, 2) for part in np.array_split(half, 2, axis=1)]
    assert min(quarters) > 0.1
    assert max(quarters) < 1.3 * min(quarters)
    assert np.asarray(placed.image).max() < 140
    assert placed.notes == ()


@pytest.mark.parametrize("size", [(300, 1200), (2400, 320)])
@pytest.mark.parametrize("logo", [(1000, 20), (20, 1000), (2000, 2000), (1, 1)])
def test_a_relative_scale_makes_any_logo_fit(size: tuple[int, int], logo: tuple[int, int]) -> None:
    for place in ("lower_right", "tiled", "auto"):
        placed = place_logo(_flat("black", size), [_ring("white", logo)], LogoOptions(place=place))
        assert placed.image.size == size


@pytest.mark.parametrize(("scale", "margin"), [(1.0, 0.04), (0.7, 0.2), (0.3, 0.4)])
def test_larger_than_the_picture_with_its_margins_is_refused(scale: float, margin: float) -> None:
    with pytest.raises(WrongInput, match="larger than the picture") as caught:
        place_logo(_flat("black"), [_ring("white", (100, 100))], LogoOptions(scale=scale, margin=margin))
    assert "scale" in caught.value.hint


def test_an_enlarged_or_tiny_logo_is_noted() -> None:
    assert any("enlarged" in note for note in place_logo(_flat("black"), [_ring("white", (60, 30))]).notes)
    tiny = place_logo(_flat("black", (300, 300)), [_ring("white")], LogoOptions(scale=0.03))
    assert any("only 9 x 4 pixels" in note for note in tiny.notes)


def test_a_picture_with_alpha_keeps_it() -> None:
    placed = place_logo(Image.new("RGBA", (600, 600)), [_ring("#202020")], LogoOptions(place="upper_left"))
    assert placed.image.mode == "RGBA"
    assert placed.image.getpixel((590, 590))[3] == 0
    assert placed.image.getpixel((placed.box.left + 50, placed.box.upper + 25)) == (32, 32, 32, 255)


def test_no_logo_is_refused() -> None:
    with pytest.raises(WrongInput, match="no logo"):
        place_logo(_flat("black"), [])


@pytest.mark.parametrize(
    "wrong", [{"scale": 0}, {"scale": 2}, {"opacity": 0}, {"margin": -1}, {"place": "left"}, {"corner": "auto"}]
)
def test_options_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        LogoOptions(**wrong)


def test_the_same_again_is_the_same_pixels() -> None:
    with Image.open(PHOTOS / "mug_on_a_meadow.jpg") as image:
        one, again = (place_logo(image, [_ring("white"), _ring("black")]) for _ in range(2))
    assert one.image.tobytes() == again.image.tobytes()


@pytest.mark.parametrize("mode", ["L", "P", "CMYK"])
def test_a_grey_or_indexed_picture_becomes_one_with_colours(mode: str) -> None:
    placed = place_logo(_flat("#808080").convert(mode), [_ring("#ff0000")], LogoOptions(place="centre"))
    red, green, _ = placed.image.getpixel((500, 400))
    assert (placed.image.mode, red, green) == ("RGB", 255, 0)
