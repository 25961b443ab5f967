"""Films of scripts: the flow and its command, with a renderer that takes no time; `pressroom film` with a real one is
`test_film_for_real.py`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from pressroom.calls.books import Books
from pressroom.calls.chain import Chain
from pressroom.errors import ChainExhausted, Misconfigured, RenderFailed
from pressroom.media.keeping import Keeper
from pressroom.model.speech import Speech, SpeechRequest
from sandbox import ProviderServer
from tests.fixtures.quick_films import Quick, keep_script
from tests.fixtures.running import Said, table_rows

pytestmark = pytest.mark.usefixtures("migrated_home")

Cli = Callable[..., Said]


def made(said: Said) -> dict[str, Any]:
    assert said.code == 0, said.err
    found: dict[str, Any] = said.json
    return found


def scene_files(found: dict[str, Any]) -> list[str]:
    by_id = {row["id"]: row["sha256"] for row in table_rows("asset")}
    return [by_id[scene["visual"]] for scene in found["film"]["scenes"]]


def test_a_script_becomes_a_film_of_its_draft_and_a_repeat_makes_nothing(cli: Cli, quick_films: Quick) -> None:
    draft = keep_script()
    first = made(cli("film", "latest", "--json"))
    film, scenes = first["film"], first["film"]["scenes"]
    assert (first["status"], film["content_id"], film["timing"], film["is_attached"]) == (
        "completed",
        draft,
        "model",
        True,
    )
    assert len(scenes) == 12 and " ".join(scene["words"] for scene in scenes).startswith("Your night shift knows")
    (reel,) = quick_films.reels
    assert (reel.width, reel.height, reel.safe, len(reel.shots)) == (1080, 1920, (60, 250, 900, 1460), 12)
    assert reel.closing is not None and reel.captions
    assert first["calls"]["made"] == first["calls"]["made"] + first["calls"]["reused"] > 12

    kinds = [row["purpose"].split("/", 2)[2] for row in table_rows("asset")]
    assert sorted(kinds) == sorted(
        ["film", "srt", "vtt", "sheet", *(f"scene-{n}/{part}" for n in range(1, 13) for part in ("picture", "voice"))]
    )
    (attached,) = table_rows("attachment")
    assert (attached["kind"], attached["made_by_ai"], attached["asset_id"]) == ("film", True, film["asset_id"])
    of_draft = {row["key"] for row in table_rows("artifact") if row["content_id"] == draft}
    assert {file["key"] for file in film["files"].values()} <= of_draft

    assert [one["content_id"] for one in cli("show", "latest", "--json").json["content"]] == [draft]

    spoken, calls = list(quick_films.spoken), len(table_rows("provider_call"))
    again = made(cli("film", draft[:8], "--json"))
    assert again["film"] == film and again["calls"]["made"] == 0
    assert (len(quick_films.reels), quick_films.spoken, len(table_rows("provider_call"))) == (1, spoken, calls)


def test_one_scene_is_made_again_and_its_siblings_are_not_touched(cli: Cli, quick_films: Quick, tmp_path: Path) -> None:
    keep_script("tiktok_script")
    before = made(cli("film", "latest", "--json"))
    count = len(quick_films.spoken)

    after = made(cli("film", "latest", "--scene", "2", "--json"))
    old, new = scene_files(before), scene_files(after)
    assert [place for place, pair in enumerate(zip(old, new, strict=True), 1) if pair[0] != pair[1]] == [2]
    assert quick_films.spoken[count:] == ["Ask around the office which file nobody is allowed to touch."]
    assert len(table_rows("attachment")) == 1 and table_rows("attachment")[0]["asset_id"] == after["film"]["asset_id"]

    shown = tmp_path / "own.png"
    Image.new("RGB", (640, 900), "teal").save(shown)
    count = len(quick_films.spoken)
    own = made(cli("film", "latest", "--scene", "2", "--only", "picture", "--picture", f"2={shown}", "--json"))
    assert own["film"]["scenes"][1]["is_own"] and len(quick_films.spoken) == count
    named = made(cli("film", "latest", "--caption", "1=The file with a name, which everybody knows", "--json"))
    assert [word.text for word in quick_films.reels[-1].shots[0].words][:2] == ["The", "file"]
    assert named["film"]["scenes"][0]["caption"].startswith("The file") and len(quick_films.spoken) == count

    back = made(cli("film", "latest", "--json"))  # as at first: nothing is made, and it is the draft's film again
    assert back["film"]["asset_id"] == before["film"]["asset_id"] == table_rows("attachment")[0]["asset_id"]
    assert len(quick_films.reels) == 4


def test_what_fails_leaves_nothing_by_halves_and_a_retry_pays_for_nothing_twice(cli: Cli, quick_films: Quick) -> None:
    keep_script()

    def broken() -> None:
        raise RenderFailed("ffmpeg was killed.", hint="Try again.")

    quick_films.fails = broken
    failed = cli("film", "latest")
    assert failed.code == 1 and "ffmpeg was killed" in failed.err
    assert not [row for row in table_rows("asset") if row["purpose"].endswith(("film", "srt"))]
    assert not table_rows("attachment")
    quick_films.fails, spoken = lambda: None, len(quick_films.spoken)
    again = made(cli("film", "latest", "--json"))
    assert (again["status"], again["calls"]["made"], len(quick_films.spoken)) == ("completed", 0, spoken)


def test_bad_input_is_told_before_anything_is_made(
    cli: Cli, quick_films: Quick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = cli("film", "latest")
    assert nothing.code == 2 and "no script yet" in nothing.err
    post, reel = keep_script("linkedin_post"), keep_script()
    silent = keep_script("youtube_short", script=" … ")
    tiny = tmp_path / "tiny.png"
    Image.new("RGB", (4, 4)).save(tiny)
    for words, said in (
        ((post[:8],), "this draft is a LinkedIn post"),
        ((silent[:8],), "no words"),
        ((reel, "--voice", "nightingale"), "no voice 'nightingale'"),
        ((reel, "--caption", "99=No"), "no scene 99"),
        ((reel, "--caption", "No"), "names no scene"),
        ((reel, "--scene", "3"), "has no film yet"),
        ((reel, "--picture", "missing.jpg"), "missing.jpg"),
        ((reel, "--style", "baroque"), "baroque"),
        ((reel, "--shape", "3:4"), "3:4"),
    ):
        found = cli("film", *words)
        assert found.code == 2 and said in found.err, (words, found.err)
    assert not quick_films.spoken and not [row for row in table_rows("run") if row["kind"] == "film"]
    small = cli("film", reel, "--picture", f"2={tiny}")
    assert small.code == 1 and "scene 2" in small.err and not quick_films.reels

    def missing() -> str:
        raise Misconfigured("There is no ffmpeg.", hint="Install it.")

    monkeypatch.setattr("pressroom.media.film.program.ffmpeg", missing)
    assert "no ffmpeg" in cli("film", reel).err


def test_an_estimate_names_each_tier_and_makes_nothing(cli: Cli, quick_films: Quick) -> None:
    keep_script()
    said = cli("film", "latest", "--estimate")
    assert said.code == 0 and [line.split()[0] for line in said.out.splitlines()[:3]] == [
        "budget",
        "balanced",
        "premium",
    ]
    assert not quick_films.spoken


def test_a_daily_run_makes_films_of_the_formats_that_are_set(
    cli: Cli, quick_films: Quick, light_gate: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRESSROOM_FILMS__FORMATS", "tiktok_script")
    asked = ("--ideas", "1", "--format", "instagram_reel", "--format", "tiktok_script")
    assert made(cli("daily", *asked, "--json"))["drafts"] == 2
    assert len(quick_films.reels) == 1
    assert [row["kind"] for row in table_rows("run")] == ["daily", "film"]


def test_with_a_key_pictures_are_paid_for_once_and_a_voice_that_stops_gives_way_for_the_whole_film(
    cli: Cli, quick_films: Quick, provider: ProviderServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the money is gone, before anything is asked."""
    import tasks.films

    speak = tasks.films.speak

    def stops(request: SpeechRequest, chain: Chain, keeper: Keeper, books: Books) -> Speech:
        if chain.names == ("openai",):
            raise ChainExhausted(["openai: 503: it is down"])
        return speak(request, chain, keeper, books)

    def painted() -> int:
        return sum(count for purpose, count in provider.counts["purpose"].items() if purpose == "image")

    monkeypatch.setattr(tasks.films, "speak", stops)
    for kind in ("IMAGE", "SPEECH"):
        monkeypatch.setenv(f"PRESSROOM_FILMS__TIERS__BALANCED__{kind}", "openai,offline")
    draft = keep_script("tiktok_script")
    paid = made(cli("film", "latest", "--tier", "balanced", "--json"))
    assert not any(scene["is_card"] for scene in paid["film"]["scenes"]) and paid["cost_usd"] > 0
    assert any(note.startswith("openai did not speak all of it") for note in paid["film"]["notes"])
    assert (paid["film"]["voice"], len(quick_films.spoken), painted()) == ("heart", 10, 8)
    again = made(cli("film", draft, "--tier", "balanced", "--scene", "2", "--only", "picture", "--json"))
    assert painted() == 9 and again["calls"]["reused"] > 8

    monkeypatch.setenv("PRESSROOM_RUN_BUDGET_USD", "0.0001")
    short = made(cli("film", draft, "--tier", "balanced", "--style", "watercolour", "--json"))
    assert all(scene["is_card"] for scene in short["film"]["scenes"]) and painted() == 9
    assert any(note.startswith("Cards in place of pictures") for note in short["film"]["notes"])
