"""Brands: their colours, made readable; their font; their logo and name."""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from pressroom.media.cards import draw
from pressroom.media.cards.colours import LARGE, NORMAL, contrast, hexed, palette, parse, readable
from pressroom.model.images import Brand, CardText

Card = Callable[..., CardText]
COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}")
SERIF = Path(str(files("pressroom.media.cards") / "fonts" / "NotoSerifDisplay-Regular.ttf"))


def test_contrast_is_wcags() -> None:
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert contrast(parse("#767676"), parse("#ffffff")) == pytest.approx(4.54, abs=0.01)


@given(background=COLOURS, text=COLOURS, accent=COLOURS)
def test_any_brand_can_be_read(background: str, text: str, accent: str) -> None:
    brand = Brand(background=background, text=text, accent=accent)
    for ground in ("dark", "light", "accent"):
        colours = palette(brand, ground, written=LARGE)  # type: ignore[arg-type]
        for under in (colours.ground, colours.shade, colours.surface):
            assert contrast(colours.ink, under) >= NORMAL
            assert contrast(colours.muted, under) >= NORMAL
            assert contrast(colours.accent, under) >= LARGE
        assert contrast(colours.on_fill, colours.fill) >= NORMAL


def test_an_adjusted_colour_keeps_its_hue_and_moves_no_further_than_needed() -> None:
    asked, ground = parse("#2a6fdb"), parse("#14213d")
    used = readable(asked, (ground,), NORMAL)
    hues = [colorsys.rgb_to_hls(*(channel / 255 for channel in colour))[0] for colour in (asked, used)]
    assert hues[0] == pytest.approx(hues[1], abs=0.01)
    assert NORMAL <= contrast(used, ground) < NORMAL + 0.1


def test_what_was_adjusted_is_told(card: Card) -> None:
    brand = Brand(background="#777777", text="#888888", accent="#7a7a7a")
    drawn = draw(card("number"), width=1080, height=1080, brand=brand)
    assert any("text colour #888888" in note and "4.5:1" in note for note in drawn.notes)
    assert any("accent colour #7a7a7a" in note and "3:1" in note for note in drawn.notes)
    assert all(hexed(one.colour) not in ("#888888", "#7a7a7a") for one in drawn.texts)


def test_colours_that_can_be_read_are_left_alone(card: Card) -> None:
    brand = Brand(background="#ffffff", text="#111111", accent="#b00020")
    drawn = draw(card("number"), width=1080, height=1080, brand=brand)
    assert drawn.notes == ()
    assert {hexed(one.colour) for one in drawn.texts} >= {"#111111", "#b00020"}


def test_a_logo_stands_in_its_corner_without_its_transparent_edge(card: Card, logo: Path) -> None:
    drawn = draw(card("headline"), width=1080, height=1080, brand=Brand(logo=logo))
    red = drawn.image.point(lambda value: value).convert("RGB")
    found = [(x, y) for x in range(0, 1080, 3) for y in range(0, 1080, 3) if red.getpixel((x, y)) == (220, 20, 20)]
    xs, ys = [x for x, _ in found], [y for _, y in found]
    assert 80 <= min(xs) <= 92 and 985 <= max(ys) <= 996  # the margin is 8 hundredths
    assert 55 <= max(xs) - min(xs) <= 68 and 55 <= max(ys) - min(ys) <= 68
    assert drawn.notes == ()


def test_a_logo_as_dark_as_the_ground_gets_a_plate(card: Card, tmp_path: Path) -> None:
    Image.new("RGBA", (50, 50), (20, 33, 61, 255)).save(tmp_path / "dark.png")
    drawn = draw(card("headline"), width=1080, height=1080, brand=Brand(logo=tmp_path / "dark.png"))
    plate = drawn.image.getpixel((82, 960))
    assert isinstance(plate, tuple) and contrast(plate, (20, 33, 61)) > LARGE  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("content", "said"), [(None, "can't be found"), (b"no picture", "no picture that can be read")]
)
def test_a_broken_logo_is_left_out_and_told(card: Card, tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "logo.png"
    if content is not None:
        path.write_bytes(content)
    drawn = draw(card("headline"), width=1080, height=1080, brand=Brand(name="Weekly", logo=path))
    assert [note for note in drawn.notes if "logo.png" in note and said in note]
    assert drawn.texts[-1].text == "Weekly"


def test_a_logo_that_cannot_be_seen_is_left_out(card: Card, tmp_path: Path) -> None:
    Image.new("RGBA", (50, 50), (9, 9, 9, 0)).save(tmp_path / "clear.png")
    drawn = draw(card("headline"), width=1080, height=1080, brand=Brand(logo=tmp_path / "clear.png"))
    assert "transparent" in " ".join(drawn.notes)


def test_a_brands_font_is_used(card: Card) -> None:
    own = draw(card("headline"), width=1080, height=1080, brand=Brand(font=SERIF))
    shipped = draw(card("headline"), width=1080, height=1080)
    assert own.notes == () and own.image.tobytes() != shipped.image.tobytes()


def test_a_font_that_is_none_is_told(card: Card, tmp_path: Path) -> None:
    (tmp_path / "brand.ttf").write_bytes(b"not a font")
    drawn = draw(card("headline"), width=1080, height=1080, brand=Brand(font=tmp_path / "brand.ttf"))
    assert "brand.ttf can't be read" in drawn.notes[0]
    assert drawn.image.tobytes() == draw(card("headline"), width=1080, height=1080).image.tobytes()


def test_a_name_too_long_is_shortened(card: Card) -> None:
    name = "The Quarterly Review of Rehearsed Failures and Other Operational Matters of Some Consequence"
    drawn = draw(card("headline"), width=1080, height=1080, brand=Brand(name=name))
    assert drawn.texts[-1].text.startswith("The Quarterly") and drawn.texts[-1].text.endswith("…")
