"""Every violation of a YouTube Short and of a video."""

from __future__ import annotations

from typing import Any

import pytest

from pressroom import formats

BOTH = [
    ({"title": ""}, ("blank", "title", 0, 1)),
    ({"title": "a" * 101}, ("characters_too_many", "title", 101, 100)),
    ({"title": "a < b > c"}, ("angle_brackets", "title", 2, 0)),
    ({"description": " "}, ("blank", "description", 0, 1)),
    ({"description": "<b>"}, ("angle_brackets", "description", 2, 0)),
    ({"tags": []}, ("blank", "tags", 0, 1)),
    ({"tags": ["a" * 250, "b" * 250]}, ("characters_too_many", "tags", 501, 500)),
    ({"tags": ["a b" * 83, "c" * 250]}, ("characters_too_many", "tags", 502, 500)),
    ({"tags": ["same", "Same "]}, ("tag_repeated", "tags", 2, 1)),
    ({"tags": ["one,two"]}, ("tag_malformed", "tags", "one,two", "words and spaces")),
    ({"tags": ["<i>"]}, ("angle_brackets", "tags", 2, 0)),
]
SHORT = [
    ({"script": "word " * 37}, ("seconds_too_few", "script", 14.8, 15)),
    ({"script": "word " * 151}, ("seconds_too_many", "script", 60.4, 60)),
    ({"description": "é" * 2501}, ("bytes_too_many", "description", 5002, 5000)),
]
SCRIPT = "word " * 100  # 40 s


def chapters(*starts: str) -> list[dict[str, str]]:
    return [{"start": start, "title": f"Part {start}"} for start in starts]


VIDEO = [
    ({"script": ""}, ("blank", "script", 0, 1)),
    ({"chapters": []}, ("chapters_too_few", "chapters", 0, 3)),
    ({"chapters": chapters("0:00", "0:10")}, ("chapters_too_few", "chapters", 2, 3)),
    ({"chapters": chapters("0:01", "0:15", "0:25")}, ("chapters_start_late", "chapter 1", "0:01", "0:00")),
    ({"chapters": chapters("0:00", "0:09", "0:20")}, ("chapter_too_short", "chapter 1", 9, 10)),
    ({"chapters": chapters("0:00", "0:20", "0:10")}, ("chapters_out_of_order", "chapter 2", -10, 10)),
    ({"chapters": chapters("0:00", "0:12", "0:31")}, ("chapter_too_short", "chapter 3", 9, 10)),
    ({"chapters": chapters("0:00", "0:75", "0:20")}, ("chapter_time_malformed", "chapter 2", "0:75", "m:ss")),
    ({"chapters": [*chapters("0:00", "0:10"), {"start": "0:20", "title": ""}]}, ("blank", "chapter 3", 0, 1)),
]


@pytest.mark.parametrize("name", ["youtube_short", "youtube_video"])
@pytest.mark.parametrize(("change", "violation"), BOTH)
def test_both_break(found: Any, name: str, change: dict[str, Any], violation: Any) -> None:
    assert violation in found(name, **change)


@pytest.mark.parametrize(("change", "violation"), SHORT)
def test_short_breaks(found: Any, change: dict[str, Any], violation: Any) -> None:
    assert found("youtube_short", **change) == [violation]


@pytest.mark.parametrize(("change", "violation"), VIDEO)
def test_video_breaks(found: Any, change: dict[str, Any], violation: Any) -> None:
    assert violation in found("youtube_video", **{"script": SCRIPT, **change})


def test_chapters_to_the_second(found: Any) -> None:
    assert found("youtube_video", script=SCRIPT, chapters=chapters("0:00", "0:10", "0:30")) == []
    hours = chapters("00:00", "0:50:00", "1:00:05")
    assert found("youtube_video", script="word " * 9100, chapters=hours) == []


def test_chapters_count_towards_the_description_they_are_pasted_with(found: Any) -> None:
    many = [{"start": f"{minute}:00", "title": "t" * 96} for minute in range(10)]
    (violation,) = found("youtube_video", script="word " * 1600, chapters=many, description="d" * 4000)
    assert violation == ("bytes_too_many", "description", 4000 + 2 + 10 * 101 + 9, 5000)


def test_video_is_pasted_in_the_order_of_the_form(changed: Any) -> None:
    parts = formats.get("youtube_video").parts(changed("youtube_video", tags=["one", "two words"]))
    assert [part.label.partition(" (")[0] for part in parts] == ["Title", "Script", "Description", "Tags"]
    assert parts[2].text.splitlines()[2].startswith("0:00 ")
    assert parts[3].text == 'one,"two words"'
