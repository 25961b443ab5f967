"""Prompts: files with strict variables and a hash."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import jinja2
import pytest

from pressroom import platforms
from pressroom.errors import WrongInput
from pressroom.formats import prompts


def test_renders_its_variables() -> None:
    words = prompts.load("system").render(audience="engineers", language="de", tone="dry")
    assert "for engineers in de, in a tone that is dry." in words
    assert words == words.strip()


def test_a_variable_left_out_is_an_error_not_a_blank() -> None:
    with pytest.raises(jinja2.UndefinedError, match="language"):
        prompts.load("system").render(audience="engineers", tone="dry")


def test_words_are_not_escaped() -> None:
    words = prompts.load("system").render(audience="R&D <leads>", language="en", tone="dry")
    assert "R&D <leads>" in words


def test_values_are_not_templates() -> None:
    words = prompts.load("system").render(audience="{{ tone }}", language="en", tone="dry")
    assert "for {{ tone }} in en" in words


def test_hash_is_that_of_the_file() -> None:
    source = files("pressroom.formats.prompts").joinpath("ideas.md").read_bytes()
    assert prompts.load("ideas").hash == hashlib.sha256(source).hexdigest()[:16]
    assert prompts.load("ideas").hash != prompts.load("system").hash


def test_hash_covers_what_is_included() -> None:
    folder = files("pressroom.formats.prompts")
    sources = [folder.joinpath(f"{name}.md").read_bytes() for name in ("facebook_post", "document")]
    assert prompts.load("facebook_post").hash == hashlib.sha256(b"".join(sources)).hexdigest()[:16]


def test_what_is_included_is_said_word_for_word_and_only_of_a_document() -> None:
    shared = prompts.load("document").render()
    for from_document in (True, False):
        words = prompts.load("x_thread").render(
            from_document=from_document, numbered=False, platform=platforms.get("x")
        )
        assert words.endswith(shared) is from_document


def test_a_voice_is_said_in_full() -> None:
    words = prompts.load("voice").render(
        description="Dry.", do=["a"], dont=["b"], banned=["c"], sign_off="d", signed="closing", samples=["e"]
    )
    assert all(said in words for said in ("Dry.", "- a\n", "- b\n", "- c\n", '"closing"', "\nd\n", '"samples"'))
    assert "\n\n\n" not in words


def test_an_unknown_prompt_says_where_to_add_it() -> None:
    with pytest.raises(WrongInput, match=r"no prompt called 'haiku'.*pressroom/formats/prompts/haiku\.md"):
        prompts.load("haiku")


def test_ideas_mention_focus_and_exclusions_only_when_there_are_any() -> None:
    plain = prompts.load("ideas").render(count=3, focus="", excluded=False)
    full = prompts.load("ideas").render(count=3, focus="retail", excluded=True)
    assert "exactly 3 ideas" in plain
    assert "focus" not in plain
    assert "exclude" not in plain
    assert "focus" in full
    assert "exclude" in full


def test_feedback_lists_every_violation() -> None:
    words = prompts.load("feedback").render(violations=["text: too long.", "hook: empty."])
    assert "- text: too long.\n- hook: empty." in words
