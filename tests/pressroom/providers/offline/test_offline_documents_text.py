"""What is read from a document: sentences as their author ended them, key sentences, key terms, key points."""

from __future__ import annotations

import time
import tracemalloc

import numpy as np
import pytest

from pressroom.model import Excerpt
from pressroom.model.images import ImageIdea
from pressroom.platforms import counting
from pressroom.providers.offline.documents import Sentence, key_sentences, key_terms, ranking
from pressroom.providers.offline.documents.blocks import blocks_of
from pressroom.providers.offline.documents.sentences import leans, refers, split
from pressroom.providers.offline.documents.tables import language_of, phrases_of
from tests.pressroom.providers.offline import offline_documents_desk as desk


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Dr. Helen Okafor came at 9 a.m. with Mr. J. R. Lind.", "She paid 3.50 for it.", "Why?"]),
        ("en", ['He said: "I stay. I always stay."', "Then he left.", "We waited!"]),
        ("en", ["It is at https://example.org/a.b?c=1. Not here."]),
        ("en", ["See section 4.2 of the report (p. 12. of it) first.", "Wait… no, go on.", "Done."]),
        ("de", ["Am 3. Februar kam Frau Dr. Brandt um 18.30 Uhr, d. h. zu spät.", "Sie sang z. B. leise.", "Gut."]),
        ("de", ["„Ich gehe. Sofort!“, sagte er.", "Er blieb."]),
        ("es", ["¿Por qué no? ", "El Sr. Molina pagó 1.450 euros a EE.UU. en enero.", "¡Bien!"]),
        ("fr", ["M. Roche paie 18 euros : c’est cher.", "« Venez. Tout de suite. » Elle attend ?", "Oui."]),
        ("ja", ["本は四十八冊です。", "店主は「いい街だ。好きだ。」と話します。", "本当に？", "はい！"]),
        ("zh", ["他说：“好。走吧。”", "我们走了。"]),
    ],
)
def test_sentences_end_where_their_author_ends_them(language: str, sentences: list[str]) -> None:
    text = ("" if language in ("ja", "zh") else " ").join(one.strip() for one in sentences)
    if "https" in text:
        assert "https://example.org/a.b?c=1." in split(text, language_of(language))[0]
    elif "« Venez" in text:
        assert "« Venez. Tout de suite. »" in split(text, language_of(language))[1]
    elif "走吧" in text:
        assert split(text, language_of(language))[0].startswith("他说：“好。走吧。")
    else:
        assert split(text, language_of(language)) == [one.strip() for one in sentences]


@pytest.mark.parametrize("text", desk.NAMES)
def test_nothing_is_lost_between_sentences(text: str) -> None:
    document = desk.document(text)
    for block in blocks_of(document.text):
        parts = split(block.text, language_of(document.language))
        assert "".join("".join(parts).split()) == "".join(block.text.split())


def test_blocks_are_told_apart() -> None:
    text = (
        "Why we did it\n\nWe had no choice. It rained\nfor days.\n\n- one thing\n- another\n  thing\n\n"
        "| a | b | c |\n| 1 | 2 | 3 |\n\n$ pip install it\n\nhttps://example.com/a https://example.com/b\n\n"
        "The sea\nthe sea\nit sings\nto me"
    )
    kinds = [block.kind for block in blocks_of(text)]
    assert kinds == ["heading", "prose", "item", "item", "table", "code", "links", "verse"]
    assert [block.text for block in blocks_of(text)][1:4] == [
        "We had no choice. It rained for days.",
        "one thing",
        "another thing",
    ]


@pytest.mark.parametrize(
    ("language", "bound", "free"),
    [
        ("en", "However, it failed.", "The bench stayed."),
        ("de", "Das war teuer.", "Das Brot war teuer."),
        ("es", "Además, llovió.", "Los libros se venden."),
        ("fr", "Il en reste deux.", "La réunion ne reviendra pas."),
        ("ja", "しかし雨でした。", "本棚は駅前にあります。"),
        ("xx", "and small letters", "Capital letters."),
    ],
)
def test_sentences_that_need_another_one(language: str, bound: str, free: str) -> None:
    assert leans(bound, language_of(language)) and not leans(free, language_of(language))


def test_pronouns_need_a_name() -> None:
    assert refers("After three weeks he was silent.", language_of("en"))
    assert refers("Nach drei Wochen rechnete er nach.", language_of("de"))
    assert not refers("Wer Sie kennt, fragt zuerst.", language_of("de"))
    assert not refers("After three weeks the phone was silent.", language_of("en"))


def test_key_sentences_are_the_authors_in_order() -> None:
    document = desk.document("en_1500")
    found = key_sentences(document.text, title=document.title, language="en", most=8)
    assert len(found) == 8 and all(isinstance(one, Sentence) and one.text in document.text for one in found)
    assert [one.position for one in found] == sorted(one.position for one in found)
    assert max(one.weight for one in found) == 1 and min(one.weight for one in found) > 0
    assert key_sentences("", title="", language="en", most=3) == ()


def test_what_a_text_is_about_weighs_more_than_an_aside() -> None:
    about = [f"The harbour crane lifts {what} from the harbour boats." for what in ("coal", "steel", "grain", "salt")]
    aside = "Yesterday my cousin baked an excellent lemon cake."
    text = " ".join([*about[:2], aside, *about[2:]])
    weights = {one.text: one.weight for one in key_sentences(text, title="The harbour crane", language="en", most=5)}
    assert min(weights[sentence] for sentence in about) > weights[aside]


def test_the_walk_is_the_stationary_one() -> None:
    """Against the matrix of the whole process, solved by its eigenvector."""
    tokens = [["crane", "harbour"], ["crane", "coal"], ["harbour", "coal", "boat"], ["boat"], ["cake"]]
    likeness, restart = ranking._similarity(tokens), np.ones(5)
    sums = likeness.sum(axis=1, keepdims=True)
    step = np.divide(likeness, sums, out=np.full_like(likeness, 0.2), where=sums > 0)
    matrix = ranking.DAMPING * step + (1 - ranking.DAMPING) / 5
    values, vectors = np.linalg.eig(matrix.T)
    expected = np.real(vectors[:, np.argmax(np.real(values))])
    assert np.allclose(ranking._window(tokens, restart) / 5, expected / expected.sum(), atol=1e-3)


def test_a_hundred_thousand_words_stay_small() -> None:
    pick = np.random.default_rng(3)
    tokens = [[f"w{word}" for word in pick.zipf(1.3, 14) % 20_000] for _ in range(7_000)]
    tracemalloc.start()
    started = time.process_time()
    weights = ranking.ranked(tokens, ["w1"], [False] * len(tokens))
    seconds, peak = time.process_time() - started, tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(weights) == 7_000 and weights.max() == 1
    assert peak < 80e6, "7,000 x 7,000 numbers would be 390 MB"
    assert seconds < 20


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("en_400", {"mechanic", "repair shop", "four-day week"}),
        ("de_400", {"Heft", "Bäckerei", "Marta"}),
        ("es_400", {"menú", "pizarra", "cocina"}),
        ("fr_400", {"réunion", "cuisine", "décisions"}),
        ("ja_400", {"豆腐屋", "配達", "注文"}),
    ],
)
def test_key_terms(text: str, terms: set[str]) -> None:
    document = desk.document(text)
    found = key_terms(document.text, title=document.title, language=document.language, most=15)
    assert terms <= set(found)
    assert not {"we", "the", "wir", "nous", "が", "hours", "semana", "Woche", "mois"} & set(found)


def test_terms_of_a_language_without_data() -> None:
    text = "Zmierzch nad rzeką. Rzeka Wisła jest szeroka. Wisła płynie przez Kraków. Kraków lubi rzekę."
    assert {"Wisła", "Kraków"} <= set(key_terms(text, language="pl", most=10))


@pytest.mark.parametrize("text", desk.NAMES)
def test_condensed_points_are_sentences_in_order_within_the_limit(text: str) -> None:
    document = desk.document(text)
    for most in (400, 120, 60):
        points = desk.condensed(document, most)
        assert points and sum(map(counting.words, points)) <= most
        places = [document.text.find(point.rstrip(".。")) for point in points]
        assert places == sorted(places) and min(places) >= 0


def test_condensing_too_little_or_nothing() -> None:
    long = "When the bus had left the village for good, the bench, which nobody had painted, stayed where it was."
    assert desk.condensed(desk.excerpt(long), 12) == ["When the bus had left the village for good, the bench…"]
    assert desk.condensed(Excerpt(title="Code", text="$ pip install it\n\nx = {1: 2}"), 50) == []


def test_a_picture_is_described_by_title_and_terms() -> None:
    document = desk.document("de_400")
    inputs = {"document": document.model_dump(mode="json"), "style": "photographic", "purpose": "image_prompt"}
    idea = desk.asked("image_prompt", ImageIdea, **inputs)
    assert isinstance(idea, ImageIdea)
    assert document.title in idea.prompt and "Heft" in idea.prompt and document.title in idea.alt_text
    assert len(idea.alt_text) <= 200
    untitled = desk.asked("image_prompt", ImageIdea, document={"title": "", "text": document.text, "language": "de"})
    assert isinstance(untitled, ImageIdea) and "Heft" in untitled.prompt and untitled.alt_text


@pytest.mark.parametrize("language", ["en", "de", "es", "fr", "it", "pt", "nl", "ja", "zh"])
def test_phrases_state_nothing_and_are_recognised(language: str) -> None:
    from pressroom.formats.shared.language import asks, invites

    phrases = phrases_of(language)
    assert phrases.openers and all(asks(question) and len(question) <= 100 for question in phrases.questions)
    assert phrases.calls and all(invites(call, language) and not asks(call) for call in phrases.calls)
    every = [*phrases.openers, *phrases.questions, *phrases.calls]
    assert not any(char.isdigit() for char in "".join(every)) and len(set(every)) == len(every)
    assert "{title}" in phrases.about and "{text}" in phrases.first and "{text}" in phrases.shown


def test_a_language_is_known_by_its_first_part() -> None:
    assert phrases_of("pt-BR") == phrases_of("pt") and language_of("DE_at").ordinals
    assert phrases_of("tlh").calls == () and language_of("tlh").stop == frozenset()
