"""Scenes of a script: pure, so tables of scripts and what becomes of them."""

from __future__ import annotations

import json
from importlib.resources import files
from itertools import pairwise

import pytest

from pressroom import formats
from pressroom.errors import WrongInput
from pressroom.media.storyboard import LONGEST, MOST, MOST_SCENES, chapters_at, phrase, picture_words, storyboard
from pressroom.model.films import Script, Section, Shape, Storyboard
from pressroom.platforms import counting

SCRIPTED = tuple(name for name in formats.names() if formats.get(name).script)


def script_of(name: str) -> Script:
    form = formats.get(name)
    body = json.loads((files("pressroom.formats") / "examples" / f"{name}.json").read_text("utf-8"))
    assert form.script
    return form.script(form.body.model_validate(body))


def script(*sections: str, **more: object) -> Script:
    return Script(title="A title", sections=tuple(Section(words=each) for each in sections), **more)  # type: ignore[arg-type]


def said(board: Storyboard) -> str:
    return "".join("".join(scene.words.split()) for scene in board.scenes)


def test_each_format_of_a_script_says_how_it_becomes_scenes() -> None:
    assert SCRIPTED == ("instagram_reel", "tiktok_script", "youtube_short", "youtube_video")
    for name in SCRIPTED:
        given = script_of(name)
        board = storyboard(given)
        assert said(board) == "".join("".join(each.words.split()) for each in given.sections), name
        assert all(0 < counting.spoken_seconds(scene.words) <= MOST for scene in board.scenes), name
        assert [scene.position for scene in board.scenes] == list(range(len(board.scenes)))
        assert all(scene.card.title or scene.card.number for scene in board.scenes), name
        assert board.closing is not None, name
        assert given.shape is (Shape.WIDE if name == "youtube_video" else Shape.VERTICAL)


def test_suggestions_and_lines_are_spread_over_the_film_in_their_order() -> None:
    reel = storyboard(script_of("instagram_reel"))
    suggested = [scene.shows for scene in reel.scenes]
    assert list(dict.fromkeys(suggested)) == list(script_of("instagram_reel").shows)
    assert picture_words(reel.scenes[0], reel) == suggested[0]
    tiktok = storyboard(script_of("tiktok_script"))
    cards, lines = [scene.card.title for scene in tiktok.scenes], script_of("tiktok_script").lines
    assert [title for title in cards if title in lines] == list(lines)
    assert len(set(cards)) == len(cards)
    assert picture_words(tiktok.scenes[0], tiktok).startswith(tiktok.title)


def test_chapters_begin_with_their_scenes_and_short_ones_join_the_one_before() -> None:
    board = storyboard(script_of("youtube_video"))
    assert [chapter.title for chapter in board.chapters][:2] == [
        "Start with a conversation",
        "The list of dreaded jobs",
    ]
    starts = [5.0 * place for place in range(len(board.scenes))]
    listed = chapters_at(board, starts, 5.0 * len(starts))
    assert listed[0] == (0.0, "Start with a conversation")
    assert all(later - earlier >= 10 for (earlier, _), (later, _) in pairwise(listed))
    assert chapters_at(board, [0.1 * place for place in range(len(starts))], 3) == ()


def test_scripts_of_one_word_of_ten_minutes_and_without_words() -> None:
    (one,) = storyboard(script("Hello")).scenes
    assert (one.words, one.card.title) == ("Hello", "Hello")

    long = storyboard(script(*["Every sentence of this has nine words in it. " * 17] * 10))
    seconds = sum(counting.spoken_seconds(scene.words) for scene in long.scenes)
    assert seconds > 590
    assert len(long.scenes) <= MOST_SCENES * 1.1

    some = storyboard(script("", "Said aloud.", " — "))
    assert [scene.words for scene in some.scenes] == ["Said aloud."]
    for empty in (script(), script(""), script("…", " \n ")):
        with pytest.raises(WrongInput, match="no words"):
            storyboard(empty)


def test_long_sentences_are_cut_between_clauses_and_only_then_between_words() -> None:
    clauses = storyboard(
        script(
            "When the wind turns, the old mill begins to groan, " * 2
            + "and nobody in the village sleeps a wink until it rests."
        )
    )
    assert all(scene.words[-1] in ",." for scene in clauses.scenes)
    endless = storyboard(script("word " * 100))
    assert len(endless.scenes) > 1
    assert all(counting.spoken_seconds(scene.words) <= LONGEST for scene in endless.scenes)
    japanese = storyboard(script("これは長い文です、" * 30 + "。"), language="ja")
    assert len(japanese.scenes) > 1
    assert " " not in said(japanese)


def test_a_card_says_a_figure_a_short_sentence_or_a_clause() -> None:
    (scene,) = storyboard(script("Sales rose by 40% in one year.")).scenes
    assert (scene.card.template, scene.card.number) == ("number", "40%")
    for words, expected in {
        "Ask them. Then wait for what they say, however long that takes them to do.": "Ask them.",
        "And so it goes on, the same file is opened every night, by those who dread it and by those "
        "who have never heard that it is there.": "And so it goes on",
        "x " * 60: "x " * 23 + "x…",
    }.items():
        assert phrase(words, "en") == expected
