"""What a film may cost, what is left out when money is short, and captions in other words."""

from __future__ import annotations

from itertools import pairwise

from pressroom.calls.tiers import tier_chains, usable
from pressroom.errors import Misconfigured
from pressroom.media.film_making import FilmCost, chapter_lines, means_for, recaptioned, safe_box
from pressroom.model.films import FilmRequest, SceneWish, Shape, Tier
from pressroom.model.speech import SpokenWord
from pressroom.settings import Settings
from tests.fixtures.plans import film_plan


def test_a_film_steps_down_before_anything_is_paid() -> None:
    plan = film_plan("0" * 32, image_chain=("openai", "offline"), speech_chain=("elevenlabs", "offline"))
    cost = FilmCost(scenes=1, pictures=4, characters=700, picture_usd=0.8, speech_usd=0.2)
    for left, image, speech, told in (
        (None, plan.image_chain, plan.speech_chain, ""),
        (1.0, plan.image_chain, plan.speech_chain, ""),
        (0.99, ("offline",), plan.speech_chain, "Cards in place of pictures: about $1.00"),
        (0.2, ("offline",), plan.speech_chain, "Cards"),
        (0.1, ("offline",), ("offline",), "and a voice of this machine"),
        (-1.0, ("offline",), ("offline",), "$0.00 may be spent"),
    ):
        means = means_for(plan, cost, left)
        assert (means.image, means.speech) == (image, speech), left
        assert told in " ".join(means.notes) and bool(means.notes) == bool(told)


def test_tiers_are_declared_once_and_settings_name_other_accounts() -> None:
    plain, own = Settings(), Settings.model_validate({"films": {"tiers": {"premium": {"speech": "azure, offline"}}}})
    assert tier_chains(Tier.BUDGET, plain).image == tier_chains(Tier.BUDGET, plain).speech == ("offline",)
    assert tier_chains(Tier.PREMIUM, plain).speech[0] == "elevenlabs"
    assert tier_chains(Tier.PREMIUM, own).speech == ("azure", "offline")
    assert tier_chains(Tier.PREMIUM, own).quality == "high"

    def find(name: str, kind: str) -> None:
        if name != "openai":
            raise Misconfigured(f"{name} is not set up for {kind}.")

    assert usable(("elevenlabs", "openai", "openai"), "speech", find) == ("openai",)
    assert usable(("elevenlabs",), "speech", find) == ("offline",)


def test_other_words_of_a_caption_keep_the_times_of_the_spoken_ones() -> None:
    said = (SpokenWord(text="Four", start=0.1, end=0.4), SpokenWord(text="fifty.", start=0.4, end=1.0))
    assert [word.text for word in recaptioned(said, "€4 .50")] == ["€4", ".50"]
    assert [(word.start, word.end) for word in recaptioned(said, "€4 .50")] == [(0.1, 0.4), (0.4, 1.0)]
    spread = recaptioned(said, "Rye bread from four")
    assert [word.text for word in spread] == ["Rye", "bread", "from", "four"]
    assert (spread[0].start, spread[-1].end) == (0.1, 1.0)
    assert all(one.end == other.start for one, other in pairwise(spread))
    assert recaptioned(said, " ") == said and recaptioned((), "Words") == ()


def test_a_request_with_wishes_for_nothing_is_the_request_without_them() -> None:
    plain = FilmRequest(content="8a01")
    redone = plain.redone(3).redone(3, "voice")
    assert redone.wish(3) == SceneWish(scene=3, picture_take=1, voice_take=2)
    assert plain.with_wish(SceneWish(scene=2)) == plain
    keys = {film_plan("0" * 32, request=asked).run_key for asked in (plain, redone, plain.redone(1))}
    assert len(keys) == 3
    assert chapter_lines([(0.0, "Start"), (65.4, "The list")]) == "0:00 Start\n1:05 The list"
    for shape in Shape:
        left, top, right, bottom = safe_box(shape)
        assert 0 < left < right < shape.size[0] and 0 < top < bottom < shape.size[1]
