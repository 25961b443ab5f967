"""What did better than usual reaches ideas and hashtags only where a workspace wants it; edits test the voice."""

from __future__ import annotations

import datetime as dt
from datetime import date

from sqlmodel import select

from pressroom.calls.accounts import account_from_settings
from pressroom.calls.books import Books
from pressroom.calls.chain import chain_of
from pressroom.calls.ledger import Ledger
from pressroom.calls.retry_policy import RetryPolicy
from pressroom.model import Preferences
from pressroom.model.snapshots import Have, Snapshot
from pressroom.reports.analytics.lessons import lessons
from pressroom.reports.analytics.posts import Post
from pressroom.settings import settings
from pressroom.store.hashtags import hashtag_history
from pressroom.store.publishing_tables import Publication
from pressroom.store.result_tables import MetricSnapshot
from pressroom.store.tables import Content, Revision, Workspace
from pressroom.writing.requests import ideas_request
from pressroom.writing.voice_checking import check_voice, edited_drafts, similarity
from tests.fixtures.press import Press

NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)


def post(number: int, topic: str, likes: int, platform: str = "mastodon") -> Post:
    seen = Snapshot(f"{number}", "likes", 168, Have.VALUE, likes, NOW, 168 * 3600, 1)
    return Post(f"{number}", f"c{number}", "A post", platform, "house", "h", "bluesky_post", topic, "number", "p", "m",
                "", "1", NOW, "", {"likes": seen})  # fmt: skip


def test_a_lesson_is_a_group_whose_low_end_lies_above_its_platform() -> None:
    posts = [post(n, "Tools" if n % 3 == 0 else "News", 90 + n % 5 if n % 3 == 0 else 8 + n % 5) for n in range(60)]
    [lesson] = lessons(posts, 168)
    assert (lesson.dimension, lesson.value, lesson.platform, lesson.n) == ("topic", "Tools", "mastodon", 20)
    assert lesson.times > 2
    alike = [post(n, "Tools" if n % 3 == 0 else "News", 10 + n % 7) for n in range(60)]
    assert lessons(alike, 168) == ()
    few = [post(n, "Tools" if n < 4 else "News", 900 if n < 4 else 8) for n in range(40)]
    assert lessons(few, 168) == (), "four posts are too few"


def test_ideas_are_offered_results_as_data_and_only_where_there_are_some() -> None:
    wishes = Preferences(topics=("News", "Tools"))
    assert "use_results" not in wishes.model_dump(), "off, it changes no run's key"
    asked = {"count": 3, "day": date(2026, 11, 30), "preferences": wishes, "temperature": 0.5, "max_output_tokens": 9}
    plain = ideas_request(**asked)  # type: ignore[arg-type]
    better = {"dimension": "topic", "value": "Tools", "platform": "mastodon", "n": 20, "times": 2.1}
    offered = ideas_request(**asked, results=[better])  # type: ignore[arg-type]
    assert "results" not in plain.inputs
    assert "lessons" not in plain.prompt_hash
    assert offered.inputs["results"] == [better]
    assert "+lessons:" in offered.prompt_hash
    assert "It is a hint from a few posts" in offered.prompt


def test_hashtags_are_weighed_by_likes_only_where_a_workspace_wants_it(press: Press) -> None:
    channel, database = press.channel("mastodon"), press.database
    for number in range(6):
        draft = press.draft("mastodon")
        publication = press.plan(draft, channel, at=dt.datetime(2099, 1, 1 + number, 9))
        with database.write() as session:
            row = session.get_one(Content, draft.id)
            row.text = f"{row.text} #{'good' if number < 3 else 'poor'}"
            session.add(row)
            when = session.get_one(Publication, publication.id)
            when.published_at = NOW
            session.add(when)
            session.add(MetricSnapshot(workspace_id=press.workspace.id, publication_id=publication.id, metric="likes",
                                       age=168, have="value", value=90 if number < 3 else 1, observed_at=NOW,
                                       seconds=168 * 3600))  # fmt: skip
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    def well() -> dict[str, int]:
        return {one.tag: one.well for one in hashtag_history(database, press.workspace.id, since=since).tags}

    before = well()
    assert (before["good"], before["poor"]) == (3, 3), "approved is all that is known"
    with database.write() as session:
        home = session.get_one(Workspace, press.workspace.id)
        home.preferences = Preferences(use_results=True).model_dump(mode="json")
        session.add(home)
    after = well()
    assert (after["good"], after["poor"]) == (3, 0)


def test_edits_of_people_are_a_regression_set_for_the_voice(press: Press) -> None:
    draft = press.draft("linkedin", approve=False)
    with press.database.write() as session:
        row = session.get_one(Content, draft.id)
        home = {"workspace_id": row.workspace_id, "content_id": row.id, "body": row.body}
        session.add(Revision(**home, number=1, text=row.text, author="offline/bank", note="generated"))
        row.text = f"A person wrote this line, and stands by it.\n\n{row.text}"
        session.add(Revision(**home, number=2, text=row.text, author=press.caller.name))
        row.state = "ready"
        session.add(row)
    press.draft("linkedin")  # approved as it was: no edit
    [edited] = edited_drafts(press.database, press.workspace.id, most=10)
    assert edited.content_id == draft.id
    assert edited.before != edited.after
    chain = chain_of([account_from_settings("offline", settings())], RetryPolicy())
    books = Books(Ledger(press.database, press.workspace.id), None, "voice-check")
    found = check_voice([edited], Preferences(), chain, books, feedback_rounds=1, temperature=0.5)
    assert 0.5 < found.drafts[0].was < 1
    assert found.now is not None
    assert found.now == found.drafts[0].now
    assert found.words.startswith(("Worse", "As before", "Better"))
    again = check_voice([edited], Preferences(), chain, books, feedback_rounds=1, temperature=0.5)
    assert again == found, "prompts that are as they were give the answers that are there"
    with press.database.read() as session:
        assert len(session.exec(select(Content.id)).all()) == 2, "nothing is stored"


def test_similarity_counts_words_in_order() -> None:
    for one, other, expected in (("a b c d", "a b c d", 1.0), ("a b c d", "w x y z", 0.0), ("a b", "b a", 0.5),
                                 ("a  b\n c", "a b c", 1.0)):  # fmt: skip
        assert similarity(one, other) == expected
