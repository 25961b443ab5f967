"""`docs/trends.md` has the numbers of the code."""

from __future__ import annotations

from pathlib import Path

from pressroom.model.trends import Weights
from pressroom.sources.topics import bursts, items, likeness, merging, past, scoring, sparse, terms
from pressroom.sources.topics.categories import half_life, names

PAGE = " ".join((Path(__file__).parents[4] / "docs" / "trends.md").read_text("utf-8").split())
ROWS = [line.strip().split(" | ") for line in PAGE.split("|---|---|")[1].split(" **Breadth**")[0].split(" | | ")]


def test_the_page_has_the_numbers_of_the_code() -> None:
    weights = Weights()
    first, second, further = scoring.SHARES
    most = scoring.MOST_DOMAINS
    for sentence in (
        f"+ {weights.velocity:.2f} velocity + {weights.freshness:.2f} freshness + {weights.breadth:.2f} breadth)",
        f"trend = 100 x ({weights.volume:.2f} volume",
        f"trend x ({1 - scoring.FIT:g} + {scoring.FIT:g} fit) x (1 - {scoring.COVERED:g} covered)",
        f"(1 - {first:g} a)(1 - {second:g} b)(1 - {further:g} c)",
        f"1 - e^(-{scoring.KINDS:g} (kinds - 1)) + {scoring.DOMAINS:g} x min(voices, {most}) / {most}",
        f"{scoring.UNCOUNTED:g} x n / (n + 3) for n publishers, or {scoring.UNCOUNTED:g} x 10 / (9 + rank)",
        f"e^-(z - {scoring.STEADY:g})",
        f"deviation x {scoring.MAD:g})",
        f"publishers in the last {scoring.RECENT:g} hours",
        f"told apart from {scoring.WEEK} days on",
        f"over {past.DAYS} days",
        f"**Confirmed** is {scoring.UNCONFIRMED:g} while",
        f"log2(trend / {scoring.NOTHING:g}) hours, at least {scoring.SHORTEST:g} and at most {scoring.LONGEST:g}",
        f"at most {scoring.FALLING:g} once",
        f"in counts of {bursts.BUCKET:g} hours over {bursts.BUCKET * bursts.BUCKETS / 24:g} days",
        f"a burst at {bursts.FASTER:g} times",
        f"alike by {merging.LIMIT:g} on average",
        f"within {likeness.WINDOW:g} hours is one item",
        f"at which one source has {items.SHARED} titles",
        f"after {items.SERIES:g} hours is the next of a series",
        f"and {sparse.OTHER_TITLES} imagined ones",
        f"{likeness.LONE:g} of the likeness is left. A",
        f"adds {likeness.LINK:.2f}, each common name {likeness.NAME:.2f}, at most {likeness.NAMES:.2f}",
        f"{likeness.KEPT:g} of the likeness less {likeness.NUMBERS:g} is left; from a likeness of {likeness.SERIES:g}",
    ):
        assert sentence in PAGE, sentence
    assert sparse.WORDS == 0.5 and terms.CLEAR == 2


def test_the_page_has_every_category_with_its_half_life() -> None:
    told = {name: float(hours.strip(" |")) for said, hours in ROWS for name in said.strip(" |").split(", ")}
    assert told == {name: half_life(name) for name in names()}
