"""A post that a person writes: the text in each format's fields, kept as drafts that people go on with."""

from __future__ import annotations

import datetime as dt

import pytest

from pressroom import formats
from pressroom.errors import WrongInput
from pressroom.model import State
from pressroom.review import reading
from pressroom.review.checking import parse_body
from pressroom.review.composing import body_of, new_post
from pressroom.review.moving import move
from tests.pressroom.review.review_desk import ReviewDesk

TEXT = "Ask the night shift.\n\nThey know.\r\n\r\nMore than a diagram does.\n\nWhom do you ask?\n\n#ops #data"
DAY = dt.date(2026, 11, 30)


def test_each_format_takes_the_whole_text() -> None:
    said = {"x_thread": 5, "linkedin_post": 4}
    for name in formats.names():
        body = body_of(name, "Nights", TEXT.replace("\r\n", "\n"))
        parse_body(name, body)
        whole = str(body)
        assert all(words in whole for words in ("Ask the night shift.", "They know.", "Whom do you ask?")), name
        if "hashtags" in body:
            assert body["hashtags"] == ["ops", "data"], name
    assert len(body_of("x_thread", "", TEXT.replace("\r\n", "\n"))["posts"]) == said["x_thread"]
    linkedin = body_of("linkedin_post", "", TEXT.replace("\r\n", "\n"))
    assert (linkedin["hook"], linkedin["takeaway"]) == ("Ask the night shift.", "Whom do you ask?")


def test_a_new_post_is_drafts_of_one_idea_that_go_the_usual_way(desk: ReviewDesk) -> None:
    idea, ids = new_post(desk.database, desk.editor, "", TEXT, ["bluesky_post", "linkedin_post"], DAY)
    bluesky, linkedin = (reading.get_content(desk.database, desk.editor, one) for one in ids)
    assert bluesky.idea.id == linkedin.idea.id == idea
    assert (bluesky.idea.title, bluesky.state, bluesky.made_by) == (
        "Ask the night shift.",
        State.EDITED,
        "editor@example.com",
    )
    assert linkedin.violations  # it is too short for LinkedIn: a rule says so
    assert not bluesky.violations
    assert move(desk.database, desk.editor, bluesky.id, State.READY).approval is not None


def test_what_is_no_post_is_refused(desk: ReviewDesk) -> None:
    for text, names in ((" ", ["x_thread"]), ("Words.", []), ("Words.", ["fax"]), ("x" * 20_001, ["x_thread"])):
        with pytest.raises(WrongInput):
            new_post(desk.database, desk.editor, "", text, names, DAY)
