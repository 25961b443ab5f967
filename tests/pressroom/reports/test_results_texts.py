"""The ready-to-post text files: what a person pastes, and what they should know before."""

from __future__ import annotations

import pytest

from pressroom.errors import WrongInput
from pressroom.model.results import Results
from pressroom.reports.results import files_of, from_json, post_text, texts_of
from tests.pressroom.reports import result_samples as samples


def sections(text: str) -> dict[str, str]:
    """Heading -> what stands below it."""
    parts = [part.partition(" ==\n") for part in text.split("\n\n== ")[1:]]
    return {heading: body.rstrip("\n") for heading, _, body in parts}


def of(results: Results, platform: str, zone: str | None = None) -> dict[str, str]:
    return sections(texts_of(results, zone=zone)[f"{platform}.txt"].decode())


def test_a_file_a_platform_and_the_results_themselves() -> None:
    results = samples.results()
    found = files_of(results)
    assert list(found) == ["results.json", "instagram.txt", "x.txt", "linkedin.txt", "youtube.txt"]
    assert from_json(found["results.json"]) == results
    assert {name: found[name] for name in found if name != "results.json"} == texts_of(results)


def test_the_same_results_give_the_same_bytes_also_from_their_own_file() -> None:
    results = samples.results(**samples.PRODUCT)
    assert files_of(from_json(files_of(results)["results.json"])) == files_of(results)


def test_instagram_has_its_hashtags_in_the_first_comment() -> None:
    found = of(samples.results(), "instagram")
    assert found["POST"] == samples.made().caption
    assert found["HASHTAGS FOR THE FIRST COMMENT"] == "#coffee #latteart"
    assert found["LENGTH"] == "The caption: 64 of 2,200 characters"


def test_others_have_them_in_the_post_and_counted() -> None:
    found = of(samples.results(), "linkedin")
    assert found["POST"] == samples.made().caption + "\n\n#coffee #latteart"
    assert "HASHTAGS FOR THE FIRST COMMENT" not in found
    assert found["LENGTH"] == "The post: 83 of 3,000 characters"


@pytest.mark.parametrize(
    ("platform", "caption", "line"),
    [
        ("x", "☕ https://example.com/" + "a" * 100, "The post: 45 of 280 characters as X counts them"),
        ("youtube", "Grüße", "The description: 26 of 5,000 bytes"),
        ("facebook", "Hello", "The post: 24 characters"),
        ("threads", "☕ Hello", "The post: 28 of 500 characters as Threads counts them"),
        ("bluesky", "👩🏽‍💻 Hello", "The post: 26 of 300 characters as Bluesky counts them"),
        ("pixelfed", "Hello", "24 characters"),
        ("pinterest", "x" * 800, "819 of 800 characters; 19 too long, shorten it before you post"),
    ],
)
def test_the_length_is_as_the_platform_counts_it(platform: str, caption: str, line: str) -> None:
    results = samples.results(samples.made(platform, caption=caption))
    assert of(results, platform)["LENGTH"].endswith(line)


def test_accounts_come_with_why_and_where_they_were_found() -> None:
    found = of(samples.results(), "linkedin")["ACCOUNTS TO TAG"]
    assert found.endswith("- @roastery: The roaster of these beans. (https://example.com/roasters#berlin)")
    assert of(samples.results(), "x")["ACCOUNTS TO TAG"] == "None: No search provider is configured."


def test_the_best_times_are_dates_in_the_readers_zone_over_a_change_of_clocks() -> None:
    lines = of(samples.results(), "instagram", "Europe/Berlin")["BEST TIMES TO POST"].splitlines()
    assert lines[1:4] == [
        "The next in Europe/Berlin:",
        "- Friday, 23 October 2026, 19:00 (UTC+02:00)",
        "- Monday, 26 October 2026, 11:00 (UTC+01:00)",
    ]
    assert "no measurement of ours" in lines[-1]
    assert "as of 2026-" in lines[-1]


def test_without_a_zone_there_are_weekdays_only_and_the_results_own_is_the_default() -> None:
    assert "The next in" not in of(samples.results(), "instagram")["BEST TIMES TO POST"]
    own = samples.results(**samples.PRODUCT)
    assert "The next in Europe/Berlin" in of(own, "instagram")["BEST TIMES TO POST"]
    assert "The next in Asia/Kolkata" in of(own, "instagram", "Asia/Kolkata")["BEST TIMES TO POST"]


def test_an_unknown_platform_has_no_times_and_an_unknown_zone_is_refused() -> None:
    results = samples.results(samples.made("pixelfed"))
    assert of(results, "pixelfed")["BEST TIMES TO POST"] == "The platform is not declared, so no times are known."
    for platform in ("pixelfed", "instagram"):
        with pytest.raises(WrongInput, match="not a time zone"):
            texts_of(samples.results(samples.made(platform)), zone="Mars/Olympus")


def test_pictures_their_alt_text_and_the_level_are_named() -> None:
    found = of(samples.results(samples.made(**samples.PHOTOGRAPHED), **samples.PRODUCT), "instagram")
    assert found["IMAGE"].splitlines() == [
        "instagram.jpg (1080x1080, image/jpeg, 184,220 bytes)",
        "instagram-floating.png (1080x1080, image/png, 900,000 bytes, floating)",
    ]
    assert found["ALT TEXT"] == "A latte with a heart in its foam on a wooden table."
    assert "Product photography: floating" in found["ABOUT"]
    assert "Made by: full AI" in found["ABOUT"]
    assert "Made by: templates" in of(samples.results(), "instagram")["ABOUT"]


def test_a_platform_that_failed_says_why_and_what_to_do() -> None:
    results = samples.results()
    text = post_text(results.platforms[3], results)
    assert text.startswith("YouTube: not made\n")
    found = sections(text)
    assert found["WHY"] == "IMAGE_TOO_SMALL: 299 x 300 pixels are too few."
    assert found["WHAT TO DO"] == "Use a larger one."
    assert "POST" not in found


def test_a_cut_off_emoji_does_not_cost_the_file() -> None:
    results = samples.results(samples.made(caption="cut \ud83d", notes=("a\nb",)))
    assert all(content.decode() for content in files_of(results).values())
    assert of(results, "instagram")["NOTES"] == "- a b"
