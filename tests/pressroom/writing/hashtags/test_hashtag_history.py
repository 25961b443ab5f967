"""A workspace's own hashtags: how often they were used, how their posts fared, and what of it belongs to a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import count

import pytest

from pressroom.model import Idea, RunStatus, State
from pressroom.store import contents, subjects
from pressroom.store.database import Database
from pressroom.store.hashtags import HashtagHistory, UsedTag, hashtag_history
from pressroom.store.runs import open_run
from pressroom.store.tables import Content, Run, utc_now
from pressroom.store.workspaces import workspace
from pressroom.writing.hashtags import HistorySource, Query, hashtags_for, niches
from pressroom.writing.hashtags.history import weighed

Post = Callable[..., None]
LONG_AGO = utc_now() - timedelta(days=365)


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    made = Database(migrated_url)
    yield made
    made.close()


@pytest.fixture
def home(database: Database) -> str:
    return workspace(database, "default").id


@pytest.fixture
def post(database: Database) -> Post:
    """`post("text #tag", state="ready", days=3)`: content of that age."""
    numbers = count(1)

    def keep(
        text: str, state: str = "generated", *, platform: str = "instagram", days: float = 0, of: str = "default"
    ) -> None:
        home, number = workspace(database, of).id, next(numbers)
        run = Run(
            workspace_id=home,
            kind="daily",
            run_key=f"run-{number}",
            day=date(2026, 11, 20),
            trigger="manual",
            status=RunStatus.RUNNING,
        )
        run = open_run(database, run, lease_seconds=90)
        (idea,) = subjects.save_ideas(database, run, [Idea(title="t", description="d", category="c")])
        row = Content(
            workspace_id=home,
            run_id=run.id,
            subject_id=idea.id,
            format="instagram_caption",
            platform=platform,
            state=state,
            text=text,
            words=1,
            characters=len(text),
            provider="offline",
            model="bank-1",
            prompt_hash="",
            content_hash="",
            created_at=utc_now() - timedelta(days=days),
        )
        contents.save_draft(database, row)

    return keep


def test_hashtags_are_counted_by_post_and_by_how_these_fared(database: Database, home: str, post: Post) -> None:
    post("Old #Coffee #coffee", State.PUBLISHED, days=3)
    post("New #coffee\n\n#latteart", State.READY, days=2)
    post("No #COFFEE", State.REJECTED, days=1)
    post("Never #coffee #bad", State.QUARANTINED)
    found = hashtag_history(database, home, since=LONG_AGO)
    assert found.posts == 3
    assert found.tags == (UsedTag("COFFEE", posts=3, well=2), UsedTag("latteart", posts=1, well=1))


def test_only_this_workspace_platform_and_time_count(database: Database, home: str, post: Post) -> None:
    post("#mine", days=1)
    post("#theirs", of="other")
    post("#old", days=40)
    post("#tweeted", platform="x")
    since = utc_now() - timedelta(days=30)
    assert [tag.tag for tag in hashtag_history(database, home, since=since, platform="instagram").tags] == ["mine"]
    assert {tag.tag for tag in hashtag_history(database, home, since=since).tags} == {"mine", "tweeted"}


def test_the_newest_posts_are_enough(database: Database, home: str, post: Post) -> None:
    for number in range(4):
        post(f"#tag{number}", days=number)
    found = hashtag_history(database, home, since=LONG_AGO, most=2)
    assert (found.posts, {tag.tag for tag in found.tags}) == (2, {"tag0", "tag1"})


def test_a_workspace_without_content_proposes_nothing(database: Database, home: str) -> None:
    assert HistorySource(database, home).candidates(Query(platform="instagram")) == []


def test_what_did_well_and_belongs_here_is_chosen(database: Database, home: str, post: Post) -> None:
    for _ in range(3):
        post("#southroasters #flatwhite #espressoshot", State.PUBLISHED, platform="linkedin")
    post("#gardening #southroasters #f4f", State.PUBLISHED, platform="linkedin")
    query = Query(platform="linkedin", description="A flat white", niches=niches("an espresso"))
    assert hashtags_for(query, [HistorySource(database, home)]).tags == ("flatwhite", "southroasters", "espressoshot")


def test_the_weight_is_the_share_that_did_well_times_belonging() -> None:
    history = HashtagHistory(
        posts=10,
        tags=(
            UsedTag("brand", posts=10, well=8),
            UsedTag("latte", posts=4, well=4),
            UsedTag("thirdwavecoffee", posts=4, well=0),
            UsedTag("garden", posts=2, well=2),
        ),
    )
    about = Query(platform="x", description="A latte", niches=niches("A latte"))
    weights = {candidate.tag: round(candidate.weight, 4) for candidate in weighed(history, about)}
    assert weights == {"brand": 0.75, "latte": 0.8333, "thirdwavecoffee": 0.1667, "garden": 0.15}
