"""Carousels: a post in pages that keep the rules, drawn by cards and never clipped, in a PDF that can be read aloud."""

from __future__ import annotations

import io
from importlib.resources import files

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from pressroom import formats
from pressroom.errors import WrongInput
from pressroom.media.carousel import check_pages, draw_pages, jpegs, pdf, split
from pressroom.model import PartRole
from pressroom.model.carousels import CarouselPage
from pressroom.model.images import Brand


def post(name: str) -> list[str]:
    form = formats.get(name)
    body = form.body.model_validate_json((files("pressroom.formats") / "examples" / f"{name}.json").read_text("utf-8"))
    if form.script:
        return [section.words for section in form.script(body).sections]
    return [part.text for part in form.parts(body) if part.role is PartRole.POST]


@pytest.mark.parametrize(
    "name", ["linkedin_post", "x_thread", "instagram_caption", "instagram_reel", "youtube_video", "facebook_post"]
)
def test_a_post_of_any_format_becomes_pages_that_keep_the_rules_and_lose_no_sentence(name: str) -> None:
    made = split(post(name))
    assert check_pages(made.pages) == ()
    assert 5 <= len(made.pages) <= 10
    told = " ".join(page.text for page in made.pages).replace("\n", " ")
    whole = " ".join(post(name))
    assert made.pages[0].title.rstrip(".…") in whole
    assert "#" not in told
    if not made.notes:
        words = {word.strip(".,;:!?“”").casefold() for word in whole.split() if not word.startswith("#")}
        assert words <= {word.strip(".,;:!?“”…").casefold() for word in told.split()}


def test_posts_too_short_are_refused_and_long_ones_say_what_has_no_room() -> None:
    with pytest.raises(WrongInput, match="has 2 sentences, too few"):
        split(["Only this. And that."])
    with pytest.raises(WrongInput):
        split(["#tags #alone", "https://example.com/a"])
    japanese = split(["毎朝、三つの案が届く。一つを選ぶ。短く書く。声に出して読む。送る。"], language="ja")
    assert japanese.pages[0].title == "毎朝、三つの案が届く。"
    endless = split(["A sentence that says one thing and no other thing at all today. " * 200])
    assert check_pages(endless.pages) == ()
    assert endless.notes


def test_rules_name_the_page() -> None:
    pages = (CarouselPage(title=" "), CarouselPage(title="a" * 101, lines=("b", "c", "d", "e" * 241)))
    assert check_pages(pages) == (
        "It has 2 pages; a carousel has 5 to 10.",
        "Page 1 has no title.",
        "The title of page 2 has 101 characters, at most 100.",
        "Page 2 has 4 lines, at most 3.",
        "A line of page 2 has 241 characters, at most 240.",
    )


def test_pages_are_of_one_size_numbered_and_read_aloud_the_same_bytes_each_time() -> None:
    made = split(post("instagram_caption"))
    pages, notes = draw_pages(made, Brand(name="Pressroom"), (540, 675))
    assert notes == ()
    drawn = jpegs(pages)
    assert {Image.open(io.BytesIO(file)).size for file in drawn} == {(540, 675)}
    texts = [page.text for page in pages]
    whole = pdf(drawn, texts, (540, 675), title="Ask (the) \\ night shift: é 日本", language="en")
    assert whole == pdf(jpegs(draw_pages(made, Brand(name="Pressroom"), (540, 675))[0]), texts, (540, 675),
                        title="Ask (the) \\ night shift: é 日本", language="en")  # fmt: skip
    read = PdfReader(io.BytesIO(whole), strict=True)
    assert read.metadata is not None
    assert read.metadata.title == "Ask (the) \\ night shift: é 日本"
    assert len(read.pages) == len(made.pages)
    root = read.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert [one.get_object()["/Alt"] for one in root["/StructTreeRoot"]["/K"]] == texts
    document = pypdfium2.PdfDocument(whole)
    seen = document[1].render(scale=2).to_pil().convert("RGB")
    with Image.open(io.BytesIO(drawn[1])) as one:
        assert seen.size == one.size
        assert abs(seen.resize((8, 8)).getpixel((3, 3))[0] - one.resize((8, 8)).getpixel((3, 3))[0]) < 6


def test_text_is_fitted_and_never_clipped() -> None:
    """The longest page that the rules allow stands whole on its card."""
    from pressroom.media.cards.drawing import draw
    from pressroom.media.carousel.drawing import _card

    words = "Größenordnungen verändern Entscheidungen grundsätzlich und Verantwortlichkeiten "
    for count, length in ((1, 240), (2, 240), (3, 160)):
        lines = tuple((words * 4)[:length].strip() for _ in range(count))
        page = CarouselPage(title=(words * 3)[:100].strip(), lines=lines)
        made = draw(_card(page, "de"), width=1080, height=1350, brand=Brand(name="Pressroom · 3/7"))
        assert not [note for note in made.notes if "Cut" in note]
        assert all(one.box.left >= 0 and one.box.right <= 1080 and one.box.bottom <= 1350 for one in made.texts)
