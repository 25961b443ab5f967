"""Variants: the right size and shape everywhere, sharp, small, honest about enlarging, the same every time."""

from __future__ import annotations

import io
import time
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter, features

from pressroom import platforms
from pressroom.errors import ImageTooLarge, ProcessingTimeout, WrongInput
from pressroom.media.pictures import saving
from pressroom.media.pictures import variants as making
from pressroom.media.pictures.drawing import sharpened
from pressroom.media.pictures.goals import goal_for
from pressroom.media.pictures.intake import take_in, take_in_path
from pressroom.media.pictures.keys import variant_key
from pressroom.media.pictures.likeness import likeness
from pressroom.media.pictures.saving import saved
from pressroom.media.pictures.subject import find_subject
from pressroom.media.pictures.taken import Taken
from pressroom.media.pictures.values import FORMATS, MEDIA_TYPES, Box, Format, Options, Variant, Wanted
from pressroom.media.pictures.variants import variants
from pressroom.platforms import image_size_for
from tests.pressroom.media.pictures.scenes import decoded, encoded, near, scene

PHOTOS = [
    Path(__file__).parents[3] / "data" / "photos" / name
    for name in ("oranges.jpg", "vase.jpg", "cut_out.png", "small.webp")
]


@cache
def large() -> Taken:
    return take_in(encoded(scene(900, 600).resize((1800, 1200))), name="hills.jpg")


def everywhere(taken: Taken) -> list[Wanted]:
    return [Wanted(name, *image_size_for(name, *taken.size)) for name in platforms.names()]


@pytest.mark.parametrize("photo", PHOTOS, ids=lambda path: path.name)
def test_every_platform_from_every_photo(photo: Path) -> None:
    taken = take_in_path(photo)
    wanted = everywhere(taken)
    made = variants(taken, wanted, subject=find_subject)
    for want, variant in zip(wanted, made, strict=True):
        seen = decoded(variant.data)
        assert (variant.platform, variant.media_type) == (want.platform, "image/jpeg")
        assert seen.size == (want.width, want.height) == (variant.width, variant.height)
        assert len(variant.data) <= (goal_for(want.platform, "jpg", None).most_bytes or 10**9)
        box = variant.box
        assert 0 <= box.left < box.right <= taken.width and 0 <= box.upper < box.lower <= taken.height
        if not variant.padded:
            assert box.width / box.height == pytest.approx(want.width / want.height, rel=0.01)
        assert bool([note for note in variant.notes if note.startswith("Enlarged")]) == (variant.upscaled > 1.02)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_output_format(kind: Format) -> None:
    (variant,) = variants(large(), [Wanted("x", 600, 338)], Options(format=kind))
    seen = decoded(variant.data)
    assert seen.size == (600, 338) and variant.media_type == MEDIA_TYPES[kind] and variant.extension == kind
    (exact,) = variants(large(), [Wanted("x", 600, 338)], Options(format="png"))
    assert near(seen, decoded(exact.data)) < 4


def test_what_is_shown_is_what_the_box_says() -> None:
    (variant,) = variants(large(), [Wanted("pinterest", 500, 750)], Options(sharpen=0))
    cut = large().pixels().crop(variant.box).resize((500, 750), Image.Resampling.LANCZOS)
    assert near(decoded(variant.data), cut) < 3


def test_the_same_bytes_every_time_and_whoever_else_is_there() -> None:
    wanted = everywhere(large())
    together = variants(large(), wanted, threads=2)
    assert [one.data for one in variants(large(), wanted, threads=1)] == [one.data for one in together]
    for want, one in zip(wanted, together, strict=True):
        assert variants(large(), [want])[0].data == one.data


def test_one_decode_and_one_file_for_equal_wishes(monkeypatch: pytest.MonkeyPatch) -> None:
    decodes, encodes = [], []
    monkeypatch.setattr(Taken, "_decoded", lambda self, by, f=Taken._decoded: decodes.append(by) or f(self, by))
    monkeypatch.setattr(making, "saved", lambda *a, f=saved, **k: encodes.append(k["platform"]) or f(*a, **k))
    same = variants(large(), [Wanted("facebook", 1200, 627), Wanted("linkedin", 1200, 627), Wanted("x", 1200, 675)])
    assert decodes == [1] and len(encodes) == 2
    assert same[0].data is same[1].data and [one.platform for one in same] == ["facebook", "linkedin", "x"]


def test_a_picture_can_be_finished_before_it_is_saved() -> None:
    def mirrored(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), ("Mirrored.",)

    wanted = [Wanted("x", 600, 338)]
    (plain,), (turned,) = variants(large(), wanted), variants(large(), wanted, finish=mirrored)
    assert turned.notes == ("Mirrored.",)
    assert near(decoded(turned.data), mirrored(decoded(plain.data))[0]) < 2


def test_nothing_wanted_nothing_made() -> None:
    assert variants(large(), []) == []


# Where the crop is


def ball_on_the_left() -> Taken:
    return take_in(encoded(scene(2000, 800)))


def red(variant: Variant) -> float:
    pixels = np.asarray(decoded(variant.data), dtype=int)
    return float(((pixels[..., 0] > 150) & (pixels[..., 1] < 90)).mean())


def test_the_subject_stays_in() -> None:
    taken, wanted = ball_on_the_left(), [Wanted("instagram", 600, 800)]
    (middle,), (found,) = variants(taken, wanted), variants(taken, wanted, subject=find_subject)
    assert middle.box == Box(700, 0, 1300, 800)
    assert red(found) > 0.05 > red(middle)


def test_a_point_that_is_given_wins() -> None:
    taken, wanted = ball_on_the_left(), [Wanted("instagram", 600, 800)]
    (right,) = variants(taken, wanted, Options(focus=(1.0, 0.5)), subject=find_subject)
    (there,) = variants(taken, wanted, Options(focus=(0.4, 0.5)))
    assert right.box == Box(1400, 0, 2000, 800) and there.box == Box(500, 0, 1100, 800)


def test_the_subject_is_looked_for_in_a_small_rgb_copy() -> None:
    shown = []

    def finder(image: Image.Image) -> object:
        shown.append((image.mode, max(image.size), image.width / image.height))
        return find_subject(image)

    variants(large(), everywhere(large()), subject=finder)
    assert len(shown) == 1 and shown[0][0] == "RGB" and shown[0][1] <= making.SEEN
    assert shown[0][2] == pytest.approx(1.5, rel=0.01)


# Too small


def test_enlarging_is_said() -> None:
    (variant,) = variants(take_in(encoded(scene(900, 600))), [Wanted("x", 1200, 675)])
    assert variant.upscaled == pytest.approx(1.333, abs=0.001) and not variant.padded
    assert "Enlarged 1.33 times" in variant.notes[0] and "900 x 600" in variant.notes[0]


@pytest.mark.parametrize("kind", ["jpg", "png"])
def test_beyond_a_limit_the_whole_picture_is_set_on_a_ground(kind: Format) -> None:
    small = scene(400, 300)
    (variant,) = variants(take_in(encoded(small, "PNG")), [Wanted("tiktok", 1080, 1920)], Options(format=kind))
    seen = decoded(variant.data)
    assert variant.padded and variant.upscaled == 2.0 and seen.size == (1080, 1920)
    assert variant.box == Box(0, 0, 400, 300) and "set on a ground" in variant.notes[0]
    middle = seen.crop((140, 660, 940, 1260))
    assert near(middle, small.resize((800, 600), Image.Resampling.LANCZOS)) < 4
    assert np.asarray(seen.crop((0, 0, 1080, 500)).convert("L"), dtype=float).std() > 1


def test_the_limit_can_be_moved() -> None:
    taken = take_in(encoded(scene(400, 300)))
    (variant,) = variants(taken, [Wanted("tiktok", 1080, 1920)], Options(most_enlarged=7))
    assert not variant.padded and variant.upscaled == pytest.approx(6.4)


def test_little_that_is_left_is_said() -> None:
    (variant,) = variants(take_in(encoded(scene(3000, 600))), [Wanted("pinterest", 500, 750)])
    assert any("13% of the picture is left" in note for note in variant.notes)


# Alpha


@pytest.mark.parametrize(("kind", "mode"), [("jpg", "RGB"), ("png", "RGBA"), ("webp", "RGBA"), ("avif", "RGBA")])
@pytest.mark.parametrize("size", [(500, 400), (700, 2500)])
def test_alpha_is_kept_where_the_format_can(kind: Format, mode: str, size: tuple[int, int]) -> None:
    cut_out = Image.new("RGBA", (900, 600), (255, 255, 255, 0))
    cut_out.paste(scene(300, 300), (300, 150))
    taken = take_in(encoded(cut_out, "PNG"))
    (variant,) = variants(taken, [Wanted("x", *size)], Options(format=kind, background="#00ff00"))
    seen = decoded(variant.data)
    assert seen.mode == mode
    corner = seen.getpixel((3, 3))
    assert corner[3] == 0 if mode == "RGBA" else corner == pytest.approx((0, 255, 0), abs=4)


# How small, how sharp


@pytest.mark.parametrize("kind", ["jpg", "webp", "avif"])
def test_the_best_quality_that_is_small_enough(kind: Format) -> None:
    wanted = [Wanted("x", 600, 338)]
    (free,) = variants(large(), wanted, Options(format=kind))
    goal = int(len(free.data) * 0.7)
    (tight,) = variants(large(), wanted, Options(format=kind, most_bytes=goal))
    assert len(tight.data) <= goal and tight.quality < free.quality and tight.notes == ()
    image = decoded(variants(large(), wanted, Options(format="png"))[0].data)
    one_better = saving.file_of(image, kind, quality=tight.quality + 1, **saving._options(image, kind))
    assert len(one_better) > goal


def test_a_goal_that_cannot_be_reached_is_said() -> None:
    (variant,) = variants(large(), [Wanted("x", 1200, 675)], Options(most_bytes=2000))
    assert "more than the 2,000 wished for" in variant.notes[-1]
    assert variant.quality == goal_for("x", "jpg", None).least


def test_a_png_gives_up_colours_when_it_must() -> None:
    (whole,) = variants(large(), [Wanted("x", 600, 338)], Options(format="png"))
    (few,) = variants(large(), [Wanted("x", 600, 338)], Options(format="png", most_bytes=len(whole.data) // 2))
    assert whole.notes == () and "256 colours" in few.notes[0] and len(few.data) < len(whole.data)
    assert decoded(few.data).mode == "P"


def test_a_platform_without_a_goal_gets_what_looks_alike() -> None:
    image = scene(800, 600).filter(ImageFilter.GaussianBlur(1))  # no encoder keeps the noise below 88
    file = saved(image, platform="newcomer", kind="jpg", most_bytes=None)
    goal = goal_for("newcomer", "jpg", None)
    assert goal.most_bytes is None and goal.least <= file.quality <= goal.most
    assert likeness(image, decoded(file.data)) >= goal.likeness
    if file.quality > goal.least:
        worse = decoded(encoded(image, quality=file.quality - 1, optimize=True, subsampling=2))
        assert likeness(image, worse) < goal.likeness


def test_drawings_keep_their_coloured_edges() -> None:
    drawing = Image.new("RGB", (600, 400), "#ffffff")
    drawing.paste("#ff0000", (101, 101, 301, 301))
    data = saved(drawing, platform="x", kind="jpg", most_bytes=None).data
    assert Image.open(io.BytesIO(data)).layer[0][1:3] == (1, 1)


def test_likeness_is_one_for_equals_and_falls_with_damage() -> None:
    image = scene(400, 300)
    rough = decoded(encoded(image, quality=10))
    assert likeness(image, image) == pytest.approx(1) and likeness(image, rough) < likeness(
        image, decoded(encoded(image))
    )
    assert likeness(Image.new("L", (5, 5)), Image.new("L", (5, 5), 255)) == 1


def sharpness(image: Image.Image) -> float:
    grey = np.asarray(image.convert("L"), dtype=float)
    return float(np.abs(np.diff(grey, axis=1)).mean())


def test_variants_are_sharpened_a_little() -> None:
    wanted = [Wanted("x", 1200, 675)]
    (soft,), (crisp,) = variants(large(), wanted, Options(sharpen=0)), variants(large(), wanted)
    assert 1.02 < sharpness(decoded(crisp.data)) / sharpness(decoded(soft.data)) < 1.5


@pytest.mark.parametrize("size", [(1, 1), (1, 300), (300, 1), (2, 2), (7, 129), (50, 128), (50, 257)])
@pytest.mark.parametrize("share", [0.25, 1.0])
def test_sharpening_against_the_plain_formula(size: tuple[int, int], share: float) -> None:
    random = np.random.default_rng(1)
    pixels = random.integers(0, 256, (size[1], size[0], 4), dtype=np.uint8)
    colours = np.pad(pixels[..., :3].astype(float), ((1, 1), (1, 1), (0, 0)), mode="edge")
    around = colours[:-2, 1:-1] + colours[2:, 1:-1] + colours[1:-1, :-2] + colours[1:-1, 2:]
    want = np.clip(colours[1:-1, 1:-1] + share * (colours[1:-1, 1:-1] - around / 4), 0, 255)
    got = np.asarray(sharpened(Image.fromarray(pixels), share))
    assert np.abs(got[..., :3] - want).max() <= 0.51
    assert (got[..., 3] == pixels[..., 3]).all()


# Limits


def test_memory_and_time_are_held() -> None:
    with pytest.raises(ImageTooLarge, match="MB to decode"):
        variants(large(), [Wanted("x", 1200, 675)], Options(most_megabytes=5))
    with pytest.raises(ProcessingTimeout, match=r"hills\.jpg"):
        variants(large(), [Wanted("x", 1200, 675)], until=time.monotonic() - 1)


def test_a_format_this_pillow_cannot_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda name: False)
    with pytest.raises(WrongInput, match="without AVIF"):
        variants(large(), [Wanted("x", 1200, 675)], Options(format="avif"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"format": "gif"},
        {"most_bytes": 0},
        {"background": "white"},
        {"focus": (0.5, 1.2)},
        {"sharpen": 2},
        {"most_enlarged": 0.5},
        {"most_megabytes": 0},
    ],
)
def test_options_that_make_no_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(WrongInput):
        Options(**wrong)
    with pytest.raises(WrongInput):
        Wanted("x", 0, 10)


# Keys


def test_a_key_is_of_all_that_decides_and_of_nothing_else() -> None:
    wanted, options = Wanted("facebook", 1200, 627), Options()
    key = variant_key("a" * 64, wanted, options)
    assert key == variant_key("a" * 64, wanted, Options(most_megabytes=7)) and len(key) == 64
    assert key == variant_key("a" * 64, Wanted("linkedin", 1200, 627), options)
    others = [
        variant_key("b" * 64, wanted, options),
        variant_key("a" * 64, Wanted("facebook", 1200, 628), options),
        variant_key("a" * 64, Wanted("pinterest", 1200, 627), options),
        *(
            variant_key("a" * 64, wanted, changed)
            for changed in (
                Options(format="webp"),
                Options(most_bytes=9),
                Options(background="#000000"),
                Options(focus=(0.1, 0.2)),
                Options(finder="faces 2"),
                Options(sharpen=0),
                Options(most_enlarged=3),
            )
        ),
    ]
    assert len({key, *others}) == len(others) + 1
