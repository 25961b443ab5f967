"""Reddit: hot posts of subreddits, as an app that Reddit has approved."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urljoin

from pressroom.errors import SourceNeedsLogin
from pressroom.model.trends import RawAnswer, Signal, SourceFamily
from pressroom.sources.trends.shared.declare import Asking, Quota, TrendSource
from pressroom.sources.trends.shared.languages import language_of
from pressroom.sources.trends.shared.line import Line
from pressroom.sources.trends.shared.reading import figures, listed, published, signals, summary_of, text_of, web

SITE = "https://www.reddit.com"
TOKEN = f"{SITE}/api/v1/access_token"
HOT = "https://oauth.reddit.com/r/{subreddit}/hot?limit=50&raw_json=1"


def collect(asking: Asking, line: Line) -> Iterator[RawAnswer]:
    pair = f"{asking.secret('reddit_client_id')}:{asking.secret('reddit_client_secret')}"
    basic = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    given = line.token(TOKEN, {"grant_type": "client_credentials"}, basic)
    token = given.get("access_token") if isinstance(given, dict) else None
    if not token:
        raise SourceNeedsLogin("Reddit gave no access token.", hint="Check PRESSROOM_TRENDS__REDDIT_CLIENT_ID.")
    for subreddit in asking.subreddits:
        yield line.get(HOT.format(subreddit=subreddit), credentials={"Authorization": f"Bearer {token}"})


def read(answer: RawAnswer) -> Iterable[Signal]:
    return signals(answer, listed(answer, "data", "children"), lambda child: _signal(child["data"], answer))


def _signal(post: Mapping[str, Any], answer: RawAnswer) -> Signal | None:
    title, text = text_of(post["title"], markup=False), summary_of(post.get("selftext"))
    if post.get("over_18") or post.get("stickied"):
        return None
    thread = urljoin(SITE, str(post["permalink"]))
    return Signal(
        source="reddit",
        family=SourceFamily.FORUM,
        key=str(post["id"]),
        language=language_of(title, more=text) or "en",
        title=title,
        url=web(post.get("url")) or thread,
        links=(thread,),
        summary=text,
        publisher=f"r/{post['subreddit']}",
        category=str(post["subreddit"]),
        figures=figures(
            score=post.get("score"), comments=post.get("num_comments"), upvote_ratio=post.get("upvote_ratio")
        ),
        metric="score",
        published_at=published(post.get("created_utc"), answer),
        observed_at=answer.fetched_at,
    )


SOURCE = TrendSource(
    name="reddit",
    title="Reddit",
    family=SourceFamily.FORUM,
    collect=collect,
    read=read,
    hosts=lambda _: ("oauth.reddit.com",),
    needs=("reddit_client_id", "reddit_client_secret"),
    least_interval=dt.timedelta(minutes=30),
    quotas=(Quota("requests a minute", most=100, seconds=60),),
    terms="Apps need Reddit's approval; free for non-commercial use, by contract for any other.",
    terms_address="https://support.reddithelp.com/hc/en-us/articles/42728983564564-Responsible-Builder-Policy",
)
