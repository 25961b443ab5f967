"""When a picture's transparency is a cut-out, and what happens where it isn't."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageDraw

from pressroom.errors import CannotCompose
from pressroom.media.photography import removing
from pressroom.media.photography.cutting_out import REMOVED, check_cut_out, cut_out
from pressroom.media.photography.shape import shape_of
from tests.pressroom.media.photography.products import bottle, opaque, taken


def two(gap: int) -> Image.Image:
    image = Image.new("L", (500, 400))
    draw = ImageDraw.Draw(image)
    draw.rectangle((60, 100, 240 - gap // 2, 300), fill=255)
    draw.rectangle((240 + gap // 2, 100, 440, 300), fill=255)
    return image


def test_a_bottle_on_nothing_is_its_own_cut_out() -> None:
    check_cut_out(taken())
    cut = cut_out(taken(), 2000, 2000)
    assert cut.notes == ()
    assert cut.image.mode == "RGBA"
    assert abs(cut.image.width - 176) <= 6 and abs(cut.image.height - 468) <= 6


def test_it_is_read_no_larger_than_it_is_wanted() -> None:
    large = cut_out(taken(bottle(2000, 3000)), 200, 200).image
    assert 400 <= large.height <= 900


@pytest.mark.parametrize(
    ("alpha", "flaw"),
    [
        (Image.new("L", (400, 400), 255), "no transparent background"),
        (Image.new("L", (400, 400), 200), "no transparent background"),
        (Image.new("L", (400, 400), 0), "nearly all"),
        (Image.new("L", (400, 400), 100), "nearly all"),
        (bottle().getchannel("A").crop((100, 100, 300, 500)), "runs out"),
        (two(100), "several"),
    ],
)
def test_transparency_that_cuts_nothing_out(alpha: Image.Image, flaw: str) -> None:
    assert flaw in shape_of(alpha).flaw


@pytest.mark.parametrize("gap", [0, 4, 10])
def test_a_small_gap_parts_nothing(gap: int) -> None:
    assert shape_of(two(gap)).flaw == ""


def test_crumbs_are_no_second_product() -> None:
    alpha = bottle().getchannel("A")
    ImageDraw.Draw(alpha).rectangle((20, 20, 50, 50), fill=255)
    assert shape_of(alpha).flaw == ""


def test_without_rembg_it_says_what_helps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(removing, "find_spec", lambda name: None)
    for act in (check_cut_out, lambda picture: cut_out(picture, 100, 100)):
        with pytest.raises(CannotCompose, match="no transparent background") as caught:
            act(opaque())
        assert "rembg" not in caught.value.message and "pressroom[cutout]" in caught.value.hint


@pytest.fixture
def rembg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """The package's two functions, as it declares them; the model is whatever is at the place where it looks."""
    made: list[str] = []

    def remove(image: Image.Image, *, session: Any) -> Image.Image:
        made.append(session)
        mask = ImageChops.difference(image, Image.new("RGB", image.size, "white")).convert("L")
        image.putalpha(mask.point(lambda value: 255 if value > 20 else 0))
        return image

    package = SimpleNamespace(new_session=lambda model: f"session of {model}", remove=remove, made=made)
    monkeypatch.setitem(sys.modules, "rembg", package)
    monkeypatch.setattr(removing, "find_spec", lambda name: object())
    monkeypatch.setenv("U2NET_HOME", str(tmp_path))
    removing._session.cache_clear()
    return package


def test_its_model_is_not_fetched_unasked(rembg: SimpleNamespace) -> None:
    with pytest.raises(CannotCompose, match="has no model") as caught:
        cut_out(opaque(), 100, 100)
    assert "rembg d u2net" in caught.value.hint and not rembg.made


def test_with_its_model_the_background_goes(rembg: SimpleNamespace, tmp_path: Path) -> None:
    (tmp_path / "u2net.onnx").write_bytes(b"model")
    check_cut_out(opaque())
    cut = cut_out(opaque(), 100, 100)
    assert cut.notes == (REMOVED,) and rembg.made == ["session of u2net"]
    assert abs(cut.image.width - 176) <= 4


@pytest.mark.parametrize("fails", [True, False])
def test_what_can_go_wrong_with_it(rembg: SimpleNamespace, tmp_path: Path, fails: bool) -> None:
    (tmp_path / "u2net.onnx").write_bytes(b"model")

    def remove(image: Image.Image, *, session: Any) -> Image.Image:
        if fails:
            raise RuntimeError("protobuf parsing failed")
        return image.convert("RGBA")

    rembg.remove = remove
    with pytest.raises(CannotCompose) as caught:
        cut_out(opaque(), 100, 100)
    assert caught.value.hint
