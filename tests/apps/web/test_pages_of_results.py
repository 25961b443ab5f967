"""The page of results, and a post's own figures, without a script."""

# ruff: noqa: F811 (a fixture that is imported is named again where it is asked for)

from __future__ import annotations

import datetime as dt

from pressroom.model import Role
from pressroom.store.publishing_tables import Publication
from pressroom.store.result_tables import MetricSnapshot
from tests.apps.web.pressed import desk_url, press, social  # noqa: F401
from tests.apps.web.test_pages import Entered, entered  # noqa: F401
from tests.fixtures.press import Press
from tests.results.year import RECORDS_A_FEW, put_in


def test_results_are_shown_as_tables_with_intervals_and_words(entered: Entered, press: Press) -> None:
    client = entered(Role.VIEWER)
    empty = client.get("/results").text
    assert "No figures yet" in empty
    assert "Unknown" in empty, "revenue that was never entered is not 0"
    put_in(press.database, press.workspace.id, press.caller.user_id or "", RECORDS_A_FEW)
    page = client.get("/results?measure=likes&days=0&age=24").text
    assert 'id="by-topic"' in page
    assert "Too few" in page
    assert "80 % interval" in page
    assert 'class="whisker"' in page
    assert "Not enough own results" in page
    assert client.get("/results?measure=money").status_code in {404, 422}


def test_a_post_shows_its_own_figures_with_gaps_and_reasons(entered: Entered, press: Press) -> None:
    publication = press.ready("bluesky")
    press.settle(hours=0.5)
    home = {
        "workspace_id": press.workspace.id,
        "publication_id": publication.id,
        "observed_at": dt.datetime.now(dt.UTC),
    }
    with press.database.write() as session:
        assert session.get_one(Publication, publication.id).published_at
        for age, have, value, reason in ((1, "value", 9, ""), (6, "value", 7, ""), (24, "gap", None, "It was away.")):
            session.add(MetricSnapshot(**home, metric="likes", age=age, have=have, value=value, seconds=age * 3600,
                                       reason=reason))  # fmt: skip
    page = entered(Role.VIEWER).get(f"/publications/{publication.id}").text
    assert "7 (lower than before)" in page
    assert "Gap: It was away." in page
    assert 'class="spark"' in page
