"""Ten days of collections, every six hours: a topic that grows, one that returns, one that wanders, and spam."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from pressroom.model.trends import KnownTopic, Signal, Topic, TrendScore, Weights
from pressroom.sources.topics import known_topic, merge, past_of, score
from tests.pressroom.sources.topics.making import KINDS

START = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
STEP, DAYS = 6, 10
GROWS = (
    "Kestrel battery lasts a week in first tests",
    "First tests: Kestrel battery runs for a week",
    "Kestrel battery tested: a week on one charge",
    "A week on one charge, the Kestrel battery in tests",
)
RETURNS = ("Harbour tunnel at Brenholm floods again", "Brenholm harbour tunnel closed after flooding")
WANDERS = ("Potter in Skarvik rebuilds a medieval kiln", "Medieval kiln rebuilt by Skarvik potter")
FILLERS = (
    "Council {n} plants trees along the ring road",
    "Recipe {n} for pumpkin soup with ginger",
    "Choir number {n} looks for tenors",
    "Review {n}: a lamp that folds flat",
    "Museum night {n} draws record crowd",
)


def _signal(source: str, key: str, title: str, at: dt.datetime, figure: float | None, born: dt.datetime) -> Signal:
    figures = {} if figure is None else {"points": figure}
    return Signal(
        source=source,
        family=KINDS[source],
        key=key,
        language="en",
        title=title,
        url=f"https://{source}-{key}.example/{key}",
        figures=figures,
        metric="points" if figures else "",
        published_at=born,
        observed_at=at,
    )


def _of_hour(hour: int) -> Iterator[Signal]:
    """The signals of the collection so many hours after the start."""
    at = START + dt.timedelta(hours=hour)
    for number, title in enumerate(FILLERS):
        born = at - dt.timedelta(hours=4)
        source = ("hackernews", "reddit", "mastodon", "youtube", "feeds")[number]
        figure = None if source == "feeds" else 40.0 + 7 * number + hour % 5
        yield _signal(source, f"filler{number}-{hour}", title.format(n=hour), at, figure, born)
    for start, source in ((100, "hackernews"), (112, "reddit"), (124, "feeds"), (130, "youtube")):
        if hour >= start:  # grows: one kind of source after another, faster from day to day
            title = GROWS[(start // 6) % len(GROWS)]
            figure = None if source == "feeds" else 30.0 + (hour - start) ** 2
            yield _signal(source, f"grows-{source}", title, at, figure, START + dt.timedelta(hours=start))
    for born in range(124, hour + 1, 12):  # with another article every twelve hours
        title = GROWS[born // 12 % len(GROWS)]
        if hour - born < 72:
            yield _signal("feeds", f"article{born}", title, at, None, START + dt.timedelta(hours=born))
    if hour in range(24, 49) or hour in range(192, 217):  # returns after six days
        born = START + dt.timedelta(hours=24 if hour < 100 else 192)
        for number, title in enumerate(RETURNS):
            yield _signal(
                "feeds" if number else "reddit", f"returns{number}-{born:%d}", title, at, None if number else 90.0, born
            )
    for start, source in ((60, "mastodon"), (84, "reddit"), (108, "feeds")):
        if start <= hour < start + 30:  # wanders from one kind of source to the next
            title = WANDERS[start // 24 % 2]
            yield _signal(
                source,
                f"wanders-{source}",
                title,
                at,
                None if source == "feeds" else 80.0,
                START + dt.timedelta(hours=start),
            )
    if hour >= 150:  # spam: ever more posts with huge figures on one network
        for number in range(12):
            born = at - dt.timedelta(hours=1)
            yield _signal("mastodon", f"spam{hour}-{number}", f"Win a free cruise now, offer {number}", at, 1e6, born)


@lru_cache(maxsize=1)
def _days() -> dict[int, tuple[tuple[Topic, ...], tuple[TrendScore, ...]]]:
    """By hour the topics and scores, as the flow computes them: each collection with the memory of those before."""
    known: dict[str, KnownTopic] = {}
    past: list[Signal] = []
    result = {}
    for hour in range(0, DAYS * 24, STEP):
        now = START + dt.timedelta(hours=hour)
        signals = list(_of_hour(hour))
        topics = merge(signals, list(known.values()), now)
        result[hour] = topics, score(topics, past_of(past, now), Weights(), {}, {}, now)
        known |= {topic.id: known_topic(topic, known.get(topic.id)) for topic in topics}
        past += signals
    return result


def _ids(word: str) -> dict[int, set[str]]:
    """By hour the ids of the topics that have a title with `word`."""
    found: dict[int, set[str]] = defaultdict(set)
    for hour, (topics, _) in _days().items():
        for topic in topics:
            if any(word in signal.title for signal in topic.signals):
                found[hour].add(topic.id)
    return found


def test_a_topic_keeps_its_id_while_it_grows_wanders_and_returns() -> None:
    for word in ("Kestrel", "Brenholm", "Skarvik"):
        ids = _ids(word)
        assert len(set().union(*ids.values())) == 1, word
    assert min(_ids("Brenholm")) == 24 and max(_ids("Brenholm")) >= 192
    returned = next(topic for topic in _days()[192][0] if topic.label in RETURNS)
    assert returned.first_seen == START + dt.timedelta(hours=24)


def test_what_grows_comes_first_and_spam_does_not() -> None:
    for hour in range(156, DAYS * 24, STEP):
        topics, scores = _days()[hour]
        labels = {topic.id: topic.label for topic in topics}
        assert labels[scores[0].topic_id] in GROWS, hour
        by_trend = max(scores, key=lambda one: one.trend)
        assert labels[by_trend.topic_id] in GROWS, hour
        spam = next(one for one in scores if "cruise" in labels[one.topic_id])
        assert spam.breadth <= 0.02 and spam.opportunity < scores[0].opportunity / 1.5


def test_one_that_grows_rises_and_one_that_wanders_stays_one_topic_with_its_sources() -> None:
    grows = next(iter(_ids("Kestrel")[222]))
    trends = {hour: one.trend for hour, (_, scores) in _days().items() for one in scores if one.topic_id == grows}
    assert trends[138] > trends[102] + 20
    wanders = next(iter(_ids("Skarvik")[60]))
    sources = {hour: topic.sources for hour, (topics, _) in _days().items() for topic in topics if topic.id == wanders}
    assert sources[60] == ("mastodon",) and sources[108] == ("feeds", "reddit") and sources[132] == ("feeds",)
