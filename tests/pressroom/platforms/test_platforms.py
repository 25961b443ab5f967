"""A platform is one file: every number in it is dated, and one more file is one more platform everywhere."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from pressroom import formats, platforms
from pressroom.errors import WrongInput
from pressroom.media.cards import card_for
from pressroom.media.pictures.wanting import wanted
from pressroom.model import Part
from pressroom.platforms import Platform
from pressroom.platforms.measures import MEASURES
from pressroom.reports.results.text import length_line
from pressroom.review.measuring import measured
from pressroom.writing.hashtags.banned import banned_on

ALL = [platforms.get(name) for name in platforms.names()]


def test_every_number_has_a_source_and_a_day() -> None:
    for platform in ALL:
        for place, fact in platform.facts():
            assert fact.source, f"{platform.key}: {place} has no source"
            assert date(2026, 1, 1) <= fact.checked <= date(2100, 1, 1), f"{platform.key}: {place}"


def test_figures_agree_with_each_other() -> None:
    for platform in ALL:
        tags = platform.hashtags
        assert 0 <= tags.least <= tags.most <= (tags.hard or 100)
        for name, limit in platform.limits.items():
            assert (limit.usual or limit.most) <= limit.most, f"{platform.key}: {name}"
            assert (limit.measure in MEASURES) == bool(limit.parts or limit.post), f"{platform.key}: {name}"
        for form in platform.previews:
            assert formats.get(form).platform == platform.key


def test_what_changed_on_the_platforms() -> None:
    instagram, pinterest, threads = map(platforms.get, ("instagram", "pinterest", "threads"))
    assert (instagram.hashtags.least, instagram.hashtags.most, instagram.hashtags.hard) == (3, 5, 30)
    description = pinterest.limits["description_characters"]
    assert (description.most, description.usual) == (800, 500)
    assert threads.links is not None
    assert (threads.links.most, threads.hashtags.most) == (5, 1)


def test_old_figures_are_named() -> None:
    newest = max(fact.checked for platform in ALL for _, fact in platform.facts())
    oldest = min(fact.checked for platform in ALL for _, fact in platform.facts())
    assert platforms.stale(oldest + timedelta(days=180)) == []
    assert len(platforms.stale(newest + timedelta(days=181))) == sum(len(list(one.facts())) for one in ALL)
    assert any(line.startswith("x: handles (") for line in platforms.stale(date(2100, 1, 1)))


def test_versions_of_an_api_are_named_60_days_before_they_end() -> None:
    api = platforms.get("linkedin").api
    assert api is not None
    assert platforms.ending(api.ends - timedelta(days=60)) == []
    assert platforms.ending(api.ends - timedelta(days=59)) == [f"linkedin: {api.version} ({api.ends})"]


def test_an_unknown_platform_is_refused_with_those_there_are() -> None:
    with pytest.raises(WrongInput, match="no platform called 'myspace'") as refused:
        platforms.get("myspace")
    assert "bluesky, facebook" in str(refused.value.hint)
    assert platforms.find("myspace") is None
    assert platforms.title("my_space") == "My space"


TOY = """
name = "Plaza"
aliases = ["plz"]
preview = "feed"

[limits.post_characters]
most = 20
measure = "characters"
parts = ["*"]
post = true
source = "plaza.example/docs"
checked = 2026-11-30

[hashtags]
least = 1
most = 2
place = "in_post"
source = "plaza.example/docs"
checked = 2026-11-30

[[hashtags.restricted]]
why = "is hidden there"
tags = ["square"]
source = "plaza.example/docs"
checked = 2026-11-30

[handles]
form = "[a-z]{2,9}"
hosts = ["plaza.example"]
path = "u/"
address = "https://plaza.example/u/{name}"
reserved = []
source = "plaza.example/docs"
checked = 2026-11-30

[images]
sizes = [[900, 900], [900, 1600]]
usual_bytes = 300000
source = "plaza.example/docs"
checked = 2026-11-30

[posting]
times = ["mon 09:00"]
source = "plaza.example/docs"
checked = 2026-11-30

[words]
post = "note"
accounts = "Mention them in the note."
closing = "And you?"
scene = "An open square."

[card]
templates = ["headline"]
text = false
"""


@pytest.fixture
def plaza(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Platform]:
    """A platform that is nothing but its file."""
    for name in platforms.names():
        (tmp_path / f"{name}.toml").write_bytes(platforms.FOLDER.joinpath(f"{name}.toml").read_bytes())
    (tmp_path / "plaza.toml").write_text(TOY)
    monkeypatch.setattr(platforms, "FOLDER", tmp_path)
    caches = (platforms.names, platforms._load, banned_on)
    for each in caches:
        each.cache_clear()
    yield platforms.get("plaza")
    for each in caches:
        each.cache_clear()


def test_one_file_is_a_platform_everywhere(plaza: Platform) -> None:
    assert platforms.title("plaza") == "Plaza"
    assert plaza.account_at("https://plaza.example/u/ANN") == "ann"
    assert platforms.owner_of("plaza.example") == plaza
    assert ("plaza", 900, 1600) in wanted(["plaza"], source=(1, 2))
    assert "square" in banned_on("plaza")
    assert length_line("plaza", "x" * 30) == "The note: 30 of 20 characters; 10 too long, shorten it before you post"
    (part,) = measured("plaza", [Part(label="Note", text="abc")])
    assert (part.count, part.limit) == (3, 20)
    assert card_for("A title", ["A sentence that says more than the title."], purpose="plaza", language="en").text == ""
