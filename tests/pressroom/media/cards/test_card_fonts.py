"""Scripts: what is shipped, what the machine has, and what is refused rather than drawn as boxes."""

from __future__ import annotations

from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from PIL import features

from pressroom.errors import CannotCompose
from pressroom.media.cards import draw, faces, system_fonts
from pressroom.media.cards.glyphs import missing
from pressroom.model.images import Brand, CardText

Card = Callable[..., CardText]
FONTS = Path(str(files("pressroom.media.cards") / "fonts"))
ALPHABETS = {
    "Latin": "ÀÉÎÕÜßÆŒØÅĄČĐĘĞİŁŇŐŘŞŢŰŽþð",
    "Cyrillic": "АБВГҐДЕЁЄЖЗИІЇЙЛЉЊЋЏЎФЦЧШЩЪЫЬЭЮЯабвгґдеёєжзиіїй",
    "Greek": "ΑΒΓΔΩάέήίόύώϊΐϋΰς",
    "marks": "“”„«»‘’–—…•€£¥₽₴№%‰×°",
}
JAPANESE = {"language": "ja", "title": "夜勤に聞こう", "text": "夜勤の人は、どのアラートが重要かを知っている。"}


@pytest.mark.parametrize("name", sorted(faces.SHIPPED.values()))
@pytest.mark.parametrize("alphabet", ALPHABETS)
def test_shipped_fonts_have_the_alphabets(name: str, alphabet: str) -> None:
    assert missing((str(FONTS / name), 0), ALPHABETS[alphabet]) == ()


def test_signs_only_the_sans_has_turn_a_quotation_into_it(card: Card) -> None:
    drawn = draw(card("quote", text="Draft → check → publish."), width=1080, height=1080)
    assert drawn.notes == () and "→" in " ".join(one.text for one in drawn.texts)


def test_shipped_fonts_are_free_and_small() -> None:
    licences = [path.read_text("utf-8") for path in FONTS.glob("*-OFL.txt")]
    assert len(licences) == 2 and all("SIL OPEN FONT LICENSE Version 1.1" in text for text in licences)
    assert sum(path.stat().st_size for path in FONTS.iterdir()) < 1_000_000


def test_what_a_font_lacks_is_known() -> None:
    assert missing((str(FONTS / "Inter-Medium.otf"), 0), "a日 b本a日") == ("日", "本")


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without any font of its own."""
    monkeypatch.setattr(system_fonts, "_candidates", lambda *_: ())


def test_without_a_font_for_it_nothing_is_drawn(card: Card, bare: None) -> None:
    with pytest.raises(CannotCompose, match=r"No font on this machine has .*夜 \(U\+591C\)") as refused:
        draw(card("headline", **JAPANESE), width=1080, height=1080)
    assert "fonts-noto-cjk" in refused.value.hint


def test_a_brand_font_without_the_letters_is_told_and_not_used(card: Card, bare: None) -> None:
    with pytest.raises(CannotCompose):
        draw(card("headline", **JAPANESE), width=1080, height=1080, brand=Brand(font=FONTS / "Inter-Medium.otf"))


def test_a_symbol_nobody_has_is_left_out_and_told(card: Card, bare: None) -> None:
    drawn = draw(card("headline", title="Ship ⌘ it now"), width=1080, height=1080)
    assert " ".join(one.text for one in drawn.texts).startswith("Ship it now")
    assert any("⌘" in note for note in drawn.notes)


def test_a_name_nobody_can_write_is_left_out_and_told(card: Card, bare: None) -> None:
    drawn = draw(card("headline"), width=1080, height=1080, brand=Brand(name="夜勤新聞"))
    assert any("name is left out" in note for note in drawn.notes)


def test_fonts_are_found_in_folders_where_fontconfig_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in: one of ours under the name of the Hebrew one, in a folder where users keep fonts."""
    (tmp_path / "fonts" / "deep").mkdir(parents=True)
    (tmp_path / "fonts" / "deep" / "NotoSansHebrew-Bold.otf").write_bytes(
        (FONTS / "InterDisplay-Bold.otf").read_bytes()
    )
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(system_fonts.shutil, "which", lambda _: None)
    system_fonts._candidates.cache_clear()
    try:
        found = system_fonts.find("abc", ("א",), language="he", bold=True, serif=False)
    finally:
        system_fonts._candidates.cache_clear()
    assert found == (str(tmp_path / "fonts" / "deep" / "NotoSansHebrew-Bold.otf"), 0)


def test_letters_that_must_be_shaped_are_refused_without_shaping(card: Card, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(features, "check", lambda _: False)
    with pytest.raises(CannotCompose, match="no text shaping") as refused:
        draw(card("headline", title="اسأل نوبة الليل", text="", language="ar"), width=1080, height=1080)
    assert "libraqm" in refused.value.hint


def _has(text: str) -> bool:
    return system_fonts.find(text, tuple(text), language="ar", bold=True, serif=False) is not None


@pytest.mark.skipif(not features.check("raqm") or not _has("שלוש"), reason="no Hebrew font here")
def test_right_to_left_cards_are_mirrored() -> None:
    words = CardText(template="list", title="שלוש שאלות", items=("מי עובד?", "מה קורה?", "איך יוצאים?"), language="he")
    texts = draw(words, width=1080, height=1080).texts
    numeral, item = next(one for one in texts if one.text == "1"), next(one for one in texts if one.text == "מי עובד?")
    assert numeral.box.left > item.box.right and 985 <= texts[0].box.right <= 996


@pytest.mark.skipif(not _has("夜勤のア"), reason="no Japanese font here")
@pytest.mark.parametrize("template", ["headline", "quote", "number", "list"])
def test_japanese_is_drawn_where_a_font_is(card: Card, template: str) -> None:
    words = card(template, **JAPANESE, items=("訓練する", "減らす", "帰る"), attribution="田中")
    drawn = draw(words, width=1080, height=1350, variant=1)
    assert drawn.notes == () and not any(one.text[0] in "、。」" for one in drawn.texts)
