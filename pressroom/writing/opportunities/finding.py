"""From scored topics to opportunities: the angle, why now, formats by the shape of the signals, links, the expiry."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import urlsplit, urlunsplit

from pressroom import formats
from pressroom.model.opportunities import FoundOpportunity, primary
from pressroom.model.trends import Link, Opportunity, Signal, SourceFamily, Topic, TrendScore
from pressroom.sources.topics import canonical, expiry
from pressroom.sources.topics.addresses import is_page
from pressroom.sources.topics.scoring import voices
from pressroom.sources.trends import title_of
from pressroom.writing.opportunities.computing import Computed
from pressroom.writing.opportunities.inputs import Inputs, Words

MOST = 20
"""Opportunities that one collection gives."""
MOST_LINKS = 6
MOST_FORMATS = 3
MOST_NAMED = 5
MOST_SIGNALS = 30
"""Signals that an opportunity shows."""

F = SourceFamily

ANGLES: Mapping[str, str] = MappingProxyType(
    {
        "technology": "What it changes for people who build and buy technology.",
        "business": "What it means for the business of our readers.",
        "science": "What was found, and what it is good for.",
        "sports": "What others can learn from it.",
        "entertainment": "Why so many people talk about it.",
    }
)
"""By category, where no model is asked. They state nothing."""
ANGLE = "What our readers should know about it."

SHAPES: tuple[tuple[frozenset[SourceFamily], tuple[str, ...]], ...] = (
    (frozenset({F.VIDEO}), ("instagram_reel", "tiktok_script", "youtube_short")),
    (frozenset({F.FORUM, F.PRESS}), ("linkedin_post", "x_thread", "threads_post")),
    (frozenset({F.SEARCH, F.ENCYCLOPEDIA}), ("youtube_video", "pinterest_pin", "linkedin_post")),
    (frozenset({F.SOCIAL}), ("x_thread", "threads_post", "bluesky_post")),
)
"""Formats for topics whose signals come mostly from these kinds of sources."""

ARTICLES = (F.PRESS, F.FORUM, F.SOCIAL, F.SEARCH, F.ENCYCLOPEDIA, F.VIDEO)
"""Which kinds of sources link to articles that can be read, the best first."""


def candidates(computed: Computed, inputs: Inputs) -> list[TrendScore]:
    """The scores that are worth an opportunity: of the least score on, with an address in the workspace's language."""
    return [score for score in _good(computed, inputs) if not _is_foreign(computed.topics[score.topic_id], inputs)][
        :MOST
    ]


def foreign(computed: Computed, inputs: Inputs) -> int:
    """How many topics are worth an opportunity but for their language."""
    return sum(_is_foreign(computed.topics[score.topic_id], inputs) for score in _good(computed, inputs))


def _good(computed: Computed, inputs: Inputs) -> Iterable[TrendScore]:
    return (
        score
        for score in computed.scores
        if score.opportunity >= inputs.least_score and links_of(computed.topics[score.topic_id])
    )


def _is_foreign(topic: Topic, inputs: Inputs) -> bool:
    """True in another language than the workspace's: its sentences can't be quoted, nor its facts be checked."""
    return bool(topic.language) and primary(topic.language) != primary(inputs.preferences.language)


def find(computed: Computed, inputs: Inputs, words: Words) -> list[FoundOpportunity]:
    """The opportunities of a collection, the best first."""
    return [_opportunity(computed, score, inputs, words) for score in candidates(computed, inputs)]


def _opportunity(computed: Computed, score: TrendScore, inputs: Inputs, words: Words) -> FoundOpportunity:
    topic = computed.topics[score.topic_id]
    asked = words.angles.get(topic.id)
    angle = inputs.angles.get(topic.id) or (asked[0] if asked else template_angle(topic, inputs.preferences.language))
    opportunity = Opportunity(
        topic_id=topic.id,
        region=inputs.region,
        language=topic.language,
        category=topic.category,
        title=topic.label,
        angle=angle,
        why_now=asked[1] if asked else _why_now(topic, score, computed.now, inputs.preferences.language),
        formats=formats_for(topic),
        score=score,
        links=links_of(topic),
        expires_at=expiry(score, topic.category, computed.now, falling=_is_falling(score, inputs)),
    )
    shown = sorted(topic.signals, key=_weight)[:MOST_SIGNALS]
    return FoundOpportunity(opportunity=opportunity, signals=tuple(shown), call_ids=words.call_ids if asked else ())


def _weight(signal: Signal) -> tuple[int, float, tuple[str, str, str]]:
    return ARTICLES.index(signal.family), -(signal.volume or 0.0), signal.identity


def _is_falling(score: TrendScore, inputs: Inputs) -> bool:
    """True when the topic lost speed in two collections, one after the other."""
    before = inputs.velocities.get(score.topic_id)
    return before is not None and before[0] > before[1] > score.velocity


def template_angle(topic: Topic, language: str) -> str:
    """A phrase where posts are written in English; for another language the topic's own title."""
    return ANGLES.get(topic.category, ANGLE) if primary(language) == "en" else topic.label


def _why_now(topic: Topic, score: TrendScore, now: dt.datetime, language: str) -> str:
    """Sentences in English; for another language who names it, with the figure of each that gives one."""
    if primary(language) == "en":
        return why_now(topic, score, now)
    said = {one.publisher or title_of(one.source): one for one in sorted(topic.signals, key=_weight)}
    named = [f"{name} ({one.volume:,.0f})" if one.volume else name for name, one in said.items()]
    return f"{', '.join(named[:MOST_NAMED])}."


def why_now(topic: Topic, score: TrendScore, now: dt.datetime) -> str:
    """The signals in short sentences: how many name it, since when, the largest figure."""
    many, kinds = len(voices(topic.signals)), len({signal.family for signal in topic.signals})
    named = "One publisher or account names it" if many == 1 else f"{many} publishers and accounts name it"
    among = f" in {kinds} kinds of sources" if kinds > 1 else ""
    hours = max(0, round((now - topic.first_seen).total_seconds() / 3600))
    since = f", since {hours} {'hour' if hours == 1 else 'hours'}" if hours else ""
    largest = max((one for one in topic.signals if one.volume), key=lambda one: one.volume or 0, default=None)
    figure = f" {title_of(largest.source)}: {_figure(largest)}." if largest else ""
    return f"{named}{among}{since}.{figure}{' More than usual.' if score.bursting else ''}"


def _figure(signal: Signal) -> str:
    return f"{signal.volume:,.0f} {'searches' if signal.metric == 'traffic' else signal.metric}"


def formats_for(topic: Topic) -> tuple[str, ...]:
    """The formats that suit the shape of a topic's signals, the best first."""
    kinds = [signal.family for signal in topic.signals]
    ranked = sorted(SHAPES, key=lambda shape: -sum(kind in shape[0] for kind in kinds))
    there = formats.names()
    return tuple(name for name in ranked[0][1] if name in there)[:MOST_FORMATS]


def links_of(topic: Topic) -> tuple[Link, ...]:
    """The pages that a topic's signals lead to, each once, articles first."""
    found: dict[str, Link] = {}
    for signal in sorted(topic.signals, key=_weight):
        for address in _addresses(signal):
            found.setdefault(
                canonical(address),
                Link(
                    title=signal.title,
                    url=without_campaign(address),
                    publisher=signal.publisher,
                    published_at=signal.published_at,
                ),
            )
    return tuple(found.values())[:MOST_LINKS]


def without_campaign(address: str) -> str:
    """`address` without the `utm_` parameters by which a site counts where its readers come from."""
    parts = urlsplit(address)
    kept = [pair for pair in parts.query.split("&") if pair and not pair.lower().startswith("utm_")]
    return urlunsplit(parts._replace(query="&".join(kept)))


def _addresses(signal: Signal) -> Iterable[str]:
    """Pages to read: of a term those it names, not its list of results; of a forum's entry not the comments."""
    own: Sequence[str] = () if signal.is_term and signal.family is not F.ENCYCLOPEDIA else (signal.url,)
    further = () if signal.family in {F.FORUM, F.VIDEO} else signal.links
    return [address for address in (*own, *further) if address and is_page(canonical(address))]
