"""Revenue is kept once and by its line; a comparison is fixed before its posts go out."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlmodel import select

from pressroom.errors import NotFound, WrongInput
from pressroom.reports.analytics import loading
from pressroom.review import comparisons, revenue
from pressroom.review.comparisons import Beginning
from pressroom.review.revenue import Entry
from pressroom.store.publishing_tables import Publication
from pressroom.store.result_tables import MetricSnapshot, RevenueEntry
from tests.fixtures.press import Press


def test_a_table_is_read_whole_or_not_at_all_and_each_bad_line_is_named(press: Press) -> None:
    publication = press.ready("bluesky")
    press.settle(hours=0.5)
    database = press.database.within(press.workspace.id)
    post, draft = publication.id[:8], publication.content_id[:8]
    bad = (
        "Publication;amount;currency;date\n"
        f'{post};"1.234,50";EUR;2026-11-30\n'
        f"{post};12.5;euro;2026-11-30\n"
        f"{post};12.5;EUR;30.11.2026\n"
        "ffffffff;12.5;EUR;2026-11-30\n"
        "zzz;12.5;EUR;2026-11-30\n"
        f"{post};0.0000001;EUR;2026-11-30\n"
        f"{post};NaN;EUR;2026-11-30\n"
        f"{post};12.5;EUR\n"
    )
    with pytest.raises(WrongInput) as refused:
        revenue.import_csv(database, press.caller, bad)
    said = refused.value.message
    assert said.startswith("Nothing was imported. 8 of 8 lines can't be used: line 2: '1.234,50' is no amount.")
    for part in ("line 3: 'euro' is no currency", "line 4: '30.11.2026' is no date", "line 5: No publication is of",
                 "line 6: 'zzz' names no post", "line 7", "line 8: 'NaN'", "line 9: '' is no date"):  # fmt: skip
        assert part in said
    good = (
        "\ufeffutm_content,utm_source,amount,currency,date,reference,note\r\n"
        f'{draft},bluesky,12.50,eur,2026-11-30,A-1,"two\nlines"\r\n'
        f"{draft},,3,USD,2026-11-30,,\r\n"
        f"{draft},,3,USD,2026-11-30,,\r\n"
    )
    first = revenue.import_csv(database, press.caller, good)
    again = revenue.import_csv(database, press.caller, good)
    assert (first.lines, first.new, again.new, again.repeated) == (3, 3, 0, 3)
    money = loading.revenue(database, press.workspace.id)[publication.id]
    assert sorted((one.micros, one.currency) for one in money) == [(3_000_000, "USD"), (3_000_000, "USD"),
                                                                    (12_500_000, "EUR")]  # fmt: skip
    with press.database.read() as session:
        assert {row.source for row in session.exec(select(RevenueEntry))} == {"utm"}
    doubled = "publication,amount,currency,date,reference\n" + f"{post},1,EUR,2026-11-30,B\n" * 2
    with pytest.raises(WrongInput, match="line 3: the reference 'B' stands in line 2 too"):
        revenue.import_csv(database, press.caller, doubled)
    for text, problem in (
        ("", "no column 'amount'"),
        ("amount,currency,date\n1,EUR,2026-11-30", "names no posts"),
        ("\x00amount", "can't be read|no column"),
    ):
        with pytest.raises(WrongInput, match=problem):
            revenue.import_csv(database, press.caller, text)


def test_an_amount_that_a_person_enters_is_exact_and_may_be_given_back(press: Press) -> None:
    publication = press.ready("bluesky")
    press.settle(hours=0.5)
    database = press.database.within(press.workspace.id)
    for amount, micros in (("0.1", 100_000), ("-5", -5_000_000), ("1234567.891234", 1_234_567_891_234)):
        row = revenue.enter(
            database, press.caller, Entry(publication=publication.id, amount=amount, currency="EUR", date="2026-11-30")
        )
        assert row.amount_micros == micros
    with pytest.raises(WrongInput):
        revenue.enter(database, press.caller, Entry(publication=publication.id, amount="1e12", currency="EUR",
                                                    date="2026-11-30"))  # fmt: skip


def test_a_comparison_is_fixed_and_its_pairs_match_before_they_go_out(press: Press) -> None:
    database, channel = press.database.within(press.workspace.id), press.channel("mastodon")
    comparisons.begin(database, press.caller, "hooks", Beginning(measure="likes", age=24, pairs=3))
    soon = (press.now() + dt.timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0, tzinfo=None)

    def planned(weeks: float) -> Publication:
        return press.plan(press.draft("mastodon"), channel, at=soon + dt.timedelta(weeks=weeks))

    pairs = [(planned(0), planned(1)), (planned(2), planned(3)), (planned(4), planned(5))]
    for a, b in pairs:
        comparisons.add_pair(database, press.caller, "hooks", a.id, b.id)
    wrong = planned(1 / 7)
    for a, b, problem in (
        (wrong, planned(6), "different weekdays or hours"),
        (pairs[0][0], planned(7), "in a comparison already"),
        (planned(8), planned(9), "has all of its 3 pairs"),
        (wrong, wrong, "the same post"),
    ):
        with pytest.raises(WrongInput, match=problem):
            comparisons.add_pair(database, press.caller, "hooks", a.id, b.id)
    with pytest.raises(WrongInput, match="There is a comparison 'hooks'"):
        comparisons.begin(database, press.caller, "hooks", Beginning())
    with pytest.raises(NotFound):
        comparisons.get_comparison(database, press.caller, "none")
    before = comparisons.get_comparison(database, press.caller, "hooks")
    assert (before.verdict.pairs, before.items[0].why) == (0, "not public yet")
    for place, pair in enumerate(pairs):
        go_out(press, pair[0], likes=300 + place)
        go_out(press, pair[1], likes=100 - place)
    after = comparisons.get_comparison(database, press.caller, "hooks")
    assert after.pairs == 3
    assert after.verdict.winner == "cannot tell", "three pairs are too few for chance to be ruled out"
    assert after.verdict.times == pytest.approx(3, rel=0.05)
    assert (after.verdict.pairs, after.items[2].a_value is not None, after.as_of is not None) == (3, True, True)
    assert [one.name for one in comparisons.list_comparisons(database, press.caller)] == ["hooks"]
    late = next(one for one in (press.row(each) for pair in pairs for each in pair) if one.published_at)
    assert late.published_at
    with pytest.raises(WrongInput):
        comparisons.add_pair(database, press.caller, "hooks", late.id, wrong.id)


def go_out(press: Press, publication: Publication, likes: int) -> None:
    """Have it public for a day, with a figure."""
    with press.database.write() as session:
        row = session.get_one(Publication, publication.id)
        row.state, row.published_at = "published", row.planned_at
        session.add(row)
        session.add(
            MetricSnapshot(workspace_id=row.workspace_id, publication_id=row.id, metric="likes", age=24, have="value",
                           value=likes, observed_at=row.planned_at + dt.timedelta(hours=24), seconds=86_400)
        )  # fmt: skip
