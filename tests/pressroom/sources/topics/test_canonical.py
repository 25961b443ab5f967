"""Addresses of one page have one spelling."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pressroom.sources.topics.addresses import canonical, domain, is_page

SAME = {
    "https://example.com/a/b?a=1&b=2": (
        "HTTP://www.Example.com:80/a/b/?utm_source=x&b=2&a=1#top",
        "https://m.example.com/a//b?a=1&b=2&fbclid=9&gclid=1&igshid=2&ref=home&msclkid=3",
        "https://user:pass@example.com:443/a/./b/index.html?b=2&a=1",
        "https://example.com/amp/a/b?a=1&b=2&amp=1",
        "https://example.com/a/b/amp/?a=1&amp;b=2",
        "https://www.google.com/amp/s/www.example.com/a/b?a=1&b=2",
        "https://www-example-com.cdn.ampproject.org/c/s/www.example.com/a/b?a=1&b=2",
        "https://www.google.com/url?q=https%3A%2F%2Fexample.com%2Fa%2Fb%3Fa%3D1%26b%3D2&sa=U",
    ),
    "https://youtube.com/watch?v=abcdefghijk": (
        "https://youtu.be/abcdefghijk?si=1",
        "https://m.youtube.com/watch?feature=share&v=abcdefghijk&t=3s",
        "https://www.youtube.com/shorts/abcdefghijk",
    ),
    "https://en.wikipedia.org/wiki/Press": ("https://en.m.wikipedia.org/wiki/Press",),
    "https://example.org/%E6%97%A5": ("https://example.org/日/", "https://example.org/%e6%97%a5"),
    "not an address": (" not an address ",),
    "http://a.b:99999/": ("http://a.b:99999/",),
    "at://did:plc:x/app.bsky.feed.post/3": ("at://did:plc:x/app.bsky.feed.post/3",),
    "": ("", "  "),
}


def test_addresses_of_one_page_have_one_spelling() -> None:
    for address, spellings in SAME.items():
        for spelling in (address, *spellings):
            assert canonical(spelling) == address, spelling


def test_what_names_another_page_stays() -> None:
    different = [
        "https://example.com/a",
        "https://example.com/A",
        "https://example.com/a?id=1",
        "https://example.com/a?id=2",
    ]
    different += [
        "https://m.de/a",
        "https://example.com:8080/a",
        "https://example.com/amplifier",
        "https://example.com",
    ]
    assert len({canonical(address) for address in different}) == len(different)


@given(st.text(max_size=60), st.sampled_from(["", "https://", "http://www.a.org/", "https://google.com/url?q="]))
def test_canonical_is_its_own_canonical_and_never_fails(text: str, start: str) -> None:
    once = canonical(start + text)
    assert canonical(once) == once


def test_a_domain_is_the_part_that_is_registered() -> None:
    assert [domain(f"https://{host}/x") for host in ("news.example.co.uk", "a.b.example.com", "example.de")] == [
        "example.co.uk",
        "example.com",
        "example.de",
    ]
    assert domain("nothing") == ""
    assert not is_page("https://example.com")
    assert is_page("https://example.com/a")
