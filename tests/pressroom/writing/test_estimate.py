"""An estimate leaves out what the same run has made already."""

from __future__ import annotations

from pressroom.calls.providers import Account
from pressroom.model import Preferences
from pressroom.writing.estimate import NOTHING, Estimate, Made, estimate

FORMATS = ("linkedin_post", "x_thread")


def estimated(made: Made) -> Estimate:
    account = Account(name="openai", provider="openai", model="gpt-5")
    limits = {"ideas_output_tokens": 2000, "feedback_rounds": 3, "excluded": 0}
    return estimate([account], ideas=5, wanted=FORMATS, preferences=Preferences(), made=made, **limits)


def test_what_is_made_already_costs_nothing_more() -> None:
    whole = estimated(NOTHING)
    assert (whole.calls, whole.reused) == (11, 0)
    half = estimated(Made(subjects=5, drafts={"linkedin_post": 5, "x_thread": 2}))
    assert (half.calls, half.reused) == (3, 8)
    assert 0 < half.input_tokens < whole.input_tokens
    done = estimated(Made(subjects=5, drafts=dict.fromkeys(FORMATS, 5)))
    assert (done.calls, done.reused, done.expected_usd) == (0, 11, 0)
