"""Prompts: files with strict variables and a hash."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import jinja2
import pytest

from pressroom import prompts
from pressroom.errors import WrongInput


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
    source = files("pressroom.prompts").joinpath("ideas.md").read_bytes()
    assert prompts.load("ideas").hash == hashlib.sha256(source).hexdigest()[:16]
    assert prompts.load("ideas").hash != prompts.load("system").hash


def test_an_unknown_prompt_says_where_to_add_it() -> None:
    with pytest.raises(WrongInput, match=r"no prompt called 'haiku'.*pressroom/prompts/haiku\.md"):
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
