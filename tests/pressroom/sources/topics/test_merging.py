"""Merging: every signal in exactly one topic, languages apart, ids that stay, whatever the order."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

from benchmarks.merging.__main__ import figures
from benchmarks.merging.labelled import NOW as BENCHMARK_NOW
from benchmarks.merging.labelled import halves
from pressroom.model.trends import KnownTopic, Signal, Topic, Weights
from pressroom.sources.topics import Past, known_topic, merge, score
from tests.pressroom.sources.topics.making import NOW, signal

ROOT = Path(__file__).parents[4]


def _groups(topics: tuple[Topic, ...]) -> set[frozenset[str]]:
    return {frozenset(one.key for one in topic.signals) for topic in topics}


def _merged(*signals: Signal) -> set[frozenset[str]]:
    return _groups(merge(signals, [], NOW))


def test_headlines_of_one_event_are_one_topic_on_the_half_held_out() -> None:
    """`python -m benchmarks.merging` prints the same figure beside simpler measures."""
    assert figures(halves()[1]).f1 >= 0.88


def test_every_signal_is_in_exactly_one_topic_and_the_order_changes_nothing() -> None:
    signals = [one.signal for one in halves()[0]]
    terms = [
        signal("google", f"t{n}", word, is_term=True) for n, word in enumerate(("Corfu ferry", "Halden", "zzz", "🔥"))
    ]
    again = [one.model_copy(update={"observed_at": one.observed_at + dt.timedelta(hours=6)}) for one in signals[:40]]
    every = [*signals, *terms, *again, signals[0]]
    topics = merge(every, [], BENCHMARK_NOW)
    assert sorted(one.model_dump_json() for topic in topics for one in topic.signals) == sorted(
        {one.model_dump_json() for one in every}
    )
    dice = random.Random(2)
    known = [known_topic(topic) for topic in topics]
    for _ in range(1):
        dice.shuffle(every)
        dice.shuffle(known)
        assert merge(every, [], BENCHMARK_NOW) == topics
    assert [topic.id for topic in merge(every, known, BENCHMARK_NOW)] == [topic.id for topic in topics]


def test_another_process_with_another_hash_seed_gives_the_same_bytes() -> None:
    code = "from tests.pressroom.sources.topics.test_merging import fingerprint; print(fingerprint())"
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    printed = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    assert printed.strip() == fingerprint()


def fingerprint() -> str:
    """A hash of the topics and scores of the labelled headlines of one half, with the memory of half of them."""
    signals = [one.signal for one in halves()[0]]
    known = [known_topic(topic) for topic in merge(signals[::2], [], BENCHMARK_NOW)]
    topics = merge(signals, known, BENCHMARK_NOW)
    scores = score(topics, Past(), Weights(), {}, {}, BENCHMARK_NOW)
    said = "\n".join(one.model_dump_json() for one in (*topics, *scores))
    return hashlib.sha256(said.encode()).hexdigest()


def test_odd_input() -> None:
    assert merge([], [], NOW) == ()
    same = [signal("feeds", str(n), "Same title", url=f"https://s{n}.example/{n}") for n in range(60)]
    assert len(_merged(*same)) == 1
    empty = [
        signal("feeds", str(n), title) for n, title in enumerate(("", "  ", "<b></b>", "\u200f", "🔥🔥", "the of"))
    ]
    assert len(frozenset().union(*_merged(*empty))) == len(empty)
    tomorrow = signal("feeds", "1", "Ferry burns off the coast of Corfu", ago=-24)
    assert _merged(tomorrow, signal("feeds", "2", "Corfu ferry burns", ago=60)) == {frozenset({"1", "2"})}
    endless = signal("mastodon", "1", "word " * 5000)
    assert len(merge([endless], [], NOW)) == 1


def test_one_address_is_one_topic_unless_it_is_a_list() -> None:
    a = signal(
        "hackernews", "1", "How we found it", url="https://www.example.com/blog/flaw/?utm_source=hn", language=""
    )
    b = signal("feeds", "2", "Critical flaw in libharbor", url="https://example.com/blog/flaw")
    assert _merged(a, b) == {frozenset({"1", "2"})}
    listed = [
        signal("google", str(n), title, url="https://trends.example.com/rss?geo=US")
        for n, title in enumerate(("Ferry burns", "Rates cut", "Cup final tonight"))
    ]
    assert len(_merged(*listed)) == 3
    home = [
        signal("feeds", "1", "Ferry burns", url="https://a.example/"),
        signal("feeds", "2", "Rates cut", url="https://a.example"),
    ]
    assert len(_merged(*home)) == 2


def test_the_same_title_of_a_series_is_another_topic_each_day() -> None:
    """One publisher's `Morning briefing` of two days is two; the same article in two feeds is one."""
    day = [
        signal("feeds", str(n), "Morning briefing", ago=1 + 24 * n, url=f"https://a.example/{n}", publisher="A")
        for n in range(3)
    ]
    assert len(_merged(*day)) == 3
    copied = [
        signal("feeds", str(n), "Ferry burns off Corfu", url=f"https://{n}.example/x", publisher=str(n))
        for n in range(3)
    ]
    assert len(_merged(*copied)) == 1


def test_many_entries_of_one_title_are_not_each_compared_with_all_others() -> None:
    """5,000 of them took 12 seconds."""

    def calls(count: int) -> int:
        same = [signal("feeds", str(n), "Ferry burns off Corfu", url=f"https://{n}.example/x") for n in range(count)]
        events: list[str] = []
        sys.setprofile(lambda _, event, __: events.append(event))
        try:
            found = _merged(*same)
        finally:
            sys.setprofile(None)
        assert len(found) == 1
        return len(events)

    calls(400)  # addresses are remembered
    assert calls(400) < 6 * calls(100)


def test_numbers_that_differ_keep_a_series_apart_and_a_growing_toll_does_not() -> None:
    series = [
        signal("feeds", "1", "Megadraw lottery: winning numbers for Tuesday, jackpot 90 million", ago=60),
        signal("feeds", "2", "Megadraw lottery: winning numbers for Friday, jackpot 104 million"),
    ]
    toll = [
        signal("feeds", "3", "At least 12 dead after earthquake in Tokari"),
        signal("feeds", "4", "Tokari earthquake: 31 dead, dozens missing"),
    ]
    other = [signal("feeds", str(n), f"Filler about {name} and nothing else") for n, name in enumerate("abcdefgh", 10)]
    assert {frozenset({"3", "4"})} <= _merged(*toll, *other)
    assert not {frozenset({"1", "2"})} & _merged(*series, *other)


def test_languages_stay_apart_and_a_missing_one_is_found() -> None:
    signals = [
        signal("feeds", "en1", "Tsunami warning after strong quake off Japan"),
        signal("hackernews", "en2", "Strong quake off Japan, tsunami warning", language=""),
        signal("feeds", "de1", "Tsunami-Warnung nach Erdbeben vor Japan", language="de-AT"),
        signal("mastodon", "de2", "Nach dem Erdbeben vor Japan gilt eine Tsunami-Warnung", language=""),
        signal("feeds", "ja", "東北沖で地震 津波警報を発表", language=""),
        signal("feeds", "ar", "زلزال قوي يضرب اليابان وتحذير من تسونامي", language=""),
    ]
    topics = merge(signals, [], NOW)
    assert _groups(topics) == {
        frozenset({"en1", "en2"}),
        frozenset({"de1", "de2"}),
        frozenset({"ja"}),
        frozenset({"ar"}),
    }
    assert sorted(topic.language for topic in topics) == ["ar", "de", "en", "ja"]


def test_right_to_left_and_unspaced_titles_are_merged_within_their_language() -> None:
    for language, one, other, third in (
        ("ja", "東北沖で地震、津波警報を発表", "【速報】東北沖の地震で津波警報 - みなと新聞", "日銀が追加利上げを決定"),
        ("ar", "عاجل: زلزال يضرب شمال اليابان", "زِلزال شمال اليابان: تحذير من تسونامي", "أوبك تخفض إنتاج النفط"),
        ("he", "שביתה בנתב״ג: טיסות בוטלו", "טיסות בוטלו בגלל השביתה בנתב״ג", "הבנק הריבית הופחתה"),
        ("zh", "固态电池正式量产，续航超1000公里", "国产固态电池量产 续航突破1000公里", "日本发生强震"),
    ):
        signals = [
            signal("feeds", key, title, language=language)
            for key, title in zip("123", (one, other, third), strict=True)
        ]
        assert _merged(*signals) == {frozenset("12"), frozenset("3")}, language


def test_a_term_joins_the_topic_that_contains_it() -> None:
    quake = [
        signal("feeds", "1", "Northern Japan earthquake kills 23", url="https://a.example/1"),
        signal("feeds", "2", "Rescuers search ruins after Japan earthquake"),
        signal("mastodon", "3", "Japan quake: trains stopped after earthquake"),
    ]
    other = [
        signal("feeds", "4", "Larkfield lift the cup after shootout"),
        signal("feeds", "5", "Larkfield win cup on penalties"),
    ]
    terms = [
        signal("google", "t1", "japan earthquake", is_term=True),
        signal("mastodon", "t2", "#JapanEarthquake", is_term=True),
        signal("google", "t3", "tidal wave", is_term=True, links=("https://www.a.example/1?utm_source=g",)),
        signal("wikipedia", "t4", "Larkfield", is_term=True),
        signal("wikipedia", "t5", "Deaths in 2026", is_term=True),
        signal("google", "t6", "japan earthquake", is_term=True, language="de"),
    ]
    terms += [
        signal("bluesky", "t7", "Japan earthquake ruins", is_term=True),
        signal("wikipedia", "t8", "Harold Vance (actor)", is_term=True),
        signal("bluesky", "t9", "Harold Vance's new role", is_term=True),
        signal("mastodon", "t10", "haroldvance", is_term=True),
    ]
    groups = _merged(*quake, *other, *terms)
    assert frozenset({"t8", "t9", "t10"}) in groups
    assert frozenset({"1", "2", "3", "t1", "t2", "t3", "t7"}) in groups
    assert frozenset({"4", "5", "t4"}) in groups
    assert frozenset({"t5"}) in groups and frozenset({"t6"}) in groups


def test_the_label_is_a_headline_without_its_site() -> None:
    signals = [
        signal("google", "0", "corfu ferry", is_term=True),
        signal("feeds", "1", "BREAKING: Ferry catches fire off <b>Corfu</b> &amp; burns - Tidewater Post"),
        signal("feeds", "2", "Ferry catches fire off Corfu, burns for hours"),
    ]
    assert merge(signals, [], NOW)[0].label in (
        "Ferry catches fire off Corfu & burns",
        "Ferry catches fire off Corfu, burns for hours",
    )


def test_a_topic_keeps_its_id_by_title_by_address_and_over_a_split() -> None:
    first = merge(
        [signal("feeds", "1", "Halden recalls vans over brakes", ago=30, seen=24, url="https://a.example/1")], [], NOW
    )
    known = [known_topic(one) for one in first]
    by_title = merge([signal("reddit", "9", "Halden recalls 210,000 vans because of brakes")], known, NOW)
    by_address = merge([signal("mastodon", "8", "Unbelievable!", url="https://m.a.example/1?fbclid=2")], known, NOW)
    assert by_title[0].id == by_address[0].id == first[0].id
    assert by_title[0].first_seen == first[0].first_seen
    again = merge([signal("feeds", "1", "Larkfield win the cup", ago=30, url="https://b.example/2")], known, NOW)
    assert again[0].id != first[0].id
    both = [
        signal("feeds", "1", "Halden recalls vans over brakes", ago=30, seen=24),
        signal("feeds", "2", "Rates cut in surprise move"),
    ]
    assert len({one.id for one in merge(both, known, NOW)}) == 2
    german = KnownTopic(id="x", language="de", titles=("Halden recalls vans over brakes",), first_seen=NOW)
    assert merge(both[:1], [german], NOW)[0].id != "x"


def test_memory_grows_and_stays_small() -> None:
    one = merge(
        [signal("feeds", str(n), f"Halden van recall part {n}", url=f"https://a.example/{n}") for n in range(90)],
        [],
        NOW,
    )
    memory = None
    for topic in one:
        memory = known_topic(topic.model_copy(update={"id": "a"}), memory)
    assert memory is not None
    assert len(memory.titles) <= 8 and len(memory.addresses) <= 40
    assert memory.titles[0] == one[-1].label
