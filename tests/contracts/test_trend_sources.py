"""What every trend source keeps to, over its recorded answers and over HTTP. A new source is held to it by being there.

Its stand-in is the server of the sandbox, which serves the same recorded answers and spoils them on request.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pressroom.errors import Misconfigured, SourceUnreadable, SourceUnusable, WrongInput
from pressroom.model.trends import SUMMARY_CHARACTERS, RawAnswer, Signal
from pressroom.settings import TrendSettings
from pressroom.sources import trends
from pressroom.sources.fetching.answers import MayPass
from pressroom.sources.trends import SOURCES, TrendSource
from pressroom.sources.trends.shared import line, recorded
from sandbox.trends import KEY, TrendServer

EVERY_SOURCE = pytest.mark.parametrize("name", SOURCES.names)
FEW = settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
EMPTY = {
    "bluesky": b'{"trends": []}',
    "feeds": b'<rss version="2.0"><channel><title>Quiet</title></channel></rss>',
    "google_trends": b'<rss version="2.0"><channel></channel></rss>',
    "hacker_news": b'{"hits": []}',
    "mastodon": b"[]",
    "reddit": b'{"data": {"children": []}}',
    "wikipedia": b'{"items": [{"articles": []}]}',
    "x": b'{"data": []}',
    "youtube": b'{"kind": "youtube#videoListResponse", "items": []}',
}
FEEDS = tuple(each.address for each in recorded.answers() if each.source == "feeds")
NOT_THE_TOKEN = r"^(?!.*access_token)"
NOW = dt.datetime(2026, 3, 3, 6, tzinfo=dt.UTC)


def examples(name: str) -> list[RawAnswer]:
    found = [each for each in recorded.answers() if each.source == name]
    assert found, f"the source {name} has no example: add its answers to pressroom/sources/trends/examples/"
    return found


def spoilt(answer: RawAnswer, content: bytes) -> RawAnswer:
    return answer.model_copy(update={"content": content})


def sound(signal: Signal, answer: RawAnswer) -> None:
    source = SOURCES.get(answer.source)
    assert (signal.source, signal.family) == (answer.source, source.family)
    assert signal.region == (answer.region if answer.region in source.regions else "")
    assert signal.key and signal.title == " ".join(signal.title.split())
    assert unicodedata.is_normalized("NFC", signal.title)
    assert not set("\u202e\u200b\x00\n") & set(signal.title + signal.summary)
    assert len(signal.title) <= 300 and len(signal.summary) <= SUMMARY_CHARACTERS
    assert all(address.startswith(("https://", "http://")) for address in filter(None, (signal.url, *signal.links)))
    assert re.fullmatch("([a-z]{2,3})?", signal.language)
    assert signal.observed_at == answer.fetched_at
    assert signal.published_at is None or signal.published_at <= signal.observed_at
    assert all(value >= 0 for value in signal.figures.values())
    assert [each.day for each in signal.history] == sorted({each.day for each in signal.history})
    assert Signal.model_validate_json(signal.model_dump_json()) == signal


@pytest.fixture(scope="module")
def server() -> Iterator[TrendServer]:
    with TrendServer(now=lambda: NOW) as running:
        yield running


@pytest.fixture(autouse=True)
def at_once(server: TrendServer, monkeypatch: pytest.MonkeyPatch) -> None:
    server.faults.clear()
    server.journal.clear()
    monkeypatch.setattr(line, "LIMITS", replace(line.LIMITS, backoff=0.01))


def collect(source: TrendSource, server: TrendServer, **given: Any) -> tuple[RawAnswer, ...]:
    keys = {name: KEY for one in SOURCES for name in one.needs}
    chosen = TrendSettings(sandbox=server.url, contact="desk@example.com", feeds=FEEDS, **keys)
    given = {"now": NOW, "region": "US" if "US" in source.regions else "", "topics": ("laptop",), **given}
    return trends.collect(source, trends.asking_of(source, chosen, **given))


@EVERY_SOURCE
def test_declares_itself(name: str) -> None:
    source = SOURCES.get(name)
    assert source.name == name
    assert source.terms.endswith(".") and source.terms_address.startswith("https://")
    assert source.regions and all(re.fullmatch("([A-Z]{2})?", region) for region in source.regions)
    assert set(source.needs) <= set(TrendSettings.model_fields)
    assert source.least_interval >= dt.timedelta(minutes=5)
    assert all(quota.most > 0 for quota in source.quotas)
    assert source.price is None or not source.on_by_default


@EVERY_SOURCE
def test_reads_its_example_the_same_way_twice(name: str) -> None:
    for answer in examples(name):
        found = trends.read(answer)
        assert found
        assert trends.read(answer) == found
        assert len({signal.key for signal in found}) == len(found)
        for signal in found:
            sound(signal, answer)


@EVERY_SOURCE
def test_an_empty_list_is_no_signal_and_no_failure(name: str) -> None:
    assert name in EMPTY, f"the source {name} has no empty answer: add one to tests/contracts/test_trend_sources.py"
    assert trends.read(spoilt(examples(name)[0], EMPTY[name])) == ()


@EVERY_SOURCE
def test_something_else_is_named_and_not_read(name: str) -> None:
    page = b"<!doctype html><html><head><title>Sign in</title></head><body><p>Please wait</p></body></html>"
    others = [page, b"", b"\xff\xfe\x00", b"null", b"[1, 2]", b'"text"', b'{"version": 3, "payload": []}', b"[" * 5000]
    others += [b'{"hits": 7, "items": {}, "data": "x", "trends": null}', b'<?xml version="1.0"?><other/>']
    for content in others:
        with pytest.raises(SourceUnreadable) as caught:
            trends.read(spoilt(examples(name)[0], content))
        assert caught.value.message.endswith(".") and caught.value.hint.endswith("."), content


@EVERY_SOURCE
def test_a_title_in_any_script_keeps_its_letters_and_its_language(name: str) -> None:
    titles = {
        "محرك بحث جديد يكشف من دفع ثمن الإجابة": "ar",
        "מנוע חיפוש חדש מסמן תשובות בתשלום": "he",
        "新しい検索エンジンは有料の回答に印をつける": "ja",
        "새 검색 엔진은 유료 답변에 표시를 한다": "ko",
        "新搜索引擎会标出付费的答案": "zh",
        "Новый поисковик отмечает платные ответы": "ru",
    }
    answer = examples(name)[0]
    old = trends.read(answer)[0].title
    quoted = [json.dumps(old, ensure_ascii=False)[1:-1], html.escape(old), old.replace(" ", "_"), old]
    there = next(each for each in quoted if each.encode() in answer.content)
    for title, language in titles.items():
        given = title.replace(" ", "_") if name == "wikipedia" else f"\u202e{title}\u200b"
        signals = trends.read(spoilt(answer, answer.content.replace(there.encode(), given.encode())))
        (signal,) = [each for each in signals if each.title == title]
        if name != "wikipedia":  # whose project says the language
            assert signal.language == language, title


@EVERY_SOURCE
@FEW
@given(data=st.data())
def test_a_damaged_answer_is_read_as_far_as_it_goes(name: str, data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from(examples(name)))
    content = bytearray(answer.content[: data.draw(st.integers(0, len(answer.content)))])
    for place, byte in data.draw(st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), max_size=20)):
        if content:
            content[int(place * len(content))] = byte
    readable(spoilt(answer, bytes(content)))


@EVERY_SOURCE
@FEW
@given(data=st.data())
def test_an_entry_with_wrong_values_is_left_out(name: str, data: st.DataObject) -> None:
    answer = data.draw(st.sampled_from(examples(name)))
    if not answer.content.lstrip().startswith((b"{", b"[")):
        return
    wrong = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats()
        | st.text("ab 1é#<&", max_size=9)
        | st.lists(st.none(), max_size=2)
    )
    content = json.loads(answer.content)
    for _ in range(data.draw(st.integers(1, 8))):
        replaced(content, data, data.draw(wrong))
    readable(spoilt(answer, json.dumps(content).encode()))


def replaced(content: Any, data: st.DataObject, value: Any) -> None:
    """Puts `value` in the place of something inside `content`."""
    while isinstance(content, (dict, list)) and content:
        name = data.draw(st.sampled_from(sorted(content) if isinstance(content, dict) else range(len(content))))
        if not isinstance(content[name], (dict, list)) or data.draw(st.integers(0, 5)) == 0:
            content[name] = value
            return
        content = content[name]


def readable(answer: RawAnswer) -> None:
    try:
        found = trends.read(answer)
    except SourceUnreadable:
        return
    for signal in found:
        sound(signal, answer)


@EVERY_SOURCE
def test_collects_from_its_stand_in_without_a_secret_in_what_is_kept(name: str, server: TrendServer) -> None:
    answers = collect(SOURCES.get(name), server)
    assert sum(len(trends.read(each)) for each in answers) >= 3
    for answer in answers:
        assert (answer.source, answer.fetched_at) == (name, NOW)
        assert KEY not in f"{answer.address}{answer.headers}{answer.content!r}{answer.failure}"
    assert all("desk@example.com" in headers["user-agent"] for _, _, headers in server.journal)


@EVERY_SOURCE
def test_asks_again_only_for_what_has_changed(name: str, server: TrendServer) -> None:
    first = collect(SOURCES.get(name), server)
    again = collect(SOURCES.get(name), server, conditional={each.address: each.headers for each in first})
    unchanged = [each.status for each in again if not each.failure]
    assert unchanged and set(unchanged) == {304}
    assert not any(trends.read(each) for each in again)
    tags = {each.address: each.headers["etag"] for each in first if not each.failure}
    assert all(each.headers["etag"] == tags[each.address] for each in again if not each.failure)


@EVERY_SOURCE
def test_a_source_that_fails_says_how_and_leaves_its_calls(name: str, server: TrendServer) -> None:
    for kind, raised in (
        ("429", MayPass), ("500", MayPass), ("cut", MayPass), ("html", SourceUnreadable), ("schema", SourceUnreadable),
        ("empty", SourceUnreadable),
    ):  # fmt: skip
        server.faults.clear()
        server.fail(name, kind, path=NOT_THE_TOKEN)
        with pytest.raises(raised) as caught:
            collect(SOURCES.get(name), server)
        error = caught.value
        assert error.message.endswith(".") and error.hint.endswith("."), kind
        assert error.message.startswith(FEEDS[0] if name == "feeds" else SOURCES.get(name).title) or kind == "cut", kind
        assert "127.0.0.1" not in str(error) and "browser" not in str(error), kind
        failed = error.answer
        assert isinstance(failed, tuple) and failed
        assert all(each.failure and not trends.read(each) and "etag" not in each.headers for each in failed)
        if kind == "429":
            assert isinstance(error, MayPass) and error.retry_after == 600
            assert {(each.status, each.headers["retry-after"]) for each in failed} == {(429, "600")}
            server.journal.clear()
            later = {each.address: each.headers for each in failed}
            with pytest.raises(MayPass, match="pause"):
                collect(SOURCES.get(name), server, conditional=later, now=NOW + dt.timedelta(seconds=599))
            assert all("access_token" in address for _, address, _ in server.journal)
            server.faults.clear()
            assert collect(SOURCES.get(name), server, conditional=later, now=NOW + dt.timedelta(seconds=601))


def test_a_token_that_is_refused_names_the_settings(server: TrendServer) -> None:
    for kind, said in (
        ("500", "Reddit answered 500"),
        ("html", "Reddit answered no JSON"),
        ("schema", "no access token"),
    ):
        server.faults.clear()
        server.fail("reddit", kind, path="access_token")
        with pytest.raises(SourceUnusable, match=said) as caught:
            collect(SOURCES.get("reddit"), server)
        assert "browser" not in str(caught.value)


@EVERY_SOURCE
def test_a_region_without_the_source_is_named(name: str, server: TrendServer) -> None:
    source = SOURCES.get(name)
    with pytest.raises(WrongInput, match="There is no country 'XX'"):
        collect(source, server, region="XX")
    outside = "" if "" not in source.regions else "AQ"
    if outside not in source.regions:
        with pytest.raises(WrongInput, match=source.title):
            collect(source, server, region=outside)
    elif "AQ" in source.regions:
        with pytest.raises(SourceUnusable):
            collect(source, server, region="AQ")
    assert not server.journal or all("AQ" not in address for _, address, _ in server.journal)


@EVERY_SOURCE
def test_a_country_that_the_source_has_no_list_of_is_named(name: str, server: TrendServer) -> None:
    source = SOURCES.get(name)
    if "AQ" not in source.regions:
        return
    with pytest.raises(SourceUnusable) as caught:
        collect(source, server, region="AQ")
    assert caught.value.status == 404
    assert str(caught.value) == f"{source.title} has no list of AQ (404). Ask it for another region."


@EVERY_SOURCE
def test_without_its_key_it_is_not_asked(name: str, server: TrendServer) -> None:
    source = SOURCES.get(name)
    region = "US" if "US" in source.regions else ""
    asking = trends.asking_of(source, TrendSettings(sandbox=server.url), now=NOW, region=region)
    if not source.needs:
        assert name in trends.enabled(TrendSettings())
        return
    assert name not in trends.enabled(TrendSettings())
    with pytest.raises(Misconfigured, match=source.title) as caught:
        trends.collect(source, asking)
    assert all(f"PRESSROOM_TRENDS__{each.upper()}" in caught.value.hint for each in source.needs)
    assert server.journal == []
