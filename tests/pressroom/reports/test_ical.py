"""The feed for calendar programs: lines and escaping as RFC 5545 has them, and what a reader finds in it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from pydantic import ValidationError

from pressroom.reports.ical import FeedEntry, ical


def entry(name: str = "p1", **changes: Any) -> FeedEntry:
    fields = {
        "id": name,
        "at": "2027-03-28T11:00:00+02:00",
        "changed_at": "2026-11-30T09:15:30Z",
        "title": "Hiring; a plan, in three steps",
        "text": "First line\nC:\\temp, and so on; the end",
        "url": "https://desk.example/item/1?a=b;c,d",
    }
    return FeedEntry.model_validate(fields | changes)


def lines(feed: bytes) -> list[str]:
    """The content lines, unfolded by hand as the RFC says."""
    assert feed.endswith(b"\r\n")
    assert not set(feed.replace(b"\r\n", b"")) & {10, 13}
    physical = feed.split(b"\r\n")[:-1]
    assert max(map(len, physical)) <= 75
    for each in physical:
        each.decode()  # no character is cut in two
    return feed.decode().replace("\r\n ", "").split("\r\n")[:-1]


def event(feed: bytes) -> Any:
    (found,) = Calendar.from_ical(feed).walk("VEVENT")
    return found


def test_the_lines_of_a_feed() -> None:
    assert lines(ical("Acme, all; channels", [entry()])) == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Pressroom//Publications//EN",
        "METHOD:PUBLISH",
        "NAME:Acme\\, all\\; channels",
        "X-WR-CALNAME:Acme\\, all\\; channels",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        "BEGIN:VEVENT",
        "SUMMARY:Hiring\\; a plan\\, in three steps",
        "DTSTART:20270328T090000Z",
        "DTSTAMP:20261130T091530Z",
        "UID:p1@pressroom",
        "DESCRIPTION:First line\\nC:\\\\temp\\, and so on\\; the end",
        "LAST-MODIFIED:20261130T091530Z",
        "STATUS:CONFIRMED",
        "TRANSP:TRANSPARENT",
        "URL:https://desk.example/item/1?a=b;c,d",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


def test_entries_are_in_order_of_time_and_the_bytes_are_the_same_for_the_same_entries() -> None:
    early, late = entry("b", at="2027-01-01T00:00:00Z"), entry("a", status="cancelled", url="", text="")
    feed = ical("All", [late, early])
    assert feed == ical("All", [early, late])
    found = Calendar.from_ical(feed).walk("VEVENT")
    assert [(each["uid"], each["status"], "URL" in each, "DESCRIPTION" in each) for each in found] == [
        ("b@pressroom", "CONFIRMED", True, True),
        ("a@pressroom", "CANCELLED", False, False),
    ]
    assert [each.decoded("dtstart") for each in found] == [early.at, late.at]
    assert Calendar.from_ical(ical("None", [])).walk("VEVENT") == []


def test_long_texts_in_every_script_fold_between_characters() -> None:
    for text in ("ä" * 300, "日本語の投稿" * 40, "👩‍👩‍👧‍👦 " * 30, "a," * 200, "\\" * 200, "שלום, עולם; " * 30):
        feed = ical(text[:120], [entry(text=text)])
        lines(feed)
        assert event(feed)["description"] == text


@settings(max_examples=25)
@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_gives_a_feed_that_reads_back(text: str, title: str) -> None:
    shown = "".join(char for char in text if char.isprintable() or char == "\n")
    feed = ical(title, [entry(text=shown, title=title)])
    assert len(lines(feed)) in {19, 20}
    assert str(event(feed).get("description", "")) == shown


def test_no_text_can_add_a_line_or_a_property() -> None:
    for break_ in ("\n", "\r\n", "\r", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"):
        evil = f"a{break_}ATTENDEE:mailto:x@y.example{break_}END:VEVENT\x00\x1b"
        feed = ical(evil, [entry(text=evil, title=evil)])
        assert event(feed)["summary"] == "a ATTENDEE:mailto:x@y.example END:VEVENT"
        assert event(feed)["description"] == "a\nATTENDEE:mailto:x@y.example\nEND:VEVENT"
        assert "ATTENDEE" not in event(feed)
        assert not any(line.startswith("ATTENDEE") for line in feed.decode().splitlines())
    table: list[dict[str, Any]] = [
        {"url": "https://x.example/\r\nATTENDEE:y"},
        {"url": "javascript:alert(1)"},
        {"id": "a\nb"},
        {"id": "a\n"},
        {"url": "https://x.example/\n"},
    ]
    for wrong in [*table, {"at": datetime(2027, 1, 1)}, {"status": "CONFIRMED"}]:
        with pytest.raises(ValidationError):
            entry(**wrong)
    assert entry(at=datetime(2027, 1, 1, tzinfo=UTC)).at.tzinfo is UTC
