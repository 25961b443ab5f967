"""The contact sheet, as a picture and as a page."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image, ImageColor

from pressroom.errors import WrongInput
from pressroom.media.pictures.intake import take_in
from pressroom.media.pictures.palette import colour_of
from pressroom.media.pictures.sheet import CELL, contact_sheet, sheet_png
from pressroom.media.pictures.sheet_page import contact_sheet_html
from pressroom.media.pictures.values import Options, Wanted
from pressroom.media.pictures.variants import variants
from tests.pressroom.media.pictures.scenes import decoded, encoded, scene

NAME = "<hills & ball>.jpg"
TAKEN = take_in(encoded(scene(1500, 1000)), name=NAME)
MADE = variants(TAKEN, [Wanted("instagram", 600, 600), Wanted("pinterest", 500, 750), Wanted("x", 600, 338)])


def has(image: Image.Image, colour: str) -> bool:
    return bool((np.asarray(image) == ImageColor.getrgb(colour)).all(axis=-1).any())


def test_every_variant_and_its_frame_is_on_the_sheet() -> None:
    sheet = contact_sheet(TAKEN, MADE)
    assert sheet.mode == "RGB" and sheet.width > 3 * CELL and sheet.height > 2 * CELL
    source = sheet.crop((0, 0, CELL + 20, CELL + 20))
    for at in range(len(MADE)):
        assert has(source, colour_of(at)) and has(sheet.crop((0, CELL + 20, *sheet.size)), colour_of(at))
    assert decoded(sheet_png(sheet)).size == sheet.size


def test_one_column_and_nothing_at_all() -> None:
    assert contact_sheet(TAKEN, MADE, columns=1).width < 2 * CELL
    assert contact_sheet(TAKEN, []).width < 2 * CELL


def test_what_is_transparent_can_be_shown() -> None:
    cut_out = Image.new("RGBA", (600, 600), (0, 0, 0, 0))
    cut_out.paste(scene(200, 200), (200, 200))
    taken = take_in(encoded(cut_out, "PNG"))
    made = variants(taken, [Wanted("x", 600, 338)], Options(format="webp"))
    assert has(contact_sheet(taken, made), "#ffffff")


class Found(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.addresses: list[str] = []
        self.frames: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [str(given[name]) for name in ("src", "href") if name in given]
        self.frames += [given] if tag == "rect" else []


def read(page: str) -> Found:
    found = Found()
    found.feed(page)
    return found


def test_the_page_needs_no_other_address() -> None:
    page = contact_sheet_html(TAKEN, MADE, alt='A red ball "here"')
    found = read(page)
    assert len(found.addresses) == 4 and all(one.startswith("data:image/jpeg;base64,") for one in found.addresses)
    assert not re.search(r"https?://", page)
    assert [(frame["x"], frame["width"]) for frame in found.frames] == [
        (str(one.box.left), str(one.box.width)) for one in MADE
    ]
    assert "&lt;hills &amp; ball&gt;.jpg" in page and "<hills" not in page
    assert "A red ball &#34;here&#34;" in page and "instagram" in page


def test_files_beside_the_page_can_be_shown_instead() -> None:
    links = {"instagram": "variants/a b.jpg", "pinterest": "p.jpg"}
    found = read(contact_sheet_html(TAKEN, MADE, links=links))
    assert found.addresses[1:3] == ["variants/a%20b.jpg", "p.jpg"] and found.addresses[3].startswith("data:")


@pytest.mark.parametrize(
    "link", ["https://example.com/a.jpg", "//example.com/a.jpg", "javascript:alert(1)", "\\\\host\\a"]
)
def test_a_link_that_leads_elsewhere_is_refused(link: str) -> None:
    with pytest.raises(WrongInput, match="no path relative"):
        contact_sheet_html(TAKEN, MADE, links={"instagram": link})
