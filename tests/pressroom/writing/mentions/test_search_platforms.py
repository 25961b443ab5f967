"""What accounts are called on each platform, and which address is whose."""

from __future__ import annotations

import pytest

from pressroom import platforms
from pressroom.calls.searching import Citation
from pressroom.platforms.platform import host_of
from pressroom.writing.mentions.evidence import source_of
from pressroom.writing.mentions.reading import Candidate, candidates

NAMES = {name: known for known in map(platforms.get, platforms.names()) for name in known.names}


@pytest.mark.parametrize(
    ("where", "good", "bad"),
    [
        ("instagram", "nasa na.sa n_9 a @NASA", "a..b .a a. a-b explore nasa! ä " + "a" * 31),
        ("x", "esa ESA_2 " + "a" * 15, "a-b a.b home " + "a" * 16),
        ("tiktok", "@nasa a.b_1", "a a. a-b"),
        ("youtube", "NASA na-sa.tv_1", "ab -ab ab- a/b"),
        ("linkedin", "nasa acme-corp 3m", "-acme acme- a_b a.b"),
        ("facebook", "nasa.gov NASAx", "nasa a_bcde .abcde watch groups"),
        ("pinterest", "nasa na_sa", "ab a.b pin"),
        ("threads", "na.sa_1", "a..b a-b"),
        ("bluesky", "nasa.bsky.social esa.int a-b.example.co", "nasa nasa. -a.b a_b.c a.1 .a.b"),
    ],
)
def test_the_form_of_a_name(where: str, good: str, bad: str) -> None:
    one = platforms.get(where)
    assert [one.account(name) for name in good.split()] == [name.removeprefix("@").casefold() for name in good.split()]
    assert [name for name in bad.split() if one.account(name)] == []
    assert one.account("") is None


@pytest.mark.parametrize(
    ("url", "where", "name"),
    [
        ("https://www.instagram.com/NASA/", "instagram", "nasa"),
        ("https://www.instagram.com/nasa/reel/xyz?igsh=1", "instagram", "nasa"),
        ("https://www.instagram.com/p/Cxyz/", "instagram", None),
        ("https://mobile.twitter.com/esa", "x", "esa"),
        ("https://x.com/esa/status/1", "x", "esa"),
        ("https://www.tiktok.com/@nasa/video/1", "tiktok", "nasa"),
        ("https://www.tiktok.com/tag/nasa", "tiktok", None),
        ("https://www.youtube.com/@NASA", "youtube", "nasa"),
        ("https://www.youtube.com/watch?v=nasa", "youtube", None),
        ("https://de.linkedin.com/company/esa/about", "linkedin", "esa"),
        ("https://www.linkedin.com/in/somebody", "linkedin", None),
        ("https://bsky.app/profile/esa.int", "bluesky", "esa.int"),
        ("https://www.threads.net/@nasa", "threads", "nasa"),
        ("https://instagram.com.evil.example/nasa", "instagram", None),
        ("https://notinstagram.com/nasa", "instagram", None),
        ("https://www.instagram.com", "instagram", None),
        ("http://[", "instagram", None),
    ],
)
def test_whose_profile_an_address_is(url: str, where: str, name: str | None) -> None:
    assert platforms.get(where).account_at(url) == name


def test_a_profile_s_address_leads_back_to_its_name() -> None:
    for one in map(platforms.get, platforms.names()):
        name = "example.org" if one.account("example") is None else "example"
        assert one.account_at(one.profile(name)) == name


def test_a_host_without_what_stands_before_it() -> None:
    hosts = ["https://www.x.com/a", "x.com", "m.facebook.com", "https://uk.pinterest.com", "https://t.co/a", ""]
    assert [host_of(one) for one in hosts] == ["x.com", "x.com", "facebook.com", "pinterest.com", "t.co", ""]


@pytest.mark.parametrize(
    "line",
    [
        "instagram | nasa | Why it fits.",
        "- **Instagram** | `@nasa` | Why it fits.",
        "| Instagram | [@nasa](https://www.instagram.com/nasa/) | Why it fits. |",
        "* IG|https://www.instagram.com/nasa/|Why it fits. ([instagram.com](https://www.instagram.com/nasa/))",
        "instagram | nasa | Why | it fits.".replace(" | it", " it"),
    ],
)
def test_a_line_however_it_is_dressed_up(line: str) -> None:
    (one,) = candidates(f"Here you are:\n{line}\nplatform | name | why\n|---|---|---|", NAMES)
    assert (one.platform.key, one.account, one.why) == ("instagram", "nasa", "Why it fits.")


@pytest.mark.parametrize(
    "text", ["", "instagram", "instagram |", "instagram: nasa", "|||", "instagram | nasa nasa | a"]
)
def test_a_line_that_names_nobody(text: str) -> None:
    assert list(candidates(text, NAMES)) == []


ACME = Candidate(platforms.get("instagram"), "acme", "", 10, 20)


@pytest.mark.parametrize(
    ("citation", "counts"),
    [
        ({"url": "https://www.instagram.com/acme/"}, True),
        ({"url": "https://www.instagram.com/acme/", "start": 90, "end": 99}, True),
        ({"url": "https://example.org/brands/acme"}, True),
        ({"url": "https://example.org/", "title": "Acme (@acme), the makers"}, True),
        ({"url": "https://example.org/", "quote": "Follow @acme."}, True),
        ({"url": "https://example.org/", "quote": "Follow @acme.", "start": 20, "end": 30}, False),
        ({"url": "https://example.org/", "quote": "Follow @acme.", "start": 0, "end": 10}, False),
        ({"url": "https://acme.com/"}, False),
        ({"url": "https://example.org/acme-corp", "title": "acme_tools and smartacme"}, False),
        ({"url": "https://x.com/acme", "title": "acme"}, False),
        ({"url": "https://google.example/redirect", "title": "x.com", "quote": "acme"}, False),
        ({"url": "https://google.example/redirect", "title": "instagram.com", "quote": "acme"}, True),
        ({"url": "https://www.instagram.com/other/", "quote": "acme"}, False),
        ({"url": "javascript:acme", "title": "acme"}, False),
    ],
)
def test_what_counts_as_a_source(citation: dict[str, object], counts: bool) -> None:
    one = Citation.model_validate({"start": 10, "end": 20, **citation})
    assert source_of(ACME, [one]) == (one.url if counts else None)
