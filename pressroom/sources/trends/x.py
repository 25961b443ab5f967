"""X: the trends of a country or of the world. Each trend is billed, so that it is off until it is chosen by name."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from pressroom.model.trends import RawAnswer, Signal, SourceFamily
from pressroom.sources.trends.shared.declare import Asking, Price, Quota, TrendSource
from pressroom.sources.trends.shared.languages import language_of
from pressroom.sources.trends.shared.line import Line
from pressroom.sources.trends.shared.reading import figures, listed, signals, text_of

MOST = 20
ADDRESS = f"https://api.x.com/2/trends/by/woeid/{{place}}?max_trends={MOST}&trend.fields=trend_name,tweet_count"
PLACES = {
    "": 1, "AE": 23424738, "AR": 23424747, "AT": 23424750, "AU": 23424748, "BE": 23424757, "BH": 23424753,
    "BR": 23424768, "BY": 23424765, "CA": 23424775, "CH": 23424957, "CL": 23424782, "CO": 23424787, "DE": 23424829,
    "DK": 23424796, "DO": 23424800, "DZ": 23424740, "EC": 23424801, "EG": 23424802, "ES": 23424950, "FR": 23424819,
    "GB": 23424975, "GH": 23424824, "GR": 23424833, "GT": 23424834, "ID": 23424846, "IE": 23424803, "IL": 23424852,
    "IN": 23424848, "IT": 23424853, "JO": 23424860, "JP": 23424856, "KE": 23424863, "KR": 23424868, "KW": 23424870,
    "LB": 23424873, "LV": 23424874, "MX": 23424900, "MY": 23424901, "NG": 23424908, "NL": 23424909, "NO": 23424910,
    "NZ": 23424916, "OM": 23424898, "PA": 23424924, "PE": 23424919, "PH": 23424934, "PK": 23424922, "PL": 23424923,
    "PR": 23424935, "PT": 23424925, "QA": 23424930, "SA": 23424938, "SE": 23424954, "SG": 23424948, "TH": 23424960,
    "TR": 23424969, "UA": 23424976, "US": 23424977, "VE": 23424982, "VN": 23424984, "ZA": 23424942,
}  # fmt: skip
"""Where On Earth ids of countries, from an archive that nothing is added to any more."""


def collect(asking: Asking, line: Line) -> Iterator[RawAnswer]:
    token = {"Authorization": f"Bearer {asking.secret('x_bearer_token')}"}
    yield line.get(ADDRESS.format(place=PLACES[asking.region]), credentials=token)


def read(answer: RawAnswer) -> Iterable[Signal]:
    trends = listed(answer, "data")
    ranks = {id(trend): rank for rank, trend in enumerate(trends, start=1)}

    def make(trend: Mapping[str, Any]) -> Signal:
        title = text_of(trend["trend_name"], markup=False)
        return Signal(
            source="x",
            family=SourceFamily.SOCIAL,
            key=title.casefold(),
            region=answer.region,
            language=language_of(title, region=answer.region),
            title=title,
            is_term=True,
            url=f"https://x.com/search?q={quote(title)}",
            figures=figures(posts=trend.get("tweet_count")),
            metric="posts",
            rank=ranks[id(trend)],
            observed_at=answer.fetched_at,
        )

    return signals(answer, trends, make)


SOURCE = TrendSource(
    name="x",
    title="X",
    family=SourceFamily.SOCIAL,
    collect=collect,
    read=read,
    hosts=lambda _: ("api.x.com",),
    regions=frozenset(PLACES),
    needs=("x_bearer_token",),
    on_by_default=False,
    least_interval=dt.timedelta(hours=3),
    price=Price(micros=10_000, most=MOST),
    quotas=(Quota("requests in 15 minutes", most=75, seconds=900),),
    terms="Pay per use: 0.01 US dollars a trend, so 20 trends four times a day are 0.80 a region and day.",
    terms_address="https://docs.x.com/x-api/getting-started/pricing",
)
