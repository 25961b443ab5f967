"""Every template in every shape and language: nothing clipped, nothing overlapping, all of it readable."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from PIL import Image

from pressroom.errors import CannotCompose
from pressroom.media.cards import Drawn, draw, png
from pressroom.media.cards.canvas import Placed
from pressroom.media.cards.colours import LARGE, NORMAL, contrast
from pressroom.media.cards.frame import Box, frame
from pressroom.model.images import Brand, CardText
from tests.fixtures.extent import ALL_CASES
from tests.fixtures.measuring import assert_takes_less_than

Card = Callable[..., CardText]
SIZES = [(1080, 1080), (1080, 1350), (1080, 566), (1200, 627), (1000, 1500), (1200, 675), (1280, 720), (1080, 1920)]
ODD = [(300, 300), (2000, 420), (480, 1700)]
TEMPLATES = ["headline", "quote", "number", "list"]
LANGUAGES = ["en", "de", "ru", "el"]
NAMED = Brand(name="Pressroom Weekly")
LONG = "People who rehearse failure recover faster, because they know whom to call; they also know what to leave. "


def inside(drawn: Drawn, box: Box) -> bool:
    """Whether all ink is in the box; letters such as W reach two pixels over their own edge."""
    wide = Box(box.left - 2, box.top - 2, box.right + 2, box.bottom + 2)
    return all(
        wide.left <= one.left and wide.top <= one.top and one.right <= wide.right and one.bottom <= wide.bottom
        for one in (text.box for text in drawn.texts)
    )


def overlaps(drawn: Drawn) -> list[tuple[str, str]]:
    texts = drawn.texts
    return [(a.text, b.text) for i, a in enumerate(texts) for b in texts[:i] if a.box.meets(b.box)]


def unreadable(drawn: Drawn) -> list[str]:
    """Lines with too little contrast to any pixel just around their ink."""
    return [one.text for one in drawn.texts if _worst(drawn.image, one) < _asked(one, drawn.image)]


def _asked(one: Placed, image: Image.Image) -> float:
    return LARGE if one.size > 0.07 * (image.width * image.height) ** 0.5 else NORMAL


def _worst(image: Image.Image, one: Placed) -> float:
    left, top, right, bottom = (
        max(0, int(one.box.left) - 2), max(0, int(one.box.top) - 2),
        min(image.width, int(one.box.right) + 3), min(image.height, int(one.box.bottom) + 3),
    )  # fmt: skip
    edges = [
        (left, top, right, top + 1),
        (left, bottom - 1, right, bottom),
        (left, top, left + 1, bottom),
        (right - 1, top, right, bottom),
    ]
    around = {pixel for edge in edges for _, pixel in image.crop(edge).getcolors(maxcolors=100_000) or []}
    return min(contrast(pixel, one.colour) for pixel in around)  # type: ignore[arg-type]


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("template", TEMPLATES)
def test_a_card_is_whole_and_readable(card: Card, template: str, size: tuple[int, int]) -> None:
    """In both variants, of two languages by turns: each template meets each language in each variant, in two sizes."""
    width, height = size
    turn = SIZES.index(size) + TEMPLATES.index(template)
    in_turn = [(LANGUAGES[turn % 4], 0), (LANGUAGES[(turn + 1) % 4], 1)]
    for language, variant in itertools.product(LANGUAGES, (0, 1)) if ALL_CASES else in_turn:
        drawn = draw(card(template, language), width=width, height=height, brand=NAMED, variant=variant)
        where = f"{language} {variant}"
        assert drawn.image.size == size and drawn.image.mode == "RGB"
        assert drawn.notes == (), where
        assert inside(drawn, frame(width, height).safe), where
        assert overlaps(drawn) == [], where
        assert unreadable(drawn) == [], where


CROWDED = [*ODD, (1080, 1080), (1200, 627)]
IN_TURN = [
    (template, size)
    for (row, template), (column, size) in itertools.product(enumerate(TEMPLATES), enumerate(CROWDED))
    if ALL_CASES or (column - row) % len(CROWDED) in (0, 2)
]
"""Each template in two sizes, and each size with a template or two; all of each with all when ALL_CASES."""


@pytest.mark.parametrize(("template", "size"), IN_TURN)
def test_far_too_long_a_text_is_cut_and_told(card: Card, template: str, size: tuple[int, int]) -> None:
    words = card(template, title=LONG * 4, text=LONG * 12, items=(LONG * 3,) * 5, attribution=LONG)
    drawn = draw(words, width=size[0], height=size[1], brand=NAMED, variant=1)
    assert any(note.startswith(("Cut for want of room", "Left out for want of room")) for note in drawn.notes)
    assert any("…" in one.text or one.text.rstrip("”").endswith(("leave.", "leave")) for one in drawn.texts)
    assert inside(drawn, Box(0, 0, *size)) and overlaps(drawn) == []


def test_a_whole_book_is_cut_before_it_is_set(card: Card) -> None:
    book = card("headline", text=LONG * 2000)
    assert_takes_less_than(2, lambda: draw(book, width=1080, height=1080))
    assert any("1,200 characters" in note for note in draw(book, width=1080, height=1080).notes)


def test_a_cut_quotation_keeps_its_closing_mark(card: Card) -> None:
    drawn = draw(card("quote", text=LONG * 12), width=300, height=300, variant=1)
    assert "”" in "".join(one.text for one in drawn.texts)


def test_titles_lead(card: Card) -> None:
    sizes = {one.size for one in draw(card("headline"), width=1080, height=1080).texts}
    assert max(sizes) >= 2 * min(sizes)


def test_a_thumbnail_says_little_very_large_and_leaves_its_corner(card: Card) -> None:
    corner = frame(1280, 720).corner
    assert corner is not None
    for template in TEMPLATES:
        for variant in (0, 1):
            drawn = draw(card(template), width=1280, height=720, brand=NAMED, variant=variant)
            assert not [one for one in drawn.texts if one.box.meets(corner)]
    drawn = draw(card("headline"), width=1280, height=720)
    assert " ".join(one.text for one in drawn.texts) == card("headline").title
    assert min(one.size for one in drawn.texts) > 720 / 10


def test_a_short_video_card_keeps_clear_of_the_buttons(card: Card) -> None:
    safe = frame(1080, 1920).safe
    assert safe.bottom <= 1920 * 0.78 and safe.right <= 1080 * 0.87


def test_variants_and_words_make_other_pictures(card: Card) -> None:
    drawn = {
        png(card("headline", title=title), width=600, height=600, variant=variant)
        for title in ("One thing", "Two things") for variant in (0, 1)
    }  # fmt: skip
    assert len(drawn) == 4


def test_the_same_card_has_the_same_bytes(card: Card) -> None:
    one, two = (png(card("list"), width=1080, height=1080, brand=NAMED, variant=1) for _ in range(2))
    assert one == two and one.startswith(b"\x89PNG")


def test_a_card_takes_less_than_half_a_second(card: Card) -> None:
    def every_template() -> None:
        for template in TEMPLATES:
            png(card(template), width=1080, height=1920, brand=NAMED)

    assert_takes_less_than(0.5 * len(TEMPLATES), every_template)


@pytest.mark.parametrize("size", [(299, 1080), (1080, 299), (5000, 1080)])
def test_a_size_no_card_is_made_in(card: Card, size: tuple[int, int]) -> None:
    with pytest.raises(CannotCompose, match="can't be drawn") as refused:
        draw(card("headline"), width=size[0], height=size[1])
    assert refused.value.hint


@pytest.mark.parametrize(
    ("template", "empty"),
    [
        ("headline", {"title": "🚀 🎉"}),
        ("quote", {"text": "", "title": ""}),
        ("number", {"number": " "}),
        ("list", {"items": ()}),
    ],
)
def test_nothing_to_show(card: Card, template: str, empty: dict[str, object]) -> None:
    with pytest.raises(CannotCompose, match=f"A {template} card needs"):
        draw(card(template, **empty), width=1080, height=1080)
