"""Sources of hashtags: what each proposes, and that one that fails costs nothing but its own proposals."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from importlib.metadata import EntryPoint
from typing import Any

import pytest

from pressroom import platforms
from pressroom.errors import RateLimited
from pressroom.platforms import hashtag_range
from pressroom.writing.hashtags import (
    Candidate,
    HashtagSource,
    ModelSource,
    Query,
    gather,
    hashtags_for,
    niches,
    sources,
)
from pressroom.writing.hashtags.gathering import MOST_CANDIDATES

LATTE = "A latte with a heart on a wooden table"


def query(description: str = LATTE, *words: str, platform: str = "instagram", language: str = "en") -> Query:
    found = niches(description, words)
    return Query(platform=platform, description=description, words=words, niches=found, language=language)


class Scripted:
    """A source that answers, or raises, what it is told."""

    def __init__(self, name: str, says: Any) -> None:
        self.name, self._says = name, says

    def candidates(self, query: Query) -> Sequence[Candidate]:
        if isinstance(self._says, Exception):
            raise self._says
        return self._says


def test_the_lexicon_gives_the_niches_hashtags_the_better_niche_more_weight() -> None:
    found = sources.get("lexicon").candidates(query("A coffee beside a novel by the sea", "coffee"))
    weight = {candidate.tag: candidate.weight for candidate in found}
    assert weight["coffee"] > weight["books"] > weight["photo"]
    assert {candidate.band for candidate in found} == {"broad", "mid", "niche"}


def test_the_lexicon_adds_the_hashtags_of_the_posts_language() -> None:
    for language, tag in (("es-MX", "cafeteria"), ("de", "kaffeeliebe"), ("fr", "pausecafe")):
        tags = {candidate.tag for candidate in sources.get("lexicon").candidates(query(language=language))}
        assert tag in tags
    assert "kaffeeliebe" not in {candidate.tag for candidate in sources.get("lexicon").candidates(query(language="ja"))}


def test_the_users_own_words_are_candidates_but_no_sentences() -> None:
    found = sources.get("words").candidates(query(LATTE, "latte art", "a whole long sentence here", "!!"))
    assert [candidate.tag for candidate in found] == ["latte art"]
    assert "latteart" in hashtags_for(query("", "Latte Art"), [sources.get("words")]).tags[0].lower()


def test_a_models_first_hashtag_weighs_most() -> None:
    asked: list[Query] = []

    def ask(about: Query) -> list[str]:
        asked.append(about)
        return ["#flatwhite", "crema", "foam"]

    found = ModelSource(ask).candidates(query())
    assert asked == [query()]
    assert [(candidate.tag, candidate.weight) for candidate in found] == [
        ("#flatwhite", 1.0),
        ("crema", 0.75),
        ("foam", 0.5),
    ]
    assert ModelSource(lambda _: []).candidates(query()) == []


@pytest.mark.parametrize("platform", platforms.names())
@pytest.mark.parametrize("description", [LATTE, "", "qwertz", "日本の朝"])
def test_what_ships_reaches_every_platforms_range(platform: str, description: str) -> None:
    chosen = hashtags_for(query(description, platform=platform), list(sources.REGISTRY))
    least, most = hashtag_range(platform)
    assert least <= len(chosen.tags) <= most


@pytest.mark.parametrize(
    ("says", "reason"),
    [
        (RateLimited("The tag service asked us to slow down."), "The tag service asked us to slow down"),
        (RuntimeError("key sk-secret refused"), "RuntimeError"),
        (None, "TypeError"),
        (["just words"], "ValidationError"),
        ([{"tag": "a", "weight": float("nan"), "source": "web"}], "ValidationError"),
    ],
    ids=["ours", "theirs", "nothing", "words", "nan"],
)
def test_a_source_that_fails_is_skipped_and_named(says: Any, reason: str) -> None:
    broken, well = Scripted("tagservice", says), Scripted("well", [Candidate(tag="crema", source="well")])
    gathered = gather(query(), [broken, well])
    assert [candidate.tag for candidate in gathered.candidates] == ["crema"]
    assert gathered.skipped == (f"The hashtag source tagservice was skipped: {reason}.",)
    chosen = hashtags_for(query(), [broken, well])
    assert chosen.notes[0] == gathered.skipped[0]
    assert "sk-secret" not in "".join(chosen.notes)


def test_an_endless_source_is_cut() -> None:
    endless = (Candidate(tag=f"t{n}", source="web") for n in itertools.count())
    assert len(gather(query(), [Scripted("web", endless)]).candidates) == MOST_CANDIDATES


def test_an_outsider_enters_by_its_entry_point(monkeypatch: pytest.MonkeyPatch) -> None:
    from pressroom.registry import Registry
    from pressroom.writing.hashtags.sources.words import WordsSource

    point = EntryPoint(
        "trends", "pressroom.writing.hashtags.sources.words:SOURCE", "pressroom.writing.hashtags.sources"
    )
    monkeypatch.setattr("pressroom.registry.entry_points", lambda group: [point] if group == point.group else [])
    registry: Registry[HashtagSource] = Registry("pressroom.writing.hashtags.sources", "SOURCE", HashtagSource)
    assert registry.names == ("lexicon", "trends", "words")
    assert isinstance(registry.get("trends"), WordsSource)


def test_caller_and_banned_reach_the_choice() -> None:
    chosen = hashtags_for(query(), list(sources.REGISTRY), wanted=["Rösterei Süd"], banned=["coffee"])
    assert chosen.tags[0] == "RöstereiSüd"
    assert "coffee" not in {tag.lower() for tag in chosen.tags}
